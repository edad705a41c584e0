"""Reminders: what ends, must be asked anew or must be told, and from which day on that is said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.covenant.days import day_end
from consent.reminders import LEAD, Kind, Known, Line, Reminder, Task, last_day, reminders
from consent.states import PERMITTING, State
from consent.talk import Reflection

TODAY = date(2026, 11, 23)
SHE = uuid4()


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def line(**changes: Any) -> Line:
    base: dict[str, Any] = {
        "party": "kwintes", "category": "gez", "state": State.GIVEN, "ends": None, "review_on": None,
    }  # fmt: skip
    return Line(**(base | changes))


def of(today: date = TODAY, **known: Any) -> list[Reminder]:
    return reminders([Known(subject=SHE, **known)], today)


# --- lead times ------------------------------------------------------------------------

MAKE: Mapping[Kind, Any] = {
    Kind.CONSENT_ENDS: lambda day: {"lines": [line(ends=day_end(day))]},
    Kind.REVIEW: lambda day: {"lines": [line(review_on=day)]},
    Kind.TURNS: lambda day: {"turning": {16: day}},
    Kind.REFLECTION_ENDS: lambda day: {
        "reflection": Reflection(stage="bedenktijd", starts=day - timedelta(days=30), ends=day)
    },
}


@pytest.mark.parametrize("kind", MAKE)
def test_a_reminder_begins_at_its_lead_time_and_not_a_day_before(kind: Kind) -> None:
    lead = LEAD[kind]
    assert lead is not None
    assert of(**MAKE[kind](days(lead + 1))) == []
    (one,) = of(**MAKE[kind](days(lead)))
    assert (one.kind, one.day, one.left, one.subject) == (kind, days(lead), lead, SHE)


@pytest.mark.parametrize("kind", MAKE)
def test_on_its_own_day_it_is_still_there(kind: Kind) -> None:
    """A birthday is the day on which it is over: the reminder is for the days before."""
    found = of(**MAKE[kind](TODAY))
    assert [one.left for one in found] == ([] if kind is Kind.TURNS else [0])


def test_a_review_that_was_forgotten_stays_and_is_late() -> None:
    (one,) = of(lines=[line(review_on=days(-40))])
    assert (one.kind, one.left) == (Kind.REVIEW, -40)


@pytest.mark.parametrize("kind", ["tell_receiver", "tell_person"])
@pytest.mark.parametrize("due", [-90, 0, 7, 400])
def test_what_must_be_told_is_always_there(kind: str, due: int) -> None:
    task = Task(id=uuid4(), kind=kind, party="kwintes", category="gez", due=days(due))
    (one,) = of(tasks=[task])
    assert (one.kind, one.task, one.left, one.party, one.category) == (kind, task.id, due, "kwintes", "gez")


@pytest.mark.parametrize(("left", "step"), [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (0, 7)])
def test_a_reflection_period_grows_more_urgent_at_thirty_fourteen_and_seven_days(left: int, step: int | None) -> None:
    found = of(reflection=Reflection(stage="bedenktijd", starts=days(-30), ends=days(left)))
    assert [one.step for one in found] == ([step] if step else [])


# --- what needs no reminder --------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(set(State) - PERMITTING))
def test_a_line_that_permits_nothing_reminds_of_nothing(state: State) -> None:
    assert of(lines=[line(state=state, ends=day_end(days(3)), review_on=days(3))]) == []


def test_a_line_without_an_end_and_a_period_that_is_over_remind_of_nothing() -> None:
    assert of(lines=[line()]) == []
    assert of(reflection=Reflection(stage="bedenktijd", starts=days(-90), ends=days(-1))) == []
    assert of(reflection=Reflection(stage="slachtoffer", starts=days(-90), ends=days(3))) == []
    assert of(turning={12: days(-2), 18: days(-1)}) == []


# --- days --------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 10, 24), date(2026, 10, 25), date(2027, 3, 27), date(2027, 3, 28)])
def test_the_last_day_is_the_whole_day_before_the_end_also_when_the_clock_changes(day: date) -> None:
    assert last_day(day_end(day)) == day


def test_the_last_day_of_an_end_within_a_day_is_that_day() -> None:
    assert last_day(datetime(2026, 12, 1, 12, tzinfo=UTC)) == date(2026, 12, 1)
    assert last_day(None) is None


def test_the_earliest_day_comes_first_over_all_victims() -> None:
    other = UUID(int=1, version=4)
    found = reminders(
        [
            Known(subject=SHE, lines=[line(ends=day_end(days(9)), review_on=days(3))], turning={18: days(5)}),
            Known(subject=other, lines=[line(ends=day_end(days(4)))]),
        ],
        TODAY,
    )
    assert [(one.kind, one.left) for one in found] == [
        (Kind.REVIEW, 3), (Kind.CONSENT_ENDS, 4), (Kind.TURNS, 5), (Kind.CONSENT_ENDS, 9),
    ]  # fmt: skip
    assert [one.subject for one in found] == [SHE, other, SHE, SHE]


@given(st.integers(-400, 400), st.integers(-400, 400), st.sampled_from(sorted(PERMITTING)))
def test_a_reminder_once_begun_stays_until_its_day_has_passed(ends: int, wait: int, state: State) -> None:
    lines = [line(state=state, ends=day_end(days(ends)))]
    shown = [bool(of(days(at), lines=lines)) for at in sorted((wait, wait + 1))]
    assert shown[0] <= shown[1]
    assert shown[0] == (ends - wait <= 30)
