"""Entries of the log as lines of a page: a sentence, and the technical record behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.canonical import canonical
from audit.growth import store
from audit.queries import Row
from audit.sentences import RECEIVER, Labels, Sentence, receiver_of, sentence
from conference.accounts.models import Person
from conference.cases.labels import case_labels, subject_labels
from conference.clock import AMSTERDAM
from conference.covenant.labels import category_name, party_name, phase_name
from conference.crypto import KeyTrouble

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `rest`: the sentence after the name that is set in bold. `index`: its place in the log."""

    moment: datetime
    sentence: Sentence
    rest: str
    number: int
    index: int | None
    record: str


def moment(t: int) -> datetime:
    """Return a moment of the log (µs since 1970) as people here read it."""
    return datetime.fromtimestamp(t / MICROSECONDS, AMSTERDAM)


def until(first: int, last: int) -> str:
    """Return when something ended as a time of day, "" when that was in the minute in which it began."""
    begun, ended = (moment(t).strftime("%H.%M") for t in (first, last))
    return ended if ended != begun else ""


def lines(rows: Iterable[Row]) -> list[Line]:
    """Return entries as lines, in the order given."""
    shown = list(rows)
    labels = _labels(shown)
    places = store.positions_of(row.id for row in shown)
    return [_line(row, labels, places[row.id].index if row.id in places else None) for row in shown]


def _line(row: Row, labels: Labels, index: int | None) -> Line:
    told = sentence(row.leaf, labels)
    rest = told.text.removeprefix(told.who)
    return Line(moment(row.t), told, rest, row.id, index, canonical(row.leaf).decode())


def people(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return the accounts of people; of one who is gone there is none."""
    return {person.id: person for person in Person.objects.filter(id__in=set(ids))}


def name_of(person: Person | None) -> str:
    """Return somebody's name, empty when she is gone or her name cannot be opened."""
    try:
        return person.name if person else ""
    except KeyTrouble:
        return ""


def _labels(rows: list[Row]) -> Labels:
    leaves = [row.leaf for row in rows]
    persons = {leaf["actor"] for leaf in leaves} | {person for leaf in leaves for person in leaf["recipients"]}
    persons |= {key.removeprefix("person:") for leaf in leaves for key in leaf["obj"] if key.startswith("person:")}
    parties = {leaf["party"] for leaf in leaves if leaf["party"]} | {receiver_of(leaf) for leaf in leaves} - {""}
    pairs = (pair.partition("=") for leaf in leaves for pair in leaf["seen"] if leaf["act"] != "log.read")
    categories = {code for code, _equals, _level in pairs} - {RECEIVER}
    return Labels(
        people={str(key): name_of(person) for key, person in people(_ids(persons)).items()},
        parties={code: party_name(code) for code in parties},
        cases=_by_text(case_labels(_ids({leaf["case"] for leaf in leaves}))),
        subjects=_by_text(subject_labels(_ids({leaf["subject"] for leaf in leaves}))),
        categories={code: category_name(code) for code in categories},
        phases={leaf["phase"]: phase_name(leaf["phase"]) for leaf in leaves if leaf["phase"]},
    )


def _ids(texts: Iterable[str | None]) -> set[UUID]:
    return {UUID(text) for text in texts if text}


def _by_text(labels: dict[UUID, str]) -> dict[str, str]:
    return {str(key): label for key, label in labels.items()}
