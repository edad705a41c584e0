"""Deciding about overviews: leaving names out (UAVG 41), and keeping the clock of a request (AVG 12-3).

Each is an entry, written with the change. Whoever decides comes as `By`. All raise Refused, after
entering the refusal, and LogUnavailable.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from audit.entry import Entry
from audit.overview.folding import Access
from audit.overview.models import OverviewLimit, OverviewRequest
from audit.record import record, record_durably, write_lock

GROUNDS = "abcdefghij"  # the letters of UAVG 41-1
ONE_MONTH, THREE_MONTHS = 1, 3  # AVG 12-3: one month, and where it is needed two more

Done = TypeVar("Done")


class Refused(Exception):
    """A step that is not taken; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, on which day. `entry(act, **fields)` makes the log's entry of it."""

    person: UUID
    today: date
    entry: Callable[..., Entry]


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose overview: a betrokkene and her case."""

    case: UUID
    subject: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """A decision to record; as the fields of `OverviewLimit`."""

    invoked_by: str
    party: str
    person: UUID | None = None
    grounds: str
    told: bool = True
    review_on: date


def month_later(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, monthrange(day.year + year, month + 1)[1]))


# --- leaving names out ------------------------------------------------------------------------


def standing(subject: UUID) -> list[OverviewLimit]:
    """Return the decisions that count now for one betrokkene's overview; one past its review counts on."""
    return list(OverviewLimit.objects.filter(subject=subject, ended_at=None))


def decided(subject: UUID) -> list[OverviewLimit]:
    """Return every decision about one betrokkene's overview, ended ones too, oldest first."""
    return list(OverviewLimit.objects.filter(subject=subject))


def hides(limits: list[OverviewLimit]) -> Callable[[Access], bool]:
    """Return who stays unnamed under these decisions."""
    parties = {limit.party for limit in limits if limit.person is None}
    people = {str(limit.person) for limit in limits if limit.person is not None}
    return lambda access: access.party in parties or access.person in people


def limit(whom: Whom, new: NewLimit, *, by: By) -> OverviewLimit:
    """Record that names stay out of an overview from now on.

    Refused: "grounds_missing" | "unknown_ground" | "review_not_later" | "party_missing" | "already_limited".
    """

    def step() -> OverviewLimit:
        _check(whom, new, by)
        row = OverviewLimit.objects.create(
            subject=whom.subject,
            invoked_by=new.invoked_by,
            party=new.party,
            person=new.person,
            grounds="".join(sorted(set(new.grounds))),
            told=new.told,
            decided_on=by.today,
            review_on=new.review_on,
            recorded_at=_now(),
            recorded_by=by.person,
        )
        record(_entry("overview.limited", whom, row, by))
        return row

    return _carry_out(step, by, "overview.limited", whom)


def _check(whom: Whom, new: NewLimit, by: By) -> None:
    if not new.grounds:
        raise Refused("grounds_missing")
    if set(new.grounds) - set(GROUNDS):
        raise Refused("unknown_ground")
    if not (new.party and new.invoked_by):
        raise Refused("party_missing")
    if new.review_on <= by.today:
        raise Refused("review_not_later")
    if OverviewLimit.objects.filter(subject=whom.subject, party=new.party, person=new.person, ended_at=None).exists():
        raise Refused("already_limited")


def end_limit(whom: Whom, limit: UUID, *, by: By) -> OverviewLimit:
    """Let names stand in an overview again. Refused: "not_found" | "already_ended"."""

    def step() -> OverviewLimit:
        row = OverviewLimit.objects.select_for_update().filter(id=limit, subject=whom.subject).first()
        if row is None:
            raise Refused("not_found")
        if row.ended_at is not None:
            raise Refused("already_ended")
        row.ended_at, row.ended_by = _now(), by.person
        row.save(update_fields=["ended_at", "ended_by"])
        record(_entry("overview.limit_ended", whom, row, by))
        return row

    return _carry_out(step, by, "overview.limit_ended", whom)


def _entry(act: str, whom: Whom, row: OverviewLimit, by: By) -> Entry:
    about = (f"limit:{row.id}", *((f"person:{row.person}",) if row.person else ()))
    seen = (
        f"ground={','.join(row.grounds)}",
        f"invoked_by={row.invoked_by}",
        f"party={row.party}",
        f"review={row.review_on}",
        f"told={'yes' if row.told else 'no'}",
    )
    return by.entry(act, case=whom.case, subject=whom.subject, obj=about, seen=seen)


# --- the clock of a request -----------------------------------------------------------------------


def requests(subject: UUID) -> list[OverviewRequest]:
    """Return one betrokkene's requests, oldest first."""
    return list(OverviewRequest.objects.filter(subject=subject))


def waiting() -> list[OverviewRequest]:
    """Return the requests that are not answered, soonest due first."""
    return list(OverviewRequest.objects.filter(answered_on=None).order_by("due_on", "id"))


def ask(whom: Whom, received_on: date, *, by: By) -> OverviewRequest:
    """Record a request and start its clock. Refused: "not_yet" | "already_asked"."""

    def step() -> OverviewRequest:
        if received_on > by.today:
            raise Refused("not_yet")
        if OverviewRequest.objects.filter(subject=whom.subject, answered_on=None).exists():
            raise Refused("already_asked")
        row = OverviewRequest.objects.create(
            subject=whom.subject,
            received_on=received_on,
            due_on=month_later(received_on, ONE_MONTH),
            recorded_at=_now(),
            recorded_by=by.person,
        )
        record(_asked("overview.asked", whom, row, by))
        return row

    return _carry_out(step, by, "overview.asked", whom)


def extend(whom: Whom, request: UUID, *, by: By) -> OverviewRequest:
    """Take two months more, once, and only within the first (AVG 12-3): she is told why by letter.

    Refused: "not_found" | "already_answered" | "already_extended" | "too_late".
    """

    def step() -> OverviewRequest:
        row = _open(whom, request)
        if row.extended_on is not None:
            raise Refused("already_extended")
        if by.today > row.due_on:
            raise Refused("too_late")
        row.extended_on, row.due_on = by.today, month_later(row.received_on, THREE_MONTHS)
        row.save(update_fields=["extended_on", "due_on"])
        record(_asked("overview.extended", whom, row, by))
        return row

    return _carry_out(step, by, "overview.extended", whom)


def answer(whom: Whom, request: UUID, *, by: By) -> OverviewRequest:
    """Record that she was given the overview. Refused: "not_found" | "already_answered"."""

    def step() -> OverviewRequest:
        row = _open(whom, request)
        row.answered_on = by.today
        row.save(update_fields=["answered_on"])
        record(_asked("overview.answered", whom, row, by))
        return row

    return _carry_out(step, by, "overview.answered", whom)


def _open(whom: Whom, request: UUID) -> OverviewRequest:
    row = OverviewRequest.objects.select_for_update().filter(id=request, subject=whom.subject).first()
    if row is None:
        raise Refused("not_found")
    if row.answered_on is not None:
        raise Refused("already_answered")
    return row


def _asked(act: str, whom: Whom, row: OverviewRequest, by: By) -> Entry:
    seen = (f"received={row.received_on}", f"due={row.due_on}")
    return by.entry(act, case=whom.case, subject=whom.subject, obj=(f"request:{row.id}",), seen=seen)


# --- what they share --------------------------------------------------------------------------------


def _carry_out(step: Callable[[], Done], by: By, act: str, whom: Whom) -> Done:
    """Take a step in one transaction; a refusal is entered after it was undone."""
    try:
        with write_lock(), transaction.atomic():
            return step()
    except Refused as refused:
        record_durably(by.entry(act, out="deny", case=whom.case, subject=whom.subject, reason=refused.code))
        raise


def _now() -> datetime:
    return datetime.now(UTC)
