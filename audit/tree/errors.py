"""The refusals of the tree, one family: a handler needs one name, and a machine reads the code."""


class TreeError(Exception):
    """Something about the tree cannot be accepted. `code`: stable, snake_case; the text holds nothing else."""

    what = "What was given"

    def __init__(self, code: str) -> None:
        super().__init__(f"{self.what} cannot be accepted: {code}.")
        self.code = code
