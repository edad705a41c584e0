"""How the log stands: its size, its last signature, the witness's word, what waits, what the last check found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time

from audit.cosigning import standing as witness
from audit.growth import integrator, store
from audit.proving import daily
from conference.clock import AMSTERDAM
from frontend.views.log.figures import grouped
from frontend.views.log.telling import moment

LATE = 60  # seconds after which it is told that entries still wait


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands at this moment.

    `code`: good | late (entries wait too long, or the witness's word is old) | broken (the witness refuses) |
    damaged (the last check found an entry or a table that is not as it was signed).
    `witness`: as `audit.cosigning.standing` tells it. `waiting`: entries without a position, "" when all is well.
    """

    code: str
    entries: str
    signed: datetime | None
    witness: str
    cosigned: datetime | None
    waiting: str
    checked: datetime | None
    first_bad: str


def standing() -> Standing:
    """Return how the log stands now."""
    logs = [log for log in store.logs() if log.removed_at is None]
    latest = store.checkpoint(logs[-1].id) if logs else None
    backlog = integrator.backlog()
    waits = backlog.oldest is not None and time() - backlog.oldest / 1_000_000 > LATE
    seen = witness.state()
    check = daily.latest()
    return Standing(
        code=_code(damaged=check is not None and not check.ok, waits=waits, word=seen.code),
        entries=grouped(sum(log.size for log in logs)),
        signed=moment(latest.t) if latest else None,
        witness=seen.code,
        cosigned=None if seen.age is None else datetime.now(AMSTERDAM) - timedelta(seconds=seen.age),
        waiting=grouped(backlog.count) if waits else "",
        checked=check.at.astimezone(AMSTERDAM) if check else None,
        first_bad=grouped(check.first_bad) if check and check.first_bad is not None else "",
    )


def _code(*, damaged: bool, waits: bool, word: str) -> str:
    if damaged:
        return "damaged"
    if word == witness.REFUSES:
        return "broken"
    return "late" if waits or word == witness.OVERDUE else "good"
