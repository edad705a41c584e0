"""A root key as text that a person can print, read aloud and type back.

40 bytes: format (1), root version (2), key (32), checksum (5); Crockford's base32,
64 characters in 16 groups of four.
"""

import hashlib

from conference.crypto.trouble import KeyTrouble

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FORMAT = 1
_LENGTH = 64


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(b"zvh/v1/recovery" + body).digest()[:5]


def _refused() -> KeyTrouble:
    return KeyTrouble("key_unreadable", "This is not a recovery key: a character is missing or wrong.")


def printable(version: int, key: bytes) -> str:
    """Return the text of a root key: 16 groups of four, with a checksum. `version`: 1..65535."""
    body = bytes([_FORMAT]) + version.to_bytes(2, "big") + key
    number = int.from_bytes(body + _checksum(body), "big")
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    return "-".join(text[i : i + 4] for i in range(0, _LENGTH, 4))


def parse(text: str) -> tuple[int, bytes]:
    """Return (version, key) of a printed key; case, spaces, dashes and O/I/L do not matter.

    Raises KeyTrouble("key_unreadable").
    """
    plain = "".join(text.upper().split()).replace("-", "").translate(_READ_ALIKE)
    if len(plain) != _LENGTH or not set(plain) <= set(ALPHABET):
        raise _refused()
    number = 0
    for character in plain:
        number = number << 5 | ALPHABET.index(character)
    raw = number.to_bytes(40, "big")
    body, check = raw[:35], raw[35:]
    if check != _checksum(body) or body[0] != _FORMAT:
        raise _refused()
    return int.from_bytes(body[1:3], "big"), body[3:]
