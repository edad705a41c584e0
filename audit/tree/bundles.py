"""Entry bundles (C2SP tlog-tiles): up to 256 entries in a row, each after its length in 16 bits, big-endian."""

from collections.abc import Iterable

from audit.tree.errors import TreeError
from audit.tree.tiles import TILE

LARGEST = 0xFFFF  # bytes of an entry
_LENGTH = 2


class BundleError(TreeError):
    """Entries fit no bundle, or bytes are none: entry_too_long, too_many_entries, malformed."""

    what = "The bundle"


def pack(entries: Iterable[bytes]) -> bytes:
    """Return the bundle of at most 256 entries of at most 65,535 bytes. Raises BundleError."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LARGEST:
            raise BundleError("entry_too_long")
        parts += (len(entry).to_bytes(_LENGTH, "big"), entry)
    if len(parts) > 2 * TILE:
        raise BundleError("too_many_entries")
    return b"".join(parts)


def unpack(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises BundleError when its lengths do not fill it exactly, or name too many."""
    entries = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + _LENGTH
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > end or at > end:
            raise BundleError("malformed")
        entries.append(bundle[start:at])
    if len(entries) > TILE:
        raise BundleError("too_many_entries")
    return entries
