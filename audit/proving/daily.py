"""The daily check: the whole log from end to end, early in the morning, and its result kept for the desk.

BIO2 8.15.06 asks for a periodic, independent test of the log's integrity. This is the periodic half;
the independent one is the witness's, or anybody's who checks an export.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from audit.models import Check
from audit.proving.checking import check
from audit.record import write_lock
from audit.threads import Lead, leave

EVERY = 600.0  # seconds between two looks whether it is time
FIRST = 60.0  # seconds after the start: those who log in then come first
HOUR = 5  # of the day, in the Netherlands: nobody meets then
_ZONE = ZoneInfo("Europe/Amsterdam")
_LEADER = 0x4361_7376  # "Casv"

log = structlog.get_logger(__name__)


def latest() -> Check | None:
    """Return the latest check; None in a store that was never checked."""
    return Check.objects.order_by("-at", "-id").first()


def due(now: datetime, last: datetime | None) -> bool:
    """Say whether the log has not been checked since the last morning."""
    local = now.astimezone(_ZONE)
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if local < morning:
        morning = (local - timedelta(days=1)).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return last is None or last < morning


def run() -> Check:
    """Check all logs now and keep the result. Raises LogUnavailable."""
    found = check()
    bad = next((one for one in found if not one.verdict.ok), None)
    made = Check(
        at=datetime.now(UTC),
        entries=sum(one.verdict.size for one in found if not one.removed),
        ok=bad is None,
        year=bad.year if bad else None,
        first_bad=bad.verdict.first_bad if bad else None,
        reason=(bad.verdict.reason or "") if bad else "",
    )
    with write_lock(), transaction.atomic():
        made.save()
    return made


class Checking:
    """Runs the check once a day in a serving process; a log that is damaged is an alarm."""

    def __init__(self) -> None:
        self._lead = Lead(_LEADER)

    def look(self) -> None:
        """Check when it is time; trouble is told to the operator, and the next look tries again."""
        try:
            last = latest()
            if self._lead.held() and due(datetime.now(UTC), last.at if last else None):
                self._tell(run(), last)
        except Exception as error:  # noqa: BLE001  whatever it was: the log goes on, and is checked later
            log.error("audit_check_failed", error=type(error).__name__)  # noqa: TRY400  no texts of the database
            leave()

    def finish(self) -> None:
        """Nothing is left to do."""

    def _tell(self, made: Check, before: Check | None) -> None:
        if not made.ok:
            log.error("audit_log_damaged", code=made.reason, seq=made.first_bad)
        elif before is not None and not before.ok:
            log.info("audit_log_good_again")
