"""What leaves this room: people as administrators see them, and one's own sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from conference.accounts.models import BackupCode, Person, TotpDevice
from conference.accounts.sessions import Identity, living


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account as the list and its page show it; never a factor, never a case."""

    id: UUID
    username: str
    name: str
    party: str
    family: str
    roles: tuple[str, ...]
    screened_until: date | None
    trained_on: date | None
    secrecy_on: date | None
    second_factor: bool
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One living session of a person; `current`: the one that asks."""

    id: UUID
    started_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works on cases, as others who do know her: for inviting and for naming who decided."""

    id: UUID
    name: str
    party: str
    roles: tuple[str, ...]


def colleagues() -> list[Colleague]:
    """Return everybody with an open account who works on cases, by party and name."""
    rows = Person.objects.filter(family="inhoud", is_active=True)
    found = [Colleague(row.id, row.name, row.party, tuple(row.roles)) for row in rows]
    return sorted(found, key=lambda one: (one.party, one.name.casefold(), str(one.id)))


def people() -> list[PersonRow]:
    """Return all accounts, by name."""
    with_factor = set(TotpDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    rows = [_row(person, person.id in with_factor) for person in Person.objects.all()]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.username))


def person(wanted: UUID) -> PersonRow | None:
    """Return one account, or None."""
    found = Person.objects.filter(id=wanted).first()
    return None if found is None else _row(found, TotpDevice.objects.filter(user=found, confirmed=True).exists())


def _row(found: Person, second_factor: bool) -> PersonRow:  # noqa: FBT001
    return PersonRow(
        found.id,
        found.username,
        found.name,
        found.party,
        found.family,
        tuple(found.roles),
        found.screened_until,
        found.trained_on,
        found.secrecy_on,
        second_factor,
        found.is_active,
        found.version,
    )


def sessions(of: Identity) -> list[SessionRow]:
    """Return the living sessions of a person, the newest first."""
    rows = living().filter(person_id=of.person).order_by("-started_at")
    return [SessionRow(row.id, row.started_at, row.last_seen_at, row.id == of.session) for row in rows]


def backup_codes_left(of: Identity) -> int:
    """Return how many recovery codes still work."""
    return BackupCode.objects.filter(person_id=of.person, used_at=None).count()
