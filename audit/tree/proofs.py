"""Inclusion and consistency proofs (RFC 9162, sections 2.1.3 and 2.1.4): made from tiles, and verified.

A node is (height, index): the root of the perfect subtree over leaves index·2^height and following.
A proof names ranges of leaves; each is a few nodes, and all nodes of a proof are read at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from audit.tree.errors import TreeError
from audit.tree.hashing import EMPTY_ROOT, HASH, node_hash, perfect_root
from audit.tree.tiles import HEIGHT, TILE, Held, Tile

Node = tuple[int, int]
_Range = tuple[int, int]
_CROWNED = 6  # height, within a tile, of the nodes in its crown


class ProofError(TreeError):
    """A proof does not hold, or cannot be made: index_outside, tile_missing, proof_length, root_differs."""

    what = "The proof"


class Nodes(Protocol):
    """Where nodes are read."""

    def nodes(self, wanted: Sequence[Node]) -> list[bytes]:
        """Return the hashes of nodes, in order. Raises ProofError("tile_missing")."""
        ...


class TileNodes:
    """Reads nodes from tiles. `fetch`: returns what there is of the tiles that it is asked for."""

    def __init__(self, fetch: Callable[[Sequence[Tile]], Mapping[Tile, Held]]) -> None:
        self._fetch = fetch

    def nodes(self, wanted: Sequence[Node]) -> list[bytes]:
        """Return the hashes of nodes, with one fetch of all tiles that they stand in."""
        places = [_place(node) for node in wanted]
        tiles = self._fetch(list(dict.fromkeys(tile for tile, _offset, _height in places)))
        return [_from_tile(tiles.get(tile), offset, height) for tile, offset, height in places]


def _place(node: Node) -> tuple[Tile, int, int]:
    """Return a node's tile, the first of its hashes there, and its height within the tile."""
    height, index = node
    level, within = divmod(height, HEIGHT)
    n, offset = divmod(index << within, TILE)
    return (level, n), offset, within


def _from_tile(tile: Held | None, offset: int, height: int) -> bytes:
    """Return the root over 2^height hashes of a tile, from its crown where that reaches."""
    if tile is None:
        raise ProofError("tile_missing")
    row = tile.hashes
    if height >= _CROWNED and (offset + (1 << height)) >> _CROWNED <= len(tile.crown) // HASH:
        row, offset, height = tile.crown, offset >> _CROWNED, height - _CROWNED
    start, end = offset * HASH, (offset + (1 << height)) * HASH
    if end > len(row):
        raise ProofError("tile_missing")
    return perfect_root(row[start:end])


# --- making ---------------------------------------------------------------------------


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root over the first `size` leaves."""
    return _hashes(nodes, [(0, size)])[0] if size else EMPTY_ROOT


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the inclusion proof of a leaf in the tree of `size`. Raises ProofError("index_outside")."""
    if not 0 <= index < size:
        raise ProofError("index_outside")
    return _hashes(nodes, list(_beside(index, size)))


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return the consistency proof between two sizes. Raises ProofError("index_outside")."""
    if not 0 <= old <= new:
        raise ProofError("index_outside")
    return _hashes(nodes, list(_between(old, new))) if 0 < old < new else []


def _beside(index: int, size: int, height: int = 0) -> Iterator[_Range]:
    """Yield what stands beside the way from a leaf, or from the node of a height over it, up to the root.

    A range beyond the size is none; one that is cut off by it stands at its own place all the same.
    """
    for level in range(height, (size - 1).bit_length()):
        low = (index >> level ^ 1) << level
        if low < size:
            yield low, min(low + (1 << level), size)


def _between(old: int, new: int) -> Iterator[_Range]:
    """Yield the last perfect subtree of the old tree, unless it is the whole of it, and what stands beside its way."""
    width = old & -old
    if width != old:
        yield old - width, old
    yield from _beside(old - 1, new, width.bit_length() - 1)


def _hashes(nodes: Nodes, ranges: Sequence[_Range]) -> list[bytes]:
    """Return the root of each range, all their nodes read at once."""
    parts = [list(_perfect(low, high)) for low, high in ranges]
    found = iter(nodes.nodes([node for part in parts for node in part]))
    return [_joined([next(found) for _node in part]) for part in parts]


def _perfect(low: int, high: int) -> Iterator[Node]:
    """Yield the perfect subtrees of a range that begins at a multiple of its width's power of two."""
    while low < high:
        height = (high - low).bit_length() - 1
        yield height, low >> height
        low += 1 << height


def _joined(parts: list[bytes]) -> bytes:
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


# --- verifying ------------------------------------------------------------------------


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that a leaf hash stands at `index` (RFC 9162, 2.1.3.2). Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError("index_outside")
    fn, sn, found = index, size - 1, leaf
    for part in proof:
        if sn == 0:
            raise ProofError("proof_length")
        if fn & 1 or fn == sn:
            found = node_hash(part, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, part)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("proof_length")
    if found != root:
        raise ProofError("root_differs")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Verify that the tree of `new` begins with the tree of `old` (RFC 9162, 2.1.4.2). Raises ProofError."""
    if not 0 <= old <= new:
        raise ProofError("index_outside")
    if old in {0, new}:
        if proof:
            raise ProofError("proof_length")
        if old_root != (EMPTY_ROOT if old == 0 else new_root):
            raise ProofError("root_differs")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofError("proof_length")
    if _two_roots(old - 1, new - 1, path) != (old_root, new_root):
        raise ProofError("root_differs")


def _two_roots(fn: int, sn: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return both roots that a consistency path leads to; `fn`, `sn`: the last leaf of each tree."""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for part in path[1:]:
        if sn == 0:
            raise ProofError("proof_length")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(part, fr), node_hash(part, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, part)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("proof_length")
    return fr, sr
