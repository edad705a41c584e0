"""Logging in and out: password, then code; a new session key at each, one log entry for each.

Every step writes its outcome and its log entry in one transaction: what could not be
logged did not happen. Refusals come back as codes; a wrong password, an unknown
username and a disabled account without the right password all read the same.
"""

import time
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from audit.record import Entry, record, write_lock
from conference.accounts import factors, passwords, places, throttle, trail
from conference.accounts.models import Person, SignIn, TotpDevice
from conference.accounts.parties import standing
from conference.accounts.places import Place, place_of
from conference.accounts.sessions import HALF, SIGN_IN, SLACK, key_hash, machine_now, sign_in_of
from consent.versions import raise_version


def give_password(request: HttpRequest, username: str, password: str) -> str | None:
    """Take the first step; None when the session is now half logged in, else the refusal's code.

    "too_many_tries" | "wrong_credentials" | "factor_missing" | a reason of `may_log_in`.
    Raises Refused("busy").
    """
    name = username.strip()
    reservation = throttle.reserve("password", name, place_of(request))
    person = Person.objects.filter(username=name).first()
    if reservation is None:
        return _too_many("login.refused", "password", name, person)
    try:
        right, outdated = passwords.verify(person, password)
    except Exception:
        _uncount(reservation)
        raise
    if person is None or not right:
        _write(trail.by_person("login.refused", person, reason="wrong_credentials", refused=True))
        return "wrong_credentials"
    renewed = passwords.hashed(password) if outdated else None
    return _half_way(request, person.id, reservation, renewed)


def _half_way(
    request: HttpRequest, person_id: UUID, reservation: throttle.Reservation, renewed: str | None
) -> str | None:
    """Begin a session that is nobody yet: the password was right."""
    with write_lock(), transaction.atomic():
        throttle.give_back(reservation)
        person = Person.objects.select_for_update().get(id=person_id)
        if renewed:
            person.password = renewed
            person.save(update_fields=["password"])
        reason = standing(person) or _no_factor(person)
        if reason:
            record(trail.by_person("login.refused", person, reason=reason, refused=True))
            return reason
        _end(request, "replaced")
        sign_in = _begin(request, person)
        record(trail.by_person("login.password_accepted", person, sign_in))
    return None


def _no_factor(person: Person) -> str | None:
    return None if TotpDevice.objects.filter(user=person, confirmed=True).exists() else "factor_missing"


def _begin(request: HttpRequest, person: Person) -> SignIn:
    now = machine_now()
    sign_in = SignIn(person=person, epoch=person.epoch, started_at=now, last_seen_at=now)
    request.session.flush()
    request.session[SIGN_IN] = str(sign_in.id)
    request.session.save()
    sign_in.session_key = key_hash(str(request.session.session_key))
    sign_in.save(force_insert=True)
    Session.objects.filter(expire_date__lt=now).delete()
    return sign_in


def waiting(request: HttpRequest) -> SignIn | None:
    """Return the sign-in of this session that may give a code now: half logged in, or renewing."""
    key, claimed = request.session.session_key, request.session.get(SIGN_IN)
    full = sign_in_of(key, request.session)
    if full or not key or not isinstance(claimed, str):
        return full
    now = machine_now()
    half = SignIn.objects.select_related("person").filter(
        id=claimed,
        session_key=key_hash(key),
        ended_at=None,
        verified_at=None,
        started_at__gt=now - HALF,
        started_at__lte=now + SLACK,
    )
    found = half.first()
    return found if found and found.epoch == found.person.epoch else None


def give_code(request: HttpRequest, code: str, place: Place) -> str | None:
    """Take or renew the second step; None when this session is now verified, else the refusal's code.

    A first success makes `place` known for this person.
    "login_first" | "too_many_tries" | "code_wrong" | "code_used" | a reason of `may_log_in`.
    """
    sign_in = waiting(request)
    if sign_in is None:
        return "login_first"
    username = sign_in.person.username
    reservation = throttle.reserve("code", username, place)
    if reservation is None:
        return _too_many("factor.refused", "code", username, sign_in.person, sign_in)
    with write_lock(), transaction.atomic():
        person = Person.objects.select_for_update().get(id=sign_in.person_id)
        reason = standing(person) or factors.match(person.id, code, time.time())
        if reason != "code_wrong":
            # Nothing was guessed: the code was right, or it had been.
            throttle.give_back(reservation)
        if reason:
            record(trail.by_person("factor.refused", person, sign_in, reason=reason, refused=True))
            return reason
        _verified(request, sign_in, place)
    return None


def _verified(request: HttpRequest, sign_in: SignIn, place: Place) -> None:
    now, first = machine_now(), sign_in.verified_at is None
    request.session.cycle_key()
    request.session.save()
    sign_in.session_key = key_hash(str(request.session.session_key))
    sign_in.verified_at = sign_in.verified_at or now
    sign_in.factor_at = sign_in.last_seen_at = now
    sign_in.save(update_fields=["session_key", "verified_at", "factor_at", "last_seen_at"])
    if first:
        places.remember(sign_in.person_id, place)
        throttle.forget_old()
    record(trail.by_person("login.succeeded" if first else "factor.renewed", sign_in.person, sign_in))


def log_out(request: HttpRequest, why: str = "logout") -> None:
    """End this session, half or full, and with it all its sockets; its other sessions stay."""
    with write_lock(), transaction.atomic():
        _end(request, why)
        request.session.flush()


def _end(request: HttpRequest, why: str) -> None:
    key, claimed = request.session.session_key, request.session.get(SIGN_IN)
    if not key or not isinstance(claimed, str):
        return
    held = SignIn.objects.select_related("person").filter(id=claimed, session_key=key_hash(key), ended_at=None)
    for sign_in in held:
        sign_in.ended_at, sign_in.ended_why = machine_now(), why
        sign_in.save(update_fields=["ended_at", "ended_why"])
        record(trail.by_person("login.ended", sign_in.person, sign_in, reason=why))
        raise_version("people")


def _too_many(act: str, kind: str, username: str, person: Person | None, sign_in: SignIn | None = None) -> str:
    with write_lock(), transaction.atomic():
        if throttle.to_be_told(kind, username):
            record(trail.by_person(act, person, sign_in, reason="too_many_tries", refused=True))
    return "too_many_tries"


def _uncount(reservation: throttle.Reservation) -> None:
    with write_lock(), transaction.atomic():
        throttle.give_back(reservation)


def _write(entry: Entry) -> None:
    with write_lock(), transaction.atomic():
        record(entry)
