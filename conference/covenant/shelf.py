"""The shelf of adopted covenants: which one rules now, and adopting the next."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from audit.record import Entry, record, write_lock
from conference import clock
from conference.covenant.file import parse
from conference.covenant.models import CovenantVersion
from conference.covenant.shape import Covenant
from conference.covenant.trouble import CovenantError
from consent.versions import raise_version

SCOPE = "covenant"


def active(now: datetime) -> Covenant | None:
    """Return the version that rules at an aware moment, or None."""
    return ruling_at(now)[0]


def ruling_at(now: datetime) -> tuple[Covenant | None, datetime | None]:
    """Return the version that rules at a moment, and when which one rules next changes by itself."""
    stored = versions()
    ruling = next((covenant for covenant in stored if covenant.is_active(now)), None)
    moments = [covenant.starts for covenant in stored if covenant.starts and covenant.starts > now]
    ends = ruling.active_until(now) if ruling else None
    return ruling, min([*moments, ends] if ends else moments, default=None)


def shown(now: datetime) -> Covenant | None:
    """Return the version that people may read about: the active one, else the last adopted."""
    stored = versions()
    return active(now) or (stored[-1] if stored else None)


def versions() -> tuple[Covenant, ...]:
    """Return all adopted versions in order of adoption, each knowing when it is superseded.

    One small query: rows never change, so a set of ids says all that they hold.
    """
    return _lined_up(tuple(CovenantVersion.objects.order_by("number").values_list("id", flat=True)))


def adopt(source: str | Mapping[str, Any], *, by: UUID | None, origin: str, party: str | None = None) -> Covenant:
    """Store a version; it rules from the day it begins, once every P and Q party has approved.

    `by`: the person's opaque id; `origin`: the log's ("cli", "seed", "http"). A file that is
    on the shelf already changes nothing. Raises CovenantError, also "version_exists" when this
    id and version stand for other rules.
    """
    covenant = parse(source)
    text = canonical(covenant)
    with write_lock(), transaction.atomic():
        rows = CovenantVersion.objects.filter(covenant_id=covenant.id, version=covenant.version).order_by("number")
        for row in rows:
            _check_same_rules(row, covenant)
        last = rows.last()
        if last is None or last.text != text:
            _store(covenant, text, by=by, origin=origin, party=party)
    return covenant


def canonical(covenant: Covenant) -> str:
    """Return the file's content as compact JSON, parties and categories in the file's own order."""
    return json.dumps(dict(covenant.source), ensure_ascii=False, separators=(",", ":"))


def _store(covenant: Covenant, text: str, *, by: UUID | None, origin: str, party: str | None) -> None:
    last = CovenantVersion.objects.aggregate(last=Max("number"))["last"] or 0
    row = CovenantVersion.objects.create(
        number=last + 1,
        covenant_id=covenant.id,
        version=covenant.version,
        text=text,
        adopted_at=clock.now(),
        adopted_by=by,
    )
    raise_version(SCOPE)
    entry = Entry(
        act="covenant.adopted",
        origin=origin,
        actor=by,
        party=party,
        obj=(f"covenant:{row.pk}",),
        covenant=covenant.version,
    )
    record(entry)


def _check_same_rules(row: CovenantVersion, covenant: Covenant) -> None:
    """The same id and version may come again with more approvals, dates or confirmed checks only."""
    if _rules(json.loads(row.text)) != _rules(covenant.source):
        raise CovenantError("version_exists", "covenant.version", "this version stands for other rules already")


def _rules(source: Mapping[str, Any]) -> dict[str, Any]:
    parties = {
        name: {key: value for key, value in facts.items() if key != "checked"}
        for name, facts in source["parties"].items()
    }
    return {**source, "parties": parties, "covenant": None}


@lru_cache(maxsize=256)
def _parsed(row: UUID) -> Covenant:
    return parse(json.loads(CovenantVersion.objects.values_list("text", flat=True).get(pk=row)))


@lru_cache(maxsize=16)
def _lined_up(rows: tuple[UUID, ...]) -> tuple[Covenant, ...]:
    """Tell each version when a later one replaces it: a later one that is approved and has begun."""
    replaced: datetime | None = None
    lined: list[Covenant] = []
    for covenant in reversed([_parsed(row) for row in rows]):
        lined.append(covenant.superseded(replaced) if replaced else covenant)
        replaced = min((moment for moment in (replaced, covenant.starts) if moment), default=None)
    return tuple(reversed(lined))
