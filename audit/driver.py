"""Many rows in few calls of the database's own driver, in whatever transaction is open.

With SQLite each call lets go of the interpreter and has to win it back from all threads that want
it, while the write lock is held: so not one call for each row. With PostgreSQL a binary copy costs
client and server a third of what an insert of as many rows does.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_MOST_VALUES = 800  # in one statement of SQLite: small enough that compiling it costs nothing


def insert(connection: BaseDatabaseWrapper, into: str, rows: Sequence[Sequence[Any]], after: str = "") -> None:
    """Insert rows with SQLite. `into`: table and columns; `after`: what follows the values."""
    if not rows:
        return
    width = len(rows[0])
    most = _MOST_VALUES // width
    with connection.wrap_database_errors:
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            statement = f"INSERT INTO {into} VALUES {_places(len(part), width)} {after}"  # noqa: S608  words of our own
            connection.connection.execute(statement, [value for row in part for value in row])


@lru_cache(maxsize=512)
def _places(rows: int, width: int) -> str:
    return ", ".join([f"({', '.join('?' * width)})"] * rows)


def copy(connection: BaseDatabaseWrapper, into: str, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows with PostgreSQL. `into`: table and columns; `types`: theirs, by PostgreSQL's names."""
    with connection.wrap_database_errors, _cursor(connection).copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as target:
        target.set_types(types)
        for row in rows:
            target.write_row(row)


def execute(connection: BaseDatabaseWrapper, statement: str, values: Sequence[Any]) -> Any:
    """Execute a statement of PostgreSQL, values (%b) and results in binary; return psycopg's own cursor."""
    with connection.wrap_database_errors:
        return _cursor(connection).execute(statement, values, binary=True)


def _cursor(connection: BaseDatabaseWrapper) -> Any:
    """Return a cursor of psycopg itself, which sends values apart from the statement and prepares it.

    Django lets nothing be prepared for the sake of poolers that share a session; behind one of those
    this product cannot stand anyway: its locks and wake-ups belong to a session.
    """
    from psycopg import Cursor  # noqa: PLC0415  there only with PostgreSQL

    connection.connection.prepare_threshold = 0
    return Cursor(connection.connection)
