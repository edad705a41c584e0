"""The log is down, the pump dies, a client stops reading: what then reaches whom."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from agenda.hub import Limits, Member, Membership, Reading, Shown, Trace
from agenda.hub.plan import change, snapshot
from conference.accounts.sessions import Identity
from tests.agenda.hub_world import FAST, Client, World, assert_logged_before_sent, until


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    made.grant("politie", "prc")
    yield made
    assert_logged_before_sent(made.journal)
    await made.hub.close()


async def test_without_the_log_no_content_leaves_and_everybody_is_told_once(world: World) -> None:
    first, second = world.join("politie"), world.join("politie")
    await until(lambda: first.cseq and second.cseq)
    world.log_down = True
    world.put("item:1", "prc", "geheim")
    world.wake()
    await until(lambda: first.of_kind("notice") and second.of_kind("notice"))
    await asyncio.sleep(0.15)
    assert first.of_kind("notice") == [{"type": "notice", "code": "log_unavailable"}]
    assert "geheim" not in json.dumps(first.frames + second.frames)
    world.log_down = False
    await until(lambda: first.keys and second.keys)
    assert first.cseq == 2


async def test_hello_is_answered_when_the_log_is_back(world: World) -> None:
    world.put("item:1", "prc", "tekst")
    world.log_down = True
    client = world.join("politie")
    await until(lambda: client.of_kind("notice"))
    assert client.cseq == 0
    world.log_down = False
    await until(lambda: client.cseq == 1)
    assert client.keys == {"item:1"}


async def test_who_was_told_is_told_again_at_the_next_outage(world: World) -> None:
    client = world.join("politie")
    await until(lambda: client.cseq)
    for number in (1, 2):
        world.log_down = True
        world.put(f"item:{number}", "prc", "tekst")
        world.wake()
        await until(lambda wanted=number: len(client.of_kind("notice")) == wanted)  # type: ignore[misc]
        world.log_down = False
        await until(lambda wanted=f"item:{number}": wanted in client.keys)  # type: ignore[misc]


async def test_what_came_and_went_during_an_outage_is_never_shown(world: World) -> None:
    client = world.join("politie")
    await until(lambda: client.cseq)
    world.log_down = True
    world.put("item:1", "prc", "vluchtig")
    world.wake()
    await until(lambda: client.of_kind("notice"))
    world.drop("item:1")
    world.put("item:2", "prc", "blijvend")
    world.log_down = False
    await until(lambda: client.keys == {"item:2"})
    assert "vluchtig" not in json.dumps(client.frames)


async def test_a_pump_that_dies_starts_over_with_a_new_logged_snapshot_for_all(world: World) -> None:
    clients = [world.join("politie"), world.join("politie")]
    await until(lambda: all(client.cseq for client in clients))
    world.fault = RuntimeError("broken")
    world.wake()
    await until(lambda: world.raised)
    world.fault = None
    world.put("item:1", "prc", "daarna")
    await until(lambda: all(client.cseq == 2 for client in clients))
    assert [client.numbered[-1]["type"] for client in clients] == ["snapshot", "snapshot"]
    assert world.entries[-1].snapshot
    assert set(world.entries[-1].recipients) == {client.person for client in clients}


async def test_a_broken_conference_leaves_the_others_undisturbed(world: World) -> None:
    honest = world.hub.functions.read
    broken = uuid4()

    def partly(*args: Any) -> Reading:
        if args[0] == broken:
            raise RuntimeError
        return honest(*args)

    world.hub.functions = replace(world.hub.functions, read=partly)
    fine = world.join("politie")
    stuck = Client(uuid4(), world.journal)
    identity = Identity(stuck.person, "politie", "inhoud", (), uuid4(), 0)
    world.hub.join(broken, identity, stuck)
    await until(lambda: fine.cseq)
    world.put("item:1", "prc", "tekst")
    world.wake()
    await until(lambda: fine.keys)
    assert stuck.frames == []


async def test_a_pump_that_keeps_failing_waits_longer_each_time(world: World) -> None:
    calls: list[Any] = []

    def failing(*args: Any) -> Reading:
        calls.append(args)
        raise RuntimeError

    world.hub.functions = replace(world.hub.functions, read=failing)
    world.join("politie")
    await asyncio.sleep(0.3)
    assert 3 <= len(calls) <= 12


async def test_a_reader_that_never_gives_a_view_ends_as_a_failure_and_not_as_a_loop(world: World) -> None:
    honest = world.hub.functions.read

    def blind(*args: Any) -> Reading:
        reading = honest(*args)
        reading.views.clear()
        return reading

    world.hub.functions = replace(world.hub.functions, read=blind)
    client = world.join("politie")
    await asyncio.sleep(0.1)
    assert client.frames == []
    assert len(world.readings) < 100


async def test_a_failing_cycle_never_tells_the_log_what_it_failed_on(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    world.fault = RuntimeError("Jansen, geboren 2008")
    world.join("politie")
    await asyncio.sleep(0.05)
    said = capsys.readouterr()
    assert "Jansen" not in said.out + said.err + caplog.text


async def test_a_client_that_acknowledges_nothing_is_closed_and_the_others_go_on() -> None:
    now = [1000.0]
    made = World(clock=lambda: now[0])
    made.grant("politie", "prc")
    stalled, fine = made.join("politie"), made.join("politie")
    await until(lambda: stalled.cseq and fine.cseq)
    fine.acknowledge()
    now[0] += 9.9
    made.hub.close_slow()
    assert stalled.code is None
    now[0] += 0.2
    await until(lambda: stalled.code == 4408)
    made.put("item:1", "prc", "verder")
    made.wake()
    await until(lambda: fine.keys)
    assert fine.code is None
    await made.hub.close()


async def test_more_than_256_unseen_frames_close_a_socket_at_once() -> None:
    world = World(replace(FAST, unseen_seconds=3600.0))
    world.grant("politie", "prc")
    stalled = world.join("politie")
    await until(lambda: stalled.cseq)
    for number in range(256):
        world.put("item:1", "prc", str(number))
        world.wake()
        await until(lambda wanted=number + 2: stalled.cseq == wanted or stalled.code)  # type: ignore[misc]
    assert stalled.cseq == 257
    assert stalled.code == 4408
    await world.hub.close()


async def test_a_clock_that_cannot_be_told_keeps_no_slow_client_in_the_room() -> None:
    now = [1000.0]
    made = World(replace(FAST, ping=0.02), clock=lambda: now[0])
    made.grant("politie", "prc")

    def broken() -> str:
        raise RuntimeError

    made.hub.functions = replace(made.hub.functions, now=broken)
    stalled = made.join("politie")
    await until(lambda: stalled.cseq)
    now[0] += 1.0
    await asyncio.sleep(0.1)
    now[0] += 10.0
    await until(lambda: stalled.code == 4408)
    await made.hub.close()


# --- one member's window, without a hub -------------------------------------------------


def _member(client: Client, now: list[float], limits: Limits) -> Member:
    identity = Identity(client.person, "politie", "inhoud", (), uuid4(), 0)
    membership = Membership(1, client.person, identity.session, "politie", identity)
    return Member(membership, client, limits, lambda: now[0], lambda: False)


def _client() -> Client:
    return Client(uuid4(), [])


def test_numbers_are_given_as_frames_leave_so_an_emptied_queue_leaves_no_hole() -> None:
    client, now = _client(), [0.0]
    member = _member(client, now, Limits(unseen_bytes=1))
    member.append(snapshot({}))
    for number in range(3):
        member.append(change({}, [f"item:{number}"]))
    assert len(member.queue) == 3
    member.replace(snapshot({}))
    assert member.seen(1)
    assert [frame["cseq"] for frame in client.frames] == [1, 2]
    assert client.frames[1]["type"] == "snapshot"


def test_an_acknowledgement_of_what_was_never_sent_is_refused() -> None:
    member = _member(_client(), [0.0], Limits())
    member.append(snapshot({}))
    assert not member.seen(2)
    assert member.seen(1)
    assert member.seen(0)


def test_more_bytes_than_the_window_wait_in_our_queue_and_not_in_the_servers() -> None:
    client, now = _client(), [0.0]
    member = _member(client, now, Limits(unseen_bytes=1000))
    member.append(snapshot({}))
    frame = change({"item:1": Shown(b'"' + b"x" * 300 + b'"', Trace(None, (), "prc", "identified", "covenant"))}, [])
    for _ in range(10):
        member.append(frame)
    sent = len(client.frames)
    assert sent < 6
    assert member.seen(client.cseq)
    assert len(client.frames) > sent


def test_the_age_that_counts_is_that_of_the_oldest_unseen_frame() -> None:
    client, now = _client(), [0.0]
    member = _member(client, now, Limits())
    member.append(snapshot({}))
    now[0] = 9.0
    client.view["item:1"] = 1
    member.append(change({}, ["item:1"]))
    now[0] = 9.9
    assert not member.too_slow()
    assert member.seen(1)
    now[0] = 18.9
    assert not member.too_slow()
    now[0] = 19.0
    assert member.too_slow()


def test_a_closed_member_sends_nothing_and_closes_once() -> None:
    client = _client()
    member = _member(client, [0.0], FAST)
    member.close(4401)
    member.close(4408)
    member.append(snapshot({}))
    member.tell('{"type":"ping"}')
    assert client.frames == []
    assert client.code == 4401
