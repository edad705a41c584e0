"""Daphne's connections with the bounds that they lack, and without the one that stands in the way.

What somebody sends stays in memory: Twisted lays a body of 100 kB in a file, and a document
about somebody must never lie unsealed on a disk. A body is bounded for it: who says beforehand that
it will be too large is answered at once, and any other is cut off.

Inbound: an unfinished message has a deadline, and a client that sends faster than its
frames are taken is cut off. Outbound: Daphne's limit on the size of a message counts for
both directions, and a snapshot may be larger than anything a client may send; and a frame
that can leave at once costs one system call in place of three.
"""

from collections.abc import Callable
from io import BytesIO
from time import monotonic
from typing import Any

from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.tcp import Connection

TOO_FAST = 4429
UNFINISHED = 10.0  # seconds that a message may take to come in
UNTAKEN = 2000  # frames that may wait for the room to take them
LARGEST_BODY = 6 * 1024 * 1024  # bytes of one request: a document and the form around it
LINGER = 10.0  # seconds in which a body that was refused may still come in, to be thrown away
TEXT = 0x81
SHORT, MIDDLE = 126, 1 << 16


def install() -> None:
    """Let every connection of this process be one of ours; call it before the server listens."""
    WebSocketFactory.protocol = RoomProtocol
    WebRequest.gotLength = keep_in_memory  # type: ignore[method-assign]  # Twisted has no setting for it


class Body(BytesIO):
    """What comes in of one request; one that grows too large is cut off."""

    def __init__(self, cut: Callable[[], None]) -> None:
        super().__init__()
        self._cut = cut

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > LARGEST_BODY:
            self._cut()
            return len(data)
        return super().write(data)


_SAID = (
    b'<!doctype html><html lang="nl"><meta charset="utf-8"><title>Te groot</title>'
    b"<p>Dit bestand is te groot; er is niets bewaard. Ga terug en kies een bestand van hoogstens 5 MB.</p></html>\n"
)
TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b"
) % (len(_SAID), _SAID)
"""The answer to a body that is too large; whoever sends one reads no settings of hers, so it is in Dutch."""


def keep_in_memory(request: Any, length: int | None) -> None:
    """Give a request a body in memory, in place of Twisted's file; one that will be too large is answered now."""
    request.content = Body(request.channel.forceAbortClient)
    if length is not None and length > LARGEST_BODY:
        _refuse(request, length)


def _refuse(request: Any, length: int) -> None:
    """Answer 413 and end the connection once all was sent, or after a while; what still comes in is thrown away.

    A browser that is cut off while it sends shows the break, and not the answer (RFC 9112 §9.6).
    """
    channel, left = request.channel, length
    request.requestHeaders.removeHeader(b"Expect")  # else Twisted asks for the body all the same
    channel.transport.write(TOO_LARGE)
    late = channel.callLater(LINGER, channel.transport.abortConnection)

    def throw_away(data: bytes) -> None:
        nonlocal left
        left -= len(data)
        if left <= 0:
            if late.active():
                late.cancel()
            channel.loseConnection()

    channel.rawDataReceived = throw_away


def head(size: int) -> bytes:
    """Return the head of an unmasked text frame (RFC 6455 §5.2) with `size` bytes of payload."""
    if size < SHORT:
        return bytes((TEXT, size))
    if size < MIDDLE:
        return bytes((TEXT, 126)) + size.to_bytes(2, "big")
    return bytes((TEXT, 127)) + size.to_bytes(8, "big")


class RoomProtocol(WebSocketProtocol):
    """One websocket."""

    begun: float | None = None  # when the message under way began
    flooded = False

    # --- in ---------------------------------------------------------------------

    def onMessageBegin(self, isBinary: bool) -> None:  # noqa: N802, N803, FBT001  # Autobahn's names
        self.begun = monotonic()
        super().onMessageBegin(isBinary)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803, FBT001
        self.begun = None
        if self.flooded:
            return
        if self.application_queue.qsize() >= UNTAKEN:
            self.flooded = True  # not Daphne's `muted`: the room must still hear of the end
            self.sendClose(code=TOO_FAST)
            return
        super().onMessage(payload, isBinary)  # type: ignore[no-untyped-call]  # Daphne has no types

    def check_timeouts(self) -> None:
        """Look, every two seconds, whether a message takes too long; else as Daphne does."""
        if self.begun is not None and monotonic() - self.begun > UNFINISHED:
            self.begun = None
            self.wasClean = False
            self.wasNotCleanReason = "a message that does not end"
            self.dropConnection(abort=True)
            return
        super().check_timeouts()  # type: ignore[no-untyped-call]

    # --- out --------------------------------------------------------------------

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802, FBT001, FBT002
        """Send one text frame, of any size."""
        if binary or self.state != self.STATE_OPEN:
            super().serverSend(content, binary)  # type: ignore[no-untyped-call]
            return
        payload = content.encode()
        data = head(len(payload)) + payload
        if self.send_queue:
            self.sendData(data)
        else:
            write(self.transport, data)


def write(transport: Any, data: bytes) -> None:
    """Write at once what the kernel takes; the rest, and all when something waits already, as Twisted does.

    Twisted queues every write and asks the loop to call back: two more system calls a frame.
    """
    idle = (
        isinstance(transport, Connection)
        and transport.connected
        and not (transport.disconnecting or transport.dataBuffer or transport._tempDataLen)  # noqa: SLF001  no public name tells it
    )
    sent = transport.writeSomeData(data) if idle else 0
    if not isinstance(sent, int):  # the connection is lost: Twisted finds out by itself
        sent = 0
    if sent < len(data):
        transport.write(data[sent:])
