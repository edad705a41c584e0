"""A page looked at in each look and size: what axe finds, what sticks out, and a picture to lay beside others."""

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

from tests.browser.conftest import AXE, RULES

Look = Literal["light", "dark"]
Violation = dict[str, Any]
# Between light and dark only colours differ.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# A laptop in both looks, and a phone.
SIZES: dict[str, tuple[int, int, Look]] = {
    "light": (1366, 768, "light"),
    "dark": (1366, 768, "dark"),
    "phone": (390, 844, "light"),
}
STICKS_OUT = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .filter(one => !one.closest('.table-scroll, .hidden-visually'))
    .slice(0, 3).map(one => one.outerHTML.slice(0, 80))"""
IN_VIEW = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Album:
    """`seen` keeps the address of each page that was looked at; without a folder no picture is taken."""

    folder: Path | None
    seen: list[str] = field(default_factory=list)

    @classmethod
    def named(cls) -> "Album":
        """The album in the folder that PICTURES names, or one without pictures."""
        folder = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    def look(self, page: Page, name: str, *, whole: bool = True, modes: Collection[str] = SIZES) -> list[str]:
        """Look at a page as it is now in every size and look (or some); return what is wrong, in words.

        `whole`: picture the page to its end.
        """
        page.wait_for_load_state()
        self.seen.append(page.url)
        found: list[str] = []
        for mode in modes:
            width, height, colours = SIZES[mode]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=colours)
            page.evaluate(IN_VIEW)
            if self.folder:
                page.screenshot(path=self.folder / f"{name}-{mode}.png", full_page=whole)
            found += [f"{name}, {mode}: {words}" for words in wrong(page, OF_COLOURS if mode == "dark" else RULES)]
        page.set_viewport_size({"width": 1366, "height": 768})
        page.emulate_media(color_scheme="light")
        return found


def wrong(page: Page, only: Collection[str] = RULES) -> list[str]:
    """What axe-core finds, and what makes the page scroll sideways."""
    page.wait_for_load_state()
    found = [f"{rule['id']} at {node['target']}" for rule in axe(page, only) for node in rule["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"scrolls sideways: {page.evaluate(STICKS_OUT)}")
    return found


def axe(page: Page, only: Collection[str] = RULES) -> list[Violation]:
    """The violations on a page as it is now; axe-core is put in once per document, past its policy."""
    if not page.evaluate("'axe' in window"):
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8") + ";1"})
        session.detach()
    options = json.dumps({"runOnly": list(only), "resultTypes": ["violations"]})
    found: list[dict[str, list[dict[str, str]]]] = page.evaluate(
        f"axe.run(document, {options}).then(r => r.violations)"
    )
    return found
