"""What the log says about accounts: one way to make an entry, so that none forgets who and where."""

from uuid import UUID

from audit.record import Entry
from conference.accounts.models import Person, SignIn
from conference.accounts.sessions import Identity


def by_identity(
    act: str,
    by: Identity | None,
    origin: str,
    about: UUID | None = None,
    *,
    with_person: UUID | None = None,
    reason: str | None = None,
    refused: bool = False,
) -> Entry:
    """Return the entry of a command. `by` None: the operator's command line, the seed or the system.

    `about`: whom it concerns, and `with_person`: who else.
    """
    return Entry(
        act=act,
        out="deny" if refused else "permit",
        origin=origin,
        actor=by.person if by else None,
        party=by.party if by else None,
        role=_role(by.family, by.roles) if by else None,
        session=by.session if by else None,
        obj=tuple(f"person:{one}" for one in (about, with_person) if one),
        reason=reason,
    )


def by_person(
    act: str, person: Person | None, sign_in: SignIn | None = None, *, reason: str | None = None, refused: bool = False
) -> Entry:
    """Return the entry of a login step. `person` None: the username is nobody's; it is not written down."""
    return Entry(
        act=act,
        out="deny" if refused else "permit",
        origin="http",
        actor=person.id if person else None,
        party=person.party if person else None,
        role=_role(person.family, person.roles) if person else None,
        session=sign_in.id if sign_in else None,
        reason=reason,
    )


def _role(family: str, roles: tuple[str, ...] | list[str]) -> str:
    return ",".join(roles) or family
