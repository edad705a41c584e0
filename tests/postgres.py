"""A PostgreSQL server for one test run: a unix socket in a folder of its own, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER = "casustafel"
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root
# What only an outage of the machine itself could show is left out: nothing here can tell the difference.
SPEED = ("fsync=off", "full_page_writes=off", "shared_buffers=128MB", "max_connections=200", "autovacuum=off")


@contextlib.contextmanager
def serving(programs: Path, *, wait: float = 30, settings: Sequence[str] = SPEED) -> Iterator[str]:
    """Start a server from `programs` (the folder with initdb) and give its URL; stop it afterwards.

    `wait` in seconds. `settings`: name=value of each that differs from PostgreSQL's own. As root
    the server runs as an unprivileged user.
    """
    folder = Path(tempfile.mkdtemp(prefix="csf-pg-"))  # short: a socket's path has at most 107 bytes
    try:
        user = _user()
        if user:
            shutil.chown(folder, user)
            programs = _reachable(programs, folder)
        with _started(programs, folder, user, settings):
            yield _wait_for(folder, wait)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """Whom the server runs as: None is ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _reachable(programs: Path, folder: Path) -> Path:
    """The same programs where another user may run them: a folder of root's own is closed to it."""
    if all(part.stat().st_mode & 0o001 for part in programs.parents):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / programs.name


@contextlib.contextmanager
def _started(programs: Path, folder: Path, user: str | None, settings: Sequence[str]) -> Iterator[None]:
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
        cwd=folder,
    )
    options = [
        part
        for setting in (*settings, "listen_addresses=", f"unix_socket_directories={folder}")
        for part in ("-c", setting)
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options], stdout=log, stderr=log, user=user, cwd=folder
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(folder: Path, wait: float) -> str:
    """Wait until the server answers; fail with the end of its log if it does not."""
    query = f"?host={quote(str(folder), safe='')}"
    deadline = time.monotonic() + wait
    while True:
        try:
            with psycopg.connect(f"postgresql://{OWNER}@/postgres{query}", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {OWNER}")
                return f"postgresql://{OWNER}@/{OWNER}{query}"
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                said = (folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"PostgreSQL did not start in {wait:.0f} s:\n{said}") from None
            time.sleep(0.1)
