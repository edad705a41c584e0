"""Cover: registered by whoever is away on her own page, or by an administrator on that person's."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from conference.accounts import covers, projections
from conference.accounts.projections import PersonRow
from conference.accounts.rules import Refused
from conference.accounts.sessions import Identity
from frontend.forms.accounts import answers
from frontend.forms.review import CoverForm
from frontend.views.casework import casework
from frontend.views.people import administrators


@require_http_methods(["GET", "HEAD", "POST"])
@casework("cover.registered")
def own(request: HttpRequest, known: Identity) -> HttpResponse:
    """Who does my work while I am away; who works on no case has nothing to be covered."""
    return _cover(request, known, known.person, "/me/cover/", "/me/")


@require_POST
@casework("cover.ended")
def end_own(request: HttpRequest, known: Identity, cover: UUID) -> HttpResponse:
    """End a cover of mine."""
    return _end(request, known, known.person, cover, "/me/cover/")


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, by: Identity, person: UUID) -> HttpResponse:
    """Who does this person's work while she is away."""
    return _cover(request, by, person, f"/people/{person}/cover/", f"/people/{person}/")


@administrators
@require_POST
def end_of_person(request: HttpRequest, by: Identity, person: UUID, cover: UUID) -> HttpResponse:
    """End a cover of this person."""
    return _end(request, by, person, cover, f"/people/{person}/cover/")


def _cover(request: HttpRequest, by: Identity, person: UUID, here: str, back: str) -> HttpResponse:
    row = projections.person(person)
    if row is None or row.family != "inhoud":
        raise Http404
    form = CoverForm(answers(request), colleagues=covers.substitutes(person))
    if request.method == "POST" and form.is_valid():
        try:
            covers.register_cover(person, *form.given(), by=by)
        except Refused as refused:
            form.refuse(refused.code)
        else:
            messages.success(request, pgettext("review", "The cover is registered."))
            return HttpResponseRedirect(here)
    return _page(request, by, row, form, here, back)


def _page(request: HttpRequest, by: Identity, row: PersonRow, form: CoverForm, here: str, back: str) -> HttpResponse:
    context = {
        "row": row,
        "mine": row.id == by.person,
        "covers": covers.covers_of(row.id),
        "form": form,
        "here": here,
        "back": back,
    }
    return render(request, "cover.html", context)


def _end(request: HttpRequest, by: Identity, person: UUID, cover: UUID, here: str) -> HttpResponse:
    try:
        covers.end_cover(cover, by=by, of=person)
    except Refused as refused:
        if refused.code == "unknown_cover":
            raise Http404 from None
        messages.warning(request, pgettext("review", "This cover is over already."))
    else:
        messages.success(request, pgettext("review", "The cover has ended."))
    return HttpResponseRedirect(here)


urlpatterns = [
    path("me/cover/", own, name="me_cover"),
    path("me/cover/<uuid:cover>/end/", end_own, name="me_cover_end"),
    path("people/<uuid:person>/cover/", of_person, name="person_cover"),
    path("people/<uuid:person>/cover/<uuid:cover>/end/", end_of_person, name="person_cover_end"),
]
