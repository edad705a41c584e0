"""What a serving process does for the tree: integrate and sign, and watch that somebody does.

With PostgreSQL one process leads, and the next one takes over when its connection ends.
"""

import threading
import time

import structlog

from audit.growth import integrator
from audit.threads import Lead, leave

INTERVAL = 0.1  # seconds between two looks for what waits
SIGN_EVERY = 10.0  # seconds between two checkpoints while there is news
WATCH_EVERY = 5.0  # seconds between two looks at the backlog
LATE = 30.0  # seconds that a leaf may wait before somebody must know
_AFTER_TROUBLE = 1.0
_LEADER = 0x4361_7374  # "Cast"

log = structlog.get_logger(__name__)
_sign_now = threading.Event()


def sign_soon() -> None:
    """Ask for a checkpoint now: a conference has closed. Costs the caller nothing."""
    _sign_now.set()


class Integrating:
    """Gives positions every tenth of a second, and signs at least every ten seconds while there is news."""

    def __init__(self) -> None:
        self._work = integrator.Integrator()
        self._lead = Lead(_LEADER)
        self._signed = 0.0
        self._trouble = ""

    def look(self) -> None:
        """Take in what waits, when this process leads, and sign when it is time."""
        try:
            if self._lead.held():
                self._work.integrate()
                self._sign_in_time()
            self._trouble = ""
        except Exception as error:  # noqa: BLE001  the log goes on without its tree; the watch tells the backlog
            self._fail(error)

    def finish(self) -> None:
        """Take in and sign what is left."""
        sign_soon()
        self.look()

    def _sign_in_time(self) -> None:
        if _sign_now.is_set() or time.monotonic() - self._signed >= SIGN_EVERY:
            _sign_now.clear()
            self._work.sign()
            self._signed = time.monotonic()

    def _fail(self, error: Exception) -> None:
        told = f"{type(error).__name__}:{getattr(error, 'code', '')}"
        if told != self._trouble:
            log.error("audit_integrator_failed", error=type(error).__name__, code=getattr(error, "code", "failed"))
        self._trouble = told
        leave()
        time.sleep(_AFTER_TROUBLE)


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
            leave()
            return
        late = waits.oldest is not None and time.time() - waits.oldest / 1_000_000 > LATE
        if late and not self.raised:
            log.error("audit_backlog", count=waits.count)
        if self.raised and not late:
            log.info("audit_backlog_cleared")
        self.raised = late

    def finish(self) -> None:
        """Nothing is left to do."""
