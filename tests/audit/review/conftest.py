"""The tiny world, two months old, with people who are invited to nothing, and entries at any moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import loads
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from audit import table as log_table
from audit.canonical import canonical
from audit.entry import Entry, build
from audit.growth import integrator
from audit.record import write_lock
from audit.review.commands import By
from conference import clock
from conference.cases.models import Involvement
from tests.world import Table, own_clock, quick_passwords, settle, tiny_world

__all__ = ["own_clock", "quick_passwords"]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """This moment, in µs."""
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def write(*entries: Entry, t: int | None = None) -> list[int]:
    """Append entries as if they were written at `t`, and give them their positions; return their ids."""
    moment = now() if t is None else t
    built = [
        replace(one, t=moment, leaf=canonical(loads(one.leaf) | {"t": moment}))
        for entry in entries
        for one in build(entry)
    ]
    with write_lock(), transaction.atomic():
        log_table.append(connection, built)
    integrator.integrate()
    from audit.models import Leaf

    last = Leaf.objects.order_by("-id").values_list("id", flat=True)[: len(built)]
    return sorted(last)


@pytest.fixture
def office(transactional_db: None, quick_passwords: None, own_clock: None) -> Table:
    """The tiny world; `pol2` of the police, and `oov`, are invited to no conference."""
    world = tiny_world()
    for conference in world["conferences"]:
        conference["people"] = [name for name in conference["people"] if name not in {"pol2", "oov"}]
    world["people"].append(world["people"][-1] | {"id": "fg2", "username": "fg2", "name": "T. Oezicht"})
    table = settle(world)
    Involvement.objects.update(since=clock.now() - timedelta(days=60))
    return table


Saw = Callable[..., Entry]


@pytest.fixture
def saw(office: Table) -> Saw:
    """The entry of somebody of the office who sees a case: `saw("pol2", case="c1")`."""

    def entry(name: str, case: str | None = "c1", **more: Any) -> Entry:
        who = office.sit(name)
        given: dict[str, Any] = {"act": "case.viewed", "origin": "http", "reason": "covenant"}
        at = office.id("cases", case) if case else None
        return Entry(**(given | {"actor": who.person, "party": who.party, "case": at} | more))

    return entry


def by(office: Table, name: str) -> By:
    """Somebody who takes a step, as a page hands her on."""
    who = office.sit(name)

    def entry(act: str, **more: Any) -> Entry:
        return Entry(act=act, origin="http", actor=who.person, party=who.party, session=who.session, **more)

    return By(who.person, entry)


def person(office: Table, name: str) -> UUID:
    return office.id("people", name)
