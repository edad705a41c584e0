"""Beginning a conversation with somebody who is not registered yet; she gets a handle and a pseudonym on the spot."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, casework
from agenda.commands.casework import Referral, Someone
from conference.accounts.sessions import Identity
from frontend import once
from frontend.forms.consent_start import NEW, StartForm
from frontend.views import casework as door
from frontend.views.consent import CARE, REGISTERING


@require_http_methods(["GET", "HEAD", "POST"])
@door.casework("subject.registered", role=CARE)
def start(request: HttpRequest, known: Identity) -> HttpResponse:
    """Choose or open a case, register somebody in it without a name, and go on to the conversation."""
    cases = pages.cases(known)
    may_open = "case.open" in pages.desk(known).may
    form = StartForm(request.POST if request.method == "POST" else None, cases=cases, may_open=may_open)
    number = once.number_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            case, subject = _register(request, known, form, number)
        except Refused as refused:
            if refused.code == "sent_twice":
                messages.info(request, _("She was registered already, and stands here once."))
                return HttpResponseRedirect("/consent/")
            form.refuse(refused.code)
        else:
            return HttpResponseRedirect(f"/cases/{case}/consent/{subject}/")
    return render(request, "consent_start.html", {"form": form, "once": number})


def _register(request: HttpRequest, known: Identity, form: StartForm, number: str) -> tuple[UUID, UUID]:
    """Return case and subject; opened and registered in one transaction."""
    given = form.cleaned_data
    chosen = None if given["case"] == NEW else UUID(given["case"])

    def do(turn: Turn) -> tuple[UUID, UUID]:
        turn.require_role(REGISTERING)
        if not once.claim(request, number):
            raise Refused("sent_twice")
        case = chosen or casework.open_case(turn, Referral(track="hulp", purpose=given["purpose"]))
        return case, casework.register_subject(turn, case, Someone(role="victim", protected=False))

    return at_desk(known, "subject.registered", do, case=chosen)


urlpatterns = [path("consent/new/", start, name="consent_start")]
