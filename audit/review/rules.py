"""The rules of reviewing: which accesses of one day an officer should look at, each with its reason. Pure.

Plain and fixed. They control how staff used its access; they say nothing about the people in a
case, and they add up to no score of anybody.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from audit.review.facts import DAY, HOUR, LISTS, OPENINGS, SECOND, Access
from audit.review.ties import LEAD, Ties

ZONE = ZoneInfo("Europe/Amsterdam")

UNEXPLAINED, BULK, AFTER_LEAVING = "unexplained", "bulk", "after_leaving"
REFUSALS, EXCEPTION, MISMATCH = "refusals", "exception", "mismatch"
KINDS = (EXCEPTION, MISMATCH, AFTER_LEAVING, BULK, UNEXPLAINED, REFUSALS)

# Of several reasons in one finding it tells the most serious: what was seen comes before what was tried or recorded.
GRAVEST_FIRST = (
    "saw_after_end",
    "tried_after_end",
    "involvement_not_found",
    "exception_not_found",
    "consent_not_found",
    "exception_used",
    "exception_recorded",
    "many_cases",
    "refused_often",
    "no_tie",
)

MANY_CASES = 6  # opened within an hour without a tie of one's own ...
OFTEN_MORE = 3  # ... and so many times what she opens on a usual day
VERY_MANY_CASES = 15  # opened within an hour, whatever ties there are
USUAL_WITHOUT_HISTORY = 2
MANY_REFUSALS = 5
REFUSALS_WITHIN = 600 * SECOND
LINK_STILL_OPEN = 7 * DAY  # so long after the end a refused try is an old tab or bookmark
REPEATED_DAYS = 2  # earlier days with the same finding
WORK_BEGINS, WORK_ENDS = 7, 20  # hours in the Netherlands
SATURDAY = 5

OUTSIDE_HOURS, REPEATED, EXPORTED, NO_TIE = "outside_hours", "repeated", "exported", "no_tie"
MARKS = (OUTSIDE_HOURS, REPEATED, EXPORTED, NO_TIE)

# What one opens one by one. A room or a list of decisions shows a whole agenda at once.
CHOSEN = frozenset({"case.viewed", "item.viewed", "subject.viewed", "register.viewed", "evidence.opened"})
TAKEN_OUT = frozenset({"export.made", "evidence.opened"})  # as a file
# Refused because it is not hers; that somebody else was first, or a field was empty, is no sign of anything.
NOT_HERS = frozenset(
    {
        "not_involved",
        "not_found",
        "case_shielded",
        "role_excluded",
        "role_party",
        "not_admitted",
        "not_allowed",
        "unknown_reference",
        "not_in_covenant",
        "own_only",
        "consent_missing",
        "condition_excludes",
        "item_draft",
        "item_withdrawn",
        "track_forbids",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: one person, one case (None: several or none), one day, one kind.

    `leaves`: ids of the entries it rests on. `count`: cases opened or refusals; `usual`: of her days.
    """

    kind: str
    reason: str
    person: UUID
    case: UUID | None
    day: date
    leaves: tuple[int, ...]
    first: int
    last: int
    marks: frozenset[str] = frozenset()
    count: int = 0
    usual: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was before this day. `usual`: cases that a person opens on a day; `earlier`: days unexplained."""

    usual: Callable[[UUID], int] = lambda _person: USUAL_WITHOUT_HISTORY
    earlier: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often somebody opened some case on a day (once per person and case), and how often unexplained."""

    visits: int
    unexplained: int


def day_of(t: int) -> date:
    """Return the day of a moment in the Netherlands."""
    return datetime.fromtimestamp(t / SECOND, ZONE).date()


def review(accesses: Sequence[Access], ties: Ties, history: History | None = None) -> list[Finding]:
    """Return what deserves a look among the accesses of one day; one finding per person, case and kind."""
    before = history or History()
    found = _Findings()
    gone = {access.leaf: reason for access in accesses if (reason := _after_leaving(access, ties))}
    for access in accesses:
        if access.leaf in gone:
            found.add(AFTER_LEAVING, gone[access.leaf], access)
        elif reason := _mismatch(access, ties):
            found.add(MISMATCH, reason, access)
        if reason := _exception(access):
            found.add(EXCEPTION, reason, access)
    for person, own in _by_person(accesses).items():
        for told in (*_bulk(own, ties, partial(before.usual, person)), *_refusals(own)):
            found.add_all(told)
    loose = {(access.leaf, access.person): access for access in accesses if unexplained(access, ties)}
    # What is told already needs no second look; that nothing explains it is a mark there.
    for key, access in loose.items():
        if key not in found.places:
            found.add(UNEXPLAINED, NO_TIE, access)
    return [_marked(finding, found.acts, loose.keys(), before) for finding in found.all()]


def unexplained(access: Access, ties: Ties) -> bool:
    """Say whether this is a case that somebody opened and that nothing ties her to."""
    opened = access.act in OPENINGS and access.out == "permit" and access.case is not None
    return opened and access.case is not None and ties.of(access.person, access.case, access.t) is None


def tally(accesses: Iterable[Access], ties: Ties) -> Tally:
    """Count the visits of one day: a person and a case, however often she looked."""
    visits: dict[tuple[UUID, UUID], bool] = {}
    for access in accesses:
        if access.act in OPENINGS and access.out == "permit" and access.case is not None:
            key = (access.person, access.case)
            visits[key] = visits.get(key, False) or unexplained(access, ties)
    return Tally(len(visits), sum(visits.values()))


def opened_cases(accesses: Iterable[Access]) -> dict[UUID, int]:
    """Return how many cases each person chose to open."""
    cases: dict[UUID, set[UUID]] = defaultdict(set)
    for access in accesses:
        if _chosen(access) and access.case is not None:
            cases[access.person].add(access.case)
    return {person: len(found) for person, found in cases.items()}


# --- the rules, one by one ----------------------------------------------------------------


def _after_leaving(access: Access, ties: Ties) -> str | None:
    """She saw a case in which her party had stopped taking part, or kept trying to."""
    if (
        access.case is None
        or access.act not in OPENINGS | LISTS
        or ties.takes_part(access.party, access.case, access.t)
    ):
        return None
    end = ties.left(access.party, access.case, access.t)
    if end is None:
        return None
    if access.out == "permit":
        return "saw_after_end"
    return "tried_after_end" if access.act in OPENINGS and access.t >= end + LINK_STILL_OPEN else None


def _mismatch(access: Access, ties: Ties) -> str | None:
    """The entry gives a reason that the registers do not know."""
    if access.case is None or access.out != "permit" or access.act not in OPENINGS | LISTS:
        return None
    if not ties.takes_part(access.party, access.case, access.t):
        return "involvement_not_found"
    if access.reason in {"consent", "exception"} and not ties.granted(
        access.reason, access.case, access.parties, access.categories, access.t
    ):
        return f"{access.reason}_not_found"
    return None


def _exception(access: Access) -> str | None:
    if access.out != "permit":
        return None
    if access.act == "exception.recorded":
        return "exception_recorded"
    return "exception_used" if access.act in OPENINGS | LISTS and access.reason == "exception" else None


@dataclass(frozen=True, slots=True)
class _Told:
    """Accesses that are one finding together."""

    kind: str
    reason: str
    part: Sequence[Access]
    count: int
    usual: int = 0


def _bulk(own: Sequence[Access], ties: Ties, usual: Callable[[], int]) -> Iterator[_Told]:
    """Many cases within an hour, one by one; what one's own work ties one to does not count at first."""
    chosen = [access for access in own if _chosen(access)]
    if len({access.case for access in chosen}) < MANY_CASES:
        return
    often = usual()
    loose = [access for access in chosen if _tie(access, ties) in {None, LEAD}]
    part, count = _densest(loose, HOUR, max(MANY_CASES, OFTEN_MORE * often), lambda one: one.case)
    if not part:
        part, count = _densest(chosen, HOUR, max(VERY_MANY_CASES, OFTEN_MORE * often), lambda one: one.case)
    if part:
        yield _Told(BULK, "many_cases", part, count, often)


def _refusals(own: Sequence[Access]) -> Iterator[_Told]:
    refused = [access for access in own if access.out == "deny" and access.reason in NOT_HERS]
    part, count = _densest(refused, REFUSALS_WITHIN, MANY_REFUSALS, lambda one: one.leaf)
    if part:
        yield _Told(REFUSALS, "refused_often", part, count)


def _chosen(access: Access) -> bool:
    return access.act in CHOSEN and access.out == "permit" and access.case is not None


def _tie(access: Access, ties: Ties) -> str | None:
    return ties.of(access.person, access.case, access.t) if access.case is not None else None


def _densest(
    found: Sequence[Access], within: int, least: int, what: Callable[[Access], object]
) -> tuple[list[Access], int]:
    """Return all accesses that lie in some stretch with at least `least` different things, and the most of one."""
    ordered = sorted(found, key=lambda access: (access.t, access.leaf))
    taken: dict[int, Access] = {}
    most, start = 0, 0
    for end, access in enumerate(ordered):
        while ordered[start].t < access.t - within:
            start += 1
        stretch = ordered[start : end + 1]
        different = len({what(one) for one in stretch})
        if different >= least:
            most = max(most, different)
            taken |= {one.leaf: one for one in stretch}
    return list(taken.values()), most


def _by_person(accesses: Iterable[Access]) -> dict[UUID, list[Access]]:
    found: dict[UUID, list[Access]] = defaultdict(list)
    for access in accesses:
        found[access.person].append(access)
    return found


# --- putting together -----------------------------------------------------------------------


class _Findings:
    """The findings of one day as they grow. `places`: entries told already, each with whom it is about."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, UUID, UUID | None], Finding] = {}
        self.acts: dict[int, str] = {}
        self.places: set[tuple[int, UUID]] = set()

    def add(self, kind: str, reason: str, access: Access) -> None:
        self._put(kind, reason, access, access.case)

    def add_all(self, told: _Told) -> None:
        """Add accesses to several cases as one finding."""
        for access in told.part:
            key = self._put(told.kind, told.reason, access, None)
            self._found[key] = replace(self._found[key], count=told.count, usual=told.usual)

    def _put(self, kind: str, reason: str, access: Access, case: UUID | None) -> tuple[str, UUID, UUID | None]:
        self.acts[access.leaf] = access.act
        self.places.add((access.leaf, access.person))
        key = (kind, access.person, case)
        known = self._found.get(key)
        if known is None:
            day, t = day_of(access.t), access.t
            self._found[key] = Finding(kind, reason, access.person, case, day, (access.leaf,), t, t)
            return key
        self._found[key] = replace(
            known,
            reason=min(known.reason, reason, key=GRAVEST_FIRST.index),
            leaves=tuple(sorted({*known.leaves, access.leaf})),
            first=min(known.first, access.t),
            last=max(known.last, access.t),
        )
        return key

    def all(self) -> list[Finding]:
        return sorted(self._found.values(), key=lambda one: (KINDS.index(one.kind), one.first, one.leaves))


def _marked(finding: Finding, acts: Mapping[int, str], loose: Collection[tuple[int, UUID]], before: History) -> Finding:
    marks = set()
    if _outside_hours(finding.first) or _outside_hours(finding.last):
        marks.add(OUTSIDE_HOURS)
    if finding.case and before.earlier.get((finding.person, finding.case), 0) >= REPEATED_DAYS:
        marks.add(REPEATED)
    if any(acts[leaf] in TAKEN_OUT for leaf in finding.leaves):
        marks.add(EXPORTED)
    if finding.kind != UNEXPLAINED and any((leaf, finding.person) in loose for leaf in finding.leaves):
        marks.add(NO_TIE)
    return replace(finding, marks=frozenset(marks))


def _outside_hours(t: int) -> bool:
    moment = datetime.fromtimestamp(t / SECOND, ZONE)
    return moment.weekday() >= SATURDAY or not WORK_BEGINS <= moment.hour < WORK_ENDS
