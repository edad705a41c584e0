"""A leaf on its way out, and what every standard asks of it: its place in the log, and its activity. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from audit.canonical import LEAF_KEYS

REGISTER = "urn:casustafel:activity:"  # where nothing else is given: an id, no address

# The processing activity by the first half of an act; all else is the case conference (WGS 2.26a).
_ACTIVITIES = {
    "oversight": ("finding", "limit", "log", "overview", "review", "sample"),
    "accounts": ("cover", "enrolment", "factor", "login", "person", "session"),
    "consent_register": ("consent", "exception", "register"),
    "covenant": ("covenant",),
}
_ACTIVITY = {thing: activity for activity, things in _ACTIVITIES.items() for thing in things}
CONFERENCE = "case_conference"


class LeafDamaged(Exception):
    """The bytes of an entry are no leaf any more; `number`: its id in the table."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's latest signed statement. `origin`: the log's name; `root`: base64."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Exported:
    """`raw`: the leaf's canonical bytes; `leaf`: what they say.

    `checkpoint` and `index` (the position in its log, from 0) are None while it waits for its place.
    """

    raw: bytes
    leaf: Mapping[str, Any]
    checkpoint: Checkpoint | None = None
    index: int | None = None

    @classmethod
    def of(cls, raw: bytes, checkpoint: Checkpoint | None = None, index: int | None = None) -> "Exported":
        """Read a leaf's bytes. Raises msgspec.DecodeError for what is no leaf."""
        leaf = _decode(raw)
        if leaf.keys() != LEAF_KEYS:
            raise msgspec.DecodeError("not a leaf")
        return cls(raw, leaf, checkpoint, index)

    @property
    def people(self) -> list[str | None]:
        """Whom it is about: the recipients where it lists them, else whoever acted, else nobody."""
        return list(self.leaf["recipients"]) or [self.leaf["actor"]]


def activity(act: str, register: str = REGISTER) -> str:
    """Return the URI of the processing activity that an act belongs to, in a register (AVG 30)."""
    return register + _ACTIVITY.get(act.partition(".")[0], CONFERENCE)
