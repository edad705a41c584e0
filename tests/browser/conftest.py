"""A real server on a small world, a real Chromium, and people who log in with two factors."""

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Cookie, Page, expect, sync_playwright

from tests.client import totp
from tests.server import Server, Store
from tests.world import TOTP, tiny_world

# Generous: on a machine where much else runs at the same time a page may take its time.
expect.set_options(timeout=20_000)
PATIENCE_MS = 30_000

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "koffie op de lange tafel"
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, dict[str, str]]]]:
    """The small world, served; with the ids that the product gave."""
    folder = tmp_path_factory.mktemp("browser")
    world = folder / "world.json"
    world.write_text(json.dumps(tiny_world()), encoding="utf-8")
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(world))
        with store.serve("--port", "0") as server:
            yield server, ids


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=QUIET
        )
        yield browser
        browser.close()


class Person:
    """Somebody at a real browser; `trouble` holds what the browser complained about."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.trouble: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console", lambda said: self.trouble.append(said.text) if "Content Security Policy" in said.text else None
        )
        return page

    def log_in(self, username: str) -> "Person":
        page = self.page
        page.goto(f"{self.url}/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.button")
        page.fill("[name=code]", totp(TOTP))
        page.click("main form button.button")
        page.wait_for_url(re.compile(r"^(?!.*/login/).*$"))
        return self

    def enter(self, conference: str) -> "Person":
        self.page.goto(f"{self.url}/conferences/{conference}/")
        self.page.wait_for_selector("#agree, .room")
        if self.page.query_selector("#agree"):
            self.page.check("#agree")
            self.page.click("main form button.button")
        self.page.wait_for_selector(".room")
        return self

    def go_on(self) -> None:
        """Go on to the next item as the chair does, and see that it is the open one."""
        now = self.page.locator(".agenda-list [aria-current=step]")
        before = now.inner_text() if now.count() else None
        self.page.locator(".agenda > .steer").click()
        expect(now).to_be_visible()
        if before is not None:
            expect(now).not_to_have_text(before, use_inner_text=True)

    @contextlib.contextmanager
    def offline(self) -> Iterator[None]:
        """Without a network, and with it again whatever happens: others use this context after us."""
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)

    def axe(self) -> list[str]:
        """What axe-core finds wrong on the page as it is now: rule and place."""
        self.page.wait_for_load_state()
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8") + ";1"})
        found = self.page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})")
        return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.fixture(scope="module")
def logged_in(chromium: Browser, served: tuple[Server, dict[str, dict[str, str]]]) -> Callable[[str], list[Cookie]]:
    """Somebody's cookies after two factors; each logs in once, for a code works once."""
    known: dict[str, list[Cookie]] = {}

    def cookies(username: str) -> list[Cookie]:
        if username not in known:
            context = chromium.new_context()
            Person(context, served[0].url).log_in(username)
            known[username] = context.cookies()
            context.close()
        return known[username]

    return cookies


@pytest.fixture
def person(
    chromium: Browser, served: tuple[Server, dict[str, dict[str, str]]], logged_in: Callable[[str], list[Cookie]]
) -> Iterator[Callable[..., Person]]:
    """`person(username, width=..., height=..., dark=...)`: somebody who has logged in."""
    open_contexts: list[BrowserContext] = []

    def make(username: str, *, width: int = 1366, height: int = 768, dark: bool = False, script: bool = True) -> Person:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.add_cookies([{**cookie} for cookie in logged_in(username)])  # type: ignore[typeddict-item]
        open_contexts.append(context)
        return Person(context, served[0].url)

    yield make
    for context in open_contexts:
        context.close()


@pytest.fixture
def o1(served: tuple[Server, dict[str, dict[str, str]]]) -> str:
    """The id of the first conference."""
    return served[1]["conferences"]["o1"]
