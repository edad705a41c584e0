"""Notices to CoMensha: what she signed, on what ground a form can be made, and the form itself."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agenda import pages
from agenda.commands import Refused, Turn, at_desk
from agenda.commands import comensha as commands
from agenda.pages import ComenshaView, RegisterView, Unshown
from conference.accounts.sessions import Identity, fresh
from conference.cases.comensha import Notice
from conference.clock import AMSTERDAM
from conference.covenant.words import POLICE
from consent.states import PERMITTING
from frontend import once
from frontend.attached import PDF, attached
from frontend.comensha.printed import as_pdf
from frontend.forms.comensha import NAMES, NoticeForm, SignedForm
from frontend.refusals import refusal_text
from frontend.views.casework import casework, refuse_role
from frontend.views.people import renew_code

CARE = "care_coordinator"
REGISTERING = "consent.withdraw"  # the command that only a care coordinator may give
VIEWED, MADE, GIVEN, TAKEN_BACK = "register.viewed", "export.made", "consent.given", "consent.withdrawn"


@require_http_methods(["GET", "HEAD", "POST"])
@casework(VIEWED)
def comensha(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Both notices; the police read the one that they may make of themselves."""
    if CARE not in known.roles:
        return _of_police(request, known, case, subject)
    read = pages.register_read(known, case, subject)
    if read is None:
        raise Http404
    if request.method != "POST":
        return _page(request, read, SignedForm(view=read.value), once.new())
    if request.POST.get("do") == "withdraw":
        return _take_back(request, known, read.value)
    return _agree(request, known, read)


def _of_police(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    if known.party != POLICE or request.method == "POST":
        refuse_role(known, VIEWED)
    read = pages.comensha_for_police(known, case, subject)
    if read is None:
        raise Http404
    return _show(request, read.show(), {})


def _agree(request: HttpRequest, known: Identity, read: Unshown[RegisterView]) -> HttpResponse:
    form, number = SignedForm(request.POST, view=read.value), once.number_of(request)
    if not form.is_valid():
        return _page(request, read, form, number)
    try:
        at_desk(known, GIVEN, lambda turn: _first(request, number, turn, form), case=read.value.case)
    except Refused as refused:
        if refused.code != "sent_twice":
            form.refuse(refused.code)
            return _page(request, read, form, number)
        messages.info(request, _("This was recorded already; it stands in the register once."))
    else:
        messages.success(request, _("Recorded. The form can be made now."))
    return _back(read.value)


def _first(request: HttpRequest, number: str, turn: Turn, form: SignedForm) -> str:
    turn.require_role(REGISTERING)
    if not once.claim(request, number):
        raise Refused("sent_twice")
    return commands.agree(turn, form.agreed())


def _take_back(request: HttpRequest, known: Identity, view: RegisterView) -> HttpResponse:
    form = NoticeForm(request.POST)
    if not form.is_valid():
        raise Http404
    notice = Notice(form.cleaned_data["notice"])
    try:
        at_desk(known, TAKEN_BACK, _taking_back(view, notice), case=view.case)
    except Refused as refused:
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, _("Withdrawn. From now on no form can be made for this."))
    return _back(view)


def _taking_back(view: RegisterView, notice: Notice) -> Callable[[Turn], str]:
    def carry_out(turn: Turn) -> str:
        turn.require_role(REGISTERING)
        return commands.take_back(turn, view.case, view.subject, notice)

    return carry_out


def _back(view: RegisterView) -> HttpResponse:
    return HttpResponseRedirect(f"/cases/{view.case}/consent/{view.subject}/comensha/")


def _page(request: HttpRequest, read: Unshown[RegisterView], form: SignedForm, number: str) -> HttpResponse:
    view = pages.comensha_of(read)
    read.show()
    return _show(request, view, {"form": form, "once": number})


def _show(request: HttpRequest, view: ComenshaView, context: dict[str, object]) -> HttpResponse:
    rows = [{"state": one, "name": NAMES[one.notice], "holds": one.state in PERMITTING} for one in view.notices]
    return render(request, "consent_comensha.html", {"view": view, "rows": rows, **context})


@require_safe
@casework(MADE)
def form(request: HttpRequest, known: Identity, case: UUID, subject: UUID, notice: str) -> HttpResponse:
    """The form as PDF; it leaves the building, so the code must be of at most 5 minutes ago.

    Without a ground there is none: the page above it says what is missing.
    """
    if notice not in set(Notice):
        raise Http404
    if not fresh(request):
        return renew_code(request.path)
    try:
        made = pages.comensha_form(known, case, subject, Notice(notice))
    except Refused:
        raise Http404 from None
    if made is None:
        raise Http404
    response = HttpResponse(as_pdf(made, str(getattr(request.user, "name", ""))), content_type=PDF)
    return attached(response, f"{made.at.astimezone(AMSTERDAM):%Y-%m-%d}-formulier.pdf")


_AT = "cases/<uuid:case>/consent/<uuid:subject>/comensha/"

urlpatterns = [
    path(_AT, comensha, name="consent_comensha"),
    path(f"{_AT}<slug:notice>.pdf", form, name="consent_comensha_form"),
]
