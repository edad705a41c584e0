"""Days as people in the Netherlands live them, and the moments of the log (µs since 1970). Pure."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
MICROSECONDS = 1_000_000
LATEST = 2**52  # µs since 1970: the year 2112, far within what a calendar knows
_HOUR = 3_600 * MICROSECONDS


def day_of(t: int) -> int:
    """Return the day of a moment, as the number of `date.toordinal`; outside 1970-2112 the nearest that is in it."""
    # The clock is set forward and back on the hour: within an hour the day never changes.
    return _day_of_hour(min(max(t, 0), LATEST) // _HOUR)


@lru_cache(maxsize=4_096)
def _day_of_hour(hour: int) -> int:
    return datetime.fromtimestamp(hour * _HOUR // MICROSECONDS, ZONE).toordinal()


def start_of(day: int) -> int:
    """Return the moment at which a day begins."""
    return int(datetime.combine(date.fromordinal(day), time(), ZONE).timestamp()) * MICROSECONDS


def begins_a_day(t: int) -> bool:
    """Whether a moment is a midnight."""
    return start_of(day_of(t)) == t
