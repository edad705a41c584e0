"""What a test lets happen inside a store of its own: run as a process, told as one JSON answer."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
CASES = [UUID(int=n) for n in range(1, 6)]


def micro(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * 1_000_000


def write(count: int, at: str | None = None) -> None:
    from django.db import transaction

    from audit import record
    from audit.entry import Entry, build
    from audit.record import write_lock

    entries = [
        Entry(
            act="case.viewed",
            origin="http",
            actor=uuid4(),
            case=CASES[n % 5],
            subject=uuid4(),
            party="kwintes",
            recipients=(uuid4(),),
            reason="covenant",
        )
        for n in range(count)
    ]
    if at is None:
        with write_lock(), transaction.atomic():
            record.record(*entries)
        return
    from django.db import connection

    from audit import table

    with write_lock(), transaction.atomic():
        table.append(connection, [_moved(one, micro(at)) for entry in entries for one in build(entry)])


def _moved(one: Any, t: int) -> Any:
    """Give a leaf another moment, in its bytes and beside them."""
    return replace(one, t=t, leaf=one.leaf.replace(f'"t":{one.t}'.encode(), f'"t":{t}'.encode()))


def grow(*counts: str) -> dict[str, Any]:
    """Write so many entries, and sign after each number."""
    from audit.growth import store
    from audit.growth.integrator import integrate, sign

    for count in counts:
        write(int(count))
        integrate()
        sign()
    log = store.current()
    last = store.checkpoint(log.id) if log else None
    return {"size": log.size if log else 0, "checkpoint": bytes(last.note).decode() if last else ""}


def years(*turns: str) -> dict[str, Any]:
    """For each year: write 300 entries in it, and let its log close at new year's midnight."""
    from audit.growth import integrator

    for year in turns:
        integrator._now = lambda year=year: micro(f"{year}-06-02T12:00:00")
        write(300, f"{year}-06-01T12:00:00")
        integrator.integrate()
        integrator.sign()
        integrator._now = lambda year=year: micro(f"{int(year) + 1}-01-01T00:00:01")
        integrator.integrate()
    return {}


def console(commands: str) -> list[Any]:
    """Run commands of the console, one after another in this process; return status and output of each."""
    from conference.__main__ import main as casustafel

    answers: list[Any] = []
    for command in json.loads(commands):
        with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()):
            try:
                status: Any = casustafel(command)
            except SystemExit as ended:
                status = ended.code
        answers.append([status, said.getvalue()])
    return answers


def rows() -> dict[str, Any]:
    """Count what is kept of each year's log, and say whether the tables are guarded."""
    from django.db import DatabaseError, transaction

    from audit.growth import store
    from tests.audit.proving.tampering import one, run, sqlite

    told: dict[str, Any] = {}
    for log in store.logs():
        ids = range(log.first_id, log.first_id + log.size)
        within = f"BETWEEN {ids.start} AND {ids.stop - 1}"  # one writer: on PostgreSQL too ids are dense here
        told[str(log.year)] = {
            "leaves": one(f"SELECT count(*) FROM audit_leaf WHERE id {within}"),
            "tiles": one("SELECT count(*) FROM audit_tile WHERE log = %s", log.id),
            "checkpoints": one("SELECT count(*) FROM audit_checkpoint WHERE log = %s", log.id),
            "bundles": 0 if sqlite() else one("SELECT count(*) FROM audit_bundle WHERE log = %s", log.id),
            "found": one(f"SELECT count(*) FROM audit_found WHERE leaf_id {within}"),
            "tally": one("SELECT count(*) FROM audit_tally WHERE log = %s", log.id),
        }
    told["guarded"] = True
    for table in ("leaf", "tile", "checkpoint"):
        try:
            with transaction.atomic():
                run(f"DELETE FROM audit_{table}")
                told["guarded"] = False
                raise DatabaseError
        except DatabaseError:
            continue
    current = store.current()
    acts: dict[str, list[str]] = {}
    for raw in store.leaves(current, 0, current.size) if current else ():
        leaf = json.loads(raw)
        if leaf["act"].startswith("log."):
            acts.setdefault(leaf["act"], []).append(leaf["reason"])
    return told | {"acts": acts}


def grows_meanwhile(rounds: str) -> list[Any]:
    """Check again and again while others write, integrate and sign all the time."""
    import threading
    from dataclasses import asdict

    from django.db import connection

    from audit.growth.integrator import Integrator
    from audit.proving.checking import check
    from audit.record import LogUnavailable

    done = threading.Event()

    def keep_going(work: Callable[[], object]) -> None:
        while not done.wait(0.02):
            with suppress(LogUnavailable):
                work()
        connection.close()

    def take_in() -> None:
        other.integrate()
        other.sign()

    other = Integrator()
    threads = [threading.Thread(target=keep_going, args=(work,)) for work in (lambda: write(7), take_in)]
    write(300)
    take_in()
    for thread in threads:
        thread.start()
    try:
        return [asdict(one.verdict) for _round in range(int(rounds)) for one in check()]
    finally:
        done.set()
        for thread in threads:
            thread.join()


def change_the_last_checkpoint(year: str) -> dict[str, Any]:
    from django.db import transaction

    from audit.growth import store
    from tests.audit.proving import tampering

    log = next(log for log in store.logs() if log.year == int(year))
    with transaction.atomic():
        tampering.unguard()
        tampering.run("UPDATE audit_checkpoint SET note = %s WHERE log = %s", b"none", log.id)
    return {}


def lose_an_entry(year: str) -> dict[str, Any]:
    from django.db import transaction

    from audit.growth import store
    from tests.audit.proving import tampering

    log = next(log for log in store.logs() if log.year == int(year))
    with transaction.atomic():
        tampering.unguard()
        tampering.run("DELETE FROM audit_leaf WHERE id = %s", tampering.id_at(log, 7))
    return {}


def change_a_count() -> dict[str, Any]:
    """Change what the desk tells, behind the program's back."""
    from tests.audit.proving import tampering

    tampering.run("UPDATE audit_tally SET n = n + 5 WHERE scope = 0")
    return {}


def damage(position: str) -> dict[str, Any]:
    """Change an entry behind the program's back, for good."""
    from django.db import transaction

    from audit.growth import store
    from tests.audit.proving import tampering

    log = store.current()
    assert log is not None
    with transaction.atomic():
        tampering.unguard()
        tampering.forged(log, int(position))
    return {}


def main() -> None:
    from conference import startup, store

    startup.prepare()
    store.open_here(may_found=True)
    if sys.argv[1] == "tamper":
        from tests.audit.proving import tampering

        print(json.dumps(tampering.all_of_them()))
        return
    story: Callable[..., Any] = globals()[sys.argv[1]]
    print(json.dumps(story(*sys.argv[2:])))


if __name__ == "__main__":
    main()
