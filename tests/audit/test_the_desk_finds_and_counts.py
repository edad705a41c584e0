"""Whatever was written, and however much of it has its position: answered whole, once, and counted right."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import marks, tally, words
from audit.days import begins_a_day, day_of, start_of
from audit.growth import integrator, store
from audit.models import Leaf
from audit.queries import Place, Question, Row, bars, choices, lines, page, totals
from audit.queries.statements import select
from audit.record import Entry, record

pytestmark = pytest.mark.django_db

T = TypeVar("T")

DAY = 24 * 3600 * 1_000_000
FIRST = start_of(739_000)  # some day in 2024
ACTS = ("item.viewed", "conference.pushed", "exception.recorded", "export.made", "person.changed", "person.managed",
        "minutes.written", "log.exported", "covenant.adopted")  # fmt: skip


@dataclass(frozen=True)
class Draw:
    """One entry, with small numbers in place of ids."""

    act: str
    out: str
    reason: str | None
    actor: int | None
    recipients: tuple[int, ...]
    case: int | None
    subject: int | None
    party: int | None
    t: int


def some(most: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, most)


drawn = st.builds(
    Draw,
    act=st.sampled_from(ACTS),
    out=st.sampled_from(["permit", "deny", "error"]),
    reason=st.sampled_from([None, "covenant", "exception"]),
    actor=some(2),
    recipients=st.lists(st.integers(0, 2), max_size=3).map(tuple),
    case=some(1),
    subject=some(1),
    party=some(2),
    t=st.integers(FIRST, FIRST + 4 * DAY),
)
bounds = st.none() | st.integers(0, 4).map(lambda day: FIRST + day * DAY) | st.integers(FIRST, FIRST + 4 * DAY)
asked = st.fixed_dictionaries(
    {"case": some(1), "person": some(2), "party": some(2), "subject": some(1), "since": bounds, "until": bounds,
     "marks": st.sampled_from([0, 0, *marks.FOUND, marks.REFUSED | marks.EXPORT]),
     "act": st.none() | st.sampled_from(ACTS)}
)  # fmt: skip


class Names:
    """Ids of this example alone: the log is never emptied."""

    def __init__(self) -> None:
        self.cases, self.people, self.subjects = ([uuid4() for _ in range(3)] for _ in range(3))
        self.parties = [f"party_{uuid4().hex[:8]}" for _ in range(3)]

    def entry(self, draw: Draw) -> Entry:
        return Entry(
            act=draw.act, out=draw.out, reason=draw.reason, origin="http",
            actor=at(self.people, draw.actor), case=at(self.cases, draw.case),
            subject=at(self.subjects, draw.subject), party=at(self.parties, draw.party),
            recipients=tuple(self.people[number] for number in draw.recipients),
        )  # fmt: skip

    def question(self, told: dict[str, int | str | None]) -> Question:
        ids = {"case": self.cases, "person": self.people, "subject": self.subjects, "party": self.parties}
        return Question(**{name: at(ids[name], value) if name in ids else value for name, value in told.items()})  # type: ignore[arg-type]


def at(values: list[T], number: int | None) -> T | None:
    return None if number is None else values[number]


@contextlib.contextmanager
def written(draws: list[Draw], placed: int) -> Iterator[tuple[Names, list[Row]]]:
    """Write entries at their moments, the first `placed` with a position, and undo it all at the end."""
    names = Names()
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        before = Leaf.objects.order_by("-id").values_list("id", flat=True).first() or 0
        for number, draw in enumerate(draws):
            if number == placed:
                integrator.integrate()
            patch.setattr(time, "time_ns", lambda draw=draw: draw.t * 1000)
            record(names.entry(draw))
        patch.undo()
        if placed >= len(draws):
            integrator.integrate()
        rows = Leaf.objects.filter(id__gt=before)
        yield names, [Row(row.id, row.t, as_object(row)) for row in rows]
        transaction.set_rollback(True)


def as_object(row: Leaf) -> dict[str, object]:
    found: dict[str, object] = json.loads(bytes(row.leaf))
    return found


def answers(row: Row, question: Question) -> bool:
    """Say it the long way: by the leaf alone."""
    leaf = row.leaf
    viewed = leaf["act"] in words.VIEWS
    return (
        (question.case is None or leaf["case"] == str(question.case))
        and (question.subject is None or leaf["subject"] == str(question.subject))
        and (question.party is None or leaf["party"] == question.party)
        and (question.person is None or str(question.person) in {leaf["actor"], *leaf["recipients"]})
        and (question.act is None or leaf["act"] == question.act)
        and (question.since is None or row.t >= question.since)
        and (question.until is None or row.t < question.until)
        and marks.marks_of(leaf["act"], leaf["out"], leaf["reason"], viewed=viewed) & question.marks == question.marks
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drawn, max_size=25), st.integers(0, 25), asked)
def test_each_question_is_answered_whole_and_once_and_counted_right(
    draws: list[Draw], placed: int, told: dict[str, int | str | None]
) -> None:
    with written(draws, placed) as (names, rows):
        question = names.question(told)
        # Of a log that other tests write in too only our own people, cases and days are ours alone.
        if question.case is question.person is question.subject is None:
            question = replace(question, since=question.since or FIRST, until=question.until or FIRST + 5 * DAY)
        expected = sorted(((row.t, row.id) for row in rows if answers(row, question)), reverse=True)
        assert [(row.t, row.id) for row in lines(question, step=3)] == expected
        found = [row for row in rows if answers(row, question)]
        counted = totals(question)
        assert (counted.entries, counted.whole) == (len(expected), True)
        assert counted.refused == sum(row.leaf["out"] == "deny" for row in found)
        seen = [row for row in found if row.leaf["act"] in words.VIEWS and row.leaf["out"] != "deny"]
        assert counted.viewed == (len(seen) if question.is_counted else None)
        if question.is_counted:
            days = Counter((day_of(row.t), row.leaf["party"] or "") for row in seen)
            assert Counter({(bar.day, bar.party): bar.viewed for bar in bars(question)}) == days
            assert sum(bar.refused for bar in bars(question)) == counted.refused


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drawn, min_size=1, max_size=25), st.integers(0, 24))
def test_the_counts_are_those_of_a_recount(draws: list[Draw], placed: int) -> None:
    with written(draws, placed):
        integrator.integrate()
        for log in store.logs():
            leaves = [(row.id, row.leaf) for row in store.rows(log, 0, log.size)]
            assert tally.differences(connection, log, leaves) == []


def placed_entry(**fields: object) -> Entry:
    entry = Entry(act="case.viewed", origin="http", actor=uuid4(), case=uuid4(), party="politie", **fields)  # type: ignore[arg-type]
    with transaction.atomic():
        record(entry)
    integrator.integrate()
    return entry


def all_leaves() -> list[tuple[int, bytes]]:
    return [(row.id, bytes(row.leaf)) for row in Leaf.objects.order_by("id")]


def test_a_count_that_somebody_changed_is_found_and_made_anew() -> None:
    entry = placed_entry()
    log = store.logs()[-1]
    leaves = [(row.id, row.leaf) for row in store.rows(log, 0, log.size)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_tally SET n = n + 5 WHERE scope = %s AND key = %s", [tally.CASE, entry.case.bytes])  # type: ignore[union-attr]
    (wrong,) = tally.differences(connection, log, leaves)
    assert (wrong.scope, wrong.key) == (tally.CASE, entry.case.bytes)  # type: ignore[union-attr]
    tally.rebuild(connection, log, leaves)
    assert tally.differences(connection, log, leaves) == []
    assert totals(Question(case=entry.case)).entries == 1


def marked_cells() -> Counter[tuple[int, str]]:
    """How many entries stand in the counts of each mark, by the marks that they carry together, and their party."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, marks, party, n FROM audit_tally WHERE scope = %s", [tally.MARK])
        found: Counter[tuple[int, str]] = Counter()
        for key, kind, party, n in cursor.fetchall():
            assert kind & bytes(key)[0], "a cell of a mark holds only what carries it"
            found[bytes(key)[0], party] += n
    return found


def test_what_is_rare_counts_among_its_own_few_and_everything_else_does_not() -> None:
    placed_entry()  # and with it whatever other tests left waiting
    before = marked_cells()
    placed_entry()
    assert marked_cells() == before
    placed_entry(out="deny", reason="exception")
    assert marked_cells() - before == Counter({(marks.REFUSED, "politie"): 1, (marks.EXCEPTION, "politie"): 1})


@pytest.mark.parametrize("kind", [*marks.FOUND, marks.REFUSED | marks.EXPORT])
@pytest.mark.parametrize("party", [None, "politie"])
def test_how_often_something_rare_happened_is_not_added_up_over_all_that_happened(kind: int, party: str | None) -> None:
    placed_entry(out="deny", reason="exception")
    question = Question(marks=kind, party=party)
    counted, drawn = totals(question), bars(question)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_tally SET n = n + 1000 WHERE scope = %s", [tally.ALL])
    assert (totals(question), bars(question)) == (counted, drawn)


def test_a_store_that_never_counted_its_marks_counts_them_from_what_it_has() -> None:
    placed_entry(out="deny", reason="exception")
    placed_entry(out="deny")
    before = marked_cells()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_tally WHERE scope = %s", [tally.MARK])
    assert marked_cells() == Counter()
    editor = connection.schema_editor(atomic=False)
    import_module("audit.migrations.0008_counts_of_marks").count_marks(None, editor)
    assert marked_cells() == before
    for log in store.logs():
        leaves = [(row.id, row.leaf) for row in store.rows(log, 0, log.size)]
        assert tally.differences(connection, log, leaves) == []


def test_what_is_no_leaf_gets_its_place_and_stops_nothing() -> None:
    before = totals(Question()).entries
    tally.take(connection, 99, [(2**40, b"no leaf"), (2**40 + 1, b"{}"), (2**40 + 2, b'{"t":"never"}')])
    assert totals(Question()).entries == before
    assert tally.fields(b"\xff") is None


def test_the_counts_of_a_log_that_is_removed_go_with_it() -> None:
    entry = placed_entry()
    log = store.logs()[-1]
    tally.forget(connection, log.id)
    assert totals(Question(case=entry.case)).entries == 0
    assert len(page(Question(case=entry.case)).rows) == 1, "the notes stay as long as their leaves"


def test_one_can_choose_from_what_has_its_position_and_from_what_waits() -> None:
    placed = placed_entry()
    waiting = Entry(act="case.viewed", origin="http", case=uuid4(), actor=uuid4(), party="om")
    with transaction.atomic():
        record(waiting)
    found = choices()
    assert {placed.case, waiting.case} <= set(found.cases)
    assert {placed.actor, waiting.actor} <= set(found.people)
    assert {"politie", "om"} <= set(found.parties)


def test_beyond_what_is_counted_the_desk_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    case = uuid4()
    with transaction.atomic():
        record(*(Entry(act="case.viewed", origin="http", case=case) for _ in range(7)))
    monkeypatch.setattr("audit.queries.counts.MOST", 5)
    found = totals(Question(case=case, act="case.viewed"))
    assert (found.entries, found.whole) == (5, False)


QUESTIONS = {
    "case": Question(case=UUID(int=1)),
    "person": Question(person=UUID(int=1)),
    "party": Question(party="politie"),
    "subject": Question(subject=UUID(int=1)),
    "refused": Question(marks=marks.REFUSED),
    "person and case": Question(person=UUID(int=1), case=UUID(int=2)),
    "party and refused": Question(party="politie", marks=marks.REFUSED),
    "person and subject": Question(person=UUID(int=1), subject=UUID(int=2)),
    "everything": Question(),
}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way")
@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("before", [None, Place(FIRST, 7)], ids=["newest", "old"])
def test_no_question_reads_the_whole_log_or_sorts_it(name: str, before: Place | None) -> None:
    statement, values = select(QUESTIONS[name], before, "l.id", 51)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = [row[3] for row in cursor.fetchall()]
    assert not any("TEMP B-TREE" in step for step in plan), plan
    assert not any(step.startswith("SCAN") and "USING" not in step for step in plan), plan


@pytest.mark.parametrize(
    ("act", "out", "reason", "expected"),
    [
        ("item.viewed", "permit", "covenant", marks.VIEWED),
        ("item.viewed", "deny", "not_in_covenant", marks.VIEWED | marks.REFUSED),
        ("item.viewed", "permit", "exception", marks.VIEWED | marks.EXCEPTION),
        ("exception.recorded", "permit", None, marks.EXCEPTION | marks.RIGHTS),
        ("export.made", "permit", None, marks.EXPORT),
        ("log.exported", "deny", None, marks.EXPORT | marks.REFUSED),
        ("person.changed", "permit", None, marks.RIGHTS),
        ("person.managed", "permit", None, 0),
        ("party.involved", "permit", None, marks.RIGHTS),
        ("covenant.adopted", "permit", None, marks.RIGHTS),
        ("covenant.viewed", "permit", None, 0),
        ("minutes.written", "error", None, 0),
    ],
)
def test_what_is_worth_finding_is_marked(act: str, out: str, reason: str | None, expected: int) -> None:
    assert marks.marks_of(act, out, reason, viewed=act in words.VIEWS) == expected


def test_a_day_is_a_day_here_also_when_the_clock_is_set() -> None:
    spring = start_of(day_of(1_774_742_400_000_000))  # 29 March 2026: 23 hours
    assert start_of(day_of(spring) + 1) - spring == 23 * 3600 * 1_000_000
    assert begins_a_day(spring)
    assert not begins_a_day(spring + 1)
    assert day_of(-1) == day_of(0)
    assert day_of(2**63) == day_of(2**52)
