"""The officer's desk: hers alone, with a fresh code and a lawful purpose, entered each time, and without content.

Every address of it is asked: those that `refusals` names, and those that its own pages lead to.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conference.clock import AMSTERDAM
from tests.client import Browser
from tests.system.crawl import Answer, snapshot
from tests.system.refusals import ADDRESSES, Address, filled
from tests.system.stage import PASSWORD, Stage, asked_for, marks
from tests.system.test_everybody_else_is_refused import ask
from tests.world import TOTP

OFFICER = "fg"
OTHERS = ("vz", "pol", "zc", "oov", "beh")
DESK = {name: row for name, row in ADDRESSES.items() if row.path.startswith("/log/")}
PURPOSE = "purpose=internal_control"
LINK = re.compile(r'(?:href|action)="(/log/[^"#]*)')
MOST = 80  # addresses that are followed from page to page
SECRETS = (PASSWORD, TOTP, "900000015", "0600000001", "Noor Verzonnen", "Schuilpad", "acuut gevaar")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("desk") / "store") as opened:
        for name in (OFFICER, *OTHERS):
            opened.browser(name)
        yield opened


def test_to_everybody_else_the_desk_does_not_exist_and_each_try_is_entered(stage: Stage) -> None:
    for name in OTHERS:
        for title, row in DESK.items():
            before = stage.last_leaf()
            answer = ask(stage.browser(name), row, filled(row.path, stage.ids))
            assert answer.status_code == 404, (name, title)
            entries = [(leaf["out"], leaf["reason"], leaf["actor"]) for leaf in asked_for(stage.leaves(before))]
            assert entries == [("deny", "role_excluded", stage.ids["people"][name])], (name, title)


def test_without_a_purpose_no_page_of_the_desk_shows_or_enters_anything(stage: Stage) -> None:
    with stage.log_in(OFFICER) as browser:
        for title, row in DESK.items():
            before = stage.last_leaf()
            answer = ask(browser, row, filled(row.path, stage.ids))
            assert answer.status_code == 200, title
            assert "Waarvoor heb je het logboek nodig?" in answer.text, title
            assert asked_for(stage.leaves(before)) == [], title


def test_without_a_fresh_code_no_page_of_the_desk_shows_or_does_anything(stage: Stage) -> None:
    with stage.log_in(OFFICER) as browser:
        assert browser.get(f"/log/?{PURPOSE}").status_code == 200
        make_stale(stage, minutes=6)
        for title, row in DESK.items():
            if row.form:  # filling in may take its time: it is refused later
                make_stale(stage, minutes=21)
            before = stage.last_leaf()
            answer = ask(browser, row, with_purpose(row, stage))
            assert answer.status_code == 302, (title, answer.status_code)
            assert urlsplit(answer.headers["location"]).path == "/login/code/", title
            assert asked_for(stage.leaves(before)) == [], title
    make_stale(stage, minutes=0)


def make_stale(stage: Stage, minutes: int) -> None:
    """Let so many minutes have passed since the officer gave her codes."""
    person = stage.ids["people"][OFFICER]
    then = datetime.now(UTC) - timedelta(minutes=minutes)
    if not stage.store.database_url:
        person, then = person.replace("-", ""), then.replace(tzinfo=None)
    stage.change(
        f"UPDATE accounts_signin SET factor_at = '{then}', verified_at = '{then}' WHERE person_id = '{person}'"
    )


def with_purpose(row: Address, stage: Stage) -> str:
    path = filled(row.path, stage.ids)
    return path if row.form else f"{path}?{PURPOSE}"


async def test_no_page_of_the_desk_holds_content_or_a_secret_and_each_reading_is_entered(stage: Stage) -> None:
    await something_happens(stage)
    officer = stage.browser(OFFICER)
    assert officer.get(f"/log/?{PURPOSE}").status_code == 200
    assert ask(officer, DESK["review_refresh"], "/log/review/refresh/").status_code == 302
    found = dict(spider(stage, officer))
    met = {urlsplit(address).path for address in found}
    assert {filled(row.path, stage.ids) for row in DESK.values() if row.may == OFFICER} <= met
    assert [address for address, answer in found.items() if answer.status >= 500] == []
    assert {found[address].status for address in files()} == {200}
    everything = b"\n".join(answer.bytes for answer in found.values())
    assert marks(everything) == set()
    assert [secret for secret in SECRETS if secret.encode() in everything] == []


async def something_happens(stage: Stage) -> None:
    """Looks, refusals, an export and words in a meeting, so that the log has something to tell."""
    case, foreign = stage.ids["cases"]["c1"], stage.ids["cases"]["c3"]
    for name, address in (
        ("zc", f"/cases/{case}/"), ("zc", "/consent/"), ("oov", f"/cases/{case}/"), ("zc", f"/cases/{foreign}/"),
        ("vz", f"/conferences/{stage.conference}/decision-list?for=kwintes&format=csv"), ("pol", "/"),
    ):  # fmt: skip
        stage.browser(name).get(address)
    assert (await snapshot(stage.browser("pol"), stage.conference)).status == 101


def spider(stage: Stage, officer: Browser) -> Iterator[tuple[str, Answer]]:
    """Every page of the desk, from link to link; each that shows something writes that it was read."""
    waiting = [f"{filled(row.path, stage.ids)}?{PURPOSE}" for row in DESK.values() if not row.form]
    waiting += [f"/log/?{PURPOSE}&period=", *files()]
    known = set(waiting)
    for address in waiting:
        before = stage.last_leaf()
        answer = Answer.of(address, officer.get(address))
        readings = [leaf for leaf in stage.leaves(before) if leaf["origin"] == "http"]
        if answer.status == 200:
            assert readings, address
            assert {leaf["purpose"] for leaf in readings} == {PURPOSE.partition("=")[2]}, address
        assert {leaf["actor"] for leaf in readings} <= {stage.ids["people"][OFFICER]}, address
        yield address, answer
        for link in LINK.findall(" ".join(answer.texts)):
            if link not in known and len(known) < MOST and link not in FORMS and "purpose" not in link:
                known.add(link)
                waiting.append(link)


def files() -> Iterator[str]:
    """Each file that the desk gives out, of all that the log holds."""
    today = datetime.now(AMSTERDAM).date()
    for form in ("ldv", "nen7513"):
        yield f"/log/exports/file?form={form}&first={today - timedelta(days=1):%d-%m-%Y}&last={today:%d-%m-%Y}"
    yield f"/log/exports/year?year={today.year}"


FORMS = {row.path for row in DESK.values() if row.form}


def test_what_the_console_takes_out_of_the_log_holds_no_content_and_no_secret(stage: Stage, tmp_path: Path) -> None:
    stage.store.json("audit", "export", str(tmp_path / "tlog"))
    for form in ("ldv", "nen7513"):
        stage.store.json("audit", form, str(tmp_path / f"{form}.jsonl"))
    taken = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(len(one) for one in taken) > 10_000
    assert {mark for one in taken for mark in marks(one)} == set()
    assert [secret for secret in SECRETS if any(secret.encode() in one for one in taken)] == []


def test_the_log_itself_holds_codes_and_ids_only(stage: Stage) -> None:
    text = json.dumps(stage.leaves())
    assert marks(text) == set()
    assert [secret for secret in SECRETS if secret in text] == []
    assert "kanarie" not in text
