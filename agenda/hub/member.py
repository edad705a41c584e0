"""One socket's place in the room: its queue, its numbers and its window of unseen frames."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from agenda.hub.types import Membership, Outlet

SESSION_ENDED, NOT_ADMITTED, TOO_SLOW = 4401, 4403, 4408


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds, sizes in bytes. The defaults are the protocol's."""

    unseen_frames: int = 256
    unseen_seconds: float = 10.0
    unseen_bytes: int = 1024 * 1024  # more than this stays in our queue, not in the server's
    backstop: float = 1.0
    log_retry: float = 1.0
    backoff: float = 0.1
    backoff_most: float = 5.0
    ping: float = 10.0
    housekeeping: float = 1.0
    lost: float = 30.0
    rows: float = 5.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame without its number: encoded once, numbered for each socket as it leaves."""

    head: str
    tail: str

    def numbered(self, cseq: int) -> str:
        return f"{self.head}{cseq}{self.tail}"


@dataclass(slots=True)
class Sent:
    cseq: int
    size: int
    at: float


@dataclass(slots=True, eq=False)
class Member:
    """A socket in the room. `cls` is None until its first snapshot has left.

    `held`: true while nothing may leave because rights are about to be read again.
    """

    membership: Membership
    outlet: Outlet
    limits: Limits
    clock: Callable[[], float]
    held: Callable[[], bool]
    cls: str | None = None
    noticed: bool = False
    closed: bool = False
    cseq: int = 0
    queue: deque[Frame] = field(default_factory=deque)
    unseen: deque[Sent] = field(default_factory=deque)
    unseen_size: int = 0

    def append(self, frame: Frame) -> None:
        """Queue a difference and send what may leave now."""
        self.queue.append(frame)
        self.flush()

    def replace(self, snapshot: Frame) -> None:
        """Empty the queue into a snapshot: nothing that stood in it leaves any more."""
        self.queue.clear()
        self.append(snapshot)

    def flush(self) -> None:
        """Send from the queue as far as the window and the rights' validity allow."""
        while self.queue and not self.closed and self._may_send():
            self.cseq += 1
            text = self.queue.popleft().numbered(self.cseq)
            self.unseen.append(Sent(self.cseq, len(text), self.clock()))
            self.unseen_size += len(text)
            self.outlet.send(text)

    def _may_send(self) -> bool:
        return (not self.unseen or self.unseen_size < self.limits.unseen_bytes) and not self.held()

    def seen(self, cseq: int) -> bool:
        """Take an acknowledgement; False when it names a frame that was never sent."""
        if cseq > self.cseq:
            return False
        while self.unseen and self.unseen[0].cseq <= cseq:
            self.unseen_size -= self.unseen.popleft().size
        self.flush()
        return True

    def too_slow(self) -> bool:
        """Whether more than the window is unseen, or the oldest has been so for too long."""
        if len(self.unseen) + len(self.queue) > self.limits.unseen_frames:
            return True
        return bool(self.unseen) and self.clock() - self.unseen[0].at >= self.limits.unseen_seconds

    def tell(self, frame: str) -> None:
        """Send a frame that is no part of the view (ping, presence, notice)."""
        if not self.closed:
            self.outlet.send(frame)

    def close(self, code: int) -> None:
        """Close once; nothing leaves afterwards."""
        if not self.closed:
            self.closed = True
            self.queue.clear()
            self.outlet.close(code)
