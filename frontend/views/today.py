"""The page of today: the meetings, the open actions and what asks for attention of one person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from agenda import pages
from agenda.pages import Attention, Meeting, OwnAction
from conference.accounts.middleware import identity_of
from frontend.names import party_name, people_phrase
from frontend.views.login import HOME


@dataclass(slots=True)
class Ending:
    """Consent lines of one person and category that end on the same day."""

    case: UUID
    subject: UUID
    code_name: str
    handle: str
    category: str
    day: date
    parties: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        return people_phrase([party_name(party) for party in self.parties])


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting of today with what asks for attention in its cases."""

    meeting: Meeting
    cases: str
    endings: list[Ending]


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
    endings = grouped(found.attention)
    context = {
        "today": found,
        "meetings": [_card(meeting, endings) for meeting in found.conferences],
        "actions": [ActionRow(action, (action.due - found.day).days) for action in found.actions],
        "endings": endings,
        "next_cases": people_phrase(found.next.code_names) if found.next else "",
        "desk": pages.desk(known),
    }
    return render(request, "today.html", context)


def grouped(attention: Sequence[Attention]) -> list[Ending]:
    """Put the lines together that end on one day for one person and category."""
    found: dict[tuple[UUID, str, date], Ending] = {}
    for line in attention:
        key = (line.subject, line.category, line.day)
        ending = found.get(key)
        if ending is None:
            ending = found[key] = Ending(line.case, line.subject, line.code_name, line.handle, line.category, line.day)
        ending.parties.append(line.party)
    return list(found.values())


def _card(meeting: Meeting, endings: Sequence[Ending]) -> MeetingCard:
    here = [ending for ending in endings if ending.code_name in meeting.code_names]
    return MeetingCard(meeting, people_phrase(meeting.code_names), here)


urlpatterns = [path("", today, name="today")]
