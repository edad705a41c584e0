"""Questions of oversight to whoever looked: she sees what she did herself, and says why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from agenda import pages
from audit.entry import Entry
from audit.record import record_durably
from audit.review import commands, queries
from audit.review.commands import By, Refused
from audit.review.queries import Row
from conference.accounts.middleware import identity_of
from conference.accounts.sessions import Identity
from frontend.forms.review import AnswerForm, refusal_text
from frontend.review_texts import TEXTS
from frontend.views.log.telling import moment
from frontend.views.review import until

PAGE = "/questions/"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `case`: its code name when she may still see it, else ""."""

    row: Row
    case: str
    first: datetime
    until: str
    form: AnswerForm


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What oversight asks me."""
    return _page(request, _known(request), None, None)


@require_POST
def answer(request: HttpRequest, finding: UUID) -> HttpResponse:
    """Say why I looked."""
    known = _known(request)
    form = AnswerForm(request.POST, prefix=str(finding))
    if form.is_valid():
        given = form.cleaned_data
        try:
            commands.answer(finding, given["text"], expect=given["expect"], by=_by(known), sealer=TEXTS)
        except Refused as refused:
            if refused.code == "not_found":
                raise Http404 from None
            form.refuse(refused.code)
            if refused.code == "not_asked":
                messages.warning(request, refusal_text(refused.code))
                return HttpResponseRedirect(PAGE)
        else:
            messages.success(request, pgettext("review", "Thank you. Your answer is with oversight."))
            return HttpResponseRedirect(PAGE)
    if finding not in {row.id for row in queries.questions_to(known.person)}:
        raise Http404
    return _page(request, known, finding, form)


def _known(request: HttpRequest) -> Identity:
    known = identity_of(request)
    if known is None:
        raise Http404
    return known


def _by(known: Identity) -> By:
    def entry(act: str, **more: object) -> Entry:
        return _entry(known, act, **more)

    return By(known.person, entry)


def _entry(known: Identity, act: str, **more: object) -> Entry:
    role = ",".join(known.roles) or known.family
    fields = {"actor": known.person, "party": known.party, "role": role, "session": known.session}
    return Entry(act=act, origin="http", **fields, **more)  # type: ignore[arg-type]  # as the commands give them


def _page(request: HttpRequest, known: Identity, wrong: UUID | None, form: AnswerForm | None) -> HttpResponse:
    rows = queries.questions_to(known.person)
    names = {}
    if rows:
        record_durably(_entry(known, "question.viewed", obj=tuple(f"review:{row.id}" for row in rows)))
        names = pages.code_names(known, {row.case for row in rows if row.case})
    asked = [
        Asked(
            row,
            names.get(row.case, "") if row.case else "",
            moment(row.first),
            until(row),
            _form(row, form if row.id == wrong else None),
        )
        for row in rows
    ]
    return render(request, "questions.html", {"asked": asked, "form": form})


def _form(row: Row, form: AnswerForm | None) -> AnswerForm:
    if form is None:
        return AnswerForm(prefix=str(row.id), initial={"expect": row.version})
    form.renew(row.version)
    return form


urlpatterns = [
    path("questions/", questions, name="questions"),
    path("questions/<uuid:finding>/", answer, name="question_answer"),
]
