"""The log, for oversight only: sentences about who saw what and why, never what it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from audit import queries
from audit.queries import Choices, Place, Totals
from audit.record import Entry, record_durably
from conference.cases.labels import case_labels, every_case, subject_labels, subjects_of
from conference.clock import AMSTERDAM
from conference.covenant.labels import party_name
from frontend.forms.asks import ASKS, ONLY
from frontend.forms.log import Groups, Pairs, QuestionForm, period_choices
from frontend.officer import PURPOSE_FIELDS, Officer, officer
from frontend.views.log import chart, standing, telling
from frontend.views.log.figures import grouped

_SHORT = 6  # signs of an id that tell apart what has no name any more


@dataclass(frozen=True, slots=True)
class Link:
    """A question to begin with, or a filter. `current`: it is asked now."""

    url: str
    label: str | Promise
    icon: str
    current: bool


@require_safe
@officer(telling.READING)
def log(request: HttpRequest, reader: Officer) -> HttpResponse:
    """The page: a question as a sentence, and its answer, newest first. Reading is logged before it is shown."""
    today = datetime.now(AMSTERDAM).date()
    form = _form(request.GET, today)
    record_durably(_reading(reader, form))
    question = form.question()
    page = queries.page(question, Place.parse(request.GET.get("before", "")))
    context = {
        "form": form,
        "reader": reader,
        "asks": _asks(form),
        "filters": _filters(request.GET, form),
        "days": telling.days(page.rows, today),
        "totals": _told(queries.totals(question)),
        "older": _address(request.GET, before=str(page.older)) if page.older else "",
        "newest": _address(request.GET, before="") if "before" in request.GET else "",
        "everything": f"/log/?ask={form.asked}&period=",
        "change_purpose": _address(request.GET) + "&purpose=",
        "chart": chart.chart(question, today, lambda party: _address(request.GET, party=party, before="")),
        "standing": standing.standing(),
    }
    return render(request, "log.html", context)


def _reading(reader: Officer, form: QuestionForm) -> Entry:
    asked = form.question()
    return reader.entry(
        telling.READING,
        case=asked.case,
        subject=asked.subject,
        obj=(f"person:{asked.person}",) if asked.person else (),
        seen=form.codes(),
    )


# --- what can be asked ------------------------------------------------------------------------


def _form(asked: QueryDict, today: date) -> QuestionForm:
    found = queries.choices()
    periods = period_choices(found.first, today)
    data = asked.copy()
    data.setdefault("period", f"{today:%Y-%m}")
    form = QuestionForm(
        data,
        parties=sorted(((code, party_name(code)) for code in found.parties), key=_by_name),
        cases=_cases(found, asked.get("case", "")),
        people=_people(found, asked.get("person", "")),
        periods=periods,
        subjects=_subjects(asked.get("case", ""), asked.get("subject", "")),
    )
    form.is_valid()
    return form


def _cases(found: Choices, chosen: str) -> Groups:
    ids = _with([*every_case(), *found.cases], chosen)
    return _grouped(ids, case_labels(ids), pgettext("log", "Cases that are no more"), telling.gone_case())


def _people(found: Choices, chosen: str) -> Groups:
    ids = _with(found.people, chosen)
    gone = pgettext("log", "somebody who is no longer known")
    return _grouped(ids, telling.names(ids), pgettext("log", "No longer known"), gone)


def _subjects(case: str, chosen: str) -> Pairs:
    """Return the subjects of the chosen case, and the chosen one."""
    known = [subject for one in _ids(case) for subject in subjects_of(one)]
    ids = _with(known, chosen)
    labels = dict.fromkeys(ids, pgettext("log", "somebody who is no longer known")) | subject_labels(ids)
    return [(str(subject), labels[subject]) for subject in ids]


def _with(ids: Sequence[UUID], chosen: str) -> list[UUID]:
    """Return the ids, and the one that was asked for: what is asked for can be chosen, also when nothing is known."""
    return list(dict.fromkeys([*ids, *_ids(chosen)]))


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _grouped(ids: Sequence[UUID], labels: dict[UUID, str], heading: str, gone: str) -> Groups:
    """Return what has a name by its name, and under a heading what has none any more, told apart by its id."""
    named = sorted(((str(one), labels[one]) for one in ids if one in labels), key=_by_name)
    nameless = sorted((str(one), f"{gone} · {one.hex[:_SHORT]}") for one in ids if one not in labels)
    return [*named, (heading, nameless)] if nameless else [*named]


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


# --- links and totals -----------------------------------------------------------------------------


def _asks(form: QuestionForm) -> list[Link]:
    """Return the questions to begin with; each keeps the period."""
    kept = QueryDict(mutable=True)
    for name in ("period", "first", "last"):
        if form.data.get(name):
            kept[name] = form.data[name]
    return [
        Link(f"/log/?ask={code}&{kept.urlencode()}", ask.label, ask.icon, code == form.asked)
        for code, ask in ASKS.items()
    ]


def _filters(asked: QueryDict, form: QuestionForm) -> list[Link]:
    """Return the filters that say more than the question does; each takes itself off when it is on."""
    links = []
    for code, only in ONLY.items():
        current = code == form.only_asked
        if current or ASKS[form.asked].marks != only.marks:
            url = _address(asked, only="" if current else code, before="")
            links.append(Link(url, only.label, only.icon, current))
    return links


def _told(totals: Totals) -> dict[str, object]:
    return {
        "viewed": grouped(totals.viewed) if totals.viewed else "",
        "refused": grouped(totals.refused) if totals.refused else "",
        "entries": grouped(totals.entries),
        "count": totals.entries,
        "whole": totals.whole,
    }


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
