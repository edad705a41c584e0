"""The quick exit: the session is over at once, and what stands on the screen says nothing of anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

from conference.accounts import sign_in

AWAY = "/notes/"
CLEARED = '"cache", "storage"'


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Show an empty page of notes to anybody; when it is sent to, end the session first."""
    if request.method != "POST":
        return render(request, "away.html")
    # Ended and not only hidden: whoever goes back in this browser finds the login and nothing else.
    sign_in.log_out(request, "quick_exit")
    response = HttpResponseRedirect(AWAY)
    response["Clear-Site-Data"] = CLEARED
    return response


urlpatterns = [path("notes/", away, name="away")]
