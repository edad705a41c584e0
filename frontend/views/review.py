"""The officer's queue: what nothing explains, asking why, and the verdict. Never what a case contains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.explaining import facts_for
from audit.record import record_durably
from audit.review import commands, queries
from audit.review.commands import By, Refused
from audit.review.queries import Row
from audit.review.run import run
from conference.accounts.models import Person
from conference.cases.labels import case_labels
from conference.clock import AMSTERDAM
from conference.covenant.labels import party_name
from frontend.chart import share_chart
from frontend.forms.review import VerdictForm, refusal_text
from frontend.officer import Officer, officer
from frontend.review_texts import TEXTS
from frontend.views.log import telling
from frontend.views.log.telling import Line, moment

QUEUE = "/log/review/"
SHOWN_IN_ROW = 3  # entries behind a line of the queue; all of them stand on its own page
SHOWN = 100  # entries on the page of one finding


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding as a page shows it. `case` is "" when it is no longer known.

    `mine`: about the officer herself. `reachable`: she can be asked.
    """

    row: Row
    name: str
    party: str
    case: str
    first: datetime
    until: str
    mine: bool
    reachable: bool
    lines: list[Line]


def by(reader: Officer) -> By:
    """Return an officer as the one who takes a step."""
    return By(reader.identity.person, reader.entry)


def shown(rows: Sequence[Row], reader: UUID, leaves: dict[UUID, Sequence[int]] | None = None) -> list[Shown]:
    """Put names to findings for an officer; `leaves`: the entries to show behind each."""
    people = Person.objects.in_bulk([row.person for row in rows])
    names = telling.names(people)
    cases = case_labels({row.case for row in rows if row.case})
    wanted = leaves or {}
    entries = queries.entries({leaf for listed in wanted.values() for leaf in listed})
    lines = {line.number: line for line in telling.lines(entries)}
    return [
        Shown(
            row=row,
            name=names.get(row.person) or pgettext("log", "Somebody who is no longer known"),
            party=party_name(people[row.person].party) if row.person in people else "",
            case=cases.get(row.case, "") if row.case else "",
            first=moment(row.first),
            until=until(row),
            mine=row.person == reader,
            reachable=row.person in people and people[row.person].is_active,
            lines=[lines[number] for number in wanted.get(row.id, ()) if number in lines],
        )
        for row in rows
    ]


def until(row: Row) -> str:
    """Return when a finding's last entry was as a time of day, "" when that was in the minute of its first."""
    begun, ended = (moment(t).strftime("%H.%M") for t in (row.first, row.last))
    return ended if ended != begun else ""


@require_safe
@officer("review.listed")
def queue(request: HttpRequest, reader: Officer) -> HttpResponse:
    """What waits for an officer, or (`?show=waiting`, `?show=judged`) for an answer or for nothing any more."""
    show = request.GET.get("show", "")
    rows = {"waiting": lambda: queries.queue(waiting=True), "judged": queries.judged}.get(show, queries.queue)()
    record_durably(reader.entry("review.listed", obj=tuple(f"review:{row.id}" for row in rows)))
    today = datetime.now(AMSTERDAM).date()
    context = {
        "rows": shown(rows, reader.identity.person, {row.id: row.leaves[:SHOWN_IN_ROW] for row in rows}),
        "show": show if show in {"waiting", "judged"} else "open",
        "total": queries.to_judge(),
        "waiting": queries.waiting(),
        "ran_at": queries.last_run(),
        "chart": share_chart(queries.weeks(today)),
    }
    return render(request, "review.html", context)


@require_POST
@officer("review.listed")
def refresh(request: HttpRequest, reader: Officer) -> HttpResponse:
    """Review now what came in since the last run."""
    done = run(facts_for, again=True)
    if done is None:
        messages.info(request, pgettext("review", "The log is being reviewed already. Look again in a moment."))
    else:
        words = pgettext("review", "Reviewed up to now: %(found)s new, %(settled)s explained after all.")
        messages.success(request, words % {"found": done.found, "settled": done.settled})
    return HttpResponseRedirect(QUEUE)


@require_http_methods(["GET", "HEAD", "POST"])
@officer("review.viewed")
def finding(request: HttpRequest, reader: Officer, finding: UUID) -> HttpResponse:
    """One finding, with its entries, question, answer and verdict; POST gives the verdict."""
    if request.method != "POST":
        return _page(request, reader, finding, None)
    form = VerdictForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            commands.judge(
                finding,
                given["verdict"],
                given["note"],
                expect=given["expect"],
                by=by(reader),
                sealer=TEXTS,
            )
        except Refused as refused:
            form.refuse(refused.code)
        else:
            messages.success(request, pgettext("review", "The verdict is recorded."))
            return HttpResponseRedirect(QUEUE)
    return _page(request, reader, finding, form)


@require_POST
@officer("review.asked")
def ask(request: HttpRequest, reader: Officer, finding: UUID) -> HttpResponse:
    """Ask the reader why she looked."""
    about = queries.about(finding)
    if about is None or not Person.objects.filter(id=about, is_active=True).exists():
        raise Http404
    expect = request.POST.get("expect", "")
    try:
        commands.ask(finding, expect=int(expect) if expect.isdecimal() else 0, by=by(reader))
        messages.success(request, pgettext("review", "Asked. The answer comes back here, at the latest in 14 days."))
    except Refused as refused:
        messages.warning(request, refusal_text(refused.code))
        return HttpResponseRedirect(f"{QUEUE}{finding}/")
    return HttpResponseRedirect(QUEUE)


def _page(request: HttpRequest, reader: Officer, wanted: UUID, form: VerdictForm | None) -> HttpResponse:
    found = queries.detail(wanted, TEXTS)
    if found is None:
        raise Http404
    about = (f"review:{wanted}", f"person:{found.row.person}")
    record_durably(reader.entry("review.viewed", case=found.row.case, obj=about))
    (one,) = shown([found.row], reader.identity.person, {wanted: found.row.leaves[:SHOWN]})
    if form is not None:
        form.renew(found.row.version)
    context = {
        "one": one,
        "found": found,
        "form": form or VerdictForm(initial={"expect": found.row.version}),
        "asked_by": _name(found.asked_by),
        "judged_by": _name(found.row.judged_by),
        "more": max(found.row.entries - SHOWN, 0),
    }
    return render(request, "review_finding.html", context)


def _name(person: UUID | None) -> str:
    return telling.names([person]).get(person, "") if person else ""


urlpatterns = [
    path("log/review/", queue, name="review"),
    path("log/review/refresh/", refresh, name="review_refresh"),
    path("log/review/<uuid:finding>/", finding, name="review_finding"),
    path("log/review/<uuid:finding>/ask/", ask, name="review_ask"),
]
