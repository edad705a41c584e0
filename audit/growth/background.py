"""The threads behind a serving process: one integrates and signs, one watches that it does.

With PostgreSQL every process has them; an advisory lock lets one process integrate at a time, and
the next one takes over when its connection ends. With SQLite there is one process.
"""

import contextlib
import threading
import time

import structlog
from django.db import connection

from audit.growth import integrator

INTERVAL = 0.1  # seconds between two looks for what waits
SIGN_EVERY = 10.0  # seconds between two checkpoints while there is news
WATCH_EVERY = 5.0  # seconds between two looks at the backlog
LATE = 30.0  # seconds that a leaf may wait before somebody must know
_AFTER_TROUBLE = 1.0
_LEADER = 0x4361_7374  # "Cast": the advisory lock of the process that integrates

log = structlog.get_logger(__name__)


class Integrating:
    """The thread that integrates: every tenth of a second, and signs at least every ten seconds."""

    def __init__(self) -> None:
        self._work = integrator.Integrator()
        self._signed = 0.0
        self._soon = threading.Event()
        self._leads = False
        self._trouble = ""

    def sign_soon(self) -> None:
        """Let the next look end with a checkpoint: a conference has closed."""
        self._soon.set()

    def look(self) -> None:
        """Take in what waits, when this process leads, and sign when it is time."""
        try:
            if self._lead():
                self._work.integrate()
                self._sign_in_time()
            self._trouble = ""
        except Exception as error:  # noqa: BLE001  the log goes on without its tree; the watch tells the backlog
            self._fail(error)

    def _lead(self) -> bool:
        if connection.vendor == "sqlite" or (self._leads and connection.connection is not None):
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER])
            self._leads = bool(cursor.fetchone()[0])
        return self._leads

    def _sign_in_time(self) -> None:
        if self._soon.is_set() or time.monotonic() - self._signed >= SIGN_EVERY:
            self._soon.clear()
            self._work.sign()
            self._signed = time.monotonic()

    def _fail(self, error: Exception) -> None:
        told = f"{type(error).__name__}:{getattr(error, 'code', '')}"
        if told != self._trouble:
            log.error("audit_integrator_failed", error=type(error).__name__, code=getattr(error, "code", "failed"))
        self._trouble = told
        self.close()
        time.sleep(_AFTER_TROUBLE)

    def close(self) -> None:
        """Give the connection back, and with it the lead."""
        self._leads = False
        with contextlib.suppress(Exception):  # it is broken, or the process ends
            connection.close()


class Watch:
    """Raises the alarm when leaves wait too long for their position, and takes it back."""

    def __init__(self) -> None:
        self.raised = False

    def look(self) -> None:
        """Compare the oldest waiting leaf with the clock."""
        try:
            waits = integrator.backlog()
        except Exception as error:  # noqa: BLE001  a database that is gone is told by others
            log.warning("audit_watch_failed", error=type(error).__name__)
            self.close()
            return
        late = waits.oldest is not None and time.time() - waits.oldest / 1_000_000 > LATE
        if late and not self.raised:
            log.error("audit_backlog", count=waits.count)
        if self.raised and not late:
            log.info("audit_backlog_cleared")
        self.raised = late

    def close(self) -> None:
        """Give the connection back."""
        with contextlib.suppress(Exception):  # it is broken, or the process ends
            connection.close()


class Background:
    """Both threads of a process."""

    def __init__(self) -> None:
        self.integrating = Integrating()
        self.watch = Watch()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start both threads; what runs already stays."""
        if self._threads:
            return
        self._stopping.clear()
        for worker, interval in ((self.integrating, INTERVAL), (self.watch, WATCH_EVERY)):
            thread = threading.Thread(target=self._run, args=(worker, interval), name="audit-tree", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End both threads; what waits is taken in and signed at the end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(5.0)
        self._threads.clear()

    def _run(self, worker: Integrating | Watch, interval: float) -> None:
        while not self._stopping.wait(interval):
            worker.look()
        if isinstance(worker, Integrating):
            worker.sign_soon()
            worker.look()
        worker.close()


background = Background()


def sign_soon() -> None:
    """Ask for a checkpoint now: a conference has closed. Costs the caller nothing."""
    background.integrating.sign_soon()
