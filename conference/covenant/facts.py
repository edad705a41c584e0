"""What a ruling is about: the covenant's questions as plain frozen values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Level(StrEnum):
    """How much of an item a viewer gets; ordered none < pseudonymised < identified."""

    NONE = "none"
    PSEUDONYMISED = "pseudonymised"
    IDENTIFIED = "identified"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {Level.NONE: 0, Level.PSEUDONYMISED: 1, Level.IDENTIFIED: 2}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking. `verified`: the second factor was verified in this session."""

    party: str
    family: str  # inhoud | toezicht | beheer
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """A betrokkene of a case. `role`: victim | circle | suspect."""

    id: str
    role: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What the covenant needs to know of a case.

    `parties`: involved parties. `open_action_parties`: owners of an open action
    in this case (rule 12).
    """

    track: str  # wgs | hulp | signaal
    phase: str
    purpose: str
    parties: frozenset[str]
    subjects: tuple[Subject, ...] = ()
    open_action_parties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of case content.

    `status`: draft | released | withdrawn. `only_for` None means no such condition.
    `open_action_owner`: the owner's party when this is an open action item (rule 12b).
    `about`: the item that this one repeats (rules 11 and 14 count for it too).
    """

    category: str
    supplier: str
    subject: str | None = None
    status: str = "released"
    only_for: frozenset[str] | None = None
    not_for: frozenset[str] = frozenset()
    open_action_owner: str | None = None
    about: "Item | None" = None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One recorded line of the register; `recorded` orders lines, later wins."""

    subject: str
    party: str
    category: str
    purpose: str
    state: str
    recorded: int
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A recorded exception: codes 1-8 of law-and-process §4, already dated."""

    subject: str
    party: str
    category: str
    code: int
    decider: str
    reason: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer. `until`: when it can change by itself; `cell`: e.g. "politie/pol/overleg = I"."""

    level: Level
    reason: str
    until: datetime | None = None
    cell: str | None = None

    @property
    def visible(self) -> bool:
        return self.level is not Level.NONE


@dataclass(frozen=True, slots=True)
class Party:
    """A party as the covenant describes it. `cells`: category -> five letters."""

    id: str
    cls: str  # P | Q | D | Z
    cells: Mapping[str, str] = field(default_factory=dict)
    process: bool = False
    secrecy: str | None = None
    only_if: str | None = None
    check: str | None = None
    checked: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)  # art, doel, note, ...
