"""`audit remove YEAR`: a closed log goes whole, five years after its close; its last checkpoint stays.

The retention follows care's rule for logs (five years from writing; Staatscourant 2019, 38007). Nothing
is ever removed entry by entry: the guards on the tables are lifted and set again in the one transaction
that takes the whole log away and enters that it did.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction

from audit import tally
from audit.growth import store
from audit.models import Log
from audit.record import Entry, LogUnavailable, record, write_lock
from audit.trouble import Refused

YEARS = 5
_ZONE = ZoneInfo("Europe/Amsterdam")
_MICROSECONDS = 1_000_000
_GUARDED = ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_cosignature")


def removable_from(log: Log) -> datetime:
    """Return the moment from which a closed log may be removed."""
    # Never before its year was over, whatever stands in the row: the year stands in its signed name.
    told = datetime.fromtimestamp((log.closed_at or 0) / _MICROSECONDS, _ZONE)
    closed = max(told, datetime(log.year + 1, 1, 1, tzinfo=_ZONE))
    day = closed.replace(day=28) if (closed.month, closed.day) == (2, 29) else closed
    return day.replace(year=closed.year + YEARS)


def refuse_early(year: int) -> None:
    """Raise Refused unless the log of a year may go now."""
    _checked([log for log in store.logs() if log.year == year])


def remove(year: int) -> list[Log]:
    """Remove the logs of a year; return those that went, as they stand then.

    Raises Refused: no_such_log, log_removed, log_open, too_early, no_last_checkpoint, log_damaged,
    not_owner, log_unavailable.
    """
    going = _checked([log for log in store.logs() if log.year == year])
    for log in going:
        try:
            with write_lock(), transaction.atomic():
                _remove(log)
        except LogUnavailable:
            raise Refused("log_unavailable", "The log cannot be written now. Nothing was removed.") from None
        except DatabaseError:
            raise Refused(
                "not_owner", "The database refuses it. Run this as the owner of the tables; nothing was removed."
            ) from None
    return [log for log in store.logs() if log.id in {one.id for one in going}]


def _checked(logs: list[Log]) -> list[Log]:
    """Return the logs that are still there, or refuse them all."""
    if not logs:
        raise Refused("no_such_log", "There is no log of that year here.")
    there = [log for log in logs if log.removed_at is None]
    if not there:
        raise Refused("log_removed", "The log of that year was removed before.")
    for log in there:
        if log.closed_at is None:
            raise Refused("log_open", "The log of that year still grows. It closes when its year is over.")
        if datetime.now(UTC) < removable_from(log):
            raise Refused("too_early", f"That log may be removed from {removable_from(log):%Y-%m-%d} on.")
        last = store.checkpoint(log.id)
        if last is None or last.size != log.size:
            raise Refused("no_last_checkpoint", "That log has no last checkpoint over all of it.")
    return there


def _remove(log: Log) -> None:
    # First, so that on SQLite there is always a leaf with a higher number than those that go.
    # Its year stands as the reason, which the entry's sentence shows.
    record(Entry(act="log.removed", origin="cli", reason=str(log.year), seen=(f"size={log.size}",)))
    with connection.cursor() as cursor, _unguarded():
        cursor.execute(*_leaves(log))
        if cursor.rowcount != log.size:
            raise Refused("log_damaged", "That log is not whole. Run `casustafel audit verify`; nothing was removed.")
        cursor.execute("DELETE FROM audit_tile WHERE log = %s", [log.id])
        cursor.execute("DELETE FROM audit_checkpoint WHERE log = %s AND size <> %s", [log.id, log.size])
        cursor.execute("DELETE FROM audit_cosignature WHERE log = %s AND size <> %s", [log.id, log.size])
        if connection.vendor != "sqlite":
            cursor.execute("DELETE FROM audit_bundle WHERE log = %s", [log.id])
        tally.forget(connection, log.id)
        cursor.execute("UPDATE audit_log SET removed_at = %s WHERE id = %s", [time.time_ns() // 1000, log.id])


def _leaves(log: Log) -> tuple[str, list[int]]:
    """Return the statement that deletes a log's leaves: by their ids, which on PostgreSQL stand in its bundles."""
    if connection.vendor == "sqlite":
        return "DELETE FROM audit_leaf WHERE id >= %s AND id < %s", [log.first_id, log.first_id + log.size]
    number = "('x' || encode(substring(b.ids FROM i * 8 + 1 FOR 8), 'hex'))::bit(64)::bigint"
    bundled = "FROM audit_bundle b, generate_series(0, 255) i WHERE b.log = %s AND i < length(b.ids) / 8"
    return f"DELETE FROM audit_leaf WHERE id IN (SELECT {number} {bundled})", [log.id]  # noqa: S608  our own words


@contextmanager
def _unguarded() -> Iterator[None]:
    """Lift the guards against deleting, and set them again as they were; an error undoes both."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            names = [f"{table}_delete" for table in _GUARDED]
            cursor.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten in the file too
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE name IN (%s, %s, %s, %s)", names)
            guards = dict(cursor.fetchall())
            for name in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for statement in guards.values():
                cursor.execute(statement)
        return
    with connection.cursor() as cursor:
        for table in _GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_change")
        yield
        for table in _GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_change")
