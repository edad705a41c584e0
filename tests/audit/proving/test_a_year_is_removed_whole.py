"""A closed log goes whole, five years after its close; its last checkpoint stays, and nothing else goes."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from audit.verifying import verify_export
from conference.clock import AMSTERDAM
from tests.audit.proving.living import consoled, lives
from tests.server import Store

pytestmark = pytest.mark.django_db

VERIFY = ["verify", "--json"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the logs of two old years, of one that closed lately, and of this one."""
    with Store.make(tmp_path_factory.mktemp("store")) as made:
        lives(made, "years", "2018", "2019", "2025")
        lives(made, "grow", "40")
        yield made


def told(answer: tuple[int, str]) -> tuple[int, dict[str, object]]:
    return answer[0], json.loads(answer[1].splitlines()[0])


def code(answer: tuple[int, str]) -> tuple[int, object]:
    return answer[0], told(answer)[1].get("error")


def test_a_year_that_is_gone_is_proven_by_its_last_checkpoint(store: Store, tmp_path: Path) -> None:
    export = str(tmp_path / "export")
    checkpoint = str(tmp_path / "export" / "checkpoint")
    before = lives(store, "rows")
    answers = consoled(
        store,
        ["export", export, "--year", "2018"],
        ["remove", "2018", "--json"],  # nobody agreed
        ["remove", "2018", "--yes", "--json"],
        VERIFY,
        [*VERIFY, "--year", "2018"],
        ["verify", "--year", "2018"],
        [*VERIFY, "--checkpoint", checkpoint],
        ["verify", "--json", "--export", export, "--checkpoint", checkpoint],
        ["export", f"{export}-2", "--year", "2018", "--json"],
        ["prove", "3", "--year", "2018", "--json"],
        ["remove", "2018", "--yes", "--json"],
    )
    assert code(answers[1]) == (2, "confirmation_missing")
    assert told(answers[2]) == (0, {"ok": True, "year": 2018, "removed": 300})
    assert [status for status, _said in answers[3:8]] == [0, 0, 0, 0, 0]
    assert told(answers[4])[1]["size"] == 300
    assert "was removed; its last checkpoint, over 300 entries, holds" in answers[5][1]
    assert code(answers[8]) == code(answers[9]) == code(answers[10]) == (2, "log_removed")
    assert verify_export(tmp_path / "export").ok, "who has an export keeps it, and it still proves itself"
    after = lives(store, "rows")
    assert after["2018"] == {"leaves": 0, "tiles": 0, "checkpoints": 1, "bundles": 0, "found": 0, "tally": 0}
    assert after["2019"] == before["2019"]
    assert after["2025"] == before["2025"]
    assert after["acts"] == {"log.removed": ["2018"]}
    assert after["guarded"], "the guards are set again"
    lives(store, "grow", "5")
    assert consoled(store, VERIFY)[0][0] == 0, "the log goes on"


def test_a_damaged_last_checkpoint_of_a_removed_year_is_found(store: Store) -> None:
    answers = consoled(store, ["remove", "2019", "--yes"], VERIFY)
    assert [status for status, _said in answers] == [0, 0]
    lives(store, "change_the_last_checkpoint", "2019")
    status, said = told(consoled(store, VERIFY)[0])
    assert (status, said["ok"], said["first_bad"]) == (1, False, 0)


def test_nothing_goes_before_its_time_or_while_it_grows(store: Store) -> None:
    before = lives(store, "rows")
    answers = consoled(
        store,
        ["remove", "2025", "--yes", "--json"],
        ["remove", str(datetime.now(AMSTERDAM).year), "--yes", "--json"],
        ["remove", "2017", "--yes", "--json"],
    )
    assert [code(one) for one in answers] == [(2, "too_early"), (2, "log_open"), (2, "no_such_log")]
    assert "2031-01-01" in str(told(answers[0])[1]["message"])
    assert lives(store, "rows")["2025"] == before["2025"]


def test_a_year_that_is_not_whole_is_not_removed(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        lives(store, "years", "2018")
        lives(store, "grow", "3")
        lives(store, "lose_an_entry", "2018")
        before = lives(store, "rows")
        assert code(consoled(store, ["remove", "2018", "--yes", "--json"])[0]) == (2, "log_damaged")
        assert lives(store, "rows") == before
