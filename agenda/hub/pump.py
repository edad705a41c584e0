"""The pump of one conference in one process: read, compare, log, then send.

A frame leaves only after the entry that names its readers is durable, and a class's
view advances in the same step, without a wait, in which its frames are queued.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from agenda.hub import plan as planning
from agenda.hub.member import NOT_ADMITTED, TOO_SLOW, Limits, Member
from agenda.hub.presence import Presence
from agenda.hub.types import Cursor, Functions, Membership, Reading

if TYPE_CHECKING:
    from conference.accounts.sessions import Identity

log = structlog.get_logger("agenda.hub")
NOTICE = '{"type":"notice","code":"log_unavailable"}'
READINGS = 4
SHORTEST = 0.01  # seconds between two looks, whatever the reader says of the clock


class UnreadableError(Exception):
    """The reader kept naming classes without giving their views."""


class Pump:
    """Keeps the views of one conference's classes and brings every member up to them."""

    def __init__(
        self, conference: UUID, functions: Functions, limits: Limits, clock: Callable[[], float], executor: Executor
    ) -> None:
        self.conference = conference
        self.functions = functions
        self.limits = limits
        self.clock = clock
        self.executor = executor
        self.members: dict[int, Member] = {}
        self.views: dict[str, planning.Objects] = {}
        self.cursor: Cursor | None = None
        self.expires: float | None = None  # when rights next change by the clock alone
        self.woken = asyncio.Event()
        self.presence = Presence(conference, functions, limits, clock, executor)

    # --- membership -------------------------------------------------------------

    def add(self, member: Member) -> None:
        """Register a member; its snapshot comes with the next cycle."""
        self.members[member.membership.id] = member
        self.woken.set()

    def remove(self, member: Member, *, dropped: bool) -> None:
        """Forget a member; `dropped`: the connection broke, she did not leave."""
        if self.members.pop(member.membership.id, None) is not None:
            self.presence.depart(member, dropped=dropped)
        if not self.members:
            self.woken.set()

    def expel(self, member: Member, code: int) -> None:
        """Close a member's socket and forget it at once."""
        member.close(code)
        self.remove(member, dropped=code == TOO_SLOW)

    def stale(self) -> bool:
        """Whether what was projected may no longer be sent: its rights end by the clock."""
        return self.expires is not None and self.clock() >= self.expires

    # --- the life of a pump -----------------------------------------------------

    async def run(self, ended: Callable[["Pump"], None]) -> None:
        """Work until the last member has left; `ended` is called in that same step."""
        tending = asyncio.create_task(self.presence.run())
        try:
            await self._work()
            ended(self)
            # Not cancelled: a thread that is writing rows would go on, and write them after the last word.
            self.presence.end()
            await tending
        finally:
            tending.cancel()
            ended(self)

    async def _work(self) -> None:
        failures = 0
        while self.members:
            try:
                await self.cycle()
                failures = 0
                await self._rest()
            except self.functions.unavailable:
                self._notice()
                await asyncio.sleep(self.limits.log_retry)
            except Exception as error:  # noqa: BLE001  # other conferences go on
                failures += 1
                self._start_over(error)
                await asyncio.sleep(min(self.limits.backoff * 2 ** (failures - 1), self.limits.backoff_most))

    async def _rest(self) -> None:
        wait = self.limits.backstop
        if self.expires is not None:
            wait = min(wait, max(self.expires - self.clock(), SHORTEST))
        try:
            async with asyncio.timeout(wait):
                await self.woken.wait()
        except TimeoutError:
            pass

    def _notice(self) -> None:
        for member in self.members.values():
            if not member.noticed:
                member.noticed = True
                member.tell(NOTICE)

    def _start_over(self, error: Exception) -> None:
        """Trust nothing that was held: every member gets a new, newly logged snapshot."""
        # The exception's text may hold content: its kind must do.
        log.error("pump.failed", conference=str(self.conference), error=type(error).__name__)
        self.views, self.cursor, self.expires = {}, None, None
        for member in self.members.values():
            member.cls = None
            member.queue.clear()

    # --- one cycle --------------------------------------------------------------

    async def cycle(self) -> None:
        """Read once, log what will be shown, and hand every member what she is owed."""
        self.woken.clear()
        members = list(self.members.values())
        started = self.clock()
        reading = await self._read(members)
        expires = None if reading.next_change is None else started + reading.next_change
        self._dismiss(members, reading)
        rights_changed = self.cursor is not None and self.cursor.rights != reading.rights
        plan = planning.make(reading, self.views, members, rights_changed=rights_changed)
        entries = planning.disclosures(plan)
        if entries:
            await self.functions.disclose(self.conference, entries)
        if entries and expires is not None and self.clock() >= expires:
            # Logged but not sent: these rights ended while the log was written.
            self.expires = expires
            self.woken.set()
            await asyncio.sleep(SHORTEST)
            return
        self._advance(plan, reading, expires)

    async def _read(self, members: list[Member]) -> Reading:
        """Read for one socket of each identity: what she may see depends on nothing else."""
        loop = asyncio.get_running_loop()
        stands_for = {member.membership.identity: member.membership for member in members}
        memberships = list(stands_for.values())
        needed: frozenset[str] = frozenset()
        for _ in range(READINGS):
            reading = await loop.run_in_executor(
                self.executor, self.functions.read, self.conference, self.cursor, memberships, needed
            )
            unknown = {cls for cls in reading.classes.values() if cls not in self.views and not _full(reading, cls)}
            if not unknown:
                _spread(reading, members, stands_for)
                return reading
            needed |= unknown
        raise UnreadableError

    def _dismiss(self, members: list[Member], reading: Reading) -> None:
        for member in members:
            if member.membership.id not in reading.classes:
                self.expel(member, reading.closed.get(member.membership.id, NOT_ADMITTED))

    def _advance(self, plan: planning.Plan, reading: Reading, expires: float | None) -> None:
        """Advance the views and queue the frames: one step, without a wait in it."""
        self.cursor = Cursor(reading.seq, reading.rights)
        self.expires = expires
        self.views = {cls: part.view for cls, part in plan.items()}
        for cls, part in plan.items():
            self._send(cls, part)
        for member in list(self.members.values()):
            member.noticed = False
            member.flush()
            if member.too_slow():
                self.expel(member, TOO_SLOW)

    def _send(self, cls: str, part: planning.ClassPlan) -> None:
        if part.differ:
            frame = planning.change(part.put, part.gone)
            for member in part.differ:
                member.append(frame)
        if part.renew:
            frame = planning.snapshot(part.view)
            for member in part.renew:
                member.replace(frame)
                member.cls = cls
                if not member.closed:
                    self.presence.arrive(member)


def _spread(reading: Reading, members: list[Member], stands_for: Mapping["Identity", Membership]) -> None:
    """Say of every socket what was read of the one that stands for its identity."""
    for member in members:
        mine, one = member.membership.id, stands_for[member.membership.identity].id
        if one in reading.classes:
            reading.classes[mine] = reading.classes[one]
        elif one in reading.closed:
            reading.closed[mine] = reading.closed[one]


def _full(reading: Reading, cls: str) -> bool:
    view = reading.views.get(cls)
    return view is not None and view.full
