"""An entry's proof as one text (C2SP tlog-proof): index, inclusion proof, signed checkpoint. Verified offline.

The line with extra data, which the specification allows, is refused: nothing authenticates it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from audit.tree.checkpoints import Checkpoint
from audit.tree.hashing import HASH, leaf_hash
from audit.tree.notes import Note, NoteError, Verifier
from audit.tree.proofs import verify_inclusion
from audit.tree.strict import decoded, encoded, number

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = "index "


@dataclass(frozen=True, slots=True)
class TlogProof:
    """`index`: the entry's position. `path`: its inclusion proof, from the leaf's sibling up. `note`: as signed."""

    index: int
    path: tuple[bytes, ...]
    note: bytes

    @property
    def raw(self) -> bytes:
        """The proof's bytes, as a file holds them; its name ends in `.tlog-proof`."""
        lines = [HEADER, f"{_INDEX}{self.index}", *map(encoded, self.path), "", ""]
        return "\n".join(lines).encode() + self.note

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the proof of its bytes; its note is only read when it is verified. Raises NoteError("malformed")."""
        head, blank, note = raw.partition(b"\n\n")
        try:
            header, index, *path = head.decode().split("\n")
            if not blank or header != HEADER or not index.startswith(_INDEX):
                raise NoteError("malformed")
            found = cls(number(index.removeprefix(_INDEX)), tuple(map(decoded, path)), note)
        except ValueError:
            raise NoteError("malformed") from None
        if any(len(part) != HASH for part in found.path):
            raise NoteError("malformed")
        return found

    def verify(self, entry: bytes, log: Verifier, witnesses: Sequence[Verifier] = ()) -> Checkpoint:
        """Verify that `entry` stands in the log, and that log and all `witnesses` signed; return the checkpoint.

        Raises NoteError ("malformed", "unsigned", "bad_signature", "foreign_log") and ProofError.
        """
        note = Note.parse(self.note)
        for key in (log, *witnesses):
            note.verify(key)
        found = Checkpoint.parse(note.text)
        if found.origin != log.name:
            raise NoteError("foreign_log")
        verify_inclusion(leaf_hash(entry), self.index, found.size, self.path, found.root)
        return found
