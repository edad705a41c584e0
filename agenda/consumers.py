"""The live socket: who may open it, what it takes in, and in which order it answers.

There is no channel layer. Frames are taken as they come and only counted here, so that
a flood or a goodbye is noticed while a command is still at work.
"""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from agenda.hub import Member
from agenda.intake import Bucket, Frame, MalformedError, parse
from agenda.outlet import SocketOutlet
from agenda.protocol import CommandFrame, HelloFrame, Nack, SeenFrame
from agenda.room import Room, room
from conference.accounts.sessions import Identity
from conference.accounts.sockets import authenticate

MALFORMED, SESSION_ENDED, TOO_FAST = 4400, 4401, 4429
LEFT = 1000  # the one close code with which somebody says goodbye
HELLO_WITHIN = 10.0  # seconds

# Twenty a second; the small surplus wins back what a stall of ours bunched together.
COMMANDS_AT_ONCE, COMMANDS_A_SECOND = 20, 22
SEEN_AT_ONCE, SEEN_A_SECOND = 1000, 500
WAITING = 200  # commands of one socket that may stand in line

PATH = re.compile(r"/ws/conferences/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/")

Message = dict[str, Any]


class RoomConsumer(AsyncWebsocketConsumer):
    """One socket of one person in one conference. Answers 403 on every path that is not hers."""

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Any]
    ) -> None:
        """Take messages as they come: Channels' own loop adds a task to each."""
        self.scope = scope
        self.base_send = send
        self._prepare(send)
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self._leave(LEFT if self.said_goodbye else 1006)

    def _prepare(self, send: Callable[[Message], Any]) -> None:
        self.room: Room = room()
        self.outlet = SocketOutlet(send)
        self.identity: Identity | None = None
        self.conference: UUID | None = None
        self.member: Member | None = None
        self.counted = False
        self.said_goodbye = False
        self.waiting: deque[CommandFrame] = deque()
        self.working: asyncio.Task[None] | None = None
        self.deadline: asyncio.TimerHandle | None = None
        self.commands = Bucket(COMMANDS_AT_ONCE, COMMANDS_A_SECOND, monotonic)
        self.acknowledgements = Bucket(SEEN_AT_ONCE, SEEN_A_SECOND, monotonic)

    async def dispatch(self, message: Message) -> None:
        """Handle one message without Channels' look at the database connections before each."""
        kind = message["type"]
        if kind == "websocket.receive":
            self._take(message.get("text"))
        elif kind == "websocket.connect":
            await self._connect()
        elif kind == "websocket.disconnect":
            self.said_goodbye = message.get("code") == LEFT
            raise StopConsumer

    # --- coming in and leaving --------------------------------------------------

    async def _connect(self) -> None:
        """Accept who has a full session and is invited; to all others the same 403."""
        if not await self._admitted():
            await self.base_send({"type": "websocket.close"})
            return
        await self.base_send({"type": "websocket.accept"})
        self.deadline = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._cut, MALFORMED, "no_hello")

    async def _admitted(self) -> bool:
        found = PATH.fullmatch(self.scope["path"])
        identity = await authenticate(self.scope)
        if identity is None or found is None:
            return False
        conference = UUID(found[1])
        if not await self.room.may_join(conference, identity):
            await self.room.refused(identity, conference, "not_admitted")
            return False
        if not self.room.enter(identity.session):
            return False
        self.counted, self.identity, self.conference = True, identity, conference
        return True

    def _leave(self, code: int) -> None:
        self.outlet.drop()
        if self.deadline is not None:
            self.deadline.cancel()
        if self.member is not None and self.conference is not None:
            self.room.hub.leave(self.conference, self.member, dropped=code != LEFT)
        if self.counted and self.identity is not None:
            self.counted = False
            self.room.exit(self.identity.session)

    def _cut(self, code: int, reason: str) -> None:
        """Close for a fault of the client's; what she still had in line is not carried out."""
        if self.outlet.closed or self.identity is None:
            return
        self.waiting.clear()
        self.outlet.close(code)
        self.cutting = asyncio.ensure_future(self.room.refused(self.identity, self.conference, reason))

    # --- frames -----------------------------------------------------------------

    def _take(self, text: str | None) -> None:
        if self.outlet.closed:
            return
        try:
            if text is None:
                raise MalformedError
            self._sort(parse(text))
        except MalformedError:
            self._cut(MALFORMED, "malformed")

    def _sort(self, frame: Frame) -> None:
        if isinstance(frame, HelloFrame):
            self._hello()
        elif self.member is None:
            raise MalformedError
        elif isinstance(frame, SeenFrame):
            if not self.acknowledgements.take():
                self._cut(TOO_FAST, "too_fast")
            elif not self.member.seen(frame.seen):
                raise MalformedError
        else:
            self._line_up(frame)

    def _hello(self) -> None:
        if self.member is not None or self.identity is None or self.conference is None:
            raise MalformedError
        if self.deadline is not None:
            self.deadline.cancel()
        self.member = self.room.hub.join(self.conference, self.identity, self.outlet)
        self.room.heard(self.identity.session)
        self.entering = asyncio.ensure_future(self.room.entered(self.conference, self.identity))

    def _line_up(self, frame: CommandFrame) -> None:
        if not self.commands.take() or len(self.waiting) >= WAITING:
            self._cut(TOO_FAST, "too_fast")
            return
        self.waiting.append(frame)
        if self.working is None:
            self.working = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        """Carry out what stands in line, one at a time and in order."""
        try:
            while self.waiting and self.identity is not None and self.conference is not None:
                self.room.heard(self.identity.session)
                answer = await self.room.execute(self.identity, self.conference, self.waiting.popleft())
                self.outlet.send(msgspec.json.encode(answer).decode())
                if isinstance(answer, Nack) and answer.code == "session_ended":
                    self.waiting.clear()
                    self.outlet.close(SESSION_ENDED)
        finally:
            self.working = None
