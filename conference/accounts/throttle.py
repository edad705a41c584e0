"""How often passwords and codes may be tried, such that an attacked person still gets in.

A try is reserved before anything is checked and given back when it was right, so
parallel tries cannot outrun the count. Which counters it falls under:

- from a browser that completed a login of this account: the counter of account and
  browser, 20 in 15 minutes and 30 a day;
- from an address that did so: the counter of the account and all its known addresses
  together, 20 in 15 minutes and 30 a day;
- from anywhere else: the counter of the account and all strangers together, 20 in 15
  minutes and 40 a day, and that of this address and all accounts together, 150 in 5
  minutes and 1,000 a day.

So strangers and the neighbours of a person get at most 70 tries a day at her account
from however many addresses; with one stolen browser token 100. None of the counters
knows whether the username exists. Passwords and codes are counted apart.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from audit.record import write_lock
from conference.accounts.models import Tries
from conference.accounts.places import Place, trust
from conference.crypto import ring

Limits = tuple[tuple[int, int], ...]  # (how many, in how many seconds)

QUARTER, DAY = 15 * 60, 24 * 3600
STRANGERS: Limits = ((20, QUARTER), (40, DAY))
KNOWN: Limits = ((20, QUARTER), (30, DAY))
ADDRESS: Limits = ((150, 5 * 60), (1000, DAY))
TOLD: Limits = ((1, 60),)  # a flood of refusals is one log entry a minute


@dataclass(frozen=True, slots=True)
class Reservation:
    """A try that may be made: which counters hold it and under which moment (seconds since 1970)."""

    buckets: tuple[str, ...]
    at: float


def reserve(kind: str, username: str, place: Place) -> Reservation | None:
    """Count one try of a "password" or "code", or return None when it may not be made now."""
    with write_lock(), transaction.atomic():
        return _reserve(_counters(kind, username, place))


def give_back(reservation: Reservation) -> None:
    """Uncount a try that turned out right. In the caller's transaction."""
    for row in _locked(reservation.buckets):
        if reservation.at in row.at:
            row.at.remove(reservation.at)
            row.save(update_fields=["at"])


def to_be_told(kind: str, username: str) -> bool:
    """Say whether a refusal for too many tries still has to be logged. In the caller's transaction."""
    return _reserve({_bucket("told", kind, username): TOLD}) is not None


def forget_old() -> None:
    """Delete counters in which nothing happened for a day. In the caller's transaction."""
    Tries.objects.filter(last_at__lt=datetime.now(UTC) - timedelta(seconds=DAY)).delete()


def _counters(kind: str, username: str, place: Place) -> dict[str, Limits]:
    match trust(username, place):
        case "device":
            return {_bucket(kind, "device", username, place.device or ""): KNOWN}
        case "address":
            return {_bucket(kind, "address", username): KNOWN}
    return {
        _bucket(kind, "strangers", username): STRANGERS,
        _bucket(kind, "everybody", place.address): ADDRESS,
    }


def _reserve(counters: dict[str, Limits]) -> Reservation | None:
    now = datetime.now(UTC)
    rows = _locked(counters, make=now)
    for row in rows:
        # What lies ahead of the clock counts too: setting it back frees nobody.
        row.at = [moment for moment in row.at if moment > now.timestamp() - DAY]
        if any(_within(row.at, now, seconds) >= most for most, seconds in counters[row.bucket]):
            return None
    for row in rows:
        row.at.append(now.timestamp())
        row.last_at = now
        row.save(update_fields=["at", "last_at"])
    return Reservation(tuple(counters), now.timestamp())


def _within(moments: Iterable[float], now: datetime, seconds: int) -> int:
    return sum(moment > now.timestamp() - seconds for moment in moments)


def _locked(buckets: Iterable[str], make: datetime | None = None) -> list[Tries]:
    """Lock these counters, always in the same order, so that two tries never wait for each other."""
    wanted = sorted(buckets)
    rows = Tries.objects.select_for_update().filter(bucket__in=wanted).order_by("bucket")
    found = list(rows)
    if make is None or len(found) == len(wanted):
        return found
    Tries.objects.bulk_create([Tries(bucket=bucket, last_at=make) for bucket in wanted], ignore_conflicts=True)
    return list(rows.all())


def _bucket(*parts: str) -> str:
    return hmac.digest(ring().derive("zvh/v1/tries", *parts), b"bucket", "sha256").hex()
