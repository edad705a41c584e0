"""Keys and seals: the key ring, the wrap of data keys, sealed fields. Pure, no Django.

The front door installs the one ring of the process at its start.
"""

import hashlib
from uuid import UUID

from conference.crypto.ring import KeyRing
from conference.crypto.sealer import Sealer
from conference.crypto.trouble import KeyTrouble

__all__ = ["KeyRing", "KeyTrouble", "Sealer", "install", "ring", "store_sealer"]

_ring: KeyRing | None = None


def install(ring: KeyRing) -> None:
    """Make `ring` the one that this process seals and opens with."""
    global _ring  # noqa: PLW0603  the one key ring of this process
    _ring = ring


def ring() -> KeyRing:
    """Return the installed ring. Raises KeyTrouble("key_missing") before the start."""
    if _ring is None:
        raise KeyTrouble("key_missing", "No key ring is loaded.")
    return _ring


def store_sealer(purpose: str) -> Sealer:
    """Return the sealer of what belongs to no case, e.g. "people"; its key comes from the root."""
    scope = UUID(bytes=hashlib.sha256(b"zvh/v1/store/" + purpose.encode()).digest()[:16], version=4)
    keys = ring()
    return Sealer(scope, keys.active, keys.derive("zvh/v1/store", purpose))
