"""The two hashes of the tree (RFC 9162, section 2.1.1), one by one and in bulk."""

from collections.abc import Iterable
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the hashes of many leaves."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def level_above(row: bytes) -> bytes:
    """Return the nodes over an even number of hashes, both as joined bytes."""
    return b"".join([sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row), 64)])


def perfect_root(row: bytes) -> bytes:
    """Return the root over 2^k joined hashes."""
    while len(row) > HASH:
        row = level_above(row)
    return row
