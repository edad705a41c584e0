"""Whatever happens in whatever order: no gap, no repetition, nothing unlogged, nothing forbidden."""

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agenda.hub_world import FAST, Client, World, assert_logged_before_sent, until

PARTIES = ("politie", "kwintes", "veilig_thuis")
CATEGORIES = ("prc", "pol", "gez")

step = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 4), st.sampled_from(CATEGORIES), st.integers(0, 3)),
    st.tuples(st.just("drop"), st.integers(0, 4)),
    st.tuples(st.just("join"), st.sampled_from(PARTIES)),
    st.tuples(st.just("leave"), st.integers(0, 9)),
    st.tuples(st.just("grant"), st.sampled_from(PARTIES), st.sets(st.sampled_from(CATEGORIES))),
    st.tuples(st.just("move"), st.integers(0, 9), st.sampled_from(PARTIES)),
    st.tuples(st.just("log"), st.booleans()),
    st.tuples(st.just("break"), st.booleans()),
    st.tuples(st.just("acknowledge"), st.integers(0, 9)),
    st.tuples(st.just("window"), st.sampled_from([1, 1024 * 1024])),
    st.tuples(st.just("wait"), st.integers(0, 4)),
)


class Story:
    """A world with its clients, and the steps that may happen to them."""

    def __init__(self) -> None:
        self.world = World(replace(FAST, log_retry=0.003, backoff=0.003, backstop=0.003))
        self.clients: list[Client] = []
        for party in PARTIES:
            self.world.grant(party, "prc")

    def client(self, number: int) -> Client | None:
        return self.clients[number % len(self.clients)] if self.clients else None

    async def tell(self, name: str, *args: Any) -> None:
        outcome = getattr(self, f"do_{name}")(*args)
        if outcome is not None:
            await outcome
        self.world.wake()

    def do_put(self, number: int, category: str, text: int) -> None:
        self.world.put(f"item:{number}", category, str(text))

    def do_drop(self, number: int) -> None:
        self.world.drop(f"item:{number}")

    def do_join(self, party: str) -> None:
        self.clients.append(self.world.join(party))

    def do_leave(self, number: int) -> None:
        client = self.client(number)
        if client is not None:
            self.clients.remove(client)
            self.world.leave(client, dropped=bool(number % 2))

    def do_grant(self, party: str, categories: set[str]) -> None:
        self.world.grant(party, *categories)

    def do_move(self, number: int, party: str) -> None:
        client = self.client(number)
        if client is not None:
            self.world.move(client.person, party)

    def do_log(self, down: bool) -> None:
        self.world.log_down = down

    def do_break(self, broken: bool) -> None:
        self.world.fault = RuntimeError() if broken else None

    def do_acknowledge(self, number: int) -> None:
        client = self.client(number)
        if client is not None:
            client.acknowledge()

    def do_window(self, size: int) -> None:
        self.world.hub.limits = replace(self.world.hub.limits, unseen_bytes=size)

    async def do_wait(self, turns: int) -> None:
        await asyncio.sleep(turns / 1000)

    async def end(self) -> None:
        """All trouble ends; then every client comes to exactly the fresh view of her party."""
        self.world.log_down, self.world.fault = False, None
        await until(self.settled)
        assert_logged_before_sent(self.world.journal)
        await self.world.hub.close()

    def settled(self) -> bool:
        for client in self.clients:
            client.acknowledge()
        self.world.wake()
        return all(
            client.cseq and client.view == self.world.fresh(self.world.party_of[client.person])
            for client in self.clients
        )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(step, min_size=3, max_size=40))
def test_snapshot_and_changes_are_the_fresh_view_after_any_story(steps: list[Any]) -> None:
    async def run() -> None:
        story = Story()
        for name, *args in steps:
            await story.tell(name, *args)
        await story.end()

    asyncio.run(run())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["pol", "prc", "gez"]), min_size=1, max_size=25))
def test_what_a_class_may_not_see_leaves_no_trace_in_its_frames(categories: list[str]) -> None:
    """Two histories that differ in `pol` only give a class without `pol` the same bytes."""

    async def history(*, with_pol: bool) -> list[dict[str, Any]]:
        world = World()
        world.grant("kwintes", "prc", "gez")
        client = world.join("kwintes")
        await until(lambda: client.cseq)
        for number, category in enumerate(categories):
            if category == "pol" and not with_pol:
                continue
            world.put(f"item:{number}", category, f"{number}")
            world.wake()
            await until(lambda: client.view == world.fresh("kwintes"))
        await world.hub.close()
        return client.numbered

    async def both() -> None:
        assert await history(with_pol=True) == await history(with_pol=False)

    asyncio.run(both())
