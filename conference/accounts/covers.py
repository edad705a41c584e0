"""Cover: who does whose work while she is away. Only its two commands write it.

It counts from its registration on: nobody can cover what was looked at before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from audit.record import record, write_lock
from conference import clock
from conference.accounts import trail
from conference.accounts.models import Cover, Person
from conference.accounts.rules import Refused, refuse_cover
from conference.accounts.sessions import Identity

SHOWN_AFTER_END = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One registered cover as a page shows it; `ended`: before its last day. `running`: it can be ended."""

    id: UUID
    absent: UUID
    absent_name: str
    substitute: UUID
    substitute_name: str
    since: date
    until: date
    ended: bool
    running: bool


def register_cover(absent: UUID, substitute: UUID, since: date, until: date, *, by: Identity) -> UUID:
    """Register that the substitute does the absent one's work, both days included.

    The absent one does it herself, or an administrator. Refused: "role_family" | "unknown_person" |
    "other_party" | "cover_of_oneself" | "cover_in_past" | "cover_backwards" | "cover_too_long" | "cover_twice".
    """
    _ask_own(absent, by)
    with write_lock(), transaction.atomic():
        people = {one.id: one for one in Person.objects.select_for_update().filter(id__in=[absent, substitute])}
        away, instead = people.get(absent), people.get(substitute)
        if away is None or instead is None or not instead.is_active or {away.family, instead.family} != {"inhoud"}:
            raise Refused("unknown_person")
        if away.party != instead.party:
            raise Refused("other_party")
        code = refuse_cover(absent, substitute, since, until, clock.today())
        if code is None and _overlapping(absent, substitute, since, until):
            code = "cover_twice"
        if code is not None:
            raise Refused(code)
        row = Cover.objects.create(
            absent=away,
            substitute=instead,
            party=away.party,
            since=since,
            until=until,
            registered_at=clock.now(),
            registered_by=by.person,
        )
        record(trail.by_identity("cover.registered", by, "http", absent, with_person=substitute))
    return row.id


def _overlapping(absent: UUID, substitute: UUID, since: date, until: date) -> bool:
    standing = Cover.objects.filter(absent=absent, substitute=substitute, ended_at=None)
    return standing.filter(since__lte=until, until__gte=since).exists()


def end_cover(cover: UUID, *, by: Identity, of: UUID | None = None) -> None:
    """End a cover now. `of`: whose it must be. Refused: "role_family" | "unknown_cover" | "cover_over"."""
    with write_lock(), transaction.atomic():
        row = Cover.objects.select_for_update().filter(id=cover).first()
        if row is None or of not in {None, row.absent_id}:
            raise Refused("unknown_cover")
        _ask_own(row.absent_id, by)
        if row.ended_at is not None or row.until < clock.today():
            raise Refused("cover_over")
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        record(trail.by_identity("cover.ended", by, "http", row.absent_id, with_person=row.substitute_id))


def _ask_own(absent: UUID, by: Identity) -> None:
    if by.family != "beheer" and by.person != absent:
        raise Refused("role_family")


def covers_of(person: UUID) -> list[CoverRow]:
    """Return who covers for this person and for whom she covers: running, to come, or just over."""
    recent = Cover.objects.filter(until__gte=clock.today() - SHOWN_AFTER_END)
    rows = recent.filter(Q(absent=person) | Q(substitute=person)).select_related("absent", "substitute")
    return [
        CoverRow(
            row.id,
            row.absent_id,
            row.absent.name,
            row.substitute_id,
            row.substitute.name,
            row.since,
            row.until,
            row.ended_at is not None,
            row.ended_at is None and row.until >= clock.today(),
        )
        for row in rows.order_by("-since", "id")
    ]


def substitutes(person: UUID) -> list[tuple[UUID, str]]:
    """Return who could cover for this person: colleagues of her party who work on cases, by name."""
    own = Person.objects.filter(id=person, family="inhoud").first()
    if own is None:
        return []
    rows = Person.objects.filter(party=own.party, family="inhoud", is_active=True).exclude(id=person)
    return sorted(((row.id, row.name) for row in rows), key=lambda pair: pair[1].casefold())
