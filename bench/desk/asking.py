"""Every question of the desk, asked many times: its newest page, and one from years ago."""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from audit.days import start_of
from audit.growth import integrator
from bench.desk.filling import Made, say
from bench.desk.years import YEARS, Cast
from conference import clock
from conference.accounts.models import SignIn

BAR = 300.0  # ms, p95 of each question

Figures = dict[str, Any]
Asked = dict[str, str]
Taken = tuple[float, float]  # ms on the clock, ms of processor time


@dataclass(frozen=True)
class Asking:
    """Draws what is asked for, each time another."""

    cast: Cast
    choose: random.Random

    def case(self) -> Asked:
        return {"case": str(self.choose.choice(self.cast.cases))}

    def person(self) -> Asked:
        return {"person": str(self.choose.choice(self.cast.people))}

    def party(self) -> Asked:
        return {"party": self.choose.choice(sorted(set(self.cast.party.values())))}

    def subject(self) -> Asked:
        case = self.choose.choice(self.cast.cases)
        return {"case": str(case), "subject": str(self.choose.choice(self.cast.subjects[case]))}

    def month(self) -> Asked:
        year = clock.today().year - self.choose.randrange(1, YEARS)
        return {"period": f"{year}-{self.choose.randrange(1, 13):02d}"}


def questions(ask: Asking) -> dict[str, Callable[[], Asked]]:
    """Return the questions by name; without a period they are about all years."""
    return {
        "everything": dict,
        "everything in a month": ask.month,
        "who saw this case": ask.case,
        "who saw this case in a month": lambda: ask.case() | ask.month(),
        "who of this party saw this case": lambda: ask.case() | ask.party(),
        "refused in this case": lambda: ask.case() | {"only": "refused"},
        "what did this person see": lambda: {"ask": "person"} | ask.person(),
        "what did this person see in a month": lambda: {"ask": "person"} | ask.person() | ask.month(),
        "this person in this case": lambda: {"ask": "person"} | ask.person() | ask.case(),
        "what was this person refused": lambda: {"ask": "refused"} | ask.person(),
        "what did this party see": lambda: {"ask": "party"} | ask.party(),
        "what did this party see in a month": lambda: {"ask": "party"} | ask.party() | ask.month(),
        "what was this party refused": lambda: {"ask": "refused"} | ask.party(),
        "who saw this subject": ask.subject,
        "what did this person see of this subject": lambda: ask.subject() | ask.person(),
        "refusals": lambda: {"ask": "refused"},
        "exceptions": lambda: {"ask": "exception"},
        "exceptions of this party": lambda: {"ask": "exception"} | ask.party(),
        "exports": lambda: {"ask": "export"},
        "refused exports": lambda: {"ask": "export", "only": "refused"},
        "changes of people and rights": lambda: {"ask": "rights"},
    }


def measure(made: Made, rounds: int) -> Figures:
    """Ask each question so many times, newest page and an old one in turns; times in ms."""
    choose = random.Random(7)
    asking = Asking(made.cast, choose)
    oldest = start_of(clock.today().toordinal() - YEARS * 365)
    span = start_of(clock.today().toordinal()) - oldest
    figures: Figures = {"engine": made.engine, "entries": made.entries, "taken": made.taken, "questions": {}}
    for name, draw in questions(asking).items():
        say(name)
        SignIn.objects.filter(ended_at=None).update(factor_at=timezone.now())  # her code stays fresh
        taken: dict[str, list[Taken]] = {"newest": [], "old": []}
        for _ in range(rounds):
            asked = {"period": ""} | draw()
            place = f"{oldest + int(span * choose.random())}-{2**62}"
            taken["newest"].append(_time(made, asked))
            taken["old"].append(_time(made, asked | {"before": place}))
        figures["questions"][name] = {page: _summary(times) for page, times in taken.items()}
    figures["load"] = os.getloadavg()[0]
    return figures


def _time(made: Made, asked: Asked) -> Taken:
    start, busy = time.perf_counter(), _busy()
    answer = made.client.get(f"/log/?{urlencode(asked)}")
    taken = (time.perf_counter() - start) * 1000, _busy() - busy
    if answer.status_code != 200 or b"log-sentence" not in answer.content:
        raise RuntimeError(f"the page answered {answer.status_code}")
    integrator.integrate()  # the reading is an entry too, and in a server that is up it does not wait a second
    return taken


def _busy() -> float:
    """Return the processor time, in ms, of this process and of the database's that serves it."""
    own = time.process_time() * 1000
    if connection.vendor == "sqlite":
        return own
    return own + int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e6


def _summary(times: list[Taken]) -> dict[str, float]:
    walls, busy = zip(*times, strict=True)
    return {"p50": median(walls), "p95": quantiles(walls, n=20)[-1], "busy": quantiles(busy, n=20)[-1]}


def within(figures: Figures) -> bool:
    """Say whether each question stays within the bar."""
    return all(page["p95"] <= BAR for pages in figures["questions"].values() for page in pages.values())


def table(figures: Figures) -> str:
    """Return the figures as text."""
    lines = [
        f"{figures['engine']}, {figures['entries']} entries; the integrator takes {figures['taken']:.0f} entries/s",
        f"load of the machine {figures['load']:.1f}; cpu: processor time alone, p95",
        f"{'ms':42} {'newest p50':>10} {'p95':>6} {'cpu':>6}   {'old p50':>8} {'p95':>6} {'cpu':>6}",
    ]
    for name, pages in figures["questions"].items():
        new, old = pages["newest"], pages["old"]
        lines.append(
            f"{name:42} {new['p50']:10.0f} {new['p95']:6.0f} {new['busy']:6.0f}   "
            f"{old['p50']:8.0f} {old['p95']:6.0f} {old['busy']:6.0f}"
        )
    lines.append(f"each p95 <= {BAR:.0f} ms: {'yes' if within(figures) else 'NO'}")
    return "\n".join(lines)
