"""The body of add-checkpoint (C2SP tlog-witness): an old size, a consistency proof, a signed checkpoint. Pure.

The server writes it, the witness reads it; over HTTP and in files alike.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self

from audit.tree.hashing import HASH
from audit.tree.notes import NoteError

LARGEST = 128 * 1024  # bytes: 63 lines of proof, and a note with sixteen signatures of the largest kind
MOST_PROOF = 63  # lines
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign. `old`: size that the witness knows. `note`: the checkpoint's bytes, whole."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the request of a body; the note in it is not looked into. Raises NoteError("malformed")."""
        head, blank, note = raw.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        old = _OLD.fullmatch(first)
        if len(raw) > LARGEST or not blank or not note or old is None or len(lines) > MOST_PROOF:
            raise NoteError("malformed")
        return cls(int(old[1]), tuple(_hash(line) for line in lines), note)

    @property
    def raw(self) -> bytes:
        lines = [f"old {self.old}", *(base64.b64encode(part).decode() for part in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.note


def _hash(line: bytes) -> bytes:
    """Return the hash of a line: 32 bytes in their one canonical base64 writing."""
    try:
        found = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("malformed") from None
    if len(found) != HASH or base64.b64encode(found) != line:
        raise NoteError("malformed")
    return found
