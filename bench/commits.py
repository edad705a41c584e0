"""What a commit costs on this disk: one like a command's, and one like the log's group commit."""

import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from uuid import uuid4

ROUNDS = 300
BODY = b"x" * 600

TABLES = """
CREATE TABLE conference (id INTEGER PRIMARY KEY, seq INTEGER);
CREATE TABLE note (id BLOB PRIMARY KEY, sealed BLOB);
CREATE TABLE change (id INTEGER PRIMARY KEY, keys TEXT);
CREATE TABLE receipt (id BLOB PRIMARY KEY, answer TEXT);
CREATE TABLE leaf (id INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE head (id INTEGER PRIMARY KEY, size INTEGER);
INSERT INTO conference VALUES (1, 0);
INSERT INTO head VALUES (1, 0);
"""


def measure(folder: Path) -> dict[str, float]:
    """Return the median milliseconds of both kinds of commit, in SQLite as the product sets it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        store = sqlite3.connect(Path(place) / "commits.sqlite3", isolation_level=None)
        store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + TABLES)
        found = {"command": _median(store, _command), "log": _median(store, _log)}
        store.close()
    return found


def _median(store: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        store.execute("BEGIN IMMEDIATE")
        work(store)
        store.execute("COMMIT")
        taken.append((perf_counter() - start) * 1000)
    return statistics.median(taken)


def _command(store: sqlite3.Connection) -> None:
    store.execute("UPDATE conference SET seq = seq + 1 WHERE id = 1")
    store.execute("INSERT INTO note VALUES (?, ?)", (uuid4().bytes, BODY))
    store.execute("INSERT INTO change (keys) VALUES ('minutes:1')")
    store.execute("INSERT INTO receipt VALUES (?, 'ack')", (uuid4().bytes,))
    _append(store, 1)


def _log(store: sqlite3.Connection) -> None:
    _append(store, 6)  # one entry per viewing class


def _append(store: sqlite3.Connection, entries: int) -> None:
    store.executemany("INSERT INTO leaf (body) VALUES (?)", [(BODY,)] * entries)
    store.execute("UPDATE head SET size = size + ? WHERE id = 1", (entries,))
