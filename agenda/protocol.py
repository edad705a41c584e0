"""The live protocol's frames as types: decoded from clients, encoded for them. Pure.

The island's TypeScript types are generated from these (`python -m agenda.schema`),
so a change here breaks the island's type check.
"""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
# One way to write an id: another one would name the same object under a second key.
Key = Annotated[str, Meta(pattern=r"^[a-z_]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
PartyId = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,60}$")]
Category = Annotated[str, Meta(pattern=r"^[a-z]{2,10}$")]
Minutes = Annotated[int, Meta(ge=1, le=480)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Args(Struct, forbid_unknown_fields=True, frozen=True):
    """The `with` of a command."""


# --- client -> server -----------------------------------------------------------


class AgendaItemAdd(Args, frozen=True):
    case: UUID | None
    title: Title
    minutes: Minutes


class AgendaItemMove(Args, frozen=True):
    """Put `key` directly after `after`; null puts it first."""

    key: Key
    after: Key | None


class OnKey(Args, frozen=True):
    key: Key


class MinutesWrite(Args, frozen=True):
    agenda_item: UUID
    text: Text
    category: Category = "prc"
    about: Key | None = None


class DecisionPropose(Args, frozen=True):
    agenda_item: UUID
    text: Text
    category: Category = "prc"
    about: Key | None = None


class DecisionDissent(Args, frozen=True):
    key: Key
    reason: Text


class ActionAdd(Args, frozen=True):
    agenda_item: UUID
    text: Text
    owner: PartyId
    due: Day
    category: Category = "prc"
    about: Key | None = None


class ItemPrepare(Args, frozen=True):
    """Write an own item as a draft; it is the party's own until `item.release`."""

    case: UUID
    category: Category
    kind: Literal["feit", "oordeel"]
    basis: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Text
    subject: UUID | None = None
    only_for: list[PartyId] | None = None
    not_for: list[PartyId] = []


class ConsentWithdraw(Args, frozen=True):
    case: UUID
    subject: UUID
    party: PartyId
    category: Category


class DoorChange(Args, frozen=True):
    """Send a person out of one case of this conference, or let her in again."""

    case: UUID
    person: UUID


COMMANDS: dict[str, type[Args]] = {
    "agenda_item.add": AgendaItemAdd,
    "agenda_item.move": AgendaItemMove,
    "agenda_item.start": OnKey,
    "agenda_item.close": OnKey,
    "minutes.write": MinutesWrite,
    "decision.propose": DecisionPropose,
    "decision.adopt": OnKey,
    "decision.dissent": DecisionDissent,
    "action.add": ActionAdd,
    "action.done": OnKey,
    "item.prepare": ItemPrepare,
    "item.release": OnKey,
    "item.withdraw": OnKey,
    "consent.withdraw": ConsentWithdraw,
    "door.send_out": DoorChange,
    "door.admit": DoorChange,
}


class Hello(Struct, forbid_unknown_fields=True, frozen=True):
    protocol: Literal[1]


class HelloFrame(Struct, forbid_unknown_fields=True, frozen=True):
    hello: Hello


class SeenFrame(Struct, forbid_unknown_fields=True, frozen=True):
    seen: Annotated[int, Meta(ge=0)]


class CommandFrame(Struct, forbid_unknown_fields=True, frozen=True):
    """A command; `with` is decoded by COMMANDS[do] afterwards."""

    id: UUID
    do: Annotated[str, Meta(max_length=60)]
    with_: msgspec.Raw = msgspec.field(name="with")
    expect: Annotated[str, Meta(max_length=64)] | None = None


# --- objects in a view ----------------------------------------------------------
# Each body carries `version`: an opaque token of this viewer's view of the object.


class Mention(Struct, frozen=True):
    """A subject named in `text`, at [start, end) in UTF-16 code units."""

    start: int
    end: int
    subject: UUID
    named: bool  # True: the text shows the name; False: handle and pseudonym
    handle: str
    pseudonym: str


class PartyRef(Struct, frozen=True):
    id: str
    name: str


class Conference(Struct, frozen=True):
    """`can`: the commands that this viewer's role may give at all."""

    version: str
    title: str
    starts: str
    chair: str
    covenant: str
    covenant_active: bool
    can: list[str]


class AgendaItem(Struct, frozen=True):
    """`number`: 1, 2, 3 ... in this viewer's own agenda. `title` null: prc is not shown to her."""

    version: str
    number: int
    title: str | None
    case: UUID | None
    minutes: int
    status: Literal["planned", "open", "closed"]
    started_at: str | None
    closed_at: str | None


class CategoryScope(Struct, frozen=True):
    """What covenant and register alone say of one category for this viewer in this case.

    Never depends on whether anything exists in it.
    """

    category: str
    level: Literal["none", "pseudonymised", "identified"]
    reason: str
    own: bool  # the viewer's party may supply this category
    readers: list[str]  # parties (ids) that read an object of hers in this category
    readers_with_consent: list[str]


class ConsentGap(Struct, frozen=True):
    """A consent that a receiving party lacks, or soon will, about one betrokkene, for these categories.

    `day`: the last day on which it holds or held, with `later` the first one; null too where it would
    tell a birthday to who may not read it. `next`: the step to take; `leave`: the answer was no, and
    it is not asked again.
    """

    subject: UUID
    handle: str
    party: str
    categories: list[str]
    state: Literal["missing", "asked", "deferred", "refused", "later", "expiring", "expired", "withdrawn", "invalid"]
    day: str | None
    next: Literal["ask", "wait", "renew", "leave"]


class Case(Struct, frozen=True):
    """The header is null where `prc` is not shown. `scope_text`: the sentence above the case."""

    version: str
    code_name: str
    track: str | None
    phase: str | None
    purpose: str | None
    municipality: str | None
    form: str | None
    parties: list[PartyRef] | None
    scope: list[CategoryScope]
    sent_out: list[UUID]  # people sent out, told to chair and process coordinator only
    consent: list[ConsentGap]  # told in a room, to chair, process and care coordinator only


class Subject(Struct, frozen=True):
    """A betrokkene as far as category `id` is shown; `name` only when identified."""

    version: str
    case: UUID
    handle: str
    pseudonym: str
    role: str
    age_band: str | None
    name: str | None
    level: Literal["pseudonymised", "identified"]


class Item(Struct, frozen=True):
    version: str
    case: UUID
    subject: UUID | None
    category: str
    kind: str
    supplier: str
    basis: str
    text: str
    mentions: list[Mention]
    status: Literal["draft", "released", "withdrawn"]
    level: Literal["pseudonymised", "identified"]
    reason: str  # covenant | consent | exception | own_contribution
    own: bool
    only_for: list[str] | None  # conditions are told to the supplier only
    not_for: list[str] | None


class MinutesBlock(Struct, frozen=True):
    version: str
    agenda_item: UUID
    case: UUID | None
    text: str
    mentions: list[Mention]
    category: str
    status: Literal["released"]
    level: Literal["pseudonymised", "identified"]
    party: str
    author: str
    at: str
    about: str | None


class Dissent(Struct, frozen=True):
    party: str
    reason: str
    at: str


class Decision(Struct, frozen=True):
    version: str
    agenda_item: UUID
    case: UUID | None
    text: str
    mentions: list[Mention]
    category: str
    status: Literal["proposed", "adopted"]
    level: Literal["pseudonymised", "identified"]
    adopted_at: str | None
    dissent: list[Dissent]
    at: str
    about: str | None


class Action(Struct, frozen=True):
    version: str
    agenda_item: UUID
    case: UUID | None
    text: str
    mentions: list[Mention]
    category: str
    status: Literal["open", "done"]
    level: Literal["pseudonymised", "identified"]
    owner: str
    due: str
    own: bool
    at: str
    about: str | None


# Keys of a view: "<name>:<id>".
OBJECTS: dict[str, type[Struct]] = {
    "conference": Conference,
    "agenda_item": AgendaItem,
    "case": Case,
    "subject": Subject,
    "item": Item,
    "minutes": MinutesBlock,
    "decision": Decision,
    "action": Action,
}


# --- server -> client -----------------------------------------------------------


class Ack(Struct, frozen=True, tag="ack"):
    id: UUID
    key: str | None
    version: str | None


class Nack(Struct, frozen=True, tag="nack", omit_defaults=True):
    """`current`: with code `conflict`, the object as this viewer sees it now."""

    id: UUID
    code: str
    current: msgspec.Raw | None = None


class PresentPerson(Struct, frozen=True):
    """`state`: present | lost (connection gone, for at most 30 s)."""

    id: UUID
    name: str
    party: str
    roles: list[str]
    state: Literal["present", "lost"]


class Presence(Struct, frozen=True, tag="presence"):
    people: list[PresentPerson]


class Ping(Struct, frozen=True, tag="ping"):
    now: str  # the product's time, ISO 8601


class Notice(Struct, frozen=True, tag="notice"):
    code: str
