"""Who did what with the data of one betrokkene: her leaves, folded into lines. Pure.

NEN 7513:2018 §9 lets a client's view fold what happened more than once on a day into one line with
the first time. Here a line is one person's day with one deed, one ground and one covenant, and it
counts each kind of data. A person stands in it when content reached her: she opened it, it was pushed
to her, she wrote it, or she took it out.

Refusals and failures are no lines. Who asked and got nothing has learned nothing of the betrokkene;
most refusals are a late code or a wrong moment, and naming somebody in a letter for one accuses her.
They are in the log, and the review looks at them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from audit.days import day_of
from audit.sentences import RECEIVER, receiver_of
from audit.words import VIEWS

Leaf = Mapping[str, Any]

REGISTER, PROCESS, LOG = "register", "prc", "log"  # kinds: her consents, what was agreed, the log itself
EXCEPTION = "exception"
EMERGENCY = frozenset({7, 8})  # vital interest, conflict of duties: used in an emergency only

_OF_REGISTER = frozenset({"consent", "register", "exception", "evidence"})
# Acts about the log itself: what they say they saw are the questions asked of it.
OF_LOG = frozenset({"finding", "log", "overview", "review", "sample"})


class Deed(StrEnum):
    """What somebody did: looked, wrote, took it out of the house, or looked in the log."""

    SAW = "saw"
    WROTE = "wrote"
    TOOK = "took"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Data of one category at one level: identified | pseudonymised | "" where there is no such difference."""

    category: str
    level: str


@dataclass(frozen=True, slots=True)
class Access:
    """What one leaf says about one person. `person` and `role` are None where they are left out.

    `t`: µs since 1970. `receiver`: the party for which something was taken out. `codes`: of the
    exceptions that can have been the ground.
    """

    t: int
    party: str | None
    person: str | None
    role: str | None
    deed: Deed
    receiver: str
    ground: str
    covenant: str | None
    codes: tuple[int, ...]
    kinds: tuple[Kind, ...]


@dataclass(slots=True)
class Line:
    """One person's day. `day`: as `date.toordinal`; `first`: its first access; `count`: accesses."""

    day: int
    first: Access
    count: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)

    @property
    def emergency(self) -> bool:
        """Whether an exception for emergencies can have been the ground."""
        return bool(EMERGENCY & set(self.first.codes))


def accesses(leaf: Leaf, codes: Callable[[Leaf], tuple[int, ...]] = lambda _leaf: ()) -> Iterator[Access]:
    """Yield what a leaf says, one for each person whom the content reached; none for who got nothing."""
    if leaf["out"] != "permit":
        return
    # Elsewhere the recipients are those whom an act concerns: let in, invited. They saw nothing by it.
    pushed = leaf["act"] in VIEWS and leaf["recipients"]
    deed = _deed(leaf)
    ground = leaf["purpose"] if deed is Deed.CHECKED else leaf["reason"]
    for person in pushed or [leaf["actor"]]:
        if person is not None:
            yield Access(
                t=leaf["t"],
                party=leaf["party"],
                person=person,
                role=leaf["role"],
                deed=deed,
                receiver=receiver_of(leaf) if deed is Deed.TOOK else "",
                ground=ground or "",
                covenant=leaf["covenant"],
                codes=codes(leaf) if ground == EXCEPTION else (),
                kinds=_kinds(leaf),
            )


def _deed(leaf: Leaf) -> Deed:
    thing, _, _verb = leaf["act"].partition(".")
    if thing in OF_LOG:
        return Deed.CHECKED
    if thing == "export" or leaf["act"] == "evidence.opened":  # a document about her, as a file
        return Deed.TOOK
    return Deed.SAW if leaf["act"] in VIEWS or thing == "register" else Deed.WROTE


def _kinds(leaf: Leaf) -> tuple[Kind, ...]:
    thing = leaf["act"].partition(".")[0]
    if thing in OF_LOG:
        return (Kind(LOG, ""),)
    pairs = [pair.partition("=") for pair in leaf["seen"]]
    # A consent that was recorded names the category that it is about: nothing of that was seen.
    seen = [(category, level) for category, _, level in pairs if category != RECEIVER and level != "none"]
    if thing in _OF_REGISTER or not seen:
        return (Kind(REGISTER if thing in _OF_REGISTER else PROCESS, ""),)
    # What stands in a case about nobody by name is seen, but nobody's name with it.
    return tuple(sorted({Kind(category, level if leaf["subject"] else "") for category, level in seen}))


def fold(found: Iterable[Access], hidden: Callable[[Access], bool] = lambda _access: False) -> Iterator[Line]:
    """Fold accesses, those of a day beside each other, into lines; each access counts in exactly one.

    Of whom `hidden` says so, name and role are left out before folding: not even how many
    they were can be read then, and a role that one person has is her name.
    """
    shown = (replace(one, person=None, role=None) if hidden(one) else one for one in found)
    for day, of_day in groupby(shown, key=lambda one: day_of(one.t)):
        lines: dict[Access, Line] = {}
        for one in of_day:
            line = lines.setdefault(replace(one, t=0, kinds=()), Line(day, one))
            line.first = min(line.first, one, key=lambda access: access.t)
            line.count += 1
            line.kinds.update(one.kinds)
        yield from lines.values()
