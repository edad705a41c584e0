"""The consent register in a care coordinator's hands; for everybody else these pages do not exist."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import pages
from agenda.commands import Refused, Turn, consents, on_case
from agenda.commands.consents import Step
from agenda.pages import RegisterLine, RegisterView, Unshown
from conference.accounts.sessions import Identity
from conference.covenant.days import day_end
from consent.states import State
from frontend import once
from frontend.categories import place
from frontend.forms.consent import ConsentForm, LimitForm, WithdrawForm
from frontend.views.cases import carry_out
from frontend.views.casework import casework

CARE = "care_coordinator"
REGISTERING = "consent.withdraw"  # the command that only a care coordinator may give


@require_safe
@casework("register.listed", role=CARE)
def victims(request: HttpRequest, known: Identity) -> HttpResponse:
    """Everybody whose register this care coordinator keeps."""
    return render(request, "consent_list.html", {"victims": pages.victims(known) or []})


@require_http_methods(["GET", "HEAD", "POST"])
@casework("register.viewed", role=CARE)
def conversation(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """The conversation with one victim: ask, read back, record."""
    read = pages.register_read(known, case, subject)
    if read is None:
        raise Http404
    if request.method != "POST":
        return _page(request, read, ConsentForm(view=read.value), once.new())
    form = ConsentForm(request.POST, view=read.value)
    number, step = once.number_of(request), request.POST.get("step", "review")
    if step == "edit" or not form.is_valid():
        return _page(request, read, form, number)
    if step == "record":
        return _record(request, known, read, form, number)
    return render(request, "consent_review.html", {"view": read.show(), "form": form, "once": number})


def _page(request: HttpRequest, read: Unshown[RegisterView], form: ConsentForm, number: str) -> HttpResponse:
    view = read.show()
    context = {"view": view, "form": form, "once": number, "lines": sorted(view.lines, key=_order)}
    return render(request, "consent.html", context)


def _order(line: RegisterLine) -> tuple[tuple[int, str], str]:
    return (place(line.category), line.party)


def _record(
    request: HttpRequest, known: Identity, read: Unshown[RegisterView], form: ConsentForm, number: str
) -> HttpResponse:
    view = read.value
    here = f"/cases/{view.case}/consent/{view.subject}/"
    steps = form.steps()
    try:
        on_case(known, view.case, lambda turn: _first_time(request, number, turn, steps))
    except Refused as refused:
        if refused.code == "sent_twice":
            messages.info(request, _("This was recorded already; it stands in the register once."))
            return HttpResponseRedirect(here)
        form.refuse(refused.code)
        return _page(request, read, form, number)
    messages.success(request, _("Recorded. It counts from now on, in open screens too."))
    return HttpResponseRedirect(here)


def _first_time(request: HttpRequest, number: str, turn: Turn, steps: Sequence[Step]) -> str:
    turn.require_role(REGISTERING)
    if not once.claim(request, number):
        raise Refused("sent_twice")
    return [consents.record(turn, step) for step in steps][-1]


@require_POST
@casework("consent.limited", role=CARE)
def limit(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """End one line earlier."""
    here = f"/cases/{case}/consent/{subject}/"
    form = LimitForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Fill in a date, such as 23-11-2026."))
        return HttpResponseRedirect(here)
    given = form.cleaned_data
    step = Step(
        case=case,
        subject=subject,
        party=given["party"],
        category=given["category"],
        state=State.LIMITED,
        ends=day_end(given["ends"]),
    )
    return carry_out(request, known, case, lambda turn: _step(turn, step), done=_("It ends earlier now."), then=here)


@require_POST
@casework("consent.withdrawn", role=CARE)
def withdraw(request: HttpRequest, known: Identity, case: UUID, subject: UUID | None = None) -> HttpResponse:
    """Withdraw one line; it works at once. From the case's page (`subject` in the form) or the victim's own."""
    named = request.POST if subject is None else {**request.POST.dict(), "subject": str(subject)}
    form = WithdrawForm(named)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    step = Step(
        case=case,
        subject=given["subject"],
        party=given["party"],
        category=given["category"],
        state=State.WITHDRAWN,
    )
    then = f"/cases/{case}/consent/{subject}/" if subject else f"/cases/{case}/"
    done = _("Withdrawn. It works at once, in open screens too.")
    return carry_out(request, known, case, lambda turn: _step(turn, step), done=done, then=then)


def _step(turn: Turn, step: Step) -> str:
    turn.require_role(REGISTERING)
    return consents.record(turn, step)


urlpatterns = [
    path("consent/", victims, name="consent_list"),
    path("cases/<uuid:case>/consent/withdraw/", withdraw, name="case_consent_withdraw"),
    path("cases/<uuid:case>/consent/<uuid:subject>/", conversation, name="consent"),
    path("cases/<uuid:case>/consent/<uuid:subject>/withdraw/", withdraw, name="consent_withdraw"),
    path("cases/<uuid:case>/consent/<uuid:subject>/limit/", limit, name="consent_limit"),
]
