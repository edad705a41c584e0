"""The monthly sample: entries of a past month, chosen by a recorded seed, each to get a verdict."""

import secrets
from datetime import date, datetime, time
from json import loads

from audit.models import Leaf
from audit.review import rules
from audit.review.commands import By, Refused, keep_sample, now
from audit.review.drawing import draw
from audit.review.facts import LISTS, OPENINGS, SECOND, Access, accesses
from audit.review.models import Sample
from audit.review.run import FactsFor, ties_of
from audit.review.ties import Ties

SIZE = 20  # entries about cases
READINGS = 5  # entries of what oversight itself read or took out
# What shows an officer data, or takes them out; each of these can be drawn for a second officer to judge.
OFFICERS_ACTS = (
    "log.read",
    "log.exported",
    "log.taken",
    "overview.viewed",
    "overview.made",
    "overview.answered",
    "review.listed",
    "review.viewed",
    "sample.viewed",
)
DECEMBER = 12
TO_SPARE = 3  # some entries name nobody (a loaded file): so many times more are drawn, in order


def draw_month(month: date, facts_for: FactsFor, *, by: By) -> Sample:
    """Draw a month's sample. `month`: its first day. Refused: "month_not_over" and as `keep_sample`."""
    if after(month) > rules.day_of(int(now().timestamp() * SECOND)):
        raise Refused("month_not_over")
    seed = secrets.token_hex(16)
    ties = ties_of(month, after(month), facts_for)
    lines = [(one.leaf, one.person, _tie(one, ties)) for one in drawn(month, seed)]
    return keep_sample(month, seed, population(month), lines, by=by)


def drawn(month: date, seed: str) -> list[Access]:
    """Return what this seed draws from a month: each entry with one person whom it tells of."""
    found = _drawn(month, seed, (*OPENINGS, *LISTS), SIZE)
    return [*found, *_drawn(month, seed, OFFICERS_ACTS, READINGS)]


def _drawn(month: date, seed: str, acts: tuple[str, ...], size: int) -> list[Access]:
    chosen = draw(seed, _entries(month, acts), TO_SPARE * size)
    leaves = dict(Leaf.objects.filter(id__in=chosen).values_list("id", "leaf"))
    found = []
    for number in chosen:
        told = accesses(number, loads(bytes(leaves[number])))
        if told:  # of several people who saw it at once, the one that the seed points at
            found.append(told[draw(seed, range(len(told)), 1)[0]])
    return found[:size]


def population(month: date) -> int:
    """Return among how many entries of a month is drawn."""
    return sum(1 for _entry in _entries(month, (*OPENINGS, *LISTS, *OFFICERS_ACTS)))


def _entries(month: date, acts: tuple[str, ...]) -> list[int]:
    since, until = (_midnight(day) for day in (month, after(month)))
    return list(Leaf.objects.filter(t__gte=since, t__lt=until, act__in=acts, out="permit").values_list("id", flat=True))


def after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // DECEMBER, month.month % DECEMBER + 1, 1)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), rules.ZONE).timestamp()) * SECOND


def _tie(access: Access, ties: Ties) -> str | None:
    if access.case is None or access.act not in OPENINGS:
        return None
    return ties.of(access.person, access.case, access.t)
