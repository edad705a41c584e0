"""The review in a serving process: soon after its start, and every hour.

With PostgreSQL every process tries; an advisory lock lets one run at a time.
"""

import structlog

from audit.review.run import FactsFor, run
from audit.threads import leave

EVERY = 3_600.0  # seconds between two runs
FIRST = 20.0  # seconds after the start: those who log in then come first

log = structlog.get_logger(__name__)


class Reviewing:
    """Runs the review. `facts_for`: what was recorded in a period, handed in from above."""

    def __init__(self, facts_for: FactsFor) -> None:
        self._facts_for = facts_for

    def look(self) -> None:
        """Run once; trouble is told to the operator, and the next hour tries again."""
        try:
            run(self._facts_for)
        except Exception as error:  # noqa: BLE001  whatever it was: the log and its readers go on without a review
            log.error("audit_review_failed", error=type(error).__name__)  # noqa: TRY400  a traceback could name people
        finally:
            leave()

    def finish(self) -> None:
        """Nothing is left to do: a run can be repeated."""
