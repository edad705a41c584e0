"""`casustafel audit ldv` and `nen7513`: whole files or none, entered in the log, with their check number."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.server import Store
from tests.world import tiny_world


@pytest.fixture
def seeded(store: Store, tmp_path: Path) -> Store:
    world = tmp_path / "world.json"
    world.write_text(json.dumps(tiny_world()), encoding="utf-8")
    store.json("seed", str(world))
    return store


@pytest.mark.parametrize("form", ["ldv", "nen7513"])
def test_a_file_holds_a_line_for_each_leaf_and_its_check_number_is_told(
    seeded: Store, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "out.jsonl"
    told = seeded.json("audit", form, str(file))
    body = file.read_bytes()
    assert told == {"file": str(file), "lines": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
    assert told["lines"] > 20
    assert all(json.loads(line) for line in body.splitlines())
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*.part")) == []


def test_of_a_period_only_its_days_go_out(seeded: Store, tmp_path: Path) -> None:
    past = seeded.json("audit", "ldv", str(tmp_path / "past"), "--until", "2020-01-01")
    future = seeded.json("audit", "ldv", str(tmp_path / "future"), "--from", "2090-01-01")
    assert (past["lines"], future["lines"]) == (0, 0)
    today = seeded.json("audit", "ldv", str(tmp_path / "now"), "--from", "2020-01-01", "--until", "2090-01-01")
    assert today["lines"] > 20


def test_the_register_of_the_organisation_stands_in_every_line(seeded: Store, tmp_path: Path) -> None:
    file = tmp_path / "out"
    seeded.json("audit", "nen7513", str(file), "--register", "https://register.example/v/")
    assert all(b'"EventID":"https://register.example/v/' in line for line in file.read_bytes().splitlines())


def test_that_it_was_taken_out_stands_in_the_log(seeded: Store, tmp_path: Path) -> None:
    told = seeded.json("audit", "ldv", str(tmp_path / "out"), "--until", "2090-01-01")
    seeded.json("audit", "nen7513", str(tmp_path / "later"))
    lines = [json.loads(line) for line in (tmp_path / "later").read_bytes().splitlines()]
    acts = [line["eventTypeCode"] for line in lines]
    begun, done = lines[acts.index("log.exported")], lines[acts.index("log.taken")]
    assert begun["casustafel"]["seen"] == ["form=ldv", "last=2090-01-01"]
    assert done["casustafel"]["seen"] == ["form=ldv", "last=2090-01-01", f"sha256={told['sha256']}"]
    assert begun["participantSegments"] == done["participantSegments"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("taken",), "file_exists"),
        (("no/such/folder/out",), "cannot_write"),
        (("out", "--from", "2026-02-02", "--until", "2026-02-01"), "period_backwards"),
        (("out", "--from", "gisteren"), "misuse"),
        (("out", "--from", "9999-12-31"), "misuse"),
    ],
    ids=["exists", "folder", "backwards", "no day", "no day of ours"],
)
def test_what_cannot_be_is_refused_by_code(
    seeded: Store, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    (tmp_path / "taken").write_text("van iemand", encoding="utf-8")
    file, *more = arguments
    done = seeded.run("audit", "ldv", str(tmp_path / file), *more, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout.splitlines()[0])["error"] == code
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "van iemand"
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".*.part")) == []
