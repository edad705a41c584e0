"""One entry per subject per access: what each answer showed and what the log got for it, compared both ways.

Everybody opens every address and joins every room. What is shown stands in the log exactly once for
each subject, by who looked; what stands in the log as seen was shown; what was refused stands there as such.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import get_resolver, resolve

from agenda.asyncapi import SERVER_FRAMES
from agenda.exports import FORMATS
from audit.words import VIEWS
from conference import crypto
from tests.client import CSRF, Browser, Room
from tests.system.canaries import PROCESS, SECRET, World, build
from tests.system.crawl import FILES, Answer, exports, pages, revealed, snapshot
from tests.system.refusals import ADDRESSES
from tests.system.sightings import Eye, Leaf, differences
from tests.system.stage import Stage, asked_for
from tests.system.test_everybody_else_is_refused import patterns

# The act under which an address shows something of a case or a meeting; None: it shows nothing of any.
SHOWS: dict[str, str | None] = {
    "today": "today.viewed",
    "cases": "case.listed",
    "case": "case.viewed",
    "case_manage": "case.viewed",
    "consent_list": "register.listed",
    "consent": "register.viewed",
    "consent_start": "case.listed",
    "consent_shared": "register.viewed",
    "consent_reminders": "register.listed",
    "consent_reflection": "register.viewed",
    "consent_comensha": "register.viewed",
    "consent_comensha_form": "export.made",
    "consent_record": "export.made",
    "consent_receipt": "export.made",
    "consent_summary": "export.made",
    "conference_people": "conference.viewed",
    "decision_list": "export.previewed",
    "file": "export.made",
    "api_today": "today.viewed",
    "api_case": "case.viewed",
    "api_decision_list": "export.made",
    "socket": "conference.viewed",
}
NOTHING = {
    "set_language", "theme", "login", "login_code", "logout", "invite", "enrol", "enrol_app", "enrol_codes",
    "api_description", "covenant", "me", "me_password", "people", "new_person", "person", "case_new", "conference_new",
    "room", "api_standing", "questions", "me_cover", "person_cover", "consent_back",
    "notices", "notice_pdf", "notice_sample", "away", "consent_document",
}  # fmt: skip
# Oversight's desk tells of the log and of no case: each reading of it has one entry.
DESK = {name for name, row in ADDRESSES.items() if row.path.startswith("/log/") and not row.form}
# What is sent and not asked for: a change has an entry of its own; what is shown again has one as above.
FORMS = {name for name, row in ADDRESSES.items() if row.form}
FRAMES: dict[str, str | None] = {
    "snapshot": "conference.viewed", "change": "conference.pushed", "nack": "conference.pushed",
    "ack": None, "presence": None, "ping": None, "notice": None,
}  # fmt: skip
OK, JOINED = 200, 101
ITEM = {"category": "hlp", "kind": "feit", "basis": "Wmo", "text": "iets nieuws over @betrokkene 1"}
RECEIVERS = ("politie", "kwintes", "ggz", "comensha")


@dataclass
class Access:
    """One access: who asked what, the answer, and the entries that came with exactly this request."""

    person: dict[str, Any]
    answer: Answer
    leaves: list[Leaf]
    id: str

    @property
    def name(self) -> str:
        """The address's name; a file is one of its own."""
        parts = urlsplit(self.answer.address)
        if parts.path.startswith("/ws/"):
            return "socket"
        return "file" if "format=" in parts.query else str(resolve(parts.path).url_name)

    @property
    def party(self) -> str:
        """Whose pseudonyms stand in it: the receiver's in a list for another party."""
        asked = parse_qs(urlsplit(self.answer.address).query).get("for", [])
        return asked[0] if asked else str(self.person["party"])

    @property
    def shown(self) -> bool:
        return self.answer.status in {OK, JOINED}

    def __str__(self) -> str:
        return f"{self.person['id']} at {self.answer.address} ({self.answer.status})"


@dataclass
class Crawl:
    """A served store, and all that everybody got from it."""

    stage: Stage
    eye: Eye
    accesses: list[Access]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory, keys: crypto.KeyRing) -> Iterator[Crawl]:
    world = build()
    with Stage.open(tmp_path_factory.mktemp("access") / "store", world=lambda: world.data) as stage:
        crypto.install(crypto.KeyRing.load(stage.store.keys))
        try:
            accesses = asyncio.run(everything(stage, world))
            yield Crawl(stage, Eye(world, stage.ids, code_names(accesses)), accesses)
        finally:
            crypto.install(keys)


async def everything(stage: Stage, world: World) -> list[Access]:
    """Let one person after the other open everything, so that each entry belongs to one request."""
    made = []
    one_table = {**stage.ids, "conferences": {"o2": stage.ids["conferences"]["o2"]}}  # everybody sits there
    with stage.following() as news:
        for person in world.data["people"]:
            browser = Browser(stage.servers[0].url).log_in(person["username"], person["password"], SECRET)
            stage.browsers[person["id"], 0] = browser
            who = stage.ids["people"][person["id"]]
            news()
            # To all but the care coordinator every register is refused before anybody looks whose it is.
            subjects = "vkd" if "care_coordinator" in person["roles"] else "v"
            for address in (*pages(stage.ids, subjects=subjects), *exports(one_table, person, RECEIVERS)):
                answer = Answer.of(address, browser.get(address))
                made.append(Access(person, answer, of_people(news()), who))
            for conference in stage.ids["conferences"].values():
                answer = await snapshot(browser, conference)
                made.append(Access(person, answer, await settled(news, answer), who))
    return made


def of_people(leaves: list[Leaf]) -> list[Leaf]:
    """The entries of what somebody asked; what the program finds by itself meanwhile shows nothing to anybody."""
    asked = asked_for(leaves)
    own = [leaf for leaf in leaves if leaf not in asked]
    assert not {leaf["act"] for leaf in own} & {*SHOWS.values(), *FRAMES.values(), *VIEWS}
    return asked


async def settled(news: Callable[[], list[Leaf]], answer: Answer) -> list[Leaf]:
    """The entries of joining a room: that she came in is written beside what she saw, and may come after it."""
    leaves = of_people(news())
    for _ in range(200):
        if answer.status != JOINED or any(leaf["act"] == "conference.entered" for leaf in leaves):
            break
        await asyncio.sleep(0.01)
        leaves += of_people(news())
    return leaves


def code_names(accesses: list[Access]) -> dict[str, str]:
    """Every case's code name, as the machine's page of a case tells it to somebody."""
    heads = [one.answer.parts[1] for one in accesses if one.name == "api_case" and one.answer.status == OK]
    return {found["head"]["code_name"]: found["id"] for found in map(json.loads, heads)}


# --- nothing without a row -------------------------------------------------------------------


def test_every_address_has_its_row() -> None:
    named = {str(pattern.name) for pattern in patterns(get_resolver())}
    assert named == {*SHOWS, *NOTHING, *DESK, *FORMS} - {"file", "socket"}


def test_every_kind_of_frame_and_of_file_has_its_row() -> None:
    sent = {frame.__struct_config__.tag for frame in SERVER_FRAMES} | {"snapshot", "change"}
    assert set(FRAMES) == sent
    assert set(FORMATS) == set(FILES)


# --- both ways -------------------------------------------------------------------------------


def test_what_is_shown_stands_in_the_log_once_for_each_subject_and_nothing_else_does(crawl: Crawl) -> None:
    wrong = [f"{access}: {one}" for access in crawl.accesses if access.shown for one in compared(crawl, access)]
    assert wrong == []


def compared(crawl: Crawl, access: Access) -> Iterator[str]:
    leaves = [leaf for leaf in access.leaves if leaf["act"] != "conference.entered"]
    yield from (f"refused and shown: {leaf['act']}" for leaf in leaves if leaf["out"] != "permit")
    if access.name in DESK:
        yield from () if len(leaves) == 1 else (f"{len(leaves)} entries for one reading",)
        return
    act = SHOWS.get(access.name)
    yield from (f"an entry of another kind: {leaf['act']}" for leaf in leaves if leaf["act"] != act)
    yield from differences(crawl.eye.look(access.answer, access.party), leaves)


def test_every_entry_names_who_looked_and_none_says_nobody(crawl: Crawl) -> None:
    for access in crawl.accesses:
        for leaf in access.leaves:
            if leaf["actor"] is None:
                assert (leaf["recipients"], leaf["origin"]) == ([access.id], "socket"), (str(access), leaf)
            else:
                assert leaf["actor"] == access.id, (str(access), leaf)
                assert leaf["session"] is not None
            assert leaf["party"] == access.person["party"], (str(access), leaf)


def test_what_was_refused_stands_in_the_log_once_with_its_reason_and_shows_nothing(crawl: Crawl) -> None:
    # Oversight that asks for a finding that is not there was refused nothing.
    own = [access for access in crawl.accesses if access.name in DESK and access.person["family"] == "toezicht"]
    refused = [access for access in crawl.accesses if access.answer.status in {403, 404} and access not in own]
    assert len(refused) > 100
    for access in refused:
        assert [(leaf["out"], bool(leaf["reason"]), leaf["subject"]) for leaf in access.leaves] == [
            ("deny", True, None)
        ], str(access)
        assert revealed(access.answer.bytes) & crawl.eye.planted.keys() == set(), str(access)


def test_what_is_only_sent_elsewhere_leaves_no_entry(crawl: Crawl) -> None:
    elsewhere = [access for access in crawl.accesses if access.answer.status == 302]
    assert {access.name for access in elsewhere} == {"today"}
    assert [leaf for access in elsewhere for leaf in access.leaves] == []


def test_the_crawl_met_every_address_and_every_role(crawl: Crawl) -> None:
    met = {access.name for access in crawl.accesses if access.shown}
    assert set(SHOWS) <= met
    assert {name for name in DESK if ADDRESSES[name].may} <= met
    assert {access.person["family"] for access in crawl.accesses} == {"inhoud", "toezicht", "beheer"}
    assert {access.answer.status for access in crawl.accesses} == {101, 200, 302, 400, 403, 404}


# --- live frames -----------------------------------------------------------------------------

AT_TABLE = (f"u-{PROCESS}", "u-politie", "u-kwintes", "u-zorgcoordinator", "u-ggd_soa")


async def test_every_object_of_every_frame_has_its_reader_and_its_subjects_in_the_log(crawl: Crawl) -> None:
    stage = crawl.stage
    before = stage.last_leaf()
    async with contextlib.AsyncExitStack() as doors:
        rooms = {}
        for name in AT_TABLE:
            rooms[name] = await doors.enter_async_context(stage.browsers[name, 0].room(stage.ids["conferences"]["o2"]))
        await a_meeting(stage, rooms)
        frames = {name: [json.loads(frame) for frame in room.frames] for name, room in rooms.items()}
    shown = Counter(one for name, told in frames.items() for frame in told for one in objects(crawl.eye, name, frame))
    logged = Counter(one for leaf in stage.leaves(before) for one in entered(stage, leaf))
    met = {frame["type"] for told in frames.values() for frame in told} - {"ping"}  # which a long meeting gets
    assert met == set(FRAMES) - {"ping", "notice"}
    assert shown - logged == Counter(), "delivered and not logged"
    assert logged - shown == Counter(), "logged and not delivered"


async def a_meeting(stage: Stage, rooms: dict[str, Room]) -> None:
    """All that changes a view: words, decisions, an object to each, a release, a withdrawal, somebody sent out."""
    chair, police, guide, care = (rooms[name] for name in AT_TABLE[:4])
    case, victim, suspect = stage.ids["cases"]["c3"], stage.ids["subjects"]["c3-v"], stage.ids["subjects"]["c3-d"]
    point, people = stage.ids["agenda_items"]["o2-c3"], stage.ids["people"]

    async def done(room: Room, do: str, **more: Any) -> str:
        answer = await room.do(do, **more)
        assert answer["type"] == "ack", (do, answer)
        return str(answer["key"])

    await done(chair, "agenda_item.start", key=f"agenda_item:{point}")
    await done(
        chair, "minutes.write", agenda_item=point, text=f"gehoord: {{subject:{victim}}} en {{subject:{suspect}}}"
    )
    decision = await done(
        chair, "decision.propose", agenda_item=point, text=f"wonen van {{subject:{victim}}}", category="hlp"
    )
    await done(guide, "decision.dissent", key=decision, reason=f"te vroeg voor {{subject:{victim}}}")
    stale = await chair.do("decision.adopt", key=decision, expect="lang geleden")
    assert stale["code"] == "conflict"
    await done(chair, "decision.adopt", key=decision)
    await done(
        chair, "action.add", agenda_item=point, text=f"bel {{subject:{victim}}}", owner="politie", due="2026-12-01"
    )
    for room, category in ((police, "pol"), (care, "gez")):
        text = f"over {{subject:{victim}}} en {{subject:{suspect}}}"
        item = await done(room, "item.prepare", case=case, category=category, kind="feit", basis="x", text=text)
        await done(room, "item.release", key=item)
        await done(room, "item.withdraw", key=item)
    await done(care, "consent.withdraw", case=case, subject=victim, party="kwintes", category="gez")
    await done(chair, "door.send_out", case=case, person=people["u-politie"])
    await police.until(lambda: f"case:{case}" not in police.view)
    await done(chair, "door.admit", case=case, person=people["u-politie"])
    await police.until(lambda: f"case:{case}" in police.view)
    await asyncio.sleep(0.3)


def objects(eye: Eye, name: str, frame: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Who was shown which object about whom, in one frame."""
    put = {"snapshot": "view", "change": "put"}.get(frame["type"])
    bodies = frame[put] if put else {"decision:": frame["current"]} if frame.get("current") else {}
    for key, body in bodies.items():
        seen = eye.look(Answer("/ws/", JOINED, [json.dumps(body).encode(), key.encode()]), name.removeprefix("u-"))
        for _case, subject in seen.people or {(None, None)}:
            yield name, key.partition(":")[0], subject


def entered(stage: Stage, leaf: Leaf) -> Iterator[tuple[str, str, str | None]]:
    """The same of one entry."""
    if leaf["act"] not in {FRAMES["snapshot"], FRAMES["change"]} or leaf["out"] != "permit":
        return
    names = {found: name for name, found in stage.ids["people"].items()}
    for person in leaf["recipients"] or [leaf["actor"]]:
        for key in leaf["obj"]:
            yield names[person], key.partition(":")[0], leaf["subject"]


# --- forms -----------------------------------------------------------------------------------


def test_a_form_that_only_sends_elsewhere_shows_nothing_and_one_that_comes_back_is_entered(crawl: Crawl) -> None:
    stage = crawl.stage
    case, victim = stage.ids["cases"]["c4"], stage.ids["subjects"]["c4-v"]
    chair, care = f"u-{PROCESS}", "u-zorgcoordinator"
    register, managing = f"/cases/{case}/consent/{victim}/", f"/cases/{case}/manage/"
    line = {"party": "kwintes", "category": "hlp"}
    for name, address, page, fields, act, comes_back in (
        (care, f"/cases/{case}/items/", f"/cases/{case}/", {}, "case.viewed", True),
        (care, f"/cases/{case}/items/", f"/cases/{case}/", ITEM, "item.prepared", False),
        (chair, f"{managing}phase/", managing, {"phase": "nergens"}, "case.viewed", True),
        (chair, f"{managing}phase/", managing, {"phase": "overleg"}, "case.phase_changed", False),
        (care, register, register, {"step": "review"}, "register.viewed", True),
        (care, f"{register}withdraw/", register, line, "consent.withdrawn", False),
    ):  # fmt: skip
        browser = stage.browsers[name, 0]
        token = CSRF.search(browser.get(page).text)
        assert token
        before = stage.last_leaf()
        answer = browser.http.post(address, data={**fields, "once": str(uuid4()), "csrfmiddlewaretoken": token[1]})
        leaves = stage.leaves(before)
        assert answer.status_code == (OK if comes_back else 302), (address, fields)
        assert {(leaf["act"], leaf["out"], leaf["actor"]) for leaf in leaves} == {
            (act, "permit", stage.ids["people"][name])
        }
        if comes_back:
            seen = crawl.eye.look(Answer.of(address, answer), name.removeprefix("u-"))
            assert list(differences(seen, leaves)) == [], address
