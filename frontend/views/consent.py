"""The consent register in a care coordinator's hands; for everybody else these pages do not exist."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, consents, on_case
from agenda.commands.consents import Conversation, Step
from agenda.pages import RegisterLine, RegisterView, Unshown
from conference.accounts.sessions import Identity, fresh
from conference.clock import AMSTERDAM
from conference.covenant.days import day_end
from consent.states import State
from consent.talk import LineTold
from frontend import once
from frontend.attached import attached
from frontend.categories import place
from frontend.forms.consent import ConsentForm, EvidenceForm, InvalidForm, LimitForm, WithdrawForm
from frontend.refusals import refusal_text
from frontend.views.cases import carry_out
from frontend.views.casework import casework
from frontend.views.people import renew_code

CARE = "care_coordinator"
KEPT, NOT_KEPT = 204, 409
REGISTERING = "consent.withdraw"  # the command that only a care coordinator may give


@require_safe
@casework("register.listed", role=CARE)
def victims(request: HttpRequest, known: Identity) -> HttpResponse:
    """Everybody whose register this care coordinator keeps."""
    return render(request, "consent_list.html", {"victims": pages.victims(known) or []})


def _read(known: Identity, case: UUID, subject: UUID) -> Unshown[RegisterView]:
    read = pages.register_read(known, case, subject)
    if read is None:
        raise Http404
    return read


@require_http_methods(["GET", "HEAD", "POST"])
@casework("register.viewed", role=CARE)
def conversation(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """The conversation with one victim: ask, read back, record; on one page."""
    read = _read(known, case, subject)
    if request.method != "POST":
        typed, _at = read.value.draft or ({}, None)
        return _page(request, read, ConsentForm(view=read.value, initial=typed), once.new())
    form = ConsentForm(request.POST, view=read.value)
    number, step = once.number_of(request), request.POST.get("step", "review")
    form.recording = step == "record"
    if step in {"save", "drop"}:
        return _keep(request, known, read.value, form if step == "save" else None)
    valid, stale = form.is_valid(), form.is_stale
    if stale and once.claimed(request, number):  # by this very form: then what changed is its own
        return _recorded_before(request, case, subject)
    if stale:
        form.refuse("known_changed")
    if stale or not valid or step == "edit":
        return _page(request, read, form, number)
    if step == "record" and form.was_read_back():
        return _record(request, known, read, form, number)
    return _page(request, read, form, number, reviewed=True)


def _page(
    request: HttpRequest, read: Unshown[RegisterView], form: ConsentForm, number: str, *, reviewed: bool = False
) -> HttpResponse:
    """`reviewed`: the answers are shown once more, to be read back."""
    view = read.show()
    context = {
        "view": view,
        "form": form,
        "once": number,
        "reviewed": reviewed,
        "lines": sorted(view.lines, key=_order),
        "upload": EvidenceForm(),
    }
    return render(request, "consent.html", context)


def _order(line: RegisterLine) -> tuple[tuple[int, str], str]:
    return (place(line.category), line.party)


def _record(
    request: HttpRequest, known: Identity, read: Unshown[RegisterView], form: ConsentForm, number: str
) -> HttpResponse:
    view = read.value
    said = form.conversation()
    try:
        on_case(known, view.case, lambda turn: _first_time(request, number, turn, said))
    except Refused as refused:
        if refused.code == "sent_twice":
            return _recorded_before(request, view.case, view.subject)
        form.refuse(refused.code)
        return _page(request, read, form, number)
    messages.success(request, _("Recorded. It counts from now on, in open screens too."))
    return HttpResponseRedirect(f"/cases/{view.case}/consent/{view.subject}/")


def _recorded_before(request: HttpRequest, case: UUID, subject: UUID) -> HttpResponse:
    messages.info(request, _("This was recorded already; it stands in the register once."))
    return HttpResponseRedirect(f"/cases/{case}/consent/{subject}/")


def _first_time(request: HttpRequest, number: str, turn: Turn, said: Conversation) -> str:
    turn.require_role(REGISTERING)
    if not once.claim(request, number):
        raise Refused("sent_twice")
    return consents.converse(turn, said)


# --- drafts ----------------------------------------------------------------------------


def _keep(request: HttpRequest, known: Identity, view: RegisterView, form: ConsentForm | None) -> HttpResponse:
    """Keep what was typed (or throw it away: None) and come back; to a script only the time is said."""
    case, subject = view.case, view.subject
    try:
        at = _draft(request, known, view, form)
    except Refused as refused:
        if refused.code != "sent_twice":
            raise Http404 from None
        return HttpResponse(status=NOT_KEPT)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"saved": at})
    messages.info(request, _("Kept as a draft. Nothing counts yet.") if form else _("The draft is gone."))
    return HttpResponseRedirect(f"/cases/{case}/consent/{subject}/")


def _draft(request: HttpRequest, known: Identity, view: RegisterView, form: ConsentForm | None) -> str:
    """Return the time at which it was kept. Raises Refused."""
    typed = form.typed() if form else None

    def do(turn: Turn) -> str:
        turn.require_role(REGISTERING)
        if once.claimed(request, once.number_of(request)):  # a draft that comes after its own conversation
            raise Refused("sent_twice")
        at = consents.save_draft(turn, view.case, view.subject, typed)
        return at.astimezone(AMSTERDAM).strftime("%H.%M")

    return at_desk(known, "consent.drafted", do, case=view.case)


@casework("register.viewed", role=CARE)
def keep_last_words(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Keep what stood in a conversation that she leaves in haste; nothing is said of it on the screen."""
    read = _read(known, case, subject)
    with contextlib.suppress(Refused):
        _draft(request, known, read.value, ConsentForm(request.POST, view=read.value))
    return HttpResponse(status=KEPT)


# --- one line ---------------------------------------------------------------------------


@require_POST
@casework("consent.limited", role=CARE)
def limit(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """End one line earlier."""
    here = f"/cases/{case}/consent/{subject}/"
    form = LimitForm(request.POST)
    if not form.is_valid():
        told = form.errors.get("ends", [_("Fill in a date, such as 23-11-2026.")])
        messages.warning(request, str(told[0]))
        return HttpResponseRedirect(here)
    given = form.cleaned_data
    step = Step(
        case=case,
        subject=subject,
        party=given["party"],
        category=given["category"],
        state=State.LIMITED,
        ends=day_end(given["ends"]),
    )
    return carry_out(request, known, case, lambda turn: _step(turn, step), done=_("It ends earlier now."), then=here)


@require_POST
@casework("consent.withdrawn", role=CARE)
def withdraw(request: HttpRequest, known: Identity, case: UUID, subject: UUID | None = None) -> HttpResponse:
    """Withdraw one line; it works at once. From the case's page (`subject` in the form) or the victim's own."""
    named = request.POST if subject is None else {**request.POST.dict(), "subject": str(subject)}
    form = WithdrawForm(named)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    step = Step(
        case=case,
        subject=given["subject"],
        party=given["party"],
        category=given["category"],
        state=State.WITHDRAWN,
    )
    then = f"/cases/{case}/consent/{subject}/" if subject else f"/cases/{case}/"
    done = _("Withdrawn. It works at once, in open screens too.")
    return carry_out(request, known, case, lambda turn: _step(turn, step), done=done, then=then)


@require_POST
@casework("consent.invalidated", role=CARE)
def invalidate(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Declare that a yes never was one; it stops at once and can never be given on this line again."""
    form = InvalidForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    step = Step(
        case=case,
        subject=subject,
        party=given["party"],
        category=given["category"],
        state=State.INVALID,
        told=LineTold(because=given["because"]),
    )
    then = f"/cases/{case}/consent/{subject}/"
    done = _("Invalid from now on. Who received it before must be told.")
    return carry_out(request, known, case, lambda turn: _step(turn, step), done=done, then=then)


def _step(turn: Turn, step: Step) -> str:
    turn.require_role(REGISTERING)
    return consents.record(turn, step)


# --- what was shared before, and documents --------------------------------------------------


@require_safe
@casework("register.viewed", role=CARE)
def told(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """What of her reached which organisation before now, and on which days."""
    read = pages.shared_read(known, case, subject)
    if read is None:
        raise Http404
    return render(request, "consent_shared.html", {"view": read.show()})


@require_POST
@casework("evidence.kept", role=CARE)
def keep_evidence(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Keep a document, sealed."""
    here = f"/cases/{case}/consent/{subject}/#papers"
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, str(form.errors["document"][0]))
        return HttpResponseRedirect(here)
    document = form.cleaned_data["document"].read()

    def do(turn: Turn) -> UUID:
        turn.require_role(REGISTERING)
        return consents.keep_evidence(turn, case, subject, document)

    try:
        at_desk(known, "evidence.kept", do, case=case)
    except Refused as refused:
        if refused.code in {"not_found", "role_party"}:
            raise Http404 from None
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, _("Kept, sealed. Choose it below as the document that belongs to the conversation."))
    return HttpResponseRedirect(here)


@require_safe
@casework("evidence.opened", role=CARE)
def evidence(request: HttpRequest, known: Identity, case: UUID, subject: UUID, document: UUID) -> HttpResponse:
    """Hand a document out: never shown in the browser, whatever it holds."""
    if not fresh(request):
        return renew_code(request.get_full_path())
    found = pages.evidence(known, case, subject, document)
    if found is None:
        raise Http404
    kind, content = found
    response = attached(HttpResponse(content, content_type="application/octet-stream"), f"document.{kind}")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


urlpatterns = [
    path("consent/", victims, name="consent_list"),
    path("cases/<uuid:case>/consent/withdraw/", withdraw, name="case_consent_withdraw"),
    path("cases/<uuid:case>/consent/<uuid:subject>/", conversation, name="consent"),
    path("cases/<uuid:case>/consent/<uuid:subject>/withdraw/", withdraw, name="consent_withdraw"),
    path("cases/<uuid:case>/consent/<uuid:subject>/limit/", limit, name="consent_limit"),
    path("cases/<uuid:case>/consent/<uuid:subject>/invalid/", invalidate, name="consent_invalid"),
    path("cases/<uuid:case>/consent/<uuid:subject>/shared/", told, name="consent_shared"),
    path("cases/<uuid:case>/consent/<uuid:subject>/evidence/", keep_evidence, name="consent_evidence"),
    path("cases/<uuid:case>/consent/<uuid:subject>/evidence/<uuid:document>/", evidence, name="consent_document"),
]
