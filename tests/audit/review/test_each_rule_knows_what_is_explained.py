"""Each rule with a look that is explained, and one that is not."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from audit import words as log_words
from audit.review import rules
from audit.review.facts import DAY, HOUR, LISTS, OPENINGS, SECOND, Action, Cover, Grant, Involvement, Part, Step
from audit.review.rules import History
from audit.review.ties import TIES, Ties
from audit.review.words import ICONS, MARKS, SENTENCES, TITLES, sentence
from audit.review.words import TIES as TIE_WORDS
from tests.audit.review.casting import (
    ANNA,
    BRAM,
    CARLA,
    CASE,
    DIRK,
    MEETING,
    NOON,
    OTHER_CASE,
    at,
    facts,
    found,
    kinds,
    look,
    meeting,
)

LOOSE = ("unexplained", "no_tie")


def test_that_her_party_takes_part_does_not_explain_why_it_was_she() -> None:
    assert kinds(look()) == [LOOSE]


# --- meetings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "explained"),
    [(-14, True), (-14.1, False), (0, True), (6.9, True), (7.1, False), (-60, False)],
    ids=["two-weeks-before", "just-too-early", "there", "decisions-not-adopted-yet", "just-too-late", "long-before"],
)
def test_a_meeting_explains_from_two_weeks_before_to_one_after(days: float, explained: bool) -> None:
    met = meeting(NOON, ANNA)
    assert (kinds(look(t=NOON + int(days * DAY)), meetings=(met,)) == []) is explained


def test_a_meeting_explains_to_whom_it_invites_and_about_its_own_cases() -> None:
    assert kinds(look(BRAM), meetings=(meeting(NOON, ANNA),)) == [LOOSE]
    assert kinds(look(), meetings=(meeting(NOON, ANNA, cases=(OTHER_CASE,)),)) == [LOOSE]


# --- actions --------------------------------------------------------------------------------


def action(**more: object) -> Action:
    given = {"case": CASE, "party": "politie", "meeting": MEETING, "since": NOON, "due": NOON + 10 * DAY}
    return Action(**(given | more))  # type: ignore[arg-type]  # a test's shorthand


LONG_AFTER = NOON + 30 * DAY


def test_an_action_explains_to_whoever_sat_there_for_the_party_that_owes_it() -> None:
    met = (meeting(NOON, ANNA, DIRK),)
    assert kinds(look(ANNA, LONG_AFTER), meetings=met, actions=(action(),)) == []
    assert kinds(look(BRAM, LONG_AFTER), meetings=met, actions=(action(),)) == [LOOSE]
    assert kinds(look(DIRK, LONG_AFTER), meetings=met, actions=(action(),)) == [LOOSE]


def test_an_action_of_a_party_that_was_not_there_explains_to_everybody_of_it() -> None:
    assert kinds(look(BRAM, LONG_AFTER), meetings=(meeting(NOON, DIRK),), actions=(action(),)) == []


@pytest.mark.parametrize(("done", "days", "explained"), [
    (False, 39, True), (False, 41, False), (True, 16, True), (True, 18, False), (False, -1, False),
], ids=["open-a-month-late", "forgotten", "done-just-now", "done-long-ago", "before-it-was-given"])  # fmt: skip
def test_an_action_explains_until_it_is_done_or_forgotten(done: bool, days: int, explained: bool) -> None:
    assert (kinds(look(ANNA, NOON + days * DAY), actions=(action(done=done),)) == []) is explained


# --- consent, own parts, leading ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "explained"),
    [(-6, True), (-8, False), (100, True), (189, True), (191, False)],
    ids=["preparing", "too-early", "running", "looked-at-again", "over"],
)
def test_a_consent_step_explains_to_who_recorded_it_while_it_runs(days: int, explained: bool) -> None:
    step = Step(CASE, ANNA, NOON)
    assert (kinds(look(t=NOON + days * DAY), steps=(step,)) == []) is explained
    assert kinds(look(BRAM, NOON), steps=(step,)) == [LOOSE]


def test_a_consent_step_ends_with_its_line() -> None:
    step = Step(CASE, ANNA, NOON, NOON + 5 * DAY)
    assert kinds(look(t=NOON + 11 * DAY), steps=(step,)) == []
    assert kinds(look(t=NOON + 13 * DAY), steps=(step,)) == [LOOSE]


def test_what_somebody_brought_in_explains_a_week_before_and_a_month_after() -> None:
    part = (Part(CASE, ANNA, NOON),)
    days = {-6: [], -8: [LOOSE], 29: [], 31: [LOOSE]}
    assert {day: kinds(look(t=NOON + day * DAY), parts=part) for day in days} == days
    assert kinds(look(BRAM), parts=part) == [LOOSE]


def test_who_leads_a_case_may_open_it() -> None:
    assert kinds(look(), leads={ANNA: frozenset({CASE})}) == []
    assert kinds(look(), leads={ANNA: frozenset({OTHER_CASE})}) == [LOOSE]


# --- cover ----------------------------------------------------------------------------------


def test_cover_gives_the_substitute_what_explains_for_the_absent_one_while_it_lasts() -> None:
    met = (meeting(NOON + 3 * DAY, ANNA),)
    cover = (Cover(ANNA, BRAM, NOON - DAY, NOON + DAY),)
    assert kinds(look(BRAM), meetings=met, covers=cover) == []
    assert kinds(look(BRAM, NOON + 2 * DAY), meetings=met, covers=cover) == [LOOSE]
    assert kinds(look(CARLA), meetings=met, covers=cover) == [LOOSE]
    assert kinds(look(BRAM), covers=cover) == [LOOSE], "what does not explain for her, does not for him"


def test_cover_is_not_handed_on() -> None:
    covers = (Cover(ANNA, BRAM, NOON - DAY, NOON + DAY), Cover(BRAM, CARLA, NOON - DAY, NOON + DAY))
    assert kinds(look(CARLA), meetings=(meeting(NOON, ANNA),), covers=covers) == [LOOSE]


def test_each_tie_is_named() -> None:
    known = {
        "meeting": {"meetings": (meeting(NOON, ANNA),)},
        "action": {"actions": (action(),)},
        "consent_step": {"steps": (Step(CASE, ANNA, NOON),)},
        "own_part": {"parts": (Part(CASE, ANNA, NOON),)},
        "lead": {"leads": {ANNA: frozenset({CASE})}},
        "cover": {"parts": (Part(CASE, BRAM, NOON),), "covers": (Cover(BRAM, ANNA, NOON, NOON + DAY),)},
    }
    assert {name: Ties(facts(**given)).of(ANNA, CASE, NOON) for name, given in known.items()} == {n: n for n in TIES}
    assert set(known) == set(TIES)


# --- after taking part, and reasons that do not hold ---------------------------------------------


def left(since_end: int) -> tuple[Involvement, ...]:
    return (Involvement(CASE, "politie", NOON - 300 * DAY, NOON - since_end),)


def test_to_see_a_case_after_the_part_has_ended_is_found_and_needs_no_second_finding() -> None:
    assert kinds(look(), involvements=left(3 * DAY)) == [("after_leaving", "saw_after_end")]
    assert kinds(look(act="today.viewed"), involvements=left(3 * DAY)) == [("after_leaving", "saw_after_end")]
    assert kinds(look(), involvements=left(-3 * DAY), parts=(Part(CASE, ANNA, NOON),)) == []


def test_an_entry_written_as_the_part_ended_is_no_finding() -> None:
    assert kinds(look(), involvements=left(30 * SECOND), parts=(Part(CASE, ANNA, NOON),)) == []


def test_a_refused_try_counts_once_no_page_can_still_be_open() -> None:
    refused = look(out="deny", reason="not_involved")
    assert kinds(refused, involvements=left(3 * DAY)) == []
    assert kinds(refused, involvements=left(9 * DAY)) == [("after_leaving", "tried_after_end")]


def test_a_party_that_came_back_takes_part_again() -> None:
    again = (*left(30 * DAY), Involvement(CASE, "politie", NOON - 5 * DAY))
    assert kinds(look(), involvements=again, parts=(Part(CASE, ANNA, NOON),)) == []


def test_a_case_that_her_party_never_took_part_in_is_a_mismatch() -> None:
    assert kinds(look(), involvements=()) == [("mismatch", "involvement_not_found")]
    assert kinds(look(), involvements=(), everywhere=frozenset({"politie"})) == [LOOSE]


@pytest.mark.parametrize("kind", ["consent", "exception"])
def test_the_reason_that_the_gate_wrote_is_looked_up_in_the_register(kind: str) -> None:
    seen = look(reason=kind, categories=frozenset({"gez", "hlp"}))
    part = (Part(CASE, ANNA, NOON),)
    stood = Grant(kind, CASE, "politie", "hlp", NOON - DAY, NOON + DAY)
    wrong = [
        Grant(kind, CASE, "politie", "hlp", NOON - 3 * DAY, NOON - DAY),
        Grant(kind, CASE, "politie", "vbl", NOON - DAY),
        Grant(kind, CASE, "kwintes", "hlp", NOON - DAY),
        Grant(kind, OTHER_CASE, "politie", "hlp", NOON - DAY),
        Grant({"consent": "exception", "exception": "consent"}[kind], CASE, "politie", "hlp", NOON - DAY),
    ]
    mismatch = ("mismatch", f"{kind}_not_found")
    assert mismatch not in kinds(seen, parts=part, grants=(stood,))
    for one in wrong:
        assert mismatch in kinds(seen, parts=part, grants=(one,)), one


def test_an_export_may_rest_on_the_consent_for_its_receiver() -> None:
    taken = look(act="export.made", reason="consent", categories=frozenset({"gez"}))
    for_kwintes = look(
        act="export.made", reason="consent", categories=frozenset({"gez"}), parties=frozenset({"politie", "kwintes"})
    )
    known = {"parts": (Part(CASE, ANNA, NOON),), "grants": (Grant("consent", CASE, "kwintes", "gez", NOON - DAY),)}
    assert kinds(for_kwintes, **known) == []
    assert kinds(taken, **known) == [("mismatch", "consent_not_found")]


# --- exceptions, many cases, refusals ---------------------------------------------------------------


def test_every_use_of_an_exception_is_looked_at_even_when_all_is_well() -> None:
    stood = (Grant("exception", CASE, "politie", "gez", NOON - DAY),)
    known = {"parts": (Part(CASE, ANNA, NOON),), "grants": stood}
    used = look(reason="exception", categories=frozenset({"gez"}))
    assert kinds(used, **known) == [("exception", "exception_used")]
    assert kinds(look(act="exception.recorded", reason=None), **known) == [("exception", "exception_recorded")]


def cases(number: int) -> list[UUID]:
    return [UUID(int=0xD000 + n, version=4) for n in range(number)]


def opened(number: int, minutes: int, **more: object) -> list[rules.Access]:
    return [look(t=NOON + n * minutes * 60 * SECOND, case=case, **more) for n, case in enumerate(cases(number))]


def involved(number: int) -> tuple[Involvement, ...]:
    return tuple(Involvement(case, "politie", NOON - 365 * DAY) for case in cases(number))


def test_many_cases_within_an_hour_are_one_finding_and_not_many() -> None:
    (one,) = found(*opened(8, 5), involvements=involved(8))
    assert (one.kind, one.reason, one.case, one.count) == ("bulk", "many_cases", None, 8)
    assert len(one.leaves) == 8


def test_a_few_cases_or_many_in_a_whole_day_are_no_bulk() -> None:
    assert {one.kind for one in found(*opened(5, 5), involvements=involved(5))} == {"unexplained"}
    assert {one.kind for one in found(*opened(8, 30), involvements=involved(8))} == {"unexplained"}


def test_what_is_much_is_measured_by_her_own_usual_day() -> None:
    busy = History(usual=lambda person: 4)
    assert {one.kind for one in found(*opened(8, 5), involvements=involved(8), history=busy)} == {"unexplained"}
    (one,) = found(*opened(12, 4), involvements=involved(12), history=busy)
    assert (one.kind, one.usual) == ("bulk", 4)


def test_preparing_ones_own_agenda_is_no_bulk_until_it_is_very_much() -> None:
    met = (meeting(NOON, ANNA, cases=tuple(cases(20))),)
    assert found(*opened(10, 3), involvements=involved(10), meetings=met) == []
    (one,) = found(*opened(16, 3), involvements=involved(16), meetings=met)
    assert one.kind == "bulk"


def test_leading_every_case_does_not_explain_opening_many_at_once() -> None:
    leads = {ANNA: frozenset(cases(8))}
    assert [one.kind for one in found(*opened(8, 5), involvements=involved(8), leads=leads)] == ["bulk"]


def test_a_room_that_shows_a_whole_agenda_is_no_bulk() -> None:
    shown = opened(9, 0, act="conference.viewed")
    assert {one.kind for one in found(*shown, involvements=involved(9))} == {"unexplained"}


def test_five_refusals_within_ten_minutes_are_a_finding() -> None:
    refused = [look(t=NOON + n * 60 * SECOND, out="deny", reason="not_involved") for n in range(5)]
    assert kinds(*refused) == [("refusals", "refused_often")]
    assert kinds(*refused[:4]) == []
    slow = [look(t=NOON + n * HOUR, out="deny", reason="not_involved") for n in range(5)]
    assert kinds(*slow) == []


def test_that_somebody_else_was_first_is_no_refusal_to_look_at() -> None:
    assert kinds(*[look(t=NOON + n * SECOND, out="deny", reason="conflict") for n in range(9)]) == []


# --- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "marked"),
    [("2026-11-22 12:00", True), ("2026-11-23 06:59", True), ("2026-11-23 19:59", False), ("2026-11-23 20:00", True)],
    ids=["sunday", "early", "evening", "late"],
)
def test_outside_working_hours_sharpens_and_is_no_finding_of_its_own(moment: str, marked: bool) -> None:
    t = at(moment)
    (one,) = found(look(t=t))
    assert ("outside_hours" in one.marks) is marked
    assert found(look(t=t), parts=(Part(CASE, ANNA, t),)) == []


def test_the_third_day_without_a_reason_is_marked_as_repeated() -> None:
    once = History(earlier={(ANNA, CASE): 1})
    twice = History(earlier={(ANNA, CASE): 2})
    assert found(look(), history=once)[0].marks == frozenset()
    assert found(look(), history=twice)[0].marks == {"repeated"}


def test_an_export_and_a_finding_that_nothing_else_explains_are_marked() -> None:
    for act in ("export.made", "evidence.opened"):
        (taken,) = found(look(act=act))
        assert taken.marks == {"exported"}
    used = look(reason="exception", categories=frozenset({"gez"}))
    (one,) = found(used, grants=(Grant("exception", CASE, "politie", "gez", NOON - DAY),))
    assert (one.kind, one.marks) == ("exception", {"no_tie"})


# --- what a finding is ----------------------------------------------------------------------------


def test_all_looks_of_a_day_at_one_case_are_one_finding() -> None:
    looks = [look(t=NOON + n * HOUR) for n in range(3)]
    (one,) = found(*looks)
    assert one.leaves == tuple(access.leaf for access in looks)
    assert (one.first, one.last) == (looks[0].t, looks[2].t)


TRIED = {"out": "deny", "reason": "not_involved"}
BY_CONSENT, BY_EXCEPTION = ({"reason": kind, "categories": frozenset({"gez"})} for kind in ("consent", "exception"))
RECORDED = {"act": "exception.recorded", "reason": None}


@pytest.mark.parametrize(
    ("kind", "lesser", "graver", "reason"),
    [
        ("after_leaving", TRIED, {}, "saw_after_end"),
        ("mismatch", BY_CONSENT, BY_EXCEPTION, "exception_not_found"),
        ("exception", RECORDED, BY_EXCEPTION, "exception_used"),
    ],
    ids=["tried-and-saw", "two-mismatches", "recorded-and-used"],
)
@pytest.mark.parametrize("graver_comes_last", [True, False], ids=["last", "first"])
def test_of_several_reasons_a_finding_tells_the_most_serious(
    kind: str, lesser: dict[str, Any], graver: dict[str, Any], reason: str, graver_comes_last: bool
) -> None:
    order = (lesser, graver) if graver_comes_last else (graver, lesser)
    known: dict[str, Any] = {"involvements": left(9 * DAY)} if kind == "after_leaving" else {}
    looks = [look(t=NOON + hours * HOUR, **what) for hours, what in enumerate(order)]
    (one,) = [one for one in found(*looks, **known) if one.kind == kind]
    assert (one.reason, len(one.leaves)) == (reason, 2)


def test_a_list_of_cases_is_no_look_at_one_of_them() -> None:
    assert [kinds(look(act=act)) for act in sorted(LISTS)] == [[] for _ in LISTS]


@pytest.mark.parametrize("act", sorted(OPENINGS))
def test_each_act_that_opens_a_case_needs_a_tie(act: str) -> None:
    assert kinds(look(act=act)) == [LOOSE]
    assert kinds(look(act=act), parts=(Part(CASE, ANNA, NOON),)) == []


def test_of_a_push_each_receiver_is_looked_at() -> None:
    pushed = [look(ANNA, act="conference.pushed", leaf=9), look(BRAM, act="conference.pushed", leaf=9)]
    (one,) = found(*pushed, meetings=(meeting(NOON, ANNA),))
    assert one.person == BRAM


def test_the_tally_counts_a_person_and_a_case_once_a_day() -> None:
    looks = [look(), look(), look(BRAM), look(case=OTHER_CASE), look(act="case.listed"), look(out="deny")]
    counted = rules.tally(looks, Ties(facts(parts=(Part(CASE, ANNA, NOON),))))
    assert (counted.visits, counted.unexplained) == (3, 2)


def test_the_same_day_and_facts_give_the_same_findings() -> None:
    looks = [*opened(8, 5), look(BRAM), look(out="deny", reason="not_involved")]
    assert found(*looks) == found(*reversed(looks))


# --- words ------------------------------------------------------------------------------------------


def test_every_act_by_which_content_is_seen_is_reviewed() -> None:
    # Whoever adds a page by which content reaches people's eyes says here how it is reviewed.
    reviewed = OPENINGS | LISTS
    assert log_words.VIEWS - reviewed == set()
    assert reviewed <= log_words.VIEWS | set(log_words.DEEDS)


def test_everything_that_can_be_found_has_its_words() -> None:
    assert set(TITLES) == set(ICONS) == set(rules.KINDS)
    assert set(MARKS) == set(rules.MARKS)
    assert set(TIE_WORDS) == set(TIES)
    assert set(SENTENCES) <= set(log_words.REASONS)
    assert set(rules.GRAVEST_FIRST) == set(SENTENCES)
    with translation.override("nl"):
        assert sentence("many_cases", 8, 2).startswith("Opende 8 casussen")
    assert sentence("a_code_of_later") == "a_code_of_later"
