"""What the register says now: lines and exceptions of cases, as the covenant asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.models import ConsentLine, ExceptionLine
from consent.states import PERMITTING, State


@dataclass(frozen=True, slots=True)
class LineKey:
    """What one line of the register is about."""

    subject: UUID
    party: str
    category: str
    purpose: UUID


def lines(cases: Iterable[UUID]) -> list[ConsentLine]:
    """Return every recorded event of these cases, oldest first."""
    return list(ConsentLine.objects.filter(case__in=list(cases)).order_by("number"))


def exceptions(cases: Iterable[UUID]) -> list[ExceptionLine]:
    """Return every recorded exception of these cases, oldest first."""
    return list(ExceptionLine.objects.filter(case__in=list(cases)).order_by("number"))


def last_event(subject: UUID, party: str, category: str, purpose: UUID) -> ConsentLine | None:
    """Return the newest event of one line, or None when nobody ever asked."""
    return (
        ConsentLine.objects.filter(subject=subject, party=party, category=category, purpose=purpose)
        .order_by("-number")
        .first()
    )


def standing(events: Iterable[ConsentLine]) -> dict[LineKey, ConsentLine]:
    """Fold events (oldest first) into the newest one of each line."""
    folded: dict[LineKey, ConsentLine] = {}
    for event in events:
        folded[LineKey(event.subject, event.party, event.category, event.purpose)] = event
    return folded


def state_at(event: ConsentLine | None, now: datetime) -> State:
    """Return the state that a line's newest event has at `now`; past its end it is expired."""
    if event is None:
        return State.NOT_ASKED
    state = State(event.state)
    if state in PERMITTING and event.ends is not None and event.ends <= now:
        return State.EXPIRED
    return state
