"""Weighing the roots that somebody signed against what lies there. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.verifying.locating import Authentic, unsigned_tail
from audit.verifying.verdict import Finding
from audit.verifying.views import Reading


@dataclass(frozen=True, slots=True)
class Root:
    """A root that was signed for a log of `size` entries."""

    size: int
    hash: bytes


def judge(reading: Reading, own: Root | None, kept: Sequence[Root | Finding], unsigned: str) -> list[Finding]:
    """Return what is wrong with entries and tiles.

    `own`: what the log's own checkpoint signs, at most its size; None when that one proves nothing, for
    the reason `unsigned` ("": there is none yet). `kept`: of each checkpoint that somebody kept its
    root, or why it proves nothing.
    """
    roots = [one for one in kept if isinstance(one, Root)]
    within = [root for root in roots if root.size <= reading.size]
    good = [root for root in within if reading.entries.root_at(root.size) == root.hash]
    tree = Authentic(reading, own.size, own.hash) if own is not None else None
    against = [found for root in within if (found := _against(reading, tree, root, good))]
    proven = max([0, *(root.size for root in good), *(found.position or 0 for found in against)])
    findings = [*against, *(Finding("rolled_back", reading.size) for root in roots if root.size > reading.size)]
    findings += [Finding(one.reason, proven) for one in kept if isinstance(one, Finding)]
    # What stands behind a bundle's last entry was signed by nobody, whatever else holds.
    findings += [Finding("entries_malformed", end) for end in reading.overfull]
    if tree is None and unsigned:
        return [*findings, Finding(unsigned, proven)]
    if tree is not None:
        findings += _damage(tree, proven)
    return [*findings, *unsigned_tail(reading, max(own.size if own else 0, proven))]


def _against(reading: Reading, tree: Authentic | None, root: Root, good: Sequence[Root]) -> Finding | None:
    """Say what a kept root tells against the log: a fork, or damage that leaves its own size unproven."""
    told = tree.root_at(root.size) if tree is not None else None
    if told == root.hash or (told is None and root in good):
        return None
    found = Authentic(reading, root.size, root.hash).first_bad_entry() or Finding("fork", root.size)
    before = max((one.size for one in good if one.size < root.size), default=0)
    position = max(found.position or 0, before)
    return Finding("fork" if told is not None else found.reason, position)


def _damage(tree: Authentic, proven: int) -> Iterator[Finding]:
    found = tree.first_bad_entry()
    if found is not None:
        yield Finding(found.reason, max(found.position or 0, proven))
    yield from tree.bad_tiles()
