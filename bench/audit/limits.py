"""What this machine can do at all: a synced write (L1), synced groups in SQLite (L2), SHA-256 (L3)."""

import os
import sqlite3
import tempfile
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Self

BLOCK = 8192  # bytes: one page of PostgreSQL, as pg_test_fsync writes it
ROW = 500  # bytes: an entry without its columns
GROUP = 64  # rows in one transaction


class Limits:
    """Files of their own in the folder that is measured; each method takes one short sample."""

    def __init__(self, folder: Path) -> None:
        own = Path(tempfile.mkdtemp(dir=folder))
        self._file = os.open(own / "limit", os.O_RDWR | os.O_CREAT)
        os.pwrite(self._file, bytes(16 * 1024 * 1024), 0)
        os.fsync(self._file)
        self._store = sqlite3.connect(own / "limit.sqlite3", isolation_level=None)
        self._store.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB);"
        )

    def synced_writes(self, count: int = 200) -> float:
        """L1: 8 kB written and synced with fdatasync, per second."""
        block = os.urandom(BLOCK)
        start = perf_counter()
        for _ in range(count):
            os.pwrite(self._file, block, 0)
            os.fdatasync(self._file)
        return count / (perf_counter() - start)

    def synced_rows(self, groups: int = 60) -> float:
        """L2: rows of 500 B in synced transactions of 64, rows per second."""
        rows = [(os.urandom(ROW),) for _ in range(GROUP)]
        start = perf_counter()
        for _ in range(groups):
            self._store.execute("BEGIN IMMEDIATE")
            self._store.executemany("INSERT INTO row (body) VALUES (?)", rows)
            self._store.execute("COMMIT")
        return groups * GROUP / (perf_counter() - start)

    def hashes(self, count: int = 100_000) -> float:
        """L3: SHA-256 of 500 B in one thread, per second."""
        row = os.urandom(ROW)
        start = perf_counter()
        for _ in range(count):
            sha256(row).digest()
        return count / (perf_counter() - start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()
        os.close(self._file)
