"""What waits for the group commit: leaves, and a thread or a task that must hear how it went. Pure."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterable, Sequence

from audit.entry import Built


class LogUnavailable(Exception):
    """The log cannot be written now: nothing may be shown and nothing may change."""

    def __init__(self, why: str) -> None:
        super().__init__("The log cannot be written now.")
        self.why = why


class Ticket:
    """Leaves that a thread waits for. One that nobody waits for any more may be dropped."""

    __slots__ = ("_answer", "answered", "dropped", "leaves", "probe", "why")

    def __init__(self, leaves: Sequence[Built], *, probe: bool = False) -> None:
        self.leaves = leaves
        self.probe = probe
        self.dropped = False
        self.answered = False
        self.why: str | None = None
        self._answer = threading.Lock()
        self._answer.acquire()  # until the answer is there

    def cancel(self) -> None:
        """Wait no more: it is dropped unless the writer has taken it already."""
        self.dropped = True

    def wait(self, seconds: float) -> None:
        """Return after the sync. Raises LogUnavailable when it failed or is not there in so many seconds."""
        if not self._answer.acquire(timeout=seconds):
            self.cancel()
            raise LogUnavailable("too_late")
        if self.why is not None:
            raise LogUnavailable(self.why)

    def wake(self) -> None:
        """Let the thread go on."""
        self._answer.release()


class TaskTicket(Ticket):
    """Leaves that a task waits for, in the event loop that runs it."""

    __slots__ = ("_future", "late_at", "loop")

    def __init__(self, leaves: Sequence[Built], seconds: float) -> None:
        super().__init__(leaves)
        self.loop = asyncio.get_running_loop()
        self._future = self.loop.create_future()
        self.late_at = self.loop.time() + seconds
        _patience(self.loop, seconds).watch(self)

    @property
    def done(self) -> bool:
        """Whether its task has been told how it went, or waits no more."""
        return self._future.done()

    async def arrive(self) -> None:
        """Return after the sync. Raises LogUnavailable when it failed or did not come in time."""
        try:
            await self._future
        finally:
            self.cancel()

    def wake(self) -> None:
        """Let the task go on; called in its loop's thread."""
        if self.why is not None:
            self.refuse(self.why)
        elif not self._future.done():
            self._future.set_result(None)

    def refuse(self, why: str) -> None:
        """Tell the task that its entry is not synced; called in its loop's thread."""
        self.cancel()
        if not self._future.done():
            self._future.set_exception(LogUnavailable(why))


class _Patience:
    """How long the tasks of one loop wait: all equally long, so one timer does for all of them.

    A timer for each is set for nothing nearly always, and costs half as much as building the entry.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop, self.seconds = loop, seconds
        self._waiting: deque[TaskTicket] = deque()  # in the order in which they will be late
        self._is_set = False

    def watch(self, ticket: TaskTicket) -> None:
        """Refuse this ticket when it becomes late."""
        while self._waiting and self._waiting[0].done:
            self._waiting.popleft()
        self._waiting.append(ticket)
        if not self._is_set:
            self._set()

    def _set(self) -> None:
        self.loop.call_at(self._waiting[0].late_at, self._look)
        self._is_set = True

    def _look(self) -> None:
        self._is_set, now = False, self.loop.time()
        while self._waiting and (self._waiting[0].done or self._waiting[0].late_at <= now):
            ticket = self._waiting.popleft()
            if not ticket.done:
                ticket.refuse("too_late")
        if self._waiting:
            self._set()


class _Mine(threading.local):
    patience: _Patience | None = None  # a thread runs one loop after another


_mine = _Mine()


def _patience(loop: asyncio.AbstractEventLoop, seconds: float) -> _Patience:
    found = _mine.patience
    if found is None or found.loop is not loop or found.seconds != seconds:
        found = _mine.patience = _Patience(loop, seconds)
    return found


def answer(tickets: Iterable[Ticket], why: str | None) -> None:
    """Answer those that have no answer yet: None when they are synced, else why they are not.

    The tasks of one loop are woken together: waking a loop costs more than answering a task.
    """
    tasks: dict[asyncio.AbstractEventLoop, list[TaskTicket]] = {}
    for ticket in tickets:
        if ticket.answered:
            continue
        ticket.answered, ticket.why = True, why
        if isinstance(ticket, TaskTicket):
            tasks.setdefault(ticket.loop, []).append(ticket)
        else:
            ticket.wake()
    for loop, waiting in tasks.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits there any more
            loop.call_soon_threadsafe(_wake, waiting)


def _wake(tickets: Sequence[TaskTicket]) -> None:
    for ticket in tickets:
        ticket.wake()
