"""What the register asks somebody to think of, and by which day. Pure.

Source of the days: the register's own terms (review after half a year, or 90 days), B8/3 Vc 2000 for the
reflection period, UAVG 5 and Jeugdwet 7.3.11 for the birthdays, AVG 19 for telling receivers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from conference.clock import AMSTERDAM
from consent.rules import may_be_told
from consent.states import PERMITTING, State
from consent.talk import Reflection, Representative


class Kind(StrEnum):
    """What a reminder is about."""

    CONSENT_ENDS = "consent_ends"
    REVIEW = "review"
    TURNS = "turns"
    REFLECTION_ENDS = "reflection_ends"
    TELL_RECEIVER = "tell_receiver"
    TELL_PERSON = "tell_person"


LEAD: Mapping[Kind, int | None] = {
    Kind.CONSENT_ENDS: 30,
    Kind.REVIEW: 14,
    Kind.TURNS: 30,
    Kind.REFLECTION_ENDS: 30,
    Kind.TELL_RECEIVER: None,
    Kind.TELL_PERSON: None,
}
"""How many days before its day a reminder begins; None: from the moment that there is one."""

REFLECTION_STEPS = (7, 14, 30)  # days before the end of a reflection period at which it is more urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it stands now; `ends` is exclusive."""

    party: str
    category: str
    state: State
    ends: datetime | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that must be told to a receiver, or to her."""

    id: UUID
    kind: str
    party: str
    category: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All of one victim that reminders come from. `turning`: on which day she turns 12, 16 and 18.

    `representative`: what the register knows of hers; only of whom there is something to tell.
    """

    subject: UUID
    lines: Iterable[Line] = ()
    turning: Mapping[int, date] = field(default_factory=dict)
    reflection: Reflection = field(default_factory=Reflection)
    tasks: Iterable[Task] = ()
    representative: Representative = field(default_factory=Representative)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder. `day`: the last day for it; `left`: days until then, negative when it has passed.

    `step`: of a reflection period the mark (30, 14 or 7 days) that was passed last, else None. `age`: what she
    turns. `task`: what is closed once it is told. `others`: of telling her, whether her representative may be
    told too (None: she has none, or it is about somebody else).
    """

    kind: Kind
    subject: UUID
    day: date
    left: int
    party: str = ""
    category: str = ""
    age: int | None = None
    step: int | None = None
    task: UUID | None = None
    others: bool | None = None


def reminders(known: Iterable[Known], today: date) -> list[Reminder]:
    """Return what is within its lead time, the earliest day first."""
    found = [one for about in known for one in _of(about, today) if _due(one)]
    return sorted(found, key=lambda one: (one.day, one.kind, one.subject.int, one.party, one.category))


def _due(one: Reminder) -> bool:
    lead = LEAD[one.kind]
    return lead is None or one.left <= lead


def _of(known: Known, today: date) -> Iterator[Reminder]:
    yield from _of_lines(known, today)
    for age, day in known.turning.items():
        if day > today:
            yield Reminder(kind=Kind.TURNS, subject=known.subject, day=day, left=_days(today, day), age=age)
    yield from _of_reflection(known, today)
    for task in known.tasks:
        yield Reminder(
            kind=Kind(task.kind), subject=known.subject, day=task.due, left=_days(today, task.due),
            party=task.party, category=task.category, task=task.id, others=_others(task, known.representative),
        )  # fmt: skip


def _others(task: Task, representative: Representative) -> bool | None:
    """Whoever may be part of what happened to her is told nothing, by no way at all."""
    if task.kind != Kind.TELL_PERSON or not representative.role:
        return None
    return may_be_told(representative)


def _of_lines(known: Known, today: date) -> Iterator[Reminder]:
    """What holds ends, or is asked anew; what holds no longer needs no reminder."""
    for line in known.lines:
        if line.state not in PERMITTING:
            continue
        days = {Kind.CONSENT_ENDS: last_day(line.ends), Kind.REVIEW: line.review_on}
        for kind, day in days.items():
            if day is not None:
                yield Reminder(
                    kind=kind, subject=known.subject, day=day, left=_days(today, day),
                    party=line.party, category=line.category,
                )  # fmt: skip


def _of_reflection(known: Known, today: date) -> Iterator[Reminder]:
    """Only a period that runs can end; its last day still counts."""
    ends = known.reflection.ends
    if known.reflection.stage != "bedenktijd" or ends is None or ends < today:
        return
    left = _days(today, ends)
    step = next((mark for mark in REFLECTION_STEPS if left <= mark), None)
    yield Reminder(kind=Kind.REFLECTION_ENDS, subject=known.subject, day=ends, left=left, step=step)


def last_day(ends: datetime | None) -> date | None:
    """Return the last day on which a line holds: the one before an exclusive end at midnight; None without an end."""
    return (ends - timedelta(microseconds=1)).astimezone(AMSTERDAM).date() if ends else None


def _days(today: date, day: date) -> int:
    return (day - today).days
