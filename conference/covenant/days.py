"""Days and ages of Europe/Amsterdam, as exact moments in UTC. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from conference.clock import AMSTERDAM

BAND_STARTS = (0, 12, 16, 18, 23, 30, 40)
BANDS = ("0-11", "12-15", "16-17", "18-22", "23-29", "30-39", "40+")
ADULT = 18


@lru_cache(maxsize=4096)
def midnight(day: date) -> datetime:
    """Return 0:00 of a day in Amsterdam, as a moment in UTC."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Return the moment at which a day is over: 0:00 of the next, in UTC."""
    return midnight(day + timedelta(days=1))


@lru_cache(maxsize=4096)
def day_of(moment: datetime) -> date:
    """Return the day in Amsterdam of an aware moment."""
    return moment.astimezone(AMSTERDAM).date()


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody turns `age`; born on 29 February counts from 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date | None, on: date) -> int | None:
    """Return somebody's age in whole years on a day; None when unknown or still to come."""
    if born is None or on < born:
        return None
    years = on.year - born.year
    return years if birthday(born, years) <= on else years - 1


def is_minor(born: date | None, on: date) -> bool:
    """Tell whether a known birth date makes somebody under 18; a date still to come is not known."""
    return born is not None and born <= on < birthday(born, ADULT)


def age_band(born: date | None, on: date) -> str | None:
    """Return the age band ("0-11" ... "40+") on a day; None when unknown or still to come."""
    if born is None or on < born:
        return None
    reached = sum(1 for age in BAND_STARTS if birthday(born, age) <= on)
    return BANDS[reached - 1]


@lru_cache(maxsize=65536)
def next_band_change(born: date | None, on: date) -> datetime | None:
    """Return when the age band next changes after a day; None when it never does.

    Adulthood is one of the bands' edges, so this also tells when a minor turns 18 or earlier.
    """
    if born is None:
        return None
    return next((midnight(day) for age in BAND_STARTS if (day := birthday(born, age)) > on), None)
