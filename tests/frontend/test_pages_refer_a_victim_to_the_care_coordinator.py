"""Whoever registers a victim records that she agrees to be called; every other line is the care coordinator's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, casework, consents, on_case
from agenda.commands.approach import Approach, calling, care_party
from agenda.commands.casework import Someone
from agenda.commands.consents import Step
from conference import clock
from conference.accounts.models import Person
from conference.cases import registering, rights
from conference.cases.access import Gate
from conference.cases.commands import CaseRefusal
from conference.cases.models import Subject
from consent import rules
from consent.ages import Band
from consent.commands import NewTalk
from consent.models import ConsentLine
from consent.rules import APPROACH, REQUIRED, Told, missing
from consent.states import State
from consent.talk import Contact, Talk
from tests.frontend.visiting import Region, page
from tests.world import TODAY, Table

Visit = Callable[[str], Client]
SAFE = Contact(channel="telefoon", reach="06 00 00 00 01", times="dinsdagochtend", word="de bibliotheek")
BORN = "2001-05-06"


@pytest.fixture
def table(region: Region) -> Table:
    return region


def agreed(**changes: Any) -> Approach:
    base: dict[str, Any] = {
        "method": "mondeling", "given_by": "zelf", "on": TODAY, "contact": SAFE, "alone": "ja", "pressure": "nee",
    }  # fmt: skip
    return Approach(**(base | changes))


def refer(
    table: Table, name: str = "pol", said: Approach | None = None, case: str = "c1", **someone: Any
) -> tuple[UUID, ConsentLine | None]:
    """Register somebody who agreed; return her and the line that was recorded."""
    wanted = table.id("cases", case)
    whole: dict[str, Any] = {"role": "victim", "protected": False, "identity": {"name": "Mila", "birth_date": BORN}}
    new = Someone(**(whole | someone), approach=said or agreed())
    made = at_desk(
        table.sit(name), "subject.registered", lambda turn: casework.register_subject(turn, wanted, new), case=wanted
    )
    return made, ConsentLine.objects.filter(subject=made).first()


def refused(table: Table, code: str, **changes: Any) -> None:
    before = (Subject.objects.count(), ConsentLine.objects.count())
    with pytest.raises(Refused) as caught:
        refer(table, **changes)
    assert caught.value.code == code
    assert (Subject.objects.count(), ConsentLine.objects.count()) == before, "nothing of it, she neither"


# --- the list of what it needs ---------------------------------------------------------------

WHOLE: dict[str, Any] = {
    "method": "schriftelijk", "given_by": "beiden", "representative": "voogd", "on": TODAY, "paper": "dossier",
    "alone": "ja", "pressure": "nee",
}  # fmt: skip
LEFT_OUT = [
    ({"method": ""}, {"method"}),
    ({"given_by": ""}, {"given_by"}),
    ({"on": None}, {"on"}),
    ({"alone": ""}, {"alone"}),
    ({"pressure": ""}, {"pressure"}),
    ({"pressure": "twijfel"}, {"setting"}),
    ({"paper": ""}, {"paper"}),
    ({"representative": ""}, {"representative"}),
]


@pytest.mark.parametrize(("change", "lacking"), LEFT_OUT)
def test_each_fact_of_the_short_list_is_asked(change: dict[str, Any], lacking: set[str]) -> None:
    told = Told(talk=Talk(**(WHOLE | change)), review_on=TODAY, approach=True)
    assert set(missing(State.GIVEN, told)) == lacking
    assert missing(State.GIVEN, Told(talk=Talk(**WHOLE), review_on=TODAY, approach=True)) == ()
    assert missing(State.GIVEN, Told(talk=Talk(**WHOLE), approach=True)) == ("review_on",)


def test_the_short_list_loosens_no_other_line_and_no_other_state() -> None:
    whole = Talk(**WHOLE)
    without = Told(talk=whole, review_on=TODAY)
    assert {"notice", "channel", "capacity", "overheard", "apart", "free"} <= set(missing(State.GIVEN, without))
    for state in set(State) - {State.GIVEN}:
        told = Told(talk=Talk(), approach=True)
        assert missing(state, told) == missing(state, Told(talk=Talk())), state
    assert set(APPROACH) <= set(REQUIRED[State.GIVEN]) | {"on"}


def test_it_is_bound_to_age_and_freedom_as_any_yes() -> None:
    for change, code in (({"pressure": "ja"}, "under_pressure"), ({"alone": "nee"}, "not_free_to_speak")):
        told = Told(talk=Talk(**(WHOLE | change)), review_on=TODAY, approach=True)
        assert rules.refusal(State.GIVEN, told, None, None) == code
    assert rules.refusal(State.GIVEN, Told(talk=Talk(**WHOLE), review_on=TODAY, approach=True), None, None) == (
        "age_unknown"
    )


# --- what is recorded --------------------------------------------------------------------------


def test_it_is_one_line_for_the_care_coordinators_party_that_says_who_she_is(table: Table) -> None:
    table.mark()
    made, line = refer(table)
    assert line is not None
    assert (line.party, line.category, line.state) == ("zorgcoordinator", "id", "gegeven")
    assert ConsentLine.objects.filter(subject=made).count() == 1
    assert (line.recorded_by, line.review_on) == (table.id("people", "pol"), date(2027, 5, 23))
    (leaf,) = table.entries("consent.given")
    assert (leaf["actor"], leaf["subject"]) == (str(table.id("people", "pol")), str(made))
    assert "receiver=zorgcoordinator" in leaf["seen"]
    assert not any("bibliotheek" in str(one) or "0600" in str(one) for one in table.entries())


def test_how_she_agreed_and_how_she_is_reached_safely_lie_sealed_for_the_care_coordinator(table: Table) -> None:
    made, _line = refer(table, said=agreed(method="schriftelijk", paper="map 3", on=TODAY - timedelta(days=2)))
    found = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")]
    assert registering.known_of(found, made).contact == SAFE
    ((row, talk),) = registering.open_talks(found, made)
    assert (talk.method, talk.paper, talk.on, talk.given_by) == ("schriftelijk", "map 3", date(2026, 11, 21), "zelf")
    assert (row.notice, row.notice_sha256) == ("", "")
    assert b"map 3" not in bytes(row.sealed)
    view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), made)
    assert view is not None
    assert {(one.party, one.category, one.state) for one in view.lines} == {
        ("zorgcoordinator", "id", State.GIVEN),
    }


def test_in_the_track_of_help_it_opens_to_her_who_she_is(table: Table) -> None:
    made, _line = refer(table, "kw", case="c2")
    shown = pages.case_view(table.sit("zc"), table.id("cases", "c2"))
    assert shown is not None
    assert next(one.identity for one in shown.subjects if one.id == made)["name"] == "Mila"
    silent, none = refer_silent(table)
    other = pages.case_view(table.sit("zc"), table.id("cases", "c2"))
    assert other is not None
    assert none == 0
    assert all(not one.identity for one in other.subjects if one.id == silent)


def refer_silent(table: Table) -> tuple[UUID, int]:
    """Register somebody who was not asked."""
    wanted = table.id("cases", "c2")
    new = Someone(role="victim", protected=False, identity={"name": "Zwijgend"})
    made = at_desk(
        table.sit("kw"), "subject.registered", lambda turn: casework.register_subject(turn, wanted, new), case=wanted
    )
    return made, ConsentLine.objects.filter(subject=made).count()


@pytest.mark.parametrize(
    ("born", "said", "code"),
    [
        (None, {}, "age_unknown"),
        (None, {"age_band": Band.OWN}, None),
        (None, {"age_band": Band.TEEN}, "representative_missing"),
        ("2012-05-06", {}, "representative_missing"),
        ("2012-05-06", {"given_by": "vertegenwoordiger", "representative": "voogd"}, "own_consent_missing"),
        ("2012-05-06", {"given_by": "beiden", "representative": "voogd"}, None),
        ("2012-05-06", {"given_by": "beiden"}, "fields_missing"),
        ("2018-05-06", {"given_by": "vertegenwoordiger", "representative": "ouder"}, None),
        ("2009-05-06", {}, None),
    ],
)
def test_her_age_says_whose_yes_counts(table: Table, born: str | None, said: dict[str, Any], code: str | None) -> None:
    identity = {"name": "Mila", "birth_date": born} if born else {"name": "Mila"}
    if code is None:
        assert refer(table, said=agreed(**said), identity=identity)[1] is not None
    else:
        refused(table, code, said=agreed(**said), identity=identity)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("not_a_victim", {"role": "circle"}),
        ("not_a_victim", {"role": "suspect"}),
        ("told_in_future", {"said": agreed(on=TODAY + timedelta(days=1))}),
        ("agreed_long_ago", {"said": agreed(on=TODAY - timedelta(days=31))}),
        ("agreed_long_ago", {"said": agreed(on=date.min)}),
        ("not_free_to_speak", {"said": agreed(alone="nee")}),
        ("under_pressure", {"said": agreed(pressure="ja")}),
        ("fields_missing", {"said": agreed(alone="")}),
        ("fields_missing", {"said": agreed(pressure="twijfel")}),
        ("contact_missing", {"said": agreed(contact=Contact())}),
        ("contact_missing", {"said": agreed(contact=Contact(channel="telefoon", reach=" "))}),
        ("fields_missing", {"said": agreed(method="schriftelijk")}),
        ("no_care_coordinator", {"name": "zc"}),
        ("not_found", {"name": "oov"}),
    ],
)
def test_it_is_refused_by_code_and_then_nothing_is_registered(table: Table, code: str, changes: dict[str, Any]) -> None:
    refused(table, code, **changes)


def test_what_she_agreed_to_a_month_ago_counts_and_in_doubt_with_a_word_on_it(table: Table) -> None:
    doubted = agreed(on=TODAY - timedelta(days=30), pressure="twijfel", setting="zij begon er zelf over")
    made, line = refer(table, said=doubted)
    assert line is not None
    found = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")]
    ((_row, talk),) = registering.open_talks(found, made)
    assert (talk.alone, talk.pressure, talk.setting) == ("ja", "twijfel", "zij begon er zelf over")


# She turned 12, 16 or 18 three days ago.
BIRTHDAYS = ("2014-11-20", "2010-11-20", "2008-11-20")
GIVERS: tuple[dict[str, Any], ...] = (
    {"given_by": "zelf"},
    {"given_by": "beiden", "representative": "voogd"},
    {"given_by": "vertegenwoordiger", "representative": "voogd"},
)


@pytest.mark.parametrize("born", BIRTHDAYS)
@pytest.mark.parametrize("giver", GIVERS)
def test_what_was_agreed_before_a_birthday_that_counts_is_asked_again(
    table: Table, born: str, giver: dict[str, Any]
) -> None:
    before = agreed(on=TODAY - timedelta(days=4), **giver)
    refused(table, "turned_since", said=before, identity={"name": "Mila", "birth_date": born})


@pytest.mark.parametrize("born", ["2010-11-20", "2008-11-20", "2009-11-20"])
def test_what_was_agreed_on_that_birthday_or_past_another_one_counts(table: Table, born: str) -> None:
    days = 4 if born.startswith("2009") else 3
    said = agreed(on=TODAY - timedelta(days=days))
    assert refer(table, said=said, identity={"name": "Mila", "birth_date": born})[1] is not None


def test_her_age_counts_on_the_day_on_which_she_said_it(table: Table) -> None:
    """Also where nobody asks whether a birthday lies between: at 15 her own yes alone was none."""
    made, _line = refer(table, identity={"name": "Mila", "birth_date": "2010-11-20"})
    c1 = table.id("cases", "c1")
    found = rights.load([c1])[c1]
    for on, code in ((date(2026, 11, 19), "representative_missing"), (date(2026, 11, 20), None)):
        talk = Talk(method="mondeling", given_by="zelf", on=on, alone="ja", pressure="nee")
        wanted = registering.ConsentStep(
            subject=made, party="kwintes", category="id", state=State.GIVEN, starts=clock.now(), review_on=TODAY,
            approach=True,
        )  # fmt: skip
        with transaction.atomic():
            new = NewTalk(case=c1, subject=made, talk=talk)
            kept = registering.record_talk(found, new, by=None, at=clock.now())
            step = replace(wanted, talk=(kept, talk))
            if code is None:
                registering.record_consent(found, step, by=None, at=clock.now())
            else:
                with pytest.raises(CaseRefusal, match=code):
                    registering.record_consent(found, step, by=None, at=clock.now())


def test_without_a_care_coordinator_in_the_case_there_is_nobody_to_call(table: Table) -> None:
    c1 = table.id("cases", "c1")
    assert care_party(calling(Gate.at_this_moment([c1]), c1), "politie") == "zorgcoordinator"
    assert care_party(["politie", "kwintes"], "politie") is None
    Person.objects.filter(id=table.id("people", "zc")).update(is_active=False)
    assert care_party(calling(Gate.at_this_moment([c1]), c1), "politie") is None
    refused(table, "no_care_coordinator")


@pytest.mark.parametrize("name", ["pol", "kw", "vz", "nt", "ggz"])
def test_every_other_line_stays_the_care_coordinators(table: Table, name: str) -> None:
    """The desk knows no other way: the register's own commands ask for the role."""
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    step = Step(case=c1, subject=s1, party="zorgcoordinator", category="id", state=State.WITHDRAWN)

    def carry_out(turn: Turn) -> str:
        turn.require_role("consent.withdraw")
        return consents.record(turn, step)

    with pytest.raises(Refused, match="role_party"):
        on_case(table.sit(name), c1, carry_out)


# --- the form ------------------------------------------------------------------------------------

TICKED = {
    "new-protected": "no", "new-role": "victim", "new-name": "Mila", "new-birth_date": "06-05-2001",
    "new-approach": "on", "new-approach_method": "mondeling", "new-approach_by": "zelf",
    "new-approach_on": "23-11-2026", "new-approach_alone": "ja", "new-approach_pressure": "nee",
    "new-contact_channel": "telefoon", "new-contact_reach": "0600000001",
    "new-contact_word": "de bibliotheek",
}  # fmt: skip


@pytest.fixture
def manage(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/manage/"


def test_the_form_records_it_with_the_registration(region: Region, visit: Visit, manage: str) -> None:
    client = visit("pol")
    assert "Zij vindt het goed dat de zorgcoördinator" in page(client.get(manage))
    page(client.post(f"{manage}subject/", TICKED, follow=True))
    made = Subject.objects.get(case=region.id("cases", "c1"), number=4)
    assert ConsentLine.objects.filter(subject=made.id, party="zorgcoordinator", category="id").count() == 1


def test_without_the_tick_nothing_is_recorded_whatever_else_was_typed(
    region: Region, visit: Visit, manage: str
) -> None:
    page(visit("pol").post(f"{manage}subject/", TICKED | {"new-approach": ""}, follow=True))
    made = Subject.objects.get(case=region.id("cases", "c1"), number=4)
    assert not ConsentLine.objects.filter(subject=made.id).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new-role": "circle"}, "approach"),
        ({"new-approach_on": ""}, "approach_on"),
        ({"new-approach_on": "24-11-2026"}, "approach_on"),
        ({"new-approach_on": "23-10-2026"}, "approach_on"),
        ({"new-approach_on": "31-12-9999"}, "approach_on"),
        ({"new-birth_date": "20-11-2008", "new-approach_on": "19-11-2026"}, "approach_on"),
        ({"new-approach_alone": ""}, "approach_alone"),
        ({"new-approach_alone": "nee"}, "approach_alone"),
        ({"new-approach_pressure": ""}, "approach_pressure"),
        ({"new-approach_pressure": "ja"}, "approach_pressure"),
        ({"new-approach_pressure": "twijfel"}, "approach_setting"),
        ({"new-approach_method": "schriftelijk"}, "approach_paper"),
        ({"new-approach_by": "beiden"}, "approach_representative"),
        ({"new-birth_date": ""}, "approach_band"),
        ({"new-contact_reach": ""}, "contact_reach"),
        ({"new-birth_date": "06-05-2014"}, "approach_by"),
    ],
)
def test_what_is_missing_stands_at_its_own_field(
    region: Region, visit: Visit, manage: str, changes: dict[str, str], field: str
) -> None:
    text = page(visit("pol").post(f"{manage}subject/", TICKED | changes))
    assert f'href="#id_new-{field}"' in text
    assert 'value="de bibliotheek"' in text
    assert Subject.objects.filter(case=region.id("cases", "c1")).count() == 3


def test_who_calls_herself_and_where_nobody_would_the_tick_is_not_offered(
    region: Region, visit: Visit, manage: str
) -> None:
    offered = "new-approach"
    assert offered not in page(visit("zc").get(manage))
    Person.objects.filter(id=region.id("people", "zc")).update(is_active=False)
    assert offered not in page(visit("pol").get(manage))
