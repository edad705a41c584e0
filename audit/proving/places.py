"""The places where the desk finds entries, against the leaves' own bytes.

All places are summed by buckets of ids, once as the leaves tell them and once as the table holds
them; only buckets that differ are looked at one by one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from audit import tally
from audit.growth import store
from audit.proving.tables import BUCKET, Table, weight
from audit.tally import Note
from audit.verifying.verdict import Finding

NOWHERE = 0  # in place of a log's id
_AT_ONCE = 4_096  # rows
_NO_LEAF = -1
_MOST = 32  # buckets that are looked at one by one: the first of them name the first bad entry


def differing(tables: Sequence[Table]) -> Iterator[tuple[int, Finding]]:
    """Yield (log's id, finding) for entries of logs, already read, that the desk finds elsewhere than it should.

    The id is NOWHERE for a place of what is no entry of a log.
    """
    sums: Counter[int] = Counter()
    for table in tables:
        sums.update(table.places)
    for note in _all():
        sums[note.leaf >> BUCKET] -= weight(note)
    differ = sorted(bucket for bucket, total in sums.items() if total)[:_MOST]
    if differ:
        yield from _looked_at(set(differ), {table.log.id: table.size for table in tables})


def _all() -> Iterator[Note]:
    """Yield all places that are kept, without holding them all at once."""
    if connection.vendor == "sqlite":
        # No transaction: with SQLite that would keep everybody from writing while this reads.
        with connection.cursor() as cursor:
            yield from _fetched(cursor, "CAST(key AS BLOB)")
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        yield from _fetched(cursor, "key")


def _fetched(cursor: CursorWrapper, key: str) -> Iterator[Note]:
    cursor.execute(f"SELECT scope, {key}, t, leaf_id FROM audit_found")  # noqa: S608  our own words
    while rows := cursor.fetchmany(_AT_ONCE):
        for scope, raw, t, leaf in rows:
            yield Note(scope, bytes(raw), t, leaf if isinstance(leaf, int) else _NO_LEAF)


def _looked_at(buckets: set[int], sizes: dict[int, int]) -> Iterator[tuple[int, Finding]]:
    kept = {note for note in _all() if note.leaf >> BUCKET in buckets}
    right = {note for bucket in buckets for note in _told(bucket)}
    found = store.positions_of({note.leaf for note in kept ^ right})
    for note in sorted(kept ^ right, key=lambda note: note.leaf):
        place = found.get(note.leaf)
        if place is None and note in kept:
            yield NOWHERE, Finding("places_differ")
        # A leaf that waits is in no place yet; what got its position after the check began got its places then.
        if place is not None and place.index < sizes.get(place.log, 0):
            yield place.log, Finding("places_differ", place.index)


def _told(bucket: int) -> Iterator[Note]:
    with connection.cursor() as cursor:
        first = bucket << BUCKET
        cursor.execute("SELECT id, leaf FROM audit_leaf WHERE id BETWEEN %s AND %s", [first, first + (1 << BUCKET) - 1])
        for number, data in cursor.fetchall():
            leaf = tally.fields(bytes(data))
            if leaf is not None:
                yield from tally.notes(number, leaf)
