"""A run of the review: looks at the days on which entries came in, and keeps what it finds.

A day is always looked at whole and from the start, so that a run can be repeated: the same day and
the same facts give the same findings. What is recorded later can still explain (a meeting, an action,
a note): open findings of the last weeks are looked at again once a day.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from json import loads
from statistics import median
from uuid import UUID

from django.db import Error, connection, transaction
from django.db.models import Count

from audit.entry import Entry
from audit.growth import store
from audit.models import Leaf
from audit.record import record, write_lock
from audit.review import rules
from audit.review.commands import now
from audit.review.facts import DAY, LISTS, OPENINGS, SECOND, Access, Facts, Part, accesses
from audit.review.models import Finding, ReviewedDay, ReviewPlace
from audit.review.ties import AFTER_PART, BEFORE_PART, REACH, Ties
from audit.threads import leave

FactsFor = Callable[[int, int], Facts]

# What somebody did to a case is her own part in it, as the log itself proves.
OWN_ACTS = (
    "case.opened",
    "case.phase_changed",
    "subject.registered",
    "subject.corrected",
    "party.involved",
    "party.ended",
    "exception.recorded",
)
READ = (*OPENINGS, *LISTS, "exception.recorded")
LOOKS_BACK = timedelta(days=21)  # as long as a meeting or a part can still come to explain
REMEMBERS = timedelta(days=42)
USUAL_OVER = timedelta(days=90)
_LEADER = 0x4361_7372  # "Casr": the advisory lock of the process that reviews
_alone = threading.Lock()


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    days: int
    found: int
    settled: int


def run(facts_for: FactsFor, *, again: bool = False) -> Ran | None:
    """Review what came in since the last run; None when another run is at work.

    `facts_for(since, until)`: what was recorded in that time, µs since 1970. `again`: look at open
    findings anew also when that was done today. Raises LogUnavailable.
    """
    with _one_at_a_time() as mine:
        return _run(facts_for, again) if mine else None


@contextmanager
def _one_at_a_time() -> Iterator[bool]:
    if not _alone.acquire(blocking=False):
        yield False
        return
    try:
        with _alone_among_processes() as mine:
            yield mine
    finally:
        _alone.release()


@contextmanager
def _alone_among_processes() -> Iterator[bool]:
    """Hold the advisory lock meanwhile, if it is to be had. With SQLite there is one process."""
    if connection.vendor == "sqlite":
        yield True
        return
    mine = _asked_for("pg_try_advisory_lock")
    try:
        yield mine
    finally:
        if mine:
            _give_back()


def _give_back() -> None:
    """Unlock; where that fails the connection ends, and its lock with it."""
    try:
        _asked_for("pg_advisory_unlock")
    except Error:
        leave()


def _asked_for(call: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}(%s)", [_LEADER])
        return bool(cursor.fetchone()[0])


def _run(facts_for: FactsFor, again: bool) -> Ran:  # noqa: FBT001
    place, _new = ReviewPlace.objects.get_or_create(id=1)
    days, log, size = _new_days(place)
    today = rules.day_of(int(now().timestamp() * SECOND))
    if again or place.settled_on != today:
        days |= _open_days(today)
    found = settled = 0
    if days:
        ties = _ties(min(days), max(days), facts_for)
        for day in sorted(days):
            made, gone = _review(day, ties)
            found, settled = found + made, settled + gone
    with write_lock(), transaction.atomic():
        ReviewPlace.objects.update_or_create(
            id=1, defaults={"log": log, "size": size, "ran_at": now(), "settled_on": today}
        )
    return Ran(len(days), found, settled)


def _new_days(place: ReviewPlace) -> tuple[set[date], int, int]:
    """Return the days of accesses that got a position since the last run, and how far that is."""
    days: set[date] = set()
    log, size = place.log, place.size
    for one in store.logs():
        if one.id < place.log or one.removed_at is not None:
            continue
        start = place.size if one.id == place.log else 0
        days |= {rules.day_of(row.t) for row in store.rows(one, start, one.size) if _counts(row.act, row.out)}
        log, size = one.id, one.size
    return days, log, size


def _counts(act: str, out: str) -> bool:
    return act in READ or out == "deny"


def _open_days(today: date) -> set[date]:
    recent = Finding.objects.filter(state="open", day__gte=today - LOOKS_BACK)
    return set(recent.values_list("day", flat=True).distinct())


# --- reading ----------------------------------------------------------------------------------


def _ties(first: date, last: date, facts_for: FactsFor) -> Ties:
    since, until = _bounds(first)[0], _bounds(last)[1]
    facts = facts_for(since - REACH, until + REACH)
    return Ties(replace(facts, parts=(*facts.parts, *_own_parts(since - AFTER_PART, until + BEFORE_PART))))


def ties_of(first: date, last: date, facts_for: FactsFor) -> Ties:
    """Return what ties people to cases in these days, both included."""
    return _ties(first, last, facts_for)


def _own_parts(since: int, until: int) -> Iterator[Part]:
    done = Leaf.objects.filter(t__gte=since, t__lt=until, act__in=OWN_ACTS, out="permit")
    named = done.exclude(actor=None).exclude(case_id=None)
    for case, actor, t in named.values_list("case_id", "actor", "t"):
        if case is not None and actor is not None:
            yield Part(case, actor, t)


def _accesses(day: date) -> list[Access]:
    since, until = _bounds(day)
    read = Leaf.objects.filter(t__gte=since, t__lt=until)
    wanted = (read.filter(act__in=READ) | read.filter(out="deny")).order_by("t", "id").values_list("id", "leaf")
    return [access for number, leaf in wanted.iterator() for access in accesses(number, loads(bytes(leaf)))]


def _bounds(day: date) -> tuple[int, int]:
    """Return the first moment of a day in the Netherlands and that of the next, in µs."""
    start, end = (datetime.combine(one, time(), rules.ZONE) for one in (day, day + timedelta(days=1)))
    return int(start.timestamp()) * SECOND, int(end.timestamp()) * SECOND


def _history(day: date) -> rules.History:
    before = Finding.objects.filter(kind=rules.UNEXPLAINED, day__gte=day - REMEMBERS, day__lt=day)
    counted = before.exclude(state="settled").values_list("person", "case").annotate(days=Count("id"))
    earlier = {(person, case): days for person, case, days in counted if case is not None}
    return rules.History(usual=lambda person: _usual(person, day), earlier=earlier)


@lru_cache(maxsize=256)
def _usual(person: UUID, day: date) -> int:
    """Return how many cases somebody opens on a usual day of the three months before: the median."""
    until = _bounds(day)[0]
    since = until - USUAL_OVER.days * DAY
    opened = Leaf.objects.filter(actor=person, act__in=rules.CHOSEN, out="permit", t__gte=since, t__lt=until)
    cases: dict[date, set[UUID | None]] = {}
    for t, case in opened.values_list("t", "case_id"):
        cases.setdefault(rules.day_of(t), set()).add(case)
    return round(median(len(found) for found in cases.values())) if cases else rules.USUAL_WITHOUT_HISTORY


# --- keeping ----------------------------------------------------------------------------------


def _review(day: date, ties: Ties) -> tuple[int, int]:
    """Look at one day and keep what is found; return how many findings are new, and how many settled."""
    looked = _accesses(day)
    wanted = {(one.kind, one.person, one.case): one for one in rules.review(looked, ties, _history(day))}
    counted = rules.tally(looked, ties)
    with write_lock(), transaction.atomic():
        kept = {(row.kind, row.person, row.case): row for row in Finding.objects.select_for_update().filter(day=day)}
        made = [one for key, one in wanted.items() if key not in kept]
        gone = [row for key, row in kept.items() if key not in wanted and row.state == "open"]
        _make(made)
        _settle(gone)
        _renew((row, wanted[key]) for key, row in kept.items() if key in wanted)
        ReviewedDay.objects.update_or_create(
            day=day, defaults={"visits": counted.visits, "unexplained": counted.unexplained}
        )
    return len(made), len(gone)


def _make(found: Iterable[rules.Finding]) -> None:
    rows = [
        Finding(
            kind=one.kind,
            person=one.person,
            case=one.case,
            day=one.day,
            found_at=now(),
            **_told(one),
        )
        for one in found
    ]
    Finding.objects.bulk_create(rows)
    record(*(_entry("finding.made", row) for row in rows))


def _settle(rows: Iterable[Finding]) -> None:
    """Take back what is explained after all, as long as nobody was asked."""
    for row in rows:
        row.state, row.version = "settled", row.version + 1
        row.save(update_fields=["state", "version"])
        record(_entry("finding.settled", row))


def _renew(pairs: Iterable[tuple[Finding, rules.Finding]]) -> None:
    """Bring what is found again up to date.

    What was settled opens anew, and so does what was judged before she looked once more that day:
    the verdict stands in the log, and the entries that it did not see need one of their own.
    """
    for row, one in pairs:
        told = _told(one)
        if all(getattr(row, name) == value for name, value in told.items()) and row.state != "settled":
            continue
        grown = (row.leaves, row.reason) != (told["leaves"], told["reason"])
        again = row.state == "settled" or (row.state == "judged" and not set(one.leaves) <= set(row.leaves))
        if row.state == "judged" and not again:
            continue
        for name, value in told.items():
            setattr(row, name, value)
        # A page that is open shows the entries and the reason of before: a verdict from there must not cover these.
        if grown or again:
            row.version += 1
        if again:
            row.state, row.verdict, row.judged_at, row.judged_by = "open", "", None, None
            record(_entry("finding.made", row))
        row.save()


def _told(one: rules.Finding) -> dict[str, object]:
    return {
        "reason": one.reason,
        "first_t": one.first,
        "last_t": one.last,
        "leaves": list(one.leaves),
        "marks": sorted(one.marks),
        "count": one.count,
        "usual": one.usual,
    }


def _entry(act: str, row: Finding) -> Entry:
    return Entry(
        act=act,
        origin="system",
        case=row.case,
        obj=(f"review:{row.id}", f"person:{row.person}"),
        reason=row.reason,
    )
