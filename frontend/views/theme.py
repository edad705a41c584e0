"""The look that a person chose: light, dark, or as the system has it. A cookie with one word."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = ("system", "light", "dark")
YEAR_IN_SECONDS = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The chosen look, one of THEMES; anything else in the cookie counts as "system"."""
    chosen = request.COOKIES.get(COOKIE, "system")
    return chosen if chosen in THEMES else "system"


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the posted `theme` and return to the page named in `next`, if it is one of ours."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("theme", "system")
    if chosen in THEMES:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR_IN_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response


urlpatterns = [path("theme/", choose_theme, name="theme")]
