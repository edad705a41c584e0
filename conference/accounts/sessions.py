"""Who is asking: from a session cookie to an Identity, and for how long that holds."""

import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from audit.record import LogUnavailable, write_lock
from conference import clock
from conference.accounts.models import SignIn
from conference.crypto import ring

ABSOLUTE = timedelta(hours=settings.CONFIG.session_hours)
IDLE = timedelta(minutes=settings.CONFIG.idle_minutes)
HALF = timedelta(minutes=10)  # from the right password to the right code
SLACK = timedelta(seconds=60)  # a clock that ran back further than this ends the session
TOUCH = timedelta(seconds=60)

SIGN_IN = "sign_in"  # the key in Django's session


@dataclass(frozen=True, slots=True)
class Identity:
    """A fully verified person in one login session. `session` is the SignIn's id."""

    person: UUID
    party: str
    family: str
    roles: tuple[str, ...]
    session: UUID
    epoch: int


def machine_now() -> datetime:
    """Return the machine's time, on which sessions, codes and tries run."""
    return datetime.now(UTC)


def key_hash(session_key: str) -> str:
    """Return the keyed hash under which a session key is kept; a stolen database holds no cookie."""
    return hmac.digest(ring().derive("zvh/v1/session"), session_key.encode(), "sha256").hex()


def living(now: datetime | None = None) -> "QuerySet[SignIn]":
    """Return the sign-ins that are somebody now: verified, not ended, in time, person in good standing."""
    at, today = now or machine_now(), clock.today()
    return SignIn.objects.filter(
        _in_time(at),
        verified_at__isnull=False,
        ended_at=None,
        epoch=F("person__epoch"),
        person__is_active=True,
        person__screened_until__gte=today,
        person__trained_on__lte=today,
        person__secrecy_on__lte=today,
    )


def _in_time(at: datetime) -> Q:
    return Q(
        started_at__gt=at - ABSOLUTE,
        started_at__lte=at + SLACK,
        last_seen_at__gt=at - IDLE,
        last_seen_at__lte=at + SLACK,
    )


def sign_in_of(session_key: str | None, data: Mapping[str, Any]) -> SignIn | None:
    """Return the living sign-in of a Django session, or None; `data` is the session's content."""
    claimed = data.get(SIGN_IN)
    if not session_key or not isinstance(claimed, str):
        return None
    return living().select_related("person").filter(id=claimed, session_key=key_hash(session_key)).first()


def identify(session_key: str | None, data: Mapping[str, Any]) -> Identity | None:
    """Return who holds this session, None unless fully verified."""
    sign_in = sign_in_of(session_key, data)
    return _identity(sign_in) if sign_in else None


def _identity(sign_in: SignIn) -> Identity:
    person = sign_in.person
    return Identity(person.id, person.party, person.family, tuple(person.roles), sign_in.id, person.epoch)


def identity(request: HttpRequest) -> Identity | None:
    """Return who asks, None unless fully verified in this session. The middleware keeps it on the request."""
    return identify(request.session.session_key, request.session)


def touch(session: UUID) -> None:
    """Note that a session is in use; written at most once a minute."""
    now = machine_now()
    stale = SignIn.objects.filter(id=session, last_seen_at__lt=now - TOUCH)
    if stale.exists():
        # A log that is stuck refuses what needs it; that somebody was here can wait.
        with suppress(LogUnavailable), write_lock():
            stale.update(last_seen_at=now)


def fresh(request: HttpRequest, minutes: int = 5) -> bool:
    """Say whether the second factor of this session was given in the last `minutes`."""
    sign_in = sign_in_of(request.session.session_key, request.session)
    if sign_in is None or sign_in.factor_at is None:
        return False
    age = machine_now() - sign_in.factor_at
    return -SLACK <= age <= timedelta(minutes=minutes)
