"""The officer's door: oversight only, a fresh second factor, and one of the four lawful purposes.

WGS 1.8-4: the log may be used for checking lawfulness, for internal control, for integrity and
security, and for court proceedings. Each page asks for which, and writes it into its own entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.db import ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from audit.record import Entry, LogUnavailable
from conference.accounts.middleware import identity_of
from conference.accounts.sessions import Identity, fresh
from conference.cases.access import Access, refuse

P = ParamSpec("P")

PURPOSES: dict[str, str | Promise] = {
    "lawfulness": pgettext_lazy("log", "checking whether the data were used lawfully"),
    "internal_control": pgettext_lazy("log", "internal control"),
    "security": pgettext_lazy("log", "the integrity and security of the data"),
    "court": pgettext_lazy("log", "court proceedings"),
}
PURPOSE_FIELDS = ("purpose", "purpose_asked")
_KEPT = "log_purpose"
_READING = 5  # minutes that a code lets her read
_FILLING_IN = 20  # minutes that a form may take after the code that opened its page


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of oversight at her desk. `purpose`: a code of `PURPOSES`."""

    identity: Identity
    purpose: str

    @property
    def purpose_text(self) -> str:
        return str(PURPOSES[self.purpose])

    def entry(self, act: str, **more: Any) -> Entry:
        """Return the entry of what she does here; `more` are further fields of it."""
        who = self.identity
        return Entry(
            act=act,
            origin="http",
            actor=who.person,
            party=who.party,
            role=who.family,
            session=who.session,
            purpose=self.purpose,
            **more,
        )


View = Callable[Concatenate[HttpRequest, Officer, P], HttpResponseBase]


def officer(act: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let only oversight in, as an `Officer`; `act` names what is refused to everybody else.

    Anybody else gets what does not exist (404), and an entry; a second factor of more than five
    minutes is asked anew; without a purpose the page that asks for one is shown, and nothing else.
    """

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            who = identity_of(request)
            if who is None or who.family != "toezicht":
                if who is not None:
                    refuse(Access(act=act, origin="http", identity=who), "role_excluded")
                raise Http404
            sends = request.method == "POST"
            if not fresh(request, _FILLING_IN if sends else _READING):
                return _ask_code("/log/" if sends else request.get_full_path())
            purpose = _purpose(request)
            if purpose is None:
                return _ask(request)
            answer = _read(lambda: view(request, Officer(who, purpose), *args, **kwargs))
            # What she wrote counts; to be shown anything, her form with its errors too, needs a code that is fresh.
            shows = not isinstance(answer, HttpResponseRedirect)
            return _ask_code(request.path) if sends and shows and not fresh(request, _READING) else answer

        return guarded

    return guard


def _ask_code(target: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/login/code/?{urlencode({'next': target})}")


def _read(answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Raise LogUnavailable where the log cannot be read: a table that is away, or no right to it."""
    try:
        return answer()
    except ProgrammingError as error:
        raise LogUnavailable(type(error).__name__) from error


def _purpose(request: HttpRequest) -> str | None:
    """Return the purpose that was chosen, now or earlier in this session."""
    chosen = request.GET.get("purpose")
    if chosen in PURPOSES:
        request.session[_KEPT] = chosen
    kept = request.session.get(_KEPT)
    return kept if kept in PURPOSES and chosen != "" else None


def _ask(request: HttpRequest) -> HttpResponse:
    asked = [
        (name, value) for name, values in request.GET.lists() if not name.startswith("purpose") for value in values
    ]
    here = request.path if request.method in {"GET", "HEAD"} else "/log/"
    context = {"purposes": PURPOSES.items(), "asked": asked, "here": here, "missing": "purpose_asked" in request.GET}
    return render(request, "log_purpose.html", context)
