"""What a test lets happen inside a store of its own: run as a process, so that logs and clocks are its own.

Each story opens the store, does its work with the product's own functions and prints one JSON answer.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")


def _micro(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * 1_000_000


def _write(count: int, at: str | None = None) -> None:
    from django.db import connection, transaction

    from audit import table
    from audit.entry import Entry, build
    from audit.record import write_lock

    built = [one for _ in range(count) for one in build(Entry(act="case.viewed", origin="http", actor=uuid4()))]
    if at is not None:
        then = _micro(at)
        built = [replace(one, t=then, leaf=one.leaf.replace(b"%d" % one.t, b"%d" % then)) for one in built]
    with write_lock(), transaction.atomic():
        table.append(connection, built)


def _told() -> dict[str, Any]:
    from audit.growth import store
    from audit.tree.hashing import leaf_hash
    from tests.audit.growth.recursive import root_of

    logs = []
    for log in store.logs():
        leaves = list(store.leaves(log, 0, log.size))
        last = store.checkpoint(log.id)
        signed = root_of([leaf_hash(one) for one in leaves[: last.size]]) == bytes(last.root) if last else None
        logs.append(
            {
                "year": log.year,
                "origin": log.origin.partition("/")[2].partition("/")[2],
                "size": log.size,
                "leaves": len(leaves),
                "closed": log.closed_at is not None,
                "checkpoint": last.size if last else None,
                "signed_root_is_of_the_leaves": signed,
            }
        )
    return {"logs": logs}


def _at(now: str) -> None:
    from audit.growth import integrator

    integrator._now = lambda: _micro(now)


def the_year_turns() -> dict[str, Any]:
    from audit.growth.integrator import integrate, sign

    _at("2026-12-31T23:59:00")
    _write(300, "2026-12-31T23:58:00")
    integrate()
    sign()
    _write(5, "2026-12-31T23:59:59")
    _write(7, "2027-01-01T00:00:01")
    _at("2027-01-01T00:00:02")
    integrate()
    sign()
    return _told()


def a_quiet_new_year() -> dict[str, Any]:
    from audit.growth.integrator import integrate

    _at("2026-12-31T12:00:00")
    _write(3, "2026-12-31T11:58:00")
    integrate()
    _at("2027-01-01T00:00:00")
    integrate()
    return _told()


def a_late_leaf() -> dict[str, Any]:
    from audit.growth.integrator import integrate, sign

    _at("2027-01-02T12:00:00")
    _write(3, "2026-12-31T11:58:00")
    integrate()
    _write(2, "2027-01-01T12:00:00")
    integrate()
    _write(1, "2026-12-31T23:00:00")
    integrate()
    sign()
    return _told()


def a_clock_that_went_back() -> dict[str, Any]:
    from audit.growth.integrator import integrate, sign

    _at("2031-01-01T12:00:00")
    _write(3, "2031-01-01T11:58:00")
    integrate()
    _at("2026-06-01T12:00:00")
    _write(2, "2026-06-01T11:00:00")
    integrate()
    sign()
    return _told()


def the_key_is_gone() -> dict[str, Any]:
    from audit import signing
    from audit.growth.integrator import integrate, sign

    _write(3)
    integrate()
    signing._sealer = None
    signing._known.clear()
    _write(2)
    integrate()
    try:
        sign()
    except signing.SigningUnavailable as trouble:
        return _told() | {"trouble": trouble.code}
    return _told()


def two_open_the_year() -> dict[str, Any]:
    """The second one has read what waits before the first one opened the log and filled it."""
    from audit.growth import integrator, writing

    _write(5)
    first, second = integrator.Integrator(), integrator.Integrator()
    real = writing.waiting

    def seen_before(most: int) -> list[writing.Waiting]:
        found = real(most)
        writing.waiting = real
        first.integrate()
        return found

    writing.waiting = seen_before
    second.integrate()
    _write(3)
    first.integrate()
    second.integrate()
    second.sign()
    return _told() | {"verdict": _verdict()}


def it_grows_while_it_is_closed() -> dict[str, Any]:
    from audit.growth import integrator

    _at("2026-12-31T12:00:00")
    _write(3, "2026-12-31T11:58:00")
    first, second = integrator.Integrator(), integrator.Integrator()
    first.integrate()
    real = integrator._sign

    def late(log: Any) -> Any:
        signed = real(log)
        integrator._sign = real
        _at("2026-12-31T12:00:00")
        _write(2, "2026-12-31T23:59:00")
        second.integrate()
        _at("2027-01-01T12:00:00")
        return signed

    integrator._sign = late
    _at("2027-01-01T12:00:00")
    first.integrate()
    _write(4, "2027-01-01T12:00:00")
    first.integrate()
    first.sign()
    return _told() | {"verdict": _verdict()}


def a_step_that_fails_after_growing() -> dict[str, Any]:
    from audit.growth import integrator, writing

    _write(5)
    worker = integrator.Integrator()
    worker.integrate()
    _write(4)
    real = writing.write_tiles

    def broken(log: Any, changed: Any) -> None:
        writing.write_tiles = real
        raise OSError

    writing.write_tiles = broken
    try:
        worker.integrate()
    except OSError:
        kept = worker._edge
    worker.integrate()
    worker.sign()
    return _told() | {"kept": kept is not None, "verdict": _verdict()}


def _verdict() -> list[Any]:
    from audit.proving.checking import check

    return [[one.verdict.ok, one.verdict.reason] for one in check()]


def a_year_that_is_said_to_be_removed() -> dict[str, Any]:
    from django.db import connection

    from audit.growth.integrator import integrate

    the_year_turns()
    integrate()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in ("audit_leaf", "audit_tile"):
                cursor.execute(f"DROP TRIGGER {table}_delete")
        else:
            for table in ("audit_leaf", "audit_tile"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_change")
            cursor.execute("DELETE FROM audit_bundle WHERE log = 1")
        cursor.execute("DELETE FROM audit_leaf WHERE id <= 305")
        cursor.execute("DELETE FROM audit_tile WHERE log = 1")
        cursor.execute("UPDATE audit_log SET removed_at = closed_at WHERE id = 1")
    return {"verdict": _verdict()}


def one_takes_the_place_of_another() -> dict[str, Any]:
    """PostgreSQL: before it gets its position, a leaf is pushed out of what waits by one that has its own."""
    from django.db import connection

    from audit.growth.integrator import integrate, sign

    _write(5)
    integrate()
    sign()
    _write(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_waiting SET leaf_id = (SELECT min(id) FROM audit_leaf)")
    return {"verdict": _verdict()}


def a_damaged_morning() -> dict[str, Any]:
    from django.db import connection

    from audit.proving import daily

    _write(10)
    told = [daily.run()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_leaf_update")
        else:
            cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_change")
        cursor.execute("SELECT id, leaf FROM audit_leaf ORDER BY id LIMIT 1 OFFSET 3")
        number, leaf = cursor.fetchone()
        cursor.execute(
            "UPDATE audit_leaf SET leaf = %s WHERE id = %s", [bytes(leaf).replace(b"permit", b"PERMIT"), number]
        )
    _write(2)
    told.append(daily.run())
    return {"checks": [[one.ok, one.entries, one.first_bad, one.reason] for one in told]}


def main() -> None:
    from conference import startup, store

    startup.prepare()
    store.open_here(may_found=True)
    story: Callable[[], dict[str, Any]] = globals()[sys.argv[1]]
    print(json.dumps(story()))


if __name__ == "__main__":
    main()
