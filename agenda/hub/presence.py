"""Who sits at the table: made from the sockets, a person once, never written by clients."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
import structlog

from agenda.hub.member import Limits, Member
from agenda.hub.types import Functions, Seat, Sitting
from agenda.protocol import Presence as PresenceFrame

log = structlog.get_logger("agenda.hub")
T = TypeVar("T")


@dataclass(slots=True)
class _Place:
    """A socket's place; `lost_at` is when its connection broke."""

    member: Member
    socket: UUID
    lost_at: float | None = None


class Presence:
    """The list of people in one conference, sent when it changes and to who just came."""

    def __init__(
        self, conference: UUID, functions: Functions, limits: Limits, clock: Callable[[], float], executor: Executor
    ) -> None:
        self.conference = conference
        self.functions = functions
        self.limits = limits
        self.clock = clock
        self.executor = executor
        self.places: dict[int, _Place] = {}
        self.left: list[UUID] = []
        self.newcomers: list[Member] = []
        self.seats: tuple[Seat, ...] = ()
        self.frame = ""
        self.stirred = asyncio.Event()
        self.over = False

    def arrive(self, member: Member) -> None:
        """Seat a socket that has its snapshot; a second call for the same one is nothing."""
        if member.membership.id not in self.places:
            self.places[member.membership.id] = _Place(member, uuid4())
            self.newcomers.append(member)
            self.stirred.set()

    def depart(self, member: Member, *, dropped: bool) -> None:
        """Free a socket's place: at once, or 30 s from now when its connection broke."""
        place = self.places.get(member.membership.id)
        if place is None:
            return
        if dropped:
            place.lost_at = self.clock()
        else:
            self._clear(member.membership.id)
        self.stirred.set()

    def _clear(self, number: int) -> None:
        self.left.append(self.places.pop(number).socket)

    async def run(self) -> None:
        """Tell the room, until it is over, whenever the list has changed; then give up its rows."""
        while not self.over:
            self.stirred.clear()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  # the meeting goes on without the list
                self._failed(error)
                await asyncio.sleep(self.limits.backstop)
                self.stirred.set()
            await self._rest()
        await self._give_up_rows()

    def end(self) -> None:
        """Let `run` come to its end: the last socket has left."""
        self.over = True
        self.stirred.set()

    async def _rest(self) -> None:
        waits = [self.limits.rows] if self._shared() else []
        lost = [place.lost_at for place in self.places.values() if place.lost_at is not None]
        if lost:
            waits.append(max(min(lost) + self.limits.lost - self.clock(), 0.05))
        try:
            async with asyncio.timeout(min(waits) if waits else None):
                await self.stirred.wait()
        except TimeoutError:
            pass

    async def look(self) -> None:
        """Look around once, and send the list where it is new."""
        self._expire()
        seats = await self._everyone()
        newcomers, self.newcomers = self.newcomers, []
        to = newcomers
        if seats != self.seats or not self.frame:
            self.frame = await self._on_thread(self._encode, seats)
            self.seats = seats
            to = [place.member for place in self.places.values() if place.lost_at is None]
        for member in to:
            member.tell(self.frame)

    def _expire(self) -> None:
        before = self.clock() - self.limits.lost
        for number, place in list(self.places.items()):
            if place.lost_at is not None and place.lost_at <= before:
                self._clear(number)

    def _encode(self, seats: tuple[Seat, ...]) -> str:
        return msgspec.json.encode(PresenceFrame(self.functions.people(self.conference, seats))).decode()

    async def _everyone(self) -> tuple[Seat, ...]:
        own = [Seat(one.person, one.state) for one in self._sittings()]
        if self._shared():
            own += await self._share()
        return _merged(own)

    def _sittings(self) -> tuple[Sitting, ...]:
        return tuple(
            Sitting(place.socket, place.member.membership.person, "present" if place.lost_at is None else "lost")
            for place in self.places.values()
        )

    def _shared(self) -> bool:
        return self.functions.presence_touch is not None and self.functions.presence_read is not None

    async def _share(self) -> list[Seat]:
        """Renew our rows and read everybody's; who leaves meanwhile is dropped by the next call.

        Both lists are of one moment: else a seat freed while the rows are written is written again.
        """
        sittings, left = self._sittings(), tuple(self.left)
        seats = await self._on_thread(self._exchange, sittings, left)
        del self.left[: len(left)]
        return seats

    def _exchange(self, sittings: tuple[Sitting, ...], left: tuple[UUID, ...]) -> list[Seat]:
        touch, read = self.functions.presence_touch, self.functions.presence_read
        if touch is None or read is None:
            return []
        touch(self.conference, sittings, left)
        return list(read(self.conference))

    async def _on_thread(self, function: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.executor, function, *args)

    async def _give_up_rows(self) -> None:
        """Drop the rows of who has left; what stays ends by itself."""
        if self._shared():
            try:
                await self._share()
            except Exception as error:  # noqa: BLE001  # the meeting goes on without the list
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.error("presence.failed", conference=str(self.conference), error=type(error).__name__)


def _merged(seats: list[Seat]) -> tuple[Seat, ...]:
    """A person once: present where any of her sockets is."""
    states: dict[UUID, Seat] = {}
    for seat in seats:
        if seat.person not in states or seat.state == "present":
            states[seat.person] = seat
    return tuple(sorted(states.values(), key=lambda seat: seat.person))
