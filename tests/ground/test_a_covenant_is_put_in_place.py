"""`covenant adopt` with the real program: what it shows, asks and refuses; and the key that a new store tells once."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conference.covenant import example
from tests.server import ROOT, Store
from tests.world import tiny_world

KEY = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){5,}[0-9A-HJKMNP-TV-Z]{4}\b")


def covenant_file(store: Store, name: str = "covenant.yaml", **header: Any) -> str:
    """Write the example as a covenant of a region of its own, approved unless `header` says otherwise."""
    data = yaml.safe_load(example.text())
    data["covenant"] |= {"id": "eigen-regio", "version": "1.0"} | header
    file = store.folder / name
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(file)


def changed(file: str, party: str, category: str, row: str, **header: Any) -> str:
    """Write a version beside `file` in which one row differs."""
    data = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    data["covenant"] |= {"version": "2.0"} | header
    data["parties"][party][category] = row
    other = Path(file).with_name("next.yaml")
    other.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(other)


def refused(store: Store, *args: str) -> str:
    done = store.run("covenant", "adopt", *args, "--json")
    assert done.returncode == 2, done.stdout + done.stderr
    return str(json.loads(done.stdout)["error"])


@pytest.fixture
def made(store: Store) -> Store:
    store.json("init")
    return store


def test_a_new_store_has_only_a_concept_that_rules_nothing_until_a_covenant_is_adopted(made: Store) -> None:
    first = made.json("covenant", "adopt", covenant_file(made), "--yes")
    assert (first["id"], first["version"], first["active"]) == ("eigen-regio", "1.0", True)
    assert (first["not_approved"], first["changes"]) == ([], None), "nothing was in force before"


def test_the_concept_is_the_example_without_anybodys_approval() -> None:
    from conference.covenant.file import parse

    concept = parse(example.concept())
    assert (concept.approved_by, concept.approved, concept.starts) == (frozenset(), False, None)
    assert not any(party.checked for party in concept.parties.values())
    assert set(concept.parties) == set(example.covenant().parties)


def test_what_changes_is_shown_cell_by_cell_and_adopted_only_with_a_yes(made: Store) -> None:
    file = covenant_file(made)
    made.json("covenant", "adopt", file, "--yes")
    following = changed(file, "politie", "won", "--ooI")
    done = made.run("covenant", "adopt", following)
    assert done.returncode == 2
    assert "politie/won/overleg: I -> o" in done.stdout
    assert "covenant.version: 1.0 -> 2.0" in done.stdout
    assert "confirmation_missing" in done.stderr
    assert refused(made, following) == "confirmation_missing"
    answer = made.json("covenant", "adopt", following, "--yes")
    assert answer["active"] is True
    cell = {"party": "politie", "category": "won", "phase": "overleg", "old": "I", "new": "o"}
    assert answer["changes"]["cells"] == [cell]
    again = made.json("covenant", "adopt", following, "--yes")
    assert again["changes"]["same"] is True


@pytest.mark.parametrize(("typed", "status", "told"), [("j\n", 0, "It is in force now"), ("\n", 2, "not_confirmed")])
def test_at_a_terminal_it_asks_and_a_plain_enter_is_no(made: Store, typed: str, status: int, told: str) -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "conference", "covenant", "adopt", covenant_file(made)],
        env=made.environ() | {"PYTHONPATH": str(ROOT)},
        cwd=made.folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    said, _ = program.communicate(timeout=60)
    os.close(ours)
    assert "Adopt this covenant? [y/N]" in said
    assert told in said
    assert program.returncode == status


def test_one_that_not_everybody_approved_is_kept_and_rules_nothing(made: Store) -> None:
    file = covenant_file(made, approved_by=["politie", "om"])
    answer = made.json("covenant", "adopt", file, "--yes")
    assert answer["active"] is False
    assert "veilig_thuis" in answer["not_approved"]
    assert "politie" not in answer["not_approved"]
    done = made.run("covenant", "adopt", file, "--yes")
    assert "It rules nothing yet: not approved by" in done.stdout
    assert made.json("covenant", "adopt", covenant_file(made), "--yes")["active"] is True, "the same with all names"


def test_one_of_a_later_day_waits_for_its_day(made: Store) -> None:
    answer = made.json("covenant", "adopt", covenant_file(made, valid_from="2199-01-01"), "--yes")
    assert (answer["active"], answer["valid_from"]) == (False, "2199-01-01")


def test_a_party_that_was_not_checked_is_named(made: Store) -> None:
    assert "pretty_woman" in made.json("covenant", "adopt", covenant_file(made), "--yes")["not_checked"]


def test_what_cannot_be_adopted_is_refused_by_code_and_nothing_changes(made: Store) -> None:
    file = covenant_file(made)
    made.json("covenant", "adopt", file, "--yes")
    assert refused(made, changed(file, "politie", "won", "--ooI", version="1.0"), "--yes") == "version_exists"
    assert refused(made, changed(file, "comensha", "won", "IIIII"), "--yes") not in {"", "version_exists"}
    assert refused(made, str(made.folder / "nothing.yaml"), "--yes") == "file_unreadable"
    binary = made.folder / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert refused(made, str(binary), "--yes") == "not_utf8"
    assert made.json("covenant", "adopt", file, "--yes")["changes"]["same"] is True


def test_without_a_store_there_is_nowhere_to_adopt_it(store: Store) -> None:
    assert refused(store, covenant_file(store), "--yes") == "no_store"


# --- the recovery key ----------------------------------------------------------------


@pytest.fixture
def world(store: Store) -> str:
    file = store.folder / "world.json"
    file.write_text(json.dumps(tiny_world()), encoding="utf-8")
    return str(file)


def test_a_store_that_a_seed_makes_tells_its_recovery_key_once_and_apart_from_the_json(
    store: Store, world: str
) -> None:
    done = store.run("seed", world, "--json")
    assert done.returncode == 0, done.stderr
    assert "conferences" in json.loads(done.stdout)
    assert len(KEY.findall(done.stderr)) == 1
    assert not KEY.search(done.stdout)
    again = store.run("seed", world, "--json")
    assert json.loads(again.stdout)["error"] == "store_not_empty"
    assert not KEY.search(again.stderr + again.stdout)


def test_for_people_the_recovery_key_stands_in_the_answer(store: Store, world: str) -> None:
    done = store.run("seed", world)
    assert len(KEY.findall(done.stdout)) == 1
    assert not KEY.search(done.stderr)


def test_the_key_is_told_even_when_the_world_is_refused(store: Store, world: str) -> None:
    Path(world).write_text(json.dumps(tiny_world(people=[])), encoding="utf-8")
    done = store.run("seed", world, "--json")
    assert done.returncode == 2
    assert len(KEY.findall(done.stderr)) == 1, "the store is there, and so are its keys"


def test_init_tells_the_key_once_and_that_no_covenant_is_in_force(store: Store) -> None:
    done = store.run("init")
    (key,) = KEY.findall(done.stdout)
    assert "casustafel covenant adopt FILE" in done.stdout
    kept = [file for file in store.data.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]
    assert kept == [], "it stands with the keys and nowhere else"


def test_misuse_is_told_as_json_when_json_is_asked(store: Store) -> None:
    for asked in (
        ("covenant", "explain", "x", "--exception", "none"),
        ("no-such-command",),
        ("covenant", "x"),
        ("seed",),
        (),
    ):
        done = store.run(*asked, "--json")
        assert done.returncode == 2
        told = json.loads(done.stdout)
        assert set(told) == {"error", "message"}
        assert told["error"] == "misuse"
        assert "usage:" in done.stderr
