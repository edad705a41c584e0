"""The hub: finds or starts the pump of a conference, wakes them, and keeps the house."""

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import structlog

from agenda.hub.member import TOO_SLOW, Limits, Member
from agenda.hub.pump import Pump
from agenda.hub.types import Functions, Membership, Outlet
from agenda.protocol import Ping

if TYPE_CHECKING:
    from conference.accounts.sessions import Identity

CONFERENCE = "conference:"

log = structlog.get_logger("agenda.hub")


class Hub:
    """All live conferences of this process. Use it from one event loop only, but for `rouse`."""

    def __init__(
        self,
        functions: Functions,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        threads: int = 2,
    ) -> None:
        self.functions = functions
        self.limits = limits or Limits()
        self.clock = clock
        self.pumps: dict[UUID, Pump] = {}
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="hub")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None
        self._ids = itertools.count(1)

    def join(self, conference: UUID, identity: "Identity", outlet: Outlet) -> Member:
        """Register a socket, whose snapshot follows; the caller has checked that she may come in."""
        self._start()
        pump = self.pumps.get(conference)
        if pump is None:
            pump = self.pumps[conference] = Pump(conference, self.functions, self.limits, self.clock, self._executor)
            self._spawn(pump.run(self._ended))
        membership = Membership(next(self._ids), identity.person, identity.session, identity.party, identity)
        member = Member(membership, outlet, self.limits, self.clock, pump.stale)
        pump.add(member)
        return member

    def leave(self, conference: UUID, member: Member, *, dropped: bool) -> None:
        """Forget a socket that has gone; `dropped`: its connection broke."""
        member.closed = True
        pump = self.pumps.get(conference)
        if pump is not None:
            pump.remove(member, dropped=dropped)

    def wake(self, conference: UUID) -> None:
        """Let a conference's pump look now."""
        pump = self.pumps.get(conference)
        if pump is not None:
            pump.woken.set()

    def wake_scope(self, scope: str) -> None:
        """Wake what a scope may concern: its conference, else every pump."""
        for pump in self._concerned(scope):
            pump.woken.set()

    def _concerned(self, scope: str) -> Iterator[Pump]:
        for conference, pump in self.pumps.items():
            if not scope.startswith(CONFERENCE) or scope == f"{CONFERENCE}{conference}":
                yield pump

    def rouse(self, scope: str) -> None:
        """`wake_scope`, callable from any thread; nothing happens when no loop runs."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.wake_scope, scope)

    async def close(self) -> None:
        """Stop all pumps and give their threads back."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.pumps.clear()
        self._loop = self._keeping = None
        self._executor.shutdown(wait=False)

    # --- inside -----------------------------------------------------------------

    def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._keeping is None or self._keeping.done():
            self._keeping = self._spawn(self._keep_house())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _ended(self, pump: Pump) -> None:
        if self.pumps.get(pump.conference) is pump:
            del self.pumps[pump.conference]

    async def _keep_house(self) -> None:
        """Close who is too slow, and ping everybody, while there is anybody."""
        pinged = self.clock()
        while self.pumps:
            await asyncio.sleep(self.limits.housekeeping)
            try:
                self.close_slow()
                if self.clock() - pinged >= self.limits.ping:
                    pinged = self.clock()
                    self.ping()
            except Exception as error:  # noqa: BLE001  # the slow must still be closed next time
                log.error("housekeeping.failed", error=type(error).__name__)  # noqa: TRY400  # no texts

    def close_slow(self) -> None:
        """Close every socket whose window of unseen frames is over."""
        for pump in list(self.pumps.values()):
            for member in list(pump.members.values()):
                if member.too_slow():
                    pump.expel(member, TOO_SLOW)

    def ping(self) -> None:
        """Send every socket the product's time."""
        frame = msgspec.json.encode(Ping(self.functions.now())).decode()
        for pump in self.pumps.values():
            for member in pump.members.values():
                member.tell(frame)
