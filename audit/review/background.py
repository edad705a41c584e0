"""The thread behind a serving process that reviews: at its start, and every hour.

With PostgreSQL every process has one; an advisory lock lets one of them review at a time.
"""

import contextlib
import threading

import structlog
from django.db import connection

from audit.review.run import FactsFor, run

EVERY = 3_600.0  # seconds between two runs
FIRST = 20.0  # seconds after the start: those who log in then come first
_PATIENCE = 5.0

log = structlog.get_logger(__name__)


class Reviewing:
    """The thread of a process."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, facts_for: FactsFor) -> None:
        """Begin; what runs already stays."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._work, args=(facts_for,), name="audit-review", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the run that is at work, or after five seconds."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
            self._thread = None

    def _work(self, facts_for: FactsFor) -> None:
        wait = FIRST
        while not self._stopping.wait(wait):
            look(facts_for)
            wait = EVERY


def look(facts_for: FactsFor) -> None:
    """Run once; trouble is told to the operator, and the next hour tries again."""
    try:
        run(facts_for)
    except Exception as error:  # noqa: BLE001  whatever it was: the log and its readers go on without a review
        log.error("audit_review_failed", error=type(error).__name__)  # noqa: TRY400  a traceback could name people
    finally:
        with contextlib.suppress(Exception):  # it is broken, or the process ends
            connection.close()


reviewing = Reviewing()
