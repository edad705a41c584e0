"""A task that waits for the log hears how it went, or that it is late: each in its own time, though one timer does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from audit.ticket import LogUnavailable, TaskTicket, answer

PATIENCE = 1.0  # seconds


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts the timers that are set."""

    timers = 0

    def call_at(self, when: float, callback: Callable[..., object], *args: Any, **options: Any) -> asyncio.TimerHandle:
        self.timers += 1
        return super().call_at(when, callback, *args, **options)


def run(what: Coroutine[Any, Any, None]) -> int:
    """Run in a loop of its own; return how many timers that took."""
    with asyncio.Runner(loop_factory=CountingLoop) as runner:
        runner.run(what)
        loop = runner.get_loop()
        assert isinstance(loop, CountingLoop)
        return loop.timers


async def waited(ticket: TaskTicket) -> tuple[str | None, float]:
    """Wait for an answer: why it was refused, None when it was not, and when that was heard."""
    try:
        await ticket.arrive()
    except LogUnavailable as refused:
        return refused.why, ticket.loop.time()
    return None, ticket.loop.time()


def test_tasks_that_are_answered_hear_it_and_set_one_timer_together() -> None:
    async def work() -> None:
        for _ in range(5):
            tickets = [TaskTicket((), 60) for _ in range(40)]
            waiting = [asyncio.create_task(waited(ticket)) for ticket in tickets]
            answer(tickets, None)
            assert {why for why, _heard in await asyncio.gather(*waiting)} == {None}

    assert run(work()) == 1


def test_a_task_that_is_never_answered_hears_that_it_is_late_and_its_leaves_may_be_dropped() -> None:
    async def work() -> None:
        ticket = TaskTicket((), PATIENCE)
        began = ticket.loop.time()
        why, heard = await waited(ticket)
        assert why == "too_late"
        assert heard - began >= PATIENCE * 0.99
        assert ticket.dropped
        answer([ticket], None)  # the writer comes after all: nobody is told twice
        await asyncio.sleep(0)

    run(work())


def test_each_is_late_in_its_own_time_whatever_became_of_those_before_and_after() -> None:
    async def work() -> None:
        tickets, waiting = [], []
        for _ in range(6):
            tickets.append(TaskTicket((), PATIENCE))
            waiting.append(asyncio.create_task(waited(tickets[-1])))
            await asyncio.sleep(PATIENCE / 100)
        answer(tickets[1::2], None)
        heard = await asyncio.gather(*waiting)
        assert [why for why, _when in heard] == ["too_late", None] * 3
        late = [(ticket, when) for ticket, (why, when) in zip(tickets, heard, strict=True) if why]
        assert all(when >= ticket.late_at for ticket, when in late)
        assert [when for _ticket, when in late] == sorted(when for _ticket, when in late)

    assert run(work()) <= 6 + 6 + 1  # the sleeps of this test, and at most one for each that became late


def test_one_whose_task_has_gone_is_neither_answered_nor_late() -> None:
    async def work() -> None:
        gone, stays = TaskTicket((), PATIENCE), TaskTicket((), PATIENCE)
        waiting = [asyncio.create_task(waited(ticket)) for ticket in (gone, stays)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        assert gone.dropped
        assert gone.done
        assert (await waiting[1])[0] == "too_late"

    run(work())


def test_a_refusal_reaches_the_task_with_its_reason() -> None:
    async def work() -> None:
        ticket = TaskTicket((), 60)
        waiting = asyncio.create_task(waited(ticket))
        answer([ticket], "OperationalError")
        assert (await waiting)[0] == "OperationalError"

    run(work())


def test_a_thread_that_runs_another_loop_or_is_given_less_time_begins_anew() -> None:
    async def work(seconds: float) -> None:
        long = TaskTicket((), 60)
        short = TaskTicket((), seconds)
        waiting = asyncio.create_task(waited(long))
        assert (await waited(short))[0] == "too_late"
        assert not long.done, "who may wait longer does"
        answer([long], None)
        assert (await waiting)[0] is None

    for seconds in (PATIENCE, PATIENCE / 2, PATIENCE / 2):
        run(work(seconds))
