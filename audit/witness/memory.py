"""The witness's folder: its key, and of each log the last (origin, size, root) that it cosigned. Pure.

What is kept is on the disk before `keep` returns: written beside, synced, renamed, folder synced. One
program at a time holds the folder. A memory that is gone or broken is never begun anew by itself: a
witness without memory would cosign anything.
"""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from audit.tree.hashing import HASH
from audit.tree.notes import COSIGNATURE, NoteError, Signer, Verifier
from audit.tree.strict import decoded, encoded
from audit.trouble import Refused

KEY, PUBLIC, STATE, LOCK = "witness.key", "witness.vkey", "state.json", "lock"
_PRIVATE = "PRIVATE+KEY+"
_SEED = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """The size and root (32 bytes) of a log that were cosigned last."""

    size: int
    root: bytes


class Memory:
    """An opened folder. `signer`: the witness's key."""

    def __init__(self, folder: Path, lock: int, signer: Signer, seen: dict[str, Seen]) -> None:
        self.folder = folder
        self.signer = signer
        self._lock = lock
        self._seen = seen

    @classmethod
    def open(cls, folder: Path, name: str | None = None) -> Self:
        """Open a witness's folder, or make it with a new key, named `name` or by chance.

        Raises Refused: `witness_runs`, `key_missing`, `key_exposed`, `key_unreadable`, `state_missing`,
        `state_unreadable`, `name_differs`, `bad_name`, `folder_unusable`.
        """
        lock = _hold(folder)
        try:
            seen = _remembered(folder)
            signer = _key(folder, name, fresh=not seen)
            return cls(folder, lock, signer, seen)
        except OSError as error:
            os.close(lock)
            raise Refused("folder_unusable", f"{folder.name} cannot be used: {error.strerror}.") from None
        except BaseException:
            os.close(lock)
            raise

    @property
    def origins(self) -> dict[str, Seen]:
        """What is remembered, by origin."""
        return dict(self._seen)

    def last(self, origin: str) -> Seen | None:
        """Return what was cosigned last for an origin; None when nothing was."""
        return self._seen.get(origin)

    def keep(self, origin: str, seen: Seen) -> None:
        """Remember a cosigned checkpoint; on the disk before this returns. Raises OSError: then nothing is kept."""
        grown = self._seen | {origin: seen}
        replace(self.folder / STATE, _written(grown))
        self._seen = grown

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._lock)


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file whole: beside it, synced, then renamed over it, then the folder synced. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _hold(folder: Path) -> int:
    """Make the folder if need be, and hold it against another program; return the lock's handle."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Refused("folder_unusable", f"{folder.name} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise Refused("witness_runs", f"A witness works on {folder.name} already; stop it first.") from None
    return lock


# --- what it remembers ----------------------------------------------------------------


def _remembered(folder: Path) -> dict[str, Seen]:
    """Return what the folder remembers; a folder that never held a witness begins with nothing."""
    try:
        raw = (folder / STATE).read_bytes()
    except FileNotFoundError:
        if (folder / KEY).exists():
            raise Refused(
                "state_missing",
                f"{STATE} is gone, and a witness without its memory would cosign anything. Put it back, "
                "or begin a new witness in an empty folder and give its key to the server.",
            ) from None
        replace(folder / STATE, _written({}))
        return {}
    try:
        return {origin: _seen(one) for origin, one in json.loads(raw)["logs"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused("state_unreadable", f"{STATE} is damaged; put back a copy of it that is whole.") from None


def _seen(one: dict[str, object]) -> Seen:
    size, root = one["size"], decoded(str(one["root"]))
    if type(size) is not int or size < 0 or len(root) != HASH:
        raise ValueError
    return Seen(size, root)


def _written(seen: dict[str, Seen]) -> bytes:
    logs = {origin: {"size": one.size, "root": encoded(one.root)} for origin, one in seen.items()}
    return json.dumps({"logs": logs}, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


# --- its key --------------------------------------------------------------------------


def _key(folder: Path, name: str | None, *, fresh: bool) -> Signer:
    """Return the witness's key; one that never cosigned anything gets it now."""
    path = folder / KEY
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        if not fresh:
            raise Refused("key_missing", f"{KEY} is gone. Nothing was changed; put it back.") from None
        return _make(folder, name)
    with os.fdopen(handle, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise Refused("key_exposed", f"Others may read {KEY}; its mode must be 0600.")
        signer = _parse(file.read(4096))
    if name is not None and signer.name != name:
        raise Refused("name_differs", f"The witness in this folder is called {signer.name}.")
    return signer


def _make(folder: Path, name: str | None) -> Signer:
    signer = Signer(name or f"witness/{secrets.token_hex(4)}", secrets.token_bytes(_SEED), COSIGNATURE)
    try:
        vkey = signer.vkey
    except NoteError:
        raise Refused("bad_name", "A witness's name has no spaces and no plus.") from None
    replace(folder / PUBLIC, f"{vkey}\n".encode(), 0o644)
    secret = encoded(bytes([COSIGNATURE]) + signer.seed)
    replace(folder / KEY, f"{_PRIVATE}{signer.name}+{signer.verifier.key_id.hex()}+{secret}\n".encode())
    return signer


def _parse(raw: bytes) -> Signer:
    """Return the key of `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`."""
    try:
        name, key_id, written = raw.decode().strip().removeprefix(_PRIVATE).split("+", 2)
        secret = decoded(written)
        signer = Signer(name, secret[1:], secret[0])
        if signer.kind != COSIGNATURE or signer.verifier.key_id.hex() != key_id:
            raise ValueError
        Verifier.parse(signer.vkey)
    except (ValueError, IndexError, NoteError):
        raise Refused("key_unreadable", f"{KEY} is damaged; put back a copy of it that is whole.") from None
    return signer
