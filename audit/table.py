"""Appending leaves to the table, in whatever transaction is open.

Every entry passes here, so the statements go to the driver itself: the layers above it cost
as much as the insert.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.entry import Built

_LAST = "SELECT coalesce(max(id), 0) FROM audit_leaf"
_NUMBERED = (
    "INSERT INTO audit_leaf (id, leaf, t, act, out, actor, case_id, subject, party) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# For any number of leaves one statement, prepared once; `place` keeps their order.
_PLACED = """INSERT INTO audit_leaf (leaf, t, act, out, actor, case_id, subject, party)
    SELECT leaf, t, act, out, actor, case_id, subject, party
    FROM unnest(%b::bytea[], %b::bigint[], %b::text[], %b::text[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[])
        WITH ORDINALITY AS l (leaf, t, act, out, actor, case_id, subject, party, place)
    ORDER BY place"""


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
            _append_placed(connection.connection, leaves)


@contextlib.contextmanager
def committed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one `append` be a transaction of its own, on a connection that has none open.

    With PostgreSQL it is one statement, and so that already. After an error close the connection.
    """
    with connection.wrap_database_errors:
        if connection.vendor != "sqlite":
            yield
            return
        connection.connection.execute("BEGIN IMMEDIATE")
        yield
        connection.connection.execute("COMMIT")


def _append_numbered(store: sqlite3.Connection, leaves: Sequence[Built]) -> None:
    last: int = store.execute(_LAST).fetchone()[0]
    store.executemany(_NUMBERED, [_row(number, leaf) for number, leaf in enumerate(leaves, last + 1)])


def _row(number: int, leaf: Built) -> tuple[int | bytes | str | None, ...]:
    entry = leaf.entry
    ids = (_hex(entry.actor), _hex(entry.case), _hex(entry.subject))
    return (number, leaf.leaf, leaf.t, entry.act, entry.out, *ids, entry.party)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _append_placed(store: Any, leaves: Sequence[Built]) -> None:
    from psycopg import Cursor  # noqa: PLC0415  there only with PostgreSQL

    entries = [leaf.entry for leaf in leaves]
    columns = [
        [leaf.leaf for leaf in leaves],
        [leaf.t for leaf in leaves],
        [entry.act for entry in entries],
        [entry.out for entry in entries],
        [entry.actor for entry in entries],
        [entry.case for entry in entries],
        [entry.subject for entry in entries],
        [entry.party for entry in entries],
    ]
    # Django's own cursors write parameters into the statement as text: nothing could be prepared.
    Cursor(store).execute(_PLACED, columns, prepare=True)
