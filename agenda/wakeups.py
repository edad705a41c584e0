"""Brings wake-ups to the hub: from this process's threads, and over PostgreSQL from the others.

A notification carries the name of a scope and nothing else. One that is lost costs at
most a second: every pump looks once a second by itself.
"""

import queue
import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import Error, connection

from agenda.room import room
from conference import wake

CHANNEL = "casustafel_wake"
PATIENCE = 1.0  # seconds before a broken connection is tried again
LOOK = 5.0  # seconds between two looks at whether the connection still stands
EVERYTHING = "people"  # the scope that concerns every pump

log = structlog.get_logger("agenda.wakeups")


def connect() -> None:
    """Let every wake-up of this process reach its hub and, on PostgreSQL, every other process's."""
    wake.connect(room().hub.rouse)
    if settings.CONFIG.postgres:
        Relay().start()


class Relay:
    """Two daemon threads, each with a database connection of its own: one tells, one listens."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._own = 0  # the telling connection's number, to leave out our own echo

    def start(self) -> None:
        """Start both threads; they last as long as the process."""
        wake.connect(self._waiting.put)
        for work in (self._tell, self._listen):
            threading.Thread(target=self._forever, args=(work,), name=f"wake{work.__name__}", daemon=True).start()

    def _forever(self, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except Error as error:
                log.warning("wakeups.interrupted", error=type(error).__name__)
            connection.close()
            time.sleep(PATIENCE)

    def _tell(self) -> None:
        with connection.cursor() as cursor:
            self._own = connection.connection.info.backend_pid
            while True:
                for scope in self._taken():
                    cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, scope])

    def _taken(self) -> set[str]:
        """Wait for a scope, and take with it whatever else waits: once each."""
        scopes = {self._waiting.get()}
        while not self._waiting.empty():
            scopes.add(self._waiting.get())
        return scopes

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
            room().hub.rouse(EVERYTHING)  # whatever was told while nobody listened
            while True:
                for notification in connection.connection.notifies(timeout=LOOK):
                    if notification.pid != self._own:
                        room().hub.rouse(notification.payload)
                cursor.execute("SELECT 1")
