"""Two histories that differ only in what a class may not see give that class the same bytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from agenda.commands import consents, on_case
from agenda.protocol import Ack
from conference import clock
from consent.states import State
from tests.agenda.live_table import LiveTable, fixed
from tests.consenting import recorded
from tests.world import Table, settle, tiny_world

Hidden = Callable[[LiveTable], AsyncIterator[None]]

WATCHED = {
    "kw": "criminal data, other parties' drafts, a case that is not hers",
    "ggz": "everything that the register closes",
    "oov": "a case of others",
    "pol2": "what happens in a case that she was sent out of",
}


async def _nothing(live: LiveTable) -> AsyncIterator[None]:
    while True:
        yield


async def _done(live: LiveTable, name: str, do: str, **args: Any) -> Any:
    answer = await live.do(name, do, **args)
    assert isinstance(answer, Ack), (do, answer)
    return answer


async def _hidden_from_kwintes(live: LiveTable) -> AsyncIterator[None]:
    table, c1 = live.table, live.table.id("cases", "c1")
    a1, a3 = table.id("agenda_items", "a1"), table.key("a3")
    await _done(live, "vz", "agenda_item.start", key=a3)
    await _done(live, "vz", "agenda_item.close", key=a3)
    yield
    await _done(live, "vz", "decision.propose", agenda_item=a1, text="stil besluit", category="pol")
    decision = await _done(live, "vz", "decision.propose", agenda_item=a1, text="jus besluit", category="jus")
    yield
    await _done(live, "vz", "decision.adopt", key=decision.key)
    await _done(live, "pol", "decision.dissent", key=decision.key, reason="niet eens")
    yield
    draft = await _done(
        live, "pol", "item.prepare", case=c1, category="pol", kind="feit", basis="g", text="concept", subject=None
    )
    yield
    await _done(live, "pol", "item.release", key=draft.key)
    await _done(live, "pol", "item.withdraw", key=draft.key)
    yield
    await _done(live, "vz", "agenda_item.add", case=table.id("cases", "c3"), title="nog een signaal", minutes=30)
    yield
    await _done(
        live, "vz", "action.add", agenda_item=a1, text="pol actie", owner="politie", due="2026-12-03", category="pol"
    )
    yield
    await _done(live, "vz", "door.send_out", case=c1, person=table.id("people", "pol2"))
    yield
    await _done(live, "vz", "door.admit", case=c1, person=table.id("people", "pol2"))
    await _given(live, "politie", "vbl")
    while True:
        yield


async def _hidden_from_ggz(live: LiveTable) -> AsyncIterator[None]:
    table, c1 = live.table, live.table.id("cases", "c1")
    s1 = table.id("subjects", "s1")
    yield
    await _given(live, "kwintes", "hlp")
    yield
    await _done(live, "zc", "consent.withdraw", case=c1, subject=s1, party="kwintes", category="hlp")
    await _done(live, "zc", "consent.withdraw", case=c1, subject=s1, party="kwintes", category="gez")
    yield
    item = {"case": c1, "category": "gez", "kind": "oordeel", "basis": "g", "text": f"gezond {{subject:{s1}}}"}
    draft = await _done(live, "zc", "item.prepare", **item, subject=s1)
    await _done(live, "zc", "item.release", key=draft.key)
    yield
    await _done(live, "zc", "minutes.write", agenda_item=table.id("agenda_items", "a1"), text="m", category="gez")
    while True:
        yield


async def _hidden_from_oov(live: LiveTable) -> AsyncIterator[None]:
    table = live.table
    points = {key: table.key(key) for key in ("a1", "a2")}
    await _done(live, "vz", "agenda_item.start", key=points["a1"])
    await _done(live, "vz", "agenda_item.close", key=points["a1"])
    yield
    await _done(live, "kw", "minutes.write", agenda_item=table.id("agenda_items", "a1"), text="in c1")
    yield
    await _done(live, "vz", "agenda_item.move", key=points["a2"], after=None)
    yield
    await _done(live, "nt", "agenda_item.add", case=table.id("cases", "c2"), title="c2 weer", minutes=60)
    yield
    await _given(live, "kwintes", "won")
    yield
    await _done(live, "kw", "item.withdraw", key=table.key("i-won"))
    await _done(live, "kw", "item.withdraw", key=table.key("i-hlp"), at="o2")
    while True:
        yield


async def _hidden_from_who_was_sent_out(live: LiveTable) -> AsyncIterator[None]:
    table, a1 = live.table, live.table.id("agenda_items", "a1")
    yield
    await _done(live, "pol", "minutes.write", agenda_item=a1, text="zonder haar", category="pol")
    decision = await _done(live, "vz", "decision.propose", agenda_item=a1, text="besluit zonder haar")
    yield
    await _done(live, "pol", "decision.dissent", key=decision.key, reason="toch niet")
    await _done(live, "vz", "action.add", agenda_item=a1, text="doe dit", owner="politie", due="2026-12-03")
    yield
    await _done(live, "pol", "item.withdraw", key=table.key("i-pol"))
    await _done(live, "pol", "action.done", key=table.key("x2"))
    while True:
        yield


HIDDEN: dict[str, Hidden] = {
    "kw": _hidden_from_kwintes,
    "ggz": _hidden_from_ggz,
    "oov": _hidden_from_oov,
    "pol2": _hidden_from_who_was_sent_out,
}


async def _given(live: LiveTable, party: str, category: str) -> None:
    table = live.table
    case, subject = table.id("cases", "c1"), table.id("subjects", "s1")
    step = consents.Step(
        case=case,
        subject=subject,
        party=party,
        category=category,
        state=State.GIVEN,
        ends=clock.now() + timedelta(days=30),
    )
    await live.act(lambda: on_case(table.identities["zc"], case, lambda turn: recorded(turn, step)))
    await live.drain()


def _in_common(table: Table) -> list[tuple[str, str, dict[str, Any]]]:
    """What happens in both histories; all watchers see the general points of it."""
    a0 = table.id("agenda_items", "a0")
    return [
        ("vz", "agenda_item.start", {"key": table.key("a0")}),
        ("oov", "minutes.write", {"agenda_item": a0, "text": "Iedereen is er."}),
        ("vz", "decision.propose", {"agenda_item": a0, "text": "We beginnen."}),
        ("vz", "agenda_item.move", {"key": table.key("a0"), "after": table.key("a1")}),
        ("kw", "action.done", {"key": table.key("x0")}),
        ("nt", "agenda_item.add", {"case": None, "title": "Rondvraag", "minutes": 5}),
        ("vz", "agenda_item.close", {"key": table.key("a0")}),
    ]


@pytest.fixture
def tables(transactional_db: None, quick_passwords: None, own_clock: None) -> Callable[[], Awaitable[Table]]:
    """Make the same world anew in an emptied store, everybody logged in."""

    def make() -> Table:
        from django.core.management import call_command

        call_command("flush", verbosity=0, interactive=False)
        table = settle(tiny_world())
        for name in table.ids["people"]:
            table.sit(name)
        connections.close_all()
        return table

    async def made() -> Table:
        return await asyncio.to_thread(make)

    return made


async def _watch(table: Table, name: str, hidden: Hidden) -> list[str]:
    live = LiveTable(table)
    outlet = live.join(name)
    await live.drain()
    if name == "pol2":
        await live.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "pol2"))
    secrets = hidden(live)
    for who, do, args in _in_common(table):
        await anext(secrets)
        await live.do(who, do, **args)
    await anext(secrets)
    await live.close()
    assert outlet.code is None
    return outlet.view_frames


@pytest.mark.parametrize("name", WATCHED)
async def test_a_class_gets_the_same_bytes_whatever_happens_out_of_its_sight(
    tables: Callable[[], Awaitable[Table]], name: str
) -> None:
    plain = await _watch(await tables(), name, _nothing)
    busy = await _watch(await tables(), name, HIDDEN[name])
    assert len(plain) >= 5
    assert fixed(busy) == fixed(plain)


async def test_what_is_seen_does_make_a_difference(tables: Callable[[], Awaitable[Table]]) -> None:
    """The comparison itself can fail: the chair sees what Kwintes does not."""
    plain = await _watch(await tables(), "vz", _nothing)
    busy = await _watch(await tables(), "vz", _hidden_from_kwintes)
    assert len(busy) > len(plain)
    assert fixed(busy) != fixed(plain)
