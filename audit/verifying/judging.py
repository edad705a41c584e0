"""Weighing the roots that somebody signed against what lies there. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.verifying.bulk import root_of
from audit.verifying.locating import Authentic
from audit.verifying.source import height_of
from audit.verifying.verdict import Finding
from audit.verifying.views import TILE, Reading


@dataclass(frozen=True, slots=True)
class Root:
    """A root that was signed for a log of `size` entries."""

    size: int
    hash: bytes


def judge(reading: Reading, own: bytes | None, kept: Sequence[Root | Finding], unsigned: str) -> list[Finding]:
    """Return what is wrong with entries and tiles.

    `own`: the root that the log's own checkpoint signs; None when that one proves nothing, for the
    reason `unsigned`. `kept`: of each checkpoint that somebody kept its root, or why it proves nothing.
    """
    roots = [one for one in kept if isinstance(one, Root)]
    within = [root for root in roots if root.size <= reading.size]
    good = [root for root in within if _root_of_entries(reading, root.size) == root.hash]
    tree = Authentic(reading, reading.size, own) if own is not None else None
    against = [found for root in within if (found := _against(reading, tree, root, good))]
    proven = max([0, *(root.size for root in good), *(found.position or 0 for found in against)])
    findings = [*against, *(Finding("rolled_back", reading.size) for root in roots if root.size > reading.size)]
    findings += [Finding(one.reason, proven) for one in kept if isinstance(one, Finding)]
    # What stands behind a bundle's last entry was signed by nobody, whatever else holds.
    findings += [Finding("entries_malformed", min((n + 1) * TILE, reading.size)) for n in reading.overfull]
    if tree is None:
        return [*findings, Finding(unsigned, proven)]
    return [*findings, *_damage(tree, proven)]


def _root_of_entries(reading: Reading, size: int) -> bytes | None:
    edges = []
    for level in range(height_of(size)):
        hashes = reading.entries.hashes(level, size >> (8 * level + 8), (size >> (8 * level)) % TILE)
        if hashes is None:
            return None
        edges.append(hashes)
    return root_of(edges)


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
