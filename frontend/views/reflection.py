"""The reflection period of a victim, in a care coordinator's hands and in the track of help only."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, consents
from agenda.pages import ReflectionView, Unshown
from conference.accounts.sessions import Identity
from consent.talk import Reflection
from frontend import once
from frontend.forms.accounts import answers
from frontend.forms.reflection import ReflectionForm, stages
from frontend.views.casework import casework

CARE = "care_coordinator"
REGISTERING = "consent.withdraw"  # the command that only a care coordinator may give
NOTED = "consent.noted"


@require_http_methods(["GET", "HEAD", "POST"])
@casework("register.viewed", role=CARE)
def reflection(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Its stage, days, Dublin and lawyer; what is recorded counts from then on."""
    read = pages.reflection_read(known, case, subject)
    if read is None:
        raise Http404
    form, number = ReflectionForm(answers(request), kept=read.value.reflection), once.number_of(request)
    if request.method != "POST" or not form.is_valid():
        return _page(request, read, form, number)
    kept = form.reflection()
    try:
        at_desk(known, NOTED, lambda turn: _keep(request, number, turn, read.value, kept), case=case)
    except Refused as refused:
        if refused.code != "sent_twice":
            form.refuse(refused.code)
            return _page(request, read, form, number)
        messages.info(request, _("This was recorded already; it stands in the register once."))
    else:
        messages.success(request, _("Recorded. You get a reminder 30, 14 and 7 days before it ends."))
    return HttpResponseRedirect(f"/cases/{case}/consent/{subject}/reflection/")


def _keep(request: HttpRequest, number: str, turn: Turn, view: ReflectionView, kept: Reflection) -> str:
    turn.require_role(REGISTERING)
    if not once.claim(request, number):
        raise Refused("sent_twice")
    return consents.keep_fact(turn, view.case, view.subject, kept)


def _page(request: HttpRequest, read: Unshown[ReflectionView], form: ReflectionForm, number: str) -> HttpResponse:
    view = read.show()
    kept = view.reflection
    context = {
        "view": view,
        "form": form,
        "once": number,
        "stage": dict(stages())[kept.stage] if kept != Reflection() else "",
    }
    return render(request, "consent_reflection.html", context)


urlpatterns = [path("cases/<uuid:case>/consent/<uuid:subject>/reflection/", reflection, name="consent_reflection")]
