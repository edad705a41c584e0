"""A withdrawal takes everything of the item away from who lost it: room, case, api, drafts of decisions, exports.

By the telephone page's form, by the room's command, and with all her other consent by her reference. What she
kept from before (addresses, cookies, an open socket, the link of a file) gives nothing of it any more, and the
log has who did it. And a consent that ends by the clock ends on every screen when it does, in the middle of a
meeting.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.client import Room
from tests.system.crawl import Answer
from tests.system.stage import Stage, marked_world, marks, on_postgres
from tests.world import consent

PROCESSES = 2 if on_postgres else 1
WITHIN = 2.0  # seconds in which it must be gone
HERE, THERE = 0, PROCESSES - 1
FILES = ("pdf", "csv", "json")
ENDS = datetime.fromisoformat("2026-11-24T00:00:00+01:00")
BEFORE = timedelta(seconds=60)


def world(**changes: Any) -> dict[str, Any]:
    """The marked world in which the chair, Kwintes, the ggz and the child protection board read about her health."""
    made = marked_world() | changes
    purpose = made["cases"][0]["purpose"]
    made["cases"][0]["consents"] = [
        consent(party, "gez", purpose=purpose, until="2026-11-30")
        for party in ("kwintes", "rvdk", "ggz", "zvh_procesregie")
    ]
    return made


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("withdrawn") / "store", world=world, processes=PROCESSES) as opened:
        yield opened


# --- what somebody has of one item -------------------------------------------------------------------


@dataclass
class Kept:
    """All that one person can come back to: her addresses, and what of the item stood there.

    `secrets`: the marks of the item and of the proposed decision that repeats it.
    """

    stage: Stage
    name: str
    party: str
    decision: str = ""
    secrets: set[str] = field(default_factory=set)

    @property
    def item(self) -> str:
        return f"item:{self.stage.ids['items']['i-gez']}"

    @property
    def pages(self) -> list[str]:
        """Where she reads of the case."""
        case, room = self.stage.ids["cases"]["c1"], self.stage.conference
        return [f"/cases/{case}/", f"/api/v1/cases/{case}", f"/conferences/{room}/", "/", "/api/v1/today"]

    @property
    def files(self) -> list[str]:
        """What she can take away."""
        list_ = f"conferences/{self.stage.conference}/decision-list"
        mine = [f"/{list_}?for={self.party}&format={form}" for form in FILES]
        return [*mine, f"/api/v1/{list_}?for={self.party}"]

    @property
    def preview(self) -> str:
        return f"/conferences/{self.stage.conference}/decision-list?for={self.party}"

    def shown(self, address: str) -> set[str]:
        """Which of the secrets an address gives her now; the text of a PDF counts too."""
        answer = Answer.of(address, self.stage.browser(self.name, THERE).get(address))
        assert answer.status == 200, (address, answer.status)
        return marks(answer.bytes) & self.secrets

    def seen_in(self, room: Room) -> set[str]:
        return {mark for body in room.view.values() for mark in marks(str(body))} & self.secrets

    def received(self) -> str:
        """The line of the page before an export that counts what goes into the file."""
        text = self.stage.browser(self.name, THERE).get(self.preview).text
        return next(line for line in text.splitlines() if "in het bestand" in line)


async def propose(stage: Stage, kept: Kept) -> None:
    """Let the chair propose a decision that repeats the item: a draft of the decision list."""
    async with stage.room("vz", HERE) as chair:
        text = f"besluit over de arts kanarie-{kept.name.encode().hex():0<12.12}"
        about = {"category": "gez", "about": kept.item}
        answer = await chair.do("decision.propose", agenda_item=stage.point(), text=text, **about)
        assert answer["type"] == "ack", answer
    kept.decision = answer["key"]
    item = next(one for one in stage.world["cases"][0]["items"] if one["id"] == "i-gez")
    kept.secrets = marks(text) | marks(item["text"])
    assert len(kept.secrets) == 2


def by_page(stage: Stage, kept: Kept) -> None:
    """The care coordinator's telephone page: the form beside the line."""
    page = f"/cases/{stage.ids['cases']['c1']}/consent/{stage.ids['subjects']['s1']}/"
    fields = {"party": kept.party, "category": "gez"}
    answer = stage.browser("zc", HERE).submit(f"{page}withdraw/", page=page, **fields)
    assert answer.status_code == 302, answer.text


def by_socket(stage: Stage, kept: Kept) -> None:
    """The room's own command."""

    async def act() -> None:
        async with stage.room("zc", HERE) as room:
            case, subject = stage.ids["cases"]["c1"], stage.ids["subjects"]["s1"]
            answer = await room.do("consent.withdraw", case=case, subject=subject, party=kept.party, category="gez")
            assert answer["type"] == "ack", answer

    asyncio.run(act())


def by_reference(stage: Stage, kept: Kept) -> None:
    """All that is left at once, by the reference that stands on her page."""
    page = f"/cases/{stage.ids['cases']['c1']}/consent/{stage.ids['subjects']['s1']}/"
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b", stage.browser("zc", HERE).get(page).text)
    assert found
    answer = stage.browser("zc", HERE).submit("/consent/withdraw/", page="/consent/withdraw/", reference=found[0])
    assert answer.status_code == 302, answer.text


@pytest.mark.parametrize(
    ("name", "party", "act"),
    [("kw", "kwintes", by_page), ("rvdk", "rvdk", by_socket), ("ggz", "ggz", by_reference)],
    ids=["page", "socket", "reference"],
)
async def test_a_withdrawal_leaves_nothing_of_the_item_with_who_lost_it(
    stage: Stage, name: str, party: str, act: Any
) -> None:
    kept = Kept(stage, name, party)
    await propose(stage, kept)
    async with stage.room(name, THERE) as room:
        await room.until(lambda: kept.decision in room.view)
        await asyncio.to_thread(had_everything, kept, room)
        counted = await asyncio.to_thread(kept.received)
        before = await asyncio.to_thread(stage.last_leaf)
        number = await asyncio.to_thread(newest_made, stage, kept)
        frames = len(room.frames)
        await asyncio.to_thread(act, stage, kept)
        done = time.monotonic()
        await room.until(lambda: not kept.seen_in(room), timeout=WITHIN + 3)
        assert time.monotonic() - done < WITHIN
        assert not {kept.item, kept.decision} & room.view.keys()
        await asyncio.to_thread(has_nothing, kept)
        assert await asyncio.to_thread(kept.received) != counted
        await replayed_on_the_open_socket(kept, room)
        assert not any(mark in frame for frame in room.frames[frames:] for mark in kept.secrets)
    await replayed_on_a_new_socket(kept)
    await asyncio.to_thread(is_entered, stage, kept, before)
    verdicts = await asyncio.to_thread(made_before, stage, kept)
    assert verdicts[number] == "overtaken"


def had_everything(kept: Kept, room: Room) -> None:
    """The proof can fail: she did have it, everywhere."""
    assert kept.seen_in(room) == kept.secrets
    case, api, *_rest = kept.pages
    assert kept.shown(case) == kept.shown(api) == kept.secrets
    decision = {mark for mark in kept.secrets if mark in str(room.view[kept.decision])}
    for address in kept.files:
        assert kept.shown(address) == decision, address


def has_nothing(kept: Kept) -> None:
    """The same addresses with the same cookies, one after the other."""
    for address in (*kept.pages, kept.preview, *kept.files):
        assert kept.shown(address) == set(), address


async def replayed_on_the_open_socket(kept: Kept, room: Room) -> None:
    """What names the item or the decision is answered as what does not exist."""
    for do, arguments in (
        ("decision.dissent", {"key": kept.decision, "reason": "toch niet"}),
        (
            "minutes.write",
            {"agenda_item": kept.stage.point(), "text": "nog eens", "category": "gez", "about": kept.item},
        ),
    ):
        answer = await room.do(do, **arguments)
        assert (answer["type"], answer["code"]) == ("nack", "not_found"), (do, answer)
        assert not marks(str(answer)) & kept.secrets


async def replayed_on_a_new_socket(kept: Kept) -> None:
    """The old cookie at the old address of the room: a snapshot without it, and nothing is replayed."""
    async with kept.stage.room(kept.name, THERE) as room:
        assert kept.seen_in(room) == set()
        assert not any(mark in frame for frame in room.frames for mark in kept.secrets)


def is_entered(stage: Stage, kept: Kept, before: int) -> None:
    """Who took it back, of whom, for which party and kind; and nothing of it was shown to her afterwards."""
    leaves = stage.leaves(before)
    (leaf,) = [one for one in leaves if one["act"] == "consent.withdrawn" and f"receiver={kept.party}" in one["seen"]]
    assert leaf["actor"] == stage.ids["people"]["zc"]
    assert (leaf["case"], leaf["subject"]) == (stage.ids["cases"]["c1"], stage.ids["subjects"]["s1"])
    assert any(one.startswith("gez=") for one in leaf["seen"])
    who = stage.ids["people"][kept.name]
    for one in leaves[leaves.index(leaf) :]:
        hers = one["actor"] == who or who in one["recipients"]
        assert not (hers and one["out"] == "permit" and {kept.item, kept.decision} & set(one["obj"])), one


# --- what was made before ----------------------------------------------------------------------------


def made_before(stage: Stage, kept: Kept) -> dict[str, str]:
    """Control number -> verdict, as the page tells her."""
    text = stage.browser(kept.name, THERE).get(kept.preview).text
    rows = re.findall(r'<tr data-verdict="(\w+)">(.*?)</tr>', text, re.DOTALL)
    found: dict[str, str] = {}
    for verdict, row in rows:
        (number,) = re.findall(r"\b(?:[0-9a-f]{4} ){3}[0-9a-f]{4}\b", row)
        found.setdefault(number, verdict)
    return found


def newest_made(stage: Stage, kept: Kept) -> str:
    number, verdict = next(iter(made_before(stage, kept).items()))
    assert verdict == "current"
    return number


# --- by the clock alone ------------------------------------------------------------------------------


def ending_world() -> dict[str, Any]:
    """Half a minute before midnight on the last day of Kwintes' consent."""
    made = world(clock=(ENDS - BEFORE).isoformat())
    made["cases"][0]["consents"][0]["until"] = str((ENDS - timedelta(days=1)).date())
    return made


def strikes(stage: Stage) -> float:
    """When the consent ends by the machine's clock: half a minute after the store was first served."""
    ((served,),) = stage.rows("SELECT first_served_at FROM agenda_worldclock")
    first = served if isinstance(served, datetime) else datetime.fromisoformat(served)
    return ((first if first.tzinfo else first.replace(tzinfo=UTC)) + BEFORE).timestamp()


@pytest.mark.alone
async def test_a_consent_that_ends_in_the_middle_of_a_meeting_is_gone_in_time_and_not_before(tmp_path: Path) -> None:
    with Stage.open(tmp_path / "store", world=ending_world, processes=PROCESSES) as stage:
        kept = Kept(stage, "kw", "kwintes")
        item = next(one for one in stage.world["cases"][0]["items"] if one["id"] == "i-gez")
        kept.secrets = marks(item["text"])
        ends = strikes(stage)
        async with stage.room("kw", THERE) as room, stage.room("vz", HERE) as chair:
            assert time.time() < ends, "too slow a machine for this test: the consent had ended already"
            assert kept.seen_in(room) == kept.secrets
            assert ending(chair, stage) == "expiring"
            await room.until(lambda: not kept.seen_in(room), timeout=BEFORE.total_seconds() + WITHIN + 3)
            late = time.time() - ends
            assert -0.05 <= late < WITHIN
            await chair.until(lambda: ending(chair, stage) == "expired", timeout=WITHIN)
        await asyncio.to_thread(has_nothing, kept)


def ending(room: Room, stage: Stage) -> str:
    """What the chair reads of Kwintes' consent about her health."""
    (gap,) = [
        gap
        for gap in room.view[f"case:{stage.ids['cases']['c1']}"]["consent"]
        if (gap["party"], gap["subject"]) == ("kwintes", stage.ids["subjects"]["s1"]) and "gez" in gap["categories"]
    ]
    return str(gap["state"])
