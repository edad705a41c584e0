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


def beginning(server: Server, length: int) -> socket.socket:
    """Begin to send a form with a document of so many bytes."""
    host, port = server.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=10)
    head = (
        f"POST /login/ HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.url}\r\n"
        f"Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        '--xx\r\nContent-Disposition: form-data; name="document"; filename="x.pdf"\r\n\r\n%PDF-kanarie'
    )
    line.sendall(head.encode())
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


def was_cut(line: socket.socket) -> bool:
    """Send far too much; say whether the line was closed over it."""
    try:
        for _ in range(TOO_LARGE // 65536):
            line.sendall(b"x" * 65536)
        return line.recv(1) == b""
    except OSError:  # reset, or a broken pipe
        return True


def test_a_request_that_is_too_large_is_cut_off_and_the_next_one_is_answered(served: Server) -> None:
    with beginning(served, TOO_LARGE) as line:
        assert was_cut(line)
    with beginning(served, 200) as line:
        line.sendall(b"x" * 100 + b"\r\n--xx--\r\n" + b" " * 200)
        assert line.recv(12).startswith(b"HTTP/1.1 4")  # no valid form: answered, not cut off
