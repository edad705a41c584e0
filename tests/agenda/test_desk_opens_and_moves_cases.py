"""At the desk a case is opened, parties come in and go out, phases follow each other; each refusal has its code."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from agenda import feed, pages
from agenda.commands import Refused, at_desk, casework
from agenda.commands.casework import Referral
from agenda.models import Change, Conference
from conference.cases import access, rights
from conference.cases.models import Case, Involvement
from conference.covenant.words import ALL_PHASES, TRACKS
from consent.versions import versions
from tests.consenting import weighed
from tests.world import Table, pass_time

NEW = Referral(track="wgs", purpose="hulp en veiligheid", municipality="Veenstad", form="criminele uitbuiting")


def open_case(table: Table, name: str, new: Referral = NEW) -> UUID:
    return at_desk(table.sit(name), "case.opened", lambda turn: casework.open_case(turn, new))


def at_case(table: Table, name: str, do: Callable[..., Any], *args: Any, case: str | UUID = "c1") -> Any:
    """Let a person give a command of the desk on a case."""
    wanted = table.id("cases", case) if isinstance(case, str) else case
    return at_desk(table.sit(name), "case.changed", lambda turn: do(turn, wanted, *args), case=wanted)


def refused(code: str, do: Callable[[], object]) -> None:
    """The command is refused by this code and leaves nothing but its entry."""
    before = (Case.objects.count(), Involvement.objects.count(), Change.objects.count())
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.code == code
    assert (Case.objects.count(), Involvement.objects.count(), Change.objects.count()) == before


def exists_for(table: Table, name: str, case: UUID) -> bool:
    gate = access.Gate.at_this_moment([case])
    return gate.existence(access.viewer_of(table.sit(name)), case).visible


# --- opening -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vz", "nt", "pol", "zc", "oov"])
def test_a_party_that_is_responsible_refers_a_case_and_supplies_its_header(table: Table, name: str) -> None:
    case = open_case(table, name)
    row = Case.objects.get(id=case)
    party = table.sit(name).party
    assert (row.phase, row.track, row.referrer, row.loaded) == ("aanmelding", "wgs", party, False)
    assert row.covenant
    assert list(Involvement.objects.filter(case=row).values_list("party", flat=True)) == [party]
    header = rights.load([case])[case].header()
    assert (header.purpose, header.municipality, header.form) == (NEW.purpose, NEW.municipality, NEW.form)
    assert header.code_name
    assert NEW.purpose.encode() not in bytes(row.sealed)


def test_a_new_case_exists_for_its_referrer_and_the_process_party_only(table: Table) -> None:
    case = open_case(table, "pol")
    seen = {name for name in table.ids["people"] if exists_for(table, name, case)}
    assert seen == {"pol", "pol2", "vz", "nt"}


def test_each_case_has_a_key_and_a_code_name_of_its_own(table: Table) -> None:
    first, second = open_case(table, "pol"), open_case(table, "pol")
    names = {rights.load([case])[case].header().code_name for case in (first, second)}
    assert len(names) == 2
    assert Case.objects.get(id=first).purpose_ref != Case.objects.get(id=second).purpose_ref


def test_opening_is_entered_once_under_the_covenant_in_force(table: Table) -> None:
    table.mark()
    case = open_case(table, "pol")
    (leaf,) = table.entries()
    assert (leaf["act"], leaf["out"], leaf["origin"]) == ("case.opened", "permit", "http")
    assert (leaf["case"], leaf["obj"], leaf["phase"]) == (str(case), [f"case:{case}"], "aanmelding")
    assert leaf["actor"] == str(table.id("people", "pol"))
    assert leaf["covenant"]
    assert NEW.municipality not in json.dumps(leaf)


def test_who_leads_may_involve_others_at_once_and_a_referrer_may_not(table: Table) -> None:
    wide = Referral(track="wgs", purpose="hulp", parties=("politie", "kwintes"))
    case = open_case(table, "nt", wide)
    assert exists_for(table, "pol", case)
    assert exists_for(table, "kw", case)
    refused("role_party", lambda: open_case(table, "pol", wide))


@pytest.mark.parametrize("name", ["kw", "ggz"])
def test_a_private_party_cannot_refer_a_case(table: Table, name: str) -> None:
    table.mark()
    refused("role_party", lambda: open_case(table, name))
    (leaf,) = table.entries()
    assert (leaf["act"], leaf["out"], leaf["reason"]) == ("case.opened", "deny", "role_party")


@pytest.mark.parametrize(
    ("code", "new"),
    [
        ("unknown_track", Referral(track="snel", purpose="hulp")),
        ("purpose_missing", Referral(track="wgs", purpose="  ")),
        ("unknown_party", Referral(track="wgs", purpose="hulp", parties=("niemand",))),
        ("guest_no_account", Referral(track="wgs", purpose="hulp", parties=("comensha",))),
    ],
)
def test_a_case_is_not_opened_without_what_it_needs(table: Table, code: str, new: Referral) -> None:
    refused(code, lambda: open_case(table, "nt", new))


def test_without_a_covenant_in_force_nothing_is_opened(table: Table) -> None:
    pass_time(days=-190)
    refused("covenant_inactive", lambda: open_case(table, "nt"))
    assert pages.desk(table.sit("nt")) == pages.Desk(ruled=False, may=frozenset({"case.open", "conference.plan"}))
    assert pages.desk(table.sit("pol")).may == frozenset()


# --- who takes part ------------------------------------------------------------------


def test_a_party_that_comes_in_sees_the_case_and_one_that_goes_out_sees_nothing(table: Table) -> None:
    case = table.id("cases", "c1")
    assert f"case:{case}" not in table.view("oov")
    assert not exists_for(table, "oov", case)
    at_case(table, "vz", casework.involve, "burgemeester_oov")
    assert exists_for(table, "oov", case)
    assert f"case:{case}" in table.view("oov")
    at_case(table, "nt", casework.end_involvement, "burgemeester_oov")
    assert not exists_for(table, "oov", case)
    assert f"case:{case}" not in table.view("oov")


def test_a_party_can_come_back_and_its_first_time_stays_known(table: Table) -> None:
    at_case(table, "nt", casework.end_involvement, "kwintes")
    at_case(table, "nt", casework.involve, "kwintes")
    rows = Involvement.objects.filter(case=table.id("cases", "c1"), party="kwintes")
    assert sorted(row.until is None for row in rows) == [False, True]


@pytest.mark.parametrize(
    ("code", "name", "do", "party"),
    [
        ("role_party", "pol", casework.involve, "burgemeester_oov"),
        ("role_party", "zc", casework.end_involvement, "kwintes"),
        ("already_involved", "nt", casework.involve, "kwintes"),
        ("already_involved", "nt", casework.involve, "zvh_procesregie"),
        ("unknown_party", "nt", casework.involve, "niemand"),
        ("guest_no_account", "nt", casework.involve, "comensha"),
        ("guest_no_account", "nt", casework.involve, "vng_ministerie"),
        ("process_party_stays", "nt", casework.end_involvement, "zvh_procesregie"),
        ("not_taking_part", "nt", casework.end_involvement, "burgemeester_oov"),
    ],
)
def test_taking_part_is_refused_by_code(table: Table, code: str, name: str, do: Any, party: str) -> None:
    refused(code, lambda: at_case(table, name, do, party))


@pytest.mark.parametrize("phase", ["triage", "heropend"])
def test_while_a_case_is_weighed_no_private_party_joins(table: Table, phase: str) -> None:
    Case.objects.filter(id=table.id("cases", "c3")).update(phase=phase)
    rights.forget()
    refused("triage_is_for_members", lambda: at_case(table, "nt", casework.involve, "kwintes", case="c3"))
    at_case(table, "nt", casework.involve, "om", case="c3")


# --- phases --------------------------------------------------------------------------


def test_the_coordinator_moves_a_case_on_and_open_rooms_see_it_at_once(table: Table) -> None:
    case = table.id("cases", "c1")
    table.mark()
    assert table.view("pol")[f"case:{case}"]["phase"] == "overleg"
    at_case(table, "nt", casework.change_phase, "uitvoering")
    assert table.view("pol")[f"case:{case}"]["phase"] == "uitvoering"
    (leaf,) = table.entries("case.phase_changed")
    assert (leaf["case"], leaf["phase"]) == (str(case), "uitvoering")


def test_a_change_is_told_to_every_conference_that_has_the_case_and_to_no_other(table: Table) -> None:
    before = dict(Conference.objects.values_list("id", "seq"))
    scope = f"case:{table.id('cases', 'c2')}"
    version = versions([scope])[scope]
    at_case(table, "nt", casework.change_phase, "uitvoering", case="c2")
    after = dict(Conference.objects.values_list("id", "seq"))
    o1, o2 = table.id("conferences", "o1"), table.id("conferences", "o2")
    assert (after[o1] - before[o1], after[o2] - before[o2]) == (1, 0)
    assert versions([scope])[scope] > version
    at_case(table, "nt", casework.change_phase, "uitvoering", case="c1")
    both = dict(Conference.objects.values_list("id", "seq"))
    assert (both[o1] - after[o1], both[o2] - after[o2]) == (1, 1)


@pytest.mark.parametrize(
    ("code", "name", "case", "phase"),
    [
        ("role_party", "vz", "c1", "uitvoering"),
        ("role_party", "pol", "c1", "uitvoering"),
        ("role_party", "zc", "c1", "uitvoering"),
        ("same_phase", "nt", "c1", "overleg"),
        ("no_such_step", "nt", "c1", "aanmelding"),
        ("no_such_step", "nt", "c1", "vernietigd"),
        ("no_such_step", "nt", "c1", "zomaar"),
        ("no_such_step", "nt", "c1", "nazorg"),
    ],
)
def test_a_step_is_refused_by_code(table: Table, code: str, name: str, case: str, phase: str) -> None:
    refused(code, lambda: at_case(table, name, casework.change_phase, phase, case=case))


def test_a_shielded_case_is_gone_for_everybody_and_for_the_desk(table: Table) -> None:
    for phase in ("afsluiting", "afgeschermd"):
        at_case(table, "nt", casework.change_phase, phase)
    refused("not_found", lambda: at_case(table, "nt", casework.change_phase, "heropend"))
    assert not exists_for(table, "nt", table.id("cases", "c1"))
    assert pages.management(table.sit("nt"), table.id("cases", "c1")) is None


def test_what_does_not_exist_and_what_is_not_yours_are_refused_alike(table: Table) -> None:
    refused("not_found", lambda: at_case(table, "nt", casework.change_phase, "uitvoering", case=uuid4()))
    refused("not_found", lambda: at_case(table, "zc", casework.record_exception, _any_exception(table), case="c3"))


def _any_exception(table: Table) -> casework.Exceptional:
    from datetime import timedelta

    from conference import clock

    return casework.Exceptional(
        subject=table.id("subjects", "s1"),
        party="kwintes",
        category="hlp",
        code=7,
        decider=table.id("people", "vz"),
        weighed=weighed(),
        ends=clock.now() + timedelta(days=3),
    )


def test_every_phase_that_follows_is_one_that_the_covenant_can_read() -> None:
    from conference.cases import rules

    for track in TRACKS:
        for phase in ALL_PHASES:
            steps = rules.next_phases(track, phase)
            assert set(steps) <= ALL_PHASES - {phase, "vernietigd", "aanmelding"}
            assert ("nazorg" in steps) == (track == "hulp" and phase == "afsluiting")


# --- the room follows ----------------------------------------------------------------


def test_a_case_that_was_opened_at_the_desk_can_be_put_on_the_agenda(table: Table) -> None:
    case = open_case(table, "pol")
    ack = table.do("vz", "agenda_item.add", case=str(case), title="Nieuw", minutes=10)
    assert ack.key
    assert f"case:{case}" in table.view("pol")
    assert f"case:{case}" not in table.view("kw")
    at_case(table, "nt", casework.involve, "kwintes", case=case)
    assert f"case:{case}" in table.view("kw")


def test_who_leaves_a_case_keeps_the_room_and_loses_the_case(table: Table) -> None:
    members = table.members("kw")
    at_case(table, "nt", casework.end_involvement, "kwintes")
    reading = feed.read(table.id("conferences", "o1"), None, members, frozenset())
    assert reading.closed == {}
    assert f"case:{table.id('cases', 'c1')}" not in table.view("kw")


def test_a_page_of_a_case_offers_only_what_is_possible(table: Table) -> None:
    case = table.id("cases", "c1")
    read = [pages.management(table.sit(name), case) for name in ("nt", "pol")]
    for_coordinator, for_police = (found.show() for found in read if found)
    assert for_coordinator.next_phases == ["uitvoering", "verrijking", "afsluiting"]
    assert set(for_coordinator.involved) == {"politie", "zorgcoordinator", "kwintes", "ggz", "rvdk"}
    assert not set(for_coordinator.others) & {*for_coordinator.involved, "comensha", "zvh_procesregie"}
    assert (for_police.involved, for_police.next_phases, for_police.deciders) == ([], [], [])
    assert for_police.may == frozenset()
    assert {one.handle for one in for_police.own_subjects} == {"betrokkene 2", "betrokkene 3"}
