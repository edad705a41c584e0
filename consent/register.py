"""What the register says now: lines and exceptions of cases, as the covenant asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from consent.models import (
    ConsentEvidence,
    ConsentLine,
    ConsentTalk,
    ExceptionLine,
    RegisterTask,
    SubjectFact,
)
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


def talks(case: UUID, subject: UUID) -> list[ConsentTalk]:
    """Return every conversation with a victim, oldest first."""
    return list(ConsentTalk.objects.filter(case=case, subject=subject).order_by("number"))


def facts(case: UUID, subject: UUID) -> dict[str, SubjectFact]:
    """Return what is known of a victim beside her lines, by kind: of each the last one recorded."""
    rows = SubjectFact.objects.filter(case=case, subject=subject).order_by("number")
    return {row.kind: row for row in rows}


def facts_of(cases: Iterable[UUID], kind: str) -> dict[UUID, SubjectFact]:
    """Return the last fact of one kind about everybody in these cases, by subject."""
    rows = SubjectFact.objects.filter(case__in=list(cases), kind=kind).order_by("number")
    return {row.subject: row for row in rows}


def evidence(case: UUID, subject: UUID) -> list[ConsentEvidence]:
    """Return the documents about a victim's consent, oldest first, without their bytes."""
    return list(ConsentEvidence.objects.filter(case=case, subject=subject).order_by("number").defer("sealed"))


def tasks(cases: Iterable[UUID]) -> list[RegisterTask]:
    """Return what must be told in these cases, what is still open first, then by its last day."""
    rows = RegisterTask.objects.filter(case__in=list(cases))
    return sorted(rows, key=lambda row: (row.done_at is not None, row.due, row.made_at))


def allowed_again(told: Iterable[RegisterTask], now: datetime) -> set[UUID]:
    """Return those of these tasks whose line permits again at `now`: nobody has to forget it then."""
    causes = {row.cause: row.id for row in told}
    broken = {row.id: row for row in ConsentLine.objects.filter(id__in=causes)}
    newest = standing(lines({row.case for row in broken.values()})) if broken else {}
    return {
        causes[row.id]
        for row in broken.values()
        if state_at(newest[LineKey(row.subject, row.party, row.category, row.purpose)], now) in PERMITTING
    }


def last_event(subject: UUID, party: str, category: str, purpose: UUID) -> ConsentLine | None:
    """Return the newest event of one line, or None when nobody ever asked."""
    return (
        ConsentLine.objects.filter(subject=subject, party=party, category=category, purpose=purpose)
        .order_by("-number")
        .first()
    )


def newest(case: UUID, subject: UUID) -> int:
    """Return the number of the newest event on any line of a victim; 0 when there is none."""
    found = ConsentLine.objects.filter(case=case, subject=subject).aggregate(last=Max("number"))
    return found["last"] or 0


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
