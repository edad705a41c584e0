"""The share of looks that nothing explains, per week, as a drawing that needs no script and no style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from audit.review.queries import Week

WIDTH, HEIGHT = 340, 120
LEFT, FOOT = 34, 22
_GAP = 3
_STEP = 10  # percent between two values of the scale


@dataclass(frozen=True, slots=True)
class Bar:
    """One week. Numbers are units of the drawing; `percent`: of its visits, None when there were none."""

    monday: date
    x: float
    y: float
    width: float
    height: float
    percent: float | None
    visits: int
    unexplained: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, oldest first, the scale's highest value in percent, and the weeks that are named below."""

    bars: list[Bar]
    top: int
    named: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - FOOT

    @property
    def empty(self) -> bool:
        return not any(bar.visits for bar in self.bars)


def share_chart(weeks: Sequence[Week]) -> Chart:
    """Lay out the bars; the scale ends at the next ten percent above the highest."""
    highest = max((week.share for week in weeks), default=0.0) * 100
    top = max(ceil(highest / _STEP) * _STEP, _STEP)
    step = (WIDTH - LEFT) / max(len(weeks), 1)
    room = HEIGHT - FOOT - 8
    bars = []
    for number, week in enumerate(weeks):
        height = round(week.share * 100 / top * room, 1)
        bars.append(
            Bar(
                monday=week.monday,
                x=round(LEFT + number * step + _GAP / 2, 1),
                y=round(HEIGHT - FOOT - height, 1),
                width=round(step - _GAP, 1),
                height=height,
                percent=round(week.share * 100, 1) if week.visits else None,
                visits=week.visits,
                unexplained=week.unexplained,
            )
        )
    named = [bars[0], bars[len(bars) // 2], bars[-1]] if len(bars) > 2 else bars  # noqa: PLR2004  first, middle, last
    return Chart(bars, top, named)
