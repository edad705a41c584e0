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
    """Close what had to be told; doing it twice is told calmly. `back`: the page that the form stands on."""
    _require(known)
    form = ToldForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        messages.warning(request, refusal_text("how_missing") if "told_on" not in form.errors else str(first))
        return _back(request, case)
    try:
        at_desk(known, TOLD, lambda turn: consents.finish_task(turn, case, task, form.closed()), case=case)
    except Refused as refused:
        if refused.code in NOWHERE:
            raise Http404 from None
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, _("Recorded that this was told."))
    return _back(request, case)


def _require(known: Identity) -> None:
    """Only a care coordinator and who records exceptions have anything to close."""
    if CARE not in known.roles and "exception.record" not in desk(known).may:
        refuse_role(known, TOLD)


def _back(request: HttpRequest, case: UUID) -> HttpResponse:
    manage = request.POST.get("back") == "manage"
    return HttpResponseRedirect(f"/cases/{case}/manage/#exceptions" if manage else HERE)


urlpatterns = [
    path("consent/reminders/", reminders, name="consent_reminders"),
    path("cases/<uuid:case>/consent/tasks/<uuid:task>/", told, name="consent_task"),
]
