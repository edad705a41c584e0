"""The integrator's statements: what waits, and giving it positions, in each engine's own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import pack

from django.db import connection

from audit import driver
from audit.models import Log
from audit.tree.tiles import TILE, Held, Tile

_OPENING = 0x4361_736F  # "Caso": the advisory lock of who opens a log


@dataclass(frozen=True, slots=True)
class Waiting:
    """A leaf that has no position yet. `t`: µs since 1970."""

    id: int
    leaf: bytes
    t: int


def waiting(most: int) -> list[Waiting]:
    """Return leaves that have no position, in the order in which they get one; at most `most`."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, leaf, t FROM audit_leaf WHERE id > %s ORDER BY id LIMIT %s", [_last_placed(), most]
            )
            return [Waiting(*row) for row in cursor.fetchall()]
    # OFFSET 0: each leaf by its key, never the whole table, however little the server knows of its size.
    found = driver.execute(
        connection,
        "SELECT w.leaf_id, l.leaf, l.t FROM (SELECT leaf_id FROM audit_waiting ORDER BY leaf_id LIMIT %b) w"
        " CROSS JOIN LATERAL (SELECT leaf, t FROM audit_leaf WHERE id = w.leaf_id OFFSET 0) l ORDER BY w.leaf_id",
        [most],
    )
    return [Waiting(*row) for row in found.fetchall()]


def backlog() -> tuple[int, int | None]:
    """Return how many leaves wait, and since when the first does (µs since 1970, None when none does)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            placed = _last_placed()
            cursor.execute("SELECT coalesce(max(id), 0) FROM audit_leaf")
            count = max(int(cursor.fetchone()[0]) - placed, 0)
            cursor.execute("SELECT t FROM audit_leaf WHERE id > %s ORDER BY id LIMIT 1", [placed])
        else:
            cursor.execute("SELECT count(*) FROM audit_waiting")
            count = int(cursor.fetchone()[0])
            cursor.execute("SELECT t FROM audit_leaf WHERE id = (SELECT min(leaf_id) FROM audit_waiting)")
        row = cursor.fetchone()
    return count, int(row[0]) if row else None


def _last_placed() -> int:
    last = Log.objects.order_by("-id").first()
    return last.first_id + last.size - 1 if last else 0


def alone() -> None:
    """Let no other integrator open a log until the open transaction ends; with SQLite it is alone already."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_OPENING])


def advance(log: Log, size: int) -> bool:
    """Let the log grow to `size`, in the open transaction; False when another integrator was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_log SET size = %s WHERE id = %s AND size = %s AND closed_at IS NULL", [size, log.id, log.size]
        )
        return bool(cursor.rowcount == 1)


def write_tiles(log: Log, changed: Mapping[Tile, Held]) -> None:
    """Write tiles: new ones, and those that have grown."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_tile (log, level, n, hashes, crown) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (log, level, n) DO UPDATE SET hashes = excluded.hashes, crown = excluded.crown",
            [(log.id, level, n, held.hashes, held.crown) for (level, n), held in changed.items()],
        )


def settle(log: Log, ids: Sequence[int]) -> None:
    """Note the order of leaves that take the positions from the log's size on; with SQLite ids are the order.

    Raises RuntimeError when one of them did not wait: then the whole step is undone.
    """
    if connection.vendor == "sqlite":
        return
    taken = driver.execute(connection, "DELETE FROM audit_waiting WHERE leaf_id = ANY(%b::bigint[])", [list(ids)])
    if taken.rowcount != len(ids):
        raise RuntimeError("A leaf has got its position elsewhere.")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_bundle (log, n, ids, low, high) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (log, n) DO UPDATE SET ids = audit_bundle.ids || excluded.ids,"
            " low = least(audit_bundle.low, excluded.low), high = greatest(audit_bundle.high, excluded.high)",
            [(log.id, n, pack(f">{len(part)}q", *part), min(part), max(part)) for n, part in _bundled(log.size, ids)],
        )


def _bundled(size: int, ids: Sequence[int]) -> list[tuple[int, Sequence[int]]]:
    parts = []
    at = 0
    while at < len(ids):
        position = size + at
        room = TILE - position % TILE
        parts.append((position // TILE, ids[at : at + room]))
        at += room
    return parts
