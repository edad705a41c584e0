"""A worker: entries through the product's own writer, one by one or by many who wait.

Run by `bench.audit`; on whatever engine its store has.
"""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bench.audit.people import PEOPLE, People
from bench.audit.workers import Answer, serve
from conference import startup, store

startup.prepare()

from audit.growth import integrator  # noqa: E402
from audit.growth.background import INTERVAL, WATCH_EVERY, Integrating, Watch  # noqa: E402
from audit.growth.integrator import Integrator  # noqa: E402
from audit.record import Entry, record_durably, record_durably_async, stop  # noqa: E402
from audit.threads import Rhythm, Threads  # noqa: E402

people = People()
lags: list[float] = []
behind: list[Threads] = []


def serial(count: int, person: int = 0) -> Answer:
    """One caller: seconds of each entry, and when it began and ended."""
    entries = people.entries(person, count)
    taken = []
    began = time.monotonic()
    for entry in entries:
        start = time.perf_counter()
        record_durably(entry)
        taken.append(time.perf_counter() - start)
    return {"began": began, "ended": time.monotonic(), "taken": taken}


def tasks(each: int) -> Answer:
    """Sixty-four tasks of one event loop, each waiting for its own entry: entries per second."""
    entries = [people.entries(person, each) for person in range(PEOPLE)]

    async def one(own: list[Entry]) -> None:
        for entry in own:
            await record_durably_async(entry)

    async def everybody() -> float:
        start = time.perf_counter()
        await asyncio.gather(*(one(own) for own in entries))
        return time.perf_counter() - start

    return {"rate": PEOPLE * each / asyncio.run(everybody())}


def threads(each: int, callers: int = PEOPLE, person: int = 0) -> Answer:
    """So many threads, each waiting for its own entry."""
    entries = [people.entries(person + caller, each) for caller in range(callers)]
    ready = threading.Barrier(callers + 1)

    def one(own: list[Entry]) -> None:
        ready.wait()
        for entry in own:
            record_durably(entry)

    with ThreadPoolExecutor(callers) as pool:
        done = [pool.submit(one, own) for own in entries]
        ready.wait()
        began = time.monotonic()
        for future in done:
            future.result()
        ended = time.monotonic()
    return {"began": began, "ended": ended, "count": callers * each, "rate": callers * each / (ended - began)}


def grow(on: bool) -> Answer:  # noqa: FBT001  from JSON
    """Let the tree grow behind the writers as in a serving process, or stop that."""
    while behind:
        behind.pop().stop()
    if on:
        rhythms = [
            Rhythm("tree", Integrating(), INTERVAL, INTERVAL),
            Rhythm("watch", Watch(), WATCH_EVERY, WATCH_EVERY),
        ]
        behind.append(Threads(rhythms))
        behind[0].start()
    return {}


def lag() -> Answer:
    """Seconds from an entry's own moment until its position was committed; told once."""
    told = list(lags)
    lags.clear()
    return {"lag": told, "backlog": integrator.backlog().count}


def note_lags() -> None:
    """Note, behind the product's own step, how old each leaf was when its position was committed."""
    place = Integrator._place  # noqa: SLF001  nobody outside is told of a step

    def noted(self: Integrator, log: object, found: list[object]) -> int:
        placed = place(self, log, found)  # type: ignore[arg-type]
        now = time.time()
        lags.extend(now - one.t / 1_000_000 for one in found)  # type: ignore[attr-defined]
        return placed

    Integrator._place = noted  # type: ignore[method-assign,assignment]  # noqa: SLF001  as above


def main() -> None:
    """Open the store, answer, and leave nothing behind that still runs."""
    store.open_here(may_found=True)
    note_lags()
    record_durably(*people.entries(0, 1))
    serve({"serial": serial, "tasks": tasks, "threads": threads, "grow": grow, "lag": lag, "ready": dict})
    grow(on=False)
    stop()


if __name__ == "__main__":
    main()
