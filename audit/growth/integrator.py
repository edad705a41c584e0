"""The integrator: gives every durable leaf its position, grows the tiles, signs checkpoints.

Nobody who reads or writes waits for it. Several may run, in threads and processes: a step counts
only when the log still has the size from which it started, so that one of them wins and the others
have done nothing. A year's log is closed with a last checkpoint once its year is over.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from audit import signing, tally
from audit import writer as group
from audit.growth import store, writing
from audit.growth.writing import Waiting
from audit.models import Checkpoint, Log
from audit.tree import checkpoints, notes
from audit.tree.growing import Edge
from audit.tree.hashing import leaf_hashes
from audit.tree.proofs import root as root_of

BATCH = 4_096  # leaves in one step
PATIENCE = 1.5  # seconds that a step waits for its turn to write
_ZONE = ZoneInfo("Europe/Amsterdam")
_MICROSECONDS = 1_000_000


class InconsistentLog(Exception):
    """The tiles do not continue what was signed before: nothing is signed over them."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Leaves that wait for their position. `oldest`: µs since 1970 of the first, None when none waits."""

    count: int
    oldest: int | None


def backlog() -> Backlog:
    """Return how much waits for the integrator."""
    return Backlog(*writing.backlog())


class Integrator:
    """Takes steps; keeps the right edge of the tree between them. One thread uses it at a time."""

    def __init__(self) -> None:
        self._edge: Edge | None = None
        self._edge_of: int | None = None
        self._lock = threading.Lock()

    def integrate(self) -> int:
        """Take in all that waits; return how many leaves got their position."""
        with self._lock:
            total = 0
            while (placed := self._step()) is not None:
                total += placed
            return total

    def sign(self) -> Checkpoint | None:
        """Sign the log at its size unless that is done; return its latest checkpoint, None for an empty log.

        Raises SigningUnavailable and InconsistentLog.
        """
        with self._lock:
            log = store.current()
            return _sign(log) if log is not None else None

    # --- one step -------------------------------------------------------------------

    def _step(self) -> int | None:
        """Take one step; None when nothing waits, 0 when there is more to see: a log was closed or opened."""
        log = Log.objects.filter(closed_at=None).order_by("-id").first()
        found = writing.waiting(BATCH)
        if log is not None and _is_over(log, found):
            _close(log)
            return 0
        if not found:
            return None
        if log is None:
            _open(found[0])
            return 0
        end = _end_of(log.year)
        # What is late for a year that was closed goes into the year that is open.
        ours = list(takewhile(lambda one: one.t < end, found)) or found
        return self._place(log, ours)

    def _place(self, log: Log, found: Sequence[Waiting]) -> int:
        """Give leaves their positions; 0 when another integrator was first."""
        edge, self._edge = self._edge_at(log), None  # kept again only when what it holds is committed
        changed = edge.append(leaf_hashes(one.leaf for one in found))
        with group.writer.turn(PATIENCE), transaction.atomic():
            if not writing.advance(log, edge.size):
                return 0
            writing.write_tiles(log, changed)
            writing.settle(log, [one.id for one in found])
            tally.take(connection, log.id, [(one.id, one.leaf) for one in found])
        self._edge, self._edge_of = edge, log.id
        return len(found)

    def _edge_at(self, log: Log) -> Edge:
        if self._edge is None or self._edge_of != log.id or self._edge.size != log.size:
            return store.edge(log.id, log.size)
        return self._edge


def year_of(t: int) -> int:
    """Return the year of a moment (µs since 1970) in the Netherlands."""
    return datetime.fromtimestamp(t / _MICROSECONDS, _ZONE).year


def _end_of(year: int) -> int:
    return int(datetime(year + 1, 1, 1, tzinfo=_ZONE).astimezone(UTC).timestamp()) * _MICROSECONDS


def _now() -> int:
    return time.time_ns() // 1000


def _is_over(log: Log, found: Sequence[Waiting]) -> bool:
    """Say whether the next year has begun, in the clock and in what waits."""
    end = _end_of(log.year)
    return _now() >= end and (not found or found[0].t >= end)


def _open(first: Waiting) -> None:
    """Make the log of the first waiting leaf's year, unless another integrator has opened one meanwhile.

    A year that was closed already gets a second log.
    """
    name = signing.store()
    with group.writer.turn(PATIENCE), transaction.atomic():
        writing.alone()
        if Log.objects.filter(closed_at=None).exists():
            return
        last = Log.objects.order_by("-id").first()
        year = max(year_of(first.t), last.year if last else 0)
        again = Log.objects.filter(year=year).count()
        origin = f"casustafel/{name}/{year}" + (f".{again + 1}" if again else "")
        first_id = last.first_id + last.size if last else first.id
        vkey = signing.signer(origin).vkey
        Log.objects.create(origin=origin, year=year, vkey=vkey, first_id=first_id, size=0)


def _close(log: Log) -> None:
    """End a year's log with a checkpoint over all of it; one that grew meanwhile stays open for another step."""
    _sign(log)
    with group.writer.turn(PATIENCE), transaction.atomic():
        Log.objects.filter(id=log.id, size=log.size, closed_at=None).update(closed_at=_now())


def _sign(log: Log) -> Checkpoint | None:
    latest = store.checkpoint(log.id)
    if log.size == 0 or (latest is not None and latest.size >= log.size):
        return latest
    nodes = store.nodes(log.id)
    if latest is not None and root_of(nodes, latest.size) != bytes(latest.root):
        raise InconsistentLog
    root = root_of(nodes, log.size)
    text = checkpoints.Checkpoint(log.origin, log.size, root).body()
    note = notes.sign(text, [signing.signer(log.origin)])
    with group.writer.turn(PATIENCE), transaction.atomic():
        Checkpoint.objects.bulk_create(
            [Checkpoint(log=log.id, size=log.size, root=root, t=_now(), note=note)], ignore_conflicts=True
        )
    return store.checkpoint(log.id)


_integrator = Integrator()


def integrate() -> int:
    """Take in all that waits, in this thread; return how many leaves got their position."""
    return _integrator.integrate()


def sign() -> Checkpoint | None:
    """Sign the current log at its size; return its latest checkpoint."""
    return _integrator.sign()
