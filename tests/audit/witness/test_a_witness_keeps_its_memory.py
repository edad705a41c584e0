"""The witness's folder: held by one, never begun anew by itself, and never behind what was answered."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.trouble import Refused
from audit.witness.judging import Witness
from audit.witness.known import Known
from audit.witness.memory import KEY, PUBLIC, STATE, Memory, Seen
from tests.audit.verifying.making import LOG, WITNESS, entries
from tests.audit.witness.running import request, run, running

LOGGED = entries(30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A witness's folder that remembers one log."""
    made = tmp_path / "state"
    memory = Memory.open(made)
    memory.keep(LOG.name, Seen(7, b"r" * 32))
    memory.close()
    return made


def refusal(folder: Path, name: str | None = None) -> str:
    with pytest.raises(Refused) as refused:
        Memory.open(folder, name)
    return refused.value.code


def test_what_it_kept_is_there_when_it_is_opened_again(folder: Path) -> None:
    memory = Memory.open(folder)
    assert memory.last(LOG.name) == Seen(7, b"r" * 32)
    assert memory.last("elders.example") is None
    assert memory.signer.vkey == (folder / PUBLIC).read_text().strip()


def test_two_programs_do_not_share_one_folder(tmp_path: Path) -> None:
    with running(tmp_path):
        again = run(tmp_path, "--port", "0", "--json")
    assert (again.returncode, json.loads(again.stdout)["error"]) == (2, "witness_runs")


def test_without_its_memory_it_does_not_start(folder: Path) -> None:
    (folder / STATE).unlink()
    assert refusal(folder) == "state_missing"
    assert not (folder / STATE).exists()


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        "null",
        '{"logs": []}',
        '{"logs": {"a": {}}}',
        '{"logs": {"a": {"size": -1, "root": ""}}}',
        '{"logs": {"a": {"size": true, "root": "AAAA"}}}',
        '{"logs": {"a": {"size": 1, "root": "AAAA"}}}',
        '{"logs": {"a": {"size": 1, "root": "not base64"}}}',
    ],
    ids=lambda text: f"{len(text)}-bytes",
)
def test_a_damaged_memory_stops_the_start(folder: Path, damaged: str) -> None:
    (folder / STATE).write_text(damaged)
    assert refusal(folder) == "state_unreadable"
    assert (folder / STATE).read_text() == damaged


def test_a_lost_or_damaged_key_is_not_replaced(folder: Path) -> None:
    kept = (folder / KEY).read_bytes()
    for damaged in (b"", b"PRIVATE+KEY+a+b", kept[:-4] + b"AAA\n", kept.replace(b"PRIVATE+KEY+w", b"PRIVATE+KEY+x")):
        (folder / KEY).write_bytes(damaged)
        assert refusal(folder) == "key_unreadable"
    (folder / KEY).unlink()
    assert refusal(folder) == "key_missing"


def test_a_key_that_others_may_read_is_refused(folder: Path) -> None:
    (folder / KEY).chmod(0o640)
    assert refusal(folder) == "key_exposed"


def test_a_first_start_that_was_cut_short_is_finished_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    Memory.open(folder).close()
    (folder / KEY).unlink()
    memory = Memory.open(folder, "getuige.example/opnieuw")
    assert memory.signer.name == "getuige.example/opnieuw"


def test_another_name_for_the_same_key_is_refused(folder: Path) -> None:
    assert refusal(folder, "getuige.example/anders") == "name_differs"


def test_a_name_that_no_key_may_have_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "state", "met een spatie") == "bad_name"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refusal(tmp_path / "file" / "state") == "folder_unusable"


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_what_cannot_be_written_is_not_cosigned(folder: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    (folder / STATE).write_text('{"logs": {}}')
    memory = Memory.open(folder)
    judge = Witness(memory, Known.parse(LOG.vkey))
    with monkeypatch.context() as broken:
        broken.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[at], full)
        answer = judge.add(request(LOGGED, 0))
    assert (answer.status, answer.code, answer.body) == (500, "cannot_remember", "cannot_remember\n")
    assert memory.last(LOG.name) is None
    assert judge.add(request(LOGGED, 0)).code == "cosigned"


def test_it_is_synced_before_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File, then name, then folder: in this order, each before the cosignature is made."""
    steps: list[str] = []

    def told(step: str, then: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any) -> Any:
            steps.append(step)
            return then(*args)

        return called

    memory = Memory.open(tmp_path / "state")
    judge = Witness(memory, Known.parse(LOG.vkey), clock=told("signed", lambda: 1.0))
    monkeypatch.setattr(os, "fsync", told("synced", os.fsync))
    monkeypatch.setattr(Path, "replace", told("renamed", Path.replace))
    assert judge.add(request(LOGGED, 0)).code == "cosigned"
    assert steps == ["synced", "renamed", "synced", "signed"]


def test_only_public_keys_of_logs_are_taken_for_logs(tmp_path: Path) -> None:
    for vkey in ("", "no key", WITNESS.vkey, LOG.vkey[:-1]):
        refused = run(tmp_path, "--json", logs=[vkey])
        assert (refused.returncode, json.loads(refused.stdout)["error"]) == (2, "bad_key")
    missing = run(tmp_path, "--json", "--log", str(tmp_path / "none.vkey"))
    assert json.loads(missing.stdout)["error"] == "unreadable_file"


@pytest.mark.parametrize("where", [["--host", "203.0.113.1"], ["--port", "99999"], ["--host", "no such host"]], ids=str)
def test_an_address_that_is_none_is_refused(tmp_path: Path, where: list[str]) -> None:
    refused = run(tmp_path, "--json", "--port", "0", *where)
    assert (refused.returncode, json.loads(refused.stdout)["error"]) == (2, "address_in_use")
    assert "Traceback" not in refused.stderr
