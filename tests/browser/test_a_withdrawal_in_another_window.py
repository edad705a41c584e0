"""Two windows: what is taken back on the telephone page leaves the other screen, its search and its drafts."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.people import WATCH
from tests.server import Server, Store
from tests.world import consent, tiny_world

Somebody = Callable[..., Person]
Ids = dict[str, dict[str, str]]
WITHIN_MS = 2_000
WORDS, DRAFT = "tekst-i-gez over", "naar de huisarts gaan"
SEND = """() => {
    const forms = [...document.querySelectorAll('form[action$="/withdraw/"]')];
    const form = forms.find(one => one.elements.party.value === 'kwintes' && one.elements.category.value === 'gez');
    const began = Date.now();
    form.requestSubmit();
    return began;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Ids]]:
    """The small world, in which the chair too may read about health: she can let a decision repeat it."""
    folder = tmp_path_factory.mktemp("withdrawal")
    made = tiny_world()
    made["cases"][0]["consents"].append(consent("zvh_procesregie", "gez", until="2026-12-20"))
    world = folder / "world.json"
    world.write_text(json.dumps(made), encoding="utf-8")
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(world))
        with store.serve("--port", "0") as server:
            yield server, ids


def look_at(page: Page, row: int) -> None:
    """Choose an item of the agenda without beginning it."""
    page.locator(".agenda-list .agenda-row").nth(row).click()


def telephone_page(keeper: Person, ids: Ids, subject: str = "s1") -> Page:
    keeper.page.goto(f"{keeper.url}/cases/{ids['cases']['c1']}/consent/{ids['subjects'][subject]}/")
    return keeper.page


def drafted(chair: Person) -> None:
    """Let the chair propose a decision that repeats the item."""
    page = chair.page
    page.keyboard.press("b")
    page.select_option(".composer-kind select", "gez")
    page.locator("#compose-about option", has_text=WORDS).wait_for(state="attached")
    item = page.locator("#compose-about option", has_text=WORDS).get_attribute("value")
    assert item
    page.select_option("#compose-about", item)
    page.fill("#compose-text", f"We laten @betrokkene 1 {DRAFT}.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".decision", has_text=DRAFT)).to_be_visible()


# In this order: what the chair reads before, the withdrawal, what she reads after.


def test_before_the_item_begins_the_chair_reads_what_consent_is_lacking_and_whom_to_ask(
    person: Somebody, o1: str
) -> None:
    chair = person("vz").enter(o1)
    expect(chair.page.locator(".agenda-row").nth(1)).to_contain_text("toestemming: ")
    look_at(chair.page, 1)
    block = chair.page.get_by_role("region", name="Toestemming, voordat dit punt begint")
    ends = block.locator(".gap.is-expiring", has_text="Kwintes")
    expect(ends).to_contain_text("Loopt af")
    expect(ends).to_contain_text("over betrokkene 1: gezondheid, tot en met ma 30 november")
    expect(ends).to_contain_text("vraag de zorgcoördinator")
    assert block.get_by_role("link").count() == 0
    block.get_by_text("Nog niet gevraagd:").press("Enter")
    expect(block.locator(".gap.is-missing").first).to_be_visible()
    assert chair.axe() == []
    assert chair.trouble == []


def test_the_care_coordinator_goes_from_there_to_the_telephone_page(
    person: Somebody, o1: str, served: tuple[Server, Ids]
) -> None:
    keeper = person("zc").enter(o1)
    look_at(keeper.page, 1)
    gap = keeper.page.locator(".gap.is-expiring", has_text="Kwintes")
    link = gap.get_by_role("link", name="Naar de toestemming van betrokkene 1")
    ids = served[1]
    assert link.get_attribute("href") == f"/cases/{ids['cases']['c1']}/consent/{ids['subjects']['s1']}/"
    with keeper.context.expect_page() as opened:
        link.press("Enter")
    expect(opened.value.locator("h1")).to_be_visible()
    assert keeper.trouble == []


def test_nobody_else_finds_a_word_of_it(person: Somebody, o1: str) -> None:
    kwintes = person("kw").enter(o1)
    look_at(kwintes.page, 1)
    expect(kwintes.page.get_by_text(WORDS).first).to_be_visible()
    assert kwintes.page.locator(".consent-gaps, .agenda-consent").count() == 0


def test_it_reads_on_a_phone_and_in_the_dark(person: Somebody, o1: str) -> None:
    chair = person("vz", width=390, height=844, dark=True).enter(o1)
    chair.page.locator(".agenda-fold").click()
    look_at(chair.page, 1)
    block = chair.page.locator(".consent-gaps")
    expect(block).to_be_visible()
    wide = chair.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, "nothing runs off the side"
    assert chair.axe() == []


def test_a_withdrawal_takes_item_search_and_draft_from_the_other_screen(
    person: Somebody, o1: str, served: tuple[Server, Ids]
) -> None:
    chair, kwintes, keeper = person("vz").enter(o1), person("kw").enter(o1), person("zc")
    look_at(chair.page, 1)
    drafted(chair)
    look_at(kwintes.page, 1)
    for words in (WORDS, DRAFT):
        kwintes.page.get_by_text(words).first.wait_for()
        kwintes.page.evaluate(WATCH, words)
    with telephone_page(keeper, served[1]).expect_navigation():
        began = keeper.page.evaluate(SEND)
    for words in (WORDS, DRAFT):
        kwintes.page.wait_for_function("words => window.seen[words].gone", arg=words, timeout=10_000)
        assert kwintes.page.evaluate("words => window.seen[words].gone", words) - began < WITHIN_MS
    kwintes.page.keyboard.press("/")
    kwintes.page.fill("#search-case", "tekst-i-gez")
    assert kwintes.page.get_by_text(WORDS).count() == 0
    expect(chair.page.locator(".decision", has_text=DRAFT)).to_be_visible()
    assert kwintes.trouble == chair.trouble == []


def test_afterwards_the_chair_reads_that_it_was_taken_back_and_is_not_asked_again(person: Somebody, o1: str) -> None:
    chair = person("vz").enter(o1)
    look_at(chair.page, 1)
    taken = chair.page.locator(".gap.is-withdrawn", has_text="Kwintes")
    expect(taken).to_contain_text("Ingetrokken")
    expect(taken).to_contain_text("Vraag dit niet opnieuw")


def test_a_reload_of_every_old_address_gives_nothing_of_it(
    person: Somebody, o1: str, served: tuple[Server, Ids]
) -> None:
    kwintes = person("kw")
    before = time.monotonic()
    for path in (f"/conferences/{o1}/", f"/cases/{served[1]['cases']['c1']}/", f"/conferences/{o1}/decision-list"):
        kwintes.page.goto(kwintes.url + path)
        assert WORDS not in kwintes.page.content()
        assert DRAFT not in kwintes.page.content()
    assert time.monotonic() - before < 60


def test_a_list_that_left_is_told_with_its_control_number_and_the_registers_state(person: Somebody, o1: str) -> None:
    chair = person("vz")
    chair.page.goto(f"{chair.url}/conferences/{o1}/decision-list?for=kwintes")
    with chair.page.expect_download() as taken:
        chair.page.get_by_role("link", name="JSON").click()
    marking = json.loads(taken.value.path().read_text(encoding="utf-8"))["conference"]["marking"]
    assert [line["state"] for line in marking["register"]["lines"]] == ["ingetrokken"]
    chair.page.reload()
    row = chair.page.locator("tr[data-verdict=current]")
    expect(row).to_contain_text(marking["control_number"])
    expect(row).to_contain_text("klopt nog")
    assert chair.axe() == []
