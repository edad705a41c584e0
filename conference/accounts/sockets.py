"""Who opens a socket: checked before accept, and again as long as it is open.

Channels ends no socket at logout, compares no scheme or port of an Origin and no
Host: all of that is done here.
"""

from collections.abc import Collection, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings

from audit.record import write_lock
from conference.accounts.models import SignIn
from conference.accounts.session_store import SessionStore
from conference.accounts.sessions import TOUCH, Identity, identify, living, machine_now

_PORTS = {"http": 80, "https": 443}


def allowed_origins() -> list[str]:
    """Return the origins (scheme://host[:port]) under which this process is reached; empty refuses all."""
    return list(getattr(settings, "ALLOWED_ORIGINS", ()))


async def authenticate(scope: Mapping[str, Any]) -> Identity | None:
    """Return who opens this socket, or None: then answer 403 before accept.

    Asks for exactly one Origin and one Host that belong together in `allowed_origins`,
    one session cookie, and a second factor verified in that session.
    """
    headers = scope.get("headers", ())
    if not _same_place(_only(headers, b"origin"), _only(headers, b"host")):
        return None
    session_key = _session_key(_only(headers, b"cookie"))
    if session_key is None:
        return None
    # Its own thread: a handshake must not wait behind all other sockets' database work.
    found: Identity | None = await database_sync_to_async(_identify, thread_sensitive=False)(session_key)
    return found


def alive(sessions: Collection[UUID]) -> set[UUID]:
    """Return those of these sessions that may still see anything: one query, nothing written."""
    if not sessions:
        return set()
    return set(living().filter(id__in=sessions).values_list("id", flat=True))


def note_activity(sessions: Collection[UUID]) -> None:
    """Count frames that people sent over sockets as activity of their sessions.

    Call it at most about once a minute with the sessions heard from; an open but
    silent socket is no activity, so it ends after the idle time.
    """
    now = machine_now()
    stale = living(now).filter(id__in=sessions, last_seen_at__lt=now - TOUCH)
    found = list(stale.values_list("id", flat=True))
    if found:
        with write_lock():
            SignIn.objects.filter(id__in=found).update(last_seen_at=now)


def _only(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    values = [value for key, value in headers if key.lower() == name]
    if len(values) != 1:
        return None
    try:
        return values[0].decode("ascii")
    except UnicodeDecodeError:
        return None


def _same_place(origin: str | None, host: str | None) -> bool:
    if origin is None or host is None:
        return False
    return any(origin == written and host in hosts for written, hosts in map(_written, allowed_origins()))


def _written(allowed: str) -> tuple[str, set[str]]:
    """Return an allowed origin as browsers write it, and the Host headers that belong to it."""
    url = urlsplit(allowed)
    name = f"[{url.hostname}]" if ":" in (url.hostname or "") else str(url.hostname)
    default = _PORTS.get(url.scheme)
    port = url.port or default
    if port == default:
        return f"{url.scheme}://{name}", {name, f"{name}:{port}"}
    return f"{url.scheme}://{name}:{port}", {f"{name}:{port}"}


def _session_key(cookie: str | None) -> str | None:
    name = settings.SESSION_COOKIE_NAME
    if cookie is None or sum(part.split("=", 1)[0].strip() == name for part in cookie.split(";")) != 1:
        return None
    try:
        morsel = SimpleCookie(cookie).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _identify(session_key: str) -> Identity | None:
    return identify(session_key, SessionStore(session_key).load())
