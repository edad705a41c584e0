"""The socket as a client meets it: the real program, real logins, raw bytes."""

import asyncio
import contextlib
import json
import secrets
import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import websockets

from conference.demo.people import PASSPHRASE
from conference.demo.world import world
from tests.client import Browser, connect
from tests.server import Server, Store

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3
HELLO = '{"hello":{"protocol":1}}'


@dataclass
class House:
    """A served store with its ids, and one logged-in browser per person."""

    server: Server
    store: Store
    ids: dict[str, Any]
    world: dict[str, Any]
    browsers: dict[str, Browser]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def path(self) -> str:
        return f"/ws/conferences/{self.ids['conferences']['o1']}/"

    def person(self, name: str) -> dict[str, Any]:
        return next(dict(one) for one in self.world["people"] if one["username"] == name)

    def browser(self, name: str) -> Browser:
        if name not in self.browsers:
            self.browsers[name] = Browser(self.url).log_in(name, PASSPHRASE, self.person(name)["totp_secret"])
        return self.browsers[name]

    def again(self, name: str) -> Browser:
        """Another session of a person, opened with a backup code: each TOTP code works once."""
        code = next(iter(self.person(name)["backup_codes"]))
        return Browser(self.url).log_in(name, PASSPHRASE, code=code)

    def note(self, text: str) -> str:
        arguments = {"agenda_item": self.ids["agenda_items"]["a1"], "text": text, "category": "prc"}
        return json.dumps({"id": str(uuid4()), "do": "minutes.write", "expect": None, "with": arguments})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    made = world(datetime.now(UTC))
    for person in made["people"]:
        person["backup_codes"] = [secrets.token_hex(8)]
    made["conferences"][1]["agenda"].append(_long())
    file = folder / "world.json"
    file.write_text(json.dumps(made))
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(file))
        with store.serve() as server:
            found = House(server, store, ids, made, {})
            yield found
            for browser in found.browsers.values():
                browser.http.close()
        said = "".join(server.output)
        assert "Traceback" not in said
        assert "command.failed" not in said
        assert "pump.failed" not in said


def _long() -> dict[str, Any]:
    """A general point with more text than any client may send in one frame."""
    notes = [{"text": f"{number} " + "x" * 3900, "category": "prc"} for number in range(300)]
    return {"case": None, "title": "Veel", "minutes": 5, "notes": notes, "decisions": [], "actions": []}


# --- before accept ---------------------------------------------------------------------


def _ask(house: House, path: str, **headers: str | None) -> bytes:
    """Open a socket by hand and return all that the server answers."""
    netloc = urlsplit(house.url).netloc
    wanted: dict[str, str | None] = {
        "Host": netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
        "Origin": house.url,
    }
    wanted |= headers
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in wanted.items() if value is not None)]
    host, port = netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return b"".join(iter(lambda: raw.recv(4096), b""))


def test_every_refusal_is_403_before_accept_with_the_same_bytes(house: House) -> None:
    police, privacy = house.browser("politie").cookies(), house.browser("privacy").cookies()
    half = Browser(house.url)
    half.password("om", PASSPHRASE)
    port = urlsplit(house.url).port
    unknown = f"/ws/conferences/{uuid4()}/"
    answers = {
        "nobody": _ask(house, house.path),
        "half a session": _ask(house, house.path, Cookie=half.cookies()),
        "an invented session": _ask(house, house.path, Cookie="sessionid=" + "a" * 32),
        "not invited": _ask(house, house.path, Cookie=privacy),
        "unknown conference": _ask(house, unknown, Cookie=police),
        "nobody, unknown conference": _ask(house, unknown),
        "no conference": _ask(house, "/ws/conferences/1/", Cookie=police),
        "capitals": _ask(house, house.path.upper().replace("/WS/CONFERENCES/", "/ws/conferences/"), Cookie=police),
        "traversal": _ask(house, house.path + "../", Cookie=police),
        "no slash": _ask(house, house.path[:-1], Cookie=police),
        "other path": _ask(house, "/ws/", Cookie=police),
        "root": _ask(house, "/", Cookie=police),
        "no origin": _ask(house, house.path, Cookie=police, Origin=None),
        "null origin": _ask(house, house.path, Cookie=police, Origin="null"),
        "other origin": _ask(house, house.path, Cookie=police, Origin="http://evil.example"),
        "other scheme": _ask(house, house.path, Cookie=police, Origin=house.url.replace("http:", "https:")),
        "other port": _ask(house, house.path, Cookie=police, Origin=f"http://127.0.0.1:{(port or 0) + 1}"),
        "other host": _ask(house, house.path, Cookie=police, Host="evil.example"),
    }
    half.http.close()
    assert answers["nobody"].startswith(b"HTTP/1.1 403 ")
    assert {name for name, got in answers.items() if got != answers["nobody"]} == set()


# --- frames ------------------------------------------------------------------------------


async def _code_after(house: House, *frames: str | bytes, within: float = 10) -> int | None:
    """Send these frames on a fresh socket and return the code with which the server closes it."""
    async with connect(house.url, house.path, house.browser("kwintes").cookies()) as opened:
        for frame in frames:
            await opened.send(frame)
        with contextlib.suppress(websockets.ConnectionClosed):
            async with asyncio.timeout(within):
                while True:
                    await opened.recv()
        return opened.close_code


@pytest.mark.parametrize(
    "frames",
    [
        ["{}"],
        [b"\x00\x01"],
        ['{"seen": 1}'],
        ["{not json"],
        [HELLO, HELLO],
        [HELLO, '{"seen": 99}'],
        [HELLO, '{"seen": NaN}'],
        [HELLO, '{"seen": 1, "seen": 1}'],
        [HELLO, "[" * 50_000],
        [HELLO, json.dumps({"id": str(uuid4()), "do": "x", "with": {"text": "x" * 70_000}})],
        [HELLO, json.dumps({"id": str(uuid4()), "do": "x", "with": {"text": "\x00"}})],
        [HELLO, json.dumps({"id": str(uuid4()), "do": "x", "with": {}, "more": 1})],
        [HELLO, b"binary"],
    ],
)
async def test_malformed_and_misplaced_frames_close_with_4400(house: House, frames: list[str | bytes]) -> None:
    assert await _code_after(house, *frames) == 4400


async def test_a_command_before_hello_is_not_carried_out(house: House) -> None:
    assert await _code_after(house, house.note("voor de groet")) == 4400


async def test_more_than_twenty_commands_at_once_close_with_4429(house: House) -> None:
    unknown = [json.dumps({"id": str(uuid4()), "do": "nothing.known", "with": {}}) for _ in range(100)]
    assert await _code_after(house, HELLO, *unknown) == 4429


async def test_a_flood_of_acknowledgements_closes_with_4429(house: House) -> None:
    assert await _code_after(house, HELLO, *['{"seen":0}'] * 3000) == 4429


async def test_who_is_refused_or_cut_off_stands_in_the_log_with_the_reason(house: House) -> None:
    if house.store.database_url:
        pytest.skip("reads SQLite's file; the entry is the same on both")
    person = house.ids["people"][house.person("kwintes")["id"]]
    assert await _code_after(house, HELLO, "{not json") == 4400
    refused = _ask(house, house.path, Cookie=house.browser("privacy").cookies())
    assert refused.startswith(b"HTTP/1.1 403 ")
    with contextlib.closing(sqlite3.connect(house.store.data / "casustafel.sqlite3")) as store:
        leaves = [json.loads(leaf) for (leaf,) in store.execute("SELECT leaf FROM audit_leaf")]
    cut = [one for one in leaves if one["act"] == "socket.cut" and one["reason"] == "malformed"]
    assert {one["actor"] for one in cut} == {person}
    shut = [one for one in leaves if one["act"] == "conference.joined"]
    assert {(one["out"], one["reason"]) for one in shut} == {("deny", "not_admitted")}


async def test_an_unknown_command_is_an_answer_and_no_malformed_frame(house: House) -> None:
    async with house.browser("kwintes").room(house.ids["conferences"]["o1"]) as room:
        answer = await room.do("nothing.known")
        assert (answer["type"], answer["code"]) == ("nack", "unknown_command")


async def test_commands_of_one_socket_are_answered_in_order_and_to_that_socket_only(house: House) -> None:
    conference = house.ids["conferences"]["o1"]
    async with house.browser("politie").room(conference) as mine, house.browser("kwintes").room(conference) as other:
        sent = []
        for number in range(10):
            frame = house.note(f"regel {number}")
            sent.append(json.loads(frame)["id"])
            await mine.socket.send(frame)
        await mine.until(lambda: set(sent) <= set(mine.answers))
        answered = [json.loads(frame)["id"] for frame in mine.frames if '"type":"ack"' in frame]
        assert answered == sent
        texts = {f"regel {number}" for number in range(10)}
        await other.until(lambda: texts <= {body["text"] for body in other.objects("minutes").values()})
        assert other.answers == {}


async def test_a_snapshot_may_be_larger_than_anything_a_client_may_send(house: House) -> None:
    async with house.browser("politie").room(house.ids["conferences"]["o2"]) as room:
        assert len(room.frames[0]) > 1024 * 1024
        assert len(room.objects("minutes")) == 300


async def test_presence_names_a_person_once_however_many_tabs(house: House) -> None:
    conference = house.ids["conferences"]["o1"]
    browser = house.browser("veiligthuis")
    async with browser.room(conference) as first, browser.room(conference):
        await first.until(lambda: any(one["name"] == "V. Eilig" for one in first.people))
        assert sum(one["name"] == "V. Eilig" for one in first.people) == 1


# --- ends ------------------------------------------------------------------------------------


async def test_logout_closes_all_sockets_of_that_session_and_of_no_other(house: House) -> None:
    conference = house.ids["conferences"]["o1"]
    browser, other = house.browser("ggd"), house.again("ggd")
    async with browser.room(conference) as first, browser.room(conference) as second, other.room(conference) as stays:
        await asyncio.to_thread(browser.log_out)
        start = time.monotonic()
        await first.until(lambda: first.closed is not None)
        await second.until(lambda: second.closed is not None)
        assert (first.closed, second.closed) == (4401, 4401)
        assert time.monotonic() - start < 2
        await asyncio.sleep(1.5)
        assert stays.closed is None
    other.http.close()


async def test_a_session_has_room_for_64_sockets_and_an_end_at_128(house: House) -> None:
    browser = house.browser("leger")
    cookies = browser.cookies()
    async with contextlib.AsyncExitStack() as open_sockets:
        for _ in range(128):  # rooms that say what they have seen: who stays silent is closed after a while
            await open_sockets.enter_async_context(browser.room(house.ids["conferences"]["o1"]))
        with pytest.raises(websockets.InvalidStatus) as refused:
            await open_sockets.enter_async_context(connect(house.url, house.path, cookies))
        assert refused.value.response.status_code == 403
    await asyncio.sleep(0.5)
    async with connect(house.url, house.path, cookies) as opened:
        await opened.send(HELLO)
        assert json.loads(await opened.recv())["type"] == "snapshot"


def _raw(house: House) -> socket.socket:
    """Open a socket by hand with full rights, and leave the frames to the caller."""
    netloc = urlsplit(house.url).netloc
    host, port = netloc.split(":")
    raw = socket.create_connection((host, int(port)), timeout=20)
    lines = [
        f"GET {house.path} HTTP/1.1",
        f"Host: {netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
        f"Origin: {house.url}",
        f"Cookie: {house.browser('kwintes').cookies()}",
    ]
    raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    assert b" 101 " in raw.recv(4096)
    return raw


def _ended(raw: socket.socket) -> bool:
    """Read until the server ends the connection; False when it still stands after the timeout."""
    try:
        while raw.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


async def test_who_acknowledges_nothing_says_nothing_or_never_ends_is_closed_within_15_seconds(house: House) -> None:
    unfinished = _raw(house)
    unfinished.sendall(b"\x01\x81\0\0\0\0x")  # a first fragment, and then nothing
    start = time.monotonic()
    async with asyncio.timeout(15):
        stalled, silent, ended = await asyncio.gather(
            _code_after(house, HELLO, within=20),
            _code_after(house, within=20),
            asyncio.to_thread(_ended, unfinished),
        )
    assert (stalled, silent, ended) == (4408, 4400, True)
    assert time.monotonic() - start > 9
    unfinished.close()


@pytest.mark.parametrize("rubbish", [b"\xff" * 20, b"\x81\x05hello", b"\x83\x80\0\0\0\0", b"\x81\xff" + b"\xff" * 12])
def test_bytes_that_are_no_websocket_frame_end_the_connection(house: House, rubbish: bytes) -> None:
    with _raw(house) as raw:
        raw.sendall(rubbish)
        assert _ended(raw)


def test_a_flood_is_cut_off_and_the_others_do_not_notice(house: House) -> None:
    frame = b"\x81\x8a\0\0\0\0" + b'{"seen":0}'
    with _raw(house) as raw:
        raw.sendall(b"\x81" + bytes([0x80 | len(HELLO)]) + b"\0\0\0\0" + HELLO.encode())
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                raw.sendall(frame * 500)
        assert _ended(raw)
    assert house.browser("politie").get("/healthz").status_code == 200
