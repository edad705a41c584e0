"""Every text that somebody can type is written as text; nothing of it runs, and no page has a style of its own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.frontend.visiting import Region, log_in, once_of, region_of
from tests.world import tiny_world

Visit = Callable[[str], Client]

HOSTILE = (
    "</p><script>alert(1)</script><img src=x onerror=alert(2)> ' onfocus=alert(3) \" "
    "{{ 777*777 }} {% debug %} &amp; \u202e"
)
RAW = ("<script>alert", "<img src=x", "onerror=alert(2)>", "</p><script", "' onfocus=alert(3) \"")
PAGES = (
    "/",
    "/cases/",
    "/cases/{c1}/",
    "/cases/{c2}/",
    "/consent/",
    "/cases/{c1}/consent/{s1}/",
    "/conferences/{o1}/",
    "/conferences/{o1}/decision-list",
    "/conferences/{o1}/decision-list?for=%3Cscript%3Ealert(1)",
    "/conferences/{o1}/decision-list?format=%3Cscript%3Ealert(1)",
    "/cases/{c1}/?<script>alert(1)</script>",
)


def poisoned() -> dict[str, Any]:
    """The tiny world with a hostile string in every text that a person gave."""
    world = tiny_world()
    for one in world["people"]:
        one["name"] += HOSTILE
    for case in world["cases"]:
        poison_case(case)
    for conference in world["conferences"]:
        conference["title"] = HOSTILE
        for point in conference["agenda"]:
            poison_point(point)
    return world


def poison_case(case: dict[str, Any]) -> None:
    case["purpose"] = case["municipality"] = case["form"] = HOSTILE
    for line in case.get("consents", []):
        line["purpose"] = HOSTILE
    for subject in case.get("subjects", []):
        identity = subject.get("identity", {})
        identity |= dict.fromkeys(set(identity) & {"name", "address", "phone", "bsn"}, HOSTILE)
    for item in case["items"]:
        item["text"] += HOSTILE
        item["basis"] = HOSTILE


def poison_point(point: dict[str, Any]) -> None:
    point["title"] += HOSTILE
    notes = [note for kind in ("notes", "decisions", "actions") for note in point.get(kind, [])]
    for note in notes:
        note["text"] += HOSTILE
        for dissent in note.get("dissent", []):
            dissent["reason"] += HOSTILE


@pytest.fixture
def region(transactional_db: None, quick_passwords: None, own_clock: None) -> Region:
    world = poisoned()
    return region_of(people=world["people"], cases=world["cases"], conferences=world["conferences"])


def inert(text: str) -> None:
    """Fail if something of a text became markup, or a page carries a style or a script of its own."""
    for raw in RAW:
        assert raw not in text, raw
    assert str(777 * 777) not in text, "worked out; a smaller number may stand there as a minute or a count"
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", re.sub(r'"[^"]*"', '""', text))
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text)


@pytest.mark.parametrize("name", ["zc", "kw", "pol", "vz"])
def test_on_every_page_hostile_text_is_text(region: Region, name: str) -> None:
    client = log_in(region, name)
    ids = {key: found for kind in region.ids.values() for key, found in kind.items()}
    seen = ""
    for address in PAGES:
        answer = client.get(address.format(**ids))
        inert(answer.content.decode())
        assert "style-src 'self'" in answer["Content-Security-Policy"]
        seen += answer.content.decode()
    assert "&lt;script&gt;alert(1)" in seen, "it is there, as text"
    assert "{{ 777*777 }}" in seen


def test_what_is_typed_comes_back_as_text(region: Region) -> None:
    client, case = log_in(region, "kw"), f"/cases/{region.id('cases', 'c1')}/"
    number = once_of(client.get(case).content.decode())
    fields = dict.fromkeys(("category", "kind", "basis", "text", "subject", "once", "only_for", "not_for"), HOSTILE)
    inert(client.post(f"{case}items/", fields | {"text": f"@{HOSTILE}"}).content.decode())
    good = {"once": number, "category": "hlp", "kind": "feit", "basis": HOSTILE, "text": HOSTILE}
    answer = client.post(f"{case}items/", good, follow=True)
    inert(answer.content.decode())
    assert "&lt;script&gt;alert(1)" in answer.content.decode()


def test_a_conversation_comes_back_as_text(region: Region) -> None:
    client = log_in(region, "zc")
    here = f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"
    fields = {"language": HOSTILE[:60], "interpreter": HOSTILE[:60], "method": "mondeling", "ends": "25-11-2026"}
    fields |= {"line-gez-rvdk": "yes"}
    for step in ("review", "edit", "record", HOSTILE):
        inert(client.post(here, fields | {"step": step}, follow=True).content.decode())
    inert(client.post(f"{here}limit/", {"party": HOSTILE, "category": HOSTILE, "ends": HOSTILE}).content.decode())
    assert client.post(f"{here}withdraw/", {"party": HOSTILE, "category": HOSTILE}).status_code == 404
