"""How often, drawn: bars per day or week, and for each party its weeks. No script, no style, and a table beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import pgettext

from audit.days import day_of, start_of
from audit.queries import Bar, Question, bars
from conference.covenant.labels import party_name
from frontend.views.log.figures import grouped

MOST_DAYS = 35  # a longer period is drawn in weeks
MOST_WEEKS = 13
MOST_PARTIES = 6
WEEK = 7
WIDTH, HEIGHT, FOOT = 340, 108, 18
ROW_WIDTH, ROW_HEIGHT = 128, 22
_LEAST = 1.5  # so that one is not nothing

Sum = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: what was seen, and hatched on top of it what was refused. Numbers are units of the drawing."""

    label: str
    viewed: int
    refused: int
    x: float
    width: float
    seen_y: float
    seen_height: float
    refused_y: float
    refused_height: float


@dataclass(frozen=True, slots=True)
class Named:
    """A word under the drawing, at a place in it."""

    text: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party: its weeks as small bars, and its numbers."""

    name: str
    url: str
    columns: list[Column]
    viewed: str
    refused: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing. `per_week`: the bars are weeks; otherwise days. `others`: parties that are left out.

    `viewed`, `refused`: how often together, "" for never.
    """

    columns: list[Column]
    named: list[Named]
    parties: list[PartyRow]
    others: int
    per_week: bool
    viewed: str
    refused: str
    first: date
    last: date


def chart(question: Question, today: date, address: Callable[[str], str]) -> Chart | None:
    """Draw the answer to a question up to its last day or today; None when there is nothing to draw.

    `address`: of the same question about one party.
    """
    first, last = _window(question, today)
    found = bars(replace(question, since=start_of(first), until=start_of(last + 1)))
    viewed, refused = sum(bar.viewed for bar in found), sum(bar.refused for bar in found)
    if not viewed + refused:
        return None
    per_week = last - first >= MOST_DAYS
    starts = _weeks(first, last) if per_week else list(range(first, last + 1))
    columns = _columns(_sums(found, starts), _labels(starts, last, per_week=per_week), WIDTH, HEIGHT - FOOT)
    shown, others = _parties(found, (first, last), address) if question.party is None else ([], 0)
    return Chart(
        columns=columns,
        named=_named(columns, starts),
        parties=shown,
        others=others,
        per_week=per_week,
        viewed=grouped(viewed) if viewed else "",
        refused=grouped(refused) if refused else "",
        first=date.fromordinal(first),
        last=date.fromordinal(last),
    )


def _window(question: Question, today: date) -> tuple[int, int]:
    """Return the first and last day (ordinal) to draw: at most so many whole weeks."""
    last = today.toordinal() if question.until is None else min(day_of(question.until) - 1, today.toordinal())
    first = last - MOST_WEEKS * WEEK + 1 if question.since is None else day_of(question.since)
    last = max(first, last)
    if last - first >= MOST_DAYS:
        monday = last - date.fromordinal(last).weekday()
        first = max(first, monday - (MOST_WEEKS - 1) * WEEK)
    return first, last


def _weeks(first: int, last: int) -> list[int]:
    """Return the days on which a week begins: the first day, then Mondays."""
    monday = first - date.fromordinal(first).weekday()
    return [first, *range(monday + WEEK, last + 1, WEEK)]


def _columns(
    sums: Sequence[Sum], labels: Sequence[str], width: float, height: float, highest: int | None = None
) -> list[Column]:
    """Lay out bars side by side; the scale ends at `highest`, or at the highest of them."""
    top = highest or max(viewed + refused for viewed, refused in sums) or 1
    step = width / len(sums)
    room = min(step * 0.3, 8)
    columns = []
    for number, ((viewed, refused), label) in enumerate(zip(sums, labels, strict=True)):
        seen, denied = _high(viewed, top, height), _high(refused, top, height)
        columns.append(
            Column(
                label=label,
                viewed=viewed,
                refused=refused,
                x=round(number * step + room / 2, 1),
                width=round(step - room, 1),
                seen_y=round(height - seen, 1),
                seen_height=seen,
                refused_y=round(max(height - seen - denied, 0), 1),
                refused_height=denied,
            )
        )
    return columns


def _sums(found: Iterable[Bar], starts: Sequence[int]) -> list[Sum]:
    """Return (viewed, refused) of each stretch that begins on a day of `starts`."""
    viewed: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    place: dict[int, int] = {}
    for number, (start, end) in enumerate(pairwise([*starts, starts[-1] + MOST_DAYS])):
        place |= dict.fromkeys(range(start, end), number)
    for bar in found:
        viewed[place[bar.day]] += bar.viewed
        refused[place[bar.day]] += bar.refused
    return [(viewed[number], refused[number]) for number in range(len(starts))]


def _high(count: int, highest: int, height: float) -> float:
    return round(max(count / highest * (height - 2), _LEAST), 1) if count else 0.0


def _labels(starts: Sequence[int], last: int, *, per_week: bool) -> list[str]:
    told = [date_format(date.fromordinal(day), "j F Y") for day in starts]
    if not per_week:
        return told
    ends = [date_format(date.fromordinal(day - 1), "j F Y") for day in [*starts[1:], last + 1]]
    text = pgettext("log", "%(first)s to %(last)s")
    return [text % {"first": first, "last": end} for first, end in zip(told, ends, strict=True)]


def _named(columns: Sequence[Column], starts: Sequence[int]) -> list[Named]:
    """Name the first bar, the middle one and the last."""
    chosen = sorted({0, len(columns) // 2, len(columns) - 1})
    anchors = {0: "start", len(columns) - 1: "end"}
    named = []
    for number in chosen:
        column, anchor = columns[number], anchors.get(number, "middle")
        x = {"start": column.x, "end": column.x + column.width}.get(anchor, column.x + column.width / 2)
        named.append(Named(date_format(date.fromordinal(starts[number]), pgettext("log", "j M")), round(x, 1), anchor))
    return named


def _parties(found: Sequence[Bar], days: tuple[int, int], address: Callable[[str], str]) -> tuple[list[PartyRow], int]:
    """Return the parties that saw or were refused most, each with its weeks on the scale of the busiest."""
    totals: Counter[str] = Counter()
    for bar in found:
        totals[bar.party] += bar.viewed + bar.refused
    codes = [code for code, total in sorted(totals.items(), key=lambda one: (-one[1], one[0])) if code and total]
    starts = _weeks(*days)
    labels = _labels(starts, days[1], per_week=True)
    sums = {code: _sums([bar for bar in found if bar.party == code], starts) for code in codes[:MOST_PARTIES]}
    highest = max((sum(pair) for weeks in sums.values() for pair in weeks), default=1)
    rows = [
        PartyRow(
            name=party_name(code),
            url=address(code),
            columns=_columns(weeks, labels, ROW_WIDTH, ROW_HEIGHT, highest),
            viewed=grouped(sum(viewed for viewed, _refused in weeks)),
            refused=grouped(sum(refused for _viewed, refused in weeks)),
        )
        for code, weeks in sums.items()
    ]
    return rows, max(len(codes) - MOST_PARTIES, 0)
