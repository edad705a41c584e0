"""A command that was refused: one stable code, never content."""


class Refused(Exception):
    """Raised by a command; its transaction is undone. `code` is a snake_case word that never changes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
