"""The signed notes of a store's log: its checkpoints, the witnesses' lines, and whether its key is the store's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from audit import signing
from audit.growth import store
from audit.models import Checkpoint, Cosignature, Log
from audit.tree.checkpoints import Checkpoint as Signed
from audit.tree.errors import TreeError
from audit.tree.notes import Note, Signature, Verifier
from audit.verifying.judging import Root
from audit.verifying.verdict import Finding
from audit.verifying.views import Reading


@dataclass(slots=True)
class Kept:
    """What a log's notes prove. `roots`: of its good checkpoints, smallest first."""

    roots: list[Root] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    trouble: str | None = None


def read(log: Log) -> Kept:
    """Check all notes of a log, one by one. `trouble` says why none of them proves anything, if so."""
    kept = Kept()
    try:
        key = Verifier.parse(log.vkey)
        kept.findings += _own_key(log, key)
    except TreeError:
        kept.trouble = "key_malformed"
        return kept
    cosigned = _lines(log)
    for one in store.checkpoints(log.id):
        root = _root(one, key)
        if root is None:
            kept.findings.append(Finding("chain_broken"))
            continue
        kept.roots.append(root)
        kept.findings += _bad_lines(bytes(one.note), cosigned.pop(one.size, []))
    if cosigned:
        kept.findings.append(Finding("cosignature_bad"))
    if not kept.roots and log.size:
        kept.trouble = "signature_bad" if kept.findings else "checkpoint_missing"
    return kept


def _own_key(log: Log, key: Verifier) -> list[Finding]:
    if key.name != log.origin:
        return [Finding("chain_broken")]
    try:
        same = signing.signer(log.origin).vkey == log.vkey
    except signing.SigningUnavailable:
        return []
    return [] if same else [Finding("key_differs")]


def _root(one: Checkpoint, key: Verifier) -> Root | None:
    """Return what a checkpoint's row proves; None when its note does not hold or its columns say something else."""
    try:
        note = Note.parse(bytes(one.note))
        note.verify(key)
        signed = Signed.parse(note.text)
    except (TreeError, TypeError):
        return None
    same = (signed.origin, signed.size, signed.root) == (key.name, one.size, bytes(one.root))
    return Root(signed.size, signed.root) if same and len(note.signatures) == 1 else None


def _lines(log: Log) -> dict[int, list[Cosignature]]:
    found = Cosignature.objects.filter(log=log.id).order_by("size", "id")
    return {size: list(lines) for size, lines in groupby(found, key=lambda one: one.size)}


def _bad_lines(note: bytes, lines: Sequence[Cosignature]) -> Iterator[Finding]:
    for one in lines:
        try:
            signature, key = Signature.parse(one.line), Verifier.parse(one.witness)
            if not signature.of(key):
                yield Finding("cosignature_bad")
            key.verify(Note.parse(note).text, signature.raw)
        except TreeError:
            yield Finding("cosignature_bad")


def forks(reading: Reading, roots: Sequence[Root]) -> Iterator[Finding]:
    """Yield the checkpoints, smallest first, that sign other entries than those that are there, good otherwise."""
    before = 0
    for root in roots:
        if reading.entries.root_at(root.size) != root.hash:
            yield Finding("fork", before)
        before = root.size


def largest_good(reading: Reading, roots: Sequence[Root]) -> list[Root]:
    """Return the largest checkpoint whose entries are all good, in a list; an empty one when there is none.

    Where the entries below one size are good, those below each smaller size are: so halving finds it.
    """
    low, high = 0, len(roots)
    while low < high:
        middle = (low + high) // 2
        root = roots[middle]
        if root.size <= reading.size and reading.entries.root_at(root.size) == root.hash:
            low = middle + 1
        else:
            high = middle
    return list(roots[low - 1 : low]) if low else []
