"""The live room as people meet it: two browsers, one table, and text that is never lost."""

import re
from collections.abc import Callable

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import Person

Somebody = Callable[..., Person]
SOCKET = re.compile(r"/ws/conferences/")


def chair_opens(chair: Person, row: int) -> None:
    """Go on to the next point until the given row of the agenda is the open one."""
    wanted = chair.page.locator(".agenda-list li").nth(row)
    wanted.wait_for()
    for _ in range(row + 1):
        if wanted.locator("[aria-current=step]").count():
            return
        chair.go_on()
    expect(wanted.locator("[aria-current=step]")).to_be_visible()


def test_a_table_of_two_from_the_door_to_a_decision(person: Somebody, o1: str) -> None:
    chair, police = person("vz").enter(o1), person("pol").enter(o1)
    expect(police.page.locator("h1")).to_have_text("Even wachten.")
    chair_opens(chair, 1)
    code = chair.page.locator("h1").inner_text()
    expect(police.page.locator("h1")).to_have_text(code)
    expect(police.page.locator("[role=status]")).to_contain_text(code)

    chair.page.keyboard.press("b")
    expect(chair.page.locator("#compose-text")).to_be_focused()
    chair.page.keyboard.type("De opvang van @betr")
    chair.page.keyboard.press("Enter")
    chair.page.keyboard.type("loopt door.")
    chair.page.keyboard.press("Control+Enter")
    shown = police.page.locator(".decision", has_text="loopt door.")
    expect(shown).to_contain_text("betrokkene 1")
    expect(shown).to_contain_text("voorstel")

    shown.get_by_role("button", name="Bezwaar maken").click()
    expect(police.page.locator("#compose-text")).to_be_focused()
    police.page.keyboard.type("Te kort.")
    police.page.keyboard.press("Control+Enter")
    mine = chair.page.locator(".decision", has_text="loopt door.")
    expect(mine).to_contain_text("Politie maakt bezwaar:")
    mine.get_by_role("button", name="Vaststellen").click()
    expect(shown).to_contain_text("vastgesteld")
    assert chair.trouble == police.trouble == []


def test_an_own_item_is_seen_by_others_only_after_it_is_released(person: Somebody, o1: str) -> None:
    chair, police = person("vz").enter(o1), person("pol").enter(o1)
    chair_opens(chair, 1)
    page = police.page
    page.get_by_role("button", name="Eigen gegeven", exact=True).click()
    page.select_option(".composer-kind select", "pol")
    page.fill("#compose-basis", "Wpg 20")
    page.fill("#compose-text", "Er is een aangifte van @betrokkene 1.")
    page.keyboard.press("Control+Enter")
    draft = page.locator(".item.is-draft", has_text="Er is een aangifte")
    expect(draft).to_contain_text("alleen jouw organisatie ziet dit")
    chair.page.wait_for_timeout(500)
    expect(chair.page.locator("body")).not_to_contain_text("Er is een aangifte")
    draft.get_by_role("button", name="Vrijgeven").click()
    expect(chair.page.locator(".item", has_text="Er is een aangifte")).to_be_visible()


class Breakable:
    """The line between somebody's page and the server: made before she enters, cut and mended by the test."""

    def __init__(self, who: Person) -> None:
        self.held: list[WebSocketRoute] = []
        self.is_cut = False
        who.page.route_web_socket(SOCKET, self._through)

    def _through(self, route: WebSocketRoute) -> None:
        if self.is_cut:
            route.close(code=1011)
            return
        self.held.append(route)
        route.connect_to_server()

    def cut(self) -> None:
        self.is_cut = True
        self.held[-1].close(code=1011)

    def mend(self) -> None:
        self.is_cut = False


def test_without_a_line_what_is_written_waits_and_goes_out_once(person: Somebody, o1: str) -> None:
    chair, police = person("vz").enter(o1), person("pol")
    line = Breakable(police)
    police.enter(o1)
    chair_opens(chair, 1)
    page = police.page
    page.wait_for_selector("#compose-text")
    line.cut()
    expect(page.locator(".strip", has_text="niet verbonden")).to_be_visible()
    page.fill("#compose-text", "Geschreven zonder verbinding")
    page.get_by_role("button", name="Klaarzetten").click()
    expect(page.locator(".block-pending")).to_contain_text("nog niet verzonden")
    assert police.axe() == []
    page.fill("#compose-text", "En half verder")
    now = page.get_by_role("button", name="Nu proberen")
    # The click itself mends the line: mended before, the page may be back by its own try and the button gone.
    page.expose_function("mended", line.mend)
    now.evaluate("one => one.addEventListener('click', () => window.mended(), {capture: true, once: true})")
    now.click()
    sent = chair.page.locator(".block", has_text="Geschreven zonder verbinding")
    expect(sent).to_have_count(1)
    expect(page.locator(".block-pending")).to_have_count(0)
    expect(page.locator("#compose-text")).to_have_value("En half verder")


def test_logging_out_elsewhere_wipes_the_room_and_keeps_ones_own_words(person: Somebody, o1: str) -> None:
    chair, police = person("vz").enter(o1), person("pol2").enter(o1)
    chair_opens(chair, 1)
    code = chair.page.locator("h1").inner_text()
    police.page.fill("#compose-text", "Mijn eigen woorden")
    other = police.new_page()
    other.goto(police.url)
    other.locator(".menu > summary").click()
    other.locator('form[action="/logout/"] button').click()
    other.wait_for_url("**/login/")
    expect(police.page.locator("h1")).to_have_text("Je bent uitgelogd.")
    assert code not in police.page.content()
    expect(police.page.locator("textarea")).to_have_value("Mijn eigen woorden")
    assert police.axe() == []


def test_who_logs_out_while_the_line_is_gone_finds_the_room_wiped(person: Somebody, o1: str) -> None:
    chair, care = person("vz").enter(o1), person("kw")
    line = Breakable(care)
    care.enter(o1)
    chair_opens(chair, 1)
    code = chair.page.locator("h1").inner_text()
    expect(care.page.locator("h1")).to_have_text(code)
    line.cut()
    expect(care.page.locator(".strip", has_text="niet verbonden")).to_be_visible()
    other = care.new_page()
    other.goto(care.url)
    other.locator(".menu > summary").click()
    other.locator('form[action="/logout/"] button').click()
    other.wait_for_url("**/login/")
    line.mend()
    # Her page's own next try may be a quarter of a minute away.
    expect(care.page.locator("h1")).to_have_text("Je bent uitgelogd.", timeout=40_000)
    assert code not in care.page.content()


def test_a_blank_screen_holds_no_text_and_gives_it_back(person: Somebody, o1: str) -> None:
    chair = person("vz").enter(o1)
    chair_opens(chair, 1)
    page = chair.page
    code = page.locator("h1").inner_text()
    page.fill("#compose-text", "Half getypt")
    page.keyboard.press("Alt+p")
    expect(page.locator("h1")).to_have_text("Het scherm is leeg.")
    assert code not in page.content()
    assert "Half getypt" not in page.content()
    assert chair.axe() == []
    page.keyboard.press("Alt+p")
    expect(page.locator("#compose-text")).to_have_value("Half getypt")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("Het scherm is leeg.")


def test_nothing_is_kept_in_the_browser(person: Somebody, o1: str) -> None:
    chair = person("vz").enter(o1)
    chair_opens(chair, 1)
    chair.page.fill("#compose-text", "Half getypt")
    assert chair.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert chair.page.evaluate("indexedDB.databases()") == []


def test_letters_do_nothing_in_a_field_and_can_be_switched_off(person: Somebody, o1: str) -> None:
    chair = person("vz").enter(o1)
    chair_opens(chair, 1)
    page = chair.page
    code = page.locator("h1").inner_text()
    page.locator("#compose-text").click()
    page.keyboard.type("nba?/")
    expect(page.locator("#compose-text")).to_have_value("nba?/")
    expect(page.locator("h1")).to_have_text(code)
    page.fill("#compose-text", "")
    page.locator("h1").focus()
    page.keyboard.press("?")
    assert chair.axe() == []
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.locator("h1").focus()
    page.keyboard.press("a")
    expect(page.locator("#compose-owner")).to_have_count(0)


def test_half_typed_text_and_the_focus_survive_the_next_item(person: Somebody, o1: str) -> None:
    chair, police = person("vz").enter(o1), person("pol").enter(o1)
    chair_opens(chair, 1)
    page = police.page
    page.locator("#compose-text").click()
    page.keyboard.type("Nog bij de eerste casus, half ge")
    before = page.locator("h1").inner_text()
    chair.page.locator(".agenda > .steer").click()
    expect(page.locator("h1")).not_to_have_text(before)
    page.keyboard.type("typt")
    expect(page.locator("#compose-text")).to_have_value("Nog bij de eerste casus, half getypt")
    expect(page.locator(".composer-target")).to_contain_text(before)
