"""A seeded store runs on its world's clock: that moment plus the time since it was first served."""

from datetime import UTC, datetime

from agenda.models import WorldClock
from conference import clock


def keep(starts: datetime) -> None:
    """Let this store's time begin at `starts` when it is first served."""
    WorldClock.objects.update_or_create(id=1, defaults={"starts": starts, "first_served_at": None})
    set_clock()


def set_clock(*, serving: bool = False) -> None:
    """Set this process's clock from the store; `serving` lets a seeded store's time begin to run."""
    row = WorldClock.objects.first()
    if row is None:
        return
    now = datetime.now(UTC)
    if row.first_served_at is None and serving:
        WorldClock.objects.filter(id=1, first_served_at=None).update(first_served_at=now)
        row.refresh_from_db()
    clock.set_offset(row.starts - (row.first_served_at or now))
