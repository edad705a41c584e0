"""The measurements themselves: one change to everybody, many changes at once, memory."""

import contextlib
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bench.fleet import Client, Fleet

Send = Callable[[Client], None]


@dataclass
class Spread:
    """Milliseconds of many rounds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, taken: list[float]) -> "Spread":
        ordered = sorted(taken)
        return cls(statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])


@dataclass
class Latency:
    """From the sender's send to the last receiver, and where the time went."""

    last: Spread
    answered: Spread | None = None
    first: Spread | None = None
    lost: int = 0


@dataclass
class Burst:
    """Many changes in a short time. `frames`: a server may merge changes into fewer frames."""

    offered: int
    delivered: int
    seconds: float
    frames: int

    @property
    def rate(self) -> float:
        return self.delivered / self.seconds

    @property
    def lost(self) -> int:
        return self.offered - self.delivered


@dataclass
class Moments:
    """What `take` has noted of the round under way."""

    got: int = 0
    first: float = 0.0
    last: float = 0.0
    answered: float = 0.0
    notes: dict[int, set[bytes]] = field(default_factory=dict)

    def again(self) -> None:
        self.got, self.first, self.last, self.answered = 0, 0.0, 0.0, 0.0

    def answer(self) -> None:
        self.answered = perf_counter()

    def change(self) -> None:
        self.last = perf_counter()
        if not self.got:
            self.first = self.last
        self.got += 1


def latency(fleet: Fleet, moments: Moments, senders: list[Client], send: Send, rounds: int) -> Latency:
    """Let one sender after another send one change, and wait until everybody has it."""
    everybody = len(fleet.clients)
    last, first, answered, lost = [], [], [], 0
    for number in range(rounds):
        moments.again()
        start = perf_counter()
        send(senders[number % len(senders)])
        if not fleet.until(lambda: moments.got >= everybody, 5.0):
            lost += everybody - moments.got
            continue
        last.append((moments.last - start) * 1000)
        first.append((moments.first - start) * 1000)
        fleet.quiet(0.003)
        if moments.answered:
            answered.append((moments.answered - start) * 1000)
    half = Spread.of(answered) if answered else None
    return Latency(Spread.of(last), half, Spread.of(first), lost)


def paced(senders: list[Client], each: int, a_second: float) -> Iterator[tuple[float, Client]]:
    """When, in seconds from the start, which sender sends: evenly spread over the senders."""
    for number in range(each):
        for place, sender in enumerate(senders):
            yield (number + place / len(senders)) / a_second, sender


def burst(
    fleet: Fleet, plan: list[tuple[float, Client]], send: Send, delivered: Callable[[], int], frames: Callable[[], int]
) -> Burst:
    """Send as planned, and wait until all has come or nothing more does."""
    offered = len(plan) * len(fleet.clients)
    before, frames_before = delivered(), frames()
    start, last, seen = perf_counter(), 0.0, before
    waiting = iter(plan)
    following = next(waiting, None)
    while delivered() - before < offered:
        now = perf_counter() - start
        while following is not None and following[0] <= now:
            send(following[1])
            following = next(waiting, None)
        fleet.poll(0.001 if following is not None else 0.05)
        if delivered() != seen:
            seen, last = delivered(), perf_counter() - start
        elif following is None and perf_counter() - start - last > 5.0:
            break
    return Burst(offered, delivered() - before, last, frames() - frames_before)


def resident(pid: int) -> int:
    """Return the resident memory of a process, in KiB."""
    with contextlib.suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
