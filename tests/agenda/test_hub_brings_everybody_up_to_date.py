"""What a member gets, when, and in which order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.agenda.hub_world import FAST, World, assert_logged_before_sent, until


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    made.grant("politie", "prc", "pol")
    made.grant("kwintes", "prc", "gez")
    yield made
    assert_logged_before_sent(made.journal)
    await made.hub.close()


async def test_a_member_starts_with_a_snapshot_of_her_own_view(world: World) -> None:
    world.put("item:1", "prc", "voor iedereen")
    world.put("item:2", "pol", "voor de politie")
    police, kwintes = world.join("politie"), world.join("kwintes")
    await until(lambda: police.cseq and kwintes.cseq)
    assert police.of_kind("snapshot") == [
        {
            "type": "snapshot",
            "cseq": 1,
            "view": {"item:1": {"text": "voor iedereen"}, "item:2": {"text": "voor de politie"}},
        }
    ]
    assert kwintes.keys == {"item:1"}


async def test_an_empty_view_is_a_snapshot_too(world: World) -> None:
    client = world.join("kwintes")
    await until(lambda: client.cseq)
    assert client.of_kind("snapshot") == [{"type": "snapshot", "cseq": 1, "view": {}}]


async def test_a_change_goes_to_the_classes_that_see_it_and_is_silence_to_the_others(world: World) -> None:
    police, kwintes = world.join("politie"), world.join("kwintes")
    await until(lambda: police.cseq and kwintes.cseq)
    world.put("item:1", "pol", "aangetroffen")
    world.wake()
    await until(lambda: police.keys)
    assert police.of_kind("change") == [
        {"type": "change", "cseq": 2, "put": {"item:1": {"text": "aangetroffen"}}, "gone": []}
    ]
    await asyncio.sleep(0.1)
    assert kwintes.of_kind("change") == []
    assert kwintes.cseq == 1


async def test_what_leaves_a_view_is_gone_once_and_for_who_had_it_only(world: World) -> None:
    world.put("item:1", "pol", "aangetroffen")
    police, kwintes = world.join("politie"), world.join("kwintes")
    await until(lambda: police.cseq and kwintes.cseq)
    world.drop("item:1")
    world.wake()
    await until(lambda: police.cseq == 2)
    assert police.of_kind("change") == [{"type": "change", "cseq": 2, "put": {}, "gone": ["item:1"]}]
    assert kwintes.cseq == 1


async def test_a_change_that_leaves_the_body_as_it_was_sends_nothing(world: World) -> None:
    world.put("item:1", "prc", "hetzelfde")
    client = world.join("politie")
    await until(lambda: client.cseq)
    world.put("item:1", "prc", "hetzelfde")
    world.wake()
    await asyncio.sleep(0.1)
    assert client.cseq == 1
    assert len(world.entries) == 1


async def test_changes_read_together_make_one_frame_and_one_entry_naming_all(world: World) -> None:
    first, second = world.join("politie"), world.join("politie")
    await until(lambda: first.cseq and second.cseq)
    world.slow_log = 0.05
    logging = world.logging
    world.put("item:0", "prc", "eerste")
    world.wake()
    await until(lambda: world.logging > logging)
    for number in range(1, 6):
        world.put(f"item:{number}", "prc", str(number))
    world.wake()
    await until(lambda: len(first.view) == 6 and len(second.view) == 6)
    assert [len(frame["put"]) for frame in first.of_kind("change")] == [1, 5]
    pushed = [entry for entry in world.entries if not entry.snapshot]
    assert [len(entry.put) for entry in pushed] == [1, 5]
    assert len(pushed[1].changes) == 5
    assert set(pushed[1].recipients) == {first.person, second.person}


async def test_a_late_comer_to_a_class_gets_the_view_that_is_held_without_a_full_reading(world: World) -> None:
    world.put("item:1", "prc", "tekst")
    early = world.join("politie")
    await until(lambda: early.cseq)
    before = len(world.readings)
    late = world.join("politie")
    await until(lambda: late.cseq)
    assert late.view == early.view
    assert all(cursor is not None and not needed for cursor, needed in world.readings[before:])
    assert [entry.recipients for entry in world.entries] == [(early.person,), (late.person,)]
    assert early.cseq == 1


async def test_a_joiner_while_the_log_is_being_written_gets_snapshot_first_then_the_difference(world: World) -> None:
    early = world.join("politie")
    await until(lambda: early.cseq)
    world.slow_log = 0.03
    world.put("item:1", "prc", "een")
    world.wake()
    await asyncio.sleep(0.01)
    late = world.join("politie")
    world.put("item:2", "prc", "twee")
    world.wake()
    await until(lambda: len(late.view) == 2 and len(early.view) == 2)
    assert late.frames[0]["type"] == "snapshot"


async def test_a_new_class_is_read_in_full_once(world: World) -> None:
    world.put("item:1", "gez", "gezondheid")
    police = world.join("politie")
    await until(lambda: police.cseq)
    kwintes = world.join("kwintes")
    await until(lambda: kwintes.cseq)
    assert kwintes.keys == {"item:1"}
    assert [needed for _cursor, needed in world.readings if needed] == [frozenset({"kwintes"})]


async def test_two_tabs_of_one_person_are_one_recipient_and_two_sockets(world: World) -> None:
    person = uuid4()
    tabs = [world.join("politie", person), world.join("politie", person)]
    await until(lambda: all(tab.cseq for tab in tabs))
    world.put("item:1", "prc", "tekst")
    world.wake()
    await until(lambda: all(tab.keys for tab in tabs))
    assert all(entry.recipients == (person,) for entry in world.entries)


async def test_all_sockets_of_one_session_are_read_as_one_and_closed_as_one(world: World) -> None:
    person, session = uuid4(), uuid4()
    tabs = [world.join("politie", person, session) for _ in range(30)]
    await until(lambda: all(tab.cseq for tab in tabs))
    assert world.asked == 1
    world.shut[person] = 4401
    world.wake()
    await until(lambda: all(tab.code == 4401 for tab in tabs))


async def test_a_lost_wake_up_costs_no_more_than_the_backstop(world: World) -> None:
    client = world.join("politie")
    await until(lambda: client.cseq)
    world.put("item:1", "prc", "zonder wekker")
    await until(lambda: client.keys, within=1.0)


async def test_waking_a_scope_wakes_its_conference_or_everybody(world: World) -> None:
    made = World(replace(FAST, backstop=30.0))
    made.grant("politie", "prc")
    client = made.join("politie")
    await until(lambda: client.cseq)
    for number, scope in enumerate([f"conference:{made.conference}", "people", "covenant", f"case:{uuid4()}"]):
        made.put(f"item:{number}", "prc", scope)
        made.hub.wake_scope(scope)
        await until(lambda wanted=f"item:{number}": wanted in client.keys)  # type: ignore[misc]
    made.put("item:9", "prc", "elders")
    made.hub.wake_scope(f"conference:{uuid4()}")
    await asyncio.sleep(0.1)
    assert "item:9" not in client.keys
    await asyncio.to_thread(made.hub.rouse, "people")
    await until(lambda: "item:9" in client.keys)
    await made.hub.close()


async def test_rousing_a_hub_that_nobody_joined_does_nothing() -> None:
    made = World()
    made.hub.rouse("people")
    made.hub.wake(uuid4())
    await made.hub.close()


async def test_a_pump_ends_with_its_last_member_and_starts_anew_with_the_next(world: World) -> None:
    client = world.join("politie")
    await until(lambda: client.cseq)
    world.leave(client)
    await until(lambda: not world.hub.pumps)
    world.put("item:1", "prc", "later")
    again = world.join("politie", client.person)
    await until(lambda: again.keys == {"item:1"})


async def test_everybody_is_pinged_with_the_products_time() -> None:
    made = World(replace(FAST, ping=0.05))
    client = made.join("politie")
    await until(lambda: len(client.of_kind("ping")) >= 2)
    assert client.of_kind("ping")[0] == {"type": "ping", "now": "2026-11-23T09:00:00+01:00"}
    await made.hub.close()


async def test_the_body_of_a_frame_is_encoded_once_for_a_class(world: World) -> None:
    clients = [world.join("politie") for _ in range(20)]
    await until(lambda: all(client.cseq for client in clients))
    world.put("item:1", "prc", "één keer")
    world.wake()
    await until(lambda: all(client.keys for client in clients))
    assert len({str(client.numbered[-1]) for client in clients}) == 1
    assert len([entry for entry in world.entries if not entry.snapshot]) == 1
