"""The decision list: choose who receives it, see how much she will not get, take it as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agenda import pages, rules
from agenda.exports import FORMATS, DecisionList, Marking, Rendered
from agenda.exports import render as write
from agenda.pages import Preview
from agenda.pages.made_exports import Made
from conference import clock
from conference.accounts.sessions import Identity, fresh
from conference.covenant import shelf
from conference.covenant.file import Covenant
from frontend.attached import attached
from frontend.names import party_name
from frontend.views.casework import casework
from frontend.views.people import renew_code

UNKNOWN_FORMAT = 400
WITHOUT_ACCOUNT = {"D", "Z"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """A party that may be chosen."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """A list that was made before."""

    at: datetime
    party: str
    name: str
    form: str
    control_number: str
    verdict: str


@require_safe
@casework("export.previewed")
def decisions(request: HttpRequest, known: Identity, conference: UUID) -> HttpResponse:
    """The page without `format`; with it the file for the party in `for`."""
    party = request.GET.get("for") or known.party
    form = request.GET.get("format")
    if form is not None and form in FORMATS:
        return _file(request, known, conference, party, form)
    preview = pages.export_preview(known, conference, party)
    if preview is None:
        raise Http404
    return _page(request, known, conference, party, preview, refused=form is not None)


def _file(request: HttpRequest, known: Identity, conference: UUID, party: str, form: str) -> HttpResponse:
    """A file leaves the building, so it asks a second factor of at most 5 minutes old."""
    if not fresh(request):
        return renew_code(request.get_full_path())
    document = pages.decision_list(known, conference, party, form)
    if document is None:
        raise Http404
    made = rendered(request, document, form)
    return attached(HttpResponse(made.body, content_type=made.content_type), made.name)


def rendered(request: HttpRequest, document: DecisionList, form: str) -> Rendered:
    """Return the file in the reader's language, marked with who made it and when."""
    language = "en" if (get_language() or "nl").startswith("en") else "nl"
    made_at = document.register.at if document.register else clock.now()
    marking = Marking(made_at=made_at, made_by=str(getattr(request.user, "name", "")))
    return write(document, marking, form, language)


def _page(
    request: HttpRequest, known: Identity, conference: UUID, party: str, preview: Preview, *, refused: bool
) -> HttpResponse:
    context = {
        "conference": conference,
        "party": party,
        "name": party_name(party),
        "own": party == known.party,
        "receivers": _receivers(known, party),
        "preview": preview,
        "left_out": preview.seen - preview.received,
        "formats": list(FORMATS),
        "made": [_earlier(one) for one in preview.made],
        "refused": refused,
    }
    return render(request, "decisions.html", context, status=UNKNOWN_FORMAT if refused else 200)


def _earlier(made: Made) -> Earlier:
    return Earlier(made.at, made.party, party_name(made.party), made.form.upper(), made.control_number, made.verdict)


def _receivers(known: Identity, chosen: str) -> Sequence[Receiver]:
    """Whom this person may make a list for: every party with accounts if she leads, else her own."""
    covenant = shelf.active(clock.now())
    if covenant is None or not _leads(known, covenant):
        return [Receiver(known.party, party_name(known.party, covenant), chosen=True)]
    parties = [party for party in covenant.parties.values() if party.cls not in WITHOUT_ACCOUNT]
    made = [Receiver(party.id, party_name(party.id, covenant), party.id == chosen) for party in parties]
    return sorted(made, key=lambda receiver: receiver.name.casefold())


def _leads(known: Identity, covenant: Covenant) -> bool:
    process = next((party.id for party in covenant.parties.values() if party.process), None)
    return rules.leads(known.party, known.roles, process)


urlpatterns = [path("conferences/<uuid:conference>/decision-list", decisions, name="decision_list")]
