"""The one fair write lock of a process, for SQLite: who asks first, writes first. Pure.

SQLite lets one connection write at a time and lets the others poll, so that one of many can
starve. Commands and log wait here instead, in order.
"""

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class _Waiter:
    thread: int
    turn: threading.Event = field(default_factory=threading.Event)


class FairLock:
    """A lock that is handed on in the order of asking; the holder may take it again."""

    def __init__(self) -> None:
        self._state = threading.Lock()
        self._holder: int | None = None
        self._depth = 0
        self._waiting: deque[_Waiter] = deque()

    @property
    def mine(self) -> bool:
        """Whether the calling thread holds the lock."""
        return self._holder == threading.get_ident()

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn, at most `timeout` seconds; False when it did not come."""
        me = threading.get_ident()
        with self._state:
            if self._holder in {None, me}:
                self._holder = me
                self._depth += 1
                return True
            waiter = _Waiter(me)
            self._waiting.append(waiter)
        if waiter.turn.wait(timeout):
            return True
        with self._state:
            if waiter.turn.is_set():  # handed over in the very last moment
                return True
            self._waiting.remove(waiter)
            return False

    def release(self) -> None:
        """Hand the lock to the one who has waited longest. Raises RuntimeError for a stranger."""
        with self._state:
            if not self.mine:
                raise RuntimeError("Only its holder can release the write lock.")
            self._depth -= 1
            if self._depth:
                return
            self._holder = None
            if self._waiting:
                waiter = self._waiting.popleft()
                self._holder, self._depth = waiter.thread, 1
                waiter.turn.set()
