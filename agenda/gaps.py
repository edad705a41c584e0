"""Which consent a case lacks, per receiving party and category: from covenant and register alone.

Never from what is in the case: a consent is lacking where somebody *could* bring something that the
party may read with consent only, and no exception carries it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Literal, TypeVar
from uuid import UUID

from agenda.protocol import ConsentGap
from agenda.scope import Scopes
from conference.cases.rights import CaseRights, SubjectRights
from conference.covenant import facts
from conference.covenant.days import day_of, midnight, next_band_change
from conference.covenant.file import Covenant
from conference.covenant.rules import decide
from conference.covenant.words import AT_ONCE_STATES, VALID_STATES

SOON = timedelta(days=14)
_JUST_BEFORE = timedelta(microseconds=1)
_KEEP = 256

Kind = Literal["missing", "asked", "deferred", "refused", "later", "expiring", "expired", "withdrawn", "invalid"]
Step = Literal["ask", "wait", "renew", "leave"]
Key = tuple[str, str, str]  # subject, party, category
Line = TypeVar("Line", facts.ConsentLine, facts.ExceptionLine)

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "gevraagd": "asked",
        "uitgesteld": "deferred",
        "geweigerd": "refused",
        "verlopen": "expired",
        "ingetrokken": "withdrawn",
        "ongeldig": "invalid",
    }
)
_STEPS: Mapping[Kind, Step] = MappingProxyType(
    {
        "missing": "ask",
        "asked": "wait",
        "deferred": "ask",
        "refused": "leave",
        "later": "wait",
        "expiring": "renew",
        "expired": "renew",
        "withdrawn": "leave",
        "invalid": "leave",
    }
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one case lacks, and when that next changes by the clock alone (None: never)."""

    gaps: tuple[ConsentGap, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, with all that it depends on."""

    found: CaseRights
    covenant: Covenant
    since: datetime
    lacking: Lacking

    def holds(self, found: CaseRights, covenant: Covenant, now: datetime) -> bool:
        until = self.lacking.until
        return (
            self.found is found and self.covenant is covenant and self.since <= now and (until is None or now < until)
        )


_cache: OrderedDict[UUID, _Kept] = OrderedDict()
_lock = Lock()


def lacking(scopes: Scopes, case: UUID) -> Lacking:
    """Return what a case lacks at the gate's moment, in the order of its people, parties and kinds."""
    covenant, found, now = scopes.gate.covenant, scopes.gate.cases[case], scopes.gate.now
    if covenant is None or not found.readable:
        return Lacking((), None)
    with _lock:
        kept = _cache.get(case)
    if kept is None or not kept.holds(found, covenant, now):
        kept = _Kept(found, covenant, now, _lacking(scopes, found, covenant))
        with _lock:
            _cache[case] = kept
            _cache.move_to_end(case)
            while len(_cache) > _KEEP:
                _cache.popitem(last=False)
    return kept.lacking


def soon_from(ends: datetime) -> datetime:
    """Return from when a consent with this (exclusive) end counts as expiring: 0:00, 14 days before that day."""
    return midnight(day_of(ends) - SOON)


def _lacking(scopes: Scopes, found: CaseRights, covenant: Covenant) -> Lacking:
    now = scopes.gate.now
    lines = _by_key(line for line in found.consents if line.purpose == found.fact.purpose)
    exceptions = _by_key(found.exceptions)
    moments = {
        change
        for subject in found.subjects.values()
        if (change := next_band_change(subject.birth_date, day_of(now))) is not None
    }
    gaps: dict[tuple[UUID, str, Kind, str | None], list[str]] = {}
    asked = [one for one in found.subjects.values() if one.role != "suspect"]
    for subject, party, category in _asked(scopes, found.id, covenant, asked):
        key = (str(subject.id), party, category)
        mine, carrying = lines.get(key, ()), exceptions.get(key, ())
        moments |= {moment for moment in _moments(mine, carrying) if moment > now}
        stands = _stands(mine, now)
        if stands is not None and not _carried(scopes, found, key, carrying):
            gaps.setdefault((subject.id, party, *stands), []).append(category)
    rows = (
        _row(found.subjects[subject], party, kind, day, categories)
        for (subject, party, kind, day), categories in gaps.items()
    )
    return Lacking(tuple(rows), min(moments, default=None))


def _row(subject: SubjectRights, party: str, kind: Kind, day: str | None, categories: list[str]) -> ConsentGap:
    return ConsentGap(subject.id, subject.handle, party, categories, kind, day, _STEPS[kind])


def _asked(
    scopes: Scopes, case: UUID, covenant: Covenant, subjects: list[SubjectRights]
) -> Iterator[tuple[SubjectRights, str, str]]:
    """Yield each person, party and category for which she can be asked, now or once the case is discussed."""
    pairs = [
        (party, category)
        for party in scopes.receivers(case)
        for category in covenant.categories
        if subjects and scopes.may_be_asked(case, party, category)
    ]
    for subject in subjects:
        for party, category in pairs:
            yield subject, party, category


def _by_key(lines: Iterable[Line]) -> dict[Key, list[Line]]:
    grouped: dict[Key, list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.subject, line.party, line.category), []).append(line)
    return grouped


def _moments(lines: Iterable[facts.ConsentLine], exceptions: Iterable[facts.ExceptionLine]) -> Iterator[datetime]:
    """Yield when a line or an exception begins, comes near its end, or ends."""
    for line in lines:
        yield line.starts
        if line.ends is not None:
            yield from (soon_from(line.ends), line.ends)
    for one in exceptions:
        yield from (one.starts, one.ends)


def by_exception(scopes: Scopes, case: UUID, subject: UUID, party: str, category: str) -> bool:
    """Say whether an exception carries, now, all of a kind that a party could get of somebody."""
    found, key = scopes.gate.cases[case], (str(subject), party, category)
    mine = [one for one in found.exceptions if (one.subject, one.party, one.category) == key]
    return _carried(scopes, found, key, mine)


def _carried(scopes: Scopes, found: CaseRights, key: Key, exceptions: Iterable[facts.ExceptionLine]) -> bool:
    """Say whether an exception carries, now, all that anybody could bring: then no consent is asked."""
    fitting = list(exceptions)
    if not fitting:
        return False
    subject, party, category = key
    gate, reader = scopes.gate, facts.Viewer(party, "inhoud")
    suppliers = list(scopes.asking(found.id, party, category))
    return bool(suppliers) and all(
        decide(
            gate.covenant, reader, found.fact, facts.Item(category, supplier, subject), (), fitting, gate.now
        ).visible
        for supplier in suppliers
    )


def deciding(lines: Iterable[facts.ConsentLine], now: datetime) -> facts.ConsentLine | None:
    """Return the event that decides on a line of the register now: the last recorded whose beginning has come."""
    begun = (line for line in lines if line.starts <= now or line.state in AT_ONCE_STATES)
    return max(begun, key=lambda line: line.recorded, default=None)


def _stands(lines: Sequence[facts.ConsentLine], now: datetime) -> tuple[Kind, str | None] | None:
    """Return what is the matter with one line of the register, and its day; None: it holds and goes on.

    As the covenant counts: the event recorded last whose beginning has come decides.
    """
    to_come = [line for line in lines if line.starts > now and line.state in VALID_STATES]
    last = deciding(lines, now)
    follows = max(to_come, key=lambda line: line.recorded, default=None)
    if last is not None and follows is not None and follows.recorded < last.recorded:
        follows = None  # what was promised before the last answer counts no longer
    if last is not None and last.state in VALID_STATES:
        return _given(last, follows, now)
    if follows is not None:
        return "later", _day(follows.starts)
    return (_KINDS.get(last.state, "missing") if last is not None else "missing"), None


def _given(line: facts.ConsentLine, follows: facts.ConsentLine | None, now: datetime) -> tuple[Kind, str | None] | None:
    if line.ends is None:
        return None
    if line.ends <= now:
        return ("later", _day(follows.starts)) if follows else ("expired", _last_day(line.ends))
    goes_on = follows is not None and follows.starts <= line.ends
    return None if goes_on or now < soon_from(line.ends) else ("expiring", _last_day(line.ends))


def _last_day(ends: datetime) -> str:
    return _day(ends - _JUST_BEFORE)


def _day(moment: datetime) -> str:
    return day_of(moment).isoformat()
