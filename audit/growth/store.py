"""The tree as it stands in the database: logs, positions, tiles, checkpoints. Reading only.

A position is an index in a log, from 0. With SQLite it is the leaf's id less the log's first id;
with PostgreSQL the integrator's order stands in `audit_bundle`, 256 ids a row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from struct import unpack
from typing import Any
from uuid import UUID

from django.db import connection

from audit.models import Checkpoint, Cosignature, Log
from audit.tree.growing import Edge
from audit.tree.hashing import HASH
from audit.tree.proofs import TileNodes
from audit.tree.tiles import TILE, Held, Tile, widths

ID = 8  # bytes of an id in a bundle
_CHUNK = 1024
_COLUMNS = "id, leaf, t, act, out, actor, case_id, subject, party"


@dataclass(frozen=True, slots=True)
class Row:
    """A leaf with its position and the columns by which the desk finds it."""

    position: int
    id: int
    leaf: bytes
    t: int
    act: str
    out: str
    actor: UUID | None
    case: UUID | None
    subject: UUID | None
    party: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a leaf stands: in which log, at which index."""

    log: int
    index: int


def logs() -> list[Log]:
    """Return all logs, oldest first; removed ones too."""
    return list(Log.objects.all())


def current() -> Log | None:
    """Return the log that grows now; None in a store without a leaf that was placed."""
    return Log.objects.filter(closed_at=None).order_by("-id").first() or Log.objects.order_by("-id").first()


def checkpoint(log: int) -> Checkpoint | None:
    """Return a log's latest checkpoint."""
    return Checkpoint.objects.filter(log=log).order_by("-size").first()


def checkpoints(log: int) -> list[Checkpoint]:
    """Return all checkpoints of a log, smallest first."""
    return list(Checkpoint.objects.filter(log=log).order_by("size"))


def cosignatures(log: int, size: int) -> list[Cosignature]:
    """Return the witnesses' lines under the checkpoint of a size: of each witness the youngest."""
    lines = {one.witness: one for one in Cosignature.objects.filter(log=log, size=size).order_by("t", "id")}
    return list(lines.values())


# --- tiles ----------------------------------------------------------------------------


def tiles(log: int, wanted: Sequence[Tile]) -> dict[Tile, Held]:
    """Return tiles; one that is not there is left out."""
    if not wanted:
        return {}
    places = ", ".join(["(%s, %s)"] * len(wanted))
    # A join: for a list of pairs SQLite reads the whole log, at 10⁶ leaves 10 ms and not 0.03.
    statement = (
        f"WITH w (l, m) AS (VALUES {places})"  # noqa: S608  places only
        " SELECT level, n, hashes, crown FROM w JOIN audit_tile ON log = %s AND level = l AND n = m"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(part for tile in wanted for part in tile), log])
        return {(level, n): Held(bytes(hashes), bytes(crown)) for level, n, hashes, crown in cursor.fetchall()}


def nodes(log: int) -> TileNodes:
    """Return the log's tree, read from its tiles as it is asked."""
    return TileNodes(lambda wanted: tiles(log, wanted))


def edge(log: int, size: int) -> Edge:
    """Return the right edge of a log at its size, to append to."""
    partial = [(level, count // TILE, count % TILE) for level, count in enumerate(widths(size))]
    found = tiles(log, [(level, n) for level, n, width in partial if width])
    rows = [found.get((level, n), Held(b"")).hashes[: width * HASH] for level, n, width in partial]
    return Edge.of(size, rows)


# --- leaves in the order of their positions -------------------------------------------


def leaves(log: Log, start: int, end: int) -> Iterator[bytes]:
    """Yield the leaves at positions start..end-1; fewer when some are not there."""
    for part in _parts(log, start, end):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, leaf FROM audit_leaf WHERE " + part.where, part.values)  # noqa: S608  our own words
            found = {number: bytes(leaf) for number, leaf in cursor.fetchall()}
        yield from (found[number] for number in part.ids if number in found)


def rows(log: Log, start: int, end: int) -> Iterator[Row]:
    """Yield positions start..end-1 with the leaf and its columns; one that is not there is left out."""
    for part in _parts(log, start, end):
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + _COLUMNS + " FROM audit_leaf WHERE " + part.where, part.values)  # noqa: S608  our own words
            found = {row[0]: row for row in cursor.fetchall()}
        for offset, number in enumerate(part.ids):
            if number in found:
                yield _row(part.start + offset, found[number])


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of positions, and how its leaves are fetched."""

    start: int
    ids: Sequence[int]
    where: str
    values: Sequence[int | list[int]]


def _parts(log: Log, start: int, end: int) -> Iterator[_Part]:
    if connection.vendor == "sqlite":
        for at in range(start, end, _CHUNK):
            stretch = range(log.first_id + at, log.first_id + min(at + _CHUNK, end))
            yield _Part(at, stretch, "id BETWEEN %s AND %s", [stretch.start, stretch.stop - 1])
        return
    for first in range(start // TILE, (max(end, 1) - 1) // TILE + 1, _CHUNK // TILE):
        for n, listed in _bundles(log.id, first, first + _CHUNK // TILE):
            low, high = max(start - n * TILE, 0), min(end - n * TILE, TILE)
            ids = listed[low:high]
            yield _Part(n * TILE + low, ids, "id = ANY(%s)", [list(ids)])


def _bundles(log: int, first: int, last: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, ids FROM audit_bundle WHERE log = %s AND n >= %s AND n < %s ORDER BY n", [log, first, last]
        )
        found = cursor.fetchall()
    for n, packed in found:
        yield n, unpack(f">{len(packed) // ID}q", packed)


def _row(position: int, found: tuple[Any, ...]) -> Row:
    number, leaf, t, act, out, actor, case, subject, party = found
    return Row(position, number, bytes(leaf), t, act, out, _uuid(actor), _uuid(case), _uuid(subject), party)


def _uuid(value: object) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(str(value))


# --- from a leaf's id to its position ---------------------------------------------------


def position_of(leaf: int) -> Position | None:
    """Return where a leaf stands; None while it waits."""
    return positions_of([leaf]).get(leaf)


def positions_of(leaves: Iterable[int]) -> Mapping[int, Position]:
    """Return where leaves stand, by id; one that still waits is left out."""
    wanted = sorted(set(leaves))
    if not wanted:
        return {}
    if connection.vendor == "sqlite":
        return _counted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT b.log, b.n, b.ids FROM unnest(%s::bigint[]) AS w(id)"
            " JOIN audit_bundle b ON int8range(b.low, b.high, '[]') @> w.id",
            [wanted],
        )
        found = cursor.fetchall()
    asked = set(wanted)
    return {
        number: Position(log, n * TILE + offset)
        for log, n, packed in found
        for offset, number in enumerate(unpack(f">{len(packed) // ID}q", packed))
        if number in asked
    }


def _counted(wanted: Sequence[int]) -> dict[int, Position]:
    known = logs()
    return {
        number: Position(log.id, number - log.first_id)
        for number in wanted
        for log in known
        if 0 <= number - log.first_id < log.size
    }
