"""A small honest world for the hub: a database in memory, a log, and clients that keep a view.

These are the functions that the hub is handed, not stand-ins for parts of ours.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from agenda.hub import (
    Cursor,
    Disclosure,
    Functions,
    Hub,
    Limits,
    Member,
    Membership,
    Reading,
    Seat,
    Shown,
    Trace,
    View,
)
from agenda.protocol import PresentPerson
from conference.accounts.sessions import Identity

FAST = Limits(backstop=0.02, log_retry=0.02, backoff=0.01, backoff_most=0.05, housekeeping=0.02, ping=60.0, lost=0.2)


class LogDownError(Exception):
    """The log cannot be written."""


@dataclass
class Client:
    """A browser: applies what it gets, and checks the numbers as it goes."""

    person: UUID
    journal: list[tuple[str, Any]]
    frames: list[dict[str, Any]] = field(default_factory=list)
    view: dict[str, Any] = field(default_factory=dict)
    cseq: int = 0
    code: int | None = None
    member: Member | None = None
    acknowledges: bool = True
    cut: bool = False

    def send(self, frame: str) -> None:
        assert self.code is None, "a frame after the close"
        assert not self.cut, "a frame to a socket that has gone"
        got = json.loads(frame)
        self.frames.append(got)
        self.journal.append(("sent", (self.person, got)))
        if got["type"] in ("snapshot", "change"):
            self._apply(got)

    def _apply(self, got: dict[str, Any]) -> None:
        assert got["cseq"] == self.cseq + 1, "a hole or a repetition"
        self.cseq = got["cseq"]
        if got["type"] == "snapshot":
            self.view = dict(got["view"])
            return
        assert self.cseq > 1, "a difference before the first snapshot"
        assert got["put"] or got["gone"], "a frame that says nothing"
        for key in got["gone"]:
            del self.view[key]
        self.view |= got["put"]

    def close(self, code: int) -> None:
        assert self.code is None, "closed twice"
        self.code = code

    def acknowledge(self) -> None:
        if self.member is not None and not self.cut:
            assert self.member.seen(self.cseq)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def numbered(self) -> list[dict[str, Any]]:
        """The frames that carry the view; the list of people comes between them when it likes."""
        return [frame for frame in self.frames if "cseq" in frame]

    @property
    def keys(self) -> set[str]:
        return set(self.view)


class World:
    """Objects with a category; a party sees an object when its category is granted to it."""

    def __init__(self, limits: Limits = FAST, clock: Callable[[], float] = time.monotonic) -> None:
        self.conference = uuid4()
        self.lock = threading.Lock()
        self.seq = 0
        self.rights = 0
        self.objects: dict[str, tuple[str, str]] = {}
        self.touched: list[tuple[int, str]] = []
        self.grants: dict[str, set[str]] = {}
        self.party_of: dict[UUID, str] = {}
        self.shut: dict[UUID, int] = {}
        self.next_change: float | None = None
        self.journal: list[tuple[str, Any]] = []
        self.readings: list[tuple[Cursor | None, frozenset[str]]] = []
        self.asked = 0  # members that the last reading was for
        self.raised = 0  # readings that failed
        self.logging = 0  # times that something was to be logged
        self.log_down = False
        self.slow_log = 0.0
        self.while_logging: Callable[[], None] | None = None
        self.fault: Exception | None = None
        self.presence: dict[UUID, Seat] = {}
        self.hub = Hub(self.functions(), limits=limits, clock=clock)

    def functions(self, **more: Any) -> Functions:
        return Functions(
            read=self.read,
            disclose=self.disclose,
            unavailable=LogDownError,
            people=self.people,
            now=lambda: "2026-11-23T09:00:00+01:00",
            **more,
        )

    # --- what happens in the world ------------------------------------------------

    def put(self, key: str, category: str, text: str) -> None:
        with self.lock:
            self.seq += 1
            self.objects[key] = (category, text)
            self.touched.append((self.seq, key))

    def drop(self, key: str) -> None:
        with self.lock:
            self.seq += 1
            self.objects.pop(key, None)
            self.touched.append((self.seq, key))

    def grant(self, party: str, *categories: str) -> None:
        with self.lock:
            self.rights += 1
            self.grants[party] = set(categories)

    def move(self, person: UUID, party: str) -> None:
        with self.lock:
            self.rights += 1
            self.party_of[person] = party

    def wake(self) -> None:
        self.hub.wake(self.conference)

    # --- what the hub is handed -----------------------------------------------------

    def read(
        self, conference: UUID, cursor: Cursor | None, members: list[Membership], needed: frozenset[str]
    ) -> Reading:
        with self.lock:
            if self.fault is not None:
                self.raised += 1
                raise self.fault
            self.readings.append((cursor, needed))
            self.asked = len(members)
            reading = Reading(self.seq, self.rights, self.next_change)
            for member in members:
                if member.person in self.shut:
                    reading.closed[member.id] = self.shut[member.person]
                else:
                    reading.classes[member.id] = self.party_of[member.person]
            for party in set(reading.classes.values()):
                view = self._view(party, cursor, party in needed)
                if view is not None:
                    reading.views[party] = view
            return reading

    def _view(self, party: str, cursor: Cursor | None, needed: bool) -> View | None:
        if cursor is None or cursor.rights != self.rights or needed:
            return View(True, {key: self.shown(party, key) for key in self.objects}, ("all",))
        touched = {key: seq for seq, key in self.touched if seq > cursor.seq}
        if not touched:
            return None
        return View(False, {key: self.shown(party, key) for key in touched}, tuple(map(str, touched.values())))

    def shown(self, party: str, key: str) -> Shown | None:
        category, text = self.objects.get(key, ("", ""))
        if category not in self.grants.get(party, set()):
            return None
        return Shown(json.dumps({"text": text}).encode(), Trace(None, (None,), category, "identified", "covenant"))

    def fresh(self, party: str) -> dict[str, Any]:
        shown = {key: self.shown(party, key) for key in self.objects}
        return {key: json.loads(one.body) for key, one in shown.items() if one is not None}

    async def disclose(self, conference: UUID, entries: list[Disclosure]) -> None:
        self.logging += 1
        await asyncio.sleep(self.slow_log)
        if self.while_logging is not None:
            self.while_logging()
        if self.log_down:
            raise LogDownError
        self.journal.extend(("logged", entry) for entry in entries)

    def people(self, conference: UUID, seats: tuple[Seat, ...]) -> list[PresentPerson]:
        return [PresentPerson(seat.person, "", "politie", [], seat.state) for seat in seats]

    # --- clients ------------------------------------------------------------------------

    def join(self, party: str, person: UUID | None = None, session: UUID | None = None) -> Client:
        person = person or uuid4()
        self.party_of[person] = party
        client = Client(person, self.journal)
        identity = Identity(person, party, "inhoud", ("participant",), session or uuid4(), 0)
        client.member = self.hub.join(self.conference, identity, client)
        return client

    def leave(self, client: Client, *, dropped: bool = False) -> None:
        assert client.member is not None
        client.cut = True
        self.hub.leave(self.conference, client.member, dropped=dropped)

    @property
    def entries(self) -> list[Disclosure]:
        return [what for kind, what in self.journal if kind == "logged"]


async def until(holds: Callable[[], object], within: float = 5.0) -> None:
    """Wait until something holds; fail when it does not come."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.002)


def assert_logged_before_sent(journal: list[tuple[str, Any]]) -> None:
    """Whatever a client was sent stood in the log before, with her as a recipient."""
    told: set[tuple[UUID, str]] = set()
    for kind, what in journal:
        if kind == "logged":
            told |= {(person, key) for person in what.recipients for key in what.put}
        else:
            person, frame = what
            for key in frame.get("view") or frame.get("put") or {}:
                assert (person, key) in told, f"{key} was sent before it was logged"
