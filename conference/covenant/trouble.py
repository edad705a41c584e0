"""What is wrong with a covenant file, and where. Pure."""

Place = tuple[str, ...]


class CovenantError(Exception):
    """A file that cannot be a covenant: `code` is stable, `place` like "parties.politie.pol".

    `line` (from 1) is known when the file was text.
    """

    def __init__(self, code: str, place: Place | str, message: str, line: int | None = None) -> None:
        self.code = code
        self.place = place if isinstance(place, str) else ".".join(place)
        self.message = message
        self.line = line
        where = f"{self.place or 'the file'}{f' (line {line})' if line else ''}"
        super().__init__(f"{where}: {message}")
