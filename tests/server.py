"""A store of its own and the real program on it, as a process that can also be killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CASUSTAFEL_"


@dataclass
class Store:
    """A data folder, a keys folder and a database; `run` and `serve` start the program on it."""

    folder: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextlib.contextmanager
    def make(cls, folder: Path, **settings: str) -> Iterator["Store"]:
        """Make an empty store; on PostgreSQL with a database of its own, dropped afterwards."""
        folder.mkdir(parents=True, exist_ok=True)
        with own_database(os.environ.get(f"{PREFIX}DATABASE_URL", "")) as url:
            yield cls(folder, url, settings)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def environ(self, **extra: str) -> dict[str, str]:
        """The environment of a program on this store: the machine's own without any of our settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "DJANGO_"))}
        database = {"database_url": self.database_url} if self.database_url else {}
        ours = {"data": str(self.data), "keys": str(self.keys), **database, **self.settings, **extra}
        return plain | {PREFIX + name.upper(): value for name, value in ours.items()}

    def run(
        self, *args: str, stdin: str | None = None, timeout: float = 120, settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `casustafel ARGS` to its end, from a folder that is not the repository's."""
        return subprocess.run(
            [sys.executable, "-m", "conference", *args],
            env=self.environ(**(settings or {})) | {"PYTHONPATH": str(ROOT)},
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def json(self, *args: str, **options: Any) -> Any:
        """Run a command with --json; fail with what it said on standard error, else return its answer."""
        done = self.run(*args, "--json", **options)
        assert done.returncode == 0, f"{args}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def serve(self, *args: str, settings: Mapping[str, str] | None = None) -> Iterator["Server"]:
        """Serve this store on a free port until the block ends."""
        server = Server.start(self, *args, settings=settings or {})
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Server:
    """A running `casustafel serve`; `output` is what it has said so far."""

    process: subprocess.Popen[str]
    url: str
    output: list[str]

    @classmethod
    def start(cls, store: Store, *args: str, settings: Mapping[str, str] | None = None, wait: float = 60) -> "Server":
        """Start it and wait until it accepts connections; fail with its own words if it does not."""
        process = subprocess.Popen(
            [sys.executable, "-m", "conference", "serve", "--json", "--port", "0", *args],
            env=store.environ(**(settings or {})) | {"PYTHONPATH": str(ROOT)},
            cwd=store.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        output: list[str] = []
        assert process.stdout is not None
        assert process.stderr is not None
        _collect(process.stderr, output)
        timer = threading.Timer(wait, process.kill)
        timer.start()
        first = process.stdout.readline()
        timer.cancel()
        if not first:
            process.wait()
            raise AssertionError(f"serve ended with {process.returncode}:\n" + "".join(output))
        _collect(process.stdout, output)
        return cls(process, str(json.loads(first)["url"]).rstrip("/"), output)

    def kill(self) -> None:
        """kill -9: no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self, timeout: float = 60) -> int:
        """Ask it to stop (SIGTERM) and return its exit status; a program already gone is fine."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("serve did not stop at SIGTERM:\n" + "".join(self.output)) from None
        self._close()
        return self.process.returncode

    def _close(self) -> None:
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()


def _collect(stream: IO[str], into: list[str]) -> None:
    """Read a pipe to its end on a thread of its own, so that it never fills up."""

    def read() -> None:
        with contextlib.suppress(ValueError, OSError):
            into.extend(stream)

    threading.Thread(target=read, daemon=True).start()


@contextlib.contextmanager
def own_database(url: str) -> Iterator[str]:
    """On PostgreSQL: make an empty database beside the one named, and drop it afterwards; "" stays ""."""
    if not url:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = f"casustafel_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_maintenance(url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(url)._replace(path="/" + name))
    finally:
        with psycopg.connect(_maintenance(url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _maintenance(url: str) -> str:
    """The same server's own database `postgres`: no other can be relied on to exist."""
    return urlunsplit(urlsplit(url)._replace(path="/postgres"))
