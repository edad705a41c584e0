"""Rights change: by a command, by the clock, by a session's end. Nothing old leaves afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from agenda.hub import Reading
from tests.agenda.hub_world import FAST, Client, World, assert_logged_before_sent, until


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    made.grant("politie", "prc", "pol")
    made.grant("kwintes", "prc", "gez")
    yield made
    assert_logged_before_sent(made.journal)
    await made.hub.close()


async def _seated(world: World, *parties: str) -> list[Client]:
    clients = [world.join(party) for party in parties]
    await until(lambda: all(client.cseq for client in clients))
    return clients


async def test_a_lost_right_takes_the_object_away(world: World) -> None:
    world.put("item:1", "gez", "gezondheid")
    (kwintes,) = await _seated(world, "kwintes")
    world.grant("kwintes", "prc")
    world.wake()
    await until(lambda: not kwintes.keys)
    last = kwintes.numbered[-1]  # a change, or on a busy machine a snapshot
    assert last.get("gone") == ["item:1"] or last.get("view") == {}


async def test_a_gained_right_shows_what_was_there_already(world: World) -> None:
    world.put("item:1", "gez", "gezondheid")
    (police,) = await _seated(world, "politie")
    assert not police.keys
    world.grant("politie", "prc", "pol", "gez")
    world.wake()
    await until(lambda: police.keys == {"item:1"})


async def test_taking_away_alone_writes_no_entry(world: World) -> None:
    world.put("item:1", "gez", "gezondheid")
    (kwintes,) = await _seated(world, "kwintes")
    before = len(world.entries)
    world.grant("kwintes", "prc")
    world.wake()
    await until(lambda: not kwintes.keys)
    assert len(world.entries) == before


async def test_who_changes_class_gets_a_snapshot_of_the_new_one(world: World) -> None:
    world.put("item:1", "pol", "politie")
    world.put("item:2", "gez", "gezondheid")
    mover, other = await _seated(world, "politie", "kwintes")
    world.move(mover.person, "kwintes")
    world.wake()
    await until(lambda: mover.keys == {"item:2"})
    assert [frame["type"] for frame in mover.numbered] == ["snapshot", "snapshot"]
    assert other.cseq == 1


async def test_a_lost_right_empties_the_queue_into_one_snapshot(world: World) -> None:
    world.hub.limits = replace(FAST, unseen_bytes=1)  # one frame on its way, the rest in our queue
    (kwintes,) = await _seated(world, "kwintes")
    for number in range(5):
        world.put(f"item:{number}", "gez", f"geheim {number}")
        world.wake()
        await until(lambda wanted=number: kwintes.member and len(kwintes.member.queue) == wanted + 1)  # type: ignore[misc]
    world.put("item:9", "prc", "proces")
    world.grant("kwintes", "prc")
    world.wake()
    await until(lambda: kwintes.member and len(kwintes.member.queue) == 1)
    kwintes.acknowledge()
    await until(lambda: kwintes.cseq == 2)
    assert kwintes.numbered[-1] == {"type": "snapshot", "cseq": 2, "view": {"item:9": {"text": "proces"}}}
    assert "geheim" not in json.dumps(kwintes.frames)


async def test_a_change_of_rights_wakes_the_pump_when_the_clock_says_so() -> None:
    made = World(replace(FAST, backstop=30.0))
    made.grant("kwintes", "gez")
    made.put("item:1", "gez", "tot straks")
    made.next_change = 0.15
    (kwintes,) = await _seated(made, "kwintes")
    made.next_change = None
    made.grant("kwintes")  # nobody wakes the pump
    await until(lambda: not kwintes.keys, within=1.0)
    await made.hub.close()


async def test_what_was_queued_under_rights_that_ended_by_the_clock_is_held_back() -> None:
    now = [1000.0]
    made = World(replace(FAST, unseen_bytes=1), clock=lambda: now[0])
    made.grant("kwintes", "gez")
    made.next_change = 60.0
    (kwintes,) = await _seated(made, "kwintes")
    made.put("item:1", "gez", "tot straks")
    made.wake()
    await until(lambda: kwintes.member and kwintes.member.queue)
    made.fault = RuntimeError("no reading possible")  # so that only the deadline can hold it
    now[0] += 61.0
    kwintes.acknowledge()
    assert kwintes.cseq == 1
    made.fault = None
    made.next_change = None
    made.grant("kwintes")
    await until(lambda: kwintes.cseq == 2)
    assert kwintes.numbered[-1]["view"] == {}
    await made.hub.close()


async def test_what_was_logged_while_its_right_ended_by_the_clock_is_not_sent() -> None:
    now = [1000.0]
    made = World(clock=lambda: now[0])
    made.grant("kwintes", "prc", "gez")
    (kwintes,) = await _seated(made, "kwintes")

    def clock_strikes() -> None:
        now[0] += 6.0  # past the right, and not so far that an unseen frame counts as too slow
        made.next_change = None
        made.grant("kwintes", "prc")
        made.while_logging = None

    made.next_change = 5.0
    made.while_logging = clock_strikes
    made.put("item:1", "gez", "te laat")
    made.put("item:2", "prc", "proces")
    made.wake()
    await until(lambda: kwintes.keys == {"item:2"})
    assert "te laat" not in json.dumps(kwintes.frames)
    assert any("item:1" in entry.put for entry in made.entries)
    await made.hub.close()


async def test_a_reader_whose_clock_stands_still_does_not_make_the_pump_spin() -> None:
    made = World(replace(FAST, backstop=30.0))
    made.grant("kwintes", "gez")
    made.next_change = 0.0
    made.put("item:1", "gez", "nooit")
    client = made.join("kwintes")
    await asyncio.sleep(0.3)
    assert len(made.readings) < 60
    assert client.cseq == 0
    await made.hub.close()


@pytest.mark.parametrize("code", [4401, 4403])
async def test_an_ended_session_or_a_lost_seat_closes_the_socket_before_anything_else(world: World, code: int) -> None:
    police, other = await _seated(world, "politie", "politie")
    world.shut[police.person] = code
    world.put("item:1", "prc", "daarna")
    world.wake()
    await until(lambda: other.keys)
    assert police.code == code
    assert police.cseq == 1


async def test_sockets_are_closed_also_when_the_log_cannot_be_written(world: World) -> None:
    police, other = await _seated(world, "politie", "politie")
    world.log_down = True
    world.put("item:1", "prc", "tekst")
    world.shut[police.person] = 4401
    world.wake()
    await until(lambda: police.code == 4401)
    assert not other.keys


async def test_a_member_whom_the_reader_does_not_name_is_no_longer_admitted(world: World) -> None:
    (client,) = await _seated(world, "politie")
    honest = world.hub.functions.read

    def forgetful(*args: Any) -> Reading:
        reading = honest(*args)
        reading.classes.clear()
        return reading

    pump = world.hub.pumps[world.conference]
    pump.functions = replace(pump.functions, read=forgetful)
    world.wake()
    await until(lambda: client.code == 4403)
