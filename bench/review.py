"""The review measured on generated years: `python -m bench.review [--seeds 3] [--json FILE]`.

Recall per kind of misuse: incidents of which some look stands in some finding. Precision per kind of
finding: findings that hold some misuse. What an officer has to do: findings a week.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from uuid import UUID

from audit.review import rules
from audit.review.facts import DAY
from audit.review.rules import Finding, History
from audit.review.ties import Ties
from bench.review_year import MISUSE, START, WEEKS, Year, by_day, generate

MISSING = (0.0, 0.05, 0.10, 0.20)
REMEMBERS = 42  # days, as a run does
USUAL_OVER = 90


@dataclass
class Outcome:
    """One generated year, reviewed."""

    year: Year
    findings: list[Finding]
    visits: int
    unexplained: int
    seconds: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.review", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = {
        f"{missing:.0%}": summary([reviewed(generate(seed, missing)) for seed in range(1, options.seeds + 1)])
        for missing in MISSING
    }
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


def reviewed(year: Year) -> Outcome:
    """Review a year day by day, each with what was known before it."""
    began = time.perf_counter()
    ties = Ties(year.facts)
    found: list[Finding] = []
    opened: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    visits = unexplained = 0
    for day, accesses in by_day(year.accesses):
        found += rules.review(accesses, ties, history(day, opened, found))
        counted = rules.tally(accesses, ties)
        visits, unexplained = visits + counted.visits, unexplained + counted.unexplained
        for person, count in rules.opened_cases(accesses).items():
            opened[person].append((day, count))
    return Outcome(year, found, visits, unexplained, time.perf_counter() - began)


def history(day: int, opened: dict[UUID, list[tuple[int, int]]], found: list[Finding]) -> History:
    """What a run would know of the days before."""

    def usual(person: UUID) -> int:
        counts = [count for when, count in opened[person] if when >= day - USUAL_OVER]
        return round(median(counts)) if counts else rules.USUAL_WITHOUT_HISTORY

    first = rules.day_of(START + (day - REMEMBERS) * DAY)
    earlier = Counter(
        (one.person, one.case)
        for one in found
        if one.kind == rules.UNEXPLAINED and one.case is not None and one.day >= first
    )
    return History(usual=usual, earlier=earlier)


def summary(outcomes: list[Outcome]) -> dict[str, object]:
    """Return the figures of some years together."""
    caught: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for one in outcomes:
        found = {leaf for finding in one.findings for leaf in finding.leaves}
        incidents = {(kind, number) for kind, number in one.year.misuse.values()}
        seen = {one.year.misuse[leaf] for leaf in found if leaf in one.year.misuse}
        planted.update(kind for kind, _number in incidents)
        caught.update(kind for kind, _number in seen)
        missed.update(why_missed(one.year, incidents - seen))
        made.update(finding.kind for finding in one.findings)
        right.update(f.kind for f in one.findings if any(leaf in one.year.misuse for leaf in f.leaves))
    return {
        "accesses": round(mean(len(one.year.accesses) for one in outcomes)),
        "misuse_accesses": round(mean(len(one.year.misuse) for one in outcomes)),
        "recall": {kind: round(caught[kind] / planted[kind], 3) for kind in MISUSE},
        "recall_all": round(caught.total() / planted.total(), 3),
        "missed_because": dict(missed.most_common()),
        "precision": {kind: round(right[kind] / made[kind], 3) for kind in rules.KINDS if made[kind]},
        "precision_all": round(right.total() / made.total(), 3),
        "findings": {kind: made[kind] for kind in rules.KINDS},
        "a_week": [round(len(one.findings) / WEEKS, 1) for one in outcomes],
        "unexplained_share": round(sum(o.unexplained for o in outcomes) / sum(o.visits for o in outcomes), 3),
        "seconds": round(mean(one.seconds for one in outcomes), 2),
    }


def why_missed(year: Year, missed: set[tuple[str, int]]) -> list[str]:
    """Return, for each incident that no finding holds, what tied the person to the case: the most common tie."""
    ties = Ties(year.facts)
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for access in year.accesses:
        incident = year.misuse.get(access.leaf)
        if incident in missed and access.case is not None:
            tie = ties.of(access.person, access.case, access.t) if access.out == "permit" else "refused_too_soon"
            found[incident][tie or "none"] += 1
    return [ties_of.most_common(1)[0][0] for ties_of in found.values()]


def table(figures: dict[str, dict[str, object]]) -> str:
    """Return the figures as Markdown."""
    head = "| agenda missing | " + " | ".join(figures) + " |"
    rows = [head, "|---|" + "---|" * len(figures)]

    def row(name: str, values: list[object]) -> None:
        rows.append(f"| {name} | " + " | ".join(str(value) for value in values) + " |")

    every = list(figures.values())
    row("looks in a year", [one["accesses"] for one in every])
    row("of them misuse", [one["misuse_accesses"] for one in every])
    row("unexplained share of visits", [one["unexplained_share"] for one in every])
    row("**recall**, all incidents", [one["recall_all"] for one in every])
    for kind in MISUSE:
        row(f"recall: {kind.replace('_', ' ')}", [one["recall"][kind] for one in every])  # type: ignore[index]
    row(
        "missed because of",
        [
            ", ".join(f"{tie.replace('_', ' ')} {count}" for tie, count in one["missed_because"].items())
            for one in every
        ],  # type: ignore[attr-defined]
    )
    row("**precision**, all findings", [one["precision_all"] for one in every])
    for kind in rules.KINDS:
        row(
            f"{kind.replace('_', ' ')}: findings (precision)",
            [f"{one['findings'][kind]} ({one['precision'].get(kind, '–')})" for one in every],  # type: ignore[index,attr-defined]
        )
    row("findings a week, per year", [", ".join(str(value) for value in one["a_week"]) for one in every])  # type: ignore[attr-defined]
    row("seconds to review a year", [one["seconds"] for one in every])
    return "\n".join(rows)


if __name__ == "__main__":
    main()
