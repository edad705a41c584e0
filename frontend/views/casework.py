"""The door of every page with case content: only for who works on cases, and every refusal is entered."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NoReturn, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from audit.record import LogUnavailable
from conference.accounts.middleware import identity_of
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access
from frontend.views import errors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
CaseworkView = Callable[Concatenate[HttpRequest, Identity, P], HttpResponse]


def casework(act: str, *, role: str | None = None) -> Callable[[CaseworkView[P]], View[P]]:
    """Let only the family `inhoud` in (and of it one `role`); to others the page does not exist.

    `act`: what the entry of a refusal says was tried. Raises LogUnavailable.
    """

    def guarded(view: CaseworkView[P]) -> View[P]:
        @wraps(view)
        def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            known = identity_of(request)
            reason = _refusal(known, role)
            if known is None:
                raise Http404
            if reason is not None:
                access.refuse(Access(act=act, origin="http", identity=known), reason)
                raise Http404
            return _kept(request, lambda: view(request, known, *args, **kwargs))

        return asked

    return guarded


def refuse_role(known: Identity, act: str) -> NoReturn:
    """Enter that somebody tried what is not hers; to her the page does not exist. Raises Http404, LogUnavailable."""
    access.refuse(Access(act=act, origin="http", identity=known), "role_party")
    raise Http404


def _kept(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Give back what was typed when it could not be recorded; a page that was only read has nothing to keep."""
    try:
        return answer()
    except LogUnavailable:
        if request.method != "POST":
            raise
        return errors.not_recorded(request)


def _refusal(known: Identity | None, role: str | None) -> str | None:
    if known is None or known.family != "inhoud":
        return "role_excluded"
    return None if role is None or role in known.roles else "role_party"
