"""Whatever is sent to a witness: an answer with a code or a closed connection, and the next client is served."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.witness.judging import Witness
from audit.witness.known import Known
from audit.witness.listening import MOST_CLIENTS
from audit.witness.memory import Memory
from audit.witness.request import LARGEST
from tests.audit.verifying.making import LOG, checkpoint, entries
from tests.audit.witness.running import Running, request, running

LOGGED = entries(40)
GOOD = request(LOGGED, 0)
NOTE = checkpoint(LOGGED)
LINE = b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("witness")) as made:
        yield made
        status, said = made.stop()
        assert (status, "Traceback" in said) == (0, False)


@contextlib.contextmanager
def connected(witness: Running) -> Iterator[socket.socket]:
    with socket.create_connection(witness.address, timeout=20) as client:
        yield client


def said(witness: Running, raw: bytes) -> bytes:
    """What comes back for raw bytes until the witness closes, or until it waits for more."""
    with connected(witness) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        parts = []
        with contextlib.suppress(ConnectionError):
            while part := client.recv(65536):
                parts.append(part)
        return b"".join(parts)


MALFORMED = {
    "nothing": b"",
    "no_blank_line": b"old 0\n" + NOTE.replace(b"\n\n", b"\n"),
    "no_checkpoint": b"old 0\n\n",
    "no_old": b"\n" + NOTE,
    "old_with_zero": b"old 00\n\n" + NOTE,
    "old_negative": b"old -1\n\n" + NOTE,
    "old_signed": b"old +1\n\n" + NOTE,
    "old_in_capitals": b"OLD 0\n\n" + NOTE,
    "old_of_many_digits": b"old " + b"9" * 5000 + b"\n\n" + NOTE,
    "old_in_other_digits": "old ٣\n\n".encode() + NOTE,
    "two_spaces": b"old  0\n\n" + NOTE,
    "carriage_return": b"old 0\r\n\r\n" + NOTE,
    "proof_of_another_length": b"old 1\nAAAA\n\n" + NOTE,
    "proof_without_padding": b"old 1\n" + LINE[:-1] + b"\n\n" + NOTE,
    "proof_with_loose_bits": b"old 1\n" + LINE[:-2] + b"J=\n\n" + NOTE,
    "proof_with_a_space": b"old 1\n " + LINE + b"\n\n" + NOTE,
    "proof_of_64_lines": b"old 1\n" + (LINE + b"\n") * 64 + b"\n" + NOTE,
    "no_signature": b"old 0\n\n" + NOTE.split(b"\n\n")[0] + b"\n\n",
    "no_last_newline": b"old 0\n\n" + NOTE[:-1],
    "extension_line": b"old 0\n\n" + NOTE.replace(b"\n\n", b"\nextension\n\n"),
    "no_utf8": b"old 0\n\n" + NOTE.replace(b"casustafel", b"casu\xffafel"),
    "control_character": b"old 0\n\n" + NOTE.replace(b"casustafel", b"casu\x00afel"),
    "size_with_zero": b"old 0\n\n" + NOTE.replace(b"\n40\n", b"\n040\n"),
    "short_root": b"old 0\n\n" + b"\n".join([*NOTE.split(b"\n")[:2], b"AAAA", *NOTE.split(b"\n")[3:]]),
    "html": b"<script>alert(1)</script>",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_gets_a_code(witness: Running, name: str) -> None:
    reply = witness.post(MALFORMED[name])
    assert (reply.status, reply.body) == (400, "malformed\n")


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_good_request_is_cosigned_or_remembered(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    with opened(tmp_path_factory.getbasetemp() / "fuzzed") as (memory, judge):
        at = data.draw(st.integers(0, len(GOOD) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "delete", "swap"]))
        piece = data.draw(st.binary(min_size=1, max_size=8))
        flipped = bytes([GOOD[at] ^ (piece[0] or 1)])
        damaged = {
            "flip": GOOD[:at] + flipped + GOOD[at + 1 :],
            "cut": GOOD[:at],
            "insert": GOOD[:at] + piece + GOOD[at:],
            "delete": GOOD[:at] + GOOD[at + 1 :],
            "swap": GOOD[at:] + GOOD[:at] if at else GOOD[::-1],
        }[kind]
        if damaged != GOOD:
            answer = judge.add(damaged)
            assert answer.status in {400, 403, 404, 409}
            assert memory.origins == {}


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=400))
def test_no_bytes_at_all_are_cosigned(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    with opened(tmp_path_factory.getbasetemp() / "fuzzed") as (_memory, judge):
        assert judge.add(raw).code == "malformed"
        assert judge.add(b"old 0\n\n" + raw).code == "malformed"


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tuple[Memory, Witness]]:
    memory = Memory.open(folder)
    try:
        yield memory, Witness(memory, Known.parse(LOG.vkey))
    finally:
        memory.close()


LENGTH = f"Content-Length: {len(GOOD)}\r\n".encode()
POST = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"
WRONG = {
    "get": (b"GET /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", b"405 Method Not Allowed"),
    "elsewhere": (b"POST /state.json HTTP/1.1\r\n" + LENGTH + b"\r\n" + GOOD, b"404 Not Found"),
    "query": (b"POST /add-checkpoint?x=1 HTTP/1.1\r\n" + LENGTH + b"\r\n" + GOOD, b"404 Not Found"),
    "no_length": (POST + b"\r\n" + GOOD, b"411 Length Required"),
    "chunked": (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nold 0\r\n0\r\n\r\n", b"411 Length Required"),
    "both_lengths": (POST + LENGTH + b"Content-Length: 1\r\n\r\n" + GOOD, b"400 Bad Request"),
    "negative_length": (POST + b"Content-Length: -1\r\n\r\n", b"400 Bad Request"),
    "too_large": (POST + f"Content-Length: {LARGEST + 1}\r\n\r\n".encode(), b"413 "),
    "immense": (POST + b"Content-Length: 999999999999999999\r\n\r\n", b"400 Bad Request"),
    "long_head": (POST + b"X: " + b"a" * 20_000 + b"\r\n\r\n", b"431 "),
    "folded_head": (POST + b"X: a\r\n b\r\n" + LENGTH + b"\r\n" + GOOD, b"400 Bad Request"),
    "space_before_colon": (POST + b"Content-Length : 3\r\n\r\nold", b"400 Bad Request"),
    "old_http": (b"GET /\r\n\r\n", b"400 Bad Request"),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400 Bad Request"),
    "another_protocol": (b"EHLO example\r\n\r\n", b"400 Bad Request"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_http_is_refused_and_the_connection_ends(witness: Running, name: str) -> None:
    raw, expected = WRONG[name]
    answer = said(witness, raw)
    assert answer.startswith(b"HTTP/1.1 " + expected), answer
    assert b"Connection: close" in answer


def test_half_a_request_gets_no_answer(witness: Running) -> None:
    assert said(witness, POST + LENGTH + b"\r\n" + GOOD[:-1]) == b""
    assert said(witness, b"POST /add") == b""


def test_a_connection_serves_several_requests_and_says_go_on(witness: Running) -> None:
    once = POST + LENGTH + b"Expect: 100-continue\r\n\r\n" + b"x" * len(GOOD)
    answer = said(witness, once * 3)
    assert answer.count(b"HTTP/1.1 100 Continue\r\n\r\n") == 3
    assert answer.count(b"HTTP/1.1 400 Bad Request") == 3


@pytest.mark.alone
def test_slow_and_silent_clients_hold_up_nobody(witness: Running) -> None:
    """Far more of them than it keeps: the longest waiting give way, and a good request is answered at once."""
    with contextlib.ExitStack() as stack:
        for number in range(700):
            client = stack.enter_context(socket.create_connection(witness.address, timeout=20))
            client.sendall((b"", POST, POST + LENGTH + b"\r\nold")[number % 3])
        began = time.monotonic()
        assert witness.post(b"old 0\n\n").status == 400
        assert time.monotonic() - began < 2
        held = len(list(Path(f"/proc/{witness.process.pid}/fd").iterdir()))
        assert held < MOST_CLIENTS + 40
