"""What a record is made of: the register's facts as plain frozen values. Pure.

There is no field for a name or a text of the victim, her representative or an interpreter. A fact that is
empty is not known: the document says so in its place. Every moment is aware.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from consent.states import State


class GivenBy(StrEnum):
    """Who said it."""

    SELF = "self"
    BOTH = "both"
    REPRESENTATIVE = "representative"
    UNKNOWN = ""


class Method(StrEnum):
    """How it was said."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    UNKNOWN = ""


class Interpreter(StrEnum):
    """What kind of interpreter there was; never who."""

    REGISTERED = "registered"
    INFORMAL = "informal"
    NONE = "none"
    UNKNOWN = ""


class Kind(StrEnum):
    """What a party is, in the words of DPV."""

    ORGANISATION = "Organisation"
    GOVERNMENT = "GovernmentalOrganisation"
    POLICE = "LawEnforcementOrganisation"
    HEALTH = "HealthcareOrganisation"
    NON_PROFIT = "NonProfitOrganisation"
    DATA_PROTECTION = "DataProtectionAuthority"


def _named(*ids: str) -> None:
    if not all(text.strip() for text in ids):
        raise ValueError("an id is empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation; an empty address or contact is not known. Raises ValueError for an empty id or name."""

    id: str
    name: str
    address: str = ""
    contact: str = ""
    kind: Kind = Kind.ORGANISATION

    def __post_init__(self) -> None:
        _named(self.id, self.name)


AUTHORITY = Party(
    id="autoriteit-persoonsgegevens",
    name="Autoriteit Persoonsgegevens",
    address="Postbus 93374, 2509 AJ Den Haag",
    contact="https://autoriteitpersoonsgegevens.nl",
    kind=Kind.DATA_PROTECTION,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of data. `special`: one of the special categories of AVG 9."""

    code: str
    name: str
    special: bool = False

    def __post_init__(self) -> None:
        _named(self.code, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A purpose. `title`: fixed words of the covenant, never what somebody typed; empty: not known."""

    id: str
    title: str = ""

    def __post_init__(self) -> None:
        _named(self.id)


class Key(NamedTuple):
    """What one line is about, by its ids."""

    party: str
    category: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the register as it stands: `ends` is exclusive, None means no end.

    `covenant_row`: the version and cell of the covenant that asks for consent here.
    """

    party: Party
    category: Category
    purpose: Purpose
    state: State = State.NOT_ASKED
    starts: datetime | None = None
    ends: datetime | None = None
    review_on: date | None = None
    covenant_row: str = ""

    @property
    def key(self) -> Key:
        return Key(self.party.id, self.category.code, self.purpose.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The exact text that was read or shown. `sha256`: 64 hex of it; `language`: BCP 47."""

    id: str
    version: str
    language: str
    sha256: str = ""
    on: date | None = None

    def __post_init__(self) -> None:
        _named(self.id, self.version, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was said or done about some lines, always explicitly. `ends`: how long it holds.

    `at`: when it was recorded; `said_on`: the day on which it was said, where that was another.
    `evidence`: SHA-256 in hex of the document that proves it; `language`: in which it was spoken of.
    """

    id: UUID
    at: datetime
    lines: tuple[Key, ...]
    state: State
    ends: datetime | None = None
    said_on: date | None = None
    given_by: GivenBy = GivenBy.UNKNOWN
    method: Method = Method.UNKNOWN
    language: str = ""
    interpreter: Interpreter = Interpreter.UNKNOWN
    evidence: str = ""
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One victim's register. `principal`: her pseudonym; `handle`: what the case calls her.

    `registrar`: the party that keeps the register. `events`: oldest first. `jurisdiction` and `location` (where
    the data are kept): ISO 3166 country codes. `within`: EU or EEA, if the data may not leave it. `retention`:
    ISO 8601 duration. `withdrawal` and `rights`: where she turns to.
    Raises ValueError for two lines or events that are one, and for an event of a line that is not there.
    """

    record_id: UUID
    receipt_id: UUID
    made_at: datetime
    principal: str
    handle: str
    controller: Party
    registrar: Party
    lines: tuple[Line, ...]
    events: tuple[Event, ...] = ()
    authority: Party = AUTHORITY
    jurisdiction: str = "NL"
    location: str = ""
    within: str = ""
    retention: str = ""
    withdrawal: str = ""
    rights: str = ""
    schema: str = "1"
    notices: tuple[Notice, ...] = field(default=())

    def __post_init__(self) -> None:
        _named(self.principal, self.jurisdiction, self.schema)
        keys = {line.key for line in self.lines}
        if len(keys) != len(self.lines):
            raise ValueError("two lines of one key")
        if len({event.id for event in self.events}) != len(self.events):
            raise ValueError("two events of one id")
        if any(not event.lines or not keys.issuperset(event.lines) for event in self.events):
            raise ValueError("an event of a line that is not there")
