"""From an empty folder to two people who meet: init, covenant, serve, invite, open, plan, confer. No seed, no demo."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import yaml

from conference import clock
from conference.covenant import example
from tests.client import Browser, totp
from tests.server import Store

PASSWORD = "zeven gele fietsen rijden weg"
LINK = re.compile(r'id="link"[^>]*>([^<]+)<')
KEY = re.compile(r'id="key"[^>]*>([A-Z2-7 ]+)<')
CODE = re.compile(r'<li class="figures">([0-9A-Z-]+)</li>')
MADE = re.compile(r"/(?:cases|conferences)/([0-9a-f-]{36})/")


@dataclass
class Someone:
    """A person with a browser of her own, who enrolled through the link that she was given."""

    username: str
    browser: Browser
    codes: list[str] = field(default_factory=list)

    @classmethod
    def enrol(cls, open_now: ExitStack, url: str, username: str, link: str) -> "Someone":
        """Go through the three steps of an invitation, then log in with a recovery code: the app's one is used."""
        person = cls(username, open_now.enter_context(Browser(url)))
        browser = person.browser
        assert browser.get(link).headers["location"] == "/enrol/"
        first = browser.submit("/enrol/", new=PASSWORD, repeated=PASSWORD, secrecy="on")
        assert first.headers.get("location") == "/enrol/app/", first.text
        key = KEY.search(browser.get("/enrol/app/").text)
        assert key
        second = browser.submit("/enrol/app/", code=totp(key[1]))
        assert second.headers.get("location") == "/enrol/codes/", second.text
        person.codes = CODE.findall(browser.get("/enrol/codes/").text)
        assert browser.submit("/enrol/codes/", kept="on").headers["location"] == "/login/"
        browser.password(username, PASSWORD)
        entered = browser.submit("/login/code/?recovery=1", code=person.codes.pop())
        assert entered.status_code == 302, entered.text
        return person

    def read(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return unescape(answer.text)

    def fill_in(self, path: str, page: str = "", **fields: Any) -> httpx.Response:
        """Open a page, send a form of it, and follow to what comes next; a page that is shown again is a failure."""
        shown = self.read(page or path)
        once = re.search(r'name="once" value="([^"]+)"', shown)
        sent = fields | ({"once": once[1]} if once else {})
        answer = self.browser.submit(path, page=page or path, follow=True, **sent)
        assert answer.status_code == 200
        assert 'class="error-summary"' not in answer.text, re.findall(
            r'class="field-error".*?</p>', answer.text, re.DOTALL
        )
        return answer

    def invite(self, username: str, name: str, party: str, *roles: str, family: str = "inhoud") -> str:
        """Make an account, as an administrator; return the link to hand over."""
        made = self.fill_in(
            "/people/new/",
            name=name,
            username=username,
            family=family,
            party=party,
            roles=list(roles),
            screened_until=str(clock.today() + timedelta(days=300)),
            trained_on=str(clock.today()),
        )
        link = LINK.search(made.text)
        assert link, made.text
        return unescape(link[1])


def approved_covenant(folder: Path) -> str:
    """A covenant of a region of its own, with everybody's approval in it."""
    data = yaml.safe_load(example.text())
    data["covenant"] |= {"id": "eigen-regio", "version": "1.0", "valid_from": date(2026, 1, 1)}
    file = folder / "covenant.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(file)


def id_in(answer: httpx.Response) -> str:
    """The id in the address that a form led to."""
    found = MADE.search(str(answer.url))
    assert found, str(answer.url)
    return found[1]


async def test_two_people_meet_in_a_store_that_began_as_an_empty_folder(store: Store) -> None:
    founded = store.json("init")
    with store.serve() as server, ExitStack() as browsers:
        administrator = Someone.enrol(browsers, server.url, "beheerder", founded["invitation"])
        waiting = administrator.invite("v.oorzitter", "V. Oorzitter", "zvh_procesregie", "chair", "process_coordinator")
        early = Someone.enrol(browsers, server.url, "v.oorzitter", waiting)
        assert "Er geldt nu geen convenant" in early.read("/")
        _nothing_can_be_opened(early)
        assert store.json("covenant", "adopt", approved_covenant(store.folder), "--yes")["active"] is True
        assert "Er geldt nu geen convenant" not in early.read("/"), "the running server rules by it at once"
        police, kwintes = (
            Someone.enrol(browsers, server.url, one, administrator.invite(one, name, party, "participant"))
            for one, name, party in (("a.gent", "A. Gent", "politie"), ("b.egeleider", "B. Egeleider", "kwintes"))
        )
        await _confer(early, police, kwintes)


def _nothing_can_be_opened(chair: Someone) -> None:
    answer = chair.browser.submit("/cases/new/", purpose="hulp", track="wgs")
    assert "Er geldt nu geen convenant" in unescape(answer.text)


async def _confer(chair: Someone, police: Someone, kwintes: Someone) -> None:
    case = _open_case(chair)
    assert police.read(f"/cases/{case}/")
    assert kwintes.browser.get(f"/cases/{case}/").status_code == 404
    conference = _plan(chair, "A. Gent", "B. Egeleider")
    async with (
        chair.browser.room(conference) as leading,
        police.browser.room(conference) as taking_part,
        kwintes.browser.room(conference) as elsewhere,
    ):
        added = await leading.do("agenda_item.add", case=case, title="Kennismaken", minutes=10)
        assert added["type"] == "ack", added
        await leading.do("agenda_item.start", key=added["key"])
        said = await leading.do(
            "decision.propose", agenda_item=added["key"].partition(":")[2], text="We beginnen.", category="prc"
        )
        assert said["type"] == "ack", said
        await taking_part.until(lambda: said["key"] in taking_part.view)
        assert taking_part.view[said["key"]]["text"] == "We beginnen."
        names = {body["name"] for body in taking_part.objects("subject").values()}
        assert names == {"Mila Verzonnen"}
        objected = await taking_part.do("decision.dissent", key=said["key"], reason="Te snel.")
        assert objected["type"] == "ack", objected
        await leading.until(lambda: bool(leading.view[said["key"]]["dissent"]))
        assert not [key for key in elsewhere.view if key.partition(":")[0] in {"case", "decision", "subject"}]
        _take_out(chair, conference, "A. Gent")
        await taking_part.until(lambda: taking_part.closed is not None)
        assert taking_part.closed == 4403
    assert police.browser.get(f"/conferences/{conference}/").status_code == 404


def _open_case(chair: Someone) -> str:
    """Open a case, register whom it is about, let the police take part, and move it to the conference."""
    opened = chair.fill_in("/cases/new/", purpose="hulp en veiligheid", track="wgs", parties=["politie"])
    case = id_in(opened)
    manage = f"/cases/{case}/manage/"
    subject = {
        "new-protected": "no",
        "new-role": "victim",
        "new-name": "Mila Verzonnen",
        "new-birth_date": "06-05-2001",
    }
    assert "Mila Verzonnen" in chair.fill_in(f"{manage}subject/", manage, **subject).text
    for phase in ("triage", "overleg"):
        chair.fill_in(f"{manage}phase/", manage, phase=phase)
    assert "fase overleg" in chair.read(f"/cases/{case}/")
    return case


def _plan(chair: Someone, *names: str) -> str:
    shown = chair.read("/conferences/new/")
    ids = dict(re.findall(r'<input type="checkbox" name="people" value="([^"]+)"[^>]*>\s*<span>([^·<]+) ·', shown))
    people = [one for one, name in ids.items() if name in names]
    assert len(people) == len(names)
    leader = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>V\. Oorzitter', shown)
    assert leader
    day = (clock.today() + timedelta(days=1)).strftime("%d-%m-%Y")
    planned = chair.fill_in(
        "/conferences/new/", title="Eerste overleg", day=day, time="13.30", chair=leader[1], people=people
    )
    return id_in(planned)


def _take_out(chair: Someone, conference: str, name: str) -> None:
    page = f"/conferences/{conference}/people/"
    shown = chair.read(page)
    found = re.search(
        rf'name="removed" value="([0-9a-f-]{{36}})">(?:(?!name="removed").)*?: {re.escape(name)}<', shown, re.DOTALL
    )
    assert found, shown
    chair.fill_in(page, removed=found[1])
