"""A witness as a process of its own, the logs that it is asked about, and requests made by hand."""

import base64
import contextlib
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from audit.tree.notes import Note, Signer, Verifier
from tests.audit.verifying.making import LOG, checkpoint, root
from tests.server import ROOT, Store

Entries = Sequence[bytes]


def consistency(hashes: Sequence[bytes], old: int, *, whole: bool = True) -> list[bytes]:
    """RFC 9162 §2.1.4.1, by its own recursive definition, which the product does not use."""
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    if old <= half:
        return [*consistency(hashes[:half], old, whole=whole), root(hashes[half:])]
    return [*consistency(hashes[half:], old - half, whole=False), root(hashes[:half])]


def proof(of: Entries, old: int) -> list[bytes]:
    return consistency([sha256(b"\0" + entry).digest() for entry in of], old) if 0 < old <= len(of) else []


def request(of: Entries, old: int, *signers: Signer, origin: str = LOG.name) -> bytes:
    """An add-checkpoint body for these entries, by hand from the specification."""
    lines = [f"old {old}", *(base64.b64encode(part).decode() for part in proof(of, old))]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint(of, *signers, origin=origin)


@dataclass(frozen=True)
class Reply:
    status: int
    kind: str
    body: str


@dataclass
class Running:
    """A witness that listens."""

    process: subprocess.Popen[str]
    url: str
    vkey: str

    @property
    def verifier(self) -> Verifier:
        return Verifier.parse(self.vkey)

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def post(self, body: bytes, path: str = "/add-checkpoint") -> Reply:
        connection = http.client.HTTPConnection(*self.address, timeout=20)
        with contextlib.closing(connection):
            connection.request("POST", path, body)
            got = connection.getresponse()
            return Reply(got.status, got.getheader("Content-Type", ""), got.read().decode())

    def cosigned(self, of: Entries, old: int, origin: str = LOG.name) -> int:
        """Ask for a cosignature, check it as anybody would, and return its time (s since 1970)."""
        reply = self.post(request(of, old, Signer(origin, LOG.seed), origin=origin))
        assert (reply.status, reply.body.count("\n")) == (200, 1), reply
        stamp = Note.parse(checkpoint(of, origin=origin) + reply.body.encode()).verify(self.verifier)
        assert stamp is not None
        return stamp

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def stop(self) -> tuple[int, str]:
        """SIGTERM; the exit status and what it said on standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        _out, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


def arguments(folder: Path, *more: str, logs: Sequence[str] = (LOG.vkey,)) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"log{number}.vkey" for number in range(len(logs))]
    for file, vkey in zip(files, logs, strict=True):
        file.write_text(f"{vkey}\n")
    named = [part for file in files for part in ("--log", str(file))]
    return ["audit", "witness", "--state", str(folder / "state"), *named, *more]


def start(folder: Path, *more: str, logs: Sequence[str] = (LOG.vkey,)) -> Running:
    """Start the real program on a folder and wait until it accepts connections."""
    process = subprocess.Popen(
        [sys.executable, "-m", "conference", *arguments(folder, "--port", "0", "--json", *more, logs=logs)],
        env=Store(folder).environ() | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    first = process.stdout.readline()
    if not first:
        raise AssertionError(process.communicate()[1])
    said = json.loads(first)
    assert said["pid"] == process.pid
    return Running(process, said["url"], said["vkey"])


@contextlib.contextmanager
def running(folder: Path, *more: str, logs: Sequence[str] = (LOG.vkey,)) -> Iterator[Running]:
    witness = start(folder, *more, logs=logs)
    try:
        yield witness
    finally:
        if witness.process.poll() is None:
            witness.kill()


def run(folder: Path, *more: str, logs: Sequence[str] = (LOG.vkey,)) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return Store(folder).run(*arguments(folder, *more, logs=logs))
