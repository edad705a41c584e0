"""Everything that the overview of one betrokkene holds, gathered from the rooms that know it.

The names of professionals come from their accounts; hers comes from nowhere: the officer may not see it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import pgettext

from audit.days import start_of
from audit.overview import decisions
from audit.overview.decisions import Whom
from audit.overview.folding import Access, Deed, Leaf, Line, accesses, fold
from audit.overview.models import OverviewLimit
from audit.overview.reading import leaves
from audit.sentences import RECEIVER, receiver_of
from conference import clock
from conference.accounts.models import Person
from conference.cases.labels import case_labels, case_of, subject_labels
from conference.covenant.labels import party_name
from consent import register
from consent.models import ExceptionLine
from frontend.names import FAMILIES, role_name
from frontend.overview.words import CONTEXT, DEEDS, ground_text, kinds_text
from frontend.views.log.telling import moment, names


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; None where it is open."""

    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> int | None:
        return start_of(self.first.toordinal()) if self.first else None

    @property
    def until(self) -> int | None:
        return start_of(self.last.toordinal() + 1) if self.last else None


@dataclass(frozen=True, slots=True)
class Told:
    """One line in words. `name` is empty where it is left out or not known any more.

    `kinds`: level by level, each with how often. The line itself has no count: one look at a case is an entry about
    her and one about the case as a whole, and nobody would read the sum of these as one look.
    """

    at: datetime
    name: str
    organisation: str
    role: str
    deed: str
    kinds: list[str]
    ground: str
    emergency: bool


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who stands in an overview and may be named. `party`: her organisation now."""

    name: str
    party: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`handle`, `code_name`: by which officer and care coordinator know whom it is about.

    `parties`: whose people stand in it, by code; `people`: those of them who may be named.
    `covenants`: the versions by which it was decided what may be seen, in order of first use.
    """

    whom: Whom
    handle: str
    code_name: str
    period: Period
    lines: list[Told]
    limits: list[OverviewLimit]
    parties: dict[str, str]
    people: dict[UUID, Seer]
    covenants: list[str]

    @property
    def organisations(self) -> list[str]:
        return sorted(self.parties.values(), key=str.casefold)

    @property
    def days(self) -> int:
        return len({line.at.date() for line in self.lines})


def whom(subject: UUID) -> Whom | None:
    """Return a betrokkene with her case; None when there is nobody, or nobody any more."""
    case = case_of(subject)
    return Whom(case, subject) if case is not None else None


def gather(about: Whom, period: Period) -> Overview:
    """Read and fold what the log holds about a betrokkene in a period."""
    limits = decisions.standing(about.subject)
    codes = _codes(about)
    found = (one for leaf in _leaves(about, period) for one in accesses(leaf, codes))
    # In a letter the oldest comes first; the log is read the other way.
    lines = sorted(fold(found, decisions.hides(limits)), key=lambda line: (line.day, line.first.t))
    people = _people(lines)
    return Overview(
        whom=about,
        handle=subject_labels([about.subject]).get(about.subject, ""),
        code_name=case_labels([about.case]).get(about.case, ""),
        period=period,
        lines=[_in_words(line, people) for line in lines],
        limits=limits,
        parties={line.first.party: party_name(line.first.party) for line in lines if line.first.party},
        people={key: Seer(one.name, one.party) for key, one in people.items() if one.party},
        covenants=list(dict.fromkeys(line.first.covenant for line in lines if line.first.covenant)),
    )


def _leaves(about: Whom, period: Period) -> Iterable[Leaf]:
    return leaves(about.case, about.subject, period.since, period.until)


# --- exceptions: an entry says that there was one, the register says which ---------------------


def _codes(about: Whom) -> Callable[[Leaf], tuple[int, ...]]:
    """Return what finds the codes of the exceptions that can have been a leaf's ground."""
    recorded = register.exceptions([about.case])

    def of(leaf: Leaf) -> tuple[int, ...]:
        fitting = [line for line in recorded if _fits(line, leaf)]
        # The register runs on the product's time, the log on the machine's.
        at = moment(leaf["t"]) + clock.offset()
        held = [line for line in fitting if line.starts <= at < line.ends]
        return tuple(sorted({line.code for line in held or fitting}))

    return of


def _fits(line: ExceptionLine, leaf: Leaf) -> bool:
    parties = {leaf["party"], receiver_of(leaf)}
    seen = {pair.partition("=")[0] for pair in leaf["seen"]} - {RECEIVER}
    return line.party in parties and line.category in seen and leaf["subject"] in {None, str(line.subject)}


# --- in words -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Person:
    """A professional; all is empty of one whose account is gone."""

    name: str = ""
    party: str = ""
    roles: tuple[str, ...] = ()


def _people(lines: list[Line]) -> dict[UUID, _Person]:
    ids = {UUID(line.first.person) for line in lines if line.first.person}
    known, rows = names(ids), Person.objects.in_bulk(ids)
    return {
        key: _Person(known.get(key, ""), rows[key].party, tuple(rows[key].roles)) if key in rows else _Person()
        for key in ids
    }


def _in_words(line: Line, people: dict[UUID, _Person]) -> Told:
    first = line.first
    person = people[UUID(first.person)] if first.person else _Person()
    return Told(
        at=moment(first.t),
        name=person.name,
        organisation=party_name(first.party) if first.party else "",
        role=_role(first, person),
        deed=_deed(first),
        kinds=kinds_text(line.kinds),
        ground=ground_text(first.ground, first.codes, first.deed, line.kinds),
        emergency=line.emergency,
    )


def _deed(first: Access) -> str:
    told = str(DEEDS[first.deed])
    if first.deed is not Deed.TOOK or not first.receiver:
        return told
    return pgettext(CONTEXT, "%(deed)s, for %(party)s") % {"deed": told, "party": party_name(first.receiver)}


def _role(first: Access, person: _Person) -> str:
    """Return the role that the entry holds; a push holds none, so there the role that she has now."""
    codes = first.role.split(",") if first.role else person.roles
    return ", ".join(str(FAMILIES.get(code) or role_name(code)) for code in codes)
