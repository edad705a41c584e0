"""A small world whose every text can be found again, served by the real program, with people logged in."""

import contextlib
import json
import os
import re
import secrets
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.client import Browser, Room
from tests.server import Server, Store
from tests.world import person, tiny_world

PASSWORD = "koffie op de lange tafel"
MARK = re.compile(r"kanarie-[0-9a-f]{12}")
TEXTS = {"text", "title", "reason", "basis", "name", "address", "purpose", "municipality", "form"}
ADMINISTRATOR = "beh"
CODES = 40

on_postgres = bool(os.environ.get("CASUSTAFEL_DATABASE_URL"))
needs_postgres = pytest.mark.skipif(not on_postgres, reason="several processes need PostgreSQL; SQLite has one")


def marked_world() -> dict[str, Any]:
    """Return the tiny world with a mark of its own in each text of its cases and meetings."""
    world = tiny_world()
    for kind in ("cases", "conferences"):
        world[kind] = marked(world[kind])
    beheer = person("fg") | {"id": ADMINISTRATOR, "name": "B. Heer", "username": ADMINISTRATOR, "family": "beheer"}
    world["people"] = [
        one | {"backup_codes": [f"{one['id']}-{number:04d}" for number in range(CODES)]}
        for one in [*world["people"], beheer]
    ]
    return world


def marked(value: Any, name: str = "") -> Any:
    """Return a world's part with marks; a purpose keeps its own, because consent lines name it."""
    if isinstance(value, dict):
        return {key: marked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one, name) for one in value]
    if name == "purpose":
        return f"{value} kanarie-{value.encode().hex():0<12.12}"
    return f"{value} kanarie-{secrets.token_hex(6)}" if name in TEXTS and value else value


def marks(data: str | bytes) -> set[str]:
    """Return the marks that stand in what somebody received."""
    return set(MARK.findall(data.decode("utf-8", "replace") if isinstance(data, bytes) else data))


def asked_for(leaves: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of what somebody asked: the program has its own, of the review for one, at any moment."""
    return [leaf for leaf in leaves if leaf["origin"] != "system"]


def free_port() -> int:
    """Return a port that nobody listens on now, to be served on again after a kill."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stage:
    """A store with the marked world and its servers; the browsers are kept, with their cookies."""

    store: Store
    world: dict[str, Any]
    ids: dict[str, dict[str, str]]
    ports: list[int]
    servers: list[Server] = field(default_factory=list)
    browsers: dict[tuple[str, int], Browser] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    @classmethod
    @contextlib.contextmanager
    def open(
        cls,
        folder: Path,
        *,
        processes: int = 1,
        world: Callable[[], dict[str, Any]] = marked_world,
        settings: dict[str, str] | None = None,
    ) -> Iterator["Stage"]:
        """Seed a store in `folder` and serve it with so many processes (several: PostgreSQL only)."""
        with Store.make(folder, **(settings or {})) as store:
            made = world()
            file = folder / "world.json"
            file.write_text(json.dumps(made), encoding="utf-8")
            ids = store.json("seed", str(file))
            file.unlink()
            stage = cls(store, made, ids, [free_port() for _ in range(processes)])
            try:
                stage.servers = [Server.start(store, "--port", str(port)) for port in stage.ports]
                yield stage
            finally:
                for browser in stage.browsers.values():
                    browser.http.close()
                for server in stage.servers:
                    server.stop()

    @property
    def conference(self) -> str:
        return self.ids["conferences"]["o1"]

    def point(self, name: str = "a1") -> str:
        return self.ids["agenda_items"][name]

    def kill(self, number: int = 0) -> None:
        """kill -9 one of the processes."""
        self.servers[number].kill()

    def restart(self, number: int = 0) -> None:
        """Serve again on the same port."""
        self.servers[number] = Server.start(self.store, "--port", str(self.ports[number]))

    def browser(self, name: str, number: int = 0) -> Browser:
        """Return a person's browser at one of the processes, logged in once with both factors."""
        if (name, number) not in self.browsers:
            self.browsers[name, number] = self.log_in(name, number)
        return self.browsers[name, number]

    def log_in(self, name: str, number: int = 0) -> Browser:
        """Return a new browser that is logged in; the caller closes it."""
        turn = self.used.get(name, 0)
        self.used[name] = turn + 1
        # An app's code works once in 30 s; a recovery code is the second factor at once.
        return Browser(self.servers[number].url).log_in(name, PASSWORD, code=f"{name}-{turn:04d}")

    def forget(self, name: str) -> None:
        """Close a person's browsers: her sessions are over."""
        for key in [key for key in self.browsers if key[0] == name]:
            self.browsers.pop(key).http.close()

    def forget_all(self) -> None:
        """Close everybody's browsers: who comes again logs in again."""
        for name in {name for name, _number in self.browsers}:
            self.forget(name)

    @contextlib.asynccontextmanager
    async def room(self, name: str, number: int = 0, at: str = "o1") -> AsyncIterator[Room]:
        """Join a person's room at one of the processes."""
        async with self.browser(name, number).room(self.ids["conferences"][at]) as room:
            yield room

    # --- the database, from outside ----------------------------------------------------

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the store's database directly, past the product."""
        if self.store.database_url:
            with psycopg.connect(self.store.database_url) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(self.file, timeout=10)) as connection:
            return connection.execute(query).fetchall()

    def change(self, statement: str) -> None:
        """Change the store's database directly, past the product."""
        if self.store.database_url:
            with psycopg.connect(self.store.database_url, autocommit=True) as connection:
                connection.execute(statement)
            return
        with contextlib.closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as connection:
            connection.execute(statement)

    @property
    def file(self) -> Path:
        return self.store.data / "casustafel.sqlite3"

    def leaves(self, after: int = 0) -> list[dict[str, Any]]:
        """Return every entry of the log, in order; of those with a number above `after` only."""
        found = self.rows(f"SELECT leaf FROM audit_leaf WHERE id > {after:d} ORDER BY id")
        return [json.loads(bytes(leaf)) for (leaf,) in found]

    @contextlib.contextmanager
    def following(self) -> Iterator[Callable[[], list[dict[str, Any]]]]:
        """Give a function that returns the entries written since it was asked last, over one connection."""
        database = self.store.database_url
        opened: Any = (
            psycopg.connect(database, autocommit=True)
            if database
            else sqlite3.connect(self.file, timeout=10, isolation_level=None)
        )
        place = self.last_leaf()

        def news() -> list[dict[str, Any]]:
            nonlocal place
            found = opened.execute(f"SELECT id, leaf FROM audit_leaf WHERE id > {place:d} ORDER BY id").fetchall()
            place = found[-1][0] if found else place
            return [json.loads(bytes(leaf)) for _id, leaf in found]

        with contextlib.closing(opened):
            yield news

    def last_leaf(self) -> int:
        """Return the number of the log's newest entry."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM audit_leaf")[0][0])
