"""An export folder, read strictly: its files, and the log that they hold. Pure.

The layout is C2SP tlog-tiles: `checkpoint`, `tile/<L>/<N>[.p/<W>]`, `tile/entries/<N>[.p/<W>]`, and
beside them `log.vkey` and, where a witness has signed, `witness.vkey`. Nothing else belongs there.
No file is read further than it may reach, and no link is followed.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from audit.tree.tiles import entries_path, path
from audit.verifying.bulk import HASH, leaf_hashes
from audit.verifying.source import Leaves, width_of
from audit.verifying.views import TILE

CHECKPOINT, LOG_KEY, WITNESS_KEYS = "checkpoint", "log.vkey", "witness.vkey"
NOTES = frozenset({CHECKPOINT, LOG_KEY, WITNESS_KEYS})
LARGEST_NOTE = 65_536  # bytes
_LARGEST_ENTRY = 2 + 65_535
_TILE_NAME = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/[0-9]{1,3})?")


class Unreadable(Exception):
    """A file is there and the machine does not let us read it: that is no finding about the log."""


class Folder:
    """The files of a folder, by their names with "/" between the parts."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str, most: int) -> bytes | None:
        """Return a file's bytes, at most one more than `most`; None when there is no such regular file.

        Raises Unreadable.
        """
        try:
            descriptor = os.open(f"{self.root}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            if isinstance(error, PermissionError):
                raise Unreadable(name) from None
            return None  # missing, a link, or a folder where a file should be
        try:
            facts = os.fstat(descriptor)
            return os.read(descriptor, min(facts.st_size, most + 1)) if stat.S_ISREG(facts.st_mode) else None
        except OSError:
            raise Unreadable(name) from None
        finally:
            os.close(descriptor)

    def has(self, name: str) -> bool:
        """Say whether there is such a regular file."""
        try:
            return stat.S_ISREG(os.lstat(f"{self.root}/{name}").st_mode)
        except OSError:
            return False

    def names(self) -> Iterator[str]:
        """Yield all that lies in the folder and is no folder itself. Raises Unreadable."""
        waiting = [""]
        while waiting:
            inside = waiting.pop()
            try:
                with os.scandir(self.root / inside) as found:
                    for one in found:
                        if one.is_dir(follow_symlinks=False):
                            waiting.append(f"{inside}{one.name}/")
                        else:
                            yield f"{inside}{one.name}"
            except OSError:
                raise Unreadable(inside or ".") from None


class Listing:
    """What lies in an export folder, counted without keeping the names."""

    def __init__(self, folder: Folder, size: int | None) -> None:
        """List the folder; with `size` every file that a log of this size does not have is a stranger."""
        self.strangers = 0
        self.files = 0
        for name in folder.names():
            self.files += 1
            if size is not None and name not in NOTES and not _belongs(name, size):
                self.strangers += 1


def reach(folder: Folder) -> int:
    """Return how many entries lie there without a gap, by the names of the bundles alone."""
    full = 0
    while folder.has(entries_path(full)):
        full += 1
    return full * TILE + next((width for width in range(TILE - 1, 0, -1) if folder.has(entries_path(full, width))), 0)


def _belongs(name: str, size: int) -> bool:
    found = _TILE_NAME.fullmatch(name)
    if found is None:
        return False
    n = int(found[2].replace("x", "").replace("/", ""))
    level = 0 if found[1] == "entries" else int(found[1])
    width = width_of(size, level, n)
    return width > 0 and name == (entries_path(n, width) if found[1] == "entries" else path(level, n, width))


class Export:
    """A log of `size` entries as its export folder holds it: a Source."""

    def __init__(self, folder: Folder, size: int) -> None:
        self._folder, self._size = folder, size

    @property
    def size(self) -> int:
        """Entries."""
        return self._size

    def leaves(self, n: int, width: int) -> Leaves:
        """Return the entries of bundle `n`, hashed. Raises Unreadable."""
        bundle = self.bundle(n, width)
        return Leaves(b"", "entries_missing") if bundle is None else Leaves(*leaf_hashes(bundle, width))

    def bundle(self, n: int, width: int) -> bytes | None:
        """Return a bundle's bytes. Raises Unreadable."""
        return self._folder.read(entries_path(n, width), width * _LARGEST_ENTRY)

    def tile(self, level: int, n: int, width: int) -> bytes | None:
        """Return a tile's bytes. Raises Unreadable."""
        return self._folder.read(path(level, n, width), width * HASH)
