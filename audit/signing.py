"""The store's signing key: Ed25519, made once, kept sealed; each year's log has a name of its own.

The front door hands in what seals and opens (`use`). A store that has a log but cannot open its
key signs nothing: there is never a second key for the same store.
"""

import secrets
from typing import Protocol
from uuid import UUID, uuid4

from django.db import connection

from audit.tree.notes import Signer

_TABLE = "audit_signing"
_FIELD = "seed"
_SEED = 32


class Sealer(Protocol):
    """Seals bytes to their place, and opens them there."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes: ...
    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes: ...


class SigningUnavailable(Exception):
    """The log's signing key cannot be had now; leaves are kept, and no checkpoint is signed."""

    def __init__(self, code: str) -> None:
        super().__init__("The log's signing key cannot be had now.")
        self.code = code


_sealer: Sealer | None = None
_known: dict[UUID, bytes] = {}


def use(sealer: Sealer) -> None:
    """Install what seals and opens the key in this process."""
    global _sealer  # noqa: PLW0603  the front door installs it once, as it does the key ring
    _sealer = sealer
    _known.clear()


def signer(origin: str) -> Signer:
    """Return the signer of a log's notes. Raises SigningUnavailable."""
    return Signer(origin, _seed())


def store() -> UUID:
    """Return the store's opaque id, which stands in the origin of its logs; makes the key when there is none."""
    kept = known()
    return UUID(kept) if kept else _make()


def known() -> str | None:
    """Return the store's opaque id as it is kept, whatever stands there; None when there is none. Makes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT store FROM audit_signing WHERE id = 1")
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _seed() -> bytes:
    row = store()
    if row not in _known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM audit_signing WHERE id = 1")
            sealed = bytes(cursor.fetchone()[0])
        opener = _sealing()
        try:
            _known[row] = opener.open(_TABLE, row, _FIELD, sealed)
        except Exception as error:  # noqa: BLE001  whatever the sealer raises: it is not ours
            raise SigningUnavailable(getattr(error, "code", "key_unreadable")) from None
    return _known[row]


def _make() -> UUID:
    """Make the key of a store that has no log yet; when two do it at once, the first one's stands."""
    row = uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM audit_log LIMIT 1")
        if cursor.fetchone():
            raise SigningUnavailable("key_missing")
        sealed = _sealing().seal(_TABLE, row, _FIELD, secrets.token_bytes(_SEED))
        cursor.execute(
            "INSERT INTO audit_signing (id, store, sealed) VALUES (1, %s, %s) ON CONFLICT (id) DO NOTHING",
            [str(row), sealed],
        )
        cursor.execute("SELECT store FROM audit_signing WHERE id = 1")
        return UUID(cursor.fetchone()[0])


def _sealing() -> Sealer:
    if _sealer is None:
        raise SigningUnavailable("key_not_loaded")
    return _sealer
