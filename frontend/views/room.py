"""The page that the live room comes to life on: ids and names of parties, no content."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from agenda import feed
from agenda.models import Seat
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access
from conference.covenant import shelf
from frontend.names import ROLES, category_name, party_name, role_name
from frontend.views.casework import casework


@require_safe
@casework("conference.viewed")
def room(request: HttpRequest, known: Identity, conference: UUID) -> HttpResponse:
    """The room of a conference that this person is invited to."""
    require_seat(known, conference)
    seat = Seat.objects.get(conference=conference, person=known.person)
    context = {
        "conference": conference,
        "person": known.person,
        "party": known.party,
        "name": getattr(request.user, "name", ""),
        "socket": f"/ws/conferences/{conference}/",
        "now": clock.now().isoformat(timespec="milliseconds"),
        "entered": seat.entered_at is not None,
        "labels": _labels(),
    }
    return render(request, "room.html", context)


def require_seat(known: Identity, conference: UUID) -> None:
    """Let in who may join now; to others it does not exist. Raises Http404 (after entering it) and LogUnavailable."""
    if not feed.may_join(conference, known):
        looking = Access(act="conference.viewed", origin="http", identity=known, conference=conference)
        access.refuse(looking, "not_admitted")
        raise Http404


def _labels() -> dict[str, dict[str, str]]:
    covenant = shelf.active(clock.now())
    return {
        "parties": {party: party_name(party, covenant) for party in covenant.parties} if covenant else {},
        "categories": {code: category_name(code, covenant) for code in covenant.categories} if covenant else {},
        "roles": {role: role_name(role) for role in ROLES},
    }


urlpatterns = [path("conferences/<uuid:conference>/", room, name="room")]
