"""Two server processes on one PostgreSQL: what one commits the other shows, and everybody is present once."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from conference.demo.people import PASSPHRASE
from conference.demo.world import world
from tests.client import Browser
from tests.server import Server, Store

pytestmark = pytest.mark.skipif(
    not os.environ.get("CASUSTAFEL_DATABASE_URL"), reason="several processes need PostgreSQL; SQLite has one"
)

Pair = tuple[Browser, Browser, dict[str, Any]]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The police at one process and Kwintes at the other, with the ids of their world."""
    folder = tmp_path_factory.mktemp("pair")
    made = world(datetime.now(UTC))
    file = folder / "world.json"
    file.write_text(json.dumps(made))
    secrets = {person["username"]: person["totp_secret"] for person in made["people"]}
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(file))
        with store.serve() as one, store.serve() as other:
            first = _browser(one, "politie", secrets)
            second = _browser(other, "kwintes", secrets)
            yield first, second, ids
            first.http.close()
            second.http.close()


def _browser(server: Server, name: str, secrets: dict[str, str]) -> Browser:
    return Browser(server.url).log_in(name, PASSPHRASE, secrets[name])


async def test_what_one_process_commits_the_other_shows_before_its_backstop_would(pair: Pair) -> None:
    here, there, ids = pair
    conference, point = ids["conferences"]["o1"], ids["agenda_items"]["a1"]
    async with here.room(conference) as police, there.room(conference) as kwintes:
        taken = []
        for number in range(10):
            answer = await police.do("minutes.write", agenda_item=point, text=f"regel {number}", category="prc")
            start = time.monotonic()
            await kwintes.until(lambda wanted=answer["key"]: wanted in kwintes.view)  # type: ignore[misc]
            taken.append(time.monotonic() - start)
    # Without a wake-up each would take half a second on average.
    assert sorted(taken)[len(taken) // 2] < 0.3


async def test_people_of_both_processes_stand_in_one_list(pair: Pair) -> None:
    here, there, ids = pair
    conference = ids["conferences"]["o1"]
    async with here.room(conference) as police:
        async with there.room(conference) as kwintes:
            both = {"A. Gent", "B. Egeleider"}
            await police.until(lambda: {one["name"] for one in police.people} == both, timeout=15)
            await kwintes.until(lambda: {one["name"] for one in kwintes.people} == both, timeout=15)
        await police.until(lambda: {one["name"] for one in police.people} == {"A. Gent"}, timeout=15)
