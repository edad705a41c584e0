"""The witness as a process over HTTP (C2SP tlog-witness): what it cosigns, and what it refuses."""

import base64
import http.client
import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.tree.notes import Signer
from tests.audit.verifying.making import LOG, OTHER, checkpoint, entries
from tests.audit.witness.running import Running, proof, request, running, start

SIZE = "text/x.tlog.size"
LOGGED = entries(300)
FORK = [*LOGGED[:150], b"another entry", *LOGGED[151:]]


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as made:
        yield made


def refused(witness: Running, body: bytes) -> tuple[int, str]:
    reply = witness.post(body)
    assert "—" not in reply.body
    assert "Traceback" not in reply.body
    return reply.status, reply.body.strip()


def test_it_cosigns_the_first_checkpoint_and_the_growth_after_it(witness: Running) -> None:
    before = int(time.time())
    stamps = [witness.cosigned(LOGGED[:size], old) for old, size in ((0, 1), (1, 7), (7, 256), (256, 300))]
    assert before <= stamps[0] <= stamps[-1] <= time.time()


def test_the_same_size_again_is_cosigned_anew(witness: Running) -> None:
    witness.cosigned(LOGGED, 0)
    assert witness.cosigned(LOGGED, 300) >= int(time.time()) - 1


def test_an_empty_log_may_be_cosigned(witness: Running) -> None:
    witness.cosigned([], 0)
    witness.cosigned(LOGGED, 0)


def test_who_does_not_know_the_size_is_told_it(witness: Running) -> None:
    witness.cosigned(LOGGED[:200], 0)
    for old in (0, 199, 201):
        reply = witness.post(request(LOGGED, old))
        assert (reply.status, reply.kind, reply.body) == (409, SIZE, "200\n")
    witness.cosigned(LOGGED, 200)


def test_a_log_that_went_back_is_refused(witness: Running) -> None:
    witness.cosigned(LOGGED, 0)
    for old in (0, 200):
        reply = witness.post(request(LOGGED[:200], old))
        assert (reply.status, reply.kind, reply.body) == (409, SIZE, "300\n")
    assert refused(witness, request(LOGGED[:200], 300)) == (400, "old_too_large")


def test_a_fork_of_the_same_size_is_refused(witness: Running) -> None:
    witness.cosigned(LOGGED, 0)
    reply = witness.post(request(FORK, 300))
    assert (reply.status, reply.kind, reply.body) == (409, SIZE, "300\n")
    witness.cosigned(LOGGED, 300)


def test_a_fork_that_has_grown_is_refused(witness: Running) -> None:
    witness.cosigned(LOGGED[:200], 0)
    assert refused(witness, request(FORK, 200)) == (422, "not_consistent")
    witness.cosigned(LOGGED, 200)


@pytest.mark.parametrize("damage", ["flipped", "cut", "longer", "none"])
def test_a_proof_that_does_not_hold_is_refused(witness: Running, damage: str) -> None:
    witness.cosigned(LOGGED[:200], 0)
    parts = proof(LOGGED, 200)
    parts = {
        "flipped": [bytes([parts[0][0] ^ 1]) + parts[0][1:], *parts[1:]],
        "cut": parts[:-1],
        "longer": [*parts, b"\0" * 32],
        "none": [],
    }[damage]
    lines = "\n".join(["old 200", *(base64.b64encode(part).decode() for part in parts)])
    assert refused(witness, lines.encode() + b"\n\n" + checkpoint(LOGGED)) == (422, "not_consistent")


def test_a_first_checkpoint_comes_without_proof(witness: Running) -> None:
    line = base64.b64encode(b"\0" * 32)
    assert refused(witness, b"old 0\n" + line + b"\n\n" + checkpoint(LOGGED)) == (422, "not_consistent")
    witness.cosigned(LOGGED, 0)


def test_a_checkpoint_signed_by_another_key_is_refused(witness: Running) -> None:
    assert refused(witness, request(LOGGED, 0, OTHER)) == (403, "not_signed")
    mine, other = checkpoint(LOGGED).decode(), checkpoint(FORK).decode()
    text, signature = mine.split("\n\n")[0], other.split("\n\n")[1]
    assert refused(witness, f"old 0\n\n{text}\n\n{signature}".encode()) == (403, "not_signed")
    witness.cosigned(LOGGED, 0)


def test_signatures_of_strangers_beside_the_logs_own_are_ignored(witness: Running) -> None:
    reply = witness.post(request(LOGGED, 0, Signer("somebody.example", b"s" * 32), LOG))
    assert reply.status == 200
    assert reply.body.startswith("— witness/")


def test_an_unknown_log_is_refused(witness: Running) -> None:
    stranger = Signer("elders.example/2026", LOG.seed)
    assert refused(witness, request(LOGGED, 0, stranger, origin=stranger.name)) == (404, "unknown_log")


def test_the_other_years_of_the_same_store_are_known_with_it_each_with_a_memory_of_its_own(witness: Running) -> None:
    this = datetime.now(UTC).year
    for origin in (f"casustafel/proef/{this}", "casustafel/proef/2025", f"casustafel/proef/{this}.2"):
        witness.cosigned(LOGGED, 0, origin)
    for origin in (
        f"casustafel/proef/{this + 2}",
        f"casustafel/proef/{this}.1",
        f"casustafel/proef/{this}.100",
        "casustafel/proef/26",
        f"casustafel/anders/{this}",
        f"casustafel/proef/x/{this}",
    ):
        known = Signer(origin, LOG.seed)
        assert refused(witness, request(LOGGED, 0, known, origin=origin))[0] == 404, origin
        forged = Signer("casustafel/proef/2025", OTHER.seed)
    assert refused(witness, request(LOGGED, 300, forged, origin=forged.name)) == (403, "not_signed")


def test_requests_at_once_are_judged_one_after_another(witness: Running) -> None:
    """Twenty different forks of one log: one is cosigned, and from then on that one alone."""
    forks = [[*LOGGED[:-1], f"end {number}".encode()] for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda fork: witness.post(request(fork, 0)), forks))
    assert sorted(reply.status for reply in replies) == [200, *[409] * 19]
    winner = next(fork for fork, reply in zip(forks, replies, strict=True) if reply.status == 200)
    with ThreadPoolExecutor(20) as pool:
        again = list(pool.map(lambda fork: witness.post(request(fork, 300)), forks))
    assert [reply.status for reply in again].count(200) == 1
    witness.cosigned(winner, 300)


def test_what_it_answered_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    size = 0
    for _round in range(4):
        witness = start(tmp_path)
        for grown in range(size + 1, size + 6):
            witness.cosigned(LOGGED[:grown], grown - 1)
        size += 5
        witness.kill()
    with running(tmp_path) as witness:
        assert witness.post(request(LOGGED, 0)).body == "20\n"
        assert refused(witness, request([b"another entry", *LOGGED[1:]], 20)) == (422, "not_consistent")


def test_a_kill_while_it_answers_leaves_a_memory_that_holds_every_answer(tmp_path: Path) -> None:
    key = set()
    answered = 0
    for _round in range(3):
        witness = start(tmp_path)
        key.add(witness.vkey)
        with ThreadPoolExecutor(1) as pool:
            began = threading.Event()
            asking = pool.submit(_ask_until_it_dies, witness, answered, began)
            assert began.wait(60)
            time.sleep(0.1)
            witness.kill()
            answered = asking.result()
        state = json.loads((tmp_path / "state" / "state.json").read_text())
        kept = state["logs"][LOG.name]["size"]
        assert kept >= answered
        answered = kept
    assert len(key) == 1


def _ask_until_it_dies(witness: Running, size: int, began: threading.Event) -> int:
    """Grow the log by one entry a request; the last size that was answered. `began`: something was answered."""
    while size < len(LOGGED):
        try:
            witness.cosigned(LOGGED[: size + 1], size)
        except (OSError, http.client.HTTPException):
            return size
        size += 1
        began.set()
    return size


def test_it_stops_cleanly_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    with running(tmp_path, "--name", "getuige.example/fg") as witness:
        witness.cosigned(LOGGED, 0)
        idle = socket.create_connection(witness.address)
        status, said = witness.stop()
        idle.close()
    assert status == 0
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["log_met"]
    assert witness.vkey.startswith("getuige.example/fg+")
    folder = tmp_path / "state"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "witness.key").stat().st_mode) == 0o600
    assert (folder / "witness.vkey").read_text() == f"{witness.vkey}\n"
    with running(tmp_path) as again:
        assert again.vkey == witness.vkey


def test_it_keeps_of_a_log_only_origin_size_and_root(tmp_path: Path) -> None:
    with running(tmp_path) as witness:
        witness.cosigned(LOGGED, 0)
    text = checkpoint(LOGGED).decode().splitlines()
    state = json.loads((tmp_path / "state" / "state.json").read_text())
    assert state == {"logs": {text[0]: {"size": int(text[1]), "root": text[2]}}}


def test_a_fork_is_told_on_standard_error(tmp_path: Path) -> None:
    with running(tmp_path) as witness:
        witness.cosigned(LOGGED, 0)
        witness.post(request(FORK, 300))
        _status, said = witness.stop()
    assert [json.loads(line) for line in said.splitlines()][1] == {
        "event": "root_differs",
        "origin": LOG.name,
        "size": 300,
        "cosigned": 300,
    }
