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
        built = [replace(one, t=_micro(at)) for one in built]
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
