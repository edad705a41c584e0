"""A person at a browser, without the browser: logs in with two factors, opens pages and the live room."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

STEP = 30  # seconds, RFC 6238 §4.1
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def totp(secret: str, at: float | None = None) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 s) for a base32 secret at `at` seconds since 1970 (now)."""
    padded = secret.upper().replace(" ", "")
    padded += "=" * (-len(padded) % 8)
    counter = int((time.time() if at is None else at) // STEP)
    digest = hmac.new(base64.b32decode(padded), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@dataclass
class Browser:
    """One person's cookies at one server; plain HTTP as a browser would do it."""

    url: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30, headers={"Origin": self.url}, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, *, follow: bool = False) -> httpx.Response:
        """Open an address; redirects are followed only when asked."""
        return self.http.get(path, follow_redirects=follow)

    def submit(self, path: str, *, page: str | None = None, follow: bool = False, **fields: str) -> httpx.Response:
        """Open the page that holds a form, then send the form to `path` with its CSRF token."""
        token = CSRF.search(self.get(page or path, follow=True).text)
        data = fields | ({"csrfmiddlewaretoken": token[1]} if token else {})
        return self.http.post(path, data=data, follow_redirects=follow)

    def password(self, username: str, password: str) -> httpx.Response:
        """Give the first factor."""
        return self.submit("/login/", username=username, password=password)

    def log_in(self, username: str, password: str, secret: str = "", *, code: str = "") -> "Browser":
        """Log in with both factors; the TOTP secret in base32, or a `code`. Fails if the server refuses."""
        first = self.password(username, password)
        assert first.status_code in {302, 303}, f"first factor refused: {first.status_code}\n{first.text[:2000]}"
        second = self.submit("/login/code/", code=code or totp(secret))
        assert second.status_code in {302, 303}, f"second factor refused: {second.status_code}\n{second.text[:2000]}"
        return self

    def log_out(self) -> httpx.Response:
        """Log out with the form that each page has."""
        return self.submit("/logout/", page="/")

    def cookies(self) -> str:
        """All cookies as one header."""
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    @contextlib.asynccontextmanager
    async def room(self, conference: str, **options: Any) -> AsyncIterator["Room"]:
        """Join a conference's live room: connect, say hello, and wait for the first snapshot."""
        async with connect(self.url, f"/ws/conferences/{conference}/", self.cookies(), **options) as socket:
            room = Room(socket)
            reader = asyncio.create_task(room.read())
            try:
                await room.hello()
                yield room
            finally:
                reader.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reader


@contextlib.asynccontextmanager
async def connect(
    url: str, path: str, cookies: str = "", *, origin: str | None = None, headers: dict[str, str] | None = None
) -> AsyncIterator[ClientConnection]:
    """Open a socket with the cookies and the Origin of a page of `url` (or with another `origin`)."""
    parts = urlsplit(url)
    address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{path}"
    extra = ({"Cookie": cookies} if cookies else {}) | (headers or {})
    async with websockets.connect(
        address,
        origin=url if origin is None else origin,
        additional_headers=extra,
        max_size=None,
        max_queue=None,
        proxy=None,
    ) as socket:
        yield socket


@dataclass
class Room:
    """A live room as its island keeps it: applies snapshots and changes, says what it has seen.

    `view` is the state; `frames` every frame as received, for searching; `at` the moment
    (`time.perf_counter`) at which each came.
    """

    socket: ClientConnection
    view: dict[str, Any] = field(default_factory=dict)
    cseq: int = 0
    snapshots: int = 0
    people: list[dict[str, Any]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    closed: int | None = None
    acknowledge: bool = True
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        """Apply every frame until the socket closes; `closed` is then its code."""
        try:
            async for text in self.socket:
                self.frames.append(str(text))
                self.at.append(time.perf_counter())
                await self._apply(json.loads(text))
                async with self._news:
                    self._news.notify_all()
        except websockets.ConnectionClosedError:
            pass
        self.closed = self.socket.close_code
        async with self._news:
            self._news.notify_all()

    async def _apply(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind in {"snapshot", "change"}:
            assert frame["cseq"] == self.cseq + 1, "a gap in cseq"
            self.cseq = frame["cseq"]
            self._put(frame)
            if self.acknowledge:
                await self.socket.send(json.dumps({"seen": self.cseq}))
        elif kind in {"ack", "nack"}:
            self.answers[frame["id"]] = frame
        elif kind == "presence":
            self.people = frame["people"]
        elif kind == "notice":
            self.notices.append(frame["code"])

    def _put(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "snapshot":
            self.view = dict(frame["view"])
            self.snapshots += 1
            return
        self.view.update(frame["put"])
        for key in frame["gone"]:
            del self.view[key]

    async def hello(self, timeout: float = 10) -> None:
        """Say hello and wait for the snapshot that answers it."""
        await self.socket.send(json.dumps({"hello": {"protocol": 1}}))
        await self.until(lambda: self.snapshots > 0 or self.closed is not None, timeout)

    async def send(self, do: str, *, expect: str | None = None, id: str | None = None, **arguments: Any) -> str:
        """Send a command and return its id without waiting."""
        number = id or str(uuid.uuid4())
        frame = {"id": number, "do": do, "expect": expect, "with": arguments}
        await self.socket.send(json.dumps(frame))
        return number

    async def do(self, do: str, *, timeout: float = 10, **options: Any) -> dict[str, Any]:
        """Send a command and return its answer, an ack or a nack."""
        number = await self.send(do, **options)
        await self.until(lambda: number in self.answers, timeout)
        return self.answers[number]

    async def until(self, holds: Callable[[], bool], timeout: float = 10) -> None:
        """Wait until `holds()`; looked at after each frame. Raises TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(holds)

    def objects(self, name: str) -> dict[str, Any]:
        """All objects of one name in the view: "item", "decision" ..."""
        return {key: body for key, body in self.view.items() if key.startswith(f"{name}:")}
