"""The product's clock goes on, jumps and runs back: what is shown is always what holds at this moment."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from agenda import feed
from agenda.hub import Limits
from agenda.hub.types import Cursor, Membership, Reading
from conference import clock
from conference.covenant.days import day_end, midnight
from conference.demo.world import covenant
from tests.agenda.hub_world import FAST
from tests.agenda.hub_world import World as HubWorld
from tests.agenda.hub_world import until as hub_until
from tests.agenda.live_table import CALM, LiveTable
from tests.world import Table, consent, pass_time, settle, tiny_world

REAL = replace(CALM, backstop=Limits().backstop)  # the backstop that a real room has
SUMMER_BEGINS, WINTER_BEGINS = date(2027, 3, 28), date(2027, 10, 31)
LATE = 2.0  # seconds
SLOW = 20.0  # seconds that a busy machine may take for a first look
Made = Callable[..., Table]


@pytest.fixture
def world_at(transactional_db: None, quick_passwords: None, own_clock: None) -> Made:
    """Settle the tiny world at a moment, with these lines in c2 (an adult, track hulp), everybody logged in."""

    def made(at: datetime, *lines: dict[str, Any]) -> Table:
        world = tiny_world(clock=at.isoformat(), covenant=covenant(at.date() - timedelta(days=40)))
        world["cases"][1]["consents"] = list(lines)
        table = settle(world)
        for name in ("vz", "zc", "kw", "ggz"):
            table.sit(name)
        set_to(at)
        connections.close_all()  # it may have run on a thread of its own
        return table

    return made


def set_to(moment: datetime) -> None:
    """Set the product's clock."""
    clock.set_offset(moment - datetime.now(UTC))


def given(last: date) -> dict[str, Any]:
    """Kwintes may know who she is, up to and including this day."""
    begin = str(last - timedelta(days=30))
    return consent("kwintes", "id", "t1", purpose="hulp", **{"from": begin}, until=str(last))


def named(table: Table) -> bool:
    return table.key("t1") in table.view("kw")


# --- read after read, as a pump does --------------------------------------------------------------


class Room:
    """One member's pump, by hand: each look keeps the cursor of the last."""

    def __init__(self, table: Table, name: str = "kw") -> None:
        self.table = table
        self.members: list[Membership] = table.members(name)
        self.cursor: Cursor | None = None
        self.view: dict[str, Any] = {}

    def look(self) -> Reading:
        reading = feed.read(self.table.id("conferences", "o1"), self.cursor, self.members, frozenset())
        self.cursor = Cursor(reading.seq, reading.rights)
        view = reading.views.get(reading.classes[self.members[0].id])
        if view is not None and view.full:
            self.view = {key: one for key, one in view.objects.items() if one is not None}
        return reading

    def sees(self, name: str) -> bool:
        self.look()
        return self.table.key(name) in self.view


def test_a_clock_that_is_set_back_takes_away_what_had_not_begun(table: Table) -> None:
    """Politie may read about residence from 3 December; a room that was built then is not believed on 24 November."""
    room = Room(table, "pol")
    assert not room.sees("i-vbl")
    pass_time(days=11)
    assert room.sees("i-vbl")
    pass_time(days=-10)
    assert not room.sees("i-vbl")


def test_a_clock_that_is_set_back_gives_again_what_had_ended(table: Table) -> None:
    room = Room(table)
    assert room.sees("i-gez")
    pass_time(days=30)
    assert not room.sees("i-gez")
    pass_time(days=-29)
    assert room.sees("i-gez")


def test_a_clock_set_back_behind_the_first_look_but_after_an_old_one_is_noticed_too(table: Table) -> None:
    """What was ruled first at a later moment may not hold at an earlier one, however early the room was built."""
    room = Room(table, "pol")
    room.look()
    pass_time(days=9, hours=14, minutes=30)  # 2 December, half past eleven at night
    assert not room.sees("i-vbl")
    pass_time(hours=1)
    assert room.sees("i-vbl")
    pass_time(minutes=-50)
    assert not room.sees("i-vbl")


def test_a_clock_that_jumps_far_ahead_is_noticed_at_the_next_look(table: Table) -> None:
    room = Room(table)
    first = room.look()
    assert room.sees("i-gez")
    pass_time(days=400)
    second = room.look()
    assert second.rights != first.rights
    assert table.key("i-gez") not in room.view


def test_a_clock_that_runs_on_makes_no_new_rights(table: Table) -> None:
    room = Room(table)
    first = room.look()
    for _ in range(3):
        pass_time(minutes=10)
        again = room.look()
        assert again.rights == first.rights
        assert again.views == {}


def test_how_long_is_left_is_told_by_the_clock_as_it_stands(table: Table) -> None:
    room = Room(table)
    left = room.look().next_change
    assert left is not None
    pass_time(hours=2)
    later = room.look().next_change
    assert later is not None
    assert left - later == pytest.approx(7200, abs=5)
    pass_time(hours=-1)
    back = room.look().next_change
    assert back is not None
    assert back - later == pytest.approx(3600, abs=5)


def test_the_chairs_list_of_consent_follows_a_clock_that_is_set_back(table: Table) -> None:
    def states() -> list[str]:
        return [gap["state"] for gap in table.view("vz")[table.key("c1")]["consent"] if gap["state"] != "missing"]

    before = states()
    pass_time(days=20)
    assert "expired" in states()
    pass_time(days=-20)
    assert states() == before


# --- both changes of daylight saving -----------------------------------------------------------------


@pytest.mark.parametrize("last", [SUMMER_BEGINS, WINTER_BEGINS])
def test_a_consent_that_ends_on_the_day_of_the_change_holds_exactly_to_midnight(world_at: Made, last: date) -> None:
    """That day has 23 or 25 hours: the consent ends at midnight in Amsterdam, never an hour early or late."""
    ends = day_end(last)
    assert ends - midnight(last) == timedelta(hours=23 if last == SUMMER_BEGINS else 25)
    table = world_at(ends - timedelta(hours=26), given(last))
    room = Room(table)
    for before in (timedelta(hours=25), timedelta(hours=2), timedelta(hours=1), timedelta(seconds=10)):
        set_to(ends - before)
        assert room.sees("t1"), before
        left = room.look().next_change
        assert left is not None
        assert left <= before.total_seconds()
    for after in (timedelta(), timedelta(seconds=2), timedelta(hours=1), timedelta(hours=24)):
        set_to(ends + after)
        assert not room.sees("t1"), after


@pytest.mark.parametrize("last", [SUMMER_BEGINS, WINTER_BEGINS])
def test_the_hour_that_is_skipped_or_comes_twice_changes_nothing(world_at: Made, last: date) -> None:
    table = world_at(midnight(last), given(last))
    room = Room(table)
    first = room.look()
    for minutes in range(60, 241, 20):
        set_to(midnight(last) + timedelta(minutes=minutes))
        assert room.look().rights == first.rights
        assert room.sees("t1")


@pytest.mark.parametrize("change", [SUMMER_BEGINS, WINTER_BEGINS])
def test_coming_near_an_end_counts_whole_days_over_the_change(world_at: Made, change: date) -> None:
    """Fourteen days before, at midnight as the clock on the wall says it, with the change in between."""
    last = change + timedelta(days=5)
    soon = midnight(last + timedelta(days=1) - timedelta(days=14))
    table = world_at(soon - timedelta(hours=3), given(last))

    def near() -> bool:
        gaps = table.view("vz")[table.key("c2")]["consent"]
        return any(gap["state"] == "expiring" and gap["day"] == str(last) for gap in gaps)

    set_to(soon - timedelta(seconds=5))
    assert not near()
    set_to(soon)
    assert near()


# --- in the middle of a meeting -------------------------------------------------------------------------


async def _gone(live: LiveTable, name: str, key: str, within: float) -> float:
    """Wait until an object left somebody's view by itself; return when, monotonic seconds."""
    deadline = time.monotonic() + within
    while key in live.outlets[name].view():
        assert time.monotonic() < deadline, "still shown"
        await asyncio.sleep(0.01)
    return time.monotonic()


async def _live(table: Table, name: str = "kw") -> LiveTable:
    """Open a room with the backstop that a real one has, and wait until she sees who the betrokkene is."""
    live = LiveTable(table)
    live.hub.limits = REAL
    outlet = live.join(name)
    deadline = time.monotonic() + SLOW
    while table.key("t1") not in outlet.view():
        assert time.monotonic() < deadline, "never shown"
        await asyncio.sleep(0.01)
    return live


@pytest.mark.alone
@pytest.mark.parametrize("last", [SUMMER_BEGINS, WINTER_BEGINS, date(2027, 1, 20)])
async def test_a_consent_that_ends_in_the_middle_of_a_meeting_takes_its_object_away_in_time(
    world_at: Made, last: date
) -> None:
    ends = day_end(last)
    table = await asyncio.to_thread(world_at, ends - timedelta(hours=1), given(last))
    set_to(ends - timedelta(seconds=3))
    live = await _live(table)
    strikes = time.monotonic() + (ends - clock.now()).total_seconds()
    gone = await _gone(live, "kw", table.key("t1"), 3 + LATE)
    assert -0.05 < gone - strikes < LATE
    await live.close()


@pytest.mark.alone
@pytest.mark.parametrize("forward", [timedelta(days=40), timedelta(days=4000)])
async def test_a_clock_set_forward_in_a_meeting_is_followed_without_anybody_doing_anything(
    world_at: Made, forward: timedelta
) -> None:
    table = await asyncio.to_thread(world_at, datetime(2026, 12, 1, 10, tzinfo=UTC), given(date(2026, 12, 15)))
    live = await _live(table)
    began = time.monotonic()
    clock.set_offset(clock.offset() + forward)
    assert await _gone(live, "kw", table.key("t1"), LATE) - began < LATE
    await live.close()


@pytest.mark.alone
async def test_a_clock_set_back_in_a_meeting_is_followed_without_anybody_doing_anything(world_at: Made) -> None:
    later = given(date(2026, 12, 30)) | {"from": "2026-12-10"}
    table = await asyncio.to_thread(world_at, datetime(2026, 12, 12, 10, tzinfo=UTC), later)
    live = await _live(table)
    began = time.monotonic()
    clock.set_offset(clock.offset() - timedelta(days=5))
    assert await _gone(live, "kw", table.key("t1"), LATE) - began < LATE
    await live.close()


async def test_a_clock_that_runs_back_a_little_all_the_time_sends_nothing(world_at: Made) -> None:
    """A machine whose clock is corrected again and again makes new readings, and not one frame."""
    table = await asyncio.to_thread(world_at, datetime(2026, 12, 1, 10, tzinfo=UTC), given(date(2026, 12, 30)))
    live = await _live(table)
    frames = list(live.outlets["kw"].view_frames)
    for _ in range(5):
        clock.set_offset(clock.offset() - timedelta(seconds=1))
        await live.drain()
    assert live.outlets["kw"].view_frames == frames
    await live.close()


@pytest.mark.alone
async def test_a_pump_asks_the_wall_clock_each_second_however_long_it_was_told_to_sleep() -> None:
    """It sleeps on time that never jumps; what the reader says of the wall clock is asked again in time."""
    made = HubWorld(replace(FAST, backstop=Limits().backstop))
    made.grant("kwintes", "gez")
    made.put("item:1", "gez", "tot de klok verspringt")
    made.next_change = 86_400.0
    client = made.join("kwintes")
    await hub_until(lambda: client.keys == {"item:1"})
    made.grant("kwintes")  # as the clock would: nobody wakes the pump
    await hub_until(lambda: not client.keys, within=LATE)
    assert json.dumps(client.frames).count("tot de klok") == 1
    assert Limits().backstop <= 1.0
    await made.hub.close()
