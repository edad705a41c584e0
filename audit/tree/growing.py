"""Growing a tree by its right edge: the tiles that are not full yet are all that must be known."""

from collections.abc import Iterable, Sequence
from typing import Self

from audit.tree.hashing import EMPTY_ROOT, HASH, node_hash, perfect_root
from audit.tree.tiles import TILE, Tile

FULL = TILE * HASH  # bytes of a full tile
QUARTER = FULL // 4


def crown(hashes: bytes) -> bytes:
    """Return the four quarter roots of a full tile, joined: kept beside it, so that proofs hash less."""
    return b"".join([perfect_root(hashes[at : at + QUARTER]) for at in range(0, FULL, QUARTER)])


class Edge:
    """The right edge of a tree of `size` leaves. `rows`: the partial tile of each level, lowest first; joined hashes.

    A level whose last tile is full has an empty row. It is not safe for two threads at once.
    """

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
        """Grow by leaves; return the tiles that changed: joined hashes, a full one followed by its crown.

        Raises ValueError for hashes that are not 32 bytes each.
        """
        hashes = list(leaf_hashes)
        if any(len(one) != HASH for one in hashes):
            raise ValueError("A leaf's hash has 32 bytes.")
        changed: dict[Tile, bytes] = {}
        first, added, level = self.size, b"".join(hashes), 0
        while added:
            if level == len(self.rows):
                self.rows.append(b"")
            added = self._fill(level, first // TILE, added, changed)
            first //= TILE
            level += 1
        self.size += len(hashes)
        return changed

    def _fill(self, level: int, n: int, added: bytes, changed: dict[Tile, bytes]) -> bytes:
        """Append hashes to a level from tile `n` on; return the roots of the tiles that became full."""
        row = self.rows[level] + added
        roots = []
        whole = len(row) - len(row) % FULL
        for at in range(0, whole, FULL):
            tile = row[at : at + FULL]
            top = crown(tile)
            changed[level, n] = tile + top
            roots.append(perfect_root(top))
            n += 1
        self.rows[level] = row[whole:]
        if whole < len(row):
            changed[level, n] = row[whole:]
        return b"".join(roots)

    def root(self) -> bytes:
        """Return the root of the tree: its perfect subtrees, from the smallest, at the right, to the largest."""
        found: bytes | None = None
        for row in self.rows:
            end = len(row)
            while end:
                width = end & -end  # the lowest bit set: bytes under the last perfect subtree of this row
                part = perfect_root(row[end - width : end])
                found = part if found is None else node_hash(part, found)
                end -= width
        return EMPTY_ROOT if found is None else found
