"""How the log stands: how large, when last signed for, how old the witness's word is, what still waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time

from audit.cosigning import standing as witness
from audit.growth import integrator, store
from conference.clock import AMSTERDAM
from frontend.views.log.figures import grouped
from frontend.views.log.telling import moment

LATE = 60  # seconds after which it is told that entries still wait


@dataclass(frozen=True, slots=True)
class Standing:
    """`code`: good | late (entries wait too long, or the witness's word is old) | broken (the witness refuses).

    `witness`: as `audit.cosigning.standing` tells it. `waiting`: entries without a position, "" when all is well.
    """

    code: str
    entries: str
    signed: datetime | None
    witness: str
    cosigned: datetime | None
    waiting: str


def standing() -> Standing:
    """Return how the log stands now."""
    logs = [log for log in store.logs() if log.removed_at is None]
    latest = store.checkpoint(logs[-1].id) if logs else None
    backlog = integrator.backlog()
    waits = backlog.oldest is not None and time() - backlog.oldest / 1_000_000 > LATE
    seen = witness.state()
    code = "late" if waits or seen.code == witness.OVERDUE else "good"
    return Standing(
        code="broken" if seen.code == witness.REFUSES else code,
        entries=grouped(sum(log.size for log in logs)),
        signed=moment(latest.t) if latest else None,
        witness=seen.code,
        cosigned=None if seen.age is None else datetime.now(AMSTERDAM) - timedelta(seconds=seen.age),
        waiting=grouped(backlog.count) if waits else "",
    )
