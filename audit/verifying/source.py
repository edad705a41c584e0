"""What a check reads: entries by their hashes, and tiles. Pure.

An export folder is one source, a store's tables are another.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaf hashes of a bundle, 32 bytes each, joined; fewer than asked for when `fault` says why."""

    hashes: bytes
    fault: str | None = None


class Source(Protocol):
    """A log as it lies there: nothing of it is proven yet."""

    @property
    def size(self) -> int: ...

    def leaves(self, n: int, width: int) -> Leaves:
        """Return the first `width` entries of bundle `n`, hashed."""

    def tile(self, level: int, n: int, width: int) -> bytes | None:
        """Return the joined hashes that are kept as this tile, whatever their number; None without it."""


def width_of(size: int, level: int, n: int) -> int:
    """Return how many hashes tile `n` of a level has in a log of `size` entries: 0 to 256."""
    return min(max((size >> (8 * level)) - 256 * n, 0), 256)


def height_of(size: int) -> int:
    """Return how many levels of tiles a log of `size` entries has."""
    levels = 0
    while size:
        levels, size = levels + 1, size >> 8
    return levels
