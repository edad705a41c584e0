"""Growing a tree by its right edge: the tiles that are not full yet are all that must be known."""

from collections.abc import Iterable, Sequence
from typing import Self

from audit.tree.hashing import EMPTY_ROOT, HASH, node_hash, perfect_root
from audit.tree.tiles import TILE, Held, Tile

FULL = TILE * HASH  # bytes of a full tile
QUARTER = FULL // 4
_CROWN = 4 * HASH  # bytes of a full tile's crown


def crown(hashes: bytes) -> bytes:
    """Return the roots of the complete quarters of a tile, or of tiles in a row, joined."""
    end = len(hashes) - len(hashes) % QUARTER
    return b"".join([perfect_root(hashes[at : at + QUARTER]) for at in range(0, end, QUARTER)])


class Edge:
    """The right edge of a tree of `size` leaves. `rows`: the partial tile of each level, lowest first; joined hashes.

    A level whose last tile is full has an empty row. It is not safe for two threads at once.
    """

    def __init__(self, size: int, rows: Sequence[bytes]) -> None:
        self.size = size
        self.rows = list(rows)
        self._crowns = [crown(row) for row in rows]

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

    def append(self, leaf_hashes: Iterable[bytes]) -> dict[Tile, Held]:
        """Grow by leaves; return the tiles that changed. Raises ValueError for hashes that are not 32 bytes each."""
        hashes = list(leaf_hashes)
        if any(len(one) != HASH for one in hashes):
            raise ValueError("A leaf's hash has 32 bytes.")
        changed: dict[Tile, Held] = {}
        first, added, level = self.size, b"".join(hashes), 0
        while added:
            if level == len(self.rows):
                self.rows.append(b"")
                self._crowns.append(b"")
            added = self._fill(level, first // TILE, added, changed)
            first //= TILE
            level += 1
        self.size += len(hashes)
        return changed

    def _fill(self, level: int, n: int, added: bytes, changed: dict[Tile, Held]) -> bytes:
        """Append hashes to a level from tile `n` on; return the roots of the tiles that became full."""
        row, known = self.rows[level] + added, self._crowns[level]
        tops = known + crown(row[len(known) // HASH * QUARTER :])
        roots = []
        whole = len(row) // FULL
        for at in range(whole):
            top = tops[at * _CROWN : (at + 1) * _CROWN]
            changed[level, n + at] = Held(row[at * FULL : (at + 1) * FULL], top)
            roots.append(perfect_root(top))
        row, top = row[whole * FULL :], tops[whole * _CROWN :]
        self.rows[level], self._crowns[level] = row, top
        if row:
            changed[level, n + whole] = Held(row, top)
        return b"".join(roots)

    def root(self) -> bytes:
        """Return the root of the tree: its perfect subtrees, joined from the smallest, at the right, to the largest."""
        found: bytes | None = None
        for row, top in zip(self.rows, self._crowns, strict=True):
            found = _joined(row[len(top) // HASH * QUARTER :], found)
            found = _joined(top, found)
        return EMPTY_ROOT if found is None else found


def _joined(hashes: bytes, right: bytes | None) -> bytes | None:
    """Return the root over a row of hashes with all that stands right of it; None for nothing at all."""
    end = len(hashes)
    while end:
        width = end & -end  # the lowest bit set: bytes under the last perfect subtree of this row
        part = perfect_root(hashes[end - width : end])
        right = part if right is None else node_hash(part, right)
        end -= width
    return right
