"""The log cannot be written: no byte of case content leaves, people read why, and it heals by itself."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.client import Room, connect
from tests.system import outage
from tests.system.stage import Stage, marks, needs_postgres, on_postgres

WITHOUT_CONTENT = (
    ("fg", "/log/?purpose=security"),
    ("beh", "/people/"),
    ("vz", "/covenant/"),
    ("vz", "/me/"),
    ("vz", "/nergens/"),
)
PATIENT = 8.0  # seconds in which a page or a command must be answered, whatever the trouble
SENTENCE = "Daarom tonen we niets en veranderen we niets."
CASUISTS = ("vz", "zc")
PEOPLE = (*CASUISTS, "pol", "kw", "fg", "beh")


def content_pages(stage: Stage) -> list[str]:
    """Every address that shows case content, or gives it out."""
    case, subject = stage.ids["cases"]["c1"], stage.ids["subjects"]["s1"]
    room = f"/conferences/{stage.conference}/"
    files = [f"{room}decision-list?for=politie&format={form}" for form in ("pdf", "csv", "json")]
    return [
        "/", "/cases/", f"/cases/{case}/", "/consent/", f"/cases/{case}/consent/{subject}/", f"{room}decision-list",
        *files, "/api/v1/today", f"/api/v1/cases/{case}", f"/api/v1{room}decision-list?for=politie",
    ]  # fmt: skip


@dataclass
class Received:
    """Everything that anybody got while the log could not be written."""

    stage: Stage
    data: list[bytes] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def get(self, name: str, path: str) -> tuple[int, str]:
        began = time.monotonic()
        answer = self.stage.browser(name).get(path)
        if time.monotonic() - began > PATIENT:
            self.slow.append(path)
        self.data += [answer.content, *(value for _name, value in answer.headers.raw)]
        return answer.status_code, answer.text

    @property
    def marks(self) -> set[str]:
        return {mark for part in self.data for mark in marks(part)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("log") / "store") as opened:
        for name in PEOPLE:
            opened.browser(name)
        yield opened


@pytest.mark.parametrize(
    "trouble",
    # Alone: each page waits as long as it may, several at a time, and the time is looked at.
    [pytest.param(outage.lock_held, marks=pytest.mark.alone), outage.table_gone, outage.table_refuses],
)
async def test_while_the_log_refuses_nothing_leaves_and_afterwards_all_is_well(
    stage: Stage, trouble: outage.Trouble
) -> None:
    await nothing_leaves(stage, trouble)


@needs_postgres
async def test_when_the_database_drops_every_connection_all_heals_by_itself(stage: Stage) -> None:
    async with stage.room("vz") as chair, stage.room("pol") as police:
        stage.change("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                     " AND datname = current_database()")  # fmt: skip
        answers = [await chair.do("minutes.write", agenda_item=stage.point(), text="weer") for _ in range(12)]
        assert answers[-1]["type"] == "ack"
        assert {one["code"] for one in answers if one["type"] == "nack"} <= {"log_unavailable"}
        await police.until(lambda: answers[-1]["key"] in police.view)
    pages = [stage.browser("vz").get(path).status_code for path in content_pages(stage)[:3] * 2]
    assert pages[-3:] == [200, 200, 200]


@pytest.mark.skipif(on_postgres, reason="the disk of the data folder is SQLite's; PostgreSQL has its own")
async def test_on_a_full_disk_nothing_leaves_and_afterwards_all_is_well(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with outage.small_disk(folder / "data") as impossible:
        if impossible:
            pytest.skip(impossible)
        with Stage.open(folder) as small:
            for name in PEOPLE:
                small.browser(name)
            await nothing_leaves(small, outage.disk_full)


async def nothing_leaves(stage: Stage, trouble: outage.Trouble) -> None:
    """Hold a meeting, take the log away, ask for everything, give the log back, hold the meeting on."""
    received = Received(stage)
    async with stage.room("vz") as chair, stage.room("pol") as police, silent(stage, "kw") as kwintes:
        before = await chair.do("minutes.write", agenda_item=stage.point(), text="kanarie-0000000000aa")
        await police.until(lambda: before["key"] in police.view)
        sizes = [(room, len(room.frames)) for room in (chair, police)]
        command = str(uuid.uuid4())
        with trouble(stage):
            began = time.monotonic()
            refused = await chair.do("minutes.write", id=command, agenda_item=stage.point(), text="tijdens")
            assert (refused["type"], refused["code"]) == ("nack", "log_unavailable")
            assert time.monotonic() - began < PATIENT
            with contextlib.suppress(TimeoutError):
                await kwintes.hello(timeout=4)
            await asyncio.to_thread(ask_everything, stage, received)
            await asyncio.sleep(1)
            during = [frame for room, size in sizes for frame in room.frames[size:]] + kwintes.frames
            received.data += [frame.encode() for frame in during]
        assert received.marks == set()
        assert received.slow == []
        assert not any('"type":"snapshot"' in frame or '"type":"change"' in frame for frame in during)
        assert kwintes.notices == police.notices == ["log_unavailable"]
        # The hello that came during the trouble is answered now, without another word from the client.
        await kwintes.until(lambda: kwintes.snapshots == 1, timeout=6)
        assert any(marks(frame) for frame in kwintes.frames)
        await all_is_well(stage, chair, police, command)


def ask_everything(stage: Stage, received: Received) -> None:
    """All pages of all people, several at a time: each may wait for the log as long as it may."""
    asked = [(name, path) for name in CASUISTS for path in content_pages(stage)]
    with ThreadPoolExecutor(8) as several:
        for (name, path), (status, text) in zip(asked, several.map(lambda one: received.get(*one), asked), strict=True):
            assert status == 503, (name, path, status)
            assert ('"log_unavailable"' if path.startswith("/api/") else SENTENCE) in text
    for name, path in WITHOUT_CONTENT:
        status, _text = received.get(name, path)
        # The log's own page included: what cannot be written may not be there to be read either.
        assert status in {200, 404, 503}, (name, path, status)
        assert name != "fg" or status == 503, path


@contextlib.asynccontextmanager
async def silent(stage: Stage, name: str) -> AsyncIterator[Room]:
    """Open a socket that has not said hello yet."""
    browser = stage.browser(name)
    async with connect(browser.url, f"/ws/conferences/{stage.conference}/", browser.cookies()) as socket:
        room = Room(socket)
        reader = asyncio.create_task(room.read())
        yield room
        reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reader


async def all_is_well(stage: Stage, chair: Room, police: Room, command: str) -> None:
    """Nothing was restarted: pages open again, and the refused command counts when it is sent again."""
    for path in content_pages(stage)[:3]:
        answer = await asyncio.to_thread(stage.browser("vz").get, path)
        assert answer.status_code == 200, path
    assert marks((await asyncio.to_thread(stage.browser("vz").get, content_pages(stage)[2])).content)
    del chair.answers[command]
    again = await chair.do("minutes.write", id=command, agenda_item=stage.point(), text="tijdens")
    assert again["type"] == "ack"
    await police.until(lambda: again["key"] in police.view, timeout=5)
    async with stage.room("pol") as fresh:
        assert fresh.view == police.view
    assert stage.browser("vz").get("/readyz").status_code == 200
