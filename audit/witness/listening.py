"""The witness's HTTP: POST /add-checkpoint and nothing else (C2SP tlog-witness). Pure: asyncio alone.

Nobody can hold it up: heads and bodies have a largest size and a longest time, each client has a
coroutine of its own, and when too many are connected, the one that has waited longest gives way.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from audit.witness.judging import TEXT, Answer
from audit.witness.request import LARGEST

PATH = "/add-checkpoint"
IDLE = 30.0  # seconds that a connection may be quiet, its head included
PATIENCE = 10.0  # seconds for a body to come, and for an answer to be taken
MOST_CLIENTS = 256
_LARGEST_HEAD = 16 * 1024
_REQUEST = re.compile(rb"([A-Z]{1,16}) ([!-~]{1,2048}) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}):[ \t]*([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,9}")

Judge = Callable[[bytes], Answer]


class Refusal(Exception):
    """A request that is answered without being judged; its connection ends. `more`: header lines."""

    def __init__(self, status: HTTPStatus, code: str, more: str = "") -> None:
        super().__init__(code)
        self.answer = Answer(status, code, f"{code}\n")
        self.more = more


@dataclass(frozen=True, slots=True)
class Head:
    """What a request's head says that matters here. `length`: bytes of its body."""

    method: str
    path: str
    length: int | None
    stays: bool
    expects: bool

    @classmethod
    def parse(cls, raw: bytes) -> "Head":
        """Return the head of its bytes, blank line included. Raises Refusal."""
        first, *lines = raw[:-4].split(b"\r\n")
        request = _REQUEST.fullmatch(first)
        found = [_FIELD.fullmatch(line) for line in lines]
        if request is None or None in found:
            raise Refusal(HTTPStatus.BAD_REQUEST, "malformed")
        fields = [(field[1].lower(), field[2].strip().lower()) for field in found if field is not None]
        named = dict(fields)
        lengths = [value for name, value in fields if name == b"content-length"]
        if b"transfer-encoding" in named:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "length_required")
        if len(lengths) > 1 or any(not _LENGTH.fullmatch(value) for value in lengths):
            raise Refusal(HTTPStatus.BAD_REQUEST, "malformed")
        return cls(
            method=request[1].decode(),
            path=request[2].decode(),
            length=int(lengths[0]) if lengths else None,
            stays=request[3] == b"1" and named.get(b"connection") != b"close",
            expects=named.get(b"expect") == b"100-continue",
        )


class Listener:
    """Answers clients until it is stopped. `judge` may block: it runs in a thread of its own."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._clients: dict[asyncio.Task[None], None] = {}  # the one that has waited longest first
        self._judging = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Begin to listen; port 0 takes a free one. Raises OSError."""
        return await asyncio.start_server(self._client, host, port, limit=_LARGEST_HEAD, backlog=MOST_CLIENTS)

    async def finish(self) -> None:
        """Let what is being judged be answered, then end every connection."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), PATIENCE)
        for task in list(self._clients):
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        if len(self._clients) >= MOST_CLIENTS:
            longest = next(iter(self._clients))
            del self._clients[longest]
            longest.cancel()
        self._clients[task] = None
        try:
            while await self._exchange(reader, writer) and task in self._clients:
                self._clients[task] = self._clients.pop(task)  # who was just served has waited least
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass  # the client has gone, or was too slow, or gave way, or the witness stops
        finally:
            self._clients.pop(task, None)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one request and answer it; return whether the connection stays."""
        try:
            async with asyncio.timeout(IDLE):
                head = Head.parse(await _head(reader))
            _fits(head)
            async with asyncio.timeout(PATIENCE):
                if head.expects:
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(head.length or 0)
        except Refusal as refusal:
            await _send(writer, refusal.answer, refusal.more, stays=False)
            return False
        with self._busy():
            answer = await asyncio.shield(asyncio.to_thread(self._judge, body))
            await _send(writer, answer, stays=head.stays)
        return head.stays

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Let `finish` wait for what is done in this block."""
        self._judging += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._judging -= 1
            if not self._judging:
                self._quiet.set()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large") from None


def _fits(head: Head) -> None:
    """Refuse what is no add-checkpoint, before its body is read."""
    if head.path != PATH:
        raise Refusal(HTTPStatus.NOT_FOUND, "not_found")
    if head.method != "POST":
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Allow: POST\r\n")
    if head.length is None:
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "length_required")
    if head.length > LARGEST:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")


async def _send(writer: asyncio.StreamWriter, answer: Answer, more: str = "", *, stays: bool) -> None:
    body = answer.body.encode()
    head = (
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n"
        f"Content-Type: {answer.kind or TEXT}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n{more}"
        f"Connection: {'keep-alive' if stays else 'close'}\r\n\r\n"
    )
    async with asyncio.timeout(PATIENCE):
        writer.write(head.encode() + body)
        await writer.drain()
