"""The notice in the victim's language: which may be used, what it looks like, and her own summary on paper."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from agenda import pages
from agenda.commands import Refused, at_desk
from agenda.commands.notices import SEALED, review
from agenda.pages.register_file import facts_of
from conference import clock
from conference.accounts.sessions import Identity, fresh
from conference.crypto import KeyTrouble, store_sealer
from consent import notices
from consent.notices import LANGUAGES, Reviewer, Status, control_number
from consent.states import State
from frontend.attached import PDF, attached
from frontend.forms.notices import ReviewForm
from frontend.notices.chosen import chosen_of
from frontend.notices.printed import Chosen, Line, Marks, notice_pdf, summary_pdf
from frontend.views.casework import casework
from frontend.views.consent import CARE
from frontend.views.people import renew_code

HERE = "/consent/notices/"
VIEWED, REVIEWED, MADE = "notice.viewed", "notice.reviewed", "export.made"
DUTCH = "nl"

# What a sample summary shows: each kind of sentence once, about nobody.
_EXAMPLE = (
    ("kwintes", "gez", State.GIVEN),
    ("rvdk", "won", State.GIVEN),
    ("politie", "vbl", State.REFUSED),
    ("om", "hlp", State.DEFERRED),
    ("leger_des_heils", "fin", State.WITHDRAWN),
)
_EXAMPLE_LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Row:
    """One language on the page. `reviewer`: None where nobody read it, or the seal does not open."""

    status: Status
    control: str
    reviewer: Reviewer | None
    form: ReviewForm | None


@require_safe
@casework(VIEWED, role=CARE)
def languages(request: HttpRequest, known: Identity) -> HttpResponse:
    """Every language: whether it may be used, a look at it, and a review to record."""
    return _page(request)


def _page(request: HttpRequest, wrong: tuple[str, ReviewForm] | None = None) -> HttpResponse:
    rows = [_row(status, wrong) for status in notices.notices()]
    form = wrong[1] if wrong else None
    return render(request, "notices.html", {"rows": rows, "form": form})


def _row(status: Status, wrong: tuple[str, ReviewForm] | None) -> Row:
    language = status.text.language
    form = None if status.usable else ReviewForm(None, status=status)
    if wrong and wrong[0] == language:
        form = wrong[1]
    return Row(status, control_number(status.sha256), _reviewer(status), form)


def _reviewer(status: Status) -> Reviewer | None:
    if status.reviewed is None:
        return None
    try:
        return notices.reviewer(status.reviewed, store_sealer(SEALED))
    except KeyTrouble:
        return None


@require_POST
@casework(REVIEWED, role=CARE)
def record(request: HttpRequest, known: Identity, language: str) -> HttpResponse:
    """Record that somebody read this translation."""
    status = _known(language)
    form = ReviewForm(request.POST, status=status)
    if not form.is_valid():
        return _page(request, (language, form))
    reviewer, shown = form.reviewer(), form.shown()
    try:
        at_desk(known, REVIEWED, lambda turn: review(turn, language, reviewer, shown))
    except Refused as refused:
        form.refuse(refused.code)
        return _page(request, (language, form))
    done = pgettext("notices", "Recorded. %(language)s can be used from now on.")
    messages.success(request, done % {"language": status.text.autonym})
    return HttpResponseRedirect(HERE)


def _known(language: str) -> Status:
    if language not in LANGUAGES:
        raise Http404
    return notices.status(language)


# --- on paper ------------------------------------------------------------------------------


@require_safe
@casework(VIEWED, role=CARE)
def notice(request: HttpRequest, known: Identity, language: str) -> HttpResponse:
    """The notice, with a mark on every page while nobody checked it."""
    status = _known(language)
    return _file(notice_pdf(language, clock.now(), Marks(draft=not status.usable)), f"uitleg-{language}")


@require_safe
@casework(VIEWED, role=CARE)
def sample(request: HttpRequest, known: Identity, language: str) -> HttpResponse:
    """A summary about nobody, to see what one looks like in this language."""
    status = _known(language)
    now = clock.now()
    lines = [Line(party, category, state, now + _EXAMPLE_LASTS) for party, category, state in _EXAMPLE]
    chosen = Chosen(handle="betrokkene 1", code_name="VOORBEELD", purpose="", lines=lines)
    marks = Marks(draft=not status.usable, sample=True)
    return _file(summary_pdf(language, chosen, now, marks), f"voorbeeld-{language}")


@require_safe
@casework(MADE, role=CARE)
def summary(request: HttpRequest, known: Identity, case: UUID, subject: UUID) -> HttpResponse:
    """What she chose, in her language, to be read back or given; only in a language that may be used."""
    language = request.GET.get("language", DUTCH)
    status = _known(language)
    if not fresh(request):
        return renew_code(request.get_full_path())
    if not status.usable:
        told = pgettext("notices", "Nobody checked %(language)s yet, so there is no summary in it.")
        messages.warning(request, told % {"language": status.text.autonym})
        return HttpResponseRedirect(HERE)
    read = pages.register_read(known, case, subject, act=MADE)
    if read is None:
        raise Http404
    number = str(facts_of(read.value, read.reading).record_id)
    chosen = chosen_of(read.value, read.reading, number)
    read.show()
    return _file(summary_pdf(language, chosen, clock.now(), Marks(draft=False)), "overzicht")


def _file(body: bytes, name: str) -> HttpResponse:
    return attached(HttpResponse(body, content_type=PDF), f"{name}-{clock.today():%Y-%m-%d}.pdf")


urlpatterns = [
    path("consent/notices/", languages, name="notices"),
    path("consent/notices/<slug:language>/review/", record, name="notice_review"),
    path("consent/notices/<slug:language>/notice.pdf", notice, name="notice_pdf"),
    path("consent/notices/<slug:language>/sample.pdf", sample, name="notice_sample"),
    path("cases/<uuid:case>/consent/<uuid:subject>/summary.pdf", summary, name="consent_summary"),
]
