"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of a log, as the text of a signed note.

Extension lines, which the specification allows and advises against, are refused: nobody would check them.
"""

from dataclasses import dataclass
from typing import Self

from audit.tree.hashing import HASH
from audit.tree.notes import NoteError, is_text
from audit.tree.strict import LARGEST, decoded, encoded, number

_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's root (32 bytes) at a size; `origin` is its name. Raises ValueError for what no text can say."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not 0 <= self.size <= LARGEST or len(self.root) != HASH:
            raise ValueError("A checkpoint has an origin on one line, a size and a root of 32 bytes.")
        if not is_text(self.body()):
            raise ValueError("An origin has no control characters.")

    def body(self) -> str:
        """Return the text: three lines, no extensions."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint of a note's text. Raises NoteError("malformed")."""
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1]:
            raise NoteError("malformed")
        try:
            return cls(lines[0], number(lines[1]), decoded(lines[2]))
        except ValueError:
            raise NoteError("malformed") from None
