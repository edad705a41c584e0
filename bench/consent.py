"""How fast a withdrawal works: from the telephone page in one browser to another person's screen in another.

    python -m bench.consent [--rounds 50] [--json FILE]

Two real Chromium processes on one real program. The care coordinator stands at a betrokkene's telephone page and
sends the form "Intrekken"; somebody of the party that loses the consent has the case open in the live room. Each
round: one line, one item. It begins when the form is sent and ends when the item's words are out of the other
page's DOM; both pages read the same machine's clock.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import QUIET, Person
from tests.browser.people import WATCH
from tests.server import Server, Store
from tests.world import PURPOSE, consent, item, tiny_world

ROUNDS = 50
PEOPLE_PER_CASE, KINDS = 5, ("gez", "hlp")  # each under a supplier's secrecy: read with consent only
LOSER, PARTY, KEEPER = "kw", "kwintes", "zc"
PATIENCE = 10_000  # ms
SEND = """kind => {
    const forms = [...document.querySelectorAll('form[action$="/withdraw/"]')];
    const form = forms.find(one => one.elements.party.value === 'kwintes' && one.elements.category.value === kind);
    const began = Date.now();
    form.requestSubmit();
    return began;
}"""


@dataclass(frozen=True, slots=True)
class Line:
    """One round: a case, a betrokkene, a kind, and the words of the item that hangs on it."""

    point: int
    case: str
    subject: str
    category: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """Milliseconds from the form to the other screen."""

    rounds: int
    p50: float
    p95: float
    most: float
    each: list[float]


def scene(rounds: int) -> tuple[dict[str, Any], list[Line]]:
    """Return a world with a line and an item for each round, ten to a case, and the rounds."""
    made = tiny_world()
    people = [f"p{number}" for number in range(-(-rounds // len(KINDS)))]
    cases, lines = [], []
    for number in range(0, len(people), PEOPLE_PER_CASE):
        case, point = f"k{number}", number // PEOPLE_PER_CASE
        here = people[number : number + PEOPLE_PER_CASE]
        cases.append(_case(case, here))
        lines += [Line(point, case, who, kind, f"woorden-{who}-{kind}.") for who in here for kind in KINDS]
    agenda = [{"id": f"a-{case['id']}", "case": case["id"], "title": "Punt", "minutes": 10} for case in cases]
    conference = made["conferences"][0] | {"agenda": agenda}
    return made | {"cases": cases, "conferences": [conference]}, lines[:rounds]


def _case(name: str, people: list[str]) -> dict[str, Any]:
    bringing = {"gez": "zorgcoordinator", "hlp": "ggz"}
    return {
        "id": name,
        "track": "wgs",
        "phase": "overleg",
        "purpose": PURPOSE,
        "municipality": "Veenstad",
        "form": "criminele uitbuiting",
        "parties": ["politie", "zorgcoordinator", PARTY, "ggz"],
        "subjects": [{"id": who, "role": "victim", "registered_by": "zorgcoordinator"} for who in people],
        "items": [
            item(f"{who}-{kind}", bringing[kind], kind, who, text=f"woorden-{who}-{kind}.")
            for who in people
            for kind in KINDS
        ],
        "consents": [consent(PARTY, kind, who, until="2027-04-01") for who in people for kind in KINDS],
    }


@contextmanager
def served(folder: Path, rounds: int) -> Iterator[tuple[Server, dict[str, dict[str, str]], list[Line]]]:
    """Seed a store with the scene and serve it."""
    made, lines = scene(rounds)
    file = folder / "world.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    with Store.make(folder / "store") as store:
        ids = store.json("seed", str(file))
        with store.serve("--port", "0") as server:
            yield server, ids, lines


def at_browser(browser: Browser, server: Server, name: str) -> Person:
    """Log somebody in at a browser of her own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="nl-NL")
    return Person(context, server.url).log_in(name)


def withdraw(keeper: Page, loser: Page, url: str, ids: dict[str, dict[str, str]], line: Line) -> float:
    """One round; return the milliseconds from form to screen. Raises playwright's TimeoutError after 10 s."""
    loser.locator(".agenda-list .agenda-row").nth(line.point).click()
    loser.get_by_text(line.words).first.wait_for()
    loser.evaluate(WATCH, line.words)
    keeper.goto(f"{url}/cases/{ids['cases'][line.case]}/consent/{ids['subjects'][line.subject]}/")
    with keeper.expect_navigation():
        began = keeper.evaluate(SEND, line.category)
    loser.wait_for_function("words => window.seen[words].gone", arg=line.words, timeout=PATIENCE)
    gone: float = loser.evaluate("words => window.seen[words].gone", line.words)
    return gone - float(began)


def measure(rounds: int, tell: Callable[[str], None] = print) -> Result:
    """Carry out the rounds, one after the other."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), rounds) as (server, ids, lines),
        sync_playwright() as playwright,
    ):
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browsers = [playwright.chromium.launch(executable_path=path, args=QUIET) for _ in range(2)]
        keeper, loser = (at_browser(one, server, who) for one, who in zip(browsers, (KEEPER, LOSER), strict=True))
        loser.enter(ids["conferences"]["o1"])
        each = [withdraw(keeper.page, loser.page, server.url, ids, line) for line in lines]
        for browser in browsers:
            browser.close()
    found = summary(each)
    tell(f"{found.rounds} withdrawals: p50 {found.p50:.0f} ms, p95 {found.p95:.0f} ms, max {found.most:.0f} ms")
    return found


def summary(each: list[float]) -> Result:
    """Return median, 95th percentile (nearest rank) and the slowest."""
    ordered = sorted(each)
    place = max(0, -(-95 * len(ordered) // 100) - 1)
    return Result(len(each), median(ordered), ordered[place], ordered[-1], each)


def main() -> None:
    """Measure, print, and keep the figures when asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.consent", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.rounds)
    if options.json:
        options.json.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
