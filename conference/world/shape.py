"""The world format: read strictly, refused with the place of what is wrong. Pure."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from consent.states import State

Track = Literal["wgs", "hulp", "signaal"]
Phase = Literal[
    "aanmelding",
    "triage",
    "verrijking",
    "overleg",
    "uitvoering",
    "afsluiting",
    "heropend",
    "nazorg",
    "afgeschermd",
    "vernietigd",
]


class WorldError(Exception):
    """A world that cannot be loaded: a stable code, and the place in the file; never a value."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Part(Struct, forbid_unknown_fields=True, frozen=True):
    """A piece of a world; a key that it does not know is refused by name."""


class Person(Part, frozen=True, kw_only=True):
    id: str
    name: str
    party: str
    family: Literal["inhoud", "toezicht", "beheer"]
    roles: list[str] = []
    username: Annotated[str, Meta(max_length=150, pattern=r"^[^\x00]*$")]
    password: str
    totp_secret: str
    backup_codes: list[str] = []
    screened_until: str
    trained_on: str


class Identity(Part, frozen=True, kw_only=True):
    name: str = ""
    birth_date: str = ""
    bsn: str = ""
    address: str = ""
    phone: str = ""
    protected: bool = False


class Subject(Part, frozen=True, kw_only=True):
    id: str
    role: Literal["victim", "circle", "suspect"]
    registered_by: str
    identity: Identity | None = None


class Item(Part, frozen=True, kw_only=True):
    id: str = ""
    supplier: str
    category: str
    kind: Literal["feit", "oordeel"]
    subject: str | None = None
    basis: str = ""
    text: str
    status: Literal["draft", "released", "withdrawn"] = "released"
    only_for: list[str] | None = None
    not_for: list[str] | None = None


class Consent(Part, frozen=True, kw_only=True):
    subject: str
    party: str
    category: str
    purpose: str
    state: State
    starts: str | None = msgspec.field(name="from", default=None)
    until: str | None = None


class ExceptionLine(Part, frozen=True, kw_only=True):
    subject: str
    party: str
    category: str
    code: Annotated[int, Meta(ge=1, le=8)]
    decider: str
    reason: str
    starts: str | None = msgspec.field(name="from", default=None)
    until: str


class Case(Part, frozen=True, kw_only=True):
    id: str
    track: Track
    phase: Phase
    purpose: str
    municipality: str = ""
    form: str = ""
    parties: list[str]
    subjects: list[Subject] = []
    items: list[Item] = []
    consents: list[Consent] = []
    exceptions: list[ExceptionLine] = []


class Dissent(Part, frozen=True, kw_only=True):
    party: str
    reason: str


class Note(Part, frozen=True, kw_only=True):
    id: str = ""
    text: str
    category: str = "prc"


class Decision(Part, frozen=True, kw_only=True):
    id: str = ""
    text: str
    category: str = "prc"
    status: Literal["proposed", "adopted"] = "proposed"
    dissent: list[Dissent] = []


class Action(Part, frozen=True, kw_only=True):
    id: str = ""
    text: str
    owner: str
    due: str
    category: str = "prc"
    status: Literal["open", "done"] = "open"


class AgendaItem(Part, frozen=True, kw_only=True):
    id: str = ""
    case: str | None = None
    title: str
    minutes: Annotated[int, Meta(ge=0, le=480)]
    notes: list[Note] = []
    decisions: list[Decision] = []
    actions: list[Action] = []


class Conference(Part, frozen=True, kw_only=True):
    id: str
    title: str
    starts: str
    chair: str
    people: list[str]
    agenda: list[AgendaItem] = []


class World(Part, frozen=True, kw_only=True):
    clock: str
    covenant: dict[str, Any]
    people: list[Person] = []
    cases: list[Case] = []
    conferences: list[Conference] = []


def parse(source: bytes) -> World:
    """Read a world. Raises WorldError("world_malformed") naming the key or place that is wrong."""
    try:
        return msgspec.json.decode(source, type=World)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WorldError("world_malformed", f"This is not a world: {error}") from None


def convert(world: dict[str, Any]) -> World:
    """Read a world from plain data. Raises WorldError("world_malformed")."""
    return parse(msgspec.json.encode(world))
