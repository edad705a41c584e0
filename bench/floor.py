"""The floor: a bare epoll server that answers any frame by one prebuilt frame to everybody.

Run as `python -m bench.floor PORT FILE`, where FILE holds the payload to broadcast.
"""

import base64
import hashlib
import select
import socket
import struct
import sys
from pathlib import Path

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3


def encoded(payload: bytes) -> bytes:
    """Encode a server's text frame."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


class Floor:
    """One epoll, one prebuilt frame, no thought."""

    def __init__(self, port: int, payload: bytes) -> None:
        self.frame = encoded(payload)
        self.listener = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.poll = select.epoll()
        self.poll.register(self.listener.fileno(), select.EPOLLIN)
        self.sockets: dict[int, socket.socket] = {}
        self.waiting: dict[int, bytearray] = {}

    def run(self) -> None:
        """Serve until killed."""
        while True:
            for file, events in self.poll.poll():
                if file == self.listener.fileno():
                    self._accept()
                elif events & select.EPOLLOUT:
                    self._drain(file)
                else:
                    self._read(file)

    def _accept(self) -> None:
        sock, _ = self.listener.accept()
        request = b""
        while b"\r\n\r\n" not in request:
            got = sock.recv(4096)
            if not got:  # somebody who only looked whether we are up
                sock.close()
                return
            request += got
        line = next(one for one in request.split(b"\r\n") if one.lower().startswith(b"sec-websocket-key:"))
        digest = hashlib.sha1(line.split(b":", 1)[1].strip() + GUID).digest()
        upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        sock.sendall(upgrade + b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sockets[sock.fileno()] = sock
        self.poll.register(sock.fileno(), select.EPOLLIN)

    def _read(self, file: int) -> None:
        try:
            got = self.sockets[file].recv(65536)
        except OSError:
            got = b""
        frames = got.count(b"\x81\x81\0\0\0\0")  # a client's text frame of one byte, masked with zeros
        if not got or (got and not frames):
            self._gone(file)
            return
        for _ in range(frames):
            self._broadcast()

    def _broadcast(self) -> None:
        for file, sock in list(self.sockets.items()):
            if file in self.waiting:
                self.waiting[file] += self.frame
                continue
            try:
                sent = sock.send(self.frame)
            except BlockingIOError:
                sent = 0
            except OSError:
                continue
            if sent < len(self.frame):
                self.waiting[file] = bytearray(self.frame[sent:])
                self.poll.modify(file, select.EPOLLIN | select.EPOLLOUT)

    def _drain(self, file: int) -> None:
        rest = self.waiting[file]
        try:
            del rest[: self.sockets[file].send(rest)]
        except BlockingIOError:
            return
        if not rest:
            del self.waiting[file]
            self.poll.modify(file, select.EPOLLIN)

    def _gone(self, file: int) -> None:
        self.poll.unregister(file)
        self.sockets.pop(file).close()
        self.waiting.pop(file, None)


if __name__ == "__main__":
    Floor(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()).run()
