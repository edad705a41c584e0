"""Many raw websocket clients in one process: cheap enough to measure a server and not itself."""

import base64
import os
import select
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
MASK = b"\0\0\0\0"  # a mask of zeros leaves the payload as it is, and is a valid mask


@dataclass(slots=True, eq=False)
class Client:
    """One connection. `changes`: how many frames of the measured kind it has got."""

    number: int
    sock: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    changes: int = 0
    cseq: int = 0
    seen: int = 0
    code: int | None = None


Take = Callable[[Client, bytes], None]


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Encode a client's frame."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + MASK + payload


class Fleet:
    """Clients on one epoll. `take` gets every text frame."""

    def __init__(self, host: str, port: int, take: Take) -> None:
        self.address = (host, port)
        self.take = take
        self.clients: list[Client] = []
        self._poll = select.epoll()
        self._by_file: dict[int, Client] = {}

    def open(self, path: str, headers: Mapping[str, str]) -> Client:
        """Connect and shake hands; fails with the server's first line when it refuses."""
        sock = socket.create_connection(self.address, timeout=20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"{self.address[0]}:{self.address[1]}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            got = sock.recv(4096)
            if not got:
                break
            answer += got
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head[:40]:
            raise RuntimeError(f"no websocket: {head[:60]!r}")
        client = Client(len(self.clients), sock, bytearray(rest))
        sock.setblocking(False)
        self._poll.register(sock.fileno(), select.EPOLLIN)
        self._by_file[sock.fileno()] = client
        self.clients.append(client)
        return client

    def send(self, client: Client, text: str) -> None:
        """Send one text frame; small enough for the kernel to take at once."""
        client.sock.sendall(frame(text.encode()))

    def poll(self, timeout: float) -> int:
        """Take what has come, waiting at most `timeout` seconds for something; return how many were ready."""
        ready = self._poll.poll(timeout)
        for file, _events in ready:
            self._read(self._by_file[file])
        return len(ready)

    def until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Poll until something holds; False when it did not in time."""
        end = perf_counter() + timeout
        while not holds():
            left = end - perf_counter()
            if left <= 0:
                return False
            self.poll(min(left, 0.05))
        return True

    def quiet(self, seconds: float) -> None:
        """Poll until nothing has come for `seconds`."""
        while self.poll(seconds):
            pass

    def _read(self, client: Client) -> None:
        try:
            got = client.sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            got = b""
        if not got:
            self._gone(client)
            return
        client.buffer += got
        self._parse(client)

    def _parse(self, client: Client) -> None:
        data, start = client.buffer, 0
        while len(data) - start >= 2:
            size, head = data[start + 1], 2
            if size >= 126:
                head = 4 if size == 126 else 10
                if len(data) - start < head:
                    break
                size = int.from_bytes(data[start + 2 : start + head], "big")
            if len(data) - start < head + size:
                break
            payload = bytes(data[start + head : start + head + size])
            self._frame(client, data[start] & 15, payload)
            start += head + size
        del data[:start]

    def _frame(self, client: Client, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.take(client, payload)
        elif opcode == PING:
            client.sock.sendall(frame(payload, PONG))
        elif opcode == CLOSE:
            client.code = int.from_bytes(payload[:2], "big")

    def _gone(self, client: Client) -> None:
        self._poll.unregister(client.sock.fileno())
        client.sock.close()
        client.code = client.code or 1006

    def close(self) -> None:
        """Close every connection, with a goodbye."""
        for client in self.clients:
            if client.code is None:
                client.sock.setblocking(True)
                client.sock.sendall(frame((1000).to_bytes(2, "big"), CLOSE))
                self._poll.unregister(client.sock.fileno())
                client.sock.close()
        self._poll.close()
