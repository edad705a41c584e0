"""Many who write at once while the integrator is stopped again and again: run as a program on a store of its own.

Every entry is about a case of its own, and what was acknowledged is noted in a file by that case's 16
bytes, which a kill cannot take back: so it can be counted afterwards what became of each.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

WRITERS = 8
SECONDS = 4.0  # that everybody writes


def _open() -> None:
    from conference import startup, store

    startup.prepare()
    store.open_here(may_found=True)


def _write(noted: Path, until: float) -> None:
    """Write entry after entry, and note each that was acknowledged."""
    from audit.record import Entry, record_durably

    file = os.open(noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while time.monotonic() < until:
        case = uuid4()
        record_durably(Entry(act="case.viewed", origin="http", actor=uuid4(), case=case))
        os.write(file, case.bytes)


# --- PostgreSQL: processes ----------------------------------------------------------------


def processes(noted: Path) -> dict[str, Any]:
    """Eight processes write; the ninth integrates and is killed at a random moment, as often as time allows."""
    from django.db import connection

    _open()
    connection.close()
    until, killed = time.monotonic() + SECONDS, 0
    writers = [_forked(lambda: _write(noted, until)) for _ in range(WRITERS)]
    while time.monotonic() < until:
        integrating = _forked(_integrate_for_ever)
        time.sleep(random.uniform(0.01, 0.25))
        os.kill(integrating, signal.SIGKILL)
        os.waitpid(integrating, 0)
        killed += 1
    ends = [os.waitpid(writer, 0)[1] for writer in writers]
    return {"killed": killed, "writers_failed": sum(map(bool, ends))}


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def _integrate_for_ever() -> None:
    from audit.growth.integrator import Integrator

    one = Integrator()
    while True:
        one.integrate()
        one.sign()


# --- SQLite: threads ----------------------------------------------------------------------


class _Stopped(Exception):
    """The integrator ends here."""


def threads(noted: Path) -> dict[str, Any]:
    """Eight threads write, a ninth integrates and stops at random in the middle of a step. Killed from outside."""
    _open()
    _stop_in_the_middle()
    until = time.monotonic() + 60
    for _ in range(WRITERS):
        threading.Thread(target=_write, args=(noted, until)).start()
    _integrate_and_stop()
    return {}


def _stop_in_the_middle() -> None:
    """Let the integrator's step end at random before or after each of its statements."""
    from audit import tally
    from audit.growth import writing

    def halting(work: Callable[..., Any]) -> Callable[..., Any]:
        def halted(*args: Any) -> Any:
            if random.random() < 0.1:
                raise _Stopped
            found = work(*args)
            if random.random() < 0.1:
                raise _Stopped
            return found

        return halted

    for place, name in ((writing, "advance"), (writing, "write_tiles"), (writing, "settle"), (tally, "take")):
        setattr(place, name, halting(getattr(place, name)))


def _integrate_and_stop() -> None:
    from audit.growth.integrator import Integrator
    from audit.record import LogUnavailable

    one, stopped = Integrator(), 0
    while True:
        try:
            one.integrate()
            one.sign()
        except _Stopped:
            stopped += 1
            print(stopped, flush=True)
            if stopped % 2:
                one = Integrator()  # a new one begins from what stands in the store, the same one from what it knew
        except LogUnavailable:
            continue  # eight writers were before it


# --- what became of it ---------------------------------------------------------------------


def told(noted: Path) -> dict[str, Any]:
    """Take in what still waits, and compare what was acknowledged, what stands there and what was signed."""
    _open()
    from audit.growth import integrator, store
    from audit.models import Leaf
    from audit.tree import proofs
    from audit.tree.hashing import leaf_hash
    from tests.audit.growth.recursive import root_of

    integrator.integrate()
    checkpoint = integrator.sign()
    [log] = store.logs()
    rows = list(store.rows(log, 0, log.size))
    root = root_of([leaf_hash(row.leaf) for row in rows])
    cases = Counter(json.loads(row.leaf)["case"].replace("-", "") for row in rows)
    raw = noted.read_bytes()
    acknowledged = [raw[at : at + 16].hex() for at in range(0, len(raw), 16)]
    written = set(Leaf.objects.values_list("id", flat=True))
    return {
        "acknowledged": len(acknowledged),
        "lost": sum(case not in cases for case in acknowledged),
        "twice": sum(count > 1 for count in cases.values()),
        "without_position": len(written - {row.id for row in rows}),
        "dense": [row.position for row in rows] == list(range(len(written))),
        "waits": integrator.backlog().count,
        "tiles_root": proofs.root(store.nodes(log.id), log.size) == root,
        "signed_root": checkpoint is not None and (checkpoint.size, bytes(checkpoint.root)) == (log.size, root),
    }


if __name__ == "__main__":
    print(json.dumps({"processes": processes, "threads": threads, "told": told}[sys.argv[1]](Path(sys.argv[2]))))
