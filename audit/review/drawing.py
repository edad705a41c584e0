"""A random sample that can be drawn again: whoever has the seed and the log gets the same entries. Pure.

Each entry gets HMAC-SHA-256(seed, its id); those with the smallest values are the sample. So the
outcome depends neither on the order of reading nor on anybody's generator of random numbers.
"""

import heapq
import hmac
from collections.abc import Iterable


def draw(seed: str, entries: Iterable[int], size: int) -> list[int]:
    """Return the ids of at most `size` entries, in the order of their values. `seed`: hexadecimal."""
    key = bytes.fromhex(seed)
    valued = ((hmac.digest(key, str(entry).encode(), "sha256"), entry) for entry in entries)
    return [entry for _value, entry in heapq.nsmallest(size, valued)]
