"""Dates and moments of a world file. Pure."""

from datetime import date, datetime

from conference.clock import AMSTERDAM
from conference.covenant.days import day_end, midnight
from conference.world.shape import WorldError


def moment(text: str, *, end: bool = False) -> datetime:
    """Return an aware moment; a bare date is its beginning or, as an `end`, the end of that day.

    A moment without an offset is Amsterdam's. Raises WorldError("bad_moment").
    """
    try:
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text)
            return day_end(day) if end else midnight(day)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WorldError("bad_moment", "A date or time in the file is not in ISO 8601.") from None
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


def day(text: str) -> date:
    """Return a date. Raises WorldError("bad_moment")."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WorldError("bad_moment", "A date in the file is not in ISO 8601.") from None
