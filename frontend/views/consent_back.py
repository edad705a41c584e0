"""Taking all consent back by a reference, whatever the covenant says now; the page shows nothing of any case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.commands import Refused, Turn, at_desk, taking_back
from conference.accounts.sessions import Identity
from conference.cases import access, references
from conference.cases.access import Access
from conference.crypto import KeyTrouble
from frontend.forms.consent_back import TakeBackForm
from frontend.views.casework import casework
from frontend.views.consent import CARE, REGISTERING

ACT, NOTHING = "consent.withdrawn", "nothing_to_withdraw"


@require_http_methods(["GET", "HEAD", "POST"])
@casework(ACT, role=CARE)
def take_back(request: HttpRequest, known: Identity) -> HttpResponse:
    """Ask for the reference, and take everything back that stands under it."""
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refused = _take_back(known, form.cleaned_data["reference"])
        if refused is not None:
            form.refuse(refused)
        else:
            messages.success(request, _("Taken back. Nothing stands open under this reference any more."))
            return HttpResponseRedirect("/consent/withdraw/")
    return render(request, "consent_back.html", {"form": form})


def _take_back(known: Identity, reference: str) -> str | None:
    """Take everything back; return why not. Where nothing stood it is as she wants it, and nothing more is told."""
    found = references.find(known.party, reference)
    if found is None:
        access.refuse(Access(act=ACT, origin="http", identity=known), "unknown_reference")
        return "unknown_reference"
    case, subject = found

    def do(turn: Turn) -> str:
        turn.require_role(REGISTERING)
        return taking_back.everything(turn, case, subject)

    try:
        at_desk(known, ACT, do, case=case)
    except KeyTrouble:
        access.refuse(Access(act=ACT, origin="http", identity=known), "keys_unavailable", case=case)
        return "keys_unavailable"
    except Refused as refused:
        return None if refused.code == NOTHING else refused.code
    return None


urlpatterns = [path("consent/withdraw/", take_back, name="consent_back")]
