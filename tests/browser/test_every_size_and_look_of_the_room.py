"""The room in each size and look: nothing for axe-core to find, no sideways scroll, fonts of our own."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.browser.test_the_room_in_a_browser import chair_opens

Somebody = Callable[..., Person]
SIZES = [(1366, 768), (1024, 768), (768, 1024), (390, 844), (683, 384)]


def sideways(somebody: Person) -> bool:
    return bool(somebody.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_table_is_for_everybody(person: Somebody, o1: str, width: int, height: int, dark: bool) -> None:
    chair = person("vz").enter(o1)
    chair_opens(chair, 1)
    police = person("pol", width=width, height=height, dark=dark).enter(o1)
    police.page.wait_for_selector("h1.code-name")
    assert police.axe() == []
    assert not sideways(police)
    assert police.trouble == []


@pytest.mark.parametrize("panel", ["minutes", "decisions", "actions", "table"])
def test_each_part_on_a_phone(person: Somebody, o1: str, panel: str) -> None:
    chair = person("vz", width=390, height=844).enter(o1)
    chair.page.click(f".tab-{panel}")
    assert chair.axe() == []
    assert not sideways(chair)


def test_the_door_before_one_comes_in(person: Somebody, o1: str) -> None:
    newcomer = person("kw")
    newcomer.page.goto(f"{newcomer.url}/conferences/{o1}/")
    newcomer.page.wait_for_selector("#agree")
    assert newcomer.axe() == []
    newcomer.page.click("main form button.button")
    assert "Zet eerst een vinkje" in newcomer.page.inner_text("main")
    assert newcomer.axe() == []


def test_the_letters_are_our_own(person: Somebody, o1: str) -> None:
    chair = person("vz").enter(o1)
    families = chair.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Noto Sans" in family for family in families)
    assert any("Source Serif" in family for family in families)


def test_without_script_the_room_says_so(person: Somebody, o1: str) -> None:
    somebody = person("nt", script=False)
    somebody.page.goto(f"{somebody.url}/conferences/{o1}/")
    assert "werkt met script" in somebody.page.content()
