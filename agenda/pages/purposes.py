"""What a victim said for another purpose than the case's own: her notices to CoMensha, each with its own words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agenda.pages.reading import Reading
from agenda.pages.register import Event, RegisterView
from conference.cases.comensha import PURPOSES, Notice, purpose_of
from consent.states import PERMITTING, State


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One line for a purpose of its own, as it stands now; `ends` is exclusive.

    `title`: the purpose to the letter, in Dutch; empty for one that was taken over and that nobody here names.
    """

    party: str
    category: str
    purpose: UUID
    title: str
    state: State
    ends: datetime | None


def elsewhere(view: RegisterView, reading: Reading) -> list[Elsewhere]:
    """Return her lines for purposes other than the case's own, the newest first."""
    own, now = reading.gate.cases[view.case].purpose_ref, reading.gate.now
    titles = {purpose_of(view.case, notice): PURPOSES[notice] for notice in Notice}
    last: dict[tuple[str, str, UUID], Event] = {}
    for event in view.history:
        if event.purpose is not None and event.purpose != own:
            last.setdefault((event.party, event.category, event.purpose), event)
    return [
        Elsewhere(*about, titles.get(about[2], ""), _state(event, now), event.ends) for about, event in last.items()
    ]


def _state(event: Event, now: datetime) -> State:
    over = event.ends is not None and event.ends <= now
    return State.EXPIRED if over and event.state in PERMITTING else event.state
