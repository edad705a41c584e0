"""Appending leaves to the table, in whatever transaction is open."""

from collections.abc import Sequence
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.entry import Built

_LEAF = "INSERT INTO audit_leaf ({id}leaf, t, act, out, actor, case_id, subject, party) VALUES "
_RECIPIENT = "INSERT INTO audit_recipient (person, t, leaf_id) VALUES (%s, %s, %s)"
_FIELDS = 8

Column = bytes | int | str | UUID | None


def append(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    """Append `leaves` in the connection's open transaction, in this order.

    With SQLite the transaction must have begun as IMMEDIATE: the next number is read in it.
    """
    if not leaves:
        return
    if connection.vendor == "sqlite":
        _append_numbered(connection, leaves)
    else:
        _append_identified(connection, leaves)


def _columns(leaf: Built, *, native: bool) -> tuple[Column, ...]:
    entry = leaf.entry
    ids = (_stored(value, native=native) for value in (entry.actor, entry.case, entry.subject))
    return (leaf.leaf, leaf.t, entry.act, entry.out, *ids, entry.party)


def _stored(value: UUID | None, *, native: bool) -> Column:
    return value if native or value is None else value.hex


def _append_numbered(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_leaf")
        numbered = list(enumerate(leaves, int(cursor.fetchone()[0]) + 1))
        rows = [(index, *_columns(leaf, native=False)) for index, leaf in numbered]
        cursor.executemany(_LEAF.format(id="id, ") + _places(_FIELDS + 1), rows)
        readers = [(person.hex, leaf.t, index) for index, leaf in numbered for person in set(leaf.recipients)]
        if readers:
            cursor.executemany(_RECIPIENT, readers)


def _append_identified(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    with connection.cursor() as cursor:
        rows = [_columns(leaf, native=True) for leaf in leaves]
        statement = _LEAF.format(id="") + ", ".join([_places(_FIELDS)] * len(rows)) + " RETURNING id"
        cursor.execute(statement, [value for row in rows for value in row])
        numbers = [int(row[0]) for row in cursor.fetchall()]
        pairs = zip(numbers, leaves, strict=True)
        readers = [(person, leaf.t, index) for index, leaf in pairs for person in set(leaf.recipients)]
        if readers:
            cursor.executemany(_RECIPIENT, readers)


def _places(count: int) -> str:
    return "(" + ", ".join(["%s"] * count) + ")"
