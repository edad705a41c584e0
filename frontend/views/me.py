"""One's own account: sessions, password, recovery codes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.accounts import commands, projections, sign_in
from conference.accounts.middleware import identity_of
from conference.accounts.rules import Refused
from conference.accounts.sessions import Identity, fresh
from frontend.forms.accounts import ChangePasswordForm, answers
from frontend.views.people import FILLING_IN, renew_code


def _known(request: HttpRequest) -> Identity:
    known = identity_of(request)
    if known is None:
        raise Http404
    return known


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, where I am logged in, and how many recovery codes are left."""
    return _page(request, _known(request))


def _page(request: HttpRequest, by: Identity, codes: list[str] | None = None) -> HttpResponse:
    context = {
        "row": projections.person(by.person),
        "sessions": projections.sessions(by),
        "codes_left": projections.backup_codes_left(by),
        "codes": codes or [],
    }
    return render(request, "me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose another password; all sessions end, this one too."""
    by = _known(request)
    if not fresh(request, FILLING_IN if request.method == "POST" else 5):
        return renew_code(request.path)
    form = ChangePasswordForm(answers(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            commands.change_password(given["current"], given["new"], given["repeated"], by=by)
            request.session.flush()
            return HttpResponseRedirect("/login/")
        except Refused as refused:
            form.refuse(refused.code)
    row = projections.person(by.person)
    return render(request, "me_password.html", {"form": form, "username": row.username if row else ""})


@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, shown once, in the answer."""
    by = _known(request)
    if not fresh(request):
        return renew_code("/me/")
    return _page(request, by, codes=commands.renew_backup_codes(by=by))


@require_POST
def end_session(request: HttpRequest, session: UUID) -> HttpResponse:
    """End one of my sessions; ending this one is logging out."""
    by = _known(request)
    if session == by.session:
        sign_in.log_out(request)
        return HttpResponseRedirect("/login/")
    try:
        commands.end_session(session, by=by)
    except Refused:
        raise Http404 from None
    messages.success(request, _("That session has ended."))
    return HttpResponseRedirect("/me/")


urlpatterns = [
    path("me/", me, name="me"),
    path("me/password/", password, name="me_password"),
    path("me/codes/", renew_codes, name="me_codes"),
    path("me/sessions/<uuid:session>/end/", end_session, name="me_end_session"),
]
