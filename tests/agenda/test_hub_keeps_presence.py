"""Who sits at the table: a person once, lost for a while after a broken connection."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from agenda.hub import Hub, Seat, Sitting
from tests.agenda.hub_world import FAST, Client, World, until


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    made.grant("politie", "prc")
    yield made
    await made.hub.close()


def _list(client: Client) -> dict[str, str]:
    frames = client.of_kind("presence")
    return {one["id"]: one["state"] for one in frames[-1]["people"]} if frames else {}


async def test_everybody_hears_who_is_there_and_who_comes(world: World) -> None:
    first = world.join("politie")
    await until(lambda: _list(first) == {str(first.person): "present"})
    second = world.join("politie")
    both = {str(first.person): "present", str(second.person): "present"}
    await until(lambda: _list(first) == both and _list(second) == both)


async def test_a_person_stands_there_once_however_many_tabs(world: World) -> None:
    first = world.join("politie")
    await until(lambda: _list(first))
    heard = len(first.of_kind("presence"))
    tab = world.join("politie", first.person)
    await until(lambda: _list(tab) == {str(first.person): "present"})
    assert len(first.of_kind("presence")) == heard
    world.leave(tab, dropped=True)
    await asyncio.sleep(0.05)
    assert len(first.of_kind("presence")) == heard


async def test_the_list_comes_after_the_snapshot_and_not_before(world: World) -> None:
    world.log_down = True
    client = world.join("politie")
    await until(lambda: client.of_kind("notice"))
    assert not client.of_kind("presence")
    world.log_down = False
    await until(lambda: client.of_kind("presence"))
    kinds = [frame["type"] for frame in client.frames]
    assert kinds.index("snapshot") < kinds.index("presence")


async def test_a_goodbye_frees_the_seat_at_once(world: World) -> None:
    stays, goes = world.join("politie"), world.join("politie")
    await until(lambda: len(_list(stays)) == 2)
    world.leave(goes, dropped=False)
    await until(lambda: _list(stays) == {str(stays.person): "present"})


async def test_a_broken_connection_is_lost_for_a_while_and_then_gone(world: World) -> None:
    stays, goes = world.join("politie"), world.join("politie")
    await until(lambda: len(_list(stays)) == 2)
    world.leave(goes, dropped=True)
    await until(lambda: _list(stays).get(str(goes.person)) == "lost")
    await until(lambda: str(goes.person) not in _list(stays), within=2.0)


async def test_who_comes_back_in_time_is_present_again(world: World) -> None:
    stays, goes = world.join("politie"), world.join("politie")
    await until(lambda: len(_list(stays)) == 2)
    world.leave(goes, dropped=True)
    await until(lambda: _list(stays).get(str(goes.person)) == "lost")
    world.join("politie", goes.person)
    await until(lambda: _list(stays).get(str(goes.person)) == "present")
    await asyncio.sleep(0.3)
    assert _list(stays).get(str(goes.person)) == "present"


async def test_who_is_sent_away_leaves_the_list(world: World) -> None:
    stays, goes = world.join("politie"), world.join("politie")
    await until(lambda: len(_list(stays)) == 2)
    world.shut[goes.person] = 4401
    world.wake()
    await until(lambda: goes.code == 4401 and _list(stays) == {str(stays.person): "present"})


async def test_a_failing_list_disturbs_no_content_and_comes_when_it_can(world: World) -> None:
    honest = world.people
    failing = True

    def sometimes(conference: UUID, seats: tuple[Seat, ...]) -> Any:
        if failing:
            raise RuntimeError
        return honest(conference, seats)

    world.hub.functions = replace(world.hub.functions, people=sometimes)
    client = world.join("politie")
    await until(lambda: client.cseq)
    world.put("item:1", "prc", "tekst")
    world.wake()
    await until(lambda: client.keys)
    failing = False
    await until(lambda: _list(client))


class Rows:
    """The rows that two processes share."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Sitting] = {}

    def touch(self, conference: UUID, sittings: tuple[Sitting, ...], left: tuple[UUID, ...]) -> None:
        for socket in left:
            self.kept.pop(socket, None)
        self.kept |= {one.socket: one for one in sittings}

    def read(self, conference: UUID) -> tuple[Seat, ...]:
        return tuple(Seat(one.person, one.state) for one in self.kept.values())


async def test_processes_see_each_others_people_through_shared_rows() -> None:
    rows, limits = Rows(), replace(FAST, rows=0.05)
    worlds = [World(limits), World(limits)]
    for one in worlds:
        one.conference = worlds[0].conference
        one.grant("politie", "prc")
        one.hub = Hub(one.functions(presence_touch=rows.touch, presence_read=rows.read), limits=limits)
    here, there = worlds[0].join("politie", uuid4()), worlds[1].join("politie", uuid4())
    both = {str(here.person): "present", str(there.person): "present"}
    await until(lambda: _list(here) == both and _list(there) == both)
    worlds[1].leave(there, dropped=False)
    await until(lambda: _list(here) == {str(here.person): "present"})
    for one in worlds:
        await one.hub.close()


async def test_who_leaves_while_the_rows_are_written_leaves_no_row_behind() -> None:
    rows, writing, go_on = Rows(), threading.Event(), threading.Event()
    go_on.set()

    def slow(conference: UUID, sittings: tuple[Sitting, ...], left: tuple[UUID, ...]) -> None:
        writing.set()
        assert go_on.wait(5)
        rows.touch(conference, sittings, left)

    limits = replace(FAST, rows=0.05)
    world = World(limits)
    world.grant("politie", "prc")
    world.hub = Hub(world.functions(presence_touch=slow, presence_read=rows.read), limits=limits)
    last = world.join("politie")
    await until(lambda: rows.kept)
    go_on.clear()
    writing.clear()
    await until(writing.is_set)
    world.leave(last, dropped=False)
    await until(lambda: not world.hub.pumps)
    go_on.set()
    await until(lambda: not rows.kept)
    await asyncio.sleep(0.1)
    assert not rows.kept
    await world.hub.close()
