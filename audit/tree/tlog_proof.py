"""An entry's proof as one text (C2SP tlog-proof): index, inclusion proof, signed checkpoint. Verified offline."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from audit.tree.checkpoints import Checkpoint
from audit.tree.hashing import HASH, leaf_hash
from audit.tree.notes import Note, NoteError, Verifier
from audit.tree.proofs import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class TlogProof:
    """`index`: the entry's position. `path`: its inclusion proof, from the leaf's sibling up. `note`: as signed."""

    index: int
    path: tuple[bytes, ...]
    note: bytes

    def text(self) -> str:
        """Return the proof's text."""
        lines = [HEADER, f"index {self.index}", *(base64.b64encode(part).decode() for part in self.path), ""]
        return "\n".join(lines) + "\n" + self.note.decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the proof of its text. Raises NoteError("malformed")."""
        head, blank, note = text.partition("\n\n")
        header, _newline, rest = head.partition("\n")
        index, *path = rest.split("\n")
        found = _INDEX.fullmatch(index)
        if not blank or header != HEADER or found is None:
            raise NoteError("malformed")
        made = cls(int(found[1]), _hashes(path), note.encode())
        if made.text() != text:
            raise NoteError("malformed")
        return made

    def verify(self, entry: bytes, log: Verifier, witnesses: Sequence[Verifier] = ()) -> Checkpoint:
        """Verify that `entry` stands in the log, and that log and all `witnesses` signed; return the checkpoint.

        Raises NoteError ("unsigned", "bad_signature", "foreign_log") and ProofError.
        """
        note = Note.parse(self.note)
        note.verify(log)
        for witness in witnesses:
            note.verify(witness)
        found = Checkpoint.parse(note.text)
        if found.origin != log.name:
            raise NoteError("foreign_log")
        verify_inclusion(leaf_hash(entry), self.index, found.size, self.path, found.root)
        return found


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    try:
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError):
        raise NoteError("malformed") from None
    if any(len(part) != HASH for part in path):
        raise NoteError("malformed")
    return path
