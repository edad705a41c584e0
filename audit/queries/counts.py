"""How many entries answer a question, per day and party too, and what there is to ask for: from the counts.

Exact for whole days; entries that still wait for their position are counted as they are read. What the
counts do not know is counted one by one, and only up to ten thousand.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from audit import marks, tally
from audit.days import day_of, start_of
from audit.queries.question import Question
from audit.queries.statements import noted, select
from audit.queries.waiting import answering, waiting
from audit.tally import Cell

MOST = 10_000  # counted one by one
MOST_WAITING = 5_000  # entries without a position that are still counted
MOST_CHOICES = 2_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Entries that answer a question; of them, how many showed somebody content and how many were refused.

    `viewed`: None when that is not known. `whole`: whether these are all; otherwise there are more.
    """

    entries: int
    viewed: int | None
    refused: int
    whole: bool = True


class Bar(NamedTuple):
    """What happened on a day (ordinal) by a party, "" for none: how often content was shown, and refused."""

    day: int
    party: str
    viewed: int
    refused: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What occurs in the log at all, for choosing from. `first`: µs of its first day, None when empty."""

    cases: list[UUID]
    people: list[UUID]
    parties: list[str]
    first: int | None


def totals(question: Question) -> Totals:
    """Count what answers the question."""
    if not question.is_counted:
        return _one_by_one(question)
    summed: Counter[int] = Counter()
    fresh, whole = _waiting_cells(question)
    for cell, n in fresh.items():
        summed[cell.marks] += n
    where, values = _cells(question)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT marks, sum(n) FROM audit_tally WHERE {where} GROUP BY marks", values)  # noqa: S608  columns and places are our own words
        for found, n in cursor.fetchall():
            summed[found] += int(n)
    return Totals(
        entries=summed.total(),
        viewed=sum(n for found, n in summed.items() if _is_view(found)),
        refused=sum(n for found, n in summed.items() if found & marks.REFUSED),
        whole=whole,
    )


def bars(question: Question) -> list[Bar]:
    """Return what answers the question per day and party, oldest first; [] for what the counts do not know."""
    if not question.is_counted:
        return []
    where, values = _cells(question)
    found: Counter[tuple[int, str, int]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT day, party, marks, sum(n) FROM audit_tally WHERE {where} GROUP BY day, party, marks",  # noqa: S608  columns and places are our own words
            values,
        )
        for day, party, kind, n in cursor.fetchall():
            found[day, party, kind] += int(n)
    for cell, n in _waiting_cells(question)[0].items():
        found[cell.day, cell.party, cell.marks] += n
    viewed: Counter[tuple[int, str]] = Counter()
    refused: Counter[tuple[int, str]] = Counter()
    for (day, party, kind), n in found.items():
        viewed[day, party] += n if _is_view(kind) else 0
        refused[day, party] += n if kind & marks.REFUSED else 0
    return [Bar(day, party, viewed[day, party], refused[day, party]) for day, party in sorted(viewed)]


def days(question: Question, last: int | None, most: int) -> list[tuple[int, int]]:
    """Return up to `most` days (ordinal) with answers that have their position, each with how many; newest first.

    None is after `last`.
    """
    where, values = _cells(question)
    if last is not None:
        where += " AND day <= %s"
        values.append(last)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT day, sum(n) FROM audit_tally WHERE {where} GROUP BY day ORDER BY day DESC LIMIT %s",  # noqa: S608  columns and places are our own words
            [*values, most],
        )
        return [(int(day), int(n)) for day, n in cursor.fetchall()]


def choices() -> Choices:
    """Return the ids and codes that occur in the log; at most 2,000 of each."""
    keys = {scope: _keys(scope) for scope in (tally.CASE, tally.PERSON, tally.PARTY)}
    first = _first_day()
    for (t, number), leaf in islice(waiting(Question()), MOST_WAITING):
        told = tally.fields(leaf)
        for note in tally.notes(number, told) if told else ():
            keys.get(note.scope, set()).add(note.key)
        first = min(first or day_of(t), day_of(t))
    return Choices(
        cases=sorted(UUID(bytes=key) for key in keys[tally.CASE]),
        people=sorted(UUID(bytes=key) for key in keys[tally.PERSON]),
        parties=sorted(key.decode() for key in keys[tally.PARTY]),
        first=start_of(first) if first is not None else None,
    )


def _is_view(kind: int) -> bool:
    return bool(kind & marks.VIEWED) and not kind & marks.REFUSED


# --- cells ------------------------------------------------------------------------------------


def _scope(question: Question) -> tuple[int, bytes]:
    """Return under which scope and key the counts tell a question."""
    for scope, key in ((tally.PERSON, question.person), (tally.SUBJECT, question.subject), (tally.CASE, question.case)):
        if key is not None:
            return scope, key.bytes
    # Of several marks the one with the fewest entries.
    mark = next((mark for mark in marks.FOUND if question.marks & mark), None)
    return (tally.ALL, b"") if mark is None else (tally.MARK, tally.mark_key(mark))


def _cells(question: Question) -> tuple[str, list[Any]]:
    """Return the cells that answer a question, as a condition and its values."""
    scope, key = _scope(question)
    where, values = ["scope = %s", "key = %s"], [scope, key]
    asked: list[tuple[str, Any]] = []
    if question.case is not None and scope != tally.CASE:
        asked.append(("case_id = %s", question.case.bytes))
    if question.party is not None:
        asked.append(("party = %s", question.party))
    if question.since is not None:
        asked.append(("day >= %s", day_of(question.since)))
    if question.until is not None:
        asked.append(("day < %s", day_of(question.until)))
    asked += [("(marks & %s) <> 0", mark) for mark in marks.FOUND if question.marks & mark]
    return " AND ".join([*where, *(text for text, _ in asked)]), [*values, *(value for _, value in asked)]


def _waiting_cells(question: Question) -> tuple[Counter[Cell], bool]:
    """Return the cells in which what waits answers the question, and whether that is all that waits."""
    found = list(islice(waiting(question), MOST_WAITING + 1))
    counted: Counter[Cell] = Counter()
    for _place, leaf in found[:MOST_WAITING]:
        if told := tally.fields(leaf):
            counted.update(cell for cell in tally.cells(told) if _answers(cell, question))
    return counted, len(found) <= MOST_WAITING


def _answers(cell: Cell, question: Question) -> bool:
    scope, key = _scope(question)
    return (
        (cell.scope, cell.key) == (scope, key)
        and (question.case is None or scope == tally.CASE or cell.case == question.case.bytes)
        and (question.party is None or cell.party == question.party)
        and cell.marks & question.marks == question.marks
    )


# --- what the counts do not know ------------------------------------------------------------------


def _one_by_one(question: Question) -> Totals:
    """Count by finding the newest up to `MOST`, and of these the refused; what was seen is not known then."""
    entries, refused = _found(question)
    # Without keys the leaves themselves are found, also those that wait; their marks are never found.
    entries += _waiting(question) if question.keys() else 0
    refused += _waiting(replace(question, marks=question.marks | marks.REFUSED))
    return Totals(entries=min(entries, MOST), viewed=None, refused=min(refused, MOST), whole=entries <= MOST)


def _waiting(question: Question) -> int:
    return sum(1 for _ in islice(answering(question), MOST + 1))


def _found(question: Question) -> tuple[int, int]:
    """Return how many entries are found, at most one more than `MOST`, and how many of those are marked refused."""
    columns = "f.t AS t, f.leaf_id AS leaf_id" if question.keys() else "l.t AS t, l.id AS leaf_id"
    statement, values = select(question, None, columns, MOST + 1)
    refused, key = noted((tally.MARK, tally.mark_key(marks.REFUSED)), "found")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(CASE WHEN {refused} THEN 1 END) FROM ({statement}) AS found",  # noqa: S608  columns and places are our own words
            [*key, *values],
        )
        entries, of_them = cursor.fetchone()
        return int(entries), int(of_them)


# --- what occurs ----------------------------------------------------------------------------------

_FIRST = "(SELECT key FROM audit_found WHERE scope = %s ORDER BY key LIMIT 1)"
_NEXT = "(SELECT f.key FROM audit_found f WHERE f.scope = %s AND f.key > one.key ORDER BY f.key LIMIT 1)"
# From key to next key, each one step down the tree: reading all notes would take seconds.
_KEYS = f"""WITH RECURSIVE one (key) AS (
    SELECT {_FIRST} UNION ALL SELECT {_NEXT} FROM one WHERE one.key IS NOT NULL
) SELECT key FROM one WHERE key IS NOT NULL LIMIT %s"""  # noqa: S608  columns and places are our own words


def _keys(scope: int) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [scope, scope, MOST_CHOICES])
        return {bytes(key) for (key,) in cursor.fetchall()}


def _first_day() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(day) FROM audit_tally WHERE scope = %s AND key = %s", [tally.ALL, b""])
        first: int | None = cursor.fetchone()[0]
    return first
