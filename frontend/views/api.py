"""The same answers as the pages', as JSON for machines: the same rulings, the same entries in the log."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from agenda import pages
from agenda.pages import CaseView
from audit.record import LogUnavailable
from conference.accounts.middleware import no_activity
from conference.accounts.sessions import Identity, fresh
from frontend import openapi
from frontend.views.casework import casework
from frontend.views.decisions import rendered
from frontend.views.room import require_seat

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

NOT_FOUND = (404, "not_found", "There is nothing at this address, or nothing that is for you.")
LOG_UNAVAILABLE = (503, "log_unavailable", "The log cannot be written now, so nothing is shown.")
FACTOR_OLD = (403, "second_factor_old", "Give your code again at /login/code/, then ask once more.")


def _answer(body: Any, status: int = 200) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json", status=status)
    response["API-Version"] = openapi.VERSION
    return response


def _trouble(status: int, code: str, message: str) -> HttpResponse:
    return _answer({"error": code, "message": message}, status)


def for_machines(view: View[P]) -> View[P]:
    """Answer trouble as JSON with a stable code in place of a page."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _trouble(*NOT_FOUND)
        except LogUnavailable:
            return _trouble(*LOG_UNAVAILABLE)

    return asked


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The description itself holds nothing of anybody, so it is for everybody."""
    return _answer(openapi.document())


@require_safe
@for_machines
@casework("today.viewed")
def today(request: HttpRequest, known: Identity) -> HttpResponse:
    """What the page of today shows, without what may never leave the screen."""
    return _answer(pages.today(known, screen=False))


@require_safe
@for_machines
@casework("case.viewed")
def case(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """What the page of a case shows, without what may never leave the screen: protected addresses."""
    view = pages.case_view(known, case, screen=False)
    if view is None:
        raise Http404
    return _answer(_case(view))


def _case(view: CaseView) -> dict[str, Any]:
    return {
        "id": view.id,
        "head": view.head,
        "subjects": view.subjects,
        "items": dict(view.items),
        "notes": dict(view.notes),
        "register": view.register,
        "may_prepare": view.may_prepare,
    }


@require_safe
@for_machines
@casework("export.made")
def decision_list(request: HttpRequest, known: Identity, conference: UUID) -> HttpResponse:
    """The decision list for one party, the same bytes as the JSON file's."""
    if not fresh(request):
        return _trouble(*FACTOR_OLD)
    document = pages.decision_list(known, conference, request.GET.get("for") or known.party)
    if document is None:
        raise Http404
    response = HttpResponse(rendered(request, document, "json").body, content_type="application/json")
    response["API-Version"] = openapi.VERSION
    return response


@no_activity
@require_safe
@for_machines
@casework("conference.viewed")
def standing(request: HttpRequest, known: Identity, conference: UUID) -> HttpResponse:
    """Whose session this is, for a room whose line was refused: 404 for who may not (or no longer) be in it."""
    require_seat(known, conference)
    return _answer({"person": known.person})


urlpatterns = [
    path("api/v1/openapi.json", description, name="api_description"),
    path("api/v1/today", today, name="api_today"),
    path("api/v1/cases/<uuid:case>", case, name="api_case"),
    path("api/v1/conferences/<uuid:conference>/standing", standing, name="api_standing"),
    path("api/v1/conferences/<uuid:conference>/decision-list", decision_list, name="api_decision_list"),
]
