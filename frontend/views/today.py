"""The page of today: the meetings, the open actions and what asks for attention of one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from agenda import pages
from agenda.pages import Meeting, OwnAction
from conference.accounts.middleware import identity_of
from frontend import reminding
from frontend.names import people_phrase
from frontend.reminding import Row
from frontend.views.login import HOME


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting of today with what asks for attention in its cases."""

    meeting: Meeting
    cases: str
    endings: list[Row]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An open action; `days` until it is due, negative when it is late."""

    action: OwnAction
    days: int

    @property
    def late_by(self) -> int:
        return -self.days


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The start page of who works on cases; oversight and administration start elsewhere."""
    known = identity_of(request)
    if known is None:
        raise Http404
    if known.family != "inhoud":
        return HttpResponseRedirect(HOME[known.family])
    found = pages.today(known)
    rows = reminding.rows(found.attention)
    endings = [row for row in rows if row.kind == "consent_ends"]
    context = {
        "today": found,
        "meetings": [_card(meeting, endings) for meeting in found.conferences],
        "actions": [ActionRow(action, (action.due - found.day).days) for action in found.actions],
        "reminders": rows,
        "further": found.further,
        "next_cases": people_phrase(found.next.code_names) if found.next else "",
        "desk": pages.desk(known),
    }
    return render(request, "today.html", context)


def _card(meeting: Meeting, endings: Sequence[Row]) -> MeetingCard:
    here = [ending for ending in endings if ending.code_name in meeting.code_names]
    return MeetingCard(meeting, people_phrase(meeting.code_names), here)


urlpatterns = [path("", today, name="today")]
