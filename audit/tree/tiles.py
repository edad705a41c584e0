"""Tiles: up to 256 hashes of one height in one file or row (C2SP tlog-tiles)."""

from typing import NamedTuple

TILE = 256
HEIGHT = 8  # levels of the tree in one tile
Tile = tuple[int, int]  # (level, n)


class Held(NamedTuple):
    """A tile as a store holds it. `hashes`: joined. `crown`: the roots of its complete quarters, joined, or nothing.

    With its crown a proof hashes some 60 nodes a tile instead of 250. Exports hold the hashes only.
    """

    hashes: bytes
    crown: bytes = b""


def path(level: int, n: int, width: int = TILE) -> str:
    """Return a tile's path: "tile/0/x001/067", with ".p/<width>" when it is partial."""
    return f"tile/{level}/{_number(n)}{_partial(width)}"


def entries_path(n: int, width: int = TILE) -> str:
    """Return an entry bundle's path: "tile/entries/x001/067", with ".p/<width>" when it is partial."""
    return f"tile/entries/{_number(n)}{_partial(width)}"


def widths(size: int) -> list[int]:
    """Return how many hashes each level of tiles holds in a tree of `size` leaves, lowest first."""
    counts = []
    while size:
        counts.append(size)
        size //= TILE
    return counts


def _number(n: int) -> str:
    """Write an index in groups of three digits, each but the last after an "x": 1234067 is x001/x234/067."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03d}")
    return "/".join(groups)


def _partial(width: int) -> str:
    return "" if width == TILE else f".p/{width}"
