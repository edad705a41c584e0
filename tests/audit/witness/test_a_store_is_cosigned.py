"""The server's side with a real store and a real witness: asked, verified, kept, and told when it fails."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from audit.tree.notes import Note, Signer
from tests.audit.witness.running import Running, running, start
from tests.server import ROOT, Store, _maintenance

pytestmark = pytest.mark.django_db

LATE, BACK = ["error", "witness_late", ""], ["info", "witness_back", "witness_late"]
UNREACHABLE, REACHED = ["warning", "witness_failed", "witness_unreachable"], ["info", "witness_reached", ""]


def lives(store: Store, *stories: str, other: str = "") -> Any:
    """Let stories happen inside the store, in a process of their own; how the log stands afterwards."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.witness.inside", *stories],
        env=store.environ() | {"PYTHONPATH": str(ROOT), "OTHER_WITNESS": other},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def witness(store: Store, tmp_path: Path) -> Iterator[Running]:
    """A witness that knows the store's log, and the store's settings that name the witness."""
    with running(tmp_path / "witness", logs=[lives(store, "ten")["vkey"]]) as made:
        name_it(store, made)
        yield made


def name_it(store: Store, witness: Running) -> None:
    store.settings |= {"witness_url": witness.url, "witness_vkey": witness.vkey}


def moved(witness: Running, folder: Path, vkey: str) -> Running:
    """The same witness on a fresh folder: another key, no memory."""
    witness.kill()
    return start(folder, logs=[vkey])


def test_what_a_store_signs_is_cosigned_as_it_grows(store: Store, witness: Running) -> None:
    told = lives(store, "ten_are_cosigned")
    assert (told["size"], told["cosigned"], told["state"], told["said"]) == (20, [20], "ok", [])
    assert 0 <= told["age"] < 60
    told = lives(store, "ten_are_cosigned")
    assert (told["cosigned"], told["state"], told["said"]) == ([20, 30], "ok", [])


def test_an_export_carries_the_cosignature_and_the_witness_key(store: Store, witness: Running, tmp_path: Path) -> None:
    lives(store, "ten_are_cosigned")
    assert store.json("audit", "export", str(tmp_path / "export"))["size"] == 20
    assert (tmp_path / "export" / "witness.vkey").read_text() == f"{witness.vkey}\n"
    assert Note.parse((tmp_path / "export" / "checkpoint").read_bytes()).verify(witness.verifier)
    assert store.json("audit", "verify", "--export", str(tmp_path / "export"))["ok"] is True


def test_without_a_witness_nothing_is_asked_and_nothing_is_late(store: Store) -> None:
    told = lives(store, "it_never_answered_for_a_day")
    assert (told["state"], told["said"]) == ("none", [["state", "none"]])


def test_a_log_without_news_is_cosigned_anew_each_hour(store: Store, witness: Running) -> None:
    told = lives(store, "an_hour_without_news")
    assert (told["cosigned"], told["said"]) == ([13, 13], [])


def test_a_cosignature_that_got_lost_is_made_up_for(store: Store, witness: Running) -> None:
    told = lives(store, "a_lost_cosignature")
    assert (told["size"], told["cosigned"], told["state"], told["said"]) == (25, [25], "ok", [])


def test_a_witness_that_does_not_answer_is_told_once_and_late_after_a_day_until_it_is_back(
    store: Store, witness: Running
) -> None:
    told = lives(store, "a_day_passes_without_the_witness")
    assert told["said"] == [
        ["hours", "23", "ok"],
        UNREACHABLE,
        ["hours", "25", "late"],
        LATE,
        ["hours", "26", "late"],
        REACHED,
        BACK,
    ]
    assert (told["cosigned"], told["state"], told["entries"]) == ([13, 16], "ok", [])


def test_a_witness_that_never_answered_is_late_after_a_day_too(store: Store, witness: Running) -> None:
    witness.kill()
    told = lives(store, "it_never_answered_for_a_day")
    assert told["said"] == [UNREACHABLE, ["state", "never"], LATE]
    assert (told["cosigned"], told["age"]) == ([], None)


def test_an_older_copy_of_the_store_is_refused_and_the_alarm_says_so(store: Store, witness: Running) -> None:
    lives(store, "ten_are_cosigned")
    with put_back(store):
        assert lives(store, "ten_are_cosigned")["cosigned"] == [20, 30]
    told = lives(store, "only_look")
    assert told["said"] == [["error", "witness_refuses", "witness_ahead"]]
    assert (told["size"], told["cosigned"], told["state"]) == (20, [20], "refuses")
    assert told["entries"] == ["witness_ahead"]


@pytest.mark.parametrize(
    ("grown", "code"), [(1, "witness_root_differs"), (2, "witness_not_consistent")], ids=["same_size", "larger"]
)
def test_an_older_copy_that_grew_another_way_is_refused_too(
    store: Store, witness: Running, grown: int, code: str
) -> None:
    lives(store, "ten_are_cosigned")
    with put_back(store):
        lives(store, "ten_are_cosigned")
    told = lives(store, *["ten"] * grown, "only_look")
    assert told["said"] == [["error", "witness_refuses", code]]
    assert (told["cosigned"], told["state"], told["entries"]) == ([20], "refuses", [code])
    again = lives(store, "only_look")
    assert again["said"] == [["error", "witness_refuses", code]]
    assert (again["state"], again["entries"]) == ("refuses", [code])


def test_a_refusal_is_told_once_and_taken_back_when_it_ends(store: Store, witness: Running, tmp_path: Path) -> None:
    vkey = lives(store, "ten_are_cosigned")["vkey"]
    # The witness's own folder as it stands now, to be started a second time: exactly what nobody should do.
    shutil.copytree(tmp_path / "witness" / "state", tmp_path / "again" / "state")
    with put_back(store):
        lives(store, "ten_are_cosigned")
    with running(tmp_path / "again", logs=[vkey]) as again:
        told = lives(store, "it_is_refused_and_then_accepted", other=again.url)
    assert told["said"] == [
        ["error", "witness_refuses", "witness_ahead"],
        ["state", "refuses"],
        ["info", "witness_back", "witness_refuses"],
    ]
    assert (told["size"], told["cosigned"], told["state"]) == (22, [20, 22], "ok")
    assert told["entries"] == ["witness_ahead"]


def test_a_new_witness_begins_with_what_stands_there(store: Store, witness: Running, tmp_path: Path) -> None:
    told = lives(store, "ten_are_cosigned")
    other = moved(witness, tmp_path / "other", told["vkey"])
    name_it(store, other)
    try:
        told = lives(store, "only_look")
    finally:
        other.kill()
    assert (told["cosigned"], told["state"], told["said"]) == ([20], "ok", [])


@pytest.mark.parametrize("wrong", ["unknown_log", "another_key"])
def test_a_witness_that_is_set_up_wrong_is_told_by_code(
    store: Store, witness: Running, tmp_path: Path, wrong: str
) -> None:
    if wrong == "unknown_log":
        other = moved(witness, tmp_path / "other", Signer("elders.example/2026", b"e" * 32).vkey)
    else:
        other = moved(witness, tmp_path / "other", lives(store)["vkey"])
    try:
        store.settings["witness_url"] = other.url
        told = lives(store, "only_look")
    finally:
        other.kill()
    code = {"unknown_log": "witness_unknown_log", "another_key": "witness_not_its_key"}[wrong]
    assert told["said"] == [["warning", "witness_failed", code]]
    assert (told["cosigned"], told["state"], told["entries"]) == ([], "never", [])


@contextlib.contextmanager
def put_back(store: Store) -> Iterator[None]:
    """Copy the store's database, let the block go on with it, then put the copy back."""
    copy = store.folder / "copy"
    if store.database_url:
        with _copied_database(store.database_url):
            yield
        return
    shutil.copytree(store.data, copy)
    yield
    shutil.rmtree(store.data)
    copy.rename(store.data)


@contextlib.contextmanager
def _copied_database(url: str) -> Iterator[None]:
    import psycopg
    from psycopg import sql

    name = urlsplit(url).path[1:]
    copy = f"{name}_copy"

    def run(*statements: str) -> None:
        with psycopg.connect(_maintenance(url), autocommit=True) as connection:
            for statement in statements:
                connection.execute(
                    sql.SQL(statement).format(name=sql.Identifier(name), copy=sql.Identifier(copy))  # type: ignore[arg-type]
                )

    run("CREATE DATABASE {copy} TEMPLATE {name}")
    yield
    run("DROP DATABASE {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {copy}", "DROP DATABASE {copy}")


# --- served -----------------------------------------------------------------------------


def until(store: Store, holds: Any, seconds: float = 40) -> Any:
    """Ask the store how it stands until it holds."""
    ends = time.monotonic() + seconds
    told = lives(store)
    while not holds(told):
        assert time.monotonic() < ends, told
        time.sleep(1)
        told = lives(store)
    return told


def visit(url: str) -> float:
    """A login that is refused, and so an entry; the seconds that it took."""
    began = time.monotonic()
    with httpx.Client(base_url=url) as client:
        page = client.get("/login/")
        assert page.status_code == 200, page.text
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"csrfmiddlewaretoken": token, "username": "nobody", "password": "nothing at all"}
        assert client.post("/login/", data=form, headers={"Referer": url}).status_code == 200
    return time.monotonic() - began


def test_a_served_store_has_itself_cosigned(store: Store, witness: Running) -> None:
    with store.serve() as server:
        visit(server.url)
        told = until(store, lambda told: told["cosigned"] and told["cosigned"][-1] == told["size"] > 10)
        assert told["state"] == "ok"
        assert not [line for line in server.output if "witness" in line]
        server.stop()
    assert witness.stop()[0] == 0


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["silent", "dripping", "closed"])
def test_a_witness_that_hangs_disturbs_nobody(store: Store, witness: Running, kind: str) -> None:
    with hanging(kind) as url:
        store.settings["witness_url"] = url
        with store.serve() as server:
            visit(server.url)
            time.sleep(4)
            usual = median(visit(server.url) for _ in range(5))
            began = time.monotonic()
            assert server.stop() == 0
        assert usual < 2, server.output
        assert time.monotonic() - began < 8
    told = lives(store)
    assert (told["cosigned"], told["state"]) == ([], "never")
    assert told["size"] >= 16


@contextlib.contextmanager
def hanging(kind: str) -> Iterator[str]:
    """A server that takes connections and never answers, or a byte a second for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if kind == "closed":
            listener.close()
        if kind == "dripping":
            threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{port}"


def _drip(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _address = listener.accept()
            with client, contextlib.suppress(OSError):
                client.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    client.sendall(b"X")
                    time.sleep(1)


# --- by files ---------------------------------------------------------------------------


def ask(store: Store, folder: Path, *more: str) -> Any:
    return store.json("audit", "ask", str(folder / "asked"), *more)


def answer(folder: Path, vkey: str) -> int:
    """The witness's own machine: reads `asked`, writes `answer`."""
    (folder / "log.vkey").write_text(vkey)
    args = ["--state", str(folder / "state"), "--log", str(folder / "log.vkey")]
    files = ["--request", str(folder / "asked"), "--answer", str(folder / "answer")]
    return Store(folder).run("audit", "witness", *args, *files).returncode


def test_a_store_is_cosigned_by_files(store: Store, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    no_witness = store.run("audit", "ask", str(usb / "asked"), "--json")
    assert json.loads(no_witness.stdout)["error"] == "no_store"
    lives(store, "ten")
    no_witness = store.run("audit", "ask", str(usb / "asked"), "--json")
    assert (no_witness.returncode, json.loads(no_witness.stdout)["error"]) == (2, "no_witness")
    with running(usb, logs=()) as first:
        store.settings["witness_vkey"] = first.vkey
    asked = ask(store, usb)
    assert (asked["ok"], asked["size"], asked["old"]) == (True, 10, 0)
    assert answer(usb, asked["log_vkey"]) == 0
    assert store.json("audit", "cosign", str(usb / "answer"))["size"] == 10
    assert store.json("audit", "cosign", str(usb / "answer"))["size"] == 10
    told = lives(store, "ten")
    assert (told["cosigned"], told["state"], told["said"]) == ([10], "ok", [])
    assert ask(store, usb)["old"] == 10
    assert answer(usb, asked["log_vkey"]) == 0
    assert ask(store, usb, "--old", "0")["old"] == 0
    assert answer(usb, asked["log_vkey"]) == 1
    again = store.run("audit", "cosign", str(usb / "answer"), "--json")
    assert (again.returncode, json.loads(again.stdout)["code"], json.loads(again.stdout)["size"]) == (
        1,
        "ask_again",
        20,
    )
    ahead = store.run("audit", "ask", str(usb / "asked"), "--old", "21", "--json")
    assert (ahead.returncode, json.loads(ahead.stdout)["code"]) == (1, "witness_ahead")


def test_an_answer_that_is_none_is_not_taken_in(store: Store, witness: Running, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    asked = ask(store, usb)
    assert answer(usb, asked["log_vkey"]) == 0  # a witness of its own: another key
    good = (usb / "answer").read_text()
    for text, code in (
        ("", "malformed"),
        ("hello\n", "malformed"),
        (good, "witness_not_its_key"),
        (good.replace("\n10\n", "\n11\n"), "unknown_checkpoint"),
        (good.replace("casustafel/", "casustafel/x"), "malformed"),
    ):
        (usb / "answer").write_text(text)
        refused = store.run("audit", "cosign", str(usb / "answer"), "--json")
        said = json.loads(refused.stdout)
        assert refused.returncode == 2
        assert said["error"] == code or (code == "malformed" and said["error"] == "unknown_checkpoint"), text
    assert lives(store)["cosigned"] == []
    missing = store.run("audit", "cosign", str(usb / "none"), "--json")
    assert json.loads(missing.stdout)["error"] == "unreadable_file"
