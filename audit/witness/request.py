"""The body of add-checkpoint (C2SP tlog-witness): an old size, a consistency proof, a signed checkpoint. Pure.

The server writes it, the witness reads it; over HTTP and in files alike.
"""

from dataclasses import dataclass
from typing import Self

from audit.tree.hashing import HASH
from audit.tree.notes import NoteError
from audit.tree.strict import decoded, encoded, number

LARGEST = 128 * 1024  # bytes: 63 lines of proof, and a note with sixteen signatures of the largest kind
MOST_PROOF = 63  # lines


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
        if len(raw) > LARGEST or not blank or not note:
            raise NoteError("malformed")
        try:
            first, *lines = head.decode("ascii").split("\n")
            keyword, _space, old = first.partition(" ")
            found = cls(number(old), tuple(decoded(line) for line in lines), note)
        except ValueError:
            raise NoteError("malformed") from None
        if keyword != "old" or len(lines) > MOST_PROOF or any(len(part) != HASH for part in found.proof):
            raise NoteError("malformed")
        return found

    @property
    def raw(self) -> bytes:
        lines = [f"old {self.old}", *map(encoded, self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.note
