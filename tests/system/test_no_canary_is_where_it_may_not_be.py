"""Everybody logs in, opens every page, joins every conference, takes every export.

Every canary is then in the haul of exactly those who may see it: nothing more, nothing less;
and none is in plain sight on disk or in any log.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Browser
from tests.server import Store
from tests.system.canaries import SECRET, World, build
from tests.system.crawl import Answer, Ids, exports, pages, revealed, snapshot


def test_a_canary_is_found_in_every_disguise() -> None:
    text = "0123456789abcdef0123456789abcdef"
    raw = text.encode()
    forms = [raw, raw.upper(), raw.hex().encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    forms += [base64.b64encode(b"x" * offset + raw) for offset in range(3)]
    forms += [base64.urlsafe_b64encode(b"\xff" * offset + raw) for offset in range(3)]
    for form in forms:
        assert text in revealed(b'{"a":"' + form + b'"}'), form


async def gather(browser: Browser, ids: Ids, person: dict[str, Any], parties: list[str]) -> bytes:
    """Open everything that there is, as one person; return all that came."""
    haul = [Answer.of(address, browser.get(address)) for address in (*pages(ids), *exports(ids, person, parties))]
    haul += [await snapshot(browser, conference) for conference in ids["conferences"].values()]
    return b"\n".join(answer.bytes for answer in haul)


@pytest.fixture
def world() -> World:
    return build()


async def test_each_canary_reaches_exactly_those_who_may_see_it(store: Store, world: World, tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world.data), encoding="utf-8")
    ids = store.json("seed", str(file))
    parties = list(world.covenant.parties)
    wrong: list[str] = []
    with store.serve() as server:
        for person in world.data["people"]:
            with Browser(server.url) as browser:
                browser.log_in(person["username"], person["password"], SECRET)
                wrong += compare(world, person, await gather(browser, ids, person, parties))
        output = "".join(server.output).encode()
    assert wrong == []
    assert found_in(world, output) == []
    assert found_on_disk(world, store) == []


def compare(world: World, person: dict[str, Any], haul: bytes) -> list[str]:
    """Say which canaries a person got and may not see, and which she may see and did not get."""
    got = revealed(haul)
    wrong = []
    for planted in world.planted:
        allowed = world.may_see(person, planted)
        where = f"{planted.place} in {planted.case or planted.conference} for {person['id']}"
        if allowed and planted.text not in got:
            wrong.append(f"missing: {where}")
        if not allowed and planted.text in got:
            wrong.append(f"leaked: {where}")
    return wrong


def found_in(world: World, data: bytes) -> list[str]:
    got = revealed(data)
    return [planted.place for planted in world.planted if planted.text in got]


def found_on_disk(world: World, store: Store) -> list[str]:
    """Look through every file of the store, and on PostgreSQL through every row of every table."""
    data = b"\n".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    return found_in(world, data + b"\n".join(rows(store)))


def rows(store: Store) -> Iterator[bytes]:
    if not store.database_url:
        return
    import psycopg
    from psycopg import sql

    with psycopg.connect(store.database_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
                yield b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
