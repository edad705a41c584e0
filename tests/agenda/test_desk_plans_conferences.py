"""At the desk a conference is planned and its people are chosen; who is taken out loses the room at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from agenda import feed, pages
from agenda.commands import Refused, at_desk, planning
from agenda.commands.planning import Plan
from agenda.models import Conference, Seat
from conference import clock
from conference.accounts.models import Person
from consent.versions import versions
from tests.world import Table

TITLE = "Overleg van dinsdag"


def plan(table: Table, name: str = "nt", **changes: Any) -> UUID:
    base: dict[str, Any] = {
        "title": TITLE,
        "starts": clock.now() + timedelta(days=1),
        "chair": table.id("people", "vz"),
        "people": (table.id("people", "pol"), table.id("people", "kw")),
    }
    new = Plan(**base | changes)
    return at_desk(table.sit(name), "conference.opened", lambda turn: planning.plan_conference(turn, new))


def change(table: Table, name: str, conference: str | UUID = "o1", *, added: Any = (), removed: Any = ()) -> str:
    wanted = table.id("conferences", conference) if isinstance(conference, str) else conference
    new = [one if isinstance(one, UUID) else table.id("people", one) for one in added]
    gone = [one if isinstance(one, UUID) else table.id("people", one) for one in removed]
    return at_desk(
        table.sit(name),
        "conference.invited",
        lambda turn: planning.change_people(turn, added=new, removed=gone),
        conference=wanted,
    )


def refused(code: str, do: Any) -> None:
    before = (Conference.objects.count(), Seat.objects.count())
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.code == code
    assert (Conference.objects.count(), Seat.objects.count()) == before


def may_join(table: Table, name: str, conference: UUID) -> bool:
    return feed.may_join(conference, table.sit(name))


@pytest.mark.parametrize("name", ["vz", "nt"])
def test_a_planned_conference_opens_for_its_people_and_its_chair_and_nobody_else(table: Table, name: str) -> None:
    made = plan(table, name)
    inside = {one for one in table.ids["people"] if may_join(table, one, made)}
    assert inside == {"vz", "pol", "kw"}
    row = Conference.objects.get(id=made)
    assert TITLE.encode() not in bytes(row.sealed)
    today = pages.today(table.sit("pol"))
    assert today.next is not None
    assert (today.next.id, today.next.title) == (made, TITLE)


def test_its_agenda_is_made_in_the_room(table: Table) -> None:
    made = plan(table)
    table.do("vz", "agenda_item.add", at=made, case=str(table.id("cases", "c1")), title="Eerste", minutes=10)
    members = table.members("pol", "vz")
    reading = feed.read(made, None, members, frozenset())
    views = {key for view in reading.views.values() for key in view.objects}
    assert f"case:{table.id('cases', 'c1')}" in views


def test_planning_is_entered_with_whom_it_invites(table: Table) -> None:
    table.mark()
    made = plan(table)
    (leaf,) = table.entries("conference.opened")
    assert (leaf["conference"], leaf["obj"]) == (str(made), [f"conference:{made}"])
    assert set(leaf["recipients"]) == {str(table.id("people", one)) for one in ("vz", "pol", "kw")}


@pytest.mark.parametrize(
    ("code", "name", "changes"),
    [
        ("role_party", "pol", {}),
        ("role_party", "zc", {}),
        ("title_missing", "nt", {"title": " "}),
        ("starts_in_past", "nt", {"starts": datetime.fromisoformat("2026-11-22T23:59:00+01:00")}),
        ("unknown_person", "nt", {"people": (uuid4(),)}),
        ("unknown_person", "nt", {"chair": uuid4()}),
        ("unknown_subject", "nt", {"title": f"Over {{subject:{UUID(int=3, version=4)}}}"}),
    ],
)
def test_planning_is_refused_by_code(table: Table, code: str, name: str, changes: dict[str, Any]) -> None:
    refused(code, lambda: plan(table, name, **changes))


def test_a_conference_of_today_may_have_begun(table: Table) -> None:
    assert plan(table, starts=clock.now() - timedelta(minutes=5))


def test_oversight_and_closed_accounts_are_not_invited(table: Table) -> None:
    refused("unknown_person", lambda: plan(table, people=(table.id("people", "fg"),)))
    Person.objects.filter(id=table.id("people", "oov")).update(is_active=False)
    refused("unknown_person", lambda: plan(table, people=(table.id("people", "oov"),)))
    assert table.id("people", "oov") not in {one.id for one in pages.people_to_invite()}


@pytest.mark.parametrize("chair", ["pol", "zc"])
def test_only_who_may_lead_chairs(table: Table, chair: str) -> None:
    refused("chair_cannot_lead", lambda: plan(table, chair=table.id("people", chair)))
    assert {one.id for one in pages.chairs()} == {table.id("people", "vz"), table.id("people", "nt")}


# --- people --------------------------------------------------------------------------


def test_who_is_invited_comes_in_and_who_is_taken_out_is_closed_out_at_once(table: Table) -> None:
    conference = table.id("conferences", "o2")
    scope = f"conference:{conference}"
    before = versions([scope])[scope]
    members = table.members("kw", "pol")
    assert feed.read(conference, None, members, frozenset()).closed == {}
    change(table, "nt", "o2", added=["oov"], removed=["kw"])
    assert may_join(table, "oov", conference)
    assert not may_join(table, "kw", conference)
    assert versions([scope])[scope] > before
    assert feed.read(conference, None, members, frozenset()).closed == {0: feed.NOT_ADMITTED}


def test_who_leads_need_not_sit_there_to_choose_the_people(table: Table) -> None:
    assert not may_join(table, "vz", table.id("conferences", "o2"))
    change(table, "vz", "o2", added=["oov"])


def test_who_was_taken_out_can_be_invited_again_and_enters_anew(table: Table) -> None:
    conference = table.id("conferences", "o1")
    feed.enter(conference, table.sit("kw"))
    change(table, "nt", removed=["kw"])
    change(table, "nt", added=["kw"])
    assert Seat.objects.get(conference=conference, person=table.id("people", "kw")).entered_at is None


def test_inviting_and_taking_out_are_two_entries_that_name_whom(table: Table) -> None:
    table.mark()
    change(table, "nt", "o2", added=["oov", "rvdk"], removed=["kw"])
    found = {leaf["act"]: leaf["recipients"] for leaf in table.entries()}
    assert set(found["conference.invited"]) == {str(table.id("people", one)) for one in ("oov", "rvdk")}
    assert found["conference.uninvited"] == [str(table.id("people", "kw"))]


@pytest.mark.parametrize(
    ("code", "name", "changes"),
    [
        ("role_party", "pol", {"added": ["oov"]}),
        ("role_party", "zc", {"removed": ["kw"]}),
        ("nothing_changed", "nt", {}),
        ("chair_stays", "vz", {"removed": ["nt"]}),
        ("already_invited", "nt", {"added": ["kw"]}),
        ("not_invited", "nt", {"removed": ["oov"]}),
        ("unknown_person", "nt", {"added": ["fg"]}),
        ("unknown_person", "nt", {"added": [uuid4()]}),
    ],
)
def test_choosing_people_is_refused_by_code(table: Table, code: str, name: str, changes: dict[str, Any]) -> None:
    refused(code, lambda: change(table, name, "o2", **changes))


def test_a_conference_that_is_not_there_is_not_found(table: Table) -> None:
    refused("not_found", lambda: change(table, "nt", uuid4(), added=["oov"]))


def test_the_page_of_its_people_is_for_who_leads(table: Table) -> None:
    conference = table.id("conferences", "o2")
    table.mark()
    read = pages.invitations(table.sit("vz"), conference)
    assert read is not None
    found = read.show()
    assert found.title == "Casusoverleg twee"
    assert {one.id for one in found.invited} == {table.id("people", one) for one in ("nt", "pol", "kw", "zc", "ggz")}
    assert not {one.id for one in found.others} & {one.id for one in found.invited}
    assert table.id("people", "fg") not in {one.id for one in found.others}
    assert pages.invitations(table.sit("pol"), conference) is None
    assert pages.invitations(table.sit("nt"), uuid4()) is None
    assert [leaf["reason"] for leaf in table.entries() if leaf["out"] == "deny"] == ["role_party", "not_found"]
