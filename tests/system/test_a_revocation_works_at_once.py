"""Whoever loses a right loses it everywhere within 2 s, and gets nothing that was committed after it.

Somebody goes on writing canaries, ten a second. Those written after the revocation was
acknowledged must be in no frame of the one it concerns. With PostgreSQL she sits at another
process than where it happens, also while the wake-ups between the processes are cut.
"""

import asyncio
import contextlib
import json
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests.client import Browser, Room
from tests.server import ROOT
from tests.system.stage import ADMINISTRATOR, PASSWORD, Stage, needs_postgres, on_postgres

PAUSE = 0.1  # seconds between two canaries
WITHIN = 2.0  # seconds in which a revocation must have worked
AFTER = 1.2  # seconds in which canaries go on; a pump's backstop lies within
SESSION_ENDED, NOT_ADMITTED = 4401, 4403
PROCESSES = 2 if on_postgres else 1
HERE, THERE = 0, PROCESSES - 1
EXPECT = re.compile(r'name="expect" value="(\d+)"')

Act = Callable[[Stage, str], None]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("revoked") / "store", processes=PROCESSES) as opened:
        yield opened


# --- the canaries -----------------------------------------------------------------------


@dataclass
class Canaries:
    """What was sent, in order; `mark()` splits it in before and after."""

    sent: list[str] = field(default_factory=list)
    at: int | None = None

    def mark(self) -> None:
        self.at = len(self.sent)

    def late(self, frames: list[str]) -> list[str]:
        """Return those sent after the mark that stand in these frames."""
        assert self.at is not None
        assert len(self.sent) > self.at + 5, "too few canaries to prove anything"
        return [one for one in self.sent[self.at :] if any(one in frame for frame in frames)]


@contextlib.asynccontextmanager
async def singing(room: Room, stage: Stage, one: "Revocation") -> AsyncIterator[Canaries]:
    """Write canaries until the block ends."""
    canaries = Canaries()
    about = {"about": f"item:{stage.ids['items'][one.about]}"} if one.about else {}

    async def sing() -> None:
        while room.closed is None:
            text = f"kanarie {uuid.uuid4().hex}"
            canaries.sent.append(text)
            await room.send(
                "minutes.write", agenda_item=stage.point(one.point), text=text, category=one.category, **about
            )
            await asyncio.sleep(PAUSE)

    task = asyncio.create_task(sing())
    try:
        yield canaries
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert not [answer for answer in room.answers.values() if answer["type"] == "nack"]


# --- what ends a session -------------------------------------------------------------------


def person_page(stage: Stage, name: str) -> str:
    return f"/people/{stage.ids['people'][name]}/"


def administrator(do: str) -> Act:
    def act(stage: Stage, name: str) -> None:
        page = person_page(stage, name)
        answer = stage.browser(ADMINISTRATOR, HERE).submit(f"{page}{do}/", page=page)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"] == page  # and not to a page that asks for a code

    act.__name__ = do
    return act


def another_role(stage: Stage, name: str) -> None:
    page = person_page(stage, name)
    browser = stage.browser(ADMINISTRATOR, HERE)
    found = EXPECT.search(browser.get(page).text)
    assert found
    one = next(person for person in stage.world["people"] if person["id"] == name)
    fields: dict[str, Any] = {key: one[key] for key in ("name", "party", "family", "screened_until", "trained_on")}
    answer = browser.submit(page, **fields, roles="focal_officer", expect=found[1])
    assert answer.status_code == 302, answer.text


def twin(stage: Stage, name: str) -> Browser:
    """The same session at the process where things happen: one cookie jar, two tabs."""
    there = stage.browser(name, THERE)
    here = Browser(stage.servers[HERE].url)
    here.http.cookies.update(there.http.cookies)
    return here


def log_out(stage: Stage, name: str) -> None:
    with twin(stage, name) as browser:
        assert browser.log_out().status_code == 302


def another_password(stage: Stage, name: str) -> None:
    new = "een heel ander lang wachtwoord"
    with twin(stage, name) as browser:
        answer = browser.submit("/me/password/", current=PASSWORD, new=new, repeated=new)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"] == "/login/"


def elsewhere_ended(stage: Stage, name: str) -> None:
    """End the session of the open room from another browser of the same person."""
    (session,) = re.findall(r"/me/sessions/([0-9a-f-]{36})/end/", stage.browser(name, THERE).get("/me/").text)
    with stage.log_in(name, HERE) as browser:
        assert browser.submit(f"/me/sessions/{session}/end/", page="/me/").status_code == 302


# --- what no page does yet: the rooms' own commands, in a process of their own ------------------


def script(stage: Stage, text: str, **names: str) -> None:
    """Run a few lines on the open store in another process; on return they are committed."""
    opening = "from conference import startup, store\nstartup.prepare()\nstore.open_here()\n"
    imports = (
        "import json, sys\nfrom uuid import UUID\nfrom django.db import transaction\n"
        "from audit.record import write_lock\nfrom conference import clock\nnames = json.loads(sys.argv[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", opening + imports + text, json.dumps(names)],
        env=stage.store.environ() | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def seat_removed(stage: Stage, name: str) -> None:
    script(
        stage,
        "from agenda.models import Seat\nfrom consent.versions import raise_version\n"
        "with write_lock(), transaction.atomic():\n"
        "    Seat.objects.filter(conference=names['conference'], person=names['person']).delete()\n"
        "    raise_version('conference:' + names['conference'])\n",
        conference=stage.conference,
        person=stage.ids["people"][name],
    )


def involvement_ended(stage: Stage, name: str) -> None:
    party = next(person["party"] for person in stage.world["people"] if person["id"] == name)
    script(
        stage,
        "from conference.cases.commands import end_involvement\nfrom conference.cases.models import Case\n"
        "with write_lock(), transaction.atomic():\n"
        "    end_involvement(Case.objects.get(id=names['case']), names['party'], at=clock.now())\n",
        case=stage.ids["cases"]["c1"],
        party=party,
    )


def covenant_superseded(stage: Stage, name: str) -> None:
    """Let a version rule from today in which this person's party reads no police data any more."""
    party = next(person["party"] for person in stage.world["people"] if person["id"] == name)
    covenant = json.loads(json.dumps(stage.world["covenant"]))
    covenant["covenant"] |= {"version": "2.0", "valid_from": stage.world["clock"][:10]}
    covenant["parties"][party]["pol"] = "-----"
    script(
        stage,
        "from conference.covenant import shelf\nshelf.adopt(names['covenant'], by=None, origin='cli')\n",
        covenant=json.dumps(covenant),
    )


def sent_out(stage: Stage, name: str) -> None:
    async def act() -> None:
        async with stage.room("nt", HERE) as room:
            answer = await room.do("door.send_out", case=stage.ids["cases"]["c1"], person=stage.ids["people"][name])
            assert answer["type"] == "ack", answer

    asyncio.run(act())


def consent_withdrawn(stage: Stage, name: str) -> None:
    """By the care coordinator's page, as she does it."""
    case, subject = stage.ids["cases"]["c1"], stage.ids["subjects"]["s1"]
    page = f"/cases/{case}/consent/{subject}/"
    answer = stage.browser("zc", HERE).submit(f"{page}withdraw/", page=page, party="kwintes", category="gez")
    assert answer.status_code == 302, answer.text


# --- the tests ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Revocation:
    """`code`: how the socket closes; None: it stays, and loses what `category` of case c1 shows."""

    victim: str
    act: Act
    code: int | None = SESSION_ENDED
    writer: str = "vz"
    category: str = "prc"
    about: str | None = None
    point: str = "a1"

    def __str__(self) -> str:
        return self.act.__name__


# In this order: what a later one needs, an earlier one leaves.
ALL = [
    Revocation("pol", log_out),
    Revocation("pol2", administrator("disable")),
    Revocation("pol", another_role),
    Revocation("rvdk", administrator("end-sessions")),
    Revocation("rvdk", elsewhere_ended),
    Revocation("ggz", another_password),
    Revocation("oov", seat_removed, NOT_ADMITTED, point="a0"),
    Revocation("kw", consent_withdrawn, None, "zc", "gez", "i-gez"),
    Revocation("zc", covenant_superseded, None, "pol", "pol"),
    Revocation("pol", sent_out, None),
    Revocation("rvdk", involvement_ended, None),
]


async def carry_out(stage: Stage, one: Revocation) -> None:
    """Let it happen in the middle of a meeting and look at every frame of the one it concerns."""
    stage.browser(ADMINISTRATOR, HERE)
    async with stage.room(one.writer, HERE) as writer, stage.room(one.victim, THERE) as victim:
        async with singing(writer, stage, one) as canaries:
            await victim.until(lambda: any(any(text in frame for frame in victim.frames) for text in canaries.sent))
            await asyncio.to_thread(one.act, stage, one.victim)
            canaries.mark()
            done = time.monotonic()
            await victim.until(lambda: gone(victim, one, canaries), timeout=WITHIN + 3)
            taken = time.monotonic() - done
            await asyncio.sleep(AFTER)
        assert taken < WITHIN
        assert canaries.late(victim.frames) == []
        assert victim.closed == one.code
    if one.code is not None:
        stage.forget(one.victim)


def gone(victim: Room, one: Revocation, canaries: Canaries) -> bool:
    if one.code is not None:
        return victim.closed is not None
    return not any(body.get("text") in canaries.sent for body in victim.view.values())


@pytest.mark.parametrize("one", ALL, ids=str)
async def test_nothing_committed_after_a_revocation_reaches_whom_it_concerns(stage: Stage, one: Revocation) -> None:
    await carry_out(stage, one)


@needs_postgres
@pytest.mark.parametrize("one", [Revocation("kw", administrator("end-sessions")), Revocation("nt", log_out)], ids=str)
async def test_it_holds_while_the_wake_ups_between_processes_are_cut(stage: Stage, one: Revocation) -> None:
    with cut_wake_ups(stage):
        await carry_out(stage, one)


@contextlib.contextmanager
def cut_wake_ups(stage: Stage) -> Iterator[None]:
    """End the connections that tell and listen, again and again, until the block ends."""
    enough = threading.Event()

    def cut() -> None:
        with psycopg.connect(stage.store.database_url, autocommit=True) as connection:
            while not enough.wait(0.05):
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN %' OR query LIKE '%pg_notify%')"
                )

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()
