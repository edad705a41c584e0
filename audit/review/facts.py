"""What may explain that somebody looked: meetings, involvements, actions, consent steps, own parts, cover. Pure.

All moments are µs since 1970, machine time, as in a leaf; an end is exclusive, None means no end.
The facts come from above and are recomputed: what the gate wrote as its reason is not among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR

RECEIVER = "receiver"  # in `seen`: the party for whom an export was

# Somebody chose this case, or this meeting, and saw what is in it.
OPENINGS = frozenset(
    {
        "case.viewed",
        "item.viewed",
        "subject.viewed",
        "register.viewed",
        "evidence.opened",
        "conference.viewed",
        "conference.pushed",
        "export.made",
        "export.previewed",
    }
)
# A list shows all that is somebody's to see, and a question names what was seen before: no case was chosen.
LISTS = frozenset({"today.viewed", "case.listed", "register.listed", "question.viewed"})


@dataclass(frozen=True, slots=True)
class Access:
    """One person's part in one leaf. `categories`: codes seen; `parties`: hers, and an export's receiver."""

    leaf: int
    t: int
    act: str
    out: str
    person: UUID
    party: str
    case: UUID | None
    reason: str | None = None
    categories: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conference: who is invited (its chair too) and the cases on its agenda."""

    id: UUID
    starts: int
    people: frozenset[UUID]
    cases: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Involvement:
    """A party takes part in a case."""

    case: UUID
    party: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action item of a party, given to it in a meeting. `due`: the end of its last day."""

    case: UUID
    party: str
    meeting: UUID
    since: int
    due: int
    done: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody recorded a step on a consent line; it runs until the line's next step or end."""

    case: UUID
    person: UUID
    t: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody brought something into a case: opened it, wrote an item, a note or an objection."""

    case: UUID
    person: UUID
    t: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The substitute does the absent one's work; both are of one party."""

    absent: UUID
    substitute: UUID
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent or an exception that stood in the register. `kind`: consent | exception."""

    kind: str
    case: UUID
    party: str
    category: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known of a period.

    `leads`: who leads, and the cases that are hers to lead. `parties`: of each person.
    `everywhere`: parties that take part in every case (the process party).
    """

    meetings: tuple[Meeting, ...] = ()
    involvements: tuple[Involvement, ...] = ()
    actions: tuple[Action, ...] = ()
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    covers: tuple[Cover, ...] = ()
    grants: tuple[Grant, ...] = ()
    leads: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    parties: Mapping[UUID, str] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()


def accesses(leaf_id: int, leaf: Mapping[str, Any]) -> list[Access]:
    """Return what each person did or saw in one leaf; nobody when it names none."""
    people = leaf["recipients"] or [person for person in (leaf["actor"],) if person]
    pairs = [pair.partition("=") for pair in leaf["seen"]]
    receivers = {value for name, _equals, value in pairs if name == RECEIVER}
    return [
        Access(
            leaf=leaf_id,
            t=leaf["t"],
            act=leaf["act"],
            out=leaf["out"],
            person=UUID(person),
            party=leaf["party"] or "",
            case=UUID(leaf["case"]) if leaf["case"] else None,
            reason=leaf["reason"],
            categories=frozenset(name for name, _equals, _value in pairs if name != RECEIVER),
            parties=frozenset({leaf["party"] or "", *receivers}),
        )
        for person in people
    ]
