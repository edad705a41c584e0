"""Sealed fields: AES-256-GCM, bound to table, row, field, scope and key version.

A blob is 1 B format ‖ 4 B key version ‖ 12 B nonce ‖ ciphertext ‖ 16 B tag. The plaintext
is padded to steps of 64 bytes, so that a length tells little.
"""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conference.crypto.framing import framed
from conference.crypto.trouble import KeyTrouble

FORMAT = 1
SCHEMA = 1
STEP = 64
_KEY = 32
_HEAD = 5
_NONCE = 12
_TAG = 16
_END = b"\x80"  # ISO/IEC 7816-4: one bit, then zeros


def _padded(plaintext: bytes) -> bytes:
    marked = plaintext + _END
    return marked + bytes(-len(marked) % STEP)


def _unpadded(padded: bytes) -> bytes:
    # What carries a good tag was padded by us, so the mark is always there.
    return padded[: padded.rindex(_END)]


def _broken(why: str) -> KeyTrouble:
    return KeyTrouble("seal_broken", f"A sealed value cannot be opened: {why}.")


class Sealer:
    """Seals and opens the fields of one scope (a case, a conference) with one key version.

    `version`: 1..2^32-1. `key`: 32 bytes.
    """

    __slots__ = ("_cipher", "scope", "version")

    def __init__(self, scope: UUID, version: int, key: bytes) -> None:
        if len(key) != _KEY:
            raise ValueError("A data key has 32 bytes.")
        self.scope = scope
        self.version = version
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return f"<Sealer of {self.scope} version {self.version}>"

    def _bound(self, table: str, row: UUID, field: str) -> bytes:
        return framed(
            bytes([FORMAT]),
            table.encode(),
            row.bytes,
            field.encode(),
            self.scope.bytes,
            self.version.to_bytes(4, "big"),
            bytes([SCHEMA]),
        )

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes:
        """Return the blob of `plaintext` for this one place."""
        nonce = secrets.token_bytes(_NONCE)
        head = bytes([FORMAT]) + self.version.to_bytes(4, "big")
        return head + nonce + self._cipher.encrypt(nonce, _padded(plaintext), self._bound(table, row, field))

    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes:
        """Return the plaintext of a blob of this place.

        Raises KeyTrouble("seal_broken") for a blob that was changed, cut, moved from another
        place or sealed under another key or version.
        """
        if self.version_of(blob) != self.version:
            raise _broken("it was sealed under another key version")
        nonce, ciphertext = blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
        try:
            return _unpadded(self._cipher.decrypt(nonce, ciphertext, self._bound(table, row, field)))
        except InvalidTag:
            raise _broken("it was changed, moved or sealed under another key") from None

    @staticmethod
    def version_of(blob: bytes) -> int:
        """Return the key version that a blob names. Raises KeyTrouble("seal_broken")."""
        if len(blob) < _HEAD + _NONCE + STEP + _TAG:
            raise _broken("it is too short")
        if blob[0] != FORMAT:
            raise _broken("its format is not known")
        return int.from_bytes(blob[1:_HEAD], "big")
