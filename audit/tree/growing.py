"""Growing a tree by its right edge: the tiles that are not full yet are all that must be known."""

from collections.abc import Iterable, Sequence
from typing import Self

from audit.tree.hashing import EMPTY_ROOT, HASH, level_above, node_hash, perfect_root
from audit.tree.tiles import TILE, Tile

FULL = TILE * HASH
QUARTER = FULL // 4


def crown(hashes: bytes) -> bytes:
    """Return the four quarter roots of a full tile, joined: kept beside it, so that proofs hash less."""
    return b"".join(perfect_root(hashes[at : at + QUARTER]) for at in range(0, FULL, QUARTER))


class Edge:
    """The partial tiles at the right edge, lowest level first. `rows`: joined hashes, each less than a tile."""

    def __init__(self, size: int, rows: Sequence[bytes]) -> None:
        self.size = size
        self.rows = list(rows)

    @classmethod
    def of(cls, size: int, rows: Sequence[bytes]) -> Self:
        """Return the edge of a tree of `size` leaves. Raises ValueError when the rows do not fit the size."""
        left = size
        for row in rows:
            if len(row) != left % TILE * HASH:
                raise ValueError("The tiles do not fit the size of the tree.")
            left //= TILE
        if left:
            raise ValueError("The tiles do not fit the size of the tree.")
        return cls(size, rows)

    def append(self, leaf_hashes: Iterable[bytes]) -> dict[Tile, bytes]:
        """Grow by leaves; return the tiles that changed: joined hashes, a full one followed by its crown."""
        changed: dict[Tile, bytes] = {}
        added = b"".join(leaf_hashes)
        first = self.size
        self.size += len(added) // HASH
        level = 0
        while added:
            if level == len(self.rows):
                self.rows.append(b"")
            added = self._fill(level, first // TILE, added, changed)
            first //= TILE
            level += 1
        return changed

    def _fill(self, level: int, n: int, added: bytes, changed: dict[Tile, bytes]) -> bytes:
        """Append hashes to a level from tile `n` on; return the roots of the tiles that became full."""
        row = self.rows[level] + added
        roots = []
        while len(row) >= FULL:
            tile, row = row[:FULL], row[FULL:]
            top = crown(tile)
            changed[(level, n)] = tile + top
            roots.append(level_above(level_above(top)))
            n += 1
        self.rows[level] = row
        if row:
            changed[(level, n)] = row
        return b"".join(roots)

    def root(self) -> bytes:
        """Return the root of the tree."""
        found: bytes | None = None
        for row in self.rows:
            left = row
            width = HASH
            while left:
                if len(left) // width % 2:
                    part = perfect_root(left[-width:])
                    found = part if found is None else node_hash(part, found)
                    left = left[:-width]
                width *= 2
        return EMPTY_ROOT if found is None else found
