"""The log, for oversight only: sentences about who saw what and why, never what it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from audit import queries
from audit.canonical import canonical
from audit.queries import Place, Row
from audit.record import Entry, record_durably
from audit.sentences import RECEIVER, Labels, Sentence, receiver_of, sentence
from conference.accounts.models import Person
from conference.cases.labels import case_labels, subject_labels
from conference.clock import AMSTERDAM
from conference.covenant.labels import category_name, party_name, phase_name
from conference.crypto import KeyTrouble
from frontend.forms.log import MICROSECONDS, QuestionForm, month_choices
from frontend.officer import PURPOSE_FIELDS, Officer, officer

READING = "log.read"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page. `rest`: the sentence after the name that is set in bold."""

    time: str
    sentence: Sentence
    rest: str
    number: int
    record: str


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day, under its heading."""

    heading: str
    lines: list[Line]


@require_safe
@officer(READING)
def log(request: HttpRequest, reader: Officer) -> HttpResponse:
    """The page: a question as a sentence, and its answer, newest first. Reading is logged before it is shown."""
    today = datetime.now(AMSTERDAM).date()
    form = _form(request.GET, today)
    record_durably(_reading(reader, form))
    question = form.question()
    page = queries.page(question, Place.parse(request.GET.get("before", "")))
    context = {
        "form": form,
        "days": _days(page.rows, today),
        "totals": queries.totals(question),
        "older": _address(request.GET, before=str(page.older)) if page.older else "",
        "newest": _address(request.GET, before="") if "before" in request.GET else "",
        "refusals": _address(request.GET, refused="" if question.marks else "on", before=""),
        "everything": "/log/?period=",
    }
    return render(request, "log.html", context)


def _reading(reader: Officer, form: QuestionForm) -> Entry:
    asked = form.question()
    return reader.entry(
        READING,
        case=asked.case,
        subject=asked.subject,
        obj=(f"person:{asked.person}",) if asked.person else (),
        seen=form.codes(),
    )


def _form(asked: QueryDict, today: date) -> QuestionForm:
    found = queries.choices()
    months = month_choices(found.first, today)
    data = asked.copy()
    data.setdefault("period", months[0][0])
    parties = sorted(((code, party_name(code)) for code in found.parties), key=_by_name)
    form = QuestionForm(
        data,
        parties=parties,
        cases=_pairs(case_labels(found.cases)),
        people=_pairs(_people(found.people)),
        months=months,
    )
    form.is_valid()
    return form


def _pairs(labels: dict[UUID, str]) -> list[tuple[str, str]]:
    return sorted(((str(key), label) for key, label in labels.items()), key=_by_name)


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def _people(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people; one who is gone, or whose name cannot be opened, has none."""
    found: dict[UUID, str] = {}
    for person in Person.objects.filter(id__in=set(ids)):
        try:
            found[person.id] = person.name
        except KeyTrouble:
            continue
    return found


def _labels(rows: list[Row]) -> Labels:
    leaves = [row.leaf for row in rows]
    people = {leaf["actor"] for leaf in leaves} | {person for leaf in leaves for person in leaf["recipients"][:1]}
    people |= {key.removeprefix("person:") for leaf in leaves for key in leaf["obj"] if key.startswith("person:")}
    parties = {leaf["party"] for leaf in leaves if leaf["party"]} | {receiver_of(leaf) for leaf in leaves} - {""}
    phases = {leaf["phase"] for leaf in leaves if leaf["phase"]}
    return Labels(
        people=_by_text(_people(_ids(people))),
        parties={code: party_name(code) for code in parties},
        cases=_by_text(case_labels(_ids({leaf["case"] for leaf in leaves}))),
        subjects=_by_text(subject_labels(_ids({leaf["subject"] for leaf in leaves}))),
        categories={code: category_name(code) for code in _categories(rows)},
        phases={code: phase_name(code) for code in phases},
    )


def _categories(rows: list[Row]) -> set[str]:
    """Return the categories that were seen; in the entry of a reading stands its question instead."""
    pairs = {pair for row in rows if row.leaf["act"] != READING for pair in row.leaf["seen"]}
    return {pair.partition("=")[0] for pair in pairs} - {RECEIVER}


def _ids(texts: Iterable[str | None]) -> set[UUID]:
    return {UUID(text) for text in texts if text}


def _by_text(labels: dict[UUID, str]) -> dict[str, str]:
    return {str(key): label for key, label in labels.items()}


def _days(rows: list[Row], today: date) -> list[Day]:
    labels = _labels(rows)
    return [Day(_heading(day, today), [_line(row, labels) for row in found]) for day, found in groupby(rows, _day_of)]


def _moment(row: Row) -> datetime:
    return datetime.fromtimestamp(row.t / MICROSECONDS, AMSTERDAM)


def _day_of(row: Row) -> date:
    return _moment(row).date()


def _heading(day: date, today: date) -> str:
    text = date_format(day, "l j F" if day.year == today.year else "l j F Y")
    if day == today:
        return pgettext("log", "Today, %(day)s") % {"day": text}
    if day == today - timedelta(days=1):
        return pgettext("log", "Yesterday, %(day)s") % {"day": text}
    return text[:1].upper() + text[1:]


def _line(row: Row, labels: Labels) -> Line:
    told = sentence(row.leaf, labels)
    return Line(
        time=_moment(row).strftime("%H.%M"),
        sentence=told,
        rest=told.text.removeprefix(told.who),
        number=row.id,
        record=canonical(row.leaf).decode(),
    )


def _address(asked: QueryDict, **changed: str) -> str:
    """Return this page's address with some of the question changed; an empty value is left out."""
    kept = asked.copy()
    for name in PURPOSE_FIELDS:
        kept.pop(name, None)
    for name, value in changed.items():
        kept[name] = value
        if not value:
            del kept[name]
    return f"/log/?{kept.urlencode()}"


urlpatterns = [path("log/", log, name="log")]
