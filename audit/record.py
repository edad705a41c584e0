"""Writing the log: the only writer. No proof, no read.

A command writes `record` in its own transaction: change and proof commit together. A read or
a push calls `record_durably` first and lets bytes go only after it has returned.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, connection

from audit import table
from audit import writer as group
from audit.entry import Built, Entry, build
from audit.ticket import LogUnavailable, TaskTicket, Ticket

__all__ = [
    "Entry",
    "LogUnavailable",
    "available",
    "record",
    "record_durably",
    "record_durably_async",
    "stop",
    "write_lock",
]


def record(*entries: Entry) -> None:
    """Append entries in the caller's open transaction.

    Raises RuntimeError without a transaction, ValueError for what is no code or opaque id,
    LogUnavailable when the database refuses.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() needs the transaction of the change that it proves.")
    leaves = _leaves(entries)
    try:
        table.append(connection, leaves)
    except DatabaseError as error:
        raise LogUnavailable(type(error).__name__) from error


def record_durably(*entries: Entry) -> None:
    """Append entries and return after they are synced; never inside a transaction.

    Waits at most 2 s. Raises LogUnavailable, and RuntimeError inside atomic() or write_lock().
    """
    if connection.in_atomic_block or group.writer.lock.mine:
        raise RuntimeError("record_durably() would wait for the transaction or the lock that its caller holds.")
    _wait(Ticket(_leaves(entries)))


async def record_durably_async(*entries: Entry) -> None:
    """Append entries and return after they are synced; needs no thread of an executor.

    Waits at most 2 s. Raises LogUnavailable.
    """
    ticket = TaskTicket(_leaves(entries), group.PATIENCE)
    group.writer.submit(ticket)
    await ticket.arrive()


def available() -> bool:
    """Return whether the log can be written now: by writing, through the same thread and lock."""
    try:
        _wait(Ticket((), probe=True))
    except LogUnavailable:
        return False
    return True


@contextmanager
def write_lock() -> Iterator[None]:
    """Hold the process's one fair write lock (SQLite); nothing to hold with PostgreSQL.

    Take it before the transaction. May be taken again by its holder. Raises LogUnavailable
    when the turn does not come within 5 s, and when the database cannot be written at all
    (disk full, locked, gone): then no proof can be written either.
    """
    with group.writer.turn(group.COMMAND_PATIENCE):
        try:
            yield
        except OperationalError as error:
            raise LogUnavailable(type(error).__name__) from error


def stop() -> None:
    """Write what waits, then end the writer's thread and connection; the next entry starts them."""
    group.writer.stop()


def _leaves(entries: tuple[Entry, ...]) -> list[Built]:
    return [leaf for entry in entries for leaf in build(entry)]


def _wait(ticket: Ticket) -> None:
    group.writer.submit(ticket)
    ticket.wait(group.PATIENCE)
