"""Who asks, on every request; and nothing for anybody who is not fully logged in.

Deny by default: a view is for verified people unless Django's `login_not_required`
marks it. What is not yours is a plain Http404 in the view: the same page as for what
does not exist.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import SimpleLazyObject

from conference.accounts.models import Person
from conference.accounts.sessions import Identity, identity, touch

MACHINES = "/api/"
View = TypeVar("View", bound=Callable[..., HttpResponse])


def no_activity(view: View) -> View:
    """Mark a view that a page asks by itself: that it is asked is no sign that anybody is there."""
    view.is_activity = False  # type: ignore[attr-defined]  # read by the middleware below
    return view


class IdentityMiddleware:
    """Sets `request.identity` (None unless password and second factor were given) and `request.user`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = identity(request)
        request.identity = known  # type: ignore[attr-defined]  # read through identity_of
        request.user = SimpleLazyObject(lambda: _person(known))  # type: ignore[assignment]  # as Django does
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Turn away whoever is not verified, before the view sees anything; of who is, note that she was here."""
        known = identity_of(request)
        if known is not None and getattr(view, "is_activity", True):
            touch(known.session)
        if known is not None or not getattr(view, "login_required", True):
            return None
        if request.path_info.startswith(MACHINES):
            return JsonResponse({"error": "not_logged_in", "message": "Log in first."}, status=401)
        # A form that came too late leads to the login as well; its content is not kept anywhere.
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        query = f"?{urlencode({'next': back})}" if back != "/" else ""
        return HttpResponseRedirect(f"{settings.LOGIN_URL}{query}")


def identity_of(request: HttpRequest) -> Identity | None:
    """Return who asks, None unless fully verified."""
    found: Identity | None = getattr(request, "identity", None)
    return found


def _person(known: Identity | None) -> Person | AnonymousUser:
    found = Person.objects.filter(id=known.person).first() if known else None
    return found or AnonymousUser()
