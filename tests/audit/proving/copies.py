"""An older copy of a store's database, as somebody with the files could put it back."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.server import Store


@contextlib.contextmanager
def older(store: Store, folder: Path) -> Iterator[Store]:
    """A store with the same keys and the database as it is now; the first one may go on without it."""
    copy = replace(store, folder=folder)
    folder.mkdir()
    shutil.copytree(store.keys, copy.keys)
    copy.data.mkdir()
    if not store.database_url:
        name = "casustafel.sqlite3"
        with contextlib.closing(sqlite3.connect(store.data / name)) as now:
            now.execute("VACUUM INTO ?", [str(copy.data / name)])
        yield copy
        return
    yield from _templated(store, copy)


def _templated(store: Store, copy: Store) -> Iterator[Store]:
    import psycopg
    from psycopg import sql

    parts = urlsplit(store.database_url)
    name = parts.path.removeprefix("/")
    names = sql.Identifier(f"{name}_older"), sql.Identifier(name)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        try:
            yield replace(copy, database_url=urlunsplit(parts._replace(path=f"/{name}_older")))
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
