"""The one gate: what it says of a case, what it writes before it opens, and who is told nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from agenda import feed, pages
from agenda.commands import consents, on_case
from agenda.hub.types import Cursor
from agenda.protocol import Ack
from conference import clock
from conference.cases import access, rights
from conference.cases import commands as cases
from conference.cases.access import GENERAL, Access, Gate, Sight
from conference.cases.content import Content
from conference.cases.models import Case
from conference.covenant import facts, shelf
from conference.covenant.facts import Level, Viewer
from consent.states import State
from tests.consenting import recorded
from tests.world import Table, pass_time, settle, tiny_world

POLICE, KWINTES, CHAIR = (Viewer(party, "inhoud") for party in ("politie", "kwintes", "zvh_procesregie"))
STRANGER = Viewer("burgemeester_oov", "inhoud")


def gate(table: Table, *names: str) -> Gate:
    return Gate.at_this_moment(table.id("cases", name) for name in names or ("c1", "c2", "c3"))


def content(case: Any, category: str = "pol", supplier: str = "politie") -> Content:
    return Content("item:x", case or uuid4(), case, "t", uuid4(), b"", category=category, supplier=supplier)


# --- ruling ------------------------------------------------------------------------------


def test_what_belongs_to_no_case_is_for_everybody_at_the_table(table: Table) -> None:
    assert gate(table).ruling(STRANGER, content(None)) is GENERAL
    assert GENERAL.visible


def test_a_case_that_is_not_there_answers_as_one_that_is_not_yours(table: Table) -> None:
    at, nowhere, hers = gate(table), uuid4(), table.id("cases", "c1")
    item = facts.Item("pol", "politie")
    for viewer, case in ((CHAIR, nowhere), (STRANGER, hers)):
        for ruling in (
            at.rule(viewer, case, item),
            at.existence(viewer, case),
            at.header_ruling(viewer, case),
            at.form_ruling(viewer, case),
        ):
            assert (ruling.level, ruling.reason) == (Level.NONE, "not_involved")


def test_existence_is_told_even_where_the_header_is_not(table: Table) -> None:
    c1 = table.id("cases", "c1")
    cases.change_phase(Case.objects.get(id=c1), "triage")  # Kwintes: prc is "-" there
    at = gate(table)
    assert not at.header_ruling(KWINTES, c1).visible
    assert at.existence(KWINTES, c1).level is Level.IDENTIFIED
    assert table.view("kw")[table.key("c1")]["purpose"] is None
    assert table.view("kw")[table.key("a1")]["title"] is None


@pytest.mark.parametrize("phase", ["afgeschermd", "vernietigd"])
def test_a_shielded_case_is_there_for_nobody(table: Table, phase: str) -> None:
    cases.change_phase(Case.objects.get(id=table.id("cases", "c1")), phase)
    assert gate(table).existence(CHAIR, table.id("cases", "c1")).reason == "case_shielded"
    assert table.key("c1") not in table.view("vz")


def test_the_form_of_exploitation_is_shown_with_the_victims_id_and_in_signaal_with_the_header(table: Table) -> None:
    assert table.view("vz")[table.key("c1")]["form"] == "criminele uitbuiting"
    assert table.view("oov")[table.key("c3")]["form"] == "arbeidsuitbuiting"
    c2 = table.key("c2")
    assert table.view("ggz")[c2]["form"] is None  # hulp: her id needs consent, and there is none
    assert table.view("zc")[c2]["form"] == "seksuele uitbuiting"


def test_a_case_without_a_victim_shows_no_form(transactional_db: None, quick_passwords: None, own_clock: None) -> None:
    world = tiny_world()
    world["cases"][1] |= {"subjects": [], "items": [], "consents": []}
    table = settle(world)
    ruling = gate(table).form_ruling(CHAIR, table.id("cases", "c2"))
    assert (ruling.level, ruling.reason) == (Level.NONE, "not_in_covenant")


def test_a_ruling_is_made_once_and_the_gate_knows_until_when_it_holds(table: Table) -> None:
    at, c1 = gate(table), table.id("cases", "c1")
    item = facts.Item("gez", "zorgcoordinator", str(table.id("subjects", "s1")))
    first = at.rule(KWINTES, c1, item)
    assert at.rule(KWINTES, c1, item) is first
    assert first.until is not None
    assert at.until is not None
    assert at.until <= first.until


def test_without_an_active_covenant_nothing_is_ruled_visible(table: Table) -> None:
    at = Gate(None, clock.now(), rights.load([table.id("cases", "c1")]))
    assert at.process_party is None
    assert at.existence(CHAIR, table.id("cases", "c1")).reason == "covenant_inactive"


def test_renewing_keeps_a_gate_whose_cases_did_not_change(table: Table) -> None:
    at = gate(table)
    assert at.renewed() is at
    s1, c1 = table.id("subjects", "s1"), table.id("cases", "c1")
    table.do("zc", "consent.withdraw", case=c1, subject=s1, party="kwintes", category="gez")
    item = facts.Item("gez", "zorgcoordinator", str(s1))
    assert at.rule(KWINTES, c1, item).visible
    assert not at.renewed().rule(KWINTES, c1, item).visible


# --- opening -------------------------------------------------------------------------------


def test_a_label_of_somebody_who_is_not_there_is_none(table: Table) -> None:
    at = gate(table)
    assert at.label(CHAIR, table.id("cases", "c1"), uuid4()) is None
    assert at.label(CHAIR, uuid4(), table.id("subjects", "s1")) is None
    assert at.label(CHAIR, table.id("cases", "c1"), table.id("subjects", "t1")) is None


def test_a_name_is_opened_once_and_identity_of_another_kind_when_asked(table: Table) -> None:
    c1 = table.id("cases", "c1")
    at = gate(table)
    subject = at.cases[c1].subjects[table.id("subjects", "s1")]
    assert at.identity(c1, subject, "id") is at.identity(c1, subject, "id")
    assert at.identity(c1, subject, "bsn") == {"bsn": "900000015"}
    assert at.identity(c1, subject, "won") == {}


def test_a_subject_without_identity_has_only_its_pseudonyms(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    del world["cases"][0]["subjects"][1]["identity"]
    table = settle(world)
    body = table.view("vz")[table.key("s2")]
    assert (body["name"], body["age_band"], body["level"]) == (None, None, "identified")


# --- the log --------------------------------------------------------------------------------


def sight(key: str, case: Any, *subjects: Any, category: str = "pol", reason: str = "covenant") -> Sight:
    return Sight(key, case, subjects or (None,), category, "identified", reason)


def test_an_access_is_one_entry_for_each_case_and_subject_that_names_all_it_saw(table: Table) -> None:
    who, c1, c2 = table.sit("vz"), table.id("cases", "c1"), table.id("cases", "c2")
    s1, s2 = table.id("subjects", "s1"), table.id("subjects", "s2")
    looking = Access(act="case.viewed", origin="http", identity=who, conference=table.id("conferences", "o1"))
    seen = [
        sight("item:1", c1, s1),
        sight("item:2", c1, s1, s2, category="gez", reason="consent"),
        sight("item:3", c1, category="prc"),
        sight("item:4", c2),
        sight("conference:5", None, reason="general_point"),
    ]
    made = {(entry.case, entry.subject): entry for entry in access.entries(gate(table), looking, seen)}
    assert set(made) == {(c1, s1), (c1, s2), (c1, None), (c2, None), (None, None)}
    entry = made[(c1, s1)]
    assert entry.obj == ("item:1", "item:2")
    assert entry.seen == ("gez=identified", "pol=identified")
    assert entry.reason == "consent"  # the strongest of what was needed
    assert (entry.phase, entry.out, entry.role) == ("overleg", "permit", "chair")
    assert (entry.actor, entry.party, entry.session) == (who.person, who.party, who.session)
    assert entry.covenant == shelf.active(clock.now()).version  # type: ignore[union-attr]
    assert entry.purpose == str(rights.load([c1])[c1].purpose_ref)
    assert made[(None, None)].phase is None


def test_a_push_names_its_recipients_and_an_export_its_receiver(table: Table) -> None:
    people = (uuid4(), uuid4())
    pushing = Access(act="conference.pushed", origin="socket", recipients=people, party="politie")
    (entry,) = access.entries(gate(table), pushing, [sight("item:1", table.id("cases", "c1"))])
    assert (entry.recipients, entry.party, entry.actor, entry.role) == (people, "politie", None, None)
    exporting = replace(pushing, receiver="kwintes")
    (entry,) = access.entries(gate(table), exporting, [sight("item:1", table.id("cases", "c1"))])
    assert "receiver=kwintes" in entry.seen


def test_a_reason_that_is_none_of_the_usual_stands_in_the_entry(table: Table) -> None:
    seen = [sight("subject:1", table.id("cases", "c1"), reason="consent_register")]
    (entry,) = access.entries(gate(table), Access(act="register.viewed", origin="http"), seen)
    assert entry.reason == "consent_register"
    without = Gate(None, clock.now(), {})
    (entry,) = access.entries(without, Access(act="case.viewed", origin="http"), seen)
    assert (entry.covenant, entry.phase, entry.purpose) == (None, None, None)


def test_what_is_seen_stands_in_the_log_before_the_page_is_returned(table: Table) -> None:
    who = table.sit("pol")
    table.mark()
    view = pages.case_view(who, table.id("cases", "c1"))
    assert view is not None
    entries = table.entries("case.viewed")
    pairs = [(entry["case"], entry["subject"]) for entry in entries]
    assert len(set(pairs)) == len(pairs)
    logged = {key for entry in entries for key in entry["obj"]}
    assert {key for key, _ in view.items} | {key for key, _ in view.notes} <= logged
    assert {entry["origin"] for entry in entries} == {"http"}


def test_a_refused_page_is_one_entry_with_its_reason_and_opens_nothing(table: Table) -> None:
    who = table.sit("oov")
    table.mark()
    assert pages.case_view(who, table.id("cases", "c1")) is None
    assert pages.case_view(who, nowhere := uuid4()) is None
    entries = table.entries()
    assert [(entry["act"], entry["out"], entry["reason"]) for entry in entries] == [
        ("case.viewed", "deny", "not_involved")
    ] * 2
    assert [entry["case"] for entry in entries] == [table.ids["cases"]["c1"], str(nowhere)]
    assert all(not entry["obj"] and not entry["seen"] for entry in entries)


def test_nothing_seen_is_nothing_logged(table: Table) -> None:
    table.mark()
    access.disclose(gate(table), Access(act="case.viewed", origin="http"), [])
    assert table.entries() == []


def test_role_families_other_than_inhoud_see_no_case(table: Table) -> None:
    who = table.sit("fg")
    assert pages.case_view(who, table.id("cases", "c1")) is None
    assert pages.cases(who) == []
    assert table.entries("case.viewed")[-1]["reason"] == "role_excluded"


# --- rights in memory --------------------------------------------------------------------------


def test_unknown_cases_are_left_out_and_unchanged_ones_come_from_memory(table: Table) -> None:
    c1 = table.id("cases", "c1")
    found = rights.load([c1, uuid4(), c1])
    assert list(found) == [c1]
    assert rights.load([c1])[c1] is found[c1]
    rights.forget()
    assert rights.load([c1])[c1] is not found[c1]


def test_a_ruling_asked_after_time_went_on_is_ruled_by_that_time(table: Table) -> None:
    """A line that nobody had asked about ends; what first needs it afterwards does not get it."""
    s1, c1, conference = table.id("subjects", "s1"), table.id("cases", "c1"), table.id("conferences", "o2")
    step = consents.Step(
        case=c1, subject=s1, party="kwintes", category="vzn", state=State.GIVEN, ends=clock.now() + timedelta(days=1)
    )
    on_case(table.sit("zc"), c1, lambda turn: recorded(turn, step))
    members = table.members("kw")
    first = feed.read(conference, None, members, frozenset())
    pass_time(days=1.5)
    draft = {"case": c1, "category": "vzn", "kind": "feit", "basis": "g", "text": "van de ggz", "subject": s1}
    key = str(table.do("ggz", "item.prepare", at="o2", **draft).key)
    assert isinstance(table.do("ggz", "item.release", at="o2", key=key), Ack)
    after = feed.read(conference, Cursor(first.seq, first.rights), members, frozenset())
    assert after.views[after.classes[0]].objects.get(key) is None
    assert key not in table.view("kw", "o2")
    assert key in table.view("ggz", "o2")


def test_a_page_is_never_read_in_a_transaction_that_could_take_its_entry_back(table: Table) -> None:
    who = table.sit("pol")
    with transaction.atomic(), pytest.raises(RuntimeError):
        pages.case_view(who, table.id("cases", "c1"))
