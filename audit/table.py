"""Appending leaves to the table, in whatever transaction is open.

Every entry passes here, so the statements go to the driver itself: the layers above it cost
as much as the insert.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from audit import driver
from audit.entry import Built

_NUMBERED = """INSERT INTO audit_leaf (id, leaf, t, act, out, actor, case_id, subject, party)
    SELECT (SELECT coalesce(max(id), 0) FROM audit_leaf) + column1,
        column2, column3, column4, column5, column6, column7, column8, column9
    FROM (VALUES {rows})"""
_MOST_ROWS = 64  # in one statement: each number of rows has its own, and the driver keeps 128
_INTO = "audit_leaf (leaf, t, act, out, actor, case_id, subject, party)"
_ONE = f"INSERT INTO {_INTO} VALUES (%b, %b, %b, %b, %b, %b, %b, %b)"  # noqa: S608  words of our own
_TYPES = ("bytea", "int8", "text", "text", "uuid", "uuid", "uuid", "text")


def append(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    """Append `leaves` in the connection's open transaction, in this order.

    With SQLite the transaction must have begun as IMMEDIATE: the next number is read in it.
    """
    if not leaves:
        return
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            _append_numbered(connection.connection, leaves)
        else:
            _append_identified(connection, leaves)


def commit(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    """Append `leaves` as a transaction of their own, on a connection that has none open.

    After an error the connection is of no more use: close it.
    """
    if connection.vendor == "sqlite" and len(leaves) > _MOST_ROWS:
        connection.connection.execute("BEGIN IMMEDIATE")
        append(connection, leaves)
        connection.connection.execute("COMMIT")
    else:
        append(connection, leaves)  # one statement is one transaction


def _append_numbered(store: sqlite3.Connection, leaves: Sequence[Built]) -> None:
    for start in range(0, len(leaves), _MOST_ROWS):
        part = leaves[start : start + _MOST_ROWS]
        # One call, not one per row: each lets go of the interpreter and has to get it back.
        store.execute(_numbered(len(part)), [value for leaf in part for value in _row(leaf)])


@lru_cache(_MOST_ROWS)
def _numbered(rows: int) -> str:
    return _NUMBERED.format(rows=", ".join(f"({place}, ?, ?, ?, ?, ?, ?, ?, ?)" for place in range(1, rows + 1)))


def _row(leaf: Built) -> tuple[int | bytes | str | None, ...]:
    entry = leaf.entry
    return (
        leaf.leaf,
        leaf.t,
        entry.act,
        entry.out,
        _hex(entry.actor),
        _hex(entry.case),
        _hex(entry.subject),
        entry.party,
    )


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.bytes.hex()  # the same as its own .hex, in half the time


def _append_identified(connection: BaseDatabaseWrapper, leaves: Sequence[Built]) -> None:
    if len(leaves) == 1:
        driver.execute(connection, _ONE, _native(leaves[0]))
    else:
        driver.copy(connection, _INTO, _TYPES, map(_native, leaves))


def _native(leaf: Built) -> tuple[bytes | int | str | UUID | None, ...]:
    entry = leaf.entry
    return (leaf.leaf, leaf.t, entry.act, entry.out, entry.actor, entry.case, entry.subject, entry.party)
