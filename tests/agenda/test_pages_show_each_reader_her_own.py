"""The pages: today, cases, a case, the register; ruled, logged and only then returned."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from agenda import pages
from agenda.commands import Refused, consents, on_case
from conference import clock
from conference.cases import commands as cases
from conference.cases.models import Case
from consent.states import State
from tests.consenting import full_talk, recorded
from tests.world import Table, consent, pass_time, settle, tiny_world


def record(table: Table, state: State, party: str = "zvh_procesregie", category: str = "vbl", **more: Any) -> str:
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    step = consents.Step(case=c1, subject=s1, party=party, category=category, state=state, **more)
    return on_case(table.sit("zc"), c1, lambda turn: recorded(turn, step, full_talk(paper="in de kluis")))


def test_the_list_of_cases_holds_what_each_party_is_in(table: Table) -> None:
    expected = {"vz": 3, "pol": 2, "kw": 2, "ggz": 2, "oov": 1, "rvdk": 1}
    assert {name: len(pages.cases(table.sit(name))) for name in expected} == expected
    assert pages.cases(table.sit("fg")) == []


def test_a_case_that_is_not_hers_answers_as_one_that_is_not_there(table: Table) -> None:
    for case in (table.id("cases", "c2"), uuid4()):
        assert pages.case_view(table.sit("pol"), case) is None


def test_a_cases_page_is_the_rooms_view_of_that_case(table: Table) -> None:
    c1 = table.id("cases", "c1")
    for name in ("vz", "pol", "kw", "zc", "ggz", "rvdk"):
        page, room = pages.case_view(table.sit(name), c1), table.view(name)
        assert page is not None
        shown = {key: body.version for key, body in (*page.items, *page.notes)}
        case_of = {key: body for key, body in room.items() if body.get("case") == str(c1)}
        kinds = ("item:", "minutes:", "decision:", "action:")
        assert shown == {key: body["version"] for key, body in case_of.items() if key.startswith(kinds)}


def test_identity_data_are_opened_by_category(table: Table) -> None:
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")

    def identity(name: str) -> tuple[set[str], tuple[str, ...]]:
        view = pages.case_view(table.sit(name), c1)
        assert view is not None
        (subject,) = [subject for subject in view.subjects if subject.id == s1]
        return set(subject.identity), subject.protected

    assert identity("zc") == ({"name", "birth_date", "bsn", "address", "phone"}, ("address", "phone"))
    assert identity("pol") == ({"name", "birth_date"}, ())
    assert identity("kw")[1] == ()


def test_the_register_stands_on_a_cases_page_for_the_care_coordinator_only(table: Table) -> None:
    c1 = table.id("cases", "c1")
    views = {name: pages.case_view(table.sit(name), c1) for name in ("zc", "kw", "vz")}
    assert {name: bool(view and view.register) for name, view in views.items()} == {
        "zc": True,
        "kw": False,
        "vz": False,
    }
    assert views["zc"] is not None
    lines = {(line.party, line.category): line for line in views["zc"].register}
    assert lines[("kwintes", "gez")].may_withdraw
    assert not lines[("rvdk", "gez")].may_withdraw


# --- the register ----------------------------------------------------------------------


def test_the_register_opens_for_the_care_coordinator_of_the_case_alone(table: Table) -> None:
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    view = pages.register_view(table.sit("zc"), c1, s1)
    assert view is not None
    assert (view.handle, view.purpose) == ("betrokkene 1", "hulp en veiligheid")
    assert [event.category for event in view.history] == ["gez", "vbl", "hlp", "gez"]
    assert [exception.code for exception in view.exceptions] == [7]
    for name, case, subject in [
        ("kw", c1, s1),
        ("vz", c1, s1),
        ("fg", c1, s1),
        ("zc", c1, table.id("subjects", "s3")),  # a suspect is never asked
        ("zc", c1, table.id("subjects", "t1")),
        ("zc", c1, uuid4()),
        ("zc", table.id("cases", "c3"), s1),
        ("zc", uuid4(), s1),
    ]:
        assert pages.register_view(table.sit(name), case, subject) is None


def test_the_register_tells_no_purpose_where_the_header_is_not_shown(table: Table) -> None:
    cases.change_phase(Case.objects.get(id=table.id("cases", "c1")), "aanmelding")
    view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert view is not None
    assert view.purpose == ""


def test_the_list_of_registers_names_everybody_but_suspects(table: Table) -> None:
    found = pages.victims(table.sit("zc"))
    assert found is not None
    assert {victim.subject for victim in found} == {table.id("subjects", name) for name in ("s1", "s2", "t1")}
    assert pages.victims(table.sit("kw")) is None
    assert table.entries("register.listed")[-1]["reason"] == "role_party"


def test_a_register_offers_exactly_the_lines_that_consent_can_open(table: Table) -> None:
    view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert view is not None
    choices = {(choice.party, choice.category): choice.state for choice in view.choices}
    assert choices[("kwintes", "gez")] is State.GIVEN
    assert choices[("rvdk", "gez")] is State.REFUSED
    assert ("politie", "gez") not in choices  # no cell of the police opens health
    assert ("politie", "pol") not in choices  # theirs without asking
    assert len(choices) == len(view.choices)


def test_each_step_of_the_register_shows_at_once_and_is_entered(table: Table) -> None:
    ends = clock.now() + timedelta(days=3)
    steps = [
        (State.ASKED, {}),
        (State.GIVEN, {"ends": ends}),
        (State.LIMITED, {"ends": ends - timedelta(days=1)}),
        (State.CONFIRMED, {}),
        (State.WITHDRAWN, {}),
        (State.REFUSED, {}),
    ]
    table.sit("zc")
    table.mark()
    for state, more in steps:
        record(table, state, **more)
        view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
        assert view is not None
        assert {(c.party, c.category): c.state for c in view.choices}[("zvh_procesregie", "vbl")] is state
    around = {"register.viewed", "consent.conversed"}
    acts = [entry["act"] for entry in table.entries() if entry["act"] not in around]
    assert acts == [f"consent.{act}" for act in ("asked", "given", "limited", "confirmed", "withdrawn", "refused")]


@pytest.mark.parametrize(
    ("state", "more", "code"),
    [
        (State.LIMITED, {}, "nothing_to_withdraw"),
        (State.WITHDRAWN, {}, "nothing_to_withdraw"),
        (State.CONFIRMED, {}, "state_not_allowed"),
        (State.GIVEN, {"party": "nobody"}, "not_for_consent"),
        (State.GIVEN, {"category": "zzz"}, "not_for_consent"),
    ],
)
def test_a_step_that_may_not_be_taken_is_refused_and_entered(
    table: Table, state: State, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        record(table, state, **more)
    assert refused.value.code == code
    assert table.entries("case.changed")[-1]["reason"] == code


# --- today -------------------------------------------------------------------------------


def test_today_holds_her_meetings_her_actions_and_what_asks_for_attention(table: Table) -> None:
    found = pages.today(table.sit("zc"))
    assert [meeting.title for meeting in found.conferences] == ["Casusoverleg een"]
    assert found.next is not None
    assert found.next.title == "Casusoverleg twee"
    assert len(found.conferences[0].code_names) == 2
    assert {(row.party, row.category) for row in found.attention} >= {("kwintes", "gez"), ("zvh_procesregie", "hlp")}
    assert {str(row.day) for row in found.attention if row.party == "kwintes" and row.category == "gez"} == {
        "2026-11-30"
    }


def test_today_tells_an_action_that_is_late(table: Table) -> None:
    police = pages.today(table.sit("pol"))
    assert [(action.text, action.late) for action in police.actions] == [("actie-x2", True)]
    kwintes = pages.today(table.sit("kw"))
    assert [action.late for action in kwintes.actions] == [False, False]
    assert kwintes.attention == []
    assert {action.key for action in kwintes.actions} == {table.key("x0"), table.key("x1")}


def test_today_names_no_case_that_she_was_sent_out_of(table: Table) -> None:
    before = pages.today(table.sit("pol2")).conferences[0].code_names
    table.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "pol2"))
    after = pages.today(table.sit("pol2")).conferences[0].code_names
    assert len(before) == 2
    assert len(after) == 1


def test_own_drafts_are_counted_for_the_own_party_only(table: Table) -> None:
    assert pages.today(table.sit("pol")).conferences[0].own_drafts == 1
    assert pages.today(table.sit("vz")).conferences[0].own_drafts == 0


def test_a_day_without_anything_is_empty(table: Table) -> None:
    pass_time(days=30)
    found = pages.today(table.sit("oov"))
    assert (found.conferences, found.next, found.actions, found.attention) == ([], None, [], [])


def test_lines_for_another_purpose_are_no_lines_of_this_case(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    world["cases"][0]["consents"] = [consent("kwintes", "gez", purpose="iets anders")]
    table = settle(world)
    view = pages.case_view(table.sit("zc"), table.id("cases", "c1"))
    assert view is not None
    assert view.register == []
    assert table.key("i-gez") not in table.view("kw")


# --- what was taken back ---------------------------------------------------------------------


def test_who_received_what_was_taken_back_reads_it_on_the_page_of_today_and_nobody_else_does(table: Table) -> None:
    assert pages.case_view(table.sit("kw"), table.id("cases", "c1")) is not None
    assert pages.today(table.sit("kw")).taken_back == []
    record(table, State.WITHDRAWN, "kwintes", "gez")
    (told,) = pages.today(table.sit("kw")).taken_back
    assert (told.handle, told.category, told.day) == ("betrokkene 1", "gez", clock.today())
    entry = table.entries("today.viewed")[-1]
    assert entry["subject"] == str(table.id("subjects", "s1"))
    for name in ("pol", "zc", "vz", "ggz"):
        assert pages.today(table.sit(name)).taken_back == []
    pass_time(days=31)
    assert pages.today(table.sit("kw")).taken_back == []


def test_who_never_received_it_is_told_nothing(table: Table) -> None:
    record(table, State.WITHDRAWN, "kwintes", "gez")
    assert pages.today(table.sit("kw")).taken_back == []
