"""Everybody logs in, opens every page, joins every conference, takes every export.

Every canary is then in the haul of exactly those who may see it: nothing more, nothing less;
and none is in plain sight on disk or in any log.
"""

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest

from tests.client import Browser
from tests.server import Store
from tests.system.canaries import World, build

TOKEN = re.compile(rb"[0-9a-f]{32}")
HEX = re.compile(rb"[0-9a-fA-F]{64,}")
CODED = re.compile(rb"[A-Za-z0-9+/_-]{43,}")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
SECRET = "JBSWY3DPEHPK3PXP" * 2


def revealed(data: bytes) -> set[str]:
    """Every canary-like string in some bytes, also in capitals, hex, UTF-16, and base64 at any offset."""
    found = _tokens(data) | _tokens(data.replace(b"\0", b""))
    for run in HEX.findall(data):
        found |= _tokens(bytes.fromhex(run[: len(run) // 2 * 2].decode()))
        found |= _tokens(bytes.fromhex(run[1 : (len(run) - 1) // 2 * 2 + 1].decode()))
    for run in CODED.findall(data):
        plain = run.translate(URL_SAFE)
        for offset in range(4):
            cut = plain[offset:]
            cut = cut[:-1] if len(cut) % 4 == 1 else cut
            found |= _tokens(base64.b64decode(cut + b"=" * (-len(cut) % 4)))
    return found


def _tokens(data: bytes) -> set[str]:
    return {token.decode() for token in TOKEN.findall(data.lower())}


def test_a_canary_is_found_in_every_disguise() -> None:
    text = "0123456789abcdef0123456789abcdef"
    raw = text.encode()
    forms = [raw, raw.upper(), raw.hex().encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    forms += [base64.b64encode(b"x" * offset + raw) for offset in range(3)]
    forms += [base64.urlsafe_b64encode(b"\xff" * offset + raw) for offset in range(3)]
    for form in forms:
        assert text in revealed(b'{"a":"' + form + b'"}'), form


class Haul:
    """Everything that one person got from the product, and where."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def add(self, response: httpx.Response) -> None:
        self.parts.append(b"\n".join(name + b": " + value for name, value in response.headers.raw))
        self.parts.append(response.content)
        if response.headers.get("content-type", "").startswith("application/pdf"):
            pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
            # A long word may be broken over lines: the text is searched without white space too.
            text = "\n".join(page.extract_text() for page in pages)
            self.parts += [text.encode(), re.sub(r"\s+", "", text).encode()]

    @property
    def bytes(self) -> bytes:
        return b"\n".join(self.parts)


def addresses(ids: dict[str, dict[str, str]], person: dict[str, Any], parties: list[str]) -> Iterator[str]:
    """Every page of the product with every id; exports for all parties by who leads, else for the own and one more."""
    yield from ("/", "/cases/", "/consent/", "/covenant/", "/log/", "/people/", "/me/", "/api/v1/today")
    for name, case in ids["cases"].items():
        yield f"/cases/{case}/"
        yield f"/api/v1/cases/{case}"
        for subject in ("v", "k", "d"):
            yield f"/cases/{case}/consent/{ids['subjects'][f'{name}-{subject}']}/"
    receivers = parties if "chair" in person["roles"] else [person["party"], "om"]
    for conference in ids["conferences"].values():
        yield f"/conferences/{conference}/"
        yield f"/conferences/{conference}/decision-list"
        for party in receivers:
            yield f"/conferences/{conference}/decision-list?for={party}"
            yield f"/api/v1/conferences/{conference}/decision-list?for={party}"
            for form in ("pdf", "csv", "json"):
                yield f"/conferences/{conference}/decision-list?for={party}&format={form}"


async def gather(browser: Browser, ids: dict[str, dict[str, str]], person: dict[str, Any], parties: list[str]) -> Haul:
    """Open everything that there is, as one person."""
    haul = Haul()
    for address in addresses(ids, person, parties):
        haul.add(browser.get(address))
    for conference in ids["conferences"].values():
        try:
            async with browser.room(conference) as room:
                haul.parts += [frame.encode() for frame in room.frames]
        except Exception as refused:  # noqa: BLE001  # a refused handshake; its bytes count too
            haul.parts.append(repr(refused).encode())
    return haul


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


def compare(world: World, person: dict[str, Any], haul: Haul) -> list[str]:
    """Say which canaries a person got and may not see, and which she may see and did not get."""
    got = revealed(haul.bytes)
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
