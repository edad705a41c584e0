"""What a check answers, and the codes of its reasons. Pure.

About entries; `first_bad` is the first one that is not proven:

| reason | means |
|---|---|
| `entry_differs` | the entry's bytes are not those that the tiles and the signed root prove |
| `entries_missing` | entries are missing: a bundle is gone or ends too early |
| `entries_malformed` | a bundle has bytes that belong to no entry |
| `root_differs` | entries and tiles agree with each other and not with the signed root |
| `leaf_malformed` | the entry is proven, but is no leaf in canonical form |
| `rolled_back` | an older checkpoint is larger than the log: its end was taken away |
| `fork` | an older checkpoint signs other entries: the log was rewritten and signed again |

About the files around them; `first_bad` is the first entry that a changed hash stands for, the
first that no good checkpoint proves (the size, when all are proven), or null when it concerns none:

| reason | means |
|---|---|
| `tile_differs`, `tile_missing` | a tile of hashes was changed or is gone; the entries are good |
| `checkpoint_missing`, `checkpoint_malformed` | there is no checkpoint, or it cannot be read |
| `signature_bad` | the checkpoint is not signed with the log's key |
| `signature_unknown` | the checkpoint carries a line of somebody whose key is not in the export |
| `key_missing`, `key_malformed` | `log.vkey` is gone or is no key |
| `witness_key_malformed` | `witness.vkey` is no list of keys |
| `cosignature_bad`, `cosignature_missing` | a witness's signature does not hold, or is gone |
| `older_malformed` | a file given as an older checkpoint is none, or its signature does not hold |
| `older_foreign` | a file given as an older checkpoint is of another log or signed with another key |
| `unexpected_file` | a file lies in the export that does not belong there |

About a store's tables only:

| reason | means |
|---|---|
| `column_differs` | a column by which the desk finds the entry says something else than the entry |
| `places_differ` | the desk finds the entry in a place where it does not belong, or not where it does |
| `leaf_lost` | an entry stands in no log and does not wait for its position either |
| `key_differs` | a log's key in the table is not the store's own |
| `counts_differ` | the desk's counts are not those of the entries |
| `chain_broken` | the yearly logs do not follow each other, or a checkpoint of theirs does not fit |
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok`; the log's `size`; the position of the first bad entry and a stable code for why."""

    ok: bool
    size: int
    first_bad: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `position`: the first entry that it concerns, None when it concerns none."""

    reason: str
    position: int | None = None


# Of what leaves an entry unproven the lowest position is told; where several meet, the first of these.
_OF_ENTRIES = (
    "fork",
    "entry_differs",
    "entries_missing",
    "entries_malformed",
    "root_differs",
    "leaf_lost",
    "key_missing",
    "key_malformed",
    "checkpoint_missing",
    "checkpoint_malformed",
    "signature_bad",
    "rolled_back",
)
# Else what proves least comes first.
_OF_FILES = (
    "older_foreign",
    "older_malformed",
    "key_differs",
    "chain_broken",
    "tile_missing",
    "tile_differs",
    "signature_unknown",
    "witness_key_malformed",
    "cosignature_bad",
    "cosignature_missing",
    "unexpected_file",
    "column_differs",
    "places_differ",
    "leaf_malformed",
    "counts_differ",
)


def conclude(size: int, findings: Iterable[Finding]) -> Verdict:
    """Return the verdict: of bad entries the first one, else what is wrong with the files around them."""
    first = min(findings, key=_weight, default=None)
    if first is None:
        return Verdict(ok=True, size=size)
    return Verdict(ok=False, size=size, first_bad=first.position, reason=first.reason)


def _weight(finding: Finding) -> tuple[float, float, int]:
    position = inf if finding.position is None else finding.position
    if finding.reason in _OF_ENTRIES:
        return 0, position, _OF_ENTRIES.index(finding.reason)
    return 1 + _OF_FILES.index(finding.reason), position, 0
