"""The lines that answer a question, newest first.

Each comes from one of two places: entries that have a position are found by their notes; those that
still wait for one, a tenth of a second as a rule, are looked through themselves. A question with two
keys is answered day by day: the counts tell on which days there is an answer at all, so that a rare
combination costs no search through the years.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import connection

from audit import tally
from audit.days import day_of, start_of
from audit.queries import counts
from audit.queries.question import Key, Place, Question
from audit.queries.statements import select
from audit.queries.waiting import Found, answering

PAGE = 50
_DAYS_AT_ONCE = 64
_NEAR = 7  # days without an answer that may lie within one stretch
_ENOUGH = 50  # answers of one stretch


@dataclass(frozen=True, slots=True)
class Row:
    """One leaf as it was written. `leaf`: its JSON object, empty when its bytes are no leaf any more."""

    id: int
    t: int
    leaf: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `older` is where the next page begins, None at the end."""

    rows: list[Row]
    older: Place | None


def page(question: Question, before: Place | None = None, size: int = PAGE) -> Page:
    """Return up to `size` rows that answer the question, from before a place on."""
    found = _newest(question, before, size + 1)
    rows = [Row(number, t, _object(leaf)) for (t, number), leaf in found[:size]]
    return Page(rows, Place(rows[-1].t, rows[-1].id) if len(found) > size else None)


def lines(question: Question, step: int = 1_000) -> Iterator[Row]:
    """Yield all rows that answer the question, newest first, as they stand when each is reached."""
    place: Place | None = None
    while True:
        shown = page(question, place, step)
        yield from shown.rows
        place = shown.older
        if place is None:
            return


def _object(leaf: bytes) -> Mapping[str, Any]:
    # What cannot be found by its fields cannot be told by them either.
    found: Mapping[str, Any] = json.loads(leaf) if tally.fields(leaf) else {}
    return found


def _newest(question: Question, before: Place | None, most: int) -> list[Found]:
    """Return up to `most` leaves as ((t, id), leaf), newest first."""
    keys = question.keys()
    if not keys:
        return _fetch(question, before, most)
    # What waits is read first: a leaf that gets its position in between is seen twice and never not at all.
    rows = {place: leaf for (place, leaf), _told in islice(answering(question, before), most)}
    noted = 0
    for since, until in _spans(question, keys, before):
        part = _fetch(replace(question, since=since, until=until), before, most - noted)
        rows.update(part)
        noted += len(part)
        if noted >= most:
            break
    return sorted(rows.items(), reverse=True)[:most]


def _spans(question: Question, keys: Sequence[Key], before: Place | None) -> Iterator[tuple[int | None, int | None]]:
    """Yield the stretches of time in which the answer stands, newest first; the whole time for a single key."""
    if len(keys) == 1 or not question.is_counted:
        yield question.since, question.until
        return
    last = day_of(before.t) if before is not None else None
    while days := counts.days(question, last, _DAYS_AT_ONCE):
        yield from _stretches(days)
        last = days[-1][0] - 1


def _stretches(days: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that hold these days, as (since, until): what lies near together is one."""
    newest, oldest, held = days[0][0], days[0][0], 0
    for day, n in days:
        if oldest - day > _NEAR or held >= _ENOUGH:
            yield start_of(oldest), start_of(newest + 1)
            newest, held = day, 0
        oldest, held = day, held + n
    yield start_of(oldest), start_of(newest + 1)


def _fetch(question: Question, before: Place | None, most: int) -> list[Found]:
    columns = "f.t, f.leaf_id, l.leaf" if question.keys() else "l.t, l.id, l.leaf"
    with connection.cursor() as cursor:
        cursor.execute(*select(question, before, columns, most))
        return [((t, number), bytes(leaf)) for t, number, leaf in cursor.fetchall()]
