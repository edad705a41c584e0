"""The log's rows as people read them: days, sentences, and the technical record behind each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import pgettext

from audit.canonical import canonical
from audit.growth import store
from audit.overview.folding import OF_LOG
from audit.queries import Row
from audit.sentences import RECEIVER, Labels, Sentence, receiver_of, sentence
from conference.accounts.models import Person
from conference.cases.labels import case_labels, subject_labels
from conference.clock import AMSTERDAM
from conference.covenant.labels import category_name, party_name, phase_name
from conference.crypto import KeyTrouble
from frontend.forms.log import MICROSECONDS
from frontend.views.log.figures import grouped

READING = "log.read"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a row stands in the tree: `log` is its year's, `index` from 0, `signed` when it was signed for, if so."""

    log: str
    index: str
    signed: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page. `rest`: the sentence after the name that is set in bold. `proof`: None while it waits."""

    time: str
    sentence: Sentence
    rest: str
    number: int
    gist: str
    record: str
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day, under its heading."""

    heading: str
    lines: list[Line]


def days(rows: Sequence[Row], today: date) -> list[Day]:
    """Tell rows, newest first, under the days on which they were written."""
    told = zip(rows, lines(rows), strict=True)
    return [
        Day(heading(day, today), [line for _row, line in found])
        for day, found in groupby(told, lambda one: _day_of(one[0]))
    ]


def lines(rows: Sequence[Row]) -> list[Line]:
    """Tell rows one by one, in the order given."""
    labels = _labels([row for row in rows if row.leaf])
    proofs = _proofs(rows)
    return [_line(row, labels, proofs.get(row.id)) for row in rows]


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people; one who is gone, or whose name cannot be opened, has none."""
    found: dict[UUID, str] = {}
    for person in Person.objects.filter(id__in=set(ids)):
        try:
            found[person.id] = person.name
        except KeyTrouble:
            continue
    return found


def gone_case() -> str:
    """What a case is called whose key is destroyed."""
    return pgettext("log", "a case that is no more")


# --- what ids and codes are called ---------------------------------------------------------


def _labels(rows: Sequence[Row]) -> Labels:
    leaves = [row.leaf for row in rows]
    people = {leaf["actor"] for leaf in leaves} | {person for leaf in leaves for person in leaf["recipients"][:1]}
    people |= {key.removeprefix("person:") for leaf in leaves for key in leaf["obj"] if key.startswith("person:")}
    parties = {leaf["party"] for leaf in leaves if leaf["party"]} | {receiver_of(leaf) for leaf in leaves} - {""}
    phases = {leaf["phase"] for leaf in leaves if leaf["phase"]}
    cases = _ids(leaf["case"] for leaf in leaves)
    return Labels(
        people=_by_text(names(_ids(people))),
        parties={code: party_name(code) for code in parties},
        cases=_by_text(dict.fromkeys(cases, gone_case()) | case_labels(cases)),
        subjects=_by_text(subject_labels(_ids(leaf["subject"] for leaf in leaves))),
        categories={code: category_name(code) for code in _categories(rows)},
        phases={code: phase_name(code) for code in phases},
    )


def _categories(rows: Sequence[Row]) -> set[str]:
    """Return the categories that were seen; in an entry about the log itself stands what was asked instead."""
    pairs = {pair for row in rows if row.leaf["act"].partition(".")[0] not in OF_LOG for pair in row.leaf["seen"]}
    return {pair.partition("=")[0] for pair in pairs} - {RECEIVER}


def _ids(texts: Iterable[str | None]) -> set[UUID]:
    return {UUID(text) for text in texts if text}


def _by_text(labels: Mapping[UUID, str]) -> dict[str, str]:
    return {str(key): label for key, label in labels.items()}


# --- days and moments ------------------------------------------------------------------------


def moment(t: int) -> datetime:
    """Return a moment of the log (µs since 1970) as clocks here showed it."""
    return datetime.fromtimestamp(t / MICROSECONDS, AMSTERDAM)


def _day_of(row: Row) -> date:
    return moment(row.t).date()


def heading(day: date, today: date) -> str:
    """Return a day as people say it: "Vandaag, maandag 23 november"."""
    text = date_format(day, "l j F" if day.year == today.year else "l j F Y")
    if day == today:
        return pgettext("log", "Today, %(day)s") % {"day": text}
    if day == today - timedelta(days=1):
        return pgettext("log", "Yesterday, %(day)s") % {"day": text}
    return text[:1].upper() + text[1:]


# --- one row ------------------------------------------------------------------------------------


def _line(row: Row, labels: Labels, proof: Proof | None) -> Line:
    told = sentence(row.leaf, labels) if row.leaf else _broken()
    return Line(
        time=moment(row.t).strftime("%H.%M"),
        sentence=told,
        rest=told.text.removeprefix(told.who),
        number=row.id,
        gist=_gist(row),
        record=canonical(row.leaf).decode() if row.leaf else "",
        proof=proof,
    )


def _broken() -> Sentence:
    return Sentence(
        text=pgettext("log", "This line is damaged and cannot be read."),
        who="",
        line=pgettext("log", "Check the log: the check names it."),
        icon="alert-triangle",
        refused=True,
    )


def _gist(row: Row) -> str:
    """The record in a few codes: what, with which outcome, why, what was seen, by which covenant."""
    leaf = row.leaf
    if not leaf:
        return ""
    parts = (leaf["act"], leaf["out"], leaf["reason"], ", ".join(leaf["seen"]), leaf["covenant"])
    return " · ".join(part for part in parts if part)


def _proofs(rows: Sequence[Row]) -> dict[int, Proof]:
    places = store.positions_of(row.id for row in rows)
    logs = {log.id: log for log in store.logs()}
    latest = {number: store.checkpoint(number) for number in {place.log for place in places.values()}}
    found: dict[int, Proof] = {}
    for number, place in places.items():
        signed = latest[place.log]
        proven = signed is not None and signed.size > place.index
        when = moment(signed.t) if signed is not None and proven else None
        found[number] = Proof(logs[place.log].origin.rpartition("/")[2], grouped(place.index), when)
    return found
