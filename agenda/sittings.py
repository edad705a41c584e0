"""Presence between processes: a row per socket that lives 30 s unless its process renews it."""

from datetime import UTC, datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from agenda.hub import Seat, Sitting
from agenda.models import PresenceRow

LIVES = timedelta(seconds=30)


def touch(conference: UUID, sittings: tuple[Sitting, ...], left: tuple[UUID, ...]) -> None:
    """Renew the rows of this process's sockets and drop those that have left, and all that ended."""
    now = datetime.now(UTC)
    PresenceRow.objects.filter(socket__in=left).delete()
    PresenceRow.objects.filter(seen_at__lt=now - LIVES).delete()
    PresenceRow.objects.bulk_create(
        [
            PresenceRow(socket=one.socket, conference=conference, person=one.person, state=one.state, seen_at=now)
            for one in sittings
        ],
        update_conflicts=True,
        unique_fields=["socket"],
        update_fields=["state", "seen_at"],
    )


def rows(conference: UUID) -> tuple[Seat, ...]:
    """Return who has a living row in this conference, of whatever process."""
    living = PresenceRow.objects.filter(conference=conference, seen_at__gte=datetime.now(UTC) - LIVES)
    return tuple(Seat(row.person, cast(Literal["present", "lost"], row.state)) for row in living)
