"""A meeting of the demo's region in a real browser: everybody logs in for real, and keeps every frame that came."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response, WebSocket

from conference.demo.people import PASSPHRASE
from conference.demo.world import world
from tests.browser.conftest import Person
from tests.client import totp
from tests.server import Server, Store

BUTTON = "main form button.button"
CODE_PAGE = re.compile(r"/login/code/")
ELSEWHERE = re.compile(r"^(?!.*/login/).*$")
INLINE = re.compile(rb"<[^>]+\sstyle\s*=|<style[\s>]", re.IGNORECASE)
# A page that is meant to be an error says so in the console too; that is no trouble.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")


@dataclass
class Region:
    """The demo's region, served: its world as it was seeded, and the ids that the product gave."""

    store: Store
    server: Server
    ids: dict[str, dict[str, str]]
    world: dict[str, Any]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def database(self) -> Path:
        """The file of the store's SQLite database."""
        return next(self.store.data.rglob("*.sqlite3"))

    def conference(self, name: str = "o1") -> str:
        return self.ids["conferences"][name]

    def case(self, name: str = "c1") -> str:
        return self.ids["cases"][name]

    def secret(self, username: str) -> str:
        """The key of somebody's second factor."""
        return next(str(one["totp_secret"]) for one in self.world["people"] if one["username"] == username)


@contextlib.contextmanager
def demo_region(folder: Path, now: datetime | None = None, *, codes: int = 0) -> Iterator[Region]:
    """Serve the demo's world, set around `now` (the machine's), from a store of its own.

    `codes`: so many recovery codes for everybody, for who logs in more often than an app gives codes.
    """
    made = world(now or datetime.now(UTC))
    for one in made["people"]:
        one["backup_codes"] = [f"{one['username']}-{number:04d}" for number in range(codes)]
    file = folder / "world.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(file))
        with store.serve() as server:
            yield Region(store, server, ids, made)


@dataclass
class Frames:
    """Every frame that a page's sockets got and sent, as text."""

    got: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.got.append(_text(frame)))
        socket.on("framesent", lambda frame: self.sent.append(_text(frame)))

    def holds(self, words: str) -> bool:
        """Whether the words stand in any frame that was received."""
        return any(words in frame for frame in self.got)

    def commands(self, do: str) -> list[dict[str, Any]]:
        """The commands of one kind that went out, each as often as it went."""
        known = [json.loads(frame) for frame in self.sent]
        return [frame for frame in known if frame.get("do") == do]


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode()


class Guest(Person):
    """Somebody of the demo's region at a browser of her own."""

    def __init__(self, context: BrowserContext, region: Region, username: str) -> None:
        self.region = region
        self.username = username
        self.frames = Frames()
        self.inline: list[str] = []
        super().__init__(context, region.url)

    def new_page(self) -> Page:
        page = super().new_page()
        page.on("websocket", self.frames.listen)
        page.on("response", self._look_for_inline)
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        return page

    def _complain(self, words: str) -> None:
        if not EXPECTED.match(words):
            self.trouble.append(words)

    def _look_for_inline(self, response: Response) -> None:
        if "text/html" in response.headers.get("content-type", "") and response.status not in {301, 302, 303}:
            with contextlib.suppress(Exception):  # a page that was left before its body was read
                if INLINE.search(response.body()):
                    self.inline.append(response.url)

    def log_in(self, username: str = "", *, code: str = "") -> "Guest":
        """Log in with password and code, as people do; `code`: a recovery code in place of the app's."""
        self.give_password(username or self.username)
        self._give_code(code)
        return self

    def give_password(self, username: str) -> None:
        """The first of the two factors."""
        self.page.goto(f"{self.url}/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSPHRASE)
        self.page.click(BUTTON)
        self.page.wait_for_url(CODE_PAGE)

    def _give_code(self, code: str = "") -> None:
        self.page.fill("[name=code]", code or totp(self.region.secret(self.username)))
        self.page.click(BUTTON)
        self.page.wait_for_url(ELSEWHERE)

    def open(self, path: str) -> "Guest":
        """Open a page, with a new code where it asks for one."""
        self.page.goto(self.url + path)
        if CODE_PAGE.search(self.page.url):
            self._give_code()
        return self

    def watch(self, words: str) -> None:
        """Note from now on when these words come on the screen and when they have gone."""
        self.page.evaluate(WATCH, words)

    def came(self, words: str) -> float:
        """When they came, in ms since 1970."""
        return float(self.page.evaluate("words => window.seen[words].came", words))

    def went(self, words: str) -> float:
        """When they had gone, in ms since 1970."""
        return float(self.page.evaluate("words => window.seen[words].gone", words))

    def shows(self, words: str) -> bool:
        """Whether the words stand anywhere in the page, visible or not."""
        return words in self.page.content()


WATCH = """words => {
    const kept = {came: 0, gone: 0};
    (window.seen ??= {})[words] = kept;
    const look = () => {
        const there = document.body.textContent.includes(words);
        if (there && !kept.came) kept.came = Date.now();
        if (!there && kept.came && !kept.gone) kept.gone = Date.now();
    };
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
    look();
}"""


SAID = {
    "alone": "ja",
    "overheard": "nee",
    "pressure": "nee",
    "interpreter": "geen",
    "capacity": "ja",
    "witness": "geen",
}


def speak_freely(page: Page) -> None:
    """Answer on the telephone page all that a yes asks for beside the choices: she speaks Dutch, alone and free."""
    for name, answer in SAID.items():
        page.check(f"[name={name}][value={answer}]", force=True)
    page.fill("[name=interpreter_told]", "zij spreekt Nederlands")
    for name in ("free", "apart"):
        page.check(f"[name={name}]")


def clicked_at() -> float:
    """This moment in ms since 1970, as the pages count."""
    return time.time() * 1000


def seat(browser: Browser, region: Region, username: str) -> Guest:
    """Somebody who has logged in, at a browser of her own."""
    return stranger(browser, region, username).log_in()


def stranger(browser: Browser, region: Region, username: str = "") -> Guest:
    """Somebody at a browser of her own who has not logged in."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="nl-NL")
    return Guest(context, region, username)


def title_at(chair: Guest, place: int) -> str:
    """The title at a place of the agenda, counted from 0, without the marks that stand under it."""
    named = chair.page.locator(".agenda-list li").nth(place).locator(".agenda-name").inner_text()
    return str(named).split("\n")[0]


def go_on_to(chair: Guest, title: str) -> None:
    """Start item after item until the one with this title is open."""
    now = chair.page.locator(".agenda-list [aria-current=step]")
    for _ in range(chair.page.locator(".agenda-list li").count() + 1):
        before = now.inner_text() if now.count() else None
        if before is not None and title in before:
            return
        chair.go_on()
    raise AssertionError(f"no item with {title}")
