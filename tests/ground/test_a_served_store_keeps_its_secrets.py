"""The real program: started, probed, asked for hostile addresses, stopped; its whole output is searched."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Iterator

import pytest
import websockets

from tests import client
from tests.client import Browser
from tests.server import Server, Store

CANARY = "c4n4ry-Fatima"


@pytest.fixture
def served(store: Store) -> Iterator[Server]:
    """An initialised store, served with the log at its loudest."""
    store.json("init")
    with store.serve(settings={"log_level": "debug"}) as server:
        yield server


def lines(server: Server) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.output if line.startswith("{")]


async def knock(url: str) -> None:
    """Ask for sockets at addresses that lead nowhere."""
    for path in [f"/ws/conferences/{CANARY}/", f"/{CANARY}", "/ws/conferences/00000000-0000-4000-8000-000000000000/"]:
        with contextlib.suppress(websockets.WebSocketException):
            async with client.connect(url, path, f"sessionid={CANARY}"):
                raise AssertionError("a stranger was let in")


def test_nothing_that_was_asked_stands_in_the_log_and_it_stops_when_told(served: Server) -> None:
    with Browser(served.url) as browser:
        assert browser.get("/healthz").text == "yes\n"
        assert browser.get("/readyz").text == "yes\n"
        for path in [f"/{CANARY}/", f"/login/?next=/{CANARY}", f"/cases/{CANARY}/", f"/log/?person={CANARY}", "/%00"]:
            assert browser.get(path).status_code in {200, 302, 404}
        browser.http.headers["User-Agent"] = CANARY
        refused = browser.password(CANARY, f"{CANARY} is far too long to guess")
        assert refused.status_code < 500
        assert browser.http.request("BREW", f"/{CANARY}").status_code < 500
    asyncio.run(knock(served.url))
    assert served.stop() in {0, -signal.SIGTERM}
    told = "".join(served.output)
    assert CANARY not in told
    assert "127.0.0.1" not in told
    assert "Traceback" not in told
    assert len(lines(served)) == len(served.output)
    assert {"http_request", "socket_refused"} <= {str(line["event"]) for line in lines(served)}
    assert {"login", "none"} <= {str(line.get("route")) for line in lines(served)}


def test_the_server_does_not_say_what_it_is_made_of(served: Server) -> None:
    with Browser(served.url) as browser:
        for path in ["/healthz", "/login/", "/static/casustafel/theme.css", "/nothing/"]:
            headers = browser.get(path).headers
            assert "server" not in headers
            assert "x-powered-by" not in headers


def test_a_setting_that_is_not_known_stops_the_start(store: Store) -> None:
    done = store.run("serve", "--json", settings={"dta": "x"})
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "unknown_setting"
    assert "CASUSTAFEL_DTA" in done.stdout


def test_a_store_whose_key_is_gone_is_not_served_and_gets_no_new_key(store: Store) -> None:
    store.json("init")
    hidden = store.folder / "hidden"
    store.keys.rename(hidden)
    done = store.run("serve", "--json", "--port", "0")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "key_missing"
    assert not store.keys.exists() or not list(store.keys.iterdir())


def test_the_folders_of_a_store_are_its_owners_alone(store: Store) -> None:
    store.json("init")
    for folder in (store.data, store.keys):
        assert folder.stat().st_mode & 0o077 == 0, folder
