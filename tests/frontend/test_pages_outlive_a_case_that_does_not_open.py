"""One case that cannot be opened is told as such; nobody's other cases, meetings or pages go with it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Model

from agenda import feed
from agenda.commands import execute
from agenda.models import AgendaItem, Conference, Note
from agenda.protocol import CommandFrame
from conference.cases import rights
from conference.cases.models import Case, Item
from conference.crypto import KeyTrouble
from conference.vault import keys
from conference.vault.models import DataKey, IdentityPart
from tests.frontend.conftest import Visit
from tests.frontend.visiting import Region, page
from tests.ground.conftest import Lines, operators_lines

__all__ = ["operators_lines"]

SAID = "Dit kan nu niet worden geopend."
LISTS = ("/", "/cases/", "/consent/", "/api/v1/today")


def spoil(rows: Any, field: str = "sealed") -> None:
    """Change the last byte of what these rows keep sealed."""
    for row in rows:
        blob = bytearray(getattr(row, field))
        blob[-1] ^= 1
        type(row).objects.filter(pk=row.pk).update(**{field: bytes(blob)})
    keys.forget()
    rights.forget()
    feed._states.clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    keys.forget()
    rights.forget()
    feed._states.clear()


Spoil = Callable[[Region], None]


def its_key(region: Region) -> None:
    spoil(DataKey.objects.filter(scope=region.id("cases", "c1")), "wrapped")


def its_header(region: Region) -> None:
    spoil(Case.objects.filter(id=region.id("cases", "c1")))


def an_identity(region: Region) -> None:
    spoil(IdentityPart.objects.filter(subject=region.id("subjects", "s1"), category="bsn"))


@pytest.mark.parametrize("broken", [its_key, its_header, an_identity], ids=lambda one: one.__name__)
def test_a_broken_case_is_told_as_such_and_the_others_work(
    region: Region, visit: Visit, broken: Spoil, operators_lines: Lines
) -> None:
    broken(region)
    client, case = visit("zc"), region.id("cases", "c1")
    for address in LISTS:
        assert client.get(address).status_code == 200, address
    text = page(client.get("/cases/"))
    assert rights.UNREADABLE in text
    assert "Deze casus kan nu niet worden geopend." in text
    assert page(client.get(f"/cases/{region.id('cases', 'c2')}/"))
    closed = client.get(f"/cases/{case}/")
    assert closed.status_code == 503
    assert "Deze gegevens gaan nu niet open" in closed.content.decode()
    told = {(line["case"], line["code"]) for line in operators_lines() if line["event"] == "case_unreadable"}
    assert told == {(str(case), "seal_broken")}


@pytest.mark.parametrize("broken", [its_key, its_header, an_identity], ids=lambda one: one.__name__)
def test_in_the_room_a_broken_case_shows_nothing_of_itself_and_the_meeting_goes_on(
    region: Region, broken: Spoil
) -> None:
    before = region.view("vz")
    broken(region)
    view = region.view("vz")
    case = str(region.id("cases", "c1"))
    assert view[f"case:{case}"]["code_name"] == rights.UNREADABLE
    assert {key for key, body in view.items() if body.get("case") == case} == {region.key("a1")}
    assert view[region.key("a1")]["title"] is None
    others = {key: body for key, body in before.items() if body.get("case") != case and key != f"case:{case}"}
    assert others.items() <= view.items()


def test_a_room_looks_again_within_a_minute(region: Region) -> None:
    its_header(region)
    reading = feed.read(region.id("conferences", "o1"), None, region.members("vz"), frozenset())
    assert reading.next_change is not None
    assert reading.next_change <= 60


def test_nobody_writes_into_a_case_that_nobody_can_read(region: Region) -> None:
    its_header(region)
    before = Note.objects.count()
    arguments = {"agenda_item": str(region.id("agenda_items", "a1")), "text": "iets"}
    frame = CommandFrame(region.id("cases", "c2"), "minutes.write", json.dumps(arguments).encode(), None)  # type: ignore[arg-type]
    with pytest.raises(KeyTrouble):
        execute(region.sit("vz"), region.id("conferences", "o1"), frame)
    assert Note.objects.count() == before


@pytest.mark.parametrize(
    ("model", "kind", "name"),
    [(Item, "items", "i-won"), (Note, "actions", "x1"), (AgendaItem, "agenda_items", "a1"),
     (Conference, "conferences", "o1")],
    ids=["item", "action", "title", "conference"],
)  # fmt: skip
def test_a_broken_text_says_so_in_its_place_and_nothing_else_is_lost(
    region: Region, visit: Visit, operators_lines: Lines, model: type[Model], kind: str, name: str
) -> None:
    spoil(model.objects.filter(id=region.id(kind, name)))  # type: ignore[attr-defined]
    client = visit("vz")
    for address in (*LISTS[:2], "/api/v1/today", f"/cases/{region.id('cases', 'c1')}/"):
        assert client.get(address).status_code == 200, address
    body = region.view("vz")[region.key(name)]
    assert SAID in {body.get("text"), body.get("title")}
    for form in ("json", "pdf", "csv"):
        answer = client.get(f"/conferences/{region.id('conferences', 'o1')}/decision-list?format={form}")
        assert answer.status_code == 200, form
    assert {line["code"] for line in operators_lines() if line["event"] == "text_unreadable"} == {"seal_broken"}
