"""Days, times and counts in words: 23 november 2026, 13.30 uur, 3 besluiten. Pure."""

from datetime import date, datetime

from agenda.exports.words import Plural, Words
from conference.clock import AMSTERDAM


def day(words: Words, when: date) -> str:
    """Return "23 november 2026"; of a moment its day in Amsterdam."""
    local = _local_day(when)
    return f"{local.day} {words.months[local.month - 1]} {local.year}"


def long_day(words: Words, when: date) -> str:
    """Return "maandag 23 november 2026"."""
    return f"{words.days[_local_day(when).weekday()]} {day(words, when)}"


def short_day(words: Words, when: date) -> str:
    """Return "ma 23 november 2026"."""
    return f"{words.days_short[_local_day(when).weekday()]} {day(words, when)}"


def clock_time(words: Words, when: datetime) -> str:
    """Return "13.30 uur", Amsterdam time. `when` is aware."""
    return words.clock.format(time=_figures(when))


def period(words: Words, start: datetime, end: datetime | None) -> str:
    """Return "maandag 23 november 2026, 13.30 tot 14.40 uur", or only the start."""
    if end is None:
        return f"{long_day(words, start)}, {clock_time(words, start)}"
    until = words.period.format(start=_figures(start), end=clock_time(words, end))
    return f"{long_day(words, start)}, {until}"


def count(number: int, nouns: Plural) -> str:
    """Return "1 besluit" or "3 besluiten"."""
    return f"{number} {nouns[0] if number == 1 else nouns[1]}"


def _figures(when: datetime) -> str:
    local = when.astimezone(AMSTERDAM)
    return f"{local.hour}.{local.minute:02d}"


def _local_day(when: date) -> date:
    return when.astimezone(AMSTERDAM).date() if isinstance(when, datetime) else when
