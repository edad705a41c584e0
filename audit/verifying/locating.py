"""Finding the first bad entry: a signed root decides, from the top down, which hashes are right. Pure.

A root names the last tile of each level, and each hash in a tile names a whole tile one level below.
So one walks down: of every tile the views tell some versions, and the version whose root is the
hash above it is authentic, whichever files it came from. At the bottom stand authentic roots of
bundles and, where a tile of level 0 is authentic, authentic hashes of single entries:

- entry changed, its tile good: the entry is named exactly;
- tile changed, entries good: no entry is bad; the entries that the changed hash stands for are named;
- entry and tile changed together: their bundle is named, by its first position;
- nothing fits the signed root: nothing is proven, and only an older checkpoint can still prove a
  beginning of the log. It does, at its own size, also in the middle of a bundle.

Where the log's own checkpoint is signed and older ones do not contradict it, damage is told against
it. An older checkpoint contradicts it (a fork) when the authentic tree has another root at its size.
"""

from collections.abc import Iterator
from itertools import product

from audit.verifying.bulk import HASH, perfect_root, root_of
from audit.verifying.source import height_of, width_of
from audit.verifying.verdict import Finding
from audit.verifying.views import TILE, Reading


class Authentic:
    """The hashes of the first `size` entries' tree that `root` proves, out of all that a reading tells."""

    def __init__(self, reading: Reading, size: int, root: bytes) -> None:
        self.reading, self.size = reading, size
        self._edges = self._edge(root)
        # By level, then by index; level 0 is not kept: it would be as large as the log.
        self._known: dict[int, dict[int, bytes]] = {level: {} for level in range(1, height_of(size) + 1)}
        for level, hashes in enumerate(self._edges or ()):
            if level:
                self._learn(level, self._done(level), hashes)
        for level in range(height_of(size) - 1, 1, -1):
            self._descend(level)

    def _done(self, level: int) -> int:
        """How many full tiles a level has at this size: also the number of its last, unfinished one."""
        return self.size >> (8 * level + 8)

    def _edge(self, root: bytes) -> list[bytes] | None:
        """Return the last tile of each level in the versions that together have this root."""
        versions = []
        for level in range(height_of(self.size)):
            width = (self.size >> (8 * level)) % TILE
            told = (view.hashes(level, self._done(level), width) for view in self.reading.views)
            versions.append(dict.fromkeys(one for one in told if one is not None))
        return next((list(chosen) for chosen in product(*versions) if root_of(chosen) == root), None)

    def _descend(self, level: int) -> None:
        for n, root in list(self._known[level].items()):
            for view in self.reading.views:
                hashes = view.hashes(level - 1, n, TILE)
                if hashes is not None and perfect_root(hashes) == root:
                    self._learn(level - 1, n, hashes)
                    break

    def _learn(self, level: int, n: int, hashes: bytes) -> None:
        for index in range(len(hashes) // HASH):
            self._known[level][n * TILE + index] = hashes[index * HASH : (index + 1) * HASH]

    def one(self, level: int, index: int) -> bytes | None:
        """Return an authentic hash of level 1 or higher; None where nothing is proven."""
        return self._known.get(level, {}).get(index)

    def lowest(self, n: int, width: int) -> bytes | None:
        """Return authentic hashes of the first `width` entries of a bundle; None where nothing is proven."""
        if n == self._done(0):
            return None if self._edges is None or not self._edges else self._edges[0][: width * HASH]
        root = self.one(1, n)
        for view in self.reading.views:
            hashes = view.hashes(0, n, TILE)
            if hashes is not None and perfect_root(hashes) == root:
                return hashes[: width * HASH]
        return None

    def root_at(self, size: int) -> bytes | None:
        """Return the root that this tree had when it was smaller; None where it is not proven."""
        edges = []
        for level in range(height_of(size)):
            width, n = (size >> (8 * level)) % TILE, size >> (8 * level + 8)
            hashes = self._first(level, n, width)
            if hashes is None:
                return None
            edges.append(hashes)
        return root_of(edges)

    def _first(self, level: int, n: int, width: int) -> bytes | None:
        if width == 0:
            return b""
        if level == 0:
            return self.lowest(n, width)
        found = [self.one(level, n * TILE + index) for index in range(width)]
        known = [one for one in found if one is not None]
        return b"".join(known) if len(known) == width else None

    # --- what is wrong under this root ------------------------------------------------

    def first_bad_entry(self) -> Finding | None:
        """Return the first entry below this size that the root does not prove; None when it proves them all."""
        for n in range(-(-self.size // TILE)):
            found = self._bad_in(n, width_of(self.size, 0, n))
            if found is not None:
                return found
        return None

    def _bad_in(self, n: int, width: int) -> Finding | None:
        reading = self.reading
        whole = n not in reading.parted
        if whole and n < self._done(0) and reading.entries.one(1, n) == self.one(1, n):
            return None
        leaves = reading.source.leaves(n, width_of(reading.size, 0, n))
        right = self.lowest(n, width)
        if right is None:
            return Finding("entries_missing" if leaves.fault == "entries_missing" else "root_differs", n * TILE)
        at = _first_difference(leaves.hashes[: width * HASH], right)
        if at is not None:
            missing = at >= len(leaves.hashes) // HASH and leaves.fault
            return Finding(missing or "entry_differs", n * TILE + at)
        return None

    def bad_tiles(self) -> Iterator[Finding]:
        """Yield the tiles whose hashes up to this size are not what this root proves."""
        for level in range(height_of(self.size)):
            for n in range(-(-(self.size >> (8 * level)) // TILE)):
                if level or n in self.reading.parted:
                    yield from self._bad_tile(level, n)

    def _bad_tile(self, level: int, n: int) -> Iterator[Finding]:
        width = width_of(self.size, level, n)
        stored = self.reading.source.tile(level, n, width_of(self.reading.size, level, n))
        first = n * TILE << (8 * level)
        if stored is None:
            yield Finding("tile_missing", first)
            return
        right = self._first(level, n, width)
        if right is None or stored == right or (self.size < self.reading.size and stored.startswith(right)):
            return
        at = _first_difference(stored[: width * HASH], right)
        yield Finding("tile_differs", None if at is None else (n * TILE + at) << (8 * level))


def unsigned_tail(reading: Reading, start: int) -> Iterator[Finding]:
    """Yield where entries from position `start` on, which nobody has signed yet, differ from their tile."""
    for n in sorted(reading.parted):
        width = width_of(reading.size, 0, n)
        first = max(start - n * TILE, 0)
        leaves, tile = reading.source.leaves(n, width), reading.source.tile(0, n, width) or b""
        at = _first_difference(leaves.hashes[first * HASH :], tile[first * HASH : width * HASH])
        if at is not None:
            missing = first + at >= len(leaves.hashes) // HASH and leaves.fault
            yield Finding(missing or "entry_differs", n * TILE + first + at)
        elif max(first, len(tile) // HASH) < width:
            yield Finding("tile_missing", n * TILE + max(first, len(tile) // HASH))


def _first_difference(hashes: bytes, right: bytes) -> int | None:
    """Return the index of the first of the right hashes that is another or is not there."""
    if hashes == right:
        return None
    return next(at for at in range(0, len(right), HASH) if hashes[at : at + HASH] != right[at : at + HASH]) // HASH
