"""The live room's heart: one pump per conference and process. Imports no Django."""

from agenda.hub.hub import Hub
from agenda.hub.member import Limits, Member
from agenda.hub.types import (
    Cursor,
    Describe,
    Discloser,
    Disclosure,
    Functions,
    Membership,
    Outlet,
    PresenceRead,
    PresenceTouch,
    Reader,
    Reading,
    Seat,
    Shown,
    Sitting,
    Trace,
    View,
)

__all__ = [
    "Cursor",
    "Describe",
    "Discloser",
    "Disclosure",
    "Functions",
    "Hub",
    "Limits",
    "Member",
    "Membership",
    "Outlet",
    "PresenceRead",
    "PresenceTouch",
    "Reader",
    "Reading",
    "Seat",
    "Shown",
    "Sitting",
    "Trace",
    "View",
]
