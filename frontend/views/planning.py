"""Planning a conference and choosing its people; for whoever may not, these pages do not exist."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda import pages
from agenda.commands import Refused, Turn, at_desk, planning
from agenda.pages import Invitations
from conference import clock
from conference.accounts.sessions import Identity
from frontend import once
from frontend.forms.accounts import answers
from frontend.forms.desk import ConferenceForm, PeopleForm
from frontend.refusals import refusal_text
from frontend.views.casework import casework
from frontend.views.desk import NOWHERE, first_time, require_desk


@require_http_methods(["GET", "HEAD", "POST"])
@casework("conference.opened")
def new_conference(request: HttpRequest, known: Identity) -> HttpResponse:
    """Plan a conference; its agenda is made in the room."""
    require_desk(known, "conference.plan", "conference.opened")
    number = once.number_of(request)
    chairs = pages.chairs()
    initial = {"day": clock.today(), "chair": str(known.person)}
    form = ConferenceForm(answers(request), people=pages.people_to_invite(), chairs=chairs, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = at_desk(known, "conference.opened", lambda turn: _plan(request, number, turn, form))
        except Refused as refused:
            if refused.code == "sent_twice":
                messages.info(request, _("This conference was planned already; it stands here once."))
                return HttpResponseRedirect("/")
            form.refuse(refused.code)
        else:
            messages.success(request, _("Planned. In the room you put the cases on the agenda."))
            return HttpResponseRedirect(f"/conferences/{made}/people/")
    return render(request, "conference_new.html", {"form": form, "once": number, "desk": pages.desk(known)})


def _plan(request: HttpRequest, number: str, turn: Turn, form: ConferenceForm) -> UUID:
    first_time(request, number)
    return planning.plan_conference(turn, form.plan())


@require_http_methods(["GET", "HEAD", "POST"])
@casework("conference.invited")
def people(request: HttpRequest, known: Identity, conference: UUID) -> HttpResponse:
    """Who is invited to a conference."""
    read = pages.invitations(known, conference)
    if read is None:
        raise Http404
    view = read.value
    form = PeopleForm(answers(request), others=view.others, invited=view.invited)
    if request.method == "POST" and form.is_valid():
        refusal = _change(known, view, form)
        if refusal is None:
            messages.success(request, _("Saved. It counts from now on, in open screens too."))
            return HttpResponseRedirect(request.path)
        if refusal == "not_invited":
            messages.warning(request, refusal_text(refusal))
            return HttpResponseRedirect(request.path)
        form.refuse(refusal)
    sits = any(one.id == known.person for one in view.invited)
    return render(request, "conference_people.html", {"view": read.show(), "form": form, "sits": sits})


def _change(known: Identity, view: Invitations, form: PeopleForm) -> str | None:
    """Carry it out and return None, or why not."""
    added, removed = form.chosen("added"), form.chosen("removed")
    try:
        at_desk(
            known,
            "conference.invited",
            lambda turn: planning.change_people(turn, added=added, removed=removed),
            conference=view.conference,
        )
    except Refused as refused:
        if refused.code in NOWHERE:
            raise Http404 from None
        return refused.code
    return None


urlpatterns = [
    path("conferences/new/", new_conference, name="conference_new"),
    path("conferences/<uuid:conference>/people/", people, name="conference_people"),
]
