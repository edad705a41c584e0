"""Where a try comes from: the connection's address and the browser's own token, as keyed hashes.

An address or browser from which somebody completed a login is known for her for
90 days. Neither is kept in clear, and hashes of two people cannot be compared.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from conference.accounts.models import KnownPlace
from conference.accounts.sessions import machine_now
from conference.crypto import ring

COOKIE = "device"
KNOWN_FOR = timedelta(days=90)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_IPV6_HOME = 64  # one subscriber has at least this network, so its addresses are one place


@dataclass(frozen=True, slots=True)
class Place:
    """`address`: canonical text of the address or its /64; `device`: the browser's token, if it has one."""

    address: str
    device: str | None


def place_of(request: HttpRequest) -> Place:
    """Return where this request comes from.

    With CONFIG.proxies = n the n-th address from the right of X-Forwarded-For counts,
    which our own outermost proxy wrote; otherwise that header is not looked at.
    """
    token = request.COOKIES.get(COOKIE, "")
    return Place(_address(request), token if _TOKEN.fullmatch(token) else None)


def _address(request: HttpRequest) -> str:
    raw = str(request.META.get("REMOTE_ADDR") or "")
    proxies = settings.CONFIG.proxies
    if proxies:
        header = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        forwarded = [part.strip() for part in header.split(",") if part.strip()]
        raw = forwarded[-proxies] if len(forwarded) >= proxies else raw
    try:
        address = ip_address(raw)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, _IPV6_HOME), strict=False))


def trust(username: str, place: Place) -> str:
    """Return how this place is known for that username: "device", "address" or "stranger"."""
    since = machine_now() - KNOWN_FOR
    known = KnownPlace.objects.filter(person__username=username, seen_at__gt=since)
    kinds = {found.kind for found in known if found.place_hash == _place_hash(found.person_id, found.kind, place)}
    return "device" if "device" in kinds else "address" if "address" in kinds else "stranger"


def remember(person: UUID, place: Place) -> None:
    """Note a completed login from here, and forget what is older than 90 days. In the caller's transaction."""
    now = machine_now()
    KnownPlace.objects.filter(person_id=person, seen_at__lte=now - KNOWN_FOR).delete()
    for kind in ("address", "device"):
        place_hash = _place_hash(person, kind, place)
        if place_hash:
            KnownPlace.objects.update_or_create(
                person_id=person, kind=kind, place_hash=place_hash, defaults={"seen_at": now}
            )


def with_device(place: Place) -> Place:
    """Return the place with a token for a browser that has none; it counts once a login was completed."""
    return place if place.device else replace(place, device=secrets.token_urlsafe(32))


def keep_device(response: HttpResponse, place: Place) -> None:
    """Give the browser its token; it opens nothing, it only keeps attacks elsewhere from locking it out."""
    response.set_cookie(
        COOKIE,
        place.device or "",
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/login/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _place_hash(person: UUID, kind: str, place: Place) -> str:
    value = place.device if kind == "device" else place.address
    if not value:
        return ""
    return hmac.digest(ring().derive("zvh/v1/place", str(person), kind), value.encode(), "sha256").hex()
