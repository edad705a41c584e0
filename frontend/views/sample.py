"""The monthly sample: which months are done, drawing one, and a verdict on each entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from agenda.explaining import facts_for
from audit.record import record_durably
from audit.review import commands, queries, sampling
from audit.review.commands import Refused
from audit.review.queries import Line as Drawn
from audit.review.queries import Month
from conference.clock import AMSTERDAM
from frontend.forms.review import VerdictForm, refusal_text
from frontend.officer import Officer, officer
from frontend.review_texts import TEXTS
from frontend.views.log import telling
from frontend.views.log.telling import Line, moment
from frontend.views.review import by

PAGE = "/log/sample/"


@dataclass(frozen=True, slots=True)
class Shown:
    """One drawn entry. `entry` None: it is no longer there. `mine`: about the officer herself."""

    drawn: Drawn
    entry: Line | None
    at: datetime | None
    name: str
    judge: str
    mine: bool
    form: VerdictForm


@require_safe
@officer("sample.viewed")
def sample(request: HttpRequest, reader: Officer) -> HttpResponse:
    """The past months, and with `?month=2026-10` the entries that were drawn from one."""
    return _page(request, reader, request.GET.get("month", ""), None, None)


@require_POST
@officer("sample.drawn")
def draw(request: HttpRequest, reader: Officer) -> HttpResponse:
    """Draw a month's sample."""
    month = _month(request.POST.get("month", ""))
    if month is None:
        raise Http404
    try:
        sampling.draw_month(month, facts_for, by=by(reader))
        messages.success(request, pgettext("review", "The sample is drawn. Judge each of its entries."))
    except Refused as refused:
        messages.warning(request, refusal_text(refused.code))
        return HttpResponseRedirect(PAGE)
    return HttpResponseRedirect(f"{PAGE}?month={month:%Y-%m}")


@require_POST
@officer("sample.judged")
def judge(request: HttpRequest, reader: Officer, line: UUID) -> HttpResponse:
    """Give the verdict on one entry."""
    form = VerdictForm(request.POST, prefix=str(line))
    month = request.POST.get("month", "")
    if form.is_valid():
        given = form.cleaned_data
        try:
            commands.judge_line(
                line,
                given["verdict"],
                given["note"],
                expect=given["expect"],
                by=by(reader),
                sealer=TEXTS,
            )
        except Refused as refused:
            if refused.code == "not_found":
                raise Http404 from None
            form.refuse(refused.code)
        else:
            messages.success(request, pgettext("review", "The verdict is recorded."))
            return HttpResponseRedirect(f"{PAGE}?month={month}" if _month(month) else PAGE)
    return _page(request, reader, month, line, form)


def _page(
    request: HttpRequest, reader: Officer, asked: str, wrong: UUID | None, form: VerdictForm | None
) -> HttpResponse:
    months = queries.months(datetime.now(AMSTERDAM).date())
    chosen = next((one for one in months if f"{one.month:%Y-%m}" == asked and one.sample), None)
    record_durably(reader.entry("sample.viewed", seen=(f"month={chosen.month:%Y-%m}",) if chosen else ()))
    drawn = queries.lines(chosen.sample, TEXTS) if chosen and chosen.sample else []
    context = {
        "months": months,
        "chosen": chosen,
        "lines": _shown(drawn, reader, wrong, form),
        "form": form,
        "reference": _reference(chosen),
    }
    return render(request, "sample.html", context)


def _reference(chosen: Month | None) -> str:
    return f"{chosen.month:%Y-%m}" if chosen else ""


def _shown(drawn: Sequence[Drawn], reader: Officer, wrong: UUID | None, form: VerdictForm | None) -> list[Shown]:
    rows = queries.entries(one.leaf for one in drawn)
    entries, times = {line.number: line for line in telling.lines(rows)}, {row.id: moment(row.t) for row in rows}
    names = telling.names({one.person for one in drawn} | {one.judged_by for one in drawn if one.judged_by})
    return [
        Shown(
            drawn=one,
            entry=entries.get(one.leaf),
            at=times.get(one.leaf),
            name=names.get(one.person, ""),
            judge=names.get(one.judged_by, "") if one.judged_by else "",
            mine=one.person == reader.identity.person,
            form=_form(one, form if one.id == wrong else None),
        )
        for one in drawn
    ]


def _form(line: Drawn, form: VerdictForm | None) -> VerdictForm:
    if form is None:
        return VerdictForm(prefix=str(line.id), initial={"expect": line.version})
    form.renew(line.version)
    return form


def _month(text: str) -> date | None:
    """Return the first day of a month written as 2026-10, None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=AMSTERDAM).date()
    except ValueError:
        return None


urlpatterns = [
    path("log/sample/", sample, name="sample"),
    path("log/sample/draw/", draw, name="sample_draw"),
    path("log/sample/<uuid:line>/", judge, name="sample_judge"),
]
