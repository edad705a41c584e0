"""Asking, answering and judging: each step with its entry, each refusal with its code, free text sealed."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from agenda.explaining import facts_for
from audit.models import Finding, ReaderQuestion, SampleLine
from audit.review import commands, queries
from audit.review.commands import Refused
from audit.review.models import VERDICTS
from audit.review.run import run
from conference.crypto import KeyTrouble, Sealer, store_sealer
from tests.audit.review.conftest import Saw, by, person, write
from tests.world import Table

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = "Mijn collega was ziek en het slachtoffer belde."
NOTE = "Nagevraagd bij de leidinggevende."


@pytest.fixture
def sealer(keys: object) -> Sealer:
    return store_sealer("review")


@pytest.fixture
def finding(office: Table, saw: Saw) -> UUID:
    """The police's colleague saw a case and nothing explains it."""
    write(saw("pol2"))
    run(facts_for)
    office.mark()
    return Finding.objects.get(person=person(office, "pol2")).id


def state(finding: UUID) -> tuple[str, int]:
    row = Finding.objects.get(id=finding)
    return row.state, row.version


def ask(office: Table, finding: UUID, expect: int = 1, who: str = "fg") -> None:
    commands.ask(finding, expect=expect, by=by(office, who))


def answer(office: Table, finding: UUID, expect: int = 2, who: str = "pol2", text: str = ANSWER) -> None:
    commands.answer(finding, text, expect=expect, by=by(office, who), sealer=store_sealer("review"))


def judge(
    office: Table, finding: UUID, expect: int, verdict: str = "explained", who: str = "fg", note: str = ""
) -> None:
    commands.judge(finding, verdict, note, expect=expect, by=by(office, who), sealer=store_sealer("review"))


# --- the usual way ----------------------------------------------------------------------------


def test_from_finding_to_verdict_each_step_is_an_entry(office: Table, finding: UUID, sealer: Sealer) -> None:
    ask(office, finding)
    assert state(finding) == ("asked", 2)
    answer(office, finding)
    assert state(finding) == ("answered", 3)
    judge(office, finding, 3, note=NOTE)
    assert state(finding) == ("judged", 4)
    acts = [(e["act"], e["actor"], e["reason"]) for e in office.entries() if e["act"].startswith("review.")]
    officer, reader = str(person(office, "fg")), str(person(office, "pol2"))
    assert acts == [
        ("review.asked", officer, "no_tie"),
        ("review.answered", reader, "no_tie"),
        ("review.judged", officer, "explained"),
    ]
    assert all(e["obj"][0] == f"review:{finding}" for e in office.entries() if e["act"].startswith("review."))
    shown = queries.detail(finding, sealer)
    assert shown is not None
    assert (shown.answer, shown.note, shown.row.verdict) == (ANSWER, NOTE, "explained")


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("before", ["open", "asked", "answered"])
def test_a_verdict_can_be_given_from_every_state(office: Table, finding: UUID, before: str, verdict: str) -> None:
    steps: list[Callable[[], None]] = [lambda: ask(office, finding), lambda: answer(office, finding)]
    taken = ["open", "asked", "answered"].index(before)
    for step in steps[:taken]:
        step()
    judge(office, finding, 1 + taken, verdict)
    assert state(finding) == ("judged", 2 + taken)
    assert Finding.objects.get(id=finding).verdict == verdict


# --- every other way is refused, and entered ------------------------------------------------------


def refused(office: Table, act: str, do: Callable[[], Any]) -> str:
    """Try something that must be refused; return its code, which must stand in the log."""
    before = list(Finding.objects.values_list("id", "state", "version"))
    with pytest.raises(Refused) as caught:
        do()
    (*_, last) = office.entries(act)
    assert (last["out"], last["reason"]) == ("deny", caught.value.code)
    assert list(Finding.objects.values_list("id", "state", "version")) == before
    return caught.value.code


def test_nobody_asks_or_judges_about_herself(office: Table, saw: Saw) -> None:
    write(*[saw("fg", case=None, act="case.viewed", out="deny", reason="role_excluded") for _ in range(6)])
    run(facts_for)
    own = Finding.objects.get(person=person(office, "fg")).id
    assert refused(office, "review.asked", lambda: ask(office, own)) == "own_finding"
    assert refused(office, "review.judged", lambda: judge(office, own, 1)) == "own_finding"
    judge(office, own, 1, who="fg2")
    assert state(own)[0] == "judged"


def test_a_question_is_asked_once(office: Table, finding: UUID) -> None:
    ask(office, finding)
    assert refused(office, "review.asked", lambda: ask(office, finding, 2, "fg2")) == "not_open"
    answer(office, finding)
    assert refused(office, "review.asked", lambda: ask(office, finding, 3)) == "not_open"


def test_only_she_who_was_asked_answers_and_once(office: Table, finding: UUID) -> None:
    assert refused(office, "review.answered", lambda: answer(office, finding, 1)) == "not_asked"
    ask(office, finding)
    assert refused(office, "review.answered", lambda: answer(office, finding, who="pol")) == "not_found"
    assert refused(office, "review.answered", lambda: answer(office, finding, who="fg")) == "not_found"
    answer(office, finding)
    assert refused(office, "review.answered", lambda: answer(office, finding, 3)) == "not_asked"


@pytest.mark.parametrize(("text", "code"), [("  \n ", "answer_missing"), ("x" * 2001, "answer_too_long")])
def test_an_answer_says_something_and_not_too_much(office: Table, finding: UUID, text: str, code: str) -> None:
    ask(office, finding)
    assert refused(office, "review.answered", lambda: answer(office, finding, text=text)) == code


def test_a_verdict_is_one_of_three_and_is_given_once(office: Table, finding: UUID) -> None:
    assert refused(office, "review.judged", lambda: judge(office, finding, 1, "guilty")) == "unknown_verdict"
    assert refused(office, "review.judged", lambda: judge(office, finding, 1, note="x" * 2001)) == "note_too_long"
    judge(office, finding, 1)
    assert refused(office, "review.judged", lambda: judge(office, finding, 2)) == "already_judged"
    assert refused(office, "review.asked", lambda: ask(office, finding, 2)) == "not_open"


def test_a_screen_that_is_behind_changes_nothing(office: Table, finding: UUID) -> None:
    ask(office, finding)
    assert refused(office, "review.judged", lambda: judge(office, finding, 1)) == "conflict"
    assert refused(office, "review.answered", lambda: answer(office, finding, 1)) == "conflict"


def test_what_does_not_exist_is_not_found(office: Table, finding: UUID) -> None:
    assert refused(office, "review.asked", lambda: ask(office, uuid4())) == "not_found"
    assert refused(office, "review.judged", lambda: judge(office, uuid4(), 1)) == "not_found"


def test_two_officers_at_once_leave_one_verdict(office: Table, finding: UUID) -> None:
    outcome: list[str] = []
    together = threading.Barrier(2)
    hands = {who: by(office, who) for who in ("fg", "fg2")}

    def decide(who: str, verdict: str) -> None:
        together.wait(10)
        try:
            commands.judge(finding, verdict, "", expect=1, by=hands[who], sealer=store_sealer("review"))
            outcome.append("done")
        except Refused as no:
            outcome.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in (("fg", "explained"), ("fg2", "not_explained"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["conflict", "done"]


# --- what people write ------------------------------------------------------------------------------


def test_answers_and_notes_are_sealed_to_their_place(office: Table, finding: UUID, sealer: Sealer) -> None:
    ask(office, finding)
    answer(office, finding)
    judge(office, finding, 3, note=NOTE)
    question, row = ReaderQuestion.objects.get(finding=finding), Finding.objects.get(id=finding)
    for sealed, plain in ((question.answer_sealed, ANSWER), (row.note_sealed, NOTE)):
        assert sealed is not None
        assert plain.encode() not in bytes(sealed)
    Finding.objects.filter(id=finding).update(note_sealed=question.answer_sealed)
    with pytest.raises(KeyTrouble):
        queries.detail(finding, sealer)


def test_no_entry_holds_what_was_written(office: Table, finding: UUID) -> None:
    ask(office, finding)
    answer(office, finding)
    judge(office, finding, 3, note=NOTE)
    assert not [e for e in office.entries() if ANSWER in str(e) or NOTE in str(e)]


# --- the queue ----------------------------------------------------------------------------------------


def in_queue(finding: UUID) -> str | None:
    return next((row.state for row in queries.queue(size=10_000) if row.id == finding), None)


def waiting(finding: UUID) -> bool:
    return finding in {row.id for row in queries.queue(waiting=True, size=10_000)}


def test_the_queue_holds_what_is_the_officers_turn(office: Table, finding: UUID) -> None:
    assert (in_queue(finding), waiting(finding)) == ("open", False)
    ask(office, finding)
    assert (in_queue(finding), waiting(finding)) == (None, True)
    assert [row.id for row in queries.questions_to(person(office, "pol2"))] == [finding]
    answer(office, finding)
    assert (in_queue(finding), waiting(finding)) == ("answered", False)
    assert queries.questions_to(person(office, "pol2")) == []
    judge(office, finding, 3)
    assert in_queue(finding) is None
    assert finding in {row.id for row in queries.judged(10_000)}


def test_a_question_that_is_not_answered_for_14_days_comes_back_as_such(office: Table, finding: UUID) -> None:
    ask(office, finding)
    asked = ReaderQuestion.objects.filter(finding=finding)
    asked.update(asked_at=commands.now() - queries.ANSWER_WITHIN + queries.EXCEPTION_WITHIN / 72)
    assert in_queue(finding) is None
    asked.update(asked_at=commands.now() - queries.ANSWER_WITHIN)
    assert (in_queue(finding), waiting(finding)) == ("unanswered", False)
    answer(office, finding)
    assert in_queue(finding) == "answered", "an answer that comes late counts"


def test_exceptions_come_first_and_are_due_within_72_hours(office: Table, finding: UUID, saw: Saw) -> None:
    write(saw("pol", reason="exception", seen=("gez=identified",)))
    run(facts_for)
    rows = [row for row in queries.queue(size=10_000) if row.person in {person(office, "pol"), person(office, "pol2")}]
    assert [row.kind for row in rows] == ["exception", "mismatch", "unexplained"]
    due = rows[0].due
    assert due is not None
    assert abs(due.timestamp() * 1_000_000 - rows[0].first - 72 * 3600 * 1_000_000) < 1_000_000
    assert rows[2].due is None


# --- the sample's lines -------------------------------------------------------------------------------


def test_a_samples_line_is_judged_once_and_never_by_whom_it_is_about(office: Table, saw: Saw) -> None:
    from datetime import date

    leaves = write(saw("pol2"), saw("fg", case=None, act="log.read", reason=None))
    lines = [(leaves[0], person(office, "pol2"), None), (leaves[1], person(office, "fg"), None)]
    commands.keep_sample(date(2020, 2, 1), "ab" * 16, 2, lines, by=by(office, "fg"))
    first, own = SampleLine.objects.filter(leaf__in=leaves).order_by("leaf")
    seal = store_sealer("review")

    def decide(line: UUID, verdict: str, expect: int = 1, who: str = "fg", note: str = "") -> None:
        commands.judge_line(line, verdict, note, expect=expect, by=by(office, who), sealer=seal)

    assert refused(office, "sample.judged", lambda: decide(own.id, "explained")) == "own_finding"
    assert refused(office, "sample.judged", lambda: decide(first.id, "fine")) == "unknown_verdict"
    assert refused(office, "sample.judged", lambda: decide(uuid4(), "explained")) == "not_found"
    decide(first.id, "explained", note=NOTE)
    decide(own.id, "explained", who="fg2")
    assert refused(office, "sample.judged", lambda: decide(first.id, "reported", 2)) == "already_judged"
    assert [line.note for line in queries.lines(first.sample_id, seal)] == [NOTE, ""]
    again = lambda: commands.keep_sample(date(2020, 2, 1), "cd" * 16, 2, lines, by=by(office, "fg"))  # noqa: E731
    assert refused(office, "sample.drawn", again) == "already_drawn"
    empty = lambda: commands.keep_sample(date(2020, 3, 1), "cd" * 16, 2, [], by=by(office, "fg"))  # noqa: E731
    assert refused(office, "sample.drawn", empty) == "nothing_to_draw"
