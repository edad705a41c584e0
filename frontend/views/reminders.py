"""What a care coordinator is reminded of, and closing what must be told."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda import pages
from agenda.commands import Refused, at_desk, consents
from agenda.pages import desk
from conference.accounts.sessions import Identity
from frontend import reminding
from frontend.forms.exceptions import ToldForm
from frontend.refusals import refusal_text
from frontend.views.casework import casework, refuse_role

CARE = "care_coordinator"
TOLD = "consent.told"
HERE = "/consent/reminders/"
NOWHERE = {"not_found", "role_party", "covenant_inactive"}


@require_safe
@casework("register.listed", role=CARE)
def reminders(request: HttpRequest, known: Identity) -> HttpResponse:
    """All that ends, must be asked anew or must be told, the earliest day first."""
    return render(request, "consent_reminders.html", {"rows": reminding.rows(pages.reminded(known) or [])})


@require_POST
@casework(TOLD)
def told(request: HttpRequest, known: Identity, case: UUID, task: UUID) -> HttpResponse:
    """Close what had to be told; doing it twice is told calmly. `back`: the page that the form stands on.

    Where something in it is wrong, the form stands on a page of its own, with what was typed.
    """
    _require(known)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return _again(request, form, case, task)
    try:
        at_desk(known, TOLD, lambda turn: consents.finish_task(turn, case, task, form.closed()), case=case)
    except Refused as refused:
        if refused.code in NOWHERE:
            raise Http404 from None
        if refused.code in form.FIELDS:
            form.refuse(refused.code)
            return _again(request, form, case, task)
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, _("Recorded that this was told."))
    return _back(request, case)


def _require(known: Identity) -> None:
    """Only a care coordinator and who records exceptions have anything to close."""
    if CARE not in known.roles and "exception.record" not in desk(known).may:
        refuse_role(known, TOLD)


def _again(request: HttpRequest, form: ToldForm, case: UUID, task: UUID) -> HttpResponse:
    """Show nothing but the form: what it is about stands on the page that she came from."""
    shown = {"form": form, "case": case, "task": task, "back": _place(request), "back_to": _page(request, case)}
    return render(request, "consent_told.html", shown)


def _back(request: HttpRequest, case: UUID) -> HttpResponse:
    return HttpResponseRedirect(_page(request, case))


def _page(request: HttpRequest, case: UUID) -> str:
    return f"/cases/{case}/manage/#exceptions" if _place(request) == "manage" else HERE


def _place(request: HttpRequest) -> str:
    return "manage" if request.POST.get("back") == "manage" else "reminders"


urlpatterns = [
    path("consent/reminders/", reminders, name="consent_reminders"),
    path("cases/<uuid:case>/consent/tasks/<uuid:task>/", told, name="consent_task"),
]
