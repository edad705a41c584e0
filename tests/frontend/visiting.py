"""Logging in people of the tiny world, and reading pages as they do."""

import html
import re
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from audit.models import Leaf
from conference.accounts.models import SignIn
from conference.accounts.sessions import SIGN_IN, key_hash
from tests.world import Table, person, settle, tiny_world

Region = Table

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
NOBODY = str(UUID(int=7, version=4))


def region_of(**changes: Any) -> Region:
    """Load the tiny world with an administrator beside its people."""
    world = tiny_world(**changes)
    administrator = person("fg", id="bh", username="bh", family="beheer") | {"name": "B. Eheer"}
    world["people"].append(administrator)
    return settle(world)


def log_in(region: Region, name: str) -> Client:
    """Return a browser with a living session of this person, both factors given just now."""
    identity = region.sit(name)
    client = Client()
    session = client.session
    session[SIGN_IN] = str(identity.session)
    session.save()
    client.cookies["sessionid"] = session.session_key
    SignIn.objects.filter(id=identity.session).update(session_key=key_hash(session.session_key))
    return client


def half_way_in(name: str) -> Client:
    """Return a browser in which only the first factor was given."""
    client = Client()
    answer = client.post("/login/", {"username": name, "password": "koffie op de lange tafel"})
    assert answer.status_code == 302, answer.content.decode()
    return client


def page(answer: HttpResponse) -> str:
    """The text of a page that was really shown, entities read."""
    assert answer.status_code == 200, f"{answer.status_code} {answer.content.decode()[:2000]}"
    return html.unescape(answer.content.decode())


def bare(answer: Any) -> bytes:
    """A page without what differs from request to request: its token, and its own address."""
    own = html.escape(answer.wsgi_request.get_full_path()).encode()
    return TOKEN.sub(b"", answer.content).replace(own, b"")


def once_of(text: str) -> str:
    """The number of the form on a page."""
    found = ONCE.search(text)
    assert found
    return found[1]


def refusals() -> int:
    """How many refusals the log holds."""
    return Leaf.objects.filter(out="deny").count()


def some_id() -> str:
    """An id that nobody has."""
    return str(uuid4())
