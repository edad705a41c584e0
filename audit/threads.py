"""The threads behind a serving process: each looks at its work again and again, and nobody waits for them.

With PostgreSQL every process has them; a `Lead` lets one process at a time do what needs one only.
"""

import contextlib
import threading
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

_PATIENCE = 5.0  # seconds that the process waits for a thread at its end


class Worker(Protocol):
    """Work that is looked at from time to time; it tells its own trouble and never raises."""

    def look(self) -> None:
        """Do what is to be done now."""

    def finish(self) -> None:
        """Do what must still be done before the process ends."""


class Lead:
    """The lead among processes: an advisory lock that lives as long as this thread's connection.

    `key`: a number of its own for each kind of work. With SQLite there is one process, which leads.
    """

    def __init__(self, key: int) -> None:
        self._key = key
        self._held: object = None

    def held(self) -> bool:
        """Whether this process leads, now or from now on."""
        if connection.vendor == "sqlite":
            return True
        if self._held is not None and self._held is connection.connection:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self._key])
            self._held = connection.connection if cursor.fetchone()[0] else None
        return self._held is not None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A worker and how often it looks. `every`, `first`: seconds between two looks, and before the first."""

    name: str
    worker: Worker
    every: float
    first: float


class Threads:
    """One thread for each worker, of one process."""

    def __init__(self, rhythms: list[Rhythm]) -> None:
        self._rhythms = rhythms
        self._stopping = threading.Event()
        self._running: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; what runs already stays."""
        if self._running:
            return
        self._stopping.clear()
        for one in self._rhythms:
            thread = threading.Thread(target=self._run, args=(one,), name=f"audit-{one.name}", daemon=True)
            self._running.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each finish what must be finished; waits at most five seconds for each."""
        self._stopping.set()
        for thread in self._running:
            thread.join(_PATIENCE)
        self._running.clear()

    def _run(self, one: Rhythm) -> None:
        wait = one.first
        while not self._stopping.wait(wait):
            one.worker.look()
            wait = one.every
        one.worker.finish()
        leave()


def leave() -> None:
    """Give this thread's connection back, and with it every lead: it is broken, or the process ends."""
    with contextlib.suppress(Exception):
        connection.close()
