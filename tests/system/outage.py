"""Ways in which the log cannot be written, each ended again without touching the server."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.system.stage import Stage

SMALL = "24m"

Trouble = Callable[[Stage], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """Lay a small disk of its own under `folder`; give "" or the reason why that is not possible here."""
    folder.mkdir(parents=True)
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        yield "only root can mount a small disk"
        return
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SMALL},mode=700", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        yield f"no small disk can be mounted here: {done.stderr.strip()}"
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


@contextlib.contextmanager
def disk_full(stage: Stage) -> Iterator[None]:
    """Fill the disk under the data folder to the last byte."""
    ballast = stage.store.data / "ballast"
    with contextlib.closing(sqlite3.connect(stage.file, timeout=10)) as connection:
        # Else the log could still be written into room that the write-ahead log has already.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        for block in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(block)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def lock_held(stage: Stage) -> Iterator[None]:
    """Let another process hold what the log needs to be written."""
    if stage.store.database_url:
        with psycopg.connect(stage.store.database_url) as connection:
            connection.execute("LOCK TABLE audit_leaf IN ACCESS EXCLUSIVE MODE")
            yield
        return
    with contextlib.closing(sqlite3.connect(stage.file, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@contextlib.contextmanager
def table_gone(stage: Stage) -> Iterator[None]:
    """Take the log's table away."""
    stage.change("ALTER TABLE audit_leaf RENAME TO audit_leaf_away")
    try:
        yield
    finally:
        stage.change("ALTER TABLE audit_leaf_away RENAME TO audit_leaf")


@contextlib.contextmanager
def table_refuses(stage: Stage) -> Iterator[None]:
    """Let the database refuse every new entry."""
    if stage.store.database_url:
        stage.change(
            "CREATE FUNCTION refuse_all() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        stage.change("CREATE TRIGGER refuse_all BEFORE INSERT ON audit_leaf EXECUTE FUNCTION refuse_all()")
    else:
        stage.change("CREATE TRIGGER refuse_all BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(ABORT, 'refused'); END")
    try:
        yield
    finally:
        stage.change("DROP FUNCTION refuse_all() CASCADE" if stage.store.database_url else "DROP TRIGGER refuse_all")
