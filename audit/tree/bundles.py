"""Entry bundles (C2SP tlog-tiles): up to 256 entries in a row, each after its length in 16 bits, big-endian."""

from collections.abc import Iterable

from audit.tree.tiles import TILE

LARGEST = 0xFFFF
_LENGTH = 2


class BundleError(ValueError):
    """These bytes are no bundle."""


def pack(entries: Iterable[bytes]) -> bytes:
    """Return the bundle of entries, each of at most 65,535 bytes."""
    return b"".join([len(entry).to_bytes(_LENGTH, "big") + entry for entry in entries])


def unpack(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises BundleError when its lengths do not fill it exactly, or name too many."""
    entries = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + _LENGTH
        at = start + (bundle[at] << 8 | bundle[start - 1] if start <= end else LARGEST + 1)
        if at > end:
            raise BundleError("A bundle's lengths do not fit it.")
        entries.append(bundle[start:at])
    if len(entries) > TILE:
        raise BundleError("A bundle holds more entries than a tile hashes.")
    return entries
