"""The care coordinator on the telephone: by keyboard alone, kept at every change, and away at once."""

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.album import wrong
from tests.browser.people import Guest, Region, demo_region, speak_freely, stranger

MINUTES = 3
FOUND = 302  # to the login
CARE = "zorgcoordinator"
CODES = (f"{CARE}-{number:04d}" for number in count())  # an app's code works once in 30 seconds


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with demo_region(tmp_path_factory.mktemp("telephone"), codes=10) as served:
        yield served


@pytest.fixture(scope="module")
def coordinator(chromium: Browser, region: Region) -> Iterator[Guest]:
    somebody = stranger(chromium, region, CARE).log_in(code=next(CODES))
    yield somebody
    somebody.context.close()


def here(region: Region, subject: str = "s1", case: str = "c1") -> str:
    return f"/cases/{region.case(case)}/consent/{region.ids['subjects'][subject]}/"


PRESSED: Counter[str] = Counter()


def key(page: Page, name: str) -> None:
    page.keyboard.press(name)
    PRESSED["keys"] += 1


def to(page: Page, holds: str) -> None:
    """Press Tab until the focus is on what fits, as somebody without a mouse does."""
    for _ in range(250):
        key(page, "Tab")
        if page.evaluate(f"(here => {holds})(document.activeElement)"):
            return
    raise AssertionError(f"no Tab leads to {holds}")


def pick(page: Page, name: str, value: str) -> None:
    """Choose a radio by keyboard: Tab to its group, then arrows, or the space bar on the first."""
    to(page, f"here.name === '{name}'")
    key(page, "Space")
    for _ in range(8):
        if page.evaluate("document.activeElement.value") == value:
            return
        key(page, "ArrowRight")
    raise AssertionError(f"{name} has no {value}")


def write(page: Page, name: str, text: str) -> None:
    to(page, f"here.name === '{name}'")
    page.keyboard.type(text)
    PRESSED["keys"] += len(text)


def tick(page: Page, name: str) -> None:
    to(page, f"here.name === '{name}'")
    key(page, "Space")


def press(page: Page, step: str) -> None:
    to(page, f"here.name === 'step' && here.value === '{step}'")
    key(page, "Enter")


def test_a_whole_registration_takes_less_than_three_minutes_by_keyboard(
    coordinator: Guest, region: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    page = coordinator.open("/consent/").page
    PRESSED.clear()
    began = time.monotonic()
    to(page, "here.getAttribute('href') === '/consent/new/'")
    key(page, "Enter")
    page.wait_for_url("**/consent/new/")
    pick(page, "case", "new")
    write(page, "purpose", "hulp en opvang")
    to(page, "here.type === 'submit' && here.textContent.includes('esprek')")
    key(page, "Enter")
    page.wait_for_url(re.compile(r"/consent/[0-9a-f-]{36}/$"))
    for name, answer in (("alone", "ja"), ("overheard", "nee"), ("pressure", "nee")):
        pick(page, name, answer)
    pick(page, "interpreter", "register")
    write(page, "interpreter_told", "4471")
    tick(page, "free")
    tick(page, "apart")
    pick(page, "age_band", "16+")
    pick(page, "capacity", "ja")
    lines = page.eval_on_selector_all("[name^=line-]", "all => [...new Set(all.map(one => one.name))]")
    assert len(lines) > 3
    for number, name in enumerate(lines):
        pick(page, name, ("yes", "no", "later")[number % 3])
    pick(page, "witness", "tolk")
    press(page, "review")
    expect(page.locator("#finish-title")).to_be_focused()
    expect(page.locator(".spoken-list li")).to_have_count(len(lines))
    tick(page, "read_back")
    press(page, "record")
    expect(page.locator("main")).to_contain_text("Vastgelegd. Het geldt vanaf nu")
    expect(page.locator(".consent-now .now-list").first).to_contain_text("gegeven")
    # The program's own time, and that of hands: three keys a second, Tab and arrows included.
    taken, hands = time.monotonic() - began, PRESSED["keys"] / 3
    with capsys.disabled():
        print(f"\n   a whole registration of {len(lines)} lines: {PRESSED['keys']} keys, {taken:.0f} s of the program")
    assert taken + hands < MINUTES * 60


def test_every_change_is_kept_by_itself_and_stands_there_again_in_another_tab(
    coordinator: Guest, region: Region
) -> None:
    page = coordinator.open(here(region)).page
    page.fill("[name=interpreter_told]", "tolk 4471")
    expect(page.locator("#draft-line")).to_have_text(re.compile(r"Concept bewaard, \d\d\.\d\d uur\."))
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.check("[name=line-gez-kwintes][value=later]", force=True)
    other = coordinator.new_page()
    other.goto(region.url + here(region))
    expect(other.locator("[name=interpreter_told]")).to_have_value("tolk 4471")
    expect(other.locator("[name=line-gez-kwintes][value=later]")).to_be_checked()
    other.close()


def test_a_line_that_is_gone_is_told_and_what_was_typed_is_kept_when_it_is_back(
    coordinator: Guest, region: Region
) -> None:
    page = coordinator.open(here(region)).page
    with coordinator.offline():
        page.fill("[name=interpreter_told]", "tolk 5582")
        expect(page.locator("#draft-line")).to_contain_text("Nu even niet bewaard")
    expect(page.locator("#draft-line")).to_contain_text("Concept bewaard")
    page.reload()
    expect(page.locator("[name=interpreter_told]")).to_have_value("tolk 5582")


def test_what_is_asked_for_is_shown_and_nothing_of_it_is_wrong_for_anybody(coordinator: Guest, region: Region) -> None:
    page = coordinator.open(here(region)).page
    page.get_by_role("button", name="Concept weggooien").click()
    speak_freely(page)
    page.check("[name=given_by][value=beiden]", force=True)
    page.check("[name=line-gez-kwintes][value=yes]", force=True)
    page.click("button[name=step][value=review]")
    expect(page.locator("#errors")).to_be_focused()
    # What is folded away is open where something in it is wrong.
    expect(page.locator("[name=representative]")).to_be_visible()
    expect(page.locator(".error-summary")).to_contain_text("Kies wie haar vertegenwoordigt.")
    assert wrong(page) == []
    page.check("[name=given_by][value=zelf]", force=True)
    page.click("button[name=step][value=review]")
    expect(page.locator(".spoken-list")).to_contain_text("Kwintes mag weten")
    assert wrong(page) == []
    page.get_by_role("button", name="Concept weggooien").click()


def stall(region: Region, seconds: float) -> None:
    """Let the server stand still, as it looks on a slow line."""
    process = region.server.process.pid
    os.kill(process, signal.SIGSTOP)
    threading.Timer(seconds, os.kill, (process, signal.SIGCONT)).start()


def wait_until_out(page: Page, address: str) -> None:
    """Wait until the session has ended: on a slow line that comes after the page has gone."""
    for _ in range(200):
        if page.request.get(address, max_redirects=0).status == FOUND:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the session goes on")


@pytest.mark.parametrize("way", ["keys", "button", "slow line"])
def test_away_leaves_a_page_that_says_nothing_and_no_way_back(chromium: Browser, region: Region, way: str) -> None:
    somebody = stranger(chromium, region, CARE).log_in(code=next(CODES))
    page = somebody.open("/consent/").page
    handle = "betrokkene 1"
    page.goto(region.url + here(region))
    page.fill("[name=interpreter_told]", f"tolk 77 {way}")
    if way == "slow line":
        stall(region, 2)  # longer than the page waits
    if way != "button":
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Snel weg").click()
    page.wait_for_url(f"{region.url}/notes/")
    expect(page).to_have_title("Notities")
    assert "Casustafel" not in page.inner_text("body")
    assert wrong(page) == []
    wait_until_out(page, region.url + here(region))
    # One of the pages before it was replaced; whoever goes back to the other ones finds the login.
    page.go_back()
    expect(page).to_have_url(re.compile(r"/login/"))
    assert handle not in page.content()
    page.goto(region.url + here(region))
    expect(page).to_have_url(re.compile(r"/login/"))
    somebody.context.close()
    # What was typed in the last moment was kept for when she logs in again.
    again = stranger(chromium, region, CARE).log_in(code=next(CODES))
    again.open(here(region))
    expect(again.page.locator("[name=interpreter_told]")).to_have_value(f"tolk 77 {way}")
    again.page.get_by_role("button", name="Concept weggooien").click()
    assert again.trouble == []
    again.context.close()


def test_one_escape_does_nothing(coordinator: Guest, region: Region) -> None:
    page = coordinator.open(here(region)).page
    page.keyboard.press("Escape")
    page.wait_for_timeout(900)
    page.keyboard.press("Escape")
    page.wait_for_timeout(900)
    assert page.url.endswith(here(region))


def test_without_script_the_page_works_with_its_buttons(chromium: Browser, region: Region, coordinator: Guest) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="nl-NL")
    context.add_cookies([{**cookie} for cookie in coordinator.context.cookies()])  # type: ignore[typeddict-item]
    page = context.new_page()
    page.goto(region.url + here(region))
    speak_freely(page)
    page.check("[name=line-gez-kwintes][value=no]", force=True)
    page.get_by_role("button", name="Bewaren als concept").click()
    expect(page.locator("main")).to_contain_text("Er geldt nog niets")
    page.click("button[name=step][value=review]")
    expect(page.locator(".spoken-list")).to_contain_text("Kwintes mag niet weten")
    page.click("button[name=step][value=record]")
    expect(page.locator("main")).to_contain_text("Vastgelegd")
    context.close()


def test_a_document_that_is_too_large_is_told_beside_it_and_is_not_sent(coordinator: Guest, region: Region) -> None:
    page = coordinator.page
    coordinator.open(here(region))
    page.locator("#papers summary").click()
    page.set_input_files(
        "#papers input[type=file]",
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" + bytes(5 << 20)},
    )
    told = page.locator("#papers .field-error")
    expect(told).to_have_text("Dit document is groter dan 5 MB. Maak een kleiner document en probeer het opnieuw.")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#papers button").click()
    expect(page.locator("#papers input[type=file]")).to_be_focused()
    assert page.locator("#papers input[type=file]").get_attribute("aria-invalid") == "true"
    assert "POST" not in sent
    assert wrong(page) == []
    page.set_input_files(
        "#papers input[type=file]", {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    )
    expect(told).to_have_count(0)
    page.locator("#papers button").click()
    expect(page.locator("#papers")).to_contain_text("pdf")


def test_no_browser_had_anything_to_complain_of(coordinator: Guest) -> None:
    lost_line = re.compile(r"ERR_INTERNET_DISCONNECTED")
    assert [words for words in coordinator.trouble if not lost_line.search(words)] == []
    assert coordinator.inline == []
