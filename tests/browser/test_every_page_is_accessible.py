"""Every page for everybody: axe-core finds nothing, nothing sticks out, and the browser has nothing to complain of.

Each page is looked at on a laptop in light and dark and on a phone; with PICTURES=<folder> pictures are taken.
"""

import contextlib
import functools
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.album import Album
from tests.browser.people import BUTTON, Guest, Region, demo_region, go_on_to, seat, speak_freely, stranger, title_at
from tests.client import totp
from tests.stages import ROOT, environ

Seat = Callable[..., Guest]
# Addresses that show no page of their own: forms that are only sent, files, and what machines read.
NO_PAGES = {
    "set_language", "theme", "logout", "invite", "me_codes", "me_end_session", "person_act", "item_act",
    "case_consent_withdraw", "consent_withdraw", "consent_limit", "item_prepare", "healthz", "readyz",
    "review_refresh", "review_ask", "question_answer", "sample_draw", "sample_judge", "me_cover_end",
    "person_cover_end", "overview_act", "overview_statement", "log_export_file", "log_export_year",
    "notice_review", "notice_pdf", "notice_sample", "consent_summary",
    "consent_task", "consent_comensha_form", "consent_invalid", "consent_evidence", "consent_document",
    "consent_record", "consent_receipt",
}  # fmt: skip
SENT_ONLY = re.compile(r"^(api_|case_(subject|correction|involve|end|phase|exception)$)")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with demo_region(tmp_path_factory.mktemp("pages")) as served:
        yield served


@pytest.fixture(scope="module")
def album() -> Album:
    return Album.named()


@pytest.fixture(scope="module")
def at(chromium: Browser, region: Region) -> Iterator[Seat]:
    """`at(username)`: somebody who has logged in; the same one each time, for a code works once."""
    known: dict[str, Guest] = {}

    def sit(username: str) -> Guest:
        if username not in known:
            known[username] = seat(chromium, region, username)
        return known[username]

    yield sit
    for one in known.values():
        one.context.close()


@pytest.fixture
def nobody(chromium: Browser, region: Region) -> Iterator[Guest]:
    """Somebody who has not logged in."""
    guest = stranger(chromium, region)
    yield guest
    assert guest.trouble == guest.inline == []
    guest.context.close()


def pages_of(somebody: Guest, album: Album, paths: dict[str, str]) -> list[str]:
    """Look at pages by their paths; return all that is wrong."""
    found: list[str] = []
    for name, path in paths.items():
        somebody.open(path)
        found += album.look(somebody.page, f"{somebody.username}-{name}")
    return found + somebody.trouble + somebody.inline


def casework(region: Region, case: str = "c1", conference: str = "o1") -> dict[str, str]:
    """The pages that everybody who works on cases has."""
    return {
        "today": "/",
        "cases": "/cases/",
        "case": f"/cases/{region.case(case)}/",
        "covenant": "/covenant/",
        "decisions": f"/conferences/{region.conference(conference)}/decision-list",
        "me": "/me/",
    }


def test_the_pages_before_one_is_logged_in(nobody: Guest, region: Region, album: Album) -> None:
    page, found = nobody.page, []
    page.goto(f"{region.url}/login/")
    found += album.look(page, "login")
    page.fill("[name=username]", "voorzitter")
    page.fill("[name=password]", "niet het goede wachtwoord")
    page.click(BUTTON)
    expect(page.locator(".error-summary")).to_be_visible()
    found += album.look(page, "login-wrong")
    nobody.give_password("om")
    found += album.look(page, "code")
    page.fill("[name=code]", "000000")
    page.click(BUTTON)
    expect(page.locator(".error-summary")).to_be_visible()
    found += album.look(page, "code-wrong")
    page.goto(f"{region.url}/login/code/?recovery=1")
    found += album.look(page, "code-recovery")
    page.goto(f"{region.url}/invite/not-a-link-that-was-ever-given/")
    found += album.look(page, "invitation-gone")
    assert found == []


def test_the_pages_of_what_went_wrong(nobody: Guest, at: Seat, region: Region, album: Album) -> None:
    nobody.page.goto(f"{region.url}/login/")
    nobody.page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    nobody.page.click(BUTTON)
    found = album.look(nobody.page, "403")
    nobody.page.goto(region.url.replace("127.0.0.1", "elsewhere.localhost"))
    found += album.look(nobody.page, "400")
    police = at("politie").open("/cases/00000000-0000-4000-8000-000000000000/")
    found += album.look(police.page, "404")
    assert found + police.trouble + police.inline == []


def test_the_steps_of_a_new_account(nobody: Guest, at: Seat, region: Region, album: Album) -> None:
    administrator = at("beheer")
    found = pages_of(administrator, album, {"people": "/people/", "person-new": "/people/new/", "me": "/me/"})
    administrator.page.goto(f"{region.url}/people/new/")
    administrator.page.click(BUTTON)
    found += album.look(administrator.page, "beheer-person-new-wrong")
    link = invite(administrator)
    found += album.look(administrator.page, "beheer-person-invited")
    administrator.page.goto(f"{region.url}/people/{region.ids['people']['u-kwintes']}/")
    found += album.look(administrator.page, "beheer-person")
    assert found + enrol(nobody, link, album) == []


def invite(administrator: Guest) -> str:
    """Make an account with the form and return its link."""
    page = administrator.page
    for name, value in {
        "username": "nieuw",
        "name": "N. Ieuw",
        "screened_until": "2060-06-01",
        "trained_on": "2026-02-01",
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=party]", "politie")
    page.check("[name=roles][value=participant]", force=True)
    page.click(BUTTON)
    return page.inner_text("#link")


def enrol(newcomer: Guest, link: str, album: Album) -> list[str]:
    """Go through the steps with a mistake in the first; return what is wrong on them."""
    page = newcomer.page
    page.goto(link)
    found = album.look(page, "enrol-password")
    page.click(BUTTON)
    found += album.look(page, "enrol-password-wrong")
    page.fill("[name=new]", "vier losse woorden naast elkaar")
    page.fill("[name=repeated]", "vier losse woorden naast elkaar")
    page.check("[name=secrecy]")
    page.click(BUTTON)
    found += album.look(page, "enrol-app")
    page.fill("[name=code]", totp(page.inner_text("#key").replace(" ", "")))
    page.click(BUTTON)
    page.wait_for_url(re.compile(r"/enrol/codes/"))
    found += album.look(page, "enrol-codes")
    page.check("[name=kept]")
    page.click(BUTTON)
    page.wait_for_url(re.compile(r"/login/"))
    return found


@pytest.mark.parametrize("username", ["voorzitter", "notulist", "politie", "kwintes", "zorgcoordinator"])
def test_the_pages_of_who_works_on_cases(at: Seat, region: Region, album: Album, username: str) -> None:
    assert pages_of(at(username), album, casework(region)) == []


def test_the_pages_of_the_chair_beside_the_meeting(at: Seat, region: Region, album: Album) -> None:
    conference = region.conference("o2")
    paths = {
        "decisions-kwintes": f"/conferences/{region.conference()}/decision-list?for=kwintes",
        "decisions-empty": f"/conferences/{conference}/decision-list?for=politie",
        "decisions-unknown": f"/conferences/{conference}/decision-list?format=docx",
        "covenant-police": "/covenant/?party=politie&category=gez",
        "password": "/me/password/",
    }
    assert pages_of(at("voorzitter"), album, paths) == []


@pytest.mark.parametrize(
    ("username", "name"),
    [
        ("notulist", "conference_new"),
        ("politie", "case_new"),
        ("notulist", "conference_people"),
        ("notulist", "case_manage"),
    ],
)
def test_the_pages_of_who_prepares_a_meeting(at: Seat, region: Region, album: Album, username: str, name: str) -> None:
    ids = {"conference": region.conference(), "case": region.case()}
    path = re.sub(r"<uuid:(\w+)>", lambda match: ids[match[1]], addresses()[name])
    assert pages_of(at(username), album, {name.replace("_", "-"): path}) == []


def test_the_pages_beside_the_conversation(at: Seat, region: Region, album: Album) -> None:
    coordinator = at("zorgcoordinator")
    comensha = f"/cases/{region.case()}/consent/{region.ids['subjects']['s1']}/comensha/"
    reflection = f"/cases/{region.case('c3')}/consent/{region.ids['subjects']['s5']}/reflection/"
    paths = {"reminders": "/consent/reminders/", "comensha": comensha, "reflection": reflection}
    found = pages_of(coordinator, album, paths)
    for name, path in (("comensha", comensha), ("reflection", reflection)):
        page = coordinator.open(path).page
        page.click("main form .form-actions button")
        expect(page.locator(".error-summary")).to_be_visible()
        found += album.look(page, f"zorgcoordinator-{name}-wrong")
    page.check("[name=stage][value=bedenktijd]", force=True)
    for name, value in {"starts": "23-11-2026", "ends": "20-02-2027"}.items():
        page.fill(f"[name={name}]", value)
    for name in ("dublin", "lawyer"):
        page.check(f"[name={name}][value=nee]", force=True)
    page.click("main form .form-actions button")
    expect(page.locator("dl.facts")).to_be_visible()
    found += album.look(page, "zorgcoordinator-reflection-kept")
    found += pages_of(at("politie"), album, {"comensha": comensha})
    assert found + coordinator.trouble + coordinator.inline == []


def test_an_exception_that_is_not_weighed_says_so_at_each_field(at: Seat, region: Region, album: Album) -> None:
    page = at("notulist").open(f"/cases/{region.case()}/manage/").page
    page.check("#exceptions [name=code][value='8']", force=True)
    page.click("#exceptions form .form-actions button")
    expect(page.locator(".error-summary")).to_be_visible()
    assert album.look(page, "notulist-exception-wrong") == []


def test_the_pages_of_consent(at: Seat, region: Region, album: Album) -> None:
    coordinator = at("zorgcoordinator")
    here = f"/cases/{region.case()}/consent/{region.ids['subjects']['s1']}/"
    other = f"/cases/{region.case('c3')}/consent/{region.ids['subjects']['s5']}/"
    found = pages_of(coordinator, album, {"consent-list": "/consent/", "consent": here, "consent-hulp": other})
    found += pages_of(
        coordinator,
        album,
        {
            "consent-start": "/consent/new/",
            "consent-back": "/consent/withdraw/",
            "shared": f"{here}shared/",
            "away": "/notes/",
        },
    )
    page = coordinator.open(here).page
    page.click("button[name=step][value=review]")
    found += album.look(page, "zorgcoordinator-consent-wrong")
    speak_freely(page)
    for name, value in {"gez-kwintes": "yes", "gez-politie": "no", "vbl-zvh_procesregie": "later"}.items():
        wanted = page.locator(f"label:has([name=line-{name}][value={value}])")
        if wanted.count():
            wanted.click()
    page.click("button[name=step][value=review]")
    expect(page.locator("#finish-title")).to_be_visible()
    found += album.look(page, "zorgcoordinator-consent-review")
    assert found == []


def test_the_pages_of_the_notices(at: Seat, album: Album) -> None:
    coordinator = at("zorgcoordinator")
    found = pages_of(coordinator, album, {"notices": "/consent/notices/"})
    page = coordinator.page
    page.locator("#ar summary").click()
    page.locator("#ar button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += album.look(page, "zorgcoordinator-notices-wrong")
    page.fill("#ar-name", "I. Bin Fictief")
    page.fill("#ar-qualification", "beëdigd tolk Arabisch")
    page.check("#ar-read")
    page.locator("#ar button").click()
    expect(page.locator(".notice-good")).to_be_visible()
    found += album.look(page, "zorgcoordinator-notices-reviewed")
    assert found + coordinator.trouble + coordinator.inline == []


def test_the_pages_of_oversight(at: Seat, album: Album) -> None:
    paths = {
        "log": "/log/",
        "log-refused": "/log/?ask=refused&only=exception",
        "log-person": "/log/?ask=person&period=",
        "log-rights": "/log/?ask=rights&period=",
        "log-nothing": "/log/?first=01-01-2020&last=02-01-2020",
        "covenant": "/covenant/",
        "me": "/me/",
    }
    assert pages_of(at("privacy"), album, paths) == []


def test_the_pages_of_the_overview_and_of_taking_the_log_out(at: Seat, region: Region, album: Album) -> None:
    at("politie").open(f"/cases/{region.case()}/")
    at("kwintes").open(f"/cases/{region.case()}/")
    officer, subject = at("privacy"), region.ids["subjects"]["s1"]
    found = pages_of(
        officer,
        album,
        {
            "overview-choose": "/log/overview/?purpose=lawfulness",
            "overview-chosen": f"/log/overview/?case={region.case()}",
            "overview": f"/log/overview/{subject}/",
            "overview-nothing": f"/log/overview/{subject}/?first=01-01-2020&last=02-01-2020",
            "exports": "/log/exports/",
            "exports-wrong": "/log/exports/file?form=ldv&first=02-01-2026&last=01-01-2026",
        },
    )
    page = officer.open(f"/log/overview/{subject}/").page
    for words in ("Een verzoek vastleggen", "Namen weglaten"):
        page.locator("summary", has_text=words).click()
    found += album.look(page, "privacy-overview-forms")
    page.locator("button", has_text="Laat deze namen weg").click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += album.look(page, "privacy-overview-wrong")
    page.select_option("[name=invoked_by]", "politie")
    page.select_option("[name=whose]", "party:politie")
    page.check("[name=grounds][value=d]")
    page.check("[name=told][value=yes]")
    page.fill("[name=review_on]", "23-11-2099")
    page.locator("button", has_text="Laat deze namen weg").click()
    expect(page.get_by_text("Namen van medewerkers van politie staan er niet bij")).to_be_visible()
    page.locator("summary", has_text="Een verzoek vastleggen").click()
    page.locator("button", has_text="Vastleggen").click()
    expect(page.get_by_text("Antwoord uiterlijk op")).to_be_visible()
    found += album.look(page, "privacy-overview-decided")
    assert found + officer.trouble + officer.inline == []


def test_the_pages_of_reviewing_and_of_cover(at: Seat, region: Region, album: Album) -> None:
    police, officer = at("politie"), at("privacy")
    for _ in range(6):  # what is not hers, six times: that is up for review
        police.page.goto(f"{region.url}/log/")
    page = officer.open("/log/review/?purpose=internal_control").page
    row = page.locator("li", has_text="weigeringen")
    for _ in range(100):  # until the entries have their places in the log
        if row.count():
            break
        page.click("text=Nu bijwerken")
    found = album.look(page, "review")
    row.get_by_role("link", name="Beoordeel").click()
    found += album.look(page, "review-finding")
    page.click("text=Leg het oordeel vast")
    found += album.look(page, "review-wrong")
    page.click("main form button:has-text('Vraag waarom')")
    expect(page.locator(".notice-good")).to_be_visible()
    found += album.look(page, "review-asked")
    found += answered(police, album)
    page.goto(f"{region.url}/log/review/")
    row.get_by_role("link", name="Beoordeel").click()
    page.check("[name=verdict][value=explained]", force=True)
    page.fill("[name=note]", "Zij zocht het logboek en vond het niet.")
    page.click("text=Leg het oordeel vast")
    found += pages_of(officer, album, {"sample": "/log/sample/", "review-judged": "/log/review/?show=judged"})
    row.get_by_role("link", name="Bekijk").click()
    found += album.look(page, "review-done")
    found += pages_of(police, album, {"cover": "/me/cover/"})
    person = region.ids["people"]["u-politie"]
    assert found + pages_of(at("beheer"), album, {"cover-of": f"/people/{person}/cover/"}) == []


def answered(police: Guest, album: Album) -> list[str]:
    """Find the question on the start page and answer it, with a mistake first; return what is wrong."""
    page = police.open("/").page
    found = album.look(page, "politie-asked")
    page.click("text=Lees de vraag")
    found += album.look(page, "politie-questions")
    page.click(BUTTON)
    found += album.look(page, "politie-questions-wrong")
    page.fill("main textarea", "Ik dacht dat ook ik het logboek mocht lezen.")
    page.click(BUTTON)
    return found + album.look(page, "politie-answered") + police.trouble + police.inline


def test_the_room_from_the_door_to_the_end(at: Seat, region: Region, album: Album) -> None:
    chair, police, kwintes = at("voorzitter"), at("politie"), at("kwintes")
    conference = region.conference()
    police.page.goto(f"{region.url}/conferences/{conference}/")
    police.page.wait_for_selector("#agree")
    found = album.look(police.page, "room-door")
    for one in (chair, police, kwintes):
        one.enter(conference)
    found += album.look(police.page, "room-waiting", whole=False)
    found += album.look(chair.page, "room-before", whole=False)
    title = title_at(chair, 1)
    go_on_to(chair, title)
    for one in (chair, police, kwintes):
        expect(one.page.locator("h1")).to_have_text(title)
        found += album.look(one.page, f"room-{one.username}", whole=False)
    found += states(chair, album)
    assert found + [words for one in (chair, police, kwintes) for words in one.trouble + one.inline] == []


def states(chair: Guest, album: Album) -> list[str]:
    """The room of the chair with each of its tools in use, and its parts on a phone."""
    page, found = chair.page, []
    for tab in ("Besluit", "Actie", "Eigen gegeven"):
        page.locator(".composer-tab", has_text=tab).click()
        found += album.look(page, f"room-compose-{tab.split()[0].lower()}", whole=False)
    page.locator(".composer-tab", has_text="Besluit").click()
    page.locator(".composer-row button[type=submit]").click()
    expect(page.locator("#compose-errors")).to_be_visible()
    found += album.look(page, "room-compose-wrong", whole=False)
    page.fill("#compose-text", "De kamer van @betr")
    expect(page.locator("#people-list")).to_be_visible()
    found += album.look(page, "room-naming", whole=False)
    page.fill("#compose-text", "")
    for open_with, name in ((".scope button, .scope summary", "kinds"), (".room-help", "help")):
        if page.locator(open_with).count():
            page.locator(open_with).first.click()
            found += album.look(page, f"room-{name}", whole=False)
    page.keyboard.press("Escape")
    page.locator("[data-region=arrange] summary").click()
    found += album.look(page, "room-arrange", whole=False)
    for panel in ("minutes", "decisions", "actions", "table", "case"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.click(f".tab-{panel}")
        found += album.look(page, f"room-part-{panel}", whole=False, modes=["phone"])
    page.locator(".button-blank").click()
    found += album.look(page, "room-blank", whole=False)
    page.locator(".blank button").click()
    return found


def test_what_is_shown_while_the_log_cannot_be_written(at: Seat, region: Region, album: Album) -> None:
    police, chair = at("politie"), at("voorzitter").enter(region.conference())
    with contextlib.closing(sqlite3.connect(region.database, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        police.page.goto(f"{region.url}/cases/{region.case()}/", timeout=30_000)
        found = album.look(police.page, "503")
        chair.page.fill("#compose-text", "Dit komt later aan")
        chair.page.locator(".composer-row button[type=submit]").click()
        expect(chair.page.locator(".refused")).to_be_visible(timeout=20_000)
        found += album.look(chair.page, "room-log-down", whole=False)
        connection.execute("ROLLBACK")
    assert found == []


def test_what_is_shown_when_a_seal_is_broken(at: Seat, region: Region, album: Album) -> None:
    oversight = at("oov")
    with contextlib.closing(sqlite3.connect(region.database, timeout=10, isolation_level=None)) as connection:
        case = region.case("c5").replace("-", "")
        changed = connection.execute(
            "UPDATE cases_item SET sealed = zeroblob(length(sealed)) WHERE case_id = ?", (case,)
        )
        assert changed.rowcount == 1
    oversight.open(f"/cases/{region.case('c5')}/")
    assert album.look(oversight.page, "503-keys") + oversight.trouble == []


ASK = """
import json, django
from tests import environment
environment.lay()
environment.read_settings()
django.setup()
from frontend.urls import urlpatterns
print(json.dumps({one.name: "/" + str(one.pattern) for one in urlpatterns}))
"""


@functools.cache
def addresses() -> dict[str, str]:
    """Every address of the product by its name, as its pattern; asked of a process of its own."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=environ(), capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def name_of(path: str) -> str:
    """Under which name the product knows an address."""
    for name, pattern in addresses().items():
        if re.fullmatch(re.sub(r"<\w+:\w+>", "[^/]+", pattern), path):
            return name
    return ""


def test_every_page_of_the_product_was_looked_at(region: Region, album: Album) -> None:
    seen = {name_of(url.removeprefix(region.url).partition("?")[0]) for url in album.seen}
    assert {name for name in addresses() if not SENT_ONLY.match(name)} - NO_PAGES - seen == set()
