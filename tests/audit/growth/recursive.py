"""The tree's root by its recursive definition (RFC 9162, 2.1.1), which the product does not use."""

import hashlib
from collections.abc import Sequence


def root_of(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:])).digest()
