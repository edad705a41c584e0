"""A small office to review: one case, three people of one party, one of another, a meeting on a Monday."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from audit.review import rules
from audit.review.facts import DAY, SECOND, Access, Facts, Involvement, Meeting
from audit.review.rules import ZONE, Finding
from audit.review.ties import Ties

CASE, OTHER_CASE = UUID(int=0xC1, version=4), UUID(int=0xC2, version=4)
ANNA, BRAM, CARLA, DIRK = (UUID(int=0xA0 + n, version=4) for n in range(4))
PARTIES = {ANNA: "politie", BRAM: "politie", CARLA: "politie", DIRK: "kwintes"}
MEETING = UUID(int=0xF1, version=4)

_numbers = count(1)


def at(text: str) -> int:
    """A moment in the Netherlands, in µs: "2026-11-23 13:30"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * SECOND


NOON = at("2026-11-23 12:00")  # a Monday


def meeting(starts: int, *people: UUID, cases: tuple[UUID, ...] = (CASE,)) -> Meeting:
    return Meeting(MEETING, starts, frozenset(people), frozenset(cases))


def look(person: UUID = ANNA, t: int = NOON, **more: Any) -> Access:
    """Somebody opens the case, unless `more` says otherwise."""
    party = more.pop("party", PARTIES[person])
    given: dict[str, Any] = {
        "leaf": next(_numbers),
        "t": t,
        "act": "case.viewed",
        "out": "permit",
        "person": person,
        "party": party,
        "case": CASE,
        "reason": "covenant",
        "parties": frozenset({party}),
    }
    return Access(**(given | more))


def facts(**more: Any) -> Facts:
    """Both parties take part in both cases, from a year before; nothing else is known."""
    since = NOON - 365 * DAY
    involved = tuple(Involvement(case, party, since) for case in (CASE, OTHER_CASE) for party in ("politie", "kwintes"))
    return replace(Facts(involvements=involved, parties=PARTIES), **more)


def found(*accesses: Access, history: rules.History | None = None, **known: Any) -> list[Finding]:
    return rules.review(accesses, Ties(facts(**known)), history)


def kinds(*accesses: Access, **known: Any) -> list[tuple[str, str]]:
    """Kind and reason of what is found."""
    return [(one.kind, one.reason) for one in found(*accesses, **known)]
