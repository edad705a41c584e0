"""A log as it lies in the store's tables: a source for the same check that reads export folders.

While the leaves pass by, what lies beside them is compared with their bytes: the columns of their row,
and the places where the desk finds them. An entry that is proven could be hidden by either. Values are
read as the driver gives them, for who writes past the program may leave anything in a column.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from struct import unpack
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from audit import tally
from audit.growth import store
from audit.models import Log
from audit.tally import Note
from audit.tree.growing import crown
from audit.tree.tiles import TILE
from audit.verifying.bulk import HASH
from audit.verifying.forms import is_leaf
from audit.verifying.source import Leaves
from audit.verifying.verdict import Finding

BUCKET = 8  # bits of an id that a bucket of places leaves out
_ID = 8  # bytes of an id in a bundle
_SELECT = "SELECT id, {leaf}, t, act, out, actor, case_id, subject, party FROM audit_leaf WHERE {where}"


class Place(NamedTuple):
    """A leaf as it stands in its table. `columns`: t, act, out, actor, case, subject, party."""

    id: int
    leaf: bytes
    columns: tuple[Any, ...]


class Table:
    """A log of the store, as far as it had grown when the check began: a Source.

    `deep`: also see that each leaf is in canonical form.
    """

    def __init__(self, log: Log, *, deep: bool = False) -> None:
        self.log, self._deep = log, deep
        self._wrong: dict[object, Finding] = {}
        self._places: dict[int, Counter[int]] = {}
        self.crowns: dict[tuple[int, int], Finding] = {}  # tiles whose crown is not that of their hashes

    @property
    def size(self) -> int:
        """Entries that have a position."""
        return self.log.size

    @property
    def findings(self) -> list[Finding]:
        """What was found wrong beside the tree while reading, each place once."""
        return list(self._wrong.values())

    @property
    def places(self) -> Counter[int]:
        """Sums over the places where the desk must find the leaves that were read, by bucket of ids."""
        total: Counter[int] = Counter()
        for one in self._places.values():
            total.update(one)
        return total

    def leaves(self, n: int, width: int) -> Leaves:
        """Return the leaves at a bundle's positions, hashed, up to the first that is not there."""
        hashes: list[bytes] = []
        places: Counter[int] = Counter()
        for position, row in enumerate(self.rows(n, width), n * TILE):
            hashes.append(sha256(b"\0" + row.leaf).digest())
            told = tally.fields(row.leaf)
            if told is None or (self._deep and not is_leaf(row.leaf)):
                self._wrong[position] = Finding("leaf_malformed", position)
            elif row.columns != _columns(told):
                self._wrong[position] = Finding("column_differs", position)
            for note in tally.notes(row.id, told) if told else ():
                places[row.id >> BUCKET] += weight(note)
        self._places[n] = places
        return Leaves(b"".join(hashes), None if len(hashes) == width else "entries_missing")

    def rows(self, n: int, width: int) -> Iterator[Place]:
        """Yield the leaves at a bundle's positions, up to the first that is not there."""
        ids = self.ids(n, width)
        found = {row.id: row for row in _rows(ids)}
        for number in ids:
            if number not in found:
                return
            yield found[number]

    def ids(self, n: int, width: int) -> Sequence[int]:
        """Return the ids at a bundle's positions; fewer when they are not told."""
        if connection.vendor == "sqlite":
            first = self.log.first_id + n * TILE
            return range(first, first + width)
        with connection.cursor() as cursor:
            cursor.execute("SELECT ids, low, high FROM audit_bundle WHERE log = %s AND n = %s", [self.log.id, n])
            row = cursor.fetchone()
        if row is None:
            return ()
        packed, low, high = bytes(row[0]), row[1], row[2]
        ids = unpack(f">{len(packed) // _ID}q", packed[: len(packed) // _ID * _ID])
        if not ids or (min(ids), max(ids)) != (low, high):
            self._wrong["bundle", n] = Finding("places_differ", n * TILE)
        return ids[:width]

    def tile(self, level: int, n: int, width: int) -> bytes | None:
        """Return a tile as it was at this size: it may have grown since."""
        found = store.tiles(self.log.id, [(level, n)]).get((level, n))
        if found is None:
            return None
        if found.crown != crown(found.hashes):
            self.crowns[level, n] = Finding("tile_differs", n * TILE << (8 * level))
        return found.hashes[: width * HASH]


def weight(note: Note) -> int:
    """Return what a place adds to its bucket: nobody outside this process can choose places that weigh the same."""
    return hash(tuple(note))


def _rows(ids: Sequence[int]) -> Iterator[Place]:
    if not ids:
        return
    if connection.vendor == "sqlite":
        # Whatever somebody has put there in place of bytes is read as bytes.
        statement = _SELECT.format(leaf="CAST(leaf AS BLOB)", where="id BETWEEN %s AND %s")
        values: list[Any] = [ids[0], ids[-1]]
    else:
        statement, values = _SELECT.format(leaf="leaf", where="id = ANY(%s)"), [list(ids)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for number, leaf, *columns in cursor.fetchall():
            yield Place(number, bytes(leaf), tuple(columns))


def _columns(leaf: tally.Fields) -> tuple[Any, ...]:
    return (leaf.t, leaf.act, leaf.out, _kept(leaf.actor), _kept(leaf.case), _kept(leaf.subject), leaf.party)


def _kept(value: UUID | None) -> UUID | str | None:
    """Return an id as this engine keeps it."""
    return value.hex if value is not None and connection.vendor == "sqlite" else value
