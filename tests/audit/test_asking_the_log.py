"""The log is asked by case, person, party, subject, period and outcome, newest first."""

import time
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from audit import marks
from audit.models import Leaf
from audit.queries import Choices, Place, Question, Row, choices, page, totals
from audit.record import Entry, record

pytestmark = pytest.mark.django_db

CASE, PERSON, OTHER, SUBJECT = (uuid4() for _ in range(4))


def write(*entries: Entry) -> None:
    with transaction.atomic():
        for entry in entries:
            record(entry)
            time.sleep(0.00001)


@pytest.fixture
def log() -> list[Entry]:
    entries = [
        Entry(act="case.viewed", origin="http", actor=PERSON, party="politie", case=CASE),
        Entry(act="conference.pushed", origin="socket", recipients=(OTHER, PERSON), party="kwintes", case=CASE),
        Entry(act="case.viewed", origin="http", actor=OTHER, party="kwintes", case=CASE, out="deny", reason="own_only"),
        Entry(act="consent.given", origin="http", actor=OTHER, party="kwintes", subject=SUBJECT),
    ]
    write(*entries)
    return entries


def acts(rows: list[Row]) -> list[str]:
    return [row.leaf["act"] for row in rows]


def test_a_case_is_told_newest_first(log: list[Entry]) -> None:
    rows = page(Question(case=CASE)).rows
    assert [row.leaf["out"] for row in rows] == ["deny", "permit", "permit"]
    assert acts(rows) == ["case.viewed", "conference.pushed", "case.viewed"]


def test_a_person_is_found_as_actor_and_as_one_who_was_reached(log: list[Entry]) -> None:
    assert acts(page(Question(person=PERSON, case=CASE)).rows) == ["conference.pushed", "case.viewed"]
    assert len(page(Question(person=OTHER)).rows) == 3


def test_the_other_questions_narrow_it_down(log: list[Entry]) -> None:
    assert len(page(Question(party="kwintes", case=CASE)).rows) == 2
    assert acts(page(Question(subject=SUBJECT)).rows) == ["consent.given"]
    assert acts(page(Question(case=CASE, marks=marks.REFUSED)).rows) == ["case.viewed"]
    assert acts(page(Question(case=CASE, act="conference.pushed")).rows) == ["conference.pushed"]
    assert page(Question(case=uuid4())).rows == []


def test_a_period_has_a_first_moment_and_ends_before_its_last(log: list[Entry]) -> None:
    times = [row.t for row in reversed(page(Question(case=CASE)).rows)]
    assert [row.t for row in page(Question(case=CASE, since=times[1])).rows] == [times[2], times[1]]
    assert [row.t for row in page(Question(case=CASE, until=times[1])).rows] == [times[0]]
    assert page(Question(case=CASE, since=times[2], until=times[2])).rows == []


def test_pages_follow_each_other_without_gap_or_repeat_while_the_log_grows() -> None:
    case = uuid4()
    write(*(Entry(act="case.viewed", origin="http", case=case) for _ in range(23)))
    expected = list(Leaf.objects.filter(case_id=case).order_by("-t", "-id").values_list("id", flat=True))
    found, place = [], None
    for _ in range(10):
        shown = page(Question(case=case), place, size=5)
        found += [row.id for row in shown.rows]
        write(Entry(act="case.viewed", origin="http", case=case))
        place = shown.older
        if place is None:
            break
    assert found == expected


def test_entries_of_one_microsecond_are_all_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    case = uuid4()
    moment = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: moment)
    write(*(Entry(act="case.viewed", origin="http", case=case) for _ in range(7)))
    first = page(Question(case=case), size=3)
    second = page(Question(case=case), first.older, size=3)
    third = page(Question(case=case), second.older, size=3)
    assert len({row.id for shown in (first, second, third) for row in shown.rows}) == 7
    assert third.older is None


def test_totals_count_all_that_answers_and_what_was_refused(log: list[Entry]) -> None:
    found = totals(Question(case=CASE))
    assert (found.entries, found.refused) == (3, 1)


def test_one_can_choose_from_what_occurs(log: list[Entry]) -> None:
    found = choices()
    assert isinstance(found, Choices)
    assert CASE in found.cases
    assert {PERSON, OTHER} <= set(found.people)
    assert {"politie", "kwintes"} <= set(found.parties)
    assert None not in found.cases
    assert found.first is not None


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_place_survives_its_address(t: int, number: int) -> None:
    assert Place.parse(str(Place(t, number))) == Place(t, number)


@given(st.text() | st.sampled_from(["1", "-", "1-", "-1", "1-x", "١-١", "1--1", f"{2**63}-1", "9" * 40 + "-1"]))
def test_anything_else_is_no_place(text: str) -> None:
    found = Place.parse(text)
    assert found is None or str(found) == text or str(found).replace("-", "").isdigit()


def test_a_row_is_told_from_its_bytes(log: list[Entry]) -> None:
    row = page(Question(subject=SUBJECT)).rows[0]
    assert UUID(row.leaf["actor"]) == OTHER
    assert row.leaf["t"] == row.t
