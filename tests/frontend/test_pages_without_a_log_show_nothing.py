"""While the log cannot be written no page shows or changes anything, and what was typed is not lost."""

import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from django.test import Client

from conference.cases.models import Item
from consent.models import ConsentLine
from tests.frontend.visiting import Region, once_of, page

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="one lock for all writers is SQLite's")

Visit = Callable[[str], Client]

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@contextmanager
def stuck() -> Iterator[None]:
    """Somebody else holds the database's write lock, so that no entry can be made."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=10)) as outside:
        outside.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            outside.execute("ROLLBACK")


def test_no_page_shows_anything_and_each_says_so(region: Region, visit: Visit) -> None:
    client, case = visit("zc"), f"/cases/{region.id('cases', 'c1')}/"
    register = f"{case}consent/{region.id('subjects', 's1')}/"
    files = (f"{register}record.jsonld", f"{register}receipt.jsonld")
    with stuck():
        for address in ("/", case, "/consent/", register, *files):
            answer = client.get(address)
            text = answer.content.decode()
            assert answer.status_code == 503, address
            assert "Het logboek kan nu niet schrijven" in text
            assert "tekst-" not in text
            assert "Noor" not in text
        machine = client.get(f"/api/v1{case.rstrip('/')}")
        assert (machine.status_code, machine.json()["error"]) == (503, "log_unavailable")
    assert "tekst-i-gez" in page(client.get(case)), "it recovers by itself"


def test_what_was_typed_comes_back_and_can_be_sent_again(region: Region, visit: Visit) -> None:
    client, case = visit("kw"), f"/cases/{region.id('cases', 'c1')}/"
    number, count = once_of(page(client.get(case))), Item.objects.count()
    typed = {"once": number, "category": "won", "kind": "feit", "basis": "grond", "text": "lang-getypt <b>werk</b>"}
    typed["not_for"] = "politie"
    with stuck():
        answer = client.post(f"{case}items/", typed)
        text = answer.content.decode()
        assert answer.status_code == 503
        assert "Niet vastgelegd" in text
        assert "tekst-" not in text
    kept = {name: html.unescape(value) for name, value in HIDDEN.findall(text.split("<main", maxsplit=1)[1])}
    kept.pop("csrfmiddlewaretoken", None)
    assert kept == typed
    assert "Klaargezet" in page(client.post(f"{case}items/", kept, follow=True))
    assert Item.objects.count() == count + 1


def test_a_conversation_is_not_half_recorded(region: Region, visit: Visit) -> None:
    client = visit("zc")
    here = f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"
    page(client.get(here))
    count = ConsentLine.objects.count()
    answers = {"line-gez-rvdk": "yes", "line-vbl-politie": "no", "ends": "25-11-2026", "method": "mondeling"}
    with stuck():
        answer = client.post(here, answers | {"interpreter_told": "tolk 4471", "step": "record"})
        assert answer.status_code == 503
        assert 'value="tolk 4471"' in answer.content.decode()
    assert ConsentLine.objects.count() == count
