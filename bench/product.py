"""The product under measurement: the real program on a seeded store, with people logged in for real."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.fleet import Client, Fleet
from bench.rounds import Moments
from conference.demo import people as cast
from conference.demo.world import world
from tests.client import Browser
from tests.server import Server, Store

TABLE = ("voorzitter", "notulist", "politie", "veiligthuis", "zorgcoordinator", "kwintes")
NOTE = re.compile(rb'"minutes:([0-9a-f-]{36})":')
CHANGE, SNAPSHOT, ACK, NACK = b'{"type":"change"', b'{"type":"snapshot"', b'{"type":"ack"', b'{"type":"nack"'
TEXT = (
    "{subject:s1} wil rust en een eigen telefoon. Veiligheid is nu het eerste doel; de begeleider "
    "gaat mee naar het gesprek en meldt de uitkomst aan de tafel. "
)
SEEN_EVERY = 16  # frames between two acknowledgements of a client


class Conference:
    """One conference on one case that all at the table are involved in: every note reaches everybody."""

    def __init__(self, url: str, ids: dict[str, Any], cookies: list[str]) -> None:
        self.url = url
        self.cookies = cookies
        self.path = f"/ws/conferences/{ids['conferences']['o1']}/"
        self.agenda_item = ids["agenda_items"]["a2"]
        self.text = TEXT.replace("s1", str(ids["subjects"]["s1"]))
        self.moments = Moments()
        self.sample = b""
        self.refused: list[bytes] = []
        self.frames = 0

    def fleet(self, sockets: int) -> Fleet:
        """Open so many sockets, spread over the people, and wait for all their snapshots."""
        parts = urlsplit(self.url)
        made = Fleet(parts.hostname or "", parts.port or 0, self.take)
        self.moments.notes.clear()
        self.grow(made, sockets)
        self._fleet = made
        return made

    def grow(self, fleet: Fleet, sockets: int) -> None:
        """Open more sockets, each answered before the next hundred."""
        self._fleet = fleet
        for number in range(sockets):
            headers = {"Cookie": self.cookies[number % len(self.cookies)], "Origin": self.url}
            fleet.send(fleet.open(self.path, headers), '{"hello":{"protocol":1}}')
        everybody = fleet.until(lambda: all(one.cseq for one in fleet.clients), 30)
        if not everybody:
            raise RuntimeError("not every socket got its snapshot")
        fleet.quiet(0.3)

    def take(self, client: Client, payload: bytes) -> None:
        """Note what a frame brings, and acknowledge now and then."""
        if payload.startswith(CHANGE):
            self.moments.change()
            self.frames += 1
            self.sample = payload
            client.cseq += 1
            client.changes += 1
            self.moments.notes.setdefault(client.number, set()).update(NOTE.findall(payload))
        elif payload.startswith(SNAPSHOT):
            client.cseq += 1
        elif payload.startswith(ACK):
            self.moments.answer()
        elif payload.startswith(NACK):
            self.refused.append(payload)
        if client.cseq - client.seen >= SEEN_EVERY:
            self.acknowledge(client)

    def acknowledge(self, client: Client) -> None:
        """Say what has been seen."""
        client.seen = client.cseq
        self._fleet.send(client, f'{{"seen":{client.cseq}}}')

    def write(self, client: Client) -> None:
        """Let a client write one note."""
        arguments = {"agenda_item": self.agenda_item, "text": self.text, "category": "prc"}
        command = {"id": str(uuid4()), "do": "minutes.write", "expect": None, "with": arguments}
        self._fleet.send(client, json.dumps(command))

    def delivered(self) -> int:
        """How many notes all clients together have got."""
        return sum(map(len, self.moments.notes.values()))


def scene() -> dict[str, Any]:
    """Return the demo's world with one conference on one case, and only those who are involved in it."""
    made = world(datetime.now(UTC))
    seats = [f"u-{name}" for name in TABLE]
    conference = made["conferences"][0]
    conference["people"] = seats
    conference["agenda"] = [point for point in conference["agenda"] if point["case"] == "c1"]
    made["conferences"] = [conference]
    return made


@contextmanager
def running(folder: Path) -> Iterator[tuple[Server, Conference]]:
    """Seed a store, serve it, log everybody in."""
    made = scene()
    file = folder / "world.json"
    file.write_text(json.dumps(made))
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(file))
        with store.serve() as server:
            yield server, Conference(server.url, ids, [_log_in(server.url, made, name) for name in TABLE])


def _log_in(url: str, made: dict[str, Any], name: str) -> str:
    person = next(one for one in made["people"] if one["username"] == name)
    with Browser(url) as browser:
        return browser.log_in(name, cast.PASSPHRASE, person["totp_secret"]).cookies()
