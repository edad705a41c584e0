"""What the hub is handed and what it hands on: plain types, no Django.

The words: a *class* (viewing class) is everybody with equal rights; a *view* is what a
class sees, object by object; a *reading* is what one snapshot of the database says.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from agenda.protocol import PresentPerson
    from conference.accounts.sessions import Identity


@dataclass(frozen=True, slots=True)
class Trace:
    """What the log must know of one object that is shown; never its content."""

    case: UUID | None
    subjects: tuple[UUID | None, ...]
    category: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One object as a class sees it: `body` is its encoded JSON object, `version` included."""

    body: bytes
    trace: Trace


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where a hub has read: the conference's last change and the token of all rights."""

    seq: int
    rights: Hashable


@dataclass(frozen=True, slots=True)
class Membership:
    """One socket in the room. The hub itself looks at `id` and `person` only."""

    id: int
    person: UUID
    session: UUID
    party: str
    identity: "Identity"


@dataclass(slots=True)
class View:
    """What a class sees: all of it (`full`), or the touched keys only.

    `objects[key]` is None for what is not, or no longer, in the view; in a full view
    a missing key says the same. `changes`: opaque ids of all changes that were merged.
    """

    full: bool
    objects: dict[str, Shown | None]
    changes: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What one snapshot of the database says of a conference and its sockets.

    `next_change`: seconds, from the moment of the snapshot, until rights change by the
    clock alone; None is never. Each member stands in exactly one of `classes` (the key
    of her viewing class) and `closed` (4401 session ended, 4403 no longer admitted).
    """

    seq: int
    rights: Hashable
    next_change: float | None
    classes: dict[int, str] = field(default_factory=dict)
    closed: dict[int, int] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One entry to be: these people are about to be shown these objects."""

    cls: str
    recipients: tuple[UUID, ...]
    put: dict[str, Trace]
    snapshot: bool
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at the table, however many sockets she has."""

    person: UUID
    state: Literal["present", "lost"]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A socket of this process, for the presence rows that processes share."""

    socket: UUID
    person: UUID
    state: Literal["present", "lost"]


# read(conference, cursor, members, needed_full), called on a thread of the hub's own.
#
# In `Reading.views`:
# - cursor None, or its rights differ from the snapshot's: a full view of every class in
#   `Reading.classes` (whatever `needed_full` says);
# - else: a full view of each class in `needed_full` that has a member, and for each other
#   class a partial view with the keys that changes after `cursor.seq` touched; a class
#   that nothing touched may be left out, and a full view is always allowed;
# - seq and rights equal to the cursor's and `needed_full` empty: nothing.
Reader = Callable[[UUID, Cursor | None, list[Membership], frozenset[str]], Reading]

# disclose(conference, entries): returns when all are durable; else raises `Functions.unavailable`.
Discloser = Callable[[UUID, list[Disclosure]], Awaitable[None]]

# people(conference, seats): names and roles for a presence frame, in the order to show.
Describe = Callable[[UUID, tuple[Seat, ...]], "list[PresentPerson]"]

# touch(conference, sittings, left): renew this process's rows (30 s to live), drop `left`.
PresenceTouch = Callable[[UUID, tuple[Sitting, ...], tuple[UUID, ...]], None]

# rows(conference): who has a live row, in any process.
PresenceRead = Callable[[UUID], tuple[Seat, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """Everything the hub is handed. `now` gives the product's time, ISO 8601."""

    read: Reader
    disclose: Discloser
    unavailable: type[Exception]
    people: Describe
    now: Callable[[], str]
    presence_touch: PresenceTouch | None = None
    presence_read: PresenceRead | None = None


class Outlet(Protocol):
    """A socket as the hub sees it. Neither call waits nor raises."""

    def send(self, frame: str) -> None: ...

    def close(self, code: int) -> None: ...
