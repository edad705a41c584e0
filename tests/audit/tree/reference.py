"""RFC 9162 by its recursive definitions (2.1.1, 2.1.3.1, 2.1.4.1), which the product does not use.

It shares nothing with the product but SHA-256: lists of leaf hashes, no tiles, no heights, no loops.
"""

import hashlib
from functools import cache


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


class Reference:
    """The tree over D[0:n] for leaves that are told by their hashes."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes
        self.mth = cache(self._mth)

    def _mth(self, low: int, high: int) -> bytes:
        if low == high:
            return hashlib.sha256().digest()
        if high - low == 1:
            return self.hashes[low]
        k = split(high - low)
        return node(self.mth(low, low + k), self.mth(low + k, high))

    def root(self, size: int) -> bytes:
        return self.mth(0, size)

    def path(self, index: int, low: int, high: int) -> list[bytes]:
        """PATH(m, D_n)."""
        if high - low == 1:
            return []
        k = split(high - low)
        if index < k:
            return [*self.path(index, low, low + k), self.mth(low + k, high)]
        return [*self.path(index - k, low + k, high), self.mth(low, low + k)]

    def proof(self, old: int, new: int) -> list[bytes]:
        """PROOF(m, D_n), for 0 < m < n."""
        return self.subproof(old, 0, new, whole=True)

    def subproof(self, old: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if old == high - low:
            return [] if whole else [self.mth(low, high)]
        k = split(high - low)
        if old <= k:
            return [*self.subproof(old, low, low + k, whole=whole), self.mth(low + k, high)]
        return [*self.subproof(old - k, low + k, high, whole=False), self.mth(low, low + k)]


class Unfit(Exception):
    """A proof has too few or too many hashes for its sizes."""


def root_by(index: int, size: int, found: bytes, path: list[bytes]) -> bytes:
    """The root to which an inclusion proof leads, by the definition of PATH read backwards."""
    if size == 1:
        if path:
            raise Unfit
        return found
    if not path:
        raise Unfit
    *rest, last = path
    k = split(size)
    if index < k:
        return node(root_by(index, k, found, rest), last)
    return node(last, root_by(index - k, size - k, found, rest))


def roots_by(old: int, new: int, old_root: bytes, path: list[bytes], *, whole: bool = True) -> tuple[bytes, bytes]:
    """The two roots to which a consistency proof leads, by the definition of SUBPROOF read backwards."""
    if old == new:
        if len(path) != (0 if whole else 1):
            raise Unfit
        one = old_root if whole else path[0]
        return one, one
    if not path:
        raise Unfit
    *rest, last = path
    k = split(new)
    if old <= k:
        first, second = roots_by(old, k, old_root, rest, whole=whole)
        return first, node(second, last)
    first, second = roots_by(old - k, new - k, old_root, rest, whole=False)
    return node(last, first), node(last, second)
