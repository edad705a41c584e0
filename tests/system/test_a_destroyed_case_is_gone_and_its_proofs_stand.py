"""A case's key and the map of its people are taken out of the vault: it is gone everywhere, and the log still proves.

Who looked stays readable, at whom does not. Nobody's page fails for it, while the server runs on.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conference.crypto import KeyRing
from tests.client import Browser
from tests.system.crawl import Answer, snapshot
from tests.system.refusals import ADDRESSES, filled
from tests.system.sightings import CAPITALS, PSEUDONYM
from tests.system.stage import Stage, marks

GONE = "een casus die niet meer bestaat"
COHORT = "2031-11"
PEOPLE = ("vz", "pol", "kw", "zc", "fg", "beh")
FILES = "/conferences/{o1}/decision-list?for=kwintes&format="


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("destroyed") / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody keeps an export of the log, with its checkpoint."""
    return tmp_path_factory.mktemp("kept") / "log"


def marks_of(value: Any, case: str) -> set[str]:
    """The marks of everything that belongs to a case, wherever it stands in the world."""
    if isinstance(value, list):
        return {mark for one in value for mark in marks_of(one, case)}
    if not isinstance(value, dict):
        return set()
    if case in (value.get("id"), value.get("case")):
        return marks(repr(value))
    return {mark for one in value.values() for mark in marks_of(one, case)}


async def everything(stage: Stage) -> dict[tuple[str, str], Answer]:
    """Every page, file and room, as everybody gets it; nothing may fail."""
    found = {}
    files = [filled(f"{FILES}{form}", stage.ids) for form in ("pdf", "csv", "json")]
    addresses = [filled(row.path, stage.ids) for row in ADDRESSES.values() if not row.form and row.open_to_all is None]
    for name in PEOPLE:
        browser = stage.browser(name)
        for address in (*addresses, *files, "/log/?purpose=court&period="):
            found[name, address] = Answer.of(address, browser.get(address))
        for conference in stage.ids["conferences"].values():
            joined = await snapshot(browser, conference)
            found[name, joined.address] = joined
    failed = {place: answer.status for place, answer in found.items() if answer.status >= 500}
    assert failed == {}
    return found


def marked(found: dict[tuple[str, str], Answer], wanted: set[str]) -> set[str]:
    return {mark for answer in found.values() for mark in marks(answer.bytes)} & wanted


def code_name(stage: Stage, case: str) -> str:
    return str(stage.browser("zc").get(f"/api/v1/cases/{stage.ids['cases'][case]}").json()["head"]["code_name"])


def pseudonyms(found: dict[tuple[str, str], Answer]) -> set[str]:
    made = {one for answer in found.values() for text in answer.texts for one in PSEUDONYM.findall(text)}
    return {one for one in made if not re.match(r"20[0-9]{2}-", one)}  # those are months


def log_page(browser: Browser) -> str:
    """The log of all time, all its pages."""
    pages, address = "", "/log/?purpose=court&period="
    while address:
        text = browser.get(address).text
        pages += text
        older = re.search(r'href="(/log/\?[^"]*before=[0-9][^"]*)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    return pages


def proven(stage: Stage, kept: Path) -> int:
    """The log proves itself, and goes on from the checkpoint that was kept earlier; return its size."""
    older = ["--checkpoint", str(kept / "checkpoint")] if kept.exists() else []
    verdict = stage.store.json("audit", "verify", *older)
    assert (verdict["ok"], verdict["first_bad"]) == (True, None), verdict
    shutil.rmtree(kept, ignore_errors=True)
    stage.store.json("audit", "export", str(kept))
    assert stage.store.json("audit", "verify", "--export", str(kept))["ok"]
    return int(verdict["size"])


async def test_a_destroyed_case_is_gone_everywhere_and_who_looked_stays(stage: Stage, kept: Path) -> None:
    name, other, its_marks = code_name(stage, "c1"), code_name(stage, "c2"), marks_of(stage.world, "c1")
    case, victim = stage.ids["cases"]["c1"].replace("-", ""), stage.ids["subjects"]["s1"]
    before = await everything(stage)
    assert marked(before, its_marks)
    named = pseudonyms({place: answer for place, answer in before.items() if stage.ids["cases"]["c1"] in place[1]})
    assert named
    looks = [leaf for leaf in stage.leaves() if leaf["subject"] == victim and leaf["out"] == "permit"]
    whole = stage.last_leaf()
    size = proven(stage, kept)

    quoted = stage.ids["cases"]["c1"] if stage.store.database_url else case
    for table, column in (("vault_datakey", "scope"), ("vault_identitypart", '"case"')):
        stage.change(f"DELETE FROM {table} WHERE {column} = '{quoted}'")
    stage.servers[0].stop()
    stage.restart()
    stage.forget_all()
    after = await everything(stage)

    assert marked(after, its_marks) == set()
    assert not any(name in CAPITALS.findall(text) for answer in after.values() for text in answer.texts)
    assert pseudonyms(after) & named == set()
    assert any(other in text for answer in after.values() for text in answer.texts), "another case is there as before"
    for person in ("vz", "zc", "pol"):
        assert after[person, f"/cases/{stage.ids['cases']['c1']}/"].status == 404
    log = log_page(stage.browser("fg"))
    assert GONE in log
    assert name not in CAPITALS.findall(log)
    assert "Z. Org" in log
    assert [leaf for leaf in stage.leaves()[:whole] if leaf["subject"] == victim and leaf["out"] == "permit"] == looks
    assert proven(stage, kept) > size
    assert stage.browser("fg").get(f"/log/overview/{victim}/?purpose=court").status_code == 404


async def test_a_destroyed_month_takes_all_its_cases_with_it_while_the_server_runs(stage: Stage, kept: Path) -> None:
    assert marked(await everything(stage), marks(repr(stage.world)))
    async with stage.room("vz") as room:
        assert room.objects("case")
        KeyRing.load(stage.store.keys).destroy_cohort(COHORT)
        await room.until(lambda: not room.objects("case"), timeout=10)
        assert marks(json.dumps(room.view)) == set(), "what stood on an open screen went with it"
    after = await everything(stage)
    everywhere = marks(repr(stage.world["cases"])) | marks(repr(stage.world["conferences"]))
    assert marked(after, everywhere) == set()
    told = log_page(stage.browser("fg"))
    assert GONE in told
    assert not re.search("betrokkene [0-9]", told)
    proven(stage, kept)
