"""Logging in and out: two plain forms, no script."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from conference.accounts import places, sign_in
from conference.accounts.middleware import identity_of
from conference.accounts.rules import Refused
from conference.accounts.sessions import identity
from frontend.forms.accounts import CodeForm, LoginForm, Plain, RecoveryCodeForm, answers

TOO_MANY = 429
NOT_ALLOWED = 403
BUSY = 503
STATUS = {"too_many_tries": TOO_MANY, "busy": BUSY}
# A wrong answer is an answer (200): the same for a known and an unknown username.
MISTAKES = {"", "wrong_credentials", "code_wrong", "code_used"}
HOME = {"inhoud": "/", "toezicht": "/log/", "beheer": "/people/"}
# Not "cookies": the device cookie opens nothing and keeps attacks elsewhere from locking this browser out.
CLEARED = '"cache", "storage"'


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Step 1: username and password."""
    target = _next(request)
    known = identity_of(request)
    if known and request.method != "POST":
        return HttpResponseRedirect(target or HOME[known.family])
    form = LoginForm(answers(request))
    if request.method == "POST" and form.is_valid():
        refusal = _try_password(request, form)
        if refusal is None:
            rotate_token(request)
            return HttpResponseRedirect("/login/code/" + _query(target))
        form.refuse(refusal)
    return _page(request, "login.html", form, target)


def _try_password(request: HttpRequest, form: LoginForm) -> str | None:
    try:
        return sign_in.give_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except Refused as refused:
        return refused.code


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 2, and later its renewal before something that needs a fresh code."""
    target = _next(request)
    if sign_in.waiting(request) is None:
        return HttpResponseRedirect("/login/" + _query(target))
    recovery = "recovery" in request.GET
    form: Plain = (RecoveryCodeForm if recovery else CodeForm)(answers(request))
    if request.method == "POST" and form.is_valid():
        place = places.with_device(places.place_of(request))
        refusal = sign_in.give_code(request, form.cleaned_data["code"], place)
        if refusal is None:
            return _let_in(request, target, place)
        form.refuse(refusal)
    context = {"recovery": recovery, "renewing": identity_of(request) is not None}
    return _page(request, "code.html", form, target, context)


def _let_in(request: HttpRequest, target: str, place: places.Place) -> HttpResponse:
    rotate_token(request)
    known = identity(request)
    response = HttpResponseRedirect(target or (HOME[known.family] if known else "/"))
    places.keep_device(response, place)
    return response


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End this session and all its sockets, and let the browser forget what it has kept of us."""
    sign_in.log_out(request)
    response = HttpResponseRedirect("/login/")
    response["Clear-Site-Data"] = CLEARED
    return response


def _page(
    request: HttpRequest, template: str, form: Plain, target: str, context: Mapping[str, object] | None = None
) -> HttpResponse:
    status = 200 if form.refusal in MISTAKES else STATUS.get(form.refusal, NOT_ALLOWED)
    return render(request, template, {"form": form, "next": target, **(context or {})}, status=status)


def _next(request: HttpRequest) -> str:
    """Return where to go afterwards: a path of our own, or nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if local and target.isprintable() else ""


def _query(target: str) -> str:
    return f"?{urlencode({'next': target})}" if target else ""


urlpatterns = [
    path("login/", login, name="login"),
    path("login/code/", code, name="login_code"),
    path("logout/", logout, name="logout"),
]
