"""The group commit: one thread per process that writes what everybody waits for.

It takes all that waits into one transaction and tells each waiter after the sync. It has a
connection of its own, so that a request's transaction never decides over the log. When it
cannot write it says so at once and tries again with the next entry: nothing is restarted.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator

import structlog
from django.db import connection, transaction

from audit import table
from audit.entry import Entry, build
from audit.lock import FairLock
from audit.ticket import LogUnavailable, Ticket, answer

PATIENCE = 2.0  # seconds that anybody waits for the log
COMMAND_PATIENCE = 5.0  # seconds that a command waits for its turn to write
LARGEST_GROUP = 512  # leaves in one transaction
LARGEST_BACKLOG = 20_000  # leaves that may wait; beyond this the log counts as unavailable
_BUSY = 1.5  # seconds that the writer itself waits for a lock: less than anybody's patience
_STALE = 5.0  # seconds after which an idle connection is tried before it is used
_PROBE = 65_536  # bytes that must find room for the log to count as writable

log = structlog.get_logger(__name__)


class Writer:
    """The process's writer: starts when first needed, and again when it died."""

    def __init__(self) -> None:
        self.lock = FairLock()
        self._change = threading.Condition()
        self._queue: deque[Ticket] = deque()
        self._waiting = 0
        self._current: list[Ticket] = []
        self._busy_since: float | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._used = 0.0

    def submit(self, ticket: Ticket) -> None:
        """Hand over a ticket; it is answered after the sync, or with LogUnavailable.

        Raises LogUnavailable at once when the writer is stuck or too much waits already.
        """
        with self._change:
            self._refuse_when_stuck()
            self._start()
            self._queue.append(ticket)
            self._waiting += len(ticket.leaves)
            self._change.notify()

    def stop(self) -> None:
        """Write what waits, close the connection, end the thread; the next entry starts it again."""
        with self._change:
            thread, self._stopping = self._thread, True
            self._change.notify()
        if thread is not None:
            thread.join(2 * PATIENCE)

    def _refuse_when_stuck(self) -> None:
        if self._waiting > LARGEST_BACKLOG:
            raise LogUnavailable("backlog")
        if self._busy_since is not None and time.monotonic() - self._busy_since > PATIENCE:
            raise LogUnavailable("stuck")

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            while (group := self._next_group()) or not self._stopping:
                self._write(group)
        finally:
            self._bury()

    def _next_group(self) -> list[Ticket]:
        """Wait for tickets and take those of one transaction; empty when stopping."""
        with self._change:
            while not self._queue:
                if self._stopping:
                    return []
                self._change.wait()
            self._busy_since = time.monotonic()
            self._take()
            return self._current

    def _take(self) -> None:
        taken = 0
        while self._queue and taken < LARGEST_GROUP:
            ticket = self._queue.popleft()
            self._waiting -= len(ticket.leaves)
            if not ticket.dropped:
                taken += len(ticket.leaves)
                self._current.append(ticket)

    def _write(self, group: list[Ticket]) -> None:
        try:
            with self.turn(_BUSY):
                self._commit(group)
        except Exception as error:  # noqa: BLE001  whatever it was, the waiters must hear it
            why = error.why if isinstance(error, LogUnavailable) else type(error).__name__
            log.error("log_unavailable", error=why)  # noqa: TRY400  a traceback could hold an entry
            self._close()
            self._answer(group, why)
        else:
            self._answer(group, None)

    @contextlib.contextmanager
    def turn(self, timeout: float) -> Iterator[None]:
        """Hold the write lock (SQLite only). Raises LogUnavailable when the turn does not come."""
        if connection.vendor != "sqlite":
            yield
            return
        if not self.lock.acquire(timeout):
            raise LogUnavailable("lock_held")
        try:
            yield
        finally:
            self.lock.release()

    def _commit(self, group: list[Ticket]) -> None:
        self._connect()
        leaves = [leaf for ticket in group for leaf in ticket.leaves]
        if leaves:
            table.commit(connection, leaves)
        if any(ticket.probe for ticket in group):
            _probe()

    def _connect(self) -> None:
        idle = time.monotonic() - self._used
        if connection.connection is not None and idle > _STALE and not connection.is_usable():
            connection.close()
        if connection.connection is None:
            connection.ensure_connection()
            _harden()
        self._used = time.monotonic()

    def _answer(self, group: list[Ticket], why: str | None) -> None:
        with self._change:
            self._current, self._busy_since = [], None
        answer(group, why)

    def _bury(self) -> None:
        """Tell everybody who waits that this thread writes no more."""
        self._close()
        with self._change:
            left = [*self._current, *self._queue]
            self._queue.clear()
            self._current, self._busy_since = [], None
            self._waiting, self._thread = 0, None
        answer(left, "writer_dead")

    def _close(self) -> None:
        with contextlib.suppress(Exception):  # it is broken: that is why it is closed
            connection.close()


def _harden() -> None:
    """Make this connection give up in time, and make its commits durable whatever the server's default."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {int(_BUSY * 1000)}")
        else:
            cursor.execute(f"SET statement_timeout = {int(_BUSY * 1000)}")
            cursor.execute("SET synchronous_commit = on")


def _probe() -> None:
    """Write for real and take it away again, which needs no guess: as much as the largest leaf, and a leaf."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_probe (filler) VALUES (%s)", [bytes(_PROBE)])
        cursor.execute("DELETE FROM audit_probe")
    # Room on the disk is not all: the log's own table must take the entry too.
    with transaction.atomic():
        table.append(connection, build(Entry(act="log.probed", origin="system")))
        transaction.set_rollback(True)


writer = Writer()


def _forget() -> None:
    global writer  # noqa: PLW0603  a forked child has no writer thread: it gets its own
    writer = Writer()


os.register_at_fork(after_in_child=_forget)
