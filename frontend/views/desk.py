"""The desk's pages: open a case and manage it. For whoever may not, they do not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, casework
from agenda.pages import Management, Unshown
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases import rules as case_rules
from conference.cases.access import Access
from frontend import once
from frontend.forms.accounts import answers
from frontend.forms.desk import PHASES, TRACKS, EndForm, InvolveForm, PhaseForm, ReferralForm, SubjectForm
from frontend.forms.exceptions import ExceptionForm
from frontend.forms.fields import Desk
from frontend.refusals import refusal_text
from frontend.views.casework import casework as only_casework

NOWHERE = {"not_found", "role_party"}


def require_desk(known: Identity, command: str, act: str) -> None:
    """Refuse who may not give a command of the desk: the page is not there, and the log says who asked."""
    found = pages.desk(known)
    if command not in found.may:
        access.refuse(
            Access(act=act, origin="http", identity=known), "role_party" if found.ruled else "covenant_inactive"
        )
        raise Http404


def first_time(request: HttpRequest, number: str) -> None:
    """Refuse a form that came before ("sent_twice"); inside the transaction that carries it out."""
    if not once.claim(request, number):
        raise Refused("sent_twice")


# --- opening -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@only_casework("case.opened")
def new_case(request: HttpRequest, known: Identity) -> HttpResponse:
    """Refer a case."""
    require_desk(known, "case.open", "case.opened")
    leads = "party.involve" in pages.desk(known).may
    others = [one for one in pages.parties_to_involve(case_rules.FIRST_PHASE) if one != known.party] if leads else []
    form = ReferralForm(answers(request), others=others)
    number = once.number_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            case = at_desk(known, "case.opened", lambda turn: _open(request, number, turn, form))
        except Refused as refused:
            if refused.code == "sent_twice":
                messages.info(request, _("This case was opened already; it stands here once."))
                return HttpResponseRedirect("/cases/")
            form.refuse(refused.code)
        else:
            messages.success(request, _("The case is open. Register who it is about."))
            return HttpResponseRedirect(f"/cases/{case}/manage/")
    return render(request, "case_new.html", {"form": form, "once": number, "desk": pages.desk(known)})


def _open(request: HttpRequest, number: str, turn: Turn, form: ReferralForm) -> UUID:
    first_time(request, number)
    return casework.open_case(turn, form.referral())


# --- managing ------------------------------------------------------------------------


@dataclass(slots=True)
class Sheets:
    """The forms of a case's management page; the one that was refused stands in as it was typed."""

    read: Unshown[Management]
    wrong: Desk | None = None
    about: UUID | None = None

    @property
    def view(self) -> Management:
        return self.read.value

    @property
    def subject(self) -> SubjectForm | None:
        if not self.view.supplies:
            return None
        mine = isinstance(self.wrong, SubjectForm) and self.about is None
        return self.wrong if mine else _subject_form(None, self.view, None)  # type: ignore[return-value]  # asked just before

    @property
    def corrections(self) -> list[SubjectForm]:
        return [self._correction(one.id) for one in self.view.own_subjects]

    def _correction(self, subject: UUID) -> SubjectForm:
        if isinstance(self.wrong, SubjectForm) and self.about == subject:
            return self.wrong
        return _subject_form(None, self.view, subject)

    @property
    def involve(self) -> Desk | None:
        return self._own(InvolveForm) or (InvolveForm(view=self.view) if self.view.others else None)

    @property
    def phase(self) -> Desk | None:
        return self._own(PhaseForm) or (PhaseForm(view=self.view) if self.view.next_phases else None)

    @property
    def exception(self) -> Desk | None:
        offered = "exception.record" in self.view.may and self.view.handles
        return self._own(ExceptionForm) or (ExceptionForm(view=self.view) if offered else None)

    def _own(self, kind: type[Desk]) -> Desk | None:
        return self.wrong if isinstance(self.wrong, kind) else None


def _subject_form(request: HttpRequest | None, view: Management, subject: UUID | None) -> SubjectForm:
    """The form of a new person, or of one whom the own party registered; of anybody else there is none."""
    known = next((one for one in view.own_subjects if one.id == subject), None)
    data = request.POST if request else None
    prefix = str(subject) if subject else "new"
    return SubjectForm(data, supplies=view.supplies, known=known, caring=view.caring, prefix=prefix)


def _read(known: Identity, case: UUID) -> Unshown[Management]:
    found = pages.management(known, case)
    if found is None:
        raise Http404
    return found


def _read_for(known: Identity, case: UUID, act: str, allowed: Callable[[Management], object]) -> Unshown[Management]:
    """Read the case for somebody who may do this in it; for all others it is not there, and the try is entered."""
    found = _read(known, case)
    if not allowed(found.value):
        access.refuse(Access(act=act, origin="http", identity=known), "role_party", case=case)
        raise Http404
    return found


@require_safe
@only_casework("case.changed")
def manage(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Who is in a case, who takes part, in which phase it is."""
    return _page(request, Sheets(_read(known, case)))


def _page(request: HttpRequest, sheets: Sheets, number: str = "") -> HttpResponse:
    view = sheets.read.show()
    context = {
        "view": view,
        "sheets": sheets,
        "form": sheets.wrong or Desk(),
        "once": number or once.new(),
        "track_told": TRACKS[view.track][1] if view.track in TRACKS else "",
        "phase_told": PHASES.get(view.phase, ""),
    }
    return render(request, "case_manage.html", context)


Command = Callable[[Turn, UUID], object]


def _carry_out(
    request: HttpRequest, known: Identity, sheets: Sheets, act: str, command: Command, *, done: str
) -> HttpResponse:
    """Carry out what a valid form asks; show the page again with what was typed when it is refused."""
    case, form, number = sheets.view.case, sheets.wrong, once.number_of(request)
    here = f"/cases/{case}/manage/"
    if form is None or not form.is_valid():
        return _page(request, sheets, number)
    try:
        at_desk(known, act, lambda turn: _once(request, number, turn, command, case), case=case)
    except Refused as refused:
        if refused.code in NOWHERE:
            raise Http404 from None
        if refused.code == "sent_twice":
            messages.info(request, _("This was saved already; it stands here once."))
            return HttpResponseRedirect(here)
        form.refuse(refused.code)
        return _page(request, sheets, number)
    messages.success(request, done)
    shielded = isinstance(form, PhaseForm) and form.cleaned_data["phase"] == "afgeschermd"
    return HttpResponseRedirect("/cases/" if shielded else here)


def _once(request: HttpRequest, number: str, turn: Turn, command: Command, case: UUID) -> object:
    first_time(request, number)
    return command(turn, case)


@require_POST
@only_casework("subject.registered")
def subject(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Register somebody."""
    read = _read_for(known, case, "subject.registered", lambda view: view.supplies)
    form = _subject_form(request, read.value, None)
    return _carry_out(
        request,
        known,
        Sheets(read, form),
        "subject.registered",
        lambda turn, case: casework.register_subject(turn, case, form.someone()),
        done=_("Registered. Who may know who this is, reads it now."),
    )


@require_POST
@only_casework("subject.corrected")
def correction(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """Put somebody's identity data right."""
    read = _read_for(known, case, "subject.corrected", lambda view: subject in {one.id for one in view.own_subjects})
    form = _subject_form(request, read.value, subject)
    return _carry_out(
        request,
        known,
        Sheets(read, form, subject),
        "subject.corrected",
        lambda turn, case: casework.correct_identity(turn, case, subject, form.someone()),
        done=_("Put right. Everybody reads it as it now stands."),
    )


@require_POST
@only_casework("party.involved")
def involve(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Let an organisation take part."""
    read = _read_for(known, case, "party.involved", lambda view: "party.involve" in view.may)
    form = InvolveForm(request.POST, view=read.value)
    return _carry_out(
        request,
        known,
        Sheets(read, form),
        "party.involved",
        lambda turn, case: casework.involve(turn, case, form.cleaned_data["party"]),
        done=_("This organisation takes part from now on."),
    )


@require_POST
@only_casework("party.ended")
def end(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Let an organisation take part no longer; doing it twice is told calmly."""
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Http404
    party = form.cleaned_data["party"]
    try:
        at_desk(known, "party.ended", lambda turn: casework.end_involvement(turn, case, party), case=case)
    except Refused as refused:
        if refused.code in NOWHERE:
            raise Http404 from None
        messages.warning(request, refusal_text(refused.code))
    else:
        messages.success(request, _("This organisation sees nothing of the case any more, in open screens too."))
    return HttpResponseRedirect(f"/cases/{case}/manage/")


@require_POST
@only_casework("case.phase_changed")
def phase(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Move the case on."""
    read = _read_for(known, case, "case.phase_changed", lambda view: "case.change_phase" in view.may)
    form = PhaseForm(request.POST, view=read.value)
    return _carry_out(
        request,
        known,
        Sheets(read, form),
        "case.phase_changed",
        lambda turn, case: casework.change_phase(turn, case, form.cleaned_data["phase"]),
        done=_("The case is in another phase now. Everybody sees what the covenant shows in it."),
    )


@require_POST
@only_casework("exception.recorded")
def exception(request: HttpRequest, known: Identity, case: UUID) -> HttpResponse:
    """Record an exception."""
    read = _read_for(known, case, "exception.recorded", lambda view: "exception.record" in view.may)
    form = ExceptionForm(request.POST, view=read.value)
    return _carry_out(
        request,
        known,
        Sheets(read, form),
        "exception.recorded",
        lambda turn, case: casework.record_exception(turn, case, form.exceptional()),
        done=_("Recorded. It counts from now on, in open screens too."),
    )


urlpatterns = [
    path("cases/new/", new_case, name="case_new"),
    path("cases/<uuid:case>/manage/", manage, name="case_manage"),
    path("cases/<uuid:case>/manage/subject/", subject, name="case_subject"),
    path("cases/<uuid:case>/manage/subject/<uuid:subject>/", correction, name="case_correction"),
    path("cases/<uuid:case>/manage/involve/", involve, name="case_involve"),
    path("cases/<uuid:case>/manage/end/", end, name="case_end"),
    path("cases/<uuid:case>/manage/phase/", phase, name="case_phase"),
    path("cases/<uuid:case>/manage/exception/", exception, name="case_exception"),
]
