"""The witness by files: a request file is read, an answer file is written."""

import json
from pathlib import Path
from typing import Any

from audit.tree.notes import Note, Verifier
from tests.audit.verifying.making import LOG, OTHER, checkpoint, entries
from tests.audit.witness.running import request, run, running

LOGGED = entries(30)
FORK = [b"another entry", *LOGGED[1:]]


def answered(folder: Path, body: bytes) -> tuple[int, dict[str, Any], str | None]:
    """Exit status, what it said, and the answer file's text, if there is one."""
    asked, answer = folder / "asked", folder / "answer"
    folder.mkdir(parents=True, exist_ok=True)
    asked.write_bytes(body)
    answer.unlink(missing_ok=True)
    done = run(folder, "--json", "--request", str(asked), "--answer", str(answer))
    return done.returncode, json.loads(done.stdout), answer.read_text() if answer.exists() else None


def test_a_request_file_is_cosigned(tmp_path: Path) -> None:
    status, said, answer = answered(tmp_path, request(LOGGED, 0))
    assert (status, said["ok"], said["code"], said["size"]) == (0, True, "cosigned", 30)
    verifier = Verifier.parse((tmp_path / "state" / "witness.vkey").read_text().strip())
    assert answer is not None
    assert answer.startswith(checkpoint(LOGGED).decode())
    assert Note.parse(answer.encode()).verify(verifier)


def test_who_asks_from_an_old_size_is_told_the_right_one(tmp_path: Path) -> None:
    answered(tmp_path, request(LOGGED[:20], 0))
    status, said, answer = answered(tmp_path, request(LOGGED, 7))
    assert (status, said["ok"], said["code"], answer) == (1, False, "old_differs", "20\n")
    assert answered(tmp_path, request(LOGGED, 20))[0] == 0


def test_a_fork_is_told_to_who_stands_there_and_gets_no_answer(tmp_path: Path) -> None:
    answered(tmp_path, request(LOGGED, 0))
    status, said, answer = answered(tmp_path, request(FORK, 30))
    assert (status, said["code"], answer) == (1, "root_differs", None)
    assert said["message"].startswith("NOT COSIGNED")


def test_what_is_no_request_of_a_known_log_gets_no_answer(tmp_path: Path) -> None:
    for body, code in ((b"hello", "malformed"), (request(LOGGED, 0, OTHER), "not_signed"), (b"", "malformed")):
        status, said, answer = answered(tmp_path, body)
        assert (status, said["code"], answer) == (1, code, None)


def test_files_and_network_share_one_memory_but_not_at_once(tmp_path: Path) -> None:
    with running(tmp_path) as witness:
        witness.cosigned(LOGGED[:20], 0)
        asked = tmp_path / "asked"
        asked.write_bytes(request(LOGGED, 20))
        done = run(tmp_path, "--json", "--request", str(asked), "--answer", str(tmp_path / "answer"))
        assert (done.returncode, json.loads(done.stdout)["error"]) == (2, "witness_runs")
    assert answered(tmp_path, request(LOGGED, 20))[0] == 0
    with running(tmp_path) as witness:
        assert witness.post(request(LOGGED, 0)).body == "30\n"


def test_one_file_without_the_other_is_misuse(tmp_path: Path) -> None:
    done = run(tmp_path, "--json", "--request", "asked")
    assert (done.returncode, json.loads(done.stdout)["error"]) == (2, "misuse")
    done = run(tmp_path, "--json", "--request", str(tmp_path / "none"), "--answer", str(tmp_path / "answer"))
    assert (done.returncode, json.loads(done.stdout)["error"]) == (2, "unreadable_file")


def test_the_logs_own_name_stands_in_what_it_knows(tmp_path: Path) -> None:
    answered(tmp_path, request(LOGGED, 0))
    assert list(json.loads((tmp_path / "state" / "state.json").read_text())["logs"]) == [LOG.name]
