"""Who has a seat in the room: admission, classes, sessions that end, and entries that come before the frames."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from agenda import feed
from agenda.hub.types import Cursor
from agenda.models import Conference, Seat
from conference.accounts.models import SignIn
from conference.accounts.sessions import machine_now
from consent.versions import raise_version
from tests.agenda.live_table import LiveTable
from tests.world import Table, pass_time


def read(table: Table, *names: str, at: str = "o1", cursor: Cursor | None = None) -> Any:
    return feed.read(table.id("conferences", at), cursor, table.members(*names), frozenset())


def seat(table: Table, name: str, at: str = "o1") -> None:
    conference = Conference.objects.get(id=table.id("conferences", at))
    Seat.objects.create(conference=conference, person=table.id("people", name))
    raise_version(f"conference:{conference.id}")


def test_who_is_invited_may_join_and_others_hear_the_same_as_of_nothing(table: Table) -> None:
    o2 = table.id("conferences", "o2")
    assert feed.may_join(o2, table.sit("kw"))
    assert not feed.may_join(o2, table.sit("rvdk"))
    assert not feed.may_join(uuid4(), table.sit("kw"))


def test_a_privacy_officer_with_a_seat_still_sees_and_does_nothing(table: Table) -> None:
    seat(table, "fg")
    assert not feed.may_join(table.id("conferences", "o1"), table.sit("fg"))
    reading = read(table, "fg", "kw")
    assert reading.closed == {0: feed.NOT_ADMITTED}
    answer = table.do("fg", "minutes.write", agenda_item=table.id("agenda_items", "a0"), text="t")
    assert answer.code == "not_admitted"


def test_equal_rights_are_one_class_and_other_rights_another(table: Table) -> None:
    names = ("pol", "pol2", "vz", "nt", "kw")
    classes = read(table, *names).classes
    assert classes[0] == classes[1]
    assert classes[2] == classes[3]
    assert len(set(classes.values())) == 3
    table.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "pol2"))
    apart = read(table, *names).classes
    assert apart[0] != apart[1]


def test_an_ended_session_and_a_lost_seat_are_closed_by_their_codes(table: Table) -> None:
    first = read(table, "pol", "kw", "ggz")
    assert first.closed == {}
    SignIn.objects.filter(id=table.sit("pol").session).update(ended_at=machine_now())
    raise_version("people")
    Seat.objects.filter(person=table.id("people", "kw")).delete()
    raise_version(f"conference:{table.id('conferences', 'o1')}")
    reading = read(table, "pol", "kw", "ggz", cursor=Cursor(first.seq, first.rights))
    assert reading.closed == {0: feed.SESSION_ENDED, 1: feed.NOT_ADMITTED}
    assert list(reading.classes) == [2]


def test_nothing_new_is_nothing_read(table: Table) -> None:
    first = read(table, "pol")
    again = read(table, "pol", cursor=Cursor(first.seq, first.rights))
    assert (again.views, again.seq, again.rights) == ({}, first.seq, first.rights)


def test_a_reading_says_when_rights_next_change_by_the_clock(table: Table) -> None:
    first = read(table, "kw")
    assert 0 < first.next_change <= timedelta(days=8).total_seconds()
    pass_time(seconds=first.next_change + 1)
    later = read(table, "kw", cursor=Cursor(first.seq, first.rights))
    assert later.rights != first.rights
    assert all(view.full for view in later.views.values())


def test_a_first_entry_is_entered_once_and_a_reconnect_is_no_entry(table: Table) -> None:
    conference, who = table.id("conferences", "o1"), table.sit("kw")
    table.mark()
    for _ in range(2):
        feed.enter(conference, who)
    (entry,) = table.entries("conference.entered")
    assert (entry["actor"], entry["conference"]) == (str(who.person), str(conference))
    assert Seat.objects.get(conference=conference, person=who.person).entered_at is not None


@pytest.fixture
def seated(table: Table) -> Table:
    from django.db import connections

    for name in table.ids["people"]:
        table.sit(name)
    table.mark()
    connections.close_all()
    return table


async def test_each_frame_is_one_entry_per_case_and_subject_that_names_its_readers(seated: Table) -> None:
    live = LiveTable(seated)
    for name in ("pol", "pol2", "kw"):
        live.join(name)
    await live.drain()
    await live.do("vz", "minutes.write", agenda_item=seated.id("agenda_items", "a0"), text="voor allen")
    s1 = seated.ids["subjects"]["s1"]
    text = f"over {{subject:{s1}}} en {{subject:{seated.ids['subjects']['s2']}}}"
    ack = await live.do("pol", "minutes.write", agenda_item=seated.id("agenda_items", "a1"), text=text, category="rel")
    entries = await live.act(lambda: seated.entries("conference.pushed"))
    snapshots = await live.act(lambda: seated.entries("conference.viewed"))
    await live.close()
    about = [entry for entry in entries if ack.key in entry["obj"]]
    assert {(entry["party"], entry["subject"]) for entry in about} == {
        (party, seated.ids["subjects"][name]) for party in ("politie", "kwintes") for name in ("s1", "s2")
    }
    police = {str(seated.id("people", name)) for name in ("pol", "pol2")}
    assert {tuple(sorted(e["recipients"])) for e in about if e["party"] == "politie"} == {tuple(sorted(police))}
    assert {tuple(e["seen"]) for e in about} == {("rel=identified",), ("rel=pseudonymised",)}
    assert {e["case"] for e in about} == {seated.ids["cases"]["c1"]}
    assert {e["origin"] for e in entries} == {"socket"}
    for name in ("pol", "kw"):
        shown = json.loads(live.outlets[name].view_frames[0])["view"]
        party = {"pol": "politie", "kw": "kwintes"}[name]
        logged = {key for entry in snapshots if entry["party"] == party for key in entry["obj"]}
        assert set(shown) == logged


async def test_a_title_that_mentions_somebody_is_entered_under_her(seated: Table) -> None:
    live = LiveTable(seated)
    live.join("vz")
    await live.drain()
    entries = await live.act(lambda: seated.entries("conference.viewed"))
    await live.close()
    (mine,) = [e for e in entries if e["subject"] == seated.ids["subjects"]["s1"] and seated.key("a1") in e["obj"]]
    assert mine["case"] == seated.ids["cases"]["c1"]


async def test_what_clients_hold_is_a_fresh_view_after_a_whole_meeting(seated: Table) -> None:
    live = LiveTable(seated)
    names = ("vz", "pol", "kw", "zc", "ggz", "rvdk", "oov")
    for name in names:
        live.join(name)
    await live.drain()
    point, c1 = seated.id("agenda_items", "a1"), seated.id("cases", "c1")
    await live.do("vz", "agenda_item.start", key=seated.key("a1"))
    await live.do("kw", "item.withdraw", key=seated.key("i-hlp"))
    await live.do("vz", "decision.propose", agenda_item=point, text="samen", category="pol", about=seated.key("i-pol"))
    await live.do("pol", "item.withdraw", key=seated.key("i-pol"))
    await live.do("vz", "door.send_out", case=c1, person=seated.id("people", "ggz"))
    s1 = seated.id("subjects", "s1")
    await live.do("zc", "consent.withdraw", case=c1, subject=s1, party="kwintes", category="gez")
    for name in names:
        assert live.outlets[name].view() == await live.act(lambda who=name: seated.view(who)), name
    await live.close()
