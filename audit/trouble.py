"""What stops a command of the log's console before anything is started or changed. Pure."""


class Refused(Exception):
    """Nothing was started or changed; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
