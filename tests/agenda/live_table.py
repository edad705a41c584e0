"""The real hub over the real feed, without sockets: outlets that keep every frame they are sent."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from agenda import feed
from agenda.hub import Functions, Hub, Limits, Member
from audit.record import LogUnavailable
from tests.world import Table

CALM = Limits(backstop=30.0, ping=3600.0, housekeeping=3600.0, unseen_seconds=3600.0)
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PSEUDONYMS = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}")
VERSIONS = re.compile(r'(?<="version":")[\w=-]+')
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+.\d:]*")
CODE_NAMES = re.compile(r'(?<="code_name":")[A-Z-]+')


@dataclass
class Outlet:
    """What the hub writes to: a list."""

    frames: list[str] = field(default_factory=list)
    code: int | None = None
    member: Member | None = None

    def send(self, frame: str) -> None:
        self.frames.append(frame)

    def close(self, code: int) -> None:
        self.code = code

    @property
    def view_frames(self) -> list[str]:
        """Snapshots and changes, as they left."""
        return [frame for frame in self.frames if '"cseq"' in frame[:40]]

    def view(self) -> dict[str, Any]:
        """What a client has that applied them."""
        view: dict[str, Any] = {}
        for number, text in enumerate(self.view_frames, 1):
            frame = json.loads(text)
            assert frame["cseq"] == number
            if frame["type"] == "snapshot":
                view = frame["view"]
                continue
            view |= frame["put"]
            for key in frame["gone"]:
                del view[key]
        return view


class LiveTable:
    """One conference of a table with its hub and a socket for each of these people."""

    def __init__(self, table: Table, conference: str = "o1") -> None:
        self.table = table
        self.conference = table.id("conferences", conference)
        functions = Functions(
            read=_closing(feed.read),
            disclose=feed.disclose,
            unavailable=LogUnavailable,
            people=_closing(feed.people),
            now=feed.now_text,
        )
        self.hub = Hub(functions, limits=CALM, threads=1)
        self.outlets: dict[str, Outlet] = {}

    def join(self, name: str) -> Outlet:
        """Open a socket for somebody who is logged in already."""
        outlet = self.outlets[name] = Outlet()
        outlet.member = self.hub.join(self.conference, self.table.identities[name], outlet)
        return outlet

    async def do(self, name: str, do: str, **args: Any) -> Any:
        """Give a command on a thread, as the room does, and wait until every frame of it has left."""
        answer = await self.act(lambda: self.table.do(name, do, **args))
        await self.drain()
        return answer

    async def act(self, do: Callable[[], Any]) -> Any:
        """Do something with the database on a thread."""
        return await asyncio.to_thread(_closing(do))

    async def drain(self) -> None:
        """Wait until the pump has read, logged and sent all that is committed by now."""
        for _ in range(2):  # the second look begins when the first has sent everything
            pump = self.hub.pumps.get(self.conference)
            if pump is None:
                return
            pump.woken.set()
            while pump.woken.is_set() and self.conference in self.hub.pumps:  # noqa: ASYNC110  the pump clears it
                await asyncio.sleep(0.001)

    async def close(self) -> None:
        """End the hub."""
        for outlet in self.outlets.values():
            if outlet.member is not None:
                self.hub.leave(self.conference, outlet.member, dropped=False)
        await self.hub.close()
        await asyncio.to_thread(self.hub._executor.shutdown)  # a reading on its way closes its connection first


def _closing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Leave no connection of a test's own thread behind: the test's database must go afterwards."""

    def run(*args: Any) -> Any:
        try:
            return function(*args)
        finally:
            connections.close_all()

    return run


def fixed(frames: list[str]) -> list[str]:
    """Give ids, pseudonyms, versions and code names the number of their first appearance; times all one."""
    return _Fixed().frames(frames)


class _Fixed:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def frames(self, frames: list[str]) -> list[str]:
        return [self._frame(frame) for frame in frames]

    def _frame(self, frame: str) -> str:
        text = TIMES.sub("T", frame)
        for pattern in (VERSIONS, IDS, PSEUDONYMS, CODE_NAMES):
            text = pattern.sub(self._number, text)
        return text

    def _number(self, found: re.Match[str]) -> str:
        return self.known.setdefault(found[0], f"#{len(self.known):06d}")
