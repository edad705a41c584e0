"""`audit export`: the log as a folder that needs nothing else (C2SP tlog-tiles).

The folder is written beside its place and renamed when all of it is on the disk, so that half an
export is never taken for a whole one. What lies in the store is written as it lies there, damage
included: whoever checks the export must see it.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from audit.growth import store
from audit.models import Log
from audit.proving.choosing import Chosen
from audit.tree.bundles import pack
from audit.tree.hashing import HASH
from audit.tree.tiles import TILE, entries_path, path
from audit.trouble import Refused
from audit.verifying.folder import CHECKPOINT, LOG_KEY, WITNESS_KEYS
from audit.verifying.source import height_of, width_of

_TILES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `cosigned`: by how many witnesses."""

    origin: str
    size: int
    cosigned: int


def refuse_full(folder: Path) -> None:
    """Raise Refused("folder_not_empty") unless the folder is new or empty."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()) or (folder.is_dir() and any(folder.iterdir())):
        raise Refused("folder_not_empty", f"{folder.name} is not empty. Name a new folder.")


def export(chosen: Chosen, folder: Path) -> Exported:
    """Write a log at a checkpoint. Raises Refused: folder_not_empty, unwritable_folder."""
    refuse_full(folder)
    beside = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
        for name, content in files(chosen):
            _write(beside / name, content)
        _sync_folders(beside)
        beside.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        why = error.strerror or "cannot be written"
        raise Refused("unwritable_folder", f"{folder.name}: {why}. Nothing was exported.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Exported(chosen.log.origin, chosen.size, len(chosen.witnesses))


def files(chosen: Chosen) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an export, by its name in the folder; the checkpoint, which says that it is whole, last."""
    log, size = chosen.log, chosen.size
    for n in range(-(-size // TILE)):
        leaves = store.leaves(log, n * TILE, min((n + 1) * TILE, size))
        yield entries_path(n, width_of(size, 0, n)), pack(leaves)
    for level in range(height_of(size)):
        yield from _tiles(log, size, level)
    if chosen.witnesses:
        yield WITNESS_KEYS, "".join(f"{key}\n" for key in chosen.witnesses).encode()
    yield LOG_KEY, f"{log.vkey}\n".encode()
    yield CHECKPOINT, chosen.note


def _tiles(log: Log, size: int, level: int) -> Iterator[tuple[str, bytes]]:
    count = -(-(size >> (8 * level)) // TILE)
    for first in range(0, count, _TILES_AT_ONCE):
        numbers = range(first, min(first + _TILES_AT_ONCE, count))
        found = store.tiles(log.id, [(level, n) for n in numbers])
        for n in numbers:
            width = width_of(size, level, n)
            if (level, n) in found:  # a tile that is gone is missing in the export too
                yield path(level, n, width), found[level, n].hashes[: width * HASH]


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_folders(top: Path) -> None:
    for folder, _folders, _names in os.walk(top):
        _sync(Path(folder))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
