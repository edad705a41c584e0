"""The tree as each kind of file tells it. Pure.

The entries tell a whole tree; the tiles of level 0 tell one too, from their hashes upwards; so do
those of each higher level. Where nothing was damaged they are all the same tree. Where they are not,
a signed root decides piece by piece which of them is right.
"""

from collections.abc import Callable, Sequence

from audit.verifying.bulk import HASH, perfect_root, root_of
from audit.verifying.source import Source, height_of, width_of

TILE = 256
Row = Sequence[bytes | None]
Lowest = Callable[[int, int], bytes | None]


class View:
    """One telling of the tree: `row` holds the hashes of level `base`, and those above follow from them.

    `lowest`: reads hashes of level 0 anew (tile, width), for a view that begins there.
    """

    def __init__(self, size: int, base: int, row: Row, lowest: Lowest | None = None) -> None:
        self._lowest = lowest
        self._rows: dict[int, Row] = {base: row}
        for level in range(base, height_of(size)):
            below = self._rows[level]
            self._rows[level + 1] = [_root(below[n * TILE : (n + 1) * TILE]) for n in range(len(below) // TILE)]

    def hashes(self, level: int, n: int, width: int) -> bytes | None:
        """Return the first `width` hashes of a tile, joined; None when this view does not tell them all."""
        if width == 0:
            return b""
        if level == 0:
            return self._lowest(n, width) if self._lowest is not None else None
        return _joined(self._rows.get(level, ())[n * TILE : n * TILE + width], width)

    def root_at(self, size: int) -> bytes | None:
        """Return the root of the first `size` entries; None when this view does not tell it."""
        edges = []
        for level in range(height_of(size)):
            hashes = self.hashes(level, size >> (8 * level + 8), (size >> (8 * level)) % TILE)
            if hashes is None:
                return None
            edges.append(hashes)
        return root_of(edges)

    def one(self, level: int, index: int) -> bytes | None:
        """Return one hash of level 1 or higher."""
        row = self._rows.get(level, ())
        return row[index] if index < len(row) else None


def _root(hashes: Row) -> bytes | None:
    joined = _joined(hashes, TILE)
    return None if joined is None else perfect_root(joined)


def _joined(hashes: Row, width: int) -> bytes | None:
    known = [one for one in hashes if one is not None]
    return b"".join(known) if len(known) == width else None


class Reading:
    """A source, read once from end to end: its views, and where entries and tiles of level 0 part.

    Memory: 32 bytes for each of the 256 entries of a bundle's root, never the entries.
    """

    def __init__(self, source: Source) -> None:
        self.source, self.size = source, source.size
        self.parted: set[int] = set()  # bundles that are not whole, or differ from their tile
        self.overfull: list[int] = []  # ends of bundles with bytes behind their last entry
        self._again: tuple[int, bytes] = (-1, b"")
        entries: list[bytes | None] = []
        tiles: list[bytes | None] = []
        for n in range(-(-self.size // TILE)):
            by_entries, by_tile = self._read(n)
            if (n + 1) * TILE <= self.size:
                entries.append(by_entries)
                tiles.append(by_tile)
        self.entries = View(self.size, 1, entries, self._entries_of)
        self.views = [View(self.size, 1, tiles, self._tile_of), self.entries]
        self.views[:0] = [self._stored(level) for level in range(height_of(self.size) - 1, 0, -1)]

    def _read(self, n: int) -> tuple[bytes | None, bytes | None]:
        width = width_of(self.size, 0, n)
        leaves, tile = self.source.leaves(n, width), self.source.tile(0, n, width)
        whole = len(leaves.hashes) == width * HASH
        if leaves.fault is None and whole and tile == leaves.hashes:
            root = perfect_root(tile) if width == TILE else None
            return root, root
        self.parted.add(n)
        if leaves.fault == "entries_malformed":
            self.overfull.append(n * TILE + width)
        return (
            perfect_root(leaves.hashes) if whole and width == TILE else None,
            perfect_root(tile) if tile is not None and len(tile) == TILE * HASH else None,
        )

    def _entries_of(self, n: int, width: int) -> bytes | None:
        if self._again[0] != n:  # many checkpoints end in one bundle
            self._again = n, self.source.leaves(n, width_of(self.size, 0, n)).hashes
        hashes = self._again[1][: width * HASH]
        return hashes if len(hashes) == width * HASH else None

    def _tile_of(self, n: int, width: int) -> bytes | None:
        hashes = (self.source.tile(0, n, width_of(self.size, 0, n)) or b"")[: width * HASH]
        return hashes if len(hashes) == width * HASH else None

    def _stored(self, level: int) -> View:
        count = self.size >> (8 * level)
        row: list[bytes | None] = []
        for n in range(-(-count // TILE)):
            width = width_of(self.size, level, n)
            tile = self.source.tile(level, n, width) or b""
            hashes = [tile[at : at + HASH] for at in range(0, width * HASH, HASH)]
            row += [one if len(one) == HASH else None for one in hashes]
        return View(self.size, level, row)
