"""One meeting, five people in five browsers: each sees the own view of it, at once, and the log can tell.

The tests follow the meeting from its first item to the last logout, in this order.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import Guest, Region, clicked_at, demo_region, go_on_to, seat, speak_freely, title_at

TABLE = ("voorzitter", "politie", "kwintes", "zorgcoordinator")
HEALTH = "slaapt slecht. De huisarts weet ervan."
NAME = "Noor Fictief"
# What may at most lie between a click and another screen, in ms; here a machine may be ten times as busy.
AT_ONCE, WITHDRAWN, BUSY = 1000, 2000, 10

Tell = Callable[[str, float, int], None]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with demo_region(tmp_path_factory.mktemp("five")) as served:
        yield served


@pytest.fixture(scope="module")
def five(chromium: Browser, region: Region) -> Iterator[dict[str, Guest]]:
    """The five, logged in; those at the table have come in at the first conference."""
    people = {name: seat(chromium, region, name) for name in (*TABLE, "privacy")}
    for name in TABLE:
        people[name].enter(region.conference())
    yield people
    for one in people.values():
        one.context.close()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """`tell(what, ms, limit)`: put a measured time into the output, and hold it to its limit."""

    def told(what: str, measured: float, limit: int) -> None:
        with capsys.disabled():
            print(f"\n   {what}: {measured:.0f} ms (at most {limit} ms on an idle machine)")
        assert 0 <= measured < limit * BUSY

    return told


def write(chair: Guest, tab: str, text: str, *, kind: str = "prc", owner: str = "") -> float:
    """Record something in the composer with the mouse; return when the button was clicked."""
    page = chair.page
    page.locator(".composer-tab", has_text=tab).click()
    page.select_option(".composer-kind select", kind)
    if owner:
        page.select_option("#compose-owner", owner)
    page.fill("#compose-text", text)
    button = page.locator(".composer-row button[type=submit]")
    at = clicked_at()
    button.click()
    return at


def decision(somebody: Guest, words: str) -> Locator:
    return somebody.page.locator(".decision", has_text=words)


def case_title(chair: Guest, region: Region) -> str:
    """The code name under which the case of the meeting is known."""
    link = chair.context.request.get(f"{region.url}/cases/{region.case()}/")
    return re.search(r"case-title\">([^<]+)<", link.text())[1]  # type: ignore[index]


def test_the_police_see_a_decision_and_an_action_at_once(five: dict[str, Guest], region: Region, tell: Tell) -> None:
    chair, police = five["voorzitter"], five["politie"]
    for name in TABLE[1:]:
        expect(five[name].page.locator("h1")).to_have_text("Even wachten.")
    title = case_title(chair, region)
    go_on_to(chair, title)
    expect(police.page.locator("h1")).to_have_text(title)

    for tab, words, owner in (
        ("Besluit", "De bank belt morgen terug.", ""),
        ("Actie", "De sleutels ophalen", "politie"),
    ):
        police.watch(words)
        clicked = write(chair, tab, words, owner=owner)
        expect(police.page.locator("body")).to_contain_text(words)
        tell(f"{tab} of the chair on the screen of the police", police.came(words) - clicked, AT_ONCE)
    expect(decision(police, "De bank belt")).to_contain_text("voorstel")
    decision(chair, "De bank belt").get_by_role("button", name="Vaststellen").click()
    expect(decision(police, "De bank belt")).to_contain_text("vastgesteld")
    expect(police.page.locator(".action", has_text="De sleutels ophalen")).to_contain_text("Politie")


def consent_page(coordinator: Guest, region: Region) -> Page:
    """The page of the first person's register, in a tab beside the meeting."""
    page = coordinator.new_page()
    page.goto(f"{region.url}/cases/{region.case()}/consent/{region.ids['subjects']['s1']}/")
    return page


def give(page: Page, party: str, category: str) -> float:
    """Record a yes with its reading back; return when it was recorded."""
    speak_freely(page)
    page.click(f"label:has([name=line-{category}-{party}][value=yes])")
    page.click("button[name=step][value=review]")
    record = page.locator("button[name=step][value=record]")
    expect(page.locator(".spoken-list")).to_contain_text("Kwintes")
    page.check("[name=read_back]")
    at = clicked_at()
    record.click()
    return at


def withdraw(page: Page, party: str, category: str) -> float:
    """Withdraw one line on the register's page; return when it was clicked."""
    form = page.locator(f".now-list form:not(.limit):has([value={party}]):has([value={category}])")
    at = clicked_at()
    form.locator("button").click()
    return at


def test_a_health_item_comes_with_consent_and_goes_with_it(five: dict[str, Guest], region: Region, tell: Tell) -> None:
    kwintes, police, coordinator = five["kwintes"], five["politie"], five["zorgcoordinator"]
    expect(coordinator.page.locator(".item", has_text=HEALTH)).to_be_visible()
    assert not kwintes.frames.holds(HEALTH)
    assert not kwintes.shows(HEALTH)

    register = consent_page(coordinator, region)
    kwintes.watch(HEALTH)
    recorded = give(register, "kwintes", "gez")
    expect(kwintes.page.locator(".item", has_text=HEALTH)).to_be_visible()
    assert kwintes.frames.holds(HEALTH)
    tell("health item at Kwintes after consent", kwintes.came(HEALTH) - recorded, WITHDRAWN)

    so_far = len(kwintes.frames.got)
    clicked = withdraw(register, "kwintes", "gez")
    expect(kwintes.page.locator(".item", has_text=HEALTH)).to_have_count(0)
    tell("health item gone from Kwintes after withdrawal", kwintes.went(HEALTH) - clicked, WITHDRAWN)
    expect(kwintes.page.locator(".scope")).to_contain_text("gezondheid (daarvoor is nu geen toestemming)")
    assert not kwintes.shows(HEALTH)
    assert not any(HEALTH in frame for frame in kwintes.frames.got[so_far:])
    register.close()
    never(police, HEALTH, region)


def never(somebody: Guest, words: str, region: Region) -> None:
    """In no frame, in no DOM of the room and on no page of hers."""
    assert somebody.frames.got
    assert not somebody.frames.holds(words)
    assert not somebody.shows(words)
    tab = somebody.new_page()
    case, conference = region.case(), region.conference()
    for path in ("/", "/cases/", f"/cases/{case}/", f"/conferences/{conference}/decision-list", "/covenant/", "/me/"):
        answer = tab.goto(region.url + path)
        assert answer is not None
        assert answer.status == 200, path
        assert words not in tab.content(), path
    tab.close()


def test_police_read_a_pseudonym_where_kwintes_reads_the_name(five: dict[str, Guest]) -> None:
    chair, police, kwintes = five["voorzitter"], five["politie"], five["kwintes"]
    write(chair, "Besluit", "Een buddy loopt mee met @betrokkene 1.", kind="hlp")
    expect(decision(police, "Een buddy loopt mee met").locator(".mention")).to_contain_text("betrokkene 1")
    expect(decision(kwintes, "Een buddy loopt mee met").locator(".mention")).to_have_text(NAME)
    assert NAME not in decision(police, "Een buddy loopt mee met").inner_text()
    assert not any("Een buddy" in frame and NAME in put(frame, "Een buddy") for frame in police.frames.got)


def put(frame: str, words: str) -> str:
    """The objects of a frame that hold these words, as text."""
    known = json.loads(frame)
    objects = known.get("put") or known.get("view") or {}
    return json.dumps([body for body in objects.values() if words in json.dumps(body)], ensure_ascii=False)


def lists(chair: Guest, region: Region, party: str) -> dict[str, str]:
    """The decision list for a party in each form, taken from its page; as text."""
    tab, found = chair.new_page(), {}
    tab.goto(f"{region.url}/conferences/{region.conference()}/decision-list")
    tab.select_option("#for", party)
    tab.get_by_role("button", name="Kiezen").click()
    for form in ("pdf", "csv", "json"):
        link = tab.locator(f"a[href$='format={form}']")
        with tab.expect_download() as saved:
            link.click()
        found[form] = text_of(Path(saved.value.path()), form)
    tab.close()
    return found


def text_of(file: Path, form: str) -> str:
    if form != "pdf":
        return file.read_text(encoding="utf-8-sig")
    pages = pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages
    return " ".join(page.extract_text() for page in pages)


def test_the_list_for_kwintes_leaves_out_what_is_for_the_police(five: dict[str, Guest], region: Region) -> None:
    chair, police, kwintes = five["voorzitter"], five["politie"], five["kwintes"]
    write(chair, "Besluit", "Het rechercheteam Zilvermeeuw kijkt naar @betrokkene 1.", kind="pol")
    expect(decision(police, "Zilvermeeuw")).to_be_visible()
    expect(decision(kwintes, "Zilvermeeuw")).to_have_count(0)
    assert not kwintes.frames.holds("Zilvermeeuw")
    for form, text in lists(chair, region, "politie").items():
        assert "Zilvermeeuw" in text, form
        assert HEALTH not in text, form
    for form, text in lists(chair, region, "kwintes").items():
        assert "Een buddy" in text, form
        assert "Zilvermeeuw" not in text, form
        assert HEALTH not in text, form


def test_the_privacy_officer_reads_who_saw_what(five: dict[str, Guest], region: Region) -> None:
    officer, title = five["privacy"], case_title(five["voorzitter"], region)
    officer.open("/log/")
    page = officer.page
    page.check("[name=purpose][value=lawfulness]")
    page.click("main button[type=submit]")
    page.select_option("[name=case]", label=title)
    page.click(".log-show")
    page.wait_for_load_state()
    text = every_line(page)
    for sentence in SENTENCES:
        assert re.search(sentence, text), sentence
    for content in (HEALTH, NAME, "Zilvermeeuw", "Een buddy"):
        assert content not in text
    assert officer.trouble == []


SENTENCES = (
    r"V\. Oorzitter \(procesregie\) begon een agendapunt",
    r"V\. Oorzitter \(procesregie\) stelde een besluit voor",
    r"V\. Oorzitter \(procesregie\) stelde een besluit vast",
    r"A\. Gent \(politie\) zag een nieuw besluit",
    r"B\. Egeleider \(Kwintes\) zag een nieuw besluit",
    r"Z\. Org \(zorgcoördinator\) legde toestemming vast van betrokkene 1",
    r"B\. Egeleider \(Kwintes\) zag gezondheid van betrokkene 1\.\s+[A-Z]+ · met naam · toestemming",
    r"Z\. Org \(zorgcoördinator\) trok toestemming in van betrokkene 1",
    r"V\. Oorzitter \(procesregie\) maakte een besluitenlijst over betrokkene 1 voor Kwintes",
)


def every_line(page: Page) -> str:
    """The log's lines of all pages of an answer."""
    text = page.inner_text("main")
    while page.locator("a[rel=next]").count():
        page.click("a[rel=next]")
        page.wait_for_load_state()
        text += page.inner_text("main")
    return text


def tab_to(page: Page, holds: str) -> None:
    """Press Tab until the focus is on what fits, as somebody without a mouse does."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"(here => {holds})(document.activeElement)"):
            return
    raise AssertionError(f"no Tab leads to {holds}")


def test_the_chair_needs_no_mouse(five: dict[str, Guest], region: Region) -> None:
    chair, kwintes = five["voorzitter"], five["kwintes"]
    page = chair.page
    before = page.locator("h1").inner_text()
    tab_to(page, "here.classList.contains('steer')")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text(before)
    page.keyboard.press("b")
    expect(page.locator("#compose-text")).to_be_focused()
    page.keyboard.type("De kamer van @betr")
    page.keyboard.press("Enter")
    page.keyboard.type("blijft nog een maand.")
    page.keyboard.press("Control+Enter")
    expect(decision(kwintes, "blijft nog een maand.")).to_contain_text("voorstel")
    mine = "here.closest('.decision')?.textContent.includes('nog een maand')"
    tab_to(page, f"here.textContent.trim() === 'Vaststellen' && {mine}")
    page.keyboard.press("Enter")
    expect(decision(kwintes, "blijft nog een maand.")).to_contain_text("vastgesteld")


def test_what_is_typed_without_a_line_is_kept_and_sent_once(five: dict[str, Guest]) -> None:
    chair, kwintes = five["voorzitter"], five["kwintes"]
    page = kwintes.page
    page.fill("#compose-text", "Zij belt morgen zelf")
    offline = page.locator(".strip", has_text="niet verbonden")
    with kwintes.offline():
        expect(offline).to_be_visible(timeout=40_000)
        expect(page.locator("#compose-text")).to_have_value("Zij belt morgen zelf")
        page.get_by_role("button", name="Klaarzetten").click()
        expect(page.locator(".block-pending")).to_contain_text("nog niet verzonden")
        page.fill("#compose-text", "En dan nog half")
    expect(offline).to_have_count(0)
    expect(chair.page.locator(".block", has_text="Zij belt morgen zelf")).to_have_count(1)
    expect(page.locator(".block-pending")).to_have_count(0)
    expect(page.locator("#compose-text")).to_have_value("En dan nog half")
    assert len({frame["id"] for frame in kwintes.frames.commands("minutes.write")}) == 1
    page.fill("#compose-text", "")


def test_logging_out_in_one_tab_closes_the_room_in_the_other(five: dict[str, Guest]) -> None:
    chair, kwintes = five["voorzitter"], five["kwintes"]
    title = kwintes.page.locator("h1").inner_text()
    tab = kwintes.new_page()
    tab.goto(kwintes.url)
    tab.locator(".menu > summary").click()
    tab.locator('form[action="/logout/"] button').click()
    expect(kwintes.page.locator("h1")).to_have_text("Je bent uitgelogd.")
    assert not kwintes.shows(title)
    so_far = len(kwintes.frames.got)
    write(chair, "Verslag", "Dit is na haar vertrek gezegd.")
    expect(chair.page.locator(".block", has_text="na haar vertrek")).to_be_visible()
    assert len(kwintes.frames.got) == so_far


def test_the_meeting_can_be_followed_in_english(five: dict[str, Guest], region: Region) -> None:
    police, chair = five["politie"], five["voorzitter"]
    page = police.page
    page.goto(region.url)
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Today")
    police.enter(region.conference())
    go_on_to(chair, title_at(chair, 3))
    expect(page.locator(".part-decisions h2")).to_contain_text("Decisions")
    expect(page.locator(".scope")).to_contain_text("You see")
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_no_browser_had_anything_to_complain_of(five: dict[str, Guest]) -> None:
    lost_line = re.compile(r"ERR_INTERNET_DISCONNECTED")
    assert [words for one in five.values() for words in one.trouble if not lost_line.search(words)] == []
    assert [url for one in five.values() for url in one.inline] == []
