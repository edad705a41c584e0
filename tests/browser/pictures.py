"""Makes the pictures of the README anew: `python -m tests.browser.pictures`."""

import base64
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from conference.clock import AMSTERDAM
from tests import programs
from tests.browser.conftest import QUIET
from tests.browser.people import Guest, Region, demo_region, go_on_to, seat, title_at

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MOMENT = datetime(2026, 11, 23, 13, 25, tzinfo=AMSTERDAM)
PRESENT = ("voorzitter", "notulist", "politie", "veiligthuis", "zorgcoordinator", "kwintes")
LARGEST = 250_000  # bytes: a README is read on a train too
SIDE_BY_SIDE = """<style>
    body {{ margin: 0; display: flex; gap: 12px; background: #cdb9d9; padding: 12px; width: 1420px }}
    figure {{ margin: 0; flex: 1 }}
    img {{ display: block; width: 100%; border-radius: 8px }}
</style><figure><img src="{}"></figure><figure><img src="{}"></figure>"""


def main() -> int:
    """Write both pictures and return 0, or 1 when one of them has become too large."""
    found = programs.chromium()
    if found is None:
        sys.stderr.write("No Chromium found.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        with demo_region(Path(folder), MOMENT) as region:
            people = {name: seat(browser, region, name) for name in PRESENT}
            _meet(people, region)
            made = [_room(people["voorzitter"]), _two_views(browser, people)]
        browser.close()
    for path in made:
        sys.stdout.write(f"{os.path.relpath(path)}: {path.stat().st_size} bytes\n")
    return int(any(path.stat().st_size > LARGEST for path in made))


def _meet(people: dict[str, Guest], region: Region) -> None:
    """Everybody comes in, and the chair opens the first case."""
    for one in people.values():
        one.enter(region.conference())
    chair = people["voorzitter"]
    title = title_at(chair, 1)
    go_on_to(chair, title)
    for one in people.values():
        expect(one.page.locator("h1")).to_have_text(title)
        one.page.mouse.move(0, 0)
        one.page.wait_for_timeout(500)


def _room(chair: Guest) -> Path:
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / "room.png"
    chair.page.screenshot(path=path)
    return path


def _two_views(browser: Browser, people: dict[str, Guest]) -> Path:
    """The same moment with the chair and with the police."""
    shots = [people[name].page.screenshot() for name in ("voorzitter", "politie")]
    inlined = [f"data:image/png;base64,{base64.b64encode(shot).decode()}" for shot in shots]
    page = browser.new_page(viewport={"width": 1444, "height": 418})
    page.set_content(SIDE_BY_SIDE.format(*inlined))
    path = IMAGES / "two-views.png"
    page.screenshot(path=path, full_page=True)
    page.close()
    return path


if __name__ == "__main__":
    sys.exit(main())
