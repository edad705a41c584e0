"""The quick exit: the session is over at once, and what stands on the screen says nothing of anybody."""

import contextlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, path, resolve
from django.views.decorators.http import require_http_methods

from audit.record import LogUnavailable
from conference.accounts import sign_in
from frontend.views.consent import keep_last_words

AWAY = "/notes/"
CLEARED = '"cache", "storage"'


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Show an empty page of notes to anybody; when it is sent to, end the session first."""
    if request.method != "POST":
        return render(request, "away.html")
    try:
        _keep_last_words(request)
    finally:
        # Ended and not only hidden: whoever goes back in this browser finds the login and nothing else.
        sign_in.log_out(request, "quick_exit")
    response = HttpResponseRedirect(AWAY)
    response["Clear-Site-Data"] = CLEARED
    return response


def _keep_last_words(request: HttpRequest) -> None:
    """Keep the conversation that she leaves (`talk`: its address) as a draft, by its own rules, or not at all.

    In this one request: of two that a slow line carries side by side the session's end may come first.
    """
    with contextlib.suppress(Resolver404, Http404, LogUnavailable):
        left = resolve(request.POST.get("talk", ""))
        if left.url_name == "consent":
            keep_last_words(request, **left.kwargs)


urlpatterns = [path("notes/", away, name="away")]
