"""Where entries are found, and how many there are per day: noted by the integrator from the leaves' bytes.

`audit_found` has a row for each case, person, subject, party and mark of a leaf; `audit_tally` a count
for each day, case, party and set of marks, of the whole log and of each case, person, subject and mark:
what is rare is counted among its own few, not looked for in the counts of everything. Both are written
in the integrator's transaction, so that a leaf stands in them exactly when it has a position.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import driver, words
from audit.days import LATEST, day_of
from audit.marks import FOUND, marks_of
from audit.models import Log

ALL, CASE, PERSON, SUBJECT, PARTY, MARK = range(6)
_STEP = 2_000
_NOTES = "audit_found (scope, key, t, leaf_id)"
_COUNTS = "audit_tally (scope, key, day, case_id, party, marks, log, n)"
_RAISED = (
    f"INSERT INTO {_COUNTS} SELECT * FROM unnest(%b::smallint[], %b::bytea[], %b::integer[],"  # noqa: S608  our words
    " %b::bytea[], %b::text[], %b::smallint[], %b::bigint[], %b::bigint[])"
)


class Note(NamedTuple):
    """A place where a leaf is found. `key`: an id's 16 bytes, a party's code, or a mark's bit as one byte."""

    scope: int
    key: bytes
    t: int
    leaf: int


class Cell(NamedTuple):
    """What is counted together. `day`: ordinal. `case`: 16 bytes; empty for none, and where `key` is the case."""

    scope: int
    key: bytes
    day: int
    case: bytes
    party: str
    marks: int


class Fields(msgspec.Struct, frozen=True, gc=False):
    """The fields of a leaf that finding needs."""

    t: Annotated[int, msgspec.Meta(ge=0, lt=LATEST)]
    act: str
    out: str
    reason: str | None
    actor: UUID | None
    party: str | None
    case: UUID | None
    subject: UUID | None
    recipients: list[UUID]


_decoder = msgspec.json.Decoder(Fields)


def fields(leaf: bytes) -> Fields | None:
    """Return what finding needs of a leaf's bytes; None for what is no leaf: it has a position, and no place here."""
    try:
        return _decoder.decode(leaf)
    except msgspec.DecodeError:
        return None


def cells(leaf: Fields) -> Iterator[Cell]:
    """Yield the cells in which a leaf counts: once for the log, its case, its subject, each of its people and marks."""
    day, marks, case, party = day_of(leaf.t), _marks(leaf), _key(leaf.case), leaf.party or ""
    yield Cell(ALL, b"", day, b"", party, marks)
    if case:
        yield Cell(CASE, case, day, b"", party, marks)
    if leaf.subject:
        yield Cell(SUBJECT, leaf.subject.bytes, day, case, party, marks)
    for person in people(leaf):
        yield Cell(PERSON, person.bytes, day, case, party, marks)
    for key in _mark_keys(marks):
        yield Cell(MARK, key, day, b"", party, marks)


def notes(number: int, leaf: Fields) -> Iterator[Note]:
    """Yield where the leaf of this id is found."""
    t = leaf.t
    if leaf.case:
        yield Note(CASE, leaf.case.bytes, t, number)
    if leaf.subject:
        yield Note(SUBJECT, leaf.subject.bytes, t, number)
    if leaf.party:
        yield Note(PARTY, leaf.party.encode(), t, number)
    for person in people(leaf):
        yield Note(PERSON, person.bytes, t, number)
    for key in _mark_keys(_marks(leaf)):
        yield Note(MARK, key, t, number)


def people(leaf: Fields) -> set[UUID]:
    """Return who acted and who was reached, each once."""
    return {person for person in (leaf.actor, *leaf.recipients) if person}


def mark_key(mark: int) -> bytes:
    """Return the key under which a mark is found."""
    return bytes([mark])


@lru_cache(maxsize=64)
def _mark_keys(marks: int) -> tuple[bytes, ...]:
    return tuple(mark_key(mark) for mark in FOUND if marks & mark)


def _marks(leaf: Fields) -> int:
    return _marks_of(leaf.act, leaf.out, leaf.reason)


@lru_cache(maxsize=1_024)
def _marks_of(act: str, out: str, reason: str | None) -> int:
    return marks_of(act, out, reason, viewed=act in words.VIEWS)


def _key(value: UUID | None) -> bytes:
    return value.bytes if value else b""


# --- writing ----------------------------------------------------------------------------


def take(connection: BaseDatabaseWrapper, log_id: int, leaves: Sequence[tuple[int, bytes]]) -> None:
    """Note and count leaves, as (id, bytes), that get their position in the connection's open transaction."""
    counted: Counter[Cell] = Counter()
    found: list[Note] = []
    for number, data in leaves:
        if leaf := fields(data):
            counted.update(cells(leaf))
            found.extend(notes(number, leaf))
    _write_notes(connection, found)
    _write_counts(connection, log_id, counted)


def _write_notes(connection: BaseDatabaseWrapper, found: list[Note]) -> None:
    """Write notes in the order of their tree, so that each of its pages is touched once."""
    found.sort()
    if connection.vendor == "sqlite":
        driver.insert(connection, _NOTES, found, "ON CONFLICT DO NOTHING")
    elif found:
        try:
            with transaction.atomic():
                driver.copy(connection, _NOTES, ("int2", "bytea", "int8", "int8"), found)
        except IntegrityError:  # some stand there already: when counts are made anew
            _add_missing(connection, found)


def _add_missing(connection: BaseDatabaseWrapper, found: list[Note]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_NOTES} SELECT * FROM unnest(%s::smallint[], %s::bytea[], %s::bigint[], %s::bigint[])"  # noqa: S608  words of our own
            " ON CONFLICT DO NOTHING",
            [list(column) for column in zip(*found, strict=True)],
        )


def _write_counts(connection: BaseDatabaseWrapper, log_id: int, counted: Counter[Cell]) -> None:
    rows = [(*cell, log_id, n) for cell, n in sorted(counted.items())]
    raised = "ON CONFLICT (scope, key, day, case_id, party, marks, log) DO UPDATE SET n = audit_tally.n + excluded.n"
    if connection.vendor == "sqlite":
        driver.insert(connection, _COUNTS, rows, raised)
    elif rows:
        driver.execute(connection, f"{_RAISED} {raised}", [list(column) for column in zip(*rows, strict=True)])


def forget(connection: BaseDatabaseWrapper, log_id: int) -> None:
    """Take away the counts of a log that was removed, and the notes whose leaves have gone with it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_tally WHERE log = %s", [log_id])
        cursor.execute(
            "DELETE FROM audit_found WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.id = audit_found.leaf_id)"
        )


# --- against the leaves -------------------------------------------------------------------


def rebuild(connection: BaseDatabaseWrapper, log: Log, leaves: Iterable[tuple[int, bytes]]) -> None:
    """Count a log anew from all its leaves, as (id, bytes), and add the notes that are missing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_tally WHERE log = %s", [log.id])
        for part in _parts(leaves):
            take(connection, log.id, part)


def differences(connection: BaseDatabaseWrapper, log: Log, leaves: Iterable[tuple[int, bytes]]) -> list[Cell]:
    """Return the cells of a log whose count is not that of its leaves, as (id, bytes); [] when all is well."""
    counted: Counter[Cell] = Counter()
    for _number, data in leaves:
        if leaf := fields(data):
            counted.update(cells(leaf))
    kept = dict(_kept(connection, log.id))
    return sorted(cell for cell in counted.keys() | kept.keys() if counted[cell] != kept.get(cell, 0))


def _kept(connection: BaseDatabaseWrapper, log_id: int) -> Iterator[tuple[Cell, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope, key, day, case_id, party, marks, n FROM audit_tally WHERE log = %s", [log_id])
        for scope, key, day, case, party, marks, n in cursor.fetchall():
            yield Cell(scope, bytes(key), day, bytes(case), party, marks), n


def _parts(leaves: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    part: list[tuple[int, bytes]] = []
    for leaf in leaves:
        part.append(leaf)
        if len(part) == _STEP:
            yield part
            part = []
    if part:
        yield part
