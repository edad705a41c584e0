"""The signed notes of an export: its keys, its checkpoint, and older checkpoints that somebody kept. Pure.

In the export every signature line must be by a key that lies beside it, once per key: a line that
nobody can check could be changed unseen. An older checkpoint may carry lines of others (C2SP
signed-note lets a reader ignore them): a witness may have come or gone since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import COSIGNATURE, ED25519, Note, NoteError, Verifier
from audit.verifying.folder import CHECKPOINT, LARGEST_NOTE, LOG_KEY, WITNESS_KEYS, Folder
from audit.verifying.judging import Root
from audit.verifying.verdict import Finding


@dataclass(slots=True)
class Signed:
    """What the notes of an export prove. `trouble`: why its checkpoint proves nothing, if it does not."""

    log: Verifier | None = None
    witnesses: list[Verifier] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    trouble: str | None = None
    findings: list[Finding] = field(default_factory=list)


def read(folder: Folder) -> Signed:
    """Read and check the keys and the checkpoint of an export. Raises Unreadable."""
    found = Signed()
    found.witnesses = _witnesses(folder, found.findings)
    key, raw = folder.read(LOG_KEY, LARGEST_NOTE), folder.read(CHECKPOINT, LARGEST_NOTE)
    try:
        found.log = _log_key(key)
        note, found.checkpoint = _checkpoint(raw, found.log)
    except _Trouble as trouble:
        found.trouble = str(trouble)
    else:
        found.findings += _lines(note, found.log, found.witnesses)
    return found


class _Trouble(Exception):
    """The checkpoint proves nothing; the text is the reason's code."""


def _log_key(raw: bytes | None) -> Verifier:
    if raw is None:
        raise _Trouble("key_missing")
    try:
        keys = _keys(raw, ED25519)
    except NoteError:
        raise _Trouble("key_malformed") from None
    if len(keys) != 1:
        raise _Trouble("key_malformed")
    return keys[0]


def _keys(raw: bytes, kind: int) -> list[Verifier]:
    """Return the keys of a file of vkeys, each on a line of its own. Raises NoteError."""
    try:
        lines = raw.decode().split("\n")
    except UnicodeDecodeError:
        raise NoteError("bad_key") from None
    keys = [Verifier.parse(line) for line in lines[:-1]]
    if lines[-1] or not keys or len(set(keys)) != len(keys) or any(key.kind != kind for key in keys):
        raise NoteError("bad_key")
    return keys


def _checkpoint(raw: bytes | None, log: Verifier) -> tuple[Note, Checkpoint]:
    if raw is None:
        raise _Trouble("checkpoint_missing")
    try:
        note = Note.parse(raw)
        checkpoint = Checkpoint.parse(note.text)
    except NoteError:
        raise _Trouble("checkpoint_malformed") from None
    try:
        note.verify(log)
    except NoteError:
        raise _Trouble("signature_bad") from None
    if checkpoint.origin != log.name:
        raise _Trouble("signature_bad")
    return note, checkpoint


def _witnesses(folder: Folder, findings: list[Finding]) -> list[Verifier]:
    raw = folder.read(WITNESS_KEYS, LARGEST_NOTE)
    if raw is None:
        return []
    try:
        return _keys(raw, COSIGNATURE)
    except NoteError:
        findings.append(Finding("witness_key_malformed"))
        return []


def _lines(note: Note, log: Verifier, witnesses: Sequence[Verifier]) -> list[Finding]:
    """Check that the log and each witness have signed, once each, and that nobody else has."""
    findings = []
    known = [log, *witnesses]
    if any(sum(one.of(key) for key in known) != 1 for one in note.signatures) or len(note.signatures) > len(known):
        findings.append(Finding("signature_unknown"))
    for witness in witnesses:
        try:
            note.verify(witness)
        except NoteError as error:
            findings.append(Finding("cosignature_missing" if error.code == "unsigned" else "cosignature_bad"))
    return findings


def older(raw: bytes, log: Verifier | None) -> Root | Finding:
    """Return what an older checkpoint proves of the log with this key, or why it proves nothing.

    With the key of the export the kept checkpoint binds both: a log that was made anew with another
    key cannot have signed it.
    """
    try:
        note = Note.parse(raw)
        checkpoint = Checkpoint.parse(note.text)
    except NoteError:
        return Finding("older_malformed")
    if log is None:
        return Finding("key_malformed")
    if checkpoint.origin != log.name:
        return Finding("older_foreign")
    try:
        note.verify(log)
    except NoteError as error:
        return Finding("older_foreign") if error.code == "unsigned" else Finding("older_malformed")
    return Root(checkpoint.size, checkpoint.root)
