"""The list of cases, and one case: what this person sees of it and what her party may do with its own."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import pages, protocol
from agenda.commands import Refused, Turn, items, on_case
from agenda.pages import CaseView, Unshown
from conference.accounts.sessions import Identity
from conference.covenant.words import POLICE
from frontend import once
from frontend.case_page import CasePage
from frontend.forms.cases import PrepareForm
from frontend.refusals import refusal_text
from frontend.views.casework import casework

REFUSED = 409

Do = Callable[[Turn], str]


@require_safe
@casework("case.listed")
def cases(request: HttpRequest, known: Identity) -> HttpResponse:
    """Every case that exists for this person."""
    return render(request, "cases.html", {"cases": pages.cases(known), "desk": pages.desk(known)})


@require_safe
@casework("case.viewed")
def case(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """One case."""
    return _page(request, known, _read(known, case))


def _read(known: Identity, case: UUID) -> Unshown[CaseView]:
    found = pages.case_read(known, case)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, known: Identity, read: Unshown[CaseView], form: PrepareForm | None = None, *, number: str = ""
) -> HttpResponse:
    """`number`: of the form that was sent, so that a corrected one still counts once."""
    view = read.show()
    if form is None and view.may_prepare:
        form = PrepareForm(view=view, party=known.party)
    context = {
        "view": view,
        "page": CasePage(view),
        "form": form,
        "once": number or once.new(),
        "manages": pages.manages(known, view),
        "notifies": known.party == POLICE,
    }
    return render(request, "case.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@casework("item.prepared")
def prepare(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Write an own item as a draft."""
    if request.method != "POST":
        return HttpResponseRedirect(f"/cases/{case}/#prepare")
    read = _read(known, case)
    number = once.number_of(request)
    form = PrepareForm(request.POST, view=read.value, party=known.party)
    if not form.is_valid():
        return _page(request, known, read, form, number=number)
    args = form.args(case)
    try:
        on_case(known, case, lambda turn: _first_time(request, number, turn, args))
    except Refused as refused:
        if refused.code == "sent_twice":
            messages.info(request, _("This was saved already; it stands here once."))
            return HttpResponseRedirect(f"/cases/{case}/")
        form.refuse(refused.code)
        return _page(request, known, read, form, number=number)
    messages.success(request, _("Ready. Only your organisation sees it, until you release it."))
    return HttpResponseRedirect(f"/cases/{case}/")


def _first_time(request: HttpRequest, number: str, turn: Turn, args: protocol.ItemPrepare) -> str:
    if not once.claim(request, number):
        raise Refused("sent_twice")
    return items.prepare(turn, args)


ACTIONS: dict[str, tuple[Callable[[Turn, protocol.OnKey], str], str]] = {
    "release": (items.release, "item.released"),
    "withdraw": (items.withdraw, "item.withdrawn"),
}


@require_POST
@casework("case.changed")
def act(request: HttpRequest, known: Identity, case: UUID, item: UUID, do: str) -> HttpResponse:
    """Release or withdraw an own item; doing it twice is told calmly."""
    if do not in ACTIONS:
        raise Http404
    command, act = ACTIONS[do]
    args = protocol.OnKey(f"item:{item}")
    done = {
        "item.released": _("Released. Who may read it, reads it now."),
        "item.withdrawn": _("Withdrawn. From now on only your organisation sees it."),
    }
    return carry_out(request, known, case, lambda turn: command(turn, args), done=done[act])


def carry_out(request: HttpRequest, known: Identity, case: UUID, do: Do, *, done: str, then: str = "") -> HttpResponse:
    """Carry out a command of a case and go back to its page, or to `then`; "not_found" is the page of nothing."""
    try:
        on_case(known, case, do)
    except Refused as refused:
        if refused.code in {"not_found", "role_party"}:
            raise Http404 from None
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(then or f"/cases/{case}/")


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/<uuid:case>/", case, name="case"),
    path("cases/<uuid:case>/items/", prepare, name="item_prepare"),
    path("cases/<uuid:case>/items/<uuid:item>/<slug:do>/", act, name="item_act"),
]
