"""The overview of a betrokkene, for oversight: choosing whose, the page, the letter, and deciding about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from audit.overview import decisions
from audit.overview.decisions import By, Refused, Whom
from audit.overview.models import OverviewLimit, OverviewRequest
from audit.record import record_durably
from conference.cases.labels import case_labels, case_of, every_case, subject_labels, subjects_of
from conference.clock import AMSTERDAM
from conference.covenant.labels import party_name
from frontend.attached import PDF, attached
from frontend.forms.overview import OTHERWISE, REFUSALS, LimitForm, PeriodForm, RequestForm
from frontend.officer import Officer, officer
from frontend.overview.gathering import Period, Told, gather, whom
from frontend.overview.statement import Made, as_pdf, limit_text
from frontend.overview.words import limit_grounds

HERE = "/log/overview/"
VIEWED, MADE = "overview.viewed", "overview.made"
GONE = 404
LINES = 200  # on one page; a day is never cut


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that was not answered. `label` is empty when its case was destroyed meanwhile."""

    request: OverviewRequest
    label: str
    late: bool


@require_safe
@officer(VIEWED)
def choose(request: HttpRequest, reader: Officer) -> HttpResponse:
    """The way in: a case, then a betrokkene in it; and the requests that wait."""
    cases = case_labels(every_case())
    wanted = _uuid(request.GET.get("case", ""))
    case = wanted if wanted in cases else None
    record_durably(reader.entry(VIEWED, case=case))
    subjects = subject_labels(subjects_of(case)) if case else {}
    context = {
        "cases": sorted(((str(key), name) for key, name in cases.items()), key=lambda pair: pair[1].casefold()),
        "chosen": str(case) if case else "",
        "code_name": cases.get(case, "") if case else "",
        "subjects": sorted(subjects.items(), key=lambda pair: pair[1]),
        "waiting": _waiting(),
    }
    return render(request, "overview_choose.html", context)


def _waiting() -> list[Waiting]:
    rows = decisions.waiting()
    handles = subject_labels([row.subject for row in rows])
    cases = {row.subject: case_of(row.subject) for row in rows}
    names = case_labels([case for case in cases.values() if case])
    today = _today()
    return [
        Waiting(
            row,
            _label(names.get(cases[row.subject] or row.subject, ""), handles.get(row.subject, "")),
            row.due_on < today,
        )
        for row in rows
    ]


def _label(code_name: str, handle: str) -> str:
    return f"{code_name}, {handle}" if handle else ""


@require_safe
@officer(VIEWED)
def overview(request: HttpRequest, reader: Officer, subject: UUID) -> HttpResponse:
    """One betrokkene: who, when, which data, on what ground. Entered before it is read."""
    about = whom(subject)
    if about is None:
        return render(request, "overview_gone.html", status=GONE)
    form = PeriodForm(request.GET)
    form.is_valid()
    return _page(request, reader, about, form.period(), {"period": form})


@require_safe
@officer(MADE)
def statement(request: HttpRequest, reader: Officer, subject: UUID) -> HttpResponse:
    """The same as a letter in PDF."""
    about = whom(subject)
    if about is None:
        return render(request, "overview_gone.html", status=GONE)
    form = PeriodForm(request.GET)
    form.is_valid()
    period = form.period()
    record_durably(_entry(reader, MADE, about, period))
    made = Made(datetime.now(AMSTERDAM), str(getattr(request.user, "name", "")))
    response = HttpResponse(as_pdf(gather(about, period), made), content_type=PDF)
    return attached(response, f"{made.at:%Y-%m-%d}-overzicht.pdf")


@require_POST
@officer(VIEWED)
def act(request: HttpRequest, reader: Officer, subject: UUID) -> HttpResponse:
    """Carry out one decision about the overview: `do` says which; `row`, where one exists, on what."""
    about = whom(subject)
    if about is None:
        return render(request, "overview_gone.html", status=GONE)
    do = request.POST.get("do", "")
    if do == "limit":
        return _limit(request, reader, about)
    if do == "ask":
        return _ask(request, reader, about)
    return _step(request, reader, about, do)


def _limit(request: HttpRequest, reader: Officer, about: Whom) -> HttpResponse:
    whole = gather(about, Period())
    form = LimitForm(request.POST, parties=whole.parties, people=whole.people)
    if form.is_valid():
        try:
            decisions.limit(about, form.limit(), by=_by(reader))
        except Refused as refused:
            form.refuse(refused.code)
        else:
            messages.success(request, pgettext("overview", "These names are left out from now on."))
            return _back(about)
    return _page(request, reader, about, Period(), {"limit_form": form})


def _ask(request: HttpRequest, reader: Officer, about: Whom) -> HttpResponse:
    form = RequestForm(request.POST, _today())
    if form.is_valid():
        try:
            decisions.ask(about, form.cleaned_data["received_on"], by=_by(reader))
        except Refused as refused:
            form.refuse(refused.code)
        else:
            messages.success(request, pgettext("overview", "The request is recorded, with the day on which it is due."))
            return _back(about)
    return _page(request, reader, about, Period(), {"request_form": form})


def _step(request: HttpRequest, reader: Officer, about: Whom, do: str) -> HttpResponse:
    row = _uuid(request.POST.get("row", ""))
    steps: dict[str, tuple[Callable[..., Any], str]] = {
        "end_limit": (decisions.end_limit, pgettext("overview", "These names stand in the overview again.")),
        "extend": (decisions.extend, pgettext("overview", "The term is two months longer. Write to her why.")),
        "answer": (decisions.answer, pgettext("overview", "Recorded: she was given the overview.")),
    }
    if do not in steps or row is None:
        messages.warning(request, str(OTHERWISE))
        return _back(about)
    step, done = steps[do]
    try:
        step(about, row, by=_by(reader))
        messages.success(request, done)
    except Refused as refused:
        messages.warning(request, str(REFUSALS.get(refused.code, OTHERWISE)))
    return _back(about)


# --- the page -------------------------------------------------------------------------------------


def _page(request: HttpRequest, reader: Officer, about: Whom, period: Period, forms: dict[str, Any]) -> HttpResponse:
    record_durably(_entry(reader, VIEWED, about, period))
    found = gather(about, period)
    shown, further = _first(found.lines)
    context = {
        "about": found,
        "here": f"{HERE}{about.subject}/",
        "query": request.GET.urlencode() if request.method != "POST" else "",
        "days": [(_heading(day), list(lines)) for day, lines in groupby(shown, key=lambda line: line.at.date())],
        "further": further.strftime("%d-%m-%Y") if further else "",
        "last": period.last.strftime("%d-%m-%Y") if period.last else "",
        "limits": [_shown(limit) for limit in decisions.decided(about.subject)],
        "requests": [_clock(row) for row in decisions.requests(about.subject)],
        "period": PeriodForm(None),
        "limit_form": LimitForm(None, parties=found.parties, people=found.people),
        "request_form": RequestForm(None, _today()),
        **forms,
    }
    return render(request, "overview.html", context)


def _first(lines: Sequence[Told]) -> tuple[list[Told], date | None]:
    """Return the lines of the first days, whole days, and the day with which the next page begins."""
    shown: list[Told] = []
    for day, found in groupby(lines, key=lambda line: line.at.date()):
        if len(shown) >= LINES:
            return shown, day
        shown += found
    return shown, None


def _heading(day: date) -> str:
    text = date_format(day, "l j F Y")
    return text[:1].upper() + text[1:]


def _shown(limit: OverviewLimit) -> dict[str, Any]:
    return {
        "row": limit,
        "text": limit_text(limit),
        "invoked_by": party_name(limit.invoked_by),
        "grounds": limit_grounds(limit.grounds),
        "overdue": limit.ended_at is None and limit.review_on < _today(),
    }


def _clock(row: OverviewRequest) -> dict[str, Any]:
    open_ = row.answered_on is None
    return {
        "row": row,
        "late": open_ and row.due_on < _today(),
        "may_extend": open_ and row.extended_on is None and row.due_on >= _today(),
    }


def _entry(reader: Officer, name: str, about: Whom, period: Period) -> Any:
    days = {"first": period.first, "last": period.last}
    seen = tuple(f"{which}={day}" for which, day in days.items() if day)
    return reader.entry(name, case=about.case, subject=about.subject, seen=seen)


def _by(reader: Officer) -> By:
    return By(reader.identity.person, _today(), reader.entry)


def _back(about: Whom) -> HttpResponse:
    return HttpResponseRedirect(f"{HERE}{about.subject}/")


def _today() -> date:
    return datetime.now(AMSTERDAM).date()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urlpatterns = [
    path("log/overview/", choose, name="overview_choose"),
    path("log/overview/<uuid:subject>/", overview, name="overview"),
    path("log/overview/<uuid:subject>/statement.pdf", statement, name="overview_statement"),
    path("log/overview/<uuid:subject>/act/", act, name="overview_act"),
]
