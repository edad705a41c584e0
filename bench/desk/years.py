"""Five years of a region's log, straight into the tables: who saw what, with pushes, refusals and exceptions.

Not through the writer: what is measured over it is reading. Plainly invented; the same seed makes the same log.
"""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from audit.canonical import canonical
from audit.days import MICROSECONDS, ZONE

YEARS = 5
AT_A_TABLE = 7  # parties that work on one case
ON_A_DAY = 12  # cases that are worked on on one day
WORKDAYS = 250
_SHARES = (("item.viewed", 30), ("conference.pushed", 34), ("case.viewed", 16), ("subject.viewed", 8),
           ("minutes.written", 5), ("decision.adopted", 1), ("action.added", 2), ("consent.given", 1),
           ("export.made", 0.3), ("exception.recorded", 0.1), ("party.involved", 0.2), ("person.changed", 0.2),
           ("login.succeeded", 2.2))  # fmt: skip
_PERSONAL = {"person.changed", "login.succeeded"}
_SEEN = {"item.viewed", "conference.pushed", "case.viewed", "subject.viewed"}


@dataclass(frozen=True)
class Cast:
    """Who and what occurs. `party`: of each person. `subjects`: of each case, two or three."""

    cases: list[UUID]
    people: list[UUID]
    party: dict[UUID, str]
    subjects: dict[UUID, list[UUID]]


@dataclass
class Leaf:
    """One row of audit_leaf."""

    leaf: bytes
    t: int
    act: str
    out: str
    actor: UUID | None
    case: UUID | None
    subject: UUID | None
    party: str | None


@dataclass
class _Case:
    """A case with the people at its table: its parties' own; the first of them leads."""

    id: UUID
    people: list[UUID]
    subjects: list[UUID]
    by_party: dict[str, list[UUID]] = field(default_factory=dict)


def leaves(cast: Cast, count: int, until: date, seed: int = 3) -> Iterator[Leaf]:
    """Yield `count` leaves in order of time, over the five years before `until`."""
    choose = random.Random(seed)
    days = [day for day in (until - timedelta(days=n) for n in range(YEARS * 365, 0, -1)) if day.weekday() < 5]
    cases = _tables(cast, choose)
    made = 0
    for number, day in enumerate(days):
        wanted = count * (number + 1) // len(days) - made
        made += wanted
        yield from _day(day, _current(cases, number, len(days), choose), wanted, cast, choose)


def _tables(cast: Cast, choose: random.Random) -> list[_Case]:
    """Seat each case's parties: the large ones at nearly every table, the small ones seldom."""
    parties = sorted(set(cast.party.values()))
    weights = [1 / (place + 1) for place in range(len(parties))]
    made = []
    for case in cast.cases:
        seated = set(choose.choices(parties, weights, k=AT_A_TABLE))
        one = _Case(case, [person for person in cast.people if cast.party[person] in seated], cast.subjects[case])
        for person in one.people:
            one.by_party.setdefault(cast.party[person], []).append(person)
        made.append(one)
    return made


def _current(cases: list[_Case], day: int, days: int, choose: random.Random) -> list[_Case]:
    """Return the cases of a day: from the fifth of all that run now."""
    start = int(day / days * len(cases) * 0.8)
    return choose.sample(cases[start : start + len(cases) // 5], ON_A_DAY)


def _day(day: date, cases: list[_Case], wanted: int, cast: Cast, choose: random.Random) -> Iterator[Leaf]:
    acts, weights = zip(*_SHARES, strict=True)
    morning = int(datetime.combine(day, time(8), ZONE).timestamp()) * MICROSECONDS
    moments = sorted(choose.randrange(10 * 3600 * MICROSECONDS) for _ in range(wanted))
    drawn = choose.choices(acts, weights, k=wanted)
    for number, (act, moment) in enumerate(zip(drawn, moments, strict=True)):
        case = cases[number * len(cases) // wanted]  # one after the other, as a day goes
        yield _leaf(act, morning + moment, case, cast, choose)


def _leaf(act: str, t: int, case: _Case, cast: Cast, choose: random.Random) -> Leaf:
    actor: UUID | None = choose.choice(case.people)
    party = cast.party[actor]  # type: ignore[index]  # chosen from the list above
    recipients: list[UUID] = []
    subject = choose.choice(case.subjects) if choose.random() < 0.4 else None
    luck = choose.random()
    out, reason = "permit", "covenant"
    if act == "conference.pushed":
        recipients, actor = case.by_party[party], None
    elif luck < 0.02:
        out, reason = "deny", "not_in_covenant"
    if act in _SEEN and out == "permit" and luck > 0.995:
        reason = "exception"
    personal = act in _PERSONAL
    told = {
        "t": t, "act": act, "out": out, "actor": str(actor) if actor else None, "party": party,
        "recipients": [str(person) for person in recipients], "case": None if personal else str(case.id),
        "subject": None if personal or subject is None else str(subject),
        "obj": [f"item:{UUID(int=choose.getrandbits(128))}"], "reason": reason, "covenant": "1.0", "purpose": None,
        "origin": "socket" if recipients else "http", "role": "participant", "session": None, "conference": None,
        "seen": ["hlp=pseudonymised"] if act in _SEEN and out == "permit" else [], "phase": "overleg",
        "rnd": base64.urlsafe_b64encode(choose.randbytes(16)).rstrip(b"=").decode(),
    }  # fmt: skip
    return Leaf(
        canonical(told), t, act, out, actor, None if personal else case.id, None if personal else subject, party
    )
