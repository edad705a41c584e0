"""What people send is never laid on a disk unsealed, however large, and what is too large is cut off."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server, Store
from tests.world import tiny_world

HALF = 2 * 1024 * 1024
TOO_LARGE = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("memory")
    world = folder / "world.json"
    world.write_text(json.dumps(tiny_world()), encoding="utf-8")
    with Store.make(folder / "store") as store:
        store.json("seed", str(world))
        with store.serve("--port", "0") as server:
            yield server


BEGUN = b'--xx\r\nContent-Disposition: form-data; name="document"; filename="x.pdf"\r\n\r\n%PDF-kanarie'


def beginning(server: Server, length: int | None, more: str = "") -> socket.socket:
    """Begin to send a form with a document of so many bytes; None: in chunks, without saying how much comes."""
    host, port = server.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=10)
    size = "Transfer-Encoding: chunked\r\n" if length is None else f"Content-Length: {length}\r\n"
    head = (
        f"POST /login/ HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.url}\r\n"
        f"Content-Type: multipart/form-data; boundary=xx\r\n{size}{more}Connection: close\r\n\r\n"
    )
    line.sendall(head.encode() + (BEGUN if length else b"%x\r\n" % (2 * TOO_LARGE) + BEGUN))
    return line


def open_files(server: Server) -> list[str]:
    """Every file that the program holds open, those without a name included."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    names = []
    for one in folder.iterdir():
        try:
            names.append(str(one.readlink()))
        except FileNotFoundError:
            continue
    return [name for name in names if name.startswith("/")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files a program holds open")
def test_a_large_document_is_in_no_file_while_it_comes_in(served: Server) -> None:
    before = set(open_files(served))
    with beginning(served, 2 * HALF) as line:
        line.sendall(b"x" * HALF)
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            assert set(open_files(served)) - before == set()
            time.sleep(0.02)


def answered(line: socket.socket) -> bytes:
    """Everything that comes back until the line is closed."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def test_a_document_that_is_too_large_is_answered_in_words_and_not_kept(served: Server) -> None:
    """The answer comes before the body, and the line stays open until the browser has sent it all."""
    before = set(open_files(served))
    with beginning(served, TOO_LARGE) as line:
        head, _, said = line.recv(65536).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 413 ")
        assert b"\r\nContent-Type: text/html; charset=utf-8" in head
        assert b"\r\nCache-Control: no-store" in head
        assert "Dit bestand is te groot; er is niets bewaard." in said.decode()
        sent = len(BEGUN)
        while sent < TOO_LARGE:
            part = min(65536, TOO_LARGE - sent)
            line.sendall(b"x" * part)
            sent += part
        assert set(open_files(served)) - before == set()
        assert answered(line) == b"", "nothing follows: the line is closed"


def test_who_asks_whether_to_send_too_much_is_told_no_at_once(served: Server) -> None:
    with beginning(served, TOO_LARGE, "Expect: 100-continue\r\n") as line:
        assert line.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_a_browser_that_ends_in_the_middle_of_what_is_refused_leaves_nothing_behind(served: Server) -> None:
    for _ in range(3):
        with beginning(served, TOO_LARGE) as line:
            assert line.recv(12) == b"HTTP/1.1 413"
    with beginning(served, 200) as line:
        line.sendall(b"x" * 100 + b"\r\n--xx--\r\n" + b" " * 200)
        assert line.recv(12).startswith(b"HTTP/1.1 4")


def was_cut(line: socket.socket) -> bool:
    """Send far too much; say whether the line was closed over it."""
    try:
        for _ in range(TOO_LARGE // 65536):
            line.sendall(b"x" * 65536)
        return line.recv(1) == b""
    except OSError:  # reset, or a broken pipe
        return True


def test_a_request_that_grows_too_large_is_cut_off_and_the_next_one_is_answered(served: Server) -> None:
    with beginning(served, None) as line:
        assert was_cut(line)
    with beginning(served, 200) as line:
        line.sendall(b"x" * 100 + b"\r\n--xx--\r\n" + b" " * 200)
        assert line.recv(12).startswith(b"HTTP/1.1 4")  # no valid form: answered, not cut off
