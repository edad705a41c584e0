"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of a log, as the text of a signed note."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self

from audit.tree.hashing import HASH
from audit.tree.notes import NoteError

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's root (32 bytes) at a size; `origin` is its name."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text: three lines, no extensions."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint of a note's text. Raises NoteError("malformed")."""
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1] or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NoteError("malformed")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError):
            raise NoteError("malformed") from None
        found = cls(lines[0], int(lines[1]), root)
        if len(root) != HASH or found.body() != text:
            raise NoteError("malformed")
        return found
