"""A socket's way out: frames leave in order, and nobody who sends ever waits."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

Message = dict[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]


class _Continued:
    """The rest of a coroutine that was begun by hand and then had to wait."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                got = yield waits_for
            except BaseException as error:  # noqa: BLE001  # it is the coroutine's to handle
                step = _thrown(self._begun, error)
            else:
                step = _sent(self._begun, got)
            try:
                waits_for = step()
            except StopIteration:
                return


def _thrown(begun: Coroutine[Any, Any, None], error: BaseException) -> Callable[[], Any]:
    return lambda: begun.throw(error)


def _sent(begun: Coroutine[Any, Any, None], value: Any) -> Callable[[], Any]:
    return lambda: begun.send(value)


def begin(work: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Run a coroutine until it must wait; return its rest, or None when it has finished.

    Daphne's `send` never waits, and a task for each frame to each socket costs more than
    the sending itself.
    """
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return _Continued(work, waits_for)


class SocketOutlet:
    """Sends over an ASGI socket. Neither `send` nor `close` waits or raises."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._backlog: deque[Message] = deque()
        self._writing: asyncio.Future[None] | None = None
        self.closed = False

    def send(self, frame: str) -> None:
        """Send one text frame; nothing once the socket is closed."""
        if not self.closed:
            self._put({"type": "websocket.send", "text": frame})

    def close(self, code: int) -> None:
        """Close the socket, once."""
        if not self.closed:
            self.closed = True
            self._put({"type": "websocket.close", "code": code})

    def drop(self) -> None:
        """The connection has gone: nothing can be sent any more."""
        self.closed = True
        self._backlog.clear()

    def _put(self, message: Message) -> None:
        self._backlog.append(message)
        if self._writing is None:
            self._drain()

    def _drain(self) -> None:
        while self._backlog:
            try:
                rest = begin(self._send(self._backlog.popleft()))
            except Exception:  # noqa: BLE001  # whatever the server says of a socket that has gone
                self.drop()
                return
            if rest is not None:
                self._writing = asyncio.ensure_future(self._finish(rest))
                return

    async def _finish(self, rest: Awaitable[None]) -> None:
        try:
            await rest
        except Exception:  # noqa: BLE001  # as above
            self.drop()
        self._writing = None
        self._drain()
