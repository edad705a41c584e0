"""Key files: written whole and once, readable by their owner only."""

import os
import secrets
import stat
from pathlib import Path

from conference.crypto.trouble import KeyTrouble

_LARGEST = 4096


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the keys folder, open to its owner only; an existing one stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that did not exist, mode 0600, on disk before this returns.

    It appears whole or not at all: written beside it, synced, then linked into place.
    Raises FileExistsError.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    finally:
        beside.unlink()
    _sync_folder(path.parent)


def _refuse_exposed(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyTrouble("key_unreadable", f"{path.name} is not a plain file.")
    if status.st_mode & 0o077:
        raise KeyTrouble("key_exposed", f"Others may read {path.name}; its mode must be 0600.")
    if status.st_uid not in {os.geteuid(), 0}:
        raise KeyTrouble("key_exposed", f"{path.name} belongs to another user.")


def read(path: Path) -> bytes:
    """Return a key file's bytes.

    Raises KeyTrouble: `key_missing`, `key_unreadable`, `key_exposed` (mode or owner).
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyTrouble("key_missing", f"{path.name} is not there.") from None
    except OSError as error:
        raise KeyTrouble("key_unreadable", f"{path.name} cannot be read ({error.strerror}).") from None
    try:
        _refuse_exposed(path, os.fstat(handle))
        return os.read(handle, _LARGEST)
    finally:
        os.close(handle)


def destroy(path: Path) -> None:
    """Overwrite a key file and remove it; one that is gone already is as wished.

    Overwriting helps on plain disks only; on flash the old block may live until erased.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        os.write(handle, secrets.token_bytes(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)
