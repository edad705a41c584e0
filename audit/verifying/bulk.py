"""Hashing by the bundle and by the tile: the loops in which a check spends its time. Pure.

A verifier's own code on purpose: it shares nothing with what built the tree but SHA-256. RFC 9162
§2.1.1: a leaf is SHA-256(0x00 ‖ entry), a node SHA-256(0x01 ‖ left ‖ right).
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import repeat
from struct import Struct, error

HASH = 32  # bytes
EMPTY = sha256(b"").digest()  # the root of a log without entries

# Copying a hash that has read its first byte costs less than beginning anew with that byte put in front.
_leaf = sha256(b"\0").copy
_node = sha256(b"\1").copy
_LENGTH = Struct(">H").unpack_from
_PAIR = 2 * HASH
_PAIRS: dict[int, Callable[[bytes], tuple[bytes, ...]]] = {
    count: Struct(f"{_PAIR}s" * count).unpack for count in (1, 2, 4, 8, 16, 32, 64, 128)
}


def leaf_hashes(bundle: bytes, width: int) -> tuple[bytes, str | None]:
    """Return the hashes of a bundle's first `width` entries, joined, and what is wrong with its form.

    The second is None, "entries_missing" for a bundle that ends too early (the hashes are then those
    of its whole entries) or "entries_malformed" for bytes behind the last one.
    """
    found: list[bytes] = []
    add = found.append
    at, short = 0, False
    try:
        for _ in repeat(None, width):
            (length,) = _LENGTH(bundle, at)
            at += 2
            state = _leaf()
            state.update(bundle[at : (at := at + length)])
            add(state.digest())
    except error:
        short = True
    if at > len(bundle):  # a slice ends quietly where its bytes end: this entry was not whole
        found.pop()
        short = True
    return b"".join(found), "entries_missing" if short else "entries_malformed" if at < len(bundle) else None


def perfect_root(hashes: bytes) -> bytes:
    """Return the root over 1, 2, 4, ... or 256 joined hashes."""
    while pairs := len(hashes) // _PAIR:
        found: list[bytes] = []
        add = found.append
        for pair in _PAIRS[pairs](hashes):
            state = _node()
            state.update(pair)
            add(state.digest())
        hashes = b"".join(found)
    return hashes


def root_of(edges: Sequence[bytes]) -> bytes:
    """Return the root of a log from the last, unfinished tile of each level, lowest level first.

    The tile of a level that ends full is empty here: its root stands one level higher.
    """
    root: bytes | None = None
    for hashes in edges:
        end = len(hashes)
        while end:
            count = (end // HASH) & -(end // HASH)
            left = perfect_root(hashes[end - count * HASH : end])
            root = left if root is None else sha256(b"\1" + left + root).digest()
            end -= count * HASH
    return EMPTY if root is None else root
