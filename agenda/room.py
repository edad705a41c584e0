"""This process's live room: the hub with what it is handed, and threads of its own.

Nothing here runs on asyncio's default executor: commands, handshakes and readings must
not wait behind each other, nor behind a page.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error, connections

from agenda import commands, feed, sittings
from agenda.hub import Functions, Hub
from agenda.protocol import Ack, CommandFrame, Nack
from audit.record import Entry, LogUnavailable, record_durably
from conference.accounts import sockets
from conference.accounts.sessions import Identity

P = ParamSpec("P")
T = TypeVar("T")

SOCKETS_PER_SESSION = 128
ACTIVITY = 60.0  # seconds between two notes that sessions are in use
COMMAND_THREADS = 4  # PostgreSQL; SQLite has one writer anyway

log = structlog.get_logger("agenda.room")


def tidy(function: Callable[P, T]) -> Callable[P, T]:
    """Wrap what runs on a thread of ours: after a database error, by whatever name, its connections are dropped.

    Django does this at the end of a request only, and a broken connection would
    otherwise stay broken for the thread's life.
    """

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (Error, LogUnavailable):
            connections.close_all()
            raise

    return run


class Room:
    """The hub, the threads for commands and handshakes, and the sockets of each session."""

    def __init__(self) -> None:
        self.hub = Hub(
            Functions(
                read=tidy(feed.read),
                disclose=feed.disclose,
                unavailable=LogUnavailable,
                people=tidy(feed.people),
                now=feed.now_text,
                presence_touch=tidy(sittings.touch) if settings.CONFIG.postgres else None,
                presence_read=tidy(sittings.rows) if settings.CONFIG.postgres else None,
            )
        )
        writers = COMMAND_THREADS if settings.CONFIG.postgres else 1
        self._commands = ThreadPoolExecutor(writers, thread_name_prefix="command")
        self._door = ThreadPoolExecutor(2, thread_name_prefix="door")
        self._sockets: Counter[UUID] = Counter()
        self._heard: set[UUID] = set()
        self._noting: asyncio.TimerHandle | None = None

    # --- the door ---------------------------------------------------------------

    async def may_join(self, conference: UUID, identity: Identity) -> bool:
        """Say whether this person is invited to this conference (and it exists)."""
        return await self._on(self._door, feed.may_join, conference, identity)

    async def entered(self, conference: UUID, identity: Identity) -> None:
        """Note a person's entry. What she sees has an entry of its own, so a failure here shows nothing unlogged."""
        try:
            await self._on(self._door, feed.enter, conference, identity)
        except LogUnavailable:
            log.warning("entry.unlogged", conference=str(conference))

    def enter(self, session: UUID) -> bool:
        """Count a socket of this session; False when it has as many as it may."""
        if self._sockets[session] >= SOCKETS_PER_SESSION:
            return False
        self._sockets[session] += 1
        return True

    def exit(self, session: UUID) -> None:
        """Count a socket out."""
        self._sockets[session] -= 1
        if self._sockets[session] <= 0:
            del self._sockets[session]

    # --- commands ---------------------------------------------------------------

    async def execute(self, identity: Identity, conference: UUID, frame: CommandFrame) -> Ack | Nack:
        """Carry out a command on a thread of its own; every outcome is an answer."""
        try:
            return await self._on(self._commands, commands.execute, identity, conference, frame)
        except LogUnavailable:
            return Nack(frame.id, "log_unavailable")
        except Exception as error:  # noqa: BLE001  # the room goes on; the text may hold content
            log.error(  # noqa: TRY400  # a traceback may hold content too
                "command.failed", error=type(error).__name__, conference=str(conference)
            )
            return Nack(frame.id, "internal_error")

    async def refused(self, identity: Identity, conference: UUID | None, reason: str) -> None:
        """Log that a socket was refused or cut off; the refusal stands without the log too."""
        entry = Entry(
            act="conference.joined" if reason == "not_admitted" else "socket.cut",
            out="deny",
            origin="socket",
            actor=identity.person,
            party=identity.party,
            session=identity.session,
            conference=conference,
            reason=reason,
        )
        try:
            await self._on(self._door, record_durably, entry)
        except LogUnavailable:
            log.warning("refusal.unlogged", reason=reason)

    # --- activity ---------------------------------------------------------------

    def heard(self, session: UUID) -> None:
        """Note that a person did something over a socket; written about once a minute."""
        self._heard.add(session)
        if self._noting is None:
            self._noting = asyncio.get_running_loop().call_later(ACTIVITY, self._note)

    def _note(self) -> None:
        self._noting = None
        heard, self._heard = self._heard, set()
        self._door.submit(self._note_activity, heard)

    @staticmethod
    def _note_activity(heard: set[UUID]) -> None:
        try:
            tidy(sockets.note_activity)(heard)
        except Error as error:  # the next minute has its own
            log.warning("activity.unnoted", error=type(error).__name__)

    @staticmethod
    async def _on(executor: ThreadPoolExecutor, function: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, tidy(function), *args)


@cache
def room() -> Room:
    """Return this process's room, made when first needed."""
    return Room()
