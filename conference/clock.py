"""The product's clock: what day it is for covenant, consent and agenda. Pure.

A seeded store runs on its own time (the world's `clock` plus the time since its
first start). The log, sessions and second-factor codes use the machine's time.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_offset = timedelta()


def set_offset(offset: timedelta) -> None:
    """Let the product's time be the machine's plus `offset`; once, at start."""
    global _offset  # noqa: PLW0603  the one clock of this process
    _offset = offset


def offset() -> timedelta:
    """Return how far the product's time is ahead of the machine's."""
    return _offset


def now() -> datetime:
    """Return the product's time, aware, UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """Return the product's day in Amsterdam."""
    return now().astimezone(AMSTERDAM).date()
