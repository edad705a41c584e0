"""What of a victim reached whom before now, as the log has it: for telling receivers (AVG 19), and for her.

Per receiving organisation, kind of data and day; never who, and never what it said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit import marks
from audit.days import day_of
from audit.overview.folding import Access, Deed, accesses
from audit.overview.reading import leaves
from audit.queries import Place, Question, Row, page

OWN = "own_contribution"
_FIRST, _FURTHER = 200, 10_000  # entries read at once
CARRIED = frozenset({"consent", "exception"})  # an entry of several grounds names the highest: exception, consent


@dataclass(frozen=True, slots=True, order=True)
class Shared:
    """One organisation received one kind of data on these days; `taken`: some of it as a file."""

    party: str
    category: str
    days: tuple[date, ...]
    taken: bool


def shared(case: UUID, subject: UUID, *, party: str | None = None, category: str | None = None) -> list[Shared]:
    """Return what reached which organisation (of `party` and `category` only, if given), by party and kind.

    Where an organisation read its own words and others' in one look, the log counts both: so it may name one
    that knew it all from itself. Too many are told then, never too few.
    """
    days: dict[tuple[str, str], set[date]] = {}
    taken: set[tuple[str, str]] = set()
    for one in _received(case, subject):
        receiver = one.receiver or one.party
        for kind in one.kinds:
            if receiver is None or (party or receiver) != receiver or (category or kind.category) != kind.category:
                continue
            key = (receiver, kind.category)
            days.setdefault(key, set()).add(date.fromordinal(day_of(one.t)))
            if one.deed is Deed.TOOK:
                taken.add(key)
    return [Shared(*key, tuple(sorted(found)), key in taken) for key, found in sorted(days.items())]


def reached(case: UUID, subject: UUID, party: str, categories: Iterable[str]) -> set[str]:
    """Return of which of these kinds data reached a party on consent, or on an exception where that stood above it.

    What the covenant carries may be used after a withdrawal as before it. Asked within a write: it reads the
    party's own entries of the case and what others took out for it, newest first and once for all kinds, and ends
    when each is answered; of a party without such an entry nothing is read.
    """
    about = {None, str(subject)}
    asked = (Question(case=case, party=party), Question(case=case, marks=marks.EXPORT))
    left, found = set(categories), set[str]()
    for row in (row for question in asked for row in _newest(question)):
        if row.leaf and row.leaf["reason"] in CARRIED and row.leaf["subject"] in about:
            found |= {kind for one in accesses(row.leaf) for kind in _received_by(one, party)} & left
            if found == left:
                break
    return found


def _newest(question: Question) -> Iterator[Row]:
    """Yield what answers, newest first: a few at once while one of them may do, then many, for each time costs."""
    place: Place | None = None
    size = _FIRST
    while True:
        shown = page(question, place, size)
        yield from shown.rows
        if shown.older is None:
            return
        place, size = shown.older, _FURTHER


def _received_by(one: Access, party: str) -> Iterable[str]:
    """The kinds of data that reached a party in one access; a file that was taken out reached whom it was for."""
    received = one.deed in {Deed.SAW, Deed.TOOK} and (one.receiver or one.party) == party
    return (kind.category for kind in one.kinds) if received else ()


def _received(case: UUID, subject: UUID) -> Iterator[Access]:
    every: Iterable[Access] = (one for leaf in leaves(case, subject) for one in accesses(leaf))
    return (one for one in every if one.deed in {Deed.SAW, Deed.TOOK} and one.ground != OWN)
