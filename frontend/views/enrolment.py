"""From an invitation's link to an account that works: password, app, recovery codes."""

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from conference.accounts import invitations, sign_in
from conference.accounts.factors import in_fours
from conference.accounts.models import Invitation
from conference.accounts.rules import Refused
from frontend.forms.accounts import CodeForm, FirstPasswordForm, KeptForm, OwnPasswordForm, Plain, answers

OPENED, CLAIM = "invitation", "claim"  # keys in the session of a browser that opened a link


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the link for this browser's session, so that the token leaves the address bar."""
    found = invitations.open_link(token)
    if found is None:
        return _gone(request)
    sign_in.log_out(request)
    request.session[OPENED] = str(found.id)
    return HttpResponseRedirect("/enrol/")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Step 1: a new password, or after a reset the one that she has; and the secrecy declaration."""
    held = invitations.resume(request.session.get(OPENED))
    if held is None:
        return _gone(request)
    own = held.purpose == "factor"
    form: Plain = (OwnPasswordForm if own else FirstPasswordForm)(answers(request))
    declare = held.person.secrecy_on is None
    if not declare:
        del form.fields["secrecy"]
    if request.method == "POST" and form.is_valid():
        try:
            request.session[CLAIM] = _take_password(held, form)
            return HttpResponseRedirect("/enrol/app/")
        except Refused as refused:
            form.refuse(refused.code)
    context = {"form": form, "own": own, "declare": declare, "username": held.person.username}
    return render(request, "enrol_password.html", context)


def _take_password(held: Invitation, form: Plain) -> str:
    given = form.cleaned_data
    return invitations.take_password(
        held,
        given.get("new") or given.get("current", ""),
        given.get("repeated", ""),
        secrecy=bool(given.get("secrecy")),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Step 2: link an app, and prove it with its first code."""
    held = invitations.resume(request.session.get(OPENED))
    claim = request.session.get(CLAIM, "")
    shown = invitations.linking(held, claim) if held else None
    if held is None or shown is None:
        return _gone(request)
    form = CodeForm(answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            invitations.take_code(held, claim, form.cleaned_data["code"])
            return HttpResponseRedirect("/enrol/codes/")
        except Refused as refused:
            form.refuse(refused.code)
    context = {"form": form, "qr": _qr(shown.uri), "secret": in_fours(shown.secret, " "), "uri": shown.uri}
    return render(request, "enrol_app.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Step 3: the recovery codes, shown until they are confirmed as kept."""
    opened, claim = request.session.get(OPENED), request.session.get(CLAIM, "")
    shown = invitations.codes_to_keep(opened, claim)
    if not shown:
        return _gone(request)
    form = KeptForm(answers(request))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["kept"]:
            invitations.codes_kept(opened, claim)
            request.session.flush()
            return HttpResponseRedirect("/login/")
        form.refuse("codes_not_kept")
    return render(request, "enrol_codes.html", {"form": form, "codes": shown})


def _gone(request: HttpRequest) -> HttpResponse:
    """The same page for a link that never was, was used or is too old."""
    return render(request, "invitation_gone.html", status=404)


def _qr(uri: str) -> SafeString:
    """Draw the square: dark on white in every theme, because cameras need that."""
    drawn = segno.make(uri, error="m").svg_inline(scale=4, border=4, dark="#221d27", light="#ffffff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  segno draws paths only; the text of the code is not in them


urlpatterns = [
    path("invite/<str:token>/", open_link, name="invite"),
    path("enrol/", password, name="enrol"),
    path("enrol/app/", app, name="enrol_app"),
    path("enrol/codes/", codes, name="enrol_codes"),
]
