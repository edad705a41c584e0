"""The only writers of people and their rights. Each is logged and raises the people's rights version.

`by` is the administrator (or the person herself), None for the command line and the
seed, which `origin` names ("cli", "seed"). `expect` is the person's version that the
screen showed; another one is refused with "conflict". All raise Refused.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.record import record, write_lock
from conference.accounts import factors, invitations, parties, passwords, rules, throttle, trail
from conference.accounts.models import Invitation, Person, SignIn
from conference.accounts.places import Place
from conference.accounts.rules import Refused
from conference.accounts.sessions import Identity, machine_now
from consent.versions import raise_version

UNUSABLE = "!"  # Django's mark of a password that no input equals


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an administrator says of a person; dates are days of the product's time."""

    name: str
    party: str
    family: str
    roles: tuple[str, ...] = ()
    screened_until: date | None = None
    trained_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Factors that a seeded person brings along; `totp_secret` in base32. Real people choose their own."""

    password: str
    totp_secret: str
    backup_codes: tuple[str, ...] = ()
    secrecy_on: date | None = None


def create_person(
    username: str,
    profile: Profile,
    *,
    by: Identity | None,
    origin: str = "http",
    credentials: Credentials | None = None,
) -> Person:
    """Make an account; without `credentials` nobody can log in to it before an invitation was used.

    Refused: "role_family" | "username_missing" | "username_taken" | "name_missing" |
    "bad_secret" | a reason of `refuse_party` or `refuse_roles`.
    """
    _ask_administrator(by, origin)
    if origin == "seed" and profile.family == "inhoud" and not profile.roles:
        profile = replace(profile, roles=("participant",))  # a world need not say the usual
    _check(profile)
    person = Person(username=username.strip(), party=profile.party, family=profile.family, roles=list(profile.roles))
    if not person.username:
        raise Refused("username_missing")
    person.name = profile.name.strip()
    person.screened_until, person.trained_on = profile.screened_until, profile.trained_on
    person.secrecy_on = credentials.secrecy_on if credentials else None
    # Hashed before the lock: it takes a tenth of a second, and everybody else waits there.
    person.password = passwords.hashed(credentials.password) if credentials else UNUSABLE
    with write_lock(), transaction.atomic():
        if Person.objects.filter(username=person.username).exists():
            raise Refused("username_taken")
        try:
            person.save(force_insert=True)
        except IntegrityError:
            raise Refused("username_taken") from None
        if credentials:
            _give_factors(person, credentials)
        _written("person.created", by, origin, person.id)
    return person


def _give_factors(person: Person, credentials: Credentials) -> None:
    try:
        secret = factors.from_base32(credentials.totp_secret)
    except ValueError:
        raise Refused("bad_secret") from None
    factors.new_device(person.id, secret, confirmed=True)
    factors.set_backup_codes(person.id, list(credentials.backup_codes))


def invite(person: UUID, *, by: Identity | None, expect: int | None = None, origin: str = "http") -> str:
    """Make the person's one invitation link anew; returns its token, to be handed over outside the product.

    Her password, factors and sessions end at once: whoever holds the link chooses them.
    """
    _ask_administrator(by, origin)
    with write_lock(), transaction.atomic():
        held = _hold(person, expect)
        held.password = UNUSABLE
        factors.revoke(person)
        _end_all(held, "invited")
        held.save()
        token = invitations.make(held, "first")
        _written("person.invited", by, origin, person)
    return token


def reset_factor(person: UUID, *, by: Identity | None, expect: int | None = None, origin: str = "http") -> str:
    """Revoke app, recovery codes and sessions; returns the token of a link that asks for her own password.

    The administrator starts this but cannot finish it: the link alone opens nothing (ASVS 6.4.6).
    Refused: "not_enrolled" when she has no password yet.
    """
    _ask_administrator(by, origin)
    with write_lock(), transaction.atomic():
        held = _hold(person, expect)
        if held.password.startswith(UNUSABLE):
            raise Refused("not_enrolled")
        factors.revoke(person)
        _end_all(held, "factor_reset")
        held.save()
        token = invitations.make(held, "factor")
        _written("person.factor_reset", by, origin, person)
    return token


def change_profile(person: UUID, profile: Profile, *, by: Identity | None, expect: int, origin: str = "http") -> None:
    """Change name, party, roles and dates; her sessions end when a right changed or her standing is lost.

    Refused: "conflict" | "last_administrator" | "name_missing" | reasons of `refuse_party`, `refuse_roles`.
    """
    _ask_administrator(by, origin)
    _check(profile)
    with write_lock(), transaction.atomic():
        _hold_administrators()
        held = _hold(person, expect)
        rights = (held.party, held.family, held.roles)
        held.name, held.party, held.family = profile.name.strip(), profile.party, profile.family
        held.roles = list(profile.roles)
        held.screened_until, held.trained_on = profile.screened_until, profile.trained_on
        if rights != (held.party, held.family, held.roles) or parties.standing(held):
            _end_all(held, "rights_changed")
        held.save()
        _keep_one_administrator()
        _written("person.changed", by, origin, person)


def disable(person: UUID, *, by: Identity | None, expect: int | None = None, origin: str = "http") -> None:
    """Close an account: sessions and sockets end, open invitations are gone. Refused: "last_administrator"."""
    _set_active(person, False, by, expect, origin)


def enable(person: UUID, *, by: Identity | None, expect: int | None = None, origin: str = "http") -> None:
    """Open a closed account again; its factors are as they were."""
    _set_active(person, True, by, expect, origin)


def _set_active(person: UUID, active: bool, by: Identity | None, expect: int | None, origin: str) -> None:  # noqa: FBT001
    _ask_administrator(by, origin)
    with write_lock(), transaction.atomic():
        _hold_administrators()
        held = _hold(person, expect)
        held.is_active = active
        _end_all(held, "disabled")
        held.save()
        if not active:
            Invitation.objects.filter(person=held, used_at=None).delete()
            _keep_one_administrator()
        _written("person.enabled" if active else "person.disabled", by, origin, person)


def end_sessions(person: UUID, *, by: Identity | None, origin: str = "http") -> None:
    """End all sessions of a person, and their sockets."""
    _ask_administrator(by, origin)
    with write_lock(), transaction.atomic():
        held = _hold(person, None)
        _end_all(held, "by_administrator")
        held.save()
        _written("person.sessions_ended", by, origin, person)


def end_session(session: UUID, *, by: Identity) -> None:
    """End one of one's own sessions. Refused: "unknown_session", also for another person's."""
    with write_lock(), transaction.atomic():
        own = SignIn.objects.filter(id=session, person_id=by.person, ended_at=None)
        if not own.update(ended_at=machine_now(), ended_why="by_owner"):
            raise Refused("unknown_session")
        _written("session.ended", by, "http", by.person)


def change_password(current: str, new: str, repeated: str, *, by: Identity) -> None:
    """Change one's own password; every other session ends, and this one must log in anew.

    Refused: "too_many_tries" | "wrong_password" | "passwords_differ" | a reason of `refuse_password` | "busy".
    """
    person = Person.objects.get(id=by.person)
    # Somebody else at an open screen must not be able to guess on.
    reservation = throttle.reserve("own_password", person.username, Place(f"session {by.session}", None))
    if reservation is None:
        raise Refused("too_many_tries")
    right, _outdated = passwords.verify(person, current)
    if not right:
        _refused("person.password_refused", by, "wrong_password")
    with write_lock(), transaction.atomic():
        throttle.give_back(reservation)
    code = passwords.refuse_password(new, person.username, person.name)
    if code or new != repeated:
        raise Refused(code or "passwords_differ")
    kept = passwords.hashed(new)
    with write_lock(), transaction.atomic():
        held = _hold(by.person, None)
        if held.epoch != by.epoch:
            raise Refused("conflict")
        held.password = kept
        _end_all(held, "password_changed")
        held.save()
        _written("person.password_changed", by, "http", by.person)


def renew_backup_codes(*, by: Identity) -> list[str]:
    """Replace one's own recovery codes; returns them, to be shown once."""
    with write_lock(), transaction.atomic():
        codes = factors.new_backup_codes(by.person)
        _written("person.codes_renewed", by, "http", by.person)
    return codes


def _ask_administrator(by: Identity | None, origin: str) -> None:
    """Only the family `beheer` changes accounts; nobody may only be the operator's own machine."""
    allowed = by.family == "beheer" if by else origin in {"cli", "seed"}
    if not allowed:
        raise Refused("role_family")


def _check(profile: Profile) -> None:
    code = rules.refuse_party(profile.party, parties.classes()) or rules.refuse_roles(profile.family, profile.roles)
    if not profile.name.strip():
        code = code or "name_missing"
    if code:
        raise Refused(code)


def _hold(person: UUID, expect: int | None) -> Person:
    held = Person.objects.select_for_update().filter(id=person).first()
    if held is None:
        raise Refused("unknown_person")
    if expect is not None and held.version != expect:
        raise Refused("conflict")
    held.version += 1
    return held


def _end_all(held: Person, why: str) -> None:
    held.epoch += 1
    SignIn.objects.filter(person=held, ended_at=None).update(ended_at=machine_now(), ended_why=why)


def _hold_administrators() -> None:
    """Lock who manages accounts, in one order and before any other person's row.

    Two administrators who disable each other at once then wait, and neither holds what the other needs.
    """
    active = Person.objects.select_for_update().filter(family="beheer", is_active=True)
    list(active.order_by("id").values_list("id", flat=True))


def _keep_one_administrator() -> None:
    """Refuse what would leave nobody to manage accounts; asked after the change, in its transaction."""
    if not Person.objects.filter(family="beheer", is_active=True).exists():
        raise Refused("last_administrator")


def _written(act: str, by: Identity | None, origin: str, person: UUID) -> None:
    record(trail.by_identity(act, by, origin, person))
    raise_version("people")


def _refused(act: str, by: Identity, code: str) -> None:
    with write_lock(), transaction.atomic():
        record(trail.by_identity(act, by, "http", by.person, reason=code, refused=True))
    raise Refused(code)
