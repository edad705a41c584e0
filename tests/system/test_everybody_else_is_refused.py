"""Every address and every command has somebody who must be refused, at the real server.

A new one without a row in `refusals` fails here. What is not yours is answered as what does not exist.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from agenda import protocol
from tests.client import Browser
from tests.system.refusals import ADDRESSES, COMMANDS, NOBODY, Address, elsewhere, filled
from tests.system.stage import PASSWORD, Stage

TRIES = 40  # 200 gave differences of -1 to -4 % on a busy machine
PEOPLE = ("vz", "pol", "kw", "zc", "oov", "fg", "beh")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("refused") / "store") as opened:
        for name in PEOPLE:
            opened.browser(name)
        yield opened


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def present() -> list[str]:
    return [str(pattern.name) for pattern in patterns(get_resolver())]


# --- nothing without a row ------------------------------------------------------------------


def test_every_address_has_its_row() -> None:
    assert set(present()) - set(ADDRESSES) == set()


def test_every_command_has_its_row() -> None:
    assert set(COMMANDS) == set(protocol.COMMANDS)


def test_every_address_that_is_not_for_all_names_somebody_who_is_refused_or_is_ones_own() -> None:
    own = {"today", "covenant", "me", "me_password", "me_codes", "questions"}  # of everybody who is logged in, her own
    unnamed = {name for name, row in ADDRESSES.items() if row.open_to_all is None and not row.refused}
    assert unnamed == own


# --- addresses ------------------------------------------------------------------------------


def ask(browser: Browser, row: Address, path: str) -> httpx.Response:
    if not row.form:
        return browser.get(path)
    token = browser.http.cookies.get("csrftoken", "")
    return browser.http.post(path, data={**row.fields, "csrfmiddlewaretoken": token})


def first_factor_only(stage: Stage) -> Browser:
    browser = Browser(stage.servers[0].url)
    assert browser.password("pol", PASSWORD).status_code == 302
    return browser


def stranger(stage: Stage) -> Browser:
    browser = Browser(stage.servers[0].url)
    browser.get("/login/")
    return browser


@pytest.mark.parametrize("who", [stranger, first_factor_only], ids=lambda who: who.__name__)
def test_without_both_factors_every_address_leads_to_the_login(stage: Stage, who: object) -> None:
    with who(stage) as browser:  # type: ignore[operator]  # one of the two above
        for name in present():
            row = ADDRESSES[name]
            if row.open_to_all is not None:
                continue
            paths = {filled(row.path, stage.ids), elsewhere(row.path) if "{" in row.path else row.path}
            for answer in [ask(browser, row, path) for path in paths]:
                assert refused_at_the_door(answer, row), (name, answer.status_code, answer.headers.get("location"))


def refused_at_the_door(answer: httpx.Response, row: Address) -> bool:
    if row.path.startswith("/api/"):
        return answer.status_code == 401 and answer.json()["error"] == "not_logged_in"
    return answer.status_code == 302 and urlsplit(answer.headers["location"]).path == "/login/"


def test_what_is_open_to_all_gives_a_stranger_nothing_of_anybody(stage: Stage) -> None:
    for name in present():
        row = ADDRESSES[name]
        if row.open_to_all is not None:
            with stranger(stage) as browser:
                answer = ask(browser, row, row.path)
            assert answer.status_code == row.open_to_all, name
            assert "kanarie" not in answer.text


@pytest.mark.parametrize("person", PEOPLE)
def test_to_whom_an_address_is_not_for_it_is_as_if_it_did_not_exist(stage: Stage, person: str) -> None:
    browser = stage.browser(person)
    for name in present():
        row = ADDRESSES[name]
        if person not in row.refused:
            continue
        here = ask(browser, row, filled(row.path, stage.ids))
        nowhere = ask(browser, row, elsewhere(row.path))
        assert here.status_code == nowhere.status_code == 404, (name, here.status_code, nowhere.status_code)
        assert same(here, nowhere, row), name


def same(one: httpx.Response, other: httpx.Response, row: Address) -> bool:
    """Byte for byte, headers included."""
    if row.path.startswith("/api/") and other.headers["content-type"].startswith("text/html"):
        return one.json()["error"] == "not_found"  # the other is no address of the machines at all
    return (one.headers.raw, one.content) == (other.headers.raw, other.content)


def test_for_whom_they_are_the_pages_do_exist(stage: Stage) -> None:
    for name in present():
        row = ADDRESSES[name]
        if row.may is not None:
            answer = stage.browser(row.may).get(filled(row.path, stage.ids))
            assert answer.status_code == 200, (name, answer.status_code)


def test_a_foreign_case_takes_as_long_as_none(stage: Stage, record_property: object) -> None:
    browser = stage.browser("oov")
    foreign, none = filled("/cases/{c1}/", stage.ids), elsewhere("/cases/{c1}/")
    taken: dict[str, list[float]] = {foreign: [], none: []}
    for _ in range(TRIES):
        for path, times in taken.items():
            began = time.perf_counter()
            browser.get(path)
            times.append(time.perf_counter() - began)
    first, second = (statistics.median(times) for times in taken.values())
    print(f"foreign {first * 1000:.2f} ms, none {second * 1000:.2f} ms: {(first / second - 1) * 100:+.1f} %")
    assert 0.5 < first / second < 2


# --- the socket -------------------------------------------------------------------------------


async def handshake(browser: Browser, path: str) -> bytes:
    """Ask for a socket and return every byte of the refusal."""
    place = urlsplit(browser.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = [
        f"GET {path} HTTP/1.1", f"Host: {place.netloc}", f"Origin: {browser.url}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Cookie: {browser.cookies()}", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_every_socket_that_is_not_hers_is_refused_with_the_same_bytes(stage: Stage) -> None:
    here, other, none = (f"/ws/conferences/{one}/" for one in (*stage.ids["conferences"].values(), NOBODY))
    answers = set()
    with stranger(stage) as nobody, first_factor_only(stage) as half:
        for browser, path in (
            (nobody, here), (half, here), (stage.browser("fg"), here), (stage.browser("beh"), here),
            (stage.browser("vz"), other), (stage.browser("oov"), other), (stage.browser("pol"), none),
            (stage.browser("pol"), "/ws/nothing/"),
        ):  # fmt: skip
            answers.add(await handshake(browser, path))
    (answer,) = answers
    assert answer.startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("do", COMMANDS)
async def test_each_command_is_refused_to_whom_it_is_not_for(stage: Stage, do: str) -> None:
    written = len(stage.leaves())
    for row in COMMANDS[do]:
        async with stage.room(row.who) as room:
            before = dict(room.view)
            answer = await room.do(do, **filled(row.arguments, stage.ids))
            assert answer == {"type": "nack", "id": answer["id"], "code": row.code}, (row, answer)
            await asyncio.sleep(0.05)
            assert room.view == before
    denied = [leaf for leaf in stage.leaves()[written:] if leaf["out"] == "deny"]
    assert [leaf["reason"] for leaf in denied] == [row.code for row in COMMANDS[do]]
    assert [leaf["actor"] for leaf in denied] == [stage.ids["people"][row.who] for row in COMMANDS[do]]


async def test_what_is_no_command_is_refused_by_name(stage: Stage) -> None:
    async with stage.room("vz") as room:
        answer = await room.do("item.steal", key=f"item:{NOBODY}")
    assert answer["code"] == "unknown_command"
