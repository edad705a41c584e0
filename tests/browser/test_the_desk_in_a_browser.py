"""The desk's pages in a real browser, at a desk and on a phone; a mistake is told and nothing typed is lost."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Person
from tests.server import Server

Opens = Callable[..., Person]
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PICTURES = os.environ.get("PICTURES", "")


@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_use_the_pages_of_the_desk(
    served: tuple[Server, dict[str, dict[str, str]]], person: Opens, size: str
) -> None:
    server, ids = served
    width, height = SIZES[size]
    at_desk = person("nt", width=width, height=height, dark=size == "phone")
    page = at_desk.page
    manage = f"/cases/{ids['cases']['c1']}/manage/"
    people = f"/conferences/{ids['conferences']['o2']}/people/"
    for address in ("/cases/new/", manage, "/conferences/new/", people):
        page.goto(f"{server.url}{address}")
        assert at_desk.axe() == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
        picture(at_desk, address, size)
    page.goto(f"{server.url}/cases/new/")
    page.fill("[name=municipality]", "Veenstad")
    page.click("main form button.button")
    page.wait_for_selector(".error-summary")
    assert page.input_value("[name=municipality]") == "Veenstad"
    assert at_desk.axe() == []
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.name") == "purpose"
    assert at_desk.trouble == []


def picture(person: Person, address: str, size: str) -> None:
    """Keep a picture where PICTURES says, to be looked at."""
    if PICTURES:
        name = address.strip("/").replace("/", "-")[:12]
        person.page.screenshot(path=str(Path(PICTURES) / f"{size}-{name}-{address.split('/')[-2]}.png"), full_page=True)
