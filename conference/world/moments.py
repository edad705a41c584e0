"""Dates and moments of a world file. Pure."""

from datetime import date, datetime

from conference.clock import AMSTERDAM
from conference.covenant.days import day_end, midnight
from conference.world.shape import WorldError

YEARS = range(1900, 2200)  # outside these, ages and terms cannot be reckoned


def moment(text: str, *, end: bool = False) -> datetime:
    """Return an aware moment; a bare date is its beginning or, as an `end`, the end of that day.

    A moment without an offset is Amsterdam's. Raises WorldError("bad_moment").
    """
    if len(text) == len("2026-11-23"):
        return day_end(day(text)) if end else midnight(day(text))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WorldError("bad_moment", "A date or time in the file is not in ISO 8601.") from None
    _check_year(found)
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


def day(text: str) -> date:
    """Return a date. Raises WorldError("bad_moment")."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise WorldError("bad_moment", "A date in the file is not in ISO 8601.") from None
    _check_year(found)
    return found


def _check_year(found: date) -> None:
    if found.year not in YEARS:
        raise WorldError("bad_moment", f"A year in the file lies outside {YEARS.start} to {YEARS.stop - 1}.")
