"""Accounts, for administrators only; everybody else gets the page of what does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import clock
from conference.accounts import commands, parties, projections, rules
from conference.accounts.middleware import identity_of
from conference.accounts.rules import Refused
from conference.accounts.sessions import Identity, fresh
from conference.cases.access import Access, refuse
from frontend.forms.accounts import REFUSALS, NewPersonForm, ProfileForm, answers, profile_of

FILLING_IN = 20  # minutes that a form may take after the code that opened it

P = ParamSpec("P")


def administrators(
    view: Callable[Concatenate[HttpRequest, Identity, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only the family `beheer` in."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        known = identity_of(request)
        if known is None or known.family != "beheer":
            if known is not None:
                refuse(Access(act="person.managed", origin="http", identity=known), "role_excluded")
            raise Http404
        return view(request, known, *args, **kwargs)

    return asked


def renew_code(then: str) -> HttpResponse:
    """Ask for a fresh code first, and come back to `then`."""
    return HttpResponseRedirect(f"/login/code/?{urlencode({'next': then})}")


@administrators
@require_safe
def people(request: HttpRequest, by: Identity) -> HttpResponse:
    """The list of all accounts."""
    rows = projections.people()
    today, known = clock.today(), parties.classes() or {}
    shown = [(row, rules.may_log_in(row, today, known.get(row.party))) for row in rows]
    return render(request, "people.html", {"rows": shown})


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest, by: Identity) -> HttpResponse:
    """Make an account and its invitation; needs a fresh code, for a new account is a new way in."""
    if not fresh(request, FILLING_IN if request.method == "POST" else 5):
        return renew_code(request.path)
    form = NewPersonForm(answers(request), classes=parties.classes())
    if request.method == "POST" and form.is_valid():
        try:
            person = commands.create_person(form.cleaned_data["username"], form.profile(), by=by)
            return _person_page(request, person.id, link=_link(request, commands.invite(person.id, by=by)))
        except Refused as refused:
            form.refuse(refused.code)
    return render(request, "person_new.html", {"form": form})


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, by: Identity, person: UUID) -> HttpResponse:
    """One account: look and change."""
    if request.method != "POST":
        return _person_page(request, person)
    form = ProfileForm(request.POST, classes=parties.classes())
    if form.is_valid():
        try:
            commands.change_profile(person, form.profile(), by=by, expect=form.cleaned_data["expect"] or 0)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            _refuse(form, refused.code)
    return _person_page(request, person, form=form)


def _refuse(form: ProfileForm, code: str) -> None:
    if code == "unknown_person":
        raise Http404
    form.refuse(code)


def _person_page(
    request: HttpRequest, wanted: UUID, *, form: ProfileForm | None = None, link: str = "", refusal: str = ""
) -> HttpResponse:
    row = projections.person(wanted)
    if row is None:
        raise Http404
    if form is None:
        form = ProfileForm(initial=profile_of(row), classes=parties.classes())
    elif form.refusal == "conflict":
        # What she typed stays; saving again is then a choice made with both in sight.
        form.data = {**request.POST.dict(), "roles": request.POST.getlist("roles"), "expect": str(row.version)}
    context = {"row": row, "form": form, "link": link, "refusal": refusal, "refusal_text": REFUSALS.get(refusal, "")}
    return render(request, "person.html", context)


Done = Callable[[UUID, Identity, int | None], str | None]
ACTIONS: dict[str, Done] = {
    "invite": lambda person, by, expect: commands.invite(person, by=by, expect=expect),
    "reset-factor": lambda person, by, expect: commands.reset_factor(person, by=by, expect=expect),
    "disable": lambda person, by, expect: commands.disable(person, by=by, expect=expect),
    "enable": lambda person, by, expect: commands.enable(person, by=by, expect=expect),
    "end-sessions": lambda person, by, expect: commands.end_sessions(person, by=by),
}
NEEDS_FRESH_CODE = {"invite", "reset-factor", "enable"}


@administrators
@require_POST
def act(request: HttpRequest, by: Identity, person: UUID, do: str) -> HttpResponse:
    """One of ACTIONS; a link that it makes is shown once, in the answer."""
    if do not in ACTIONS or projections.person(person) is None:
        raise Http404
    page = f"/people/{person}/"
    if do in NEEDS_FRESH_CODE and not fresh(request):
        return renew_code(page)
    expect = request.POST.get("expect", "")
    try:
        token = ACTIONS[do](person, by, int(expect) if expect.isdecimal() else None)
    except Refused as refused:
        return _person_page(request, person, refusal=refused.code)
    if token:
        return _person_page(request, person, link=_link(request, token))
    messages.success(request, _("Done. It counts from now on, in open screens too."))
    return HttpResponseRedirect(page)


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(f"/invite/{token}/")


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", new_person, name="new_person"),
    path("people/<uuid:person>/", person, name="person"),
    path("people/<uuid:person>/<slug:do>/", act, name="person_act"),
]
