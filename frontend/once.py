"""A form that is sent twice is carried out once: each carries a number, which is remembered for its session."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from conference.accounts.session_store import table_key

FIELD = "once"
_KEEP = timedelta(days=1)


def new() -> str:
    """Return the number of a form that is about to be shown."""
    return str(uuid4())


def number_of(request: HttpRequest) -> str:
    """Return the number of the form that was sent; a form without a usable one gets a new one."""
    try:
        return str(UUID(request.POST.get(FIELD, "")))
    except ValueError:
        return new()


def claimed(request: HttpRequest, number: str) -> bool:
    """Say whether this form was carried out already; inside the transaction that asks."""
    return Session.objects.filter(session_key=_key(request, number)).exists()


def claim(request: HttpRequest, number: str) -> bool:
    """Say whether this form comes for the first time, and remember it.

    Call it inside the transaction that carries the form out: what is undone is not remembered.
    """
    # A row of its own and not a value in the session: requests side by side write each other's session over.
    kept_until = datetime.now(UTC) + _KEEP
    _row, first = Session.objects.get_or_create(
        session_key=_key(request, number), defaults={"session_data": "", "expire_date": kept_until}
    )
    return first


def _key(request: HttpRequest, number: str) -> str:
    digest = sha256(f"{table_key(str(request.session.session_key))}:{number}".encode()).hexdigest()
    return f"sent-{digest[:35]}"
