"""What a witness, or somebody between, can answer: only its own cosignature of this very checkpoint counts."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from audit.cosigning import sending
from audit.cosigning.asking import Asked, Refuses, Reply, Trouble, ask
from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import COSIGNATURE, Signer
from audit.tree.proofs import ProofError
from audit.witness.request import AddCheckpoint
from conference import config
from tests.audit.verifying.making import LOG, WITNESS, checkpoint, entries, root_of
from tests.audit.witness.running import proof

NOW = 1_800_000_000
LOGGED = entries(30)
TEXT = Checkpoint(LOG.name, 30, root_of(LOGGED)).body()
OTHER_TEXT = Checkpoint(LOG.name, 30, root_of(LOGGED[::-1])).body()
STRANGER = Signer(WITNESS.name, b"x" * 32, COSIGNATURE)
PLAIN = Signer(WITNESS.name, WITNESS.seed)


def asked(known: int = 0) -> Asked:
    return Asked(30, checkpoint(LOGGED), known, lambda old: proof(LOGGED, old))


def answering(*replies: tuple[int, str]) -> tuple[Callable[[bytes], Reply], list[int]]:
    """A witness that answers so, one after another, and the old sizes that it was asked from."""
    olds: list[int] = []
    left = list(replies)

    def send(raw: bytes) -> Reply:
        olds.append(AddCheckpoint.parse(raw).old)
        status, body = left.pop(0)
        return Reply(status, body.encode())

    return send, olds


def code(*replies: tuple[int, str], known: int = 0) -> str:
    """What came of it, as a code."""
    send, _olds = answering(*replies)
    with pytest.raises((Trouble, Refuses)) as failed:
        ask(asked(known), WITNESS.verifier, send, NOW)
    return f"{type(failed.value).__name__}:{failed.value.code}"


def test_its_own_cosignature_is_taken_from_among_others() -> None:
    mine = WITNESS.line(TEXT, NOW)
    send, olds = answering((200, LOG.line(TEXT) + STRANGER.line(TEXT, NOW) + mine))
    found = ask(asked(7), WITNESS.verifier, send, NOW)
    assert (found.line + "\n", found.stamp, olds) == (mine, NOW, [7])


def test_a_witness_that_knows_another_size_is_asked_once_more_from_there() -> None:
    send, olds = answering((409, "12\n"), (200, WITNESS.line(TEXT, NOW)))
    ask(asked(7), WITNESS.verifier, send, NOW)
    assert olds == [7, 12]
    assert code((409, "12\n"), (409, "13\n")) == "Trouble:witness_failed"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "witness_bad_cosignature"),
        ("hello\n", "witness_bad_cosignature"),
        ("\n\n", "witness_bad_cosignature"),
        (f"— {WITNESS.name} AAAA\n", "witness_bad_cosignature"),
        (STRANGER.line(TEXT, NOW), "witness_not_its_key"),
        (PLAIN.line(TEXT), "witness_not_its_key"),
        (LOG.line(TEXT), "witness_not_its_key"),
        (WITNESS.line(OTHER_TEXT, NOW), "witness_bad_cosignature"),
        (WITNESS.line(TEXT, NOW)[:-8] + "AAAA" + WITNESS.line(TEXT, NOW)[-4:], "witness_bad_cosignature"),
        (WITNESS.line(TEXT, NOW + 3601), "witness_clock"),
    ],
    ids=["nothing", "words", "blank", "short", "stranger", "untimed", "log", "other_checkpoint", "damaged", "future"],
)
def test_anything_else_is_not(body: str, expected: str) -> None:
    assert code((200, body)) == f"Trouble:{expected}"


@pytest.mark.parametrize(
    ("replies", "known", "expected"),
    [
        ([(409, "31\n")], 0, "Refuses:witness_ahead"),
        ([(409, "30\n"), (409, "30\n")], 0, "Refuses:witness_root_differs"),
        ([(409, "30\n")], 30, "Refuses:witness_root_differs"),
        ([(422, "")], 7, "Refuses:witness_not_consistent"),
        ([(409, "12\n"), (422, "")], 7, "Refuses:witness_not_consistent"),
    ],
    ids=["ahead", "same_size", "same_size_known", "growth", "growth_after_conflict"],
)
def test_a_log_that_does_not_continue_is_told_apart_from_trouble(
    replies: Sequence[tuple[int, str]], known: int, expected: str
) -> None:
    assert code(*replies, known=known) == expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, "", "witness_malformed"),
        (403, "", "witness_not_signed"),
        (404, "", "witness_unknown_log"),
        (409, "", "witness_bad_answer"),
        (409, "many\n", "witness_bad_answer"),
        (409, "-1\n", "witness_bad_answer"),
        (409, "007\n", "witness_bad_answer"),
        (409, "7\n", "witness_bad_answer"),
        (500, "", "witness_failed"),
        (302, "", "witness_failed"),
        (204, "", "witness_failed"),
    ],
)
def test_trouble_has_a_code(status: int, body: str, expected: str) -> None:
    assert code((status, body), known=7) == f"Trouble:{expected}"


def test_a_tree_that_cannot_prove_its_growth_is_trouble_too() -> None:
    def prove(_old: int) -> list[bytes]:
        raise ProofError("tile_missing")

    with pytest.raises(Trouble, match="tile_missing"):
        ask(Asked(30, checkpoint(LOGGED), 7, prove), WITNESS.verifier, answering()[0], NOW)


# --- over HTTP ------------------------------------------------------------------------


@contextlib.contextmanager
def saying(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that says these bytes to its first client, whatever it asks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_say, args=(listener, parts, pause), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


def _say(listener: socket.socket, parts: Sequence[bytes], pause: float) -> None:
    client, _address = listener.accept()
    with client, contextlib.suppress(OSError):
        client.settimeout(10)
        client.recv(65536)
        for part in parts:
            client.sendall(part)
            time.sleep(pause)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: "


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"", "witness_bad_answer"),
        (b"EHLO\r\n\r\n", "witness_bad_answer"),
        (HEAD + b"100000\r\n\r\n" + b"x" * 100_000, "witness_bad_answer"),
        (HEAD + b"10\r\n\r\nshort", "witness_bad_answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "witness_bad_answer"),
    ],
    ids=["nothing", "another_protocol", "too_long", "cut_off", "long_head"],
)
def test_what_is_no_answer_is_told_by_code(said: bytes, expected: str) -> None:
    with saying(said) as url, pytest.raises(Trouble) as trouble:
        sending.send(url, b"old 0\n\n")
    assert trouble.value.code in {expected, "witness_unreachable"}


def test_a_redirect_is_not_followed() -> None:
    with saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n") as url:
        assert sending.send(url, b"old 0\n\n") == Reply(302, b"")


def test_an_answer_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST", 1.0)
    began = time.monotonic()
    with saying(*[HEAD, *[b"1"] * 100], pause=0.1) as url, pytest.raises(Trouble):
        sending.send(url, b"old 0\n\n")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://does-not-exist.invalid", "https://127.0.0.1:9/w/"])
def test_nobody_there_is_unreachable(url: str) -> None:
    with pytest.raises(Trouble, match="witness_unreachable"):
        sending.send(url, b"old 0\n\n")


def test_the_address_may_have_a_path() -> None:
    seen: list[bytes] = []

    def listen(listener: socket.socket) -> None:
        client, _address = listener.accept()
        with client:
            seen.append(client.recv(65536))
            client.sendall(HEAD + b"0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, args=(listener,), daemon=True)
        thread.start()
        sending.send(f"http://127.0.0.1:{listener.getsockname()[1]}/getuige/", b"old 0\n\n")
        thread.join(10)
    assert seen[0].startswith(b"POST /getuige/add-checkpoint HTTP/1.1\r\n")


# --- the settings -----------------------------------------------------------------------

URL, VKEY = "CASUSTAFEL_WITNESS_URL", "CASUSTAFEL_WITNESS_VKEY"


def test_the_settings_take_a_witness_with_or_without_an_address() -> None:
    assert config.load({VKEY: WITNESS.vkey}).witness_url == ""
    taken = config.load({URL: "https://getuige.example/fg", VKEY: f" {WITNESS.vkey} "})
    assert (taken.witness_url, taken.witness_vkey) == ("https://getuige.example/fg", WITNESS.vkey)


@pytest.mark.parametrize(
    "settings",
    [
        {URL: "http://127.0.0.1:8787"},
        {VKEY: LOG.vkey},
        {VKEY: WITNESS.vkey[:-2]},
        {VKEY: "getuige"},
        *(
            {VKEY: WITNESS.vkey, URL: url}
            for url in ("getuige", "ftp://a", "http://", "http://u@a", "http://a:x", "http://a?b")
        ),
    ],
    ids=str,
)
def test_what_names_no_witness_stops_the_start(settings: dict[str, str]) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load(settings)
    assert refused.value.code == "bad_setting"
    assert WITNESS.vkey not in str(refused.value)
