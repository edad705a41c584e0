"""No state without its required fields, a yes only when it is free, and nothing stands in the way of taking back."""

from datetime import date
from typing import Any

import pytest

from consent import rules
from consent.ages import Needed
from consent.states import PERMITTING, State
from consent.talk import NEVER_INTERPRETERS, OUTSIDE, PARENTS, LineTold, Representative, Talk
from tests.consenting import full_talk

ADULT = Needed(own=True, representative=False, written=False, sources=())
BOTH = Needed(own=True, representative=True, written=False, sources=())
CHILD = Needed(own=False, representative=True, written=False, sources=())
ON_PAPER = Needed(own=True, representative=False, written=True, sources=())

# What each state asks for, written out.
ASKED = {"notice", "channel"}
ANSWERED = ASKED | {"method", "given_by", "interpreter"}
GIVEN = ANSWERED | {
    "interpreter_told", "interpreter_is", "witness", "witness_told", "paper", "capacity", "capacity_told", "alone",
    "overheard", "pressure", "setting", "apart", "free", "read_back", "representative", "mandate", "review_on",
}  # fmt: skip
WRITTEN_OUT = {
    "niet_gevraagd": set(),
    "gevraagd": ASKED,
    "uitgesteld": ASKED,
    "geweigerd": ANSWERED,
    "gegeven": GIVEN,
    "bevestigd": {"given_by", "paper", "review_on"},
    "beperkt": set(),
    "ingetrokken": set(),
    "verlopen": set(),
    "ongeldig": set(),
}


def told(talk: Talk | None = None, **more: Any) -> rules.Told:
    base: dict[str, Any] = {"talk": talk or full_talk(), "notice": True, "review_on": date(2027, 5, 23)}
    return rules.Told(**(base | more))


def test_what_each_state_asks_for_is_as_written_out() -> None:
    assert {state.value: set(wanted) for state, wanted in rules.REQUIRED.items()} == WRITTEN_OUT


@pytest.mark.parametrize("state", list(State))
def test_without_any_conversation_everything_is_missing(state: State) -> None:
    bare = rules.Told(talk=None)
    expected = WRITTEN_OUT[state.value] | ({"because"} if state is State.INVALID else set())
    assert set(rules.missing(state, bare)) == expected
    assert rules.refusal(state, bare, ADULT, None) == ("fields_missing" if expected else None)


def test_a_whole_conversation_lacks_nothing() -> None:
    for state in State:
        because = LineTold(because="druk") if state is State.INVALID else LineTold()
        whole = told(full_talk(paper="in de kluis"), line=because)
        assert rules.missing(state, whole) == ()
        assert rules.refusal(state, whole, ADULT, None) is None


@pytest.mark.parametrize(
    ("lacking", "changes"),
    [
        ("channel", {"channel": ""}),
        ("method", {"method": ""}),
        ("given_by", {"given_by": ""}),
        ("interpreter", {"interpreter": ""}),
        ("interpreter_told", {"interpreter_told": ""}),
        ("interpreter_told", {"interpreter": "geen", "interpreter_told": ""}),  # why none
        ("interpreter_is", {"interpreter": "informeel"}),  # anybody could be that
        ("witness", {"witness": ""}),
        ("witness", {"interpreter": "geen", "interpreter_told": "zij spreekt Nederlands"}),  # no interpreter hears it
        ("witness", {"interpreter": "geen", "method": "schriftelijk", "paper": "in de kluis"}),
        ("witness_told", {"witness": "collega"}),
        ("paper", {"method": "schriftelijk"}),
        ("capacity", {"capacity": ""}),
        ("capacity", {"capacity": "twijfel"}),  # in doubt nothing is asked
        ("capacity_told", {"capacity": "nee"}),
        ("alone", {"alone": ""}),
        ("overheard", {"overheard": ""}),
        ("pressure", {"pressure": ""}),
        ("setting", {"pressure": "twijfel"}),
        ("setting", {"overheard": "misschien", "setting": "  "}),
        ("apart", {"apart": False}),
        ("free", {"free": False}),
        ("read_back", {"read_back": False}),
        ("representative", {"given_by": "beiden", "mandate": "gezag"}),
        ("representative", {"given_by": "beiden", "mandate": "gezag", "representative": "buurman"}),
        ("mandate", {"given_by": "vertegenwoordiger", "representative": "voogd"}),
    ],
)
def test_one_thing_that_is_missing_is_named_and_keeps_a_yes_out(lacking: str, changes: dict[str, Any]) -> None:
    one = told(full_talk(**changes))
    assert lacking in rules.missing(State.GIVEN, one)
    assert rules.refusal(State.GIVEN, one, ADULT, None) == "fields_missing"


def test_the_text_that_was_read_and_the_day_to_ask_again_are_part_of_a_yes() -> None:
    assert rules.missing(State.GIVEN, told(notice=False)) == ("notice",)
    assert rules.missing(State.GIVEN, told(review_on=None)) == ("review_on",)
    assert rules.missing(State.CONFIRMED, told(review_on=None, evidence=True)) == ("review_on",)


def test_a_document_stands_in_for_where_the_paper_lies_and_for_the_mandate() -> None:
    talk = full_talk(method="schriftelijk", given_by="beiden", representative="ouder")
    assert rules.missing(State.GIVEN, told(talk)) == ("paper", "mandate")
    assert rules.missing(State.GIVEN, told(talk, evidence=True)) == ()


# --- a yes must be free ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"alone": "nee"}, "not_free_to_speak"),
        ({"overheard": "ja"}, "not_free_to_speak"),
        ({"pressure": "ja"}, "under_pressure"),
        *[
            ({"interpreter": kind, "interpreter_is": whose}, "interpreter_not_allowed")
            for whose in ("familie", "partner", "verdachte")
            for kind in ("informeel", "register")
        ],
    ],
)
@pytest.mark.parametrize("state", [State.GIVEN, State.CONFIRMED])
def test_a_yes_that_is_not_free_is_no_yes(state: State, changes: dict[str, Any], code: str) -> None:
    assert rules.refusal(state, told(full_talk(paper="map", **changes)), ADULT, None) == code


@pytest.mark.parametrize("changes", [{"overheard": "misschien"}, {"pressure": "twijfel"}])
def test_a_doubt_that_is_written_down_leaves_the_weighing_to_who_speaks_with_her(changes: dict[str, Any]) -> None:
    doubted = told(full_talk(**changes))
    assert rules.refusal(State.GIVEN, doubted, ADULT, None) == "fields_missing"
    assert rules.refusal(State.REFUSED, doubted, ADULT, None) is None, "a no needs no explaining"
    written = told(full_talk(setting="zij belde later zelf terug", **changes))
    assert rules.refusal(State.GIVEN, written, ADULT, None) is None


@pytest.mark.parametrize("whose", ["hulpverlener", "kennis"])
def test_somebody_else_may_interpret_who_is_neither_family_nor_to_be_feared(whose: str) -> None:
    one = told(full_talk(interpreter="informeel", interpreter_is=whose))
    assert rules.refusal(State.GIVEN, one, ADULT, None) is None
    assert whose not in NEVER_INTERPRETERS


def test_without_an_interpreter_a_colleague_hears_it_or_nobody() -> None:
    for heard in ({"witness": "geen"}, {"witness": "collega", "witness_told": "de nachtdienst"}):
        assert rules.refusal(State.GIVEN, told(full_talk(interpreter="geen", **heard)), ADULT, None) is None


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN, State.LIMITED, State.DEFERRED, State.EXPIRED])
def test_less_may_be_said_under_any_circumstances(state: State) -> None:
    pressed = told(full_talk(alone="nee", overheard="ja", pressure="ja", capacity="twijfel"))
    assert rules.refusal(state, pressed, None, Representative(role="ouder", involved=True, because="x")) is None


# --- whose yes -----------------------------------------------------------------------------------

REPRESENTED = {"representative": "ouder", "mandate": "gezag"}


@pytest.mark.parametrize(
    ("needed", "given_by", "code"),
    [
        (None, "zelf", "age_unknown"),
        (ADULT, "zelf", None),
        (ADULT, "beiden", None),
        (ADULT, "vertegenwoordiger", "own_consent_missing"),
        (BOTH, "zelf", "representative_missing"),
        (BOTH, "beiden", None),
        (BOTH, "vertegenwoordiger", "own_consent_missing"),
        (CHILD, "zelf", "representative_missing"),
        (CHILD, "beiden", None),
        (CHILD, "vertegenwoordiger", None),
        (ON_PAPER, "zelf", "writing_needed"),
    ],
)
def test_a_yes_comes_from_whom_her_age_asks(needed: Needed | None, given_by: str, code: str | None) -> None:
    one = told(full_talk(given_by=given_by, **REPRESENTED))
    assert rules.refusal(State.GIVEN, one, needed, None) == code


def test_on_paper_means_a_paper_that_can_be_found() -> None:
    assert rules.refusal(State.GIVEN, told(full_talk(paper="map 3")), ON_PAPER, None) is None
    assert rules.refusal(State.GIVEN, told(evidence=True), ON_PAPER, None) is None


@pytest.mark.parametrize("role", sorted(PARENTS | OUTSIDE))
@pytest.mark.parametrize("given_by", ["beiden", "vertegenwoordiger"])
def test_a_representative_who_may_be_part_of_it_cannot_speak_for_her_but_one_from_outside_can(
    role: str, given_by: str
) -> None:
    one = told(full_talk(given_by=given_by, representative=role, mandate="besluit"))
    involved = Representative(role="ouder", involved=True, because="zij noemde hem")
    expected = "representative_involved" if role in PARENTS else None
    assert rules.refusal(State.GIVEN, one, CHILD, involved) == expected
    same = Representative(role=role, involved=True, because="zij noemde hem")
    assert rules.refusal(State.GIVEN, one, CHILD, same) == "representative_involved", "whatever they are called"
    assert rules.refusal(State.GIVEN, one, CHILD, Representative(role="ouder")) is None


@pytest.mark.parametrize(
    ("representative", "may"),
    [
        (None, False),
        (Representative(), False),
        (Representative(role="ouder"), True),
        (Representative(role="ouder", involved=True), False),
        (Representative(role="voogd", involved=True), False),
        (Representative(role="gi", involved=True), False),
        (Representative(role="mentor", involved=True, instead="bijzondere_curator"), False),
    ],
)
def test_nothing_is_told_to_a_representative_who_may_be_part_of_it(
    representative: Representative | None, may: bool
) -> None:
    assert rules.may_be_told(representative) is may


@pytest.mark.parametrize(
    ("recorded", "reflecting", "day"),
    [
        ("2026-11-23", False, "2027-05-23"),
        ("2026-08-31", False, "2027-02-28"),
        ("2027-08-31", False, "2028-02-29"),
        ("2026-12-31", False, "2027-06-30"),
        ("2026-11-23", True, "2027-02-21"),
    ],
)
def test_she_is_asked_again_after_half_a_year_and_in_the_reflection_period_after_90_days(
    recorded: str, reflecting: bool, day: str
) -> None:
    assert rules.review_day(date.fromisoformat(recorded), reflecting=reflecting) == date.fromisoformat(day)


def test_only_a_permitting_state_is_judged_by_whose_yes_it_is() -> None:
    for state in set(State) - PERMITTING:
        because = LineTold(because="druk")
        assert rules.refusal(state, told(full_talk(), line=because), None, None) is None
