"""A form that is sent twice is carried out once: each carries a number, which its session remembers."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from conference.accounts.session_store import SessionStore, table_key

FIELD = "once"
_KEY = "forms_sent"
_KEEP = 50


def new() -> str:
    """Return the number of a form that is about to be shown."""
    return str(uuid4())


def number_of(request: HttpRequest) -> str:
    """Return the number of the form that was sent; a form without a usable one gets a new one."""
    try:
        return str(UUID(request.POST.get(FIELD, "")))
    except ValueError:
        return new()


def claim(request: HttpRequest, number: str) -> bool:
    """Say whether this form comes for the first time, and remember it.

    Call it inside the transaction that carries the form out: what is undone is not remembered.
    """
    row = Session.objects.select_for_update().get(session_key=table_key(str(request.session.session_key)))
    kept: dict[str, Any] = row.get_decoded()
    sent = list(kept.get(_KEY, []))
    if number in sent:
        return False
    kept[_KEY] = [*sent, number][-_KEEP:]
    row.session_data = SessionStore().encode(kept)
    row.save(update_fields=["session_data"])
    return True


def keep(request: HttpRequest, number: str) -> None:
    """After the commit: let this request's own copy of the session know it too."""
    request.session[_KEY] = [*request.session.get(_KEY, []), number][-_KEEP:]
