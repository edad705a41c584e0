"""What was found, beside what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import ge, le
from typing import Any

Figures = dict[str, Any]
MILLI = 1000.0


@dataclass(frozen=True)
class Bar:
    """What is asked of one figure. `path`: where it stands; `scale`: from the figure to the unit."""

    what: str
    path: tuple[str, ...]
    floor: float
    ambition: float
    unit: str
    most: bool = False
    scale: float = 1.0

    def line(self, figures: Figures) -> str | None:
        """Return the bar and what was found; None when its part was not measured."""
        found = at(figures, self.path)
        if found is None:
            return None
        value = found * self.scale
        reached = le if self.most else ge
        verdict = "ambition" if reached(value, self.ambition) else "yes" if reached(value, self.floor) else "NO"
        sign = "<=" if self.most else ">="
        return (
            f"{self.what:52} {value:8.3f}  {sign} {self.floor:<5g} ({self.ambition:g}) {self.unit:16} {verdict:9}"
            f" {self._quartiles(figures)}"
        )

    def _quartiles(self, figures: Figures) -> str:
        whole = at(figures, self.path[:-1])
        if self.path[-1] != "p50" or not isinstance(whole, dict):
            return ""
        return f"{whole['p25'] * self.scale:.3f} .. {whole['p75'] * self.scale:.3f}"


def at(figures: Figures, path: tuple[str, ...]) -> Any:
    """Return what stands at a path, or None."""
    found: Any = figures
    for part in path:
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


ALONE, GROWING = ("writing", "alone"), ("writing", "growing")
BARS = (
    Bar("SQLite, one by one", (*ALONE, "serial_l1", "p50"), 0.45, 0.60, "L1"),
    Bar("SQLite, 64 tasks wait", (*ALONE, "tasks_l2", "p50"), 0.17, 0.20, "L2"),
    Bar("SQLite, 64 tasks wait", (*ALONE, "tasks_peer", "p50"), 13, 13, "django-auditlog"),
    Bar("SQLite, 64 threads wait", (*ALONE, "threads_l2", "p50"), 0.17, 0.20, "L2"),
    Bar("SQLite, 64 threads wait", (*ALONE, "threads_peer", "p50"), 13, 13, "django-auditlog"),
    Bar("PostgreSQL, 8 processes, one caller each", ("processes", "growing", "one_l1", "p50"), 1.0, 1.3, "L1"),
    Bar("PostgreSQL, 8 processes, eight callers each", ("processes", "growing", "many_l1", "p50"), 1.0, 1.3, "L1"),
    Bar("PostgreSQL, lag until the position, p99", ("processes", "growing", "lag", "p99"), 250, 250, "ms", True, MILLI),
    Bar("inclusion proof, p50", ("proving", "inclusion", "p50"), 0.5, 0.25, "ms", True, MILLI),
    Bar("inclusion proof, tiles read at most", ("proving", "inclusion", "tiles"), 5, 5, "tiles", True),
    Bar("consistency proof, p50", ("proving", "consistency", "p50"), 0.6, 0.4, "ms", True, MILLI),
    Bar("offline verification", ("verifying", "entries_l3", "p50"), 0.40, 0.45, "L3"),
    Bar("tree, bytes of hashes per leaf", ("proving", "storage", "tree"), 33, 33, "bytes", True),
)


def table(figures: Figures) -> str:
    """Return what was asked and found, then the limits and what is only told, as text."""
    bars = [line for bar in BARS if (line := bar.line(figures))]
    head = f"{'':52} {'found':>8}  {'asked (ambition)':32} {'reached':9} quartiles"
    return "\n".join([head, *bars, "", *_told(figures)])


def _told(figures: Figures) -> Iterator[str]:
    for part in ("writing", "processes"):
        for way in ("alone", "growing"):
            if found := at(figures, (part, way)):
                yield f"{part}, {'the tree growing behind it' if way == 'growing' else 'nothing beside it'}:"
                yield from _rates(found)
    if found := at(figures, ("proving",)):
        yield "proving: " + ", ".join(f"{name} p99 {found[name]['p99'] * MILLI:.3f} ms" for name in PROOFS)
        yield "  bytes per leaf: " + ", ".join(f"{name} {value:.1f}" for name, value in found["storage"].items())
        filled = found["filled"]
        seconds = f"written in {filled['write_seconds']:.1f} s, grown in {filled['grow_seconds']:.1f} s"
        yield f"  {filled['placed']} leaves {seconds}"
    if found := at(figures, ("verifying",)):
        yield f"verifying: L3 {found['l3']['p50']:.0f}/s, entries {found['entries']['p50']:.0f}/s"


PROOFS = ("inclusion", "consistency")
RATES = ("l1", "l2", "serial", "tasks", "threads", "one", "many", "peer")
RATIOS = ("serial_l1", "tasks_l2", "threads_l2", "tasks_peer", "threads_peer", "one_l1", "many_l1", "peer_l1")


def _rates(found: Figures) -> Iterator[str]:
    yield "  per second: " + ", ".join(f"{name} {found[name]['p50']:.0f}" for name in RATES if name in found)
    yield "  ratios: " + ", ".join(f"{name} {found[name]['p50']:.2f}" for name in RATIOS if name in found)
    entry = found["entry"]
    yield f"  one entry: p50 {entry['p50'] * MILLI:.2f} ms, p99 {entry['p99'] * MILLI:.2f} ms"
    for name in ("lag", "lag_many"):
        if lag := found.get(name):
            yield f"  {name}: p50 {lag['p50'] * MILLI:.0f} ms, p99 {lag['p99'] * MILLI:.0f} ms, of {lag['n']} leaves"
