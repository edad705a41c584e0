"""Pseudonyms per (party, case): two parties, and two cases, do not link."""

import hmac
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from conference.crypto import ring

EPOCH = "1"  # raised when a party's pseudonyms must be issued anew
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_ALIKE = str.maketrans("OIL", "011")
SYMBOLS = 10


def pseudonym(party: str, case: UUID, subject: UUID) -> str:
    """Return the party's pseudonym of a subject in a case, e.g. "QH7M-2XTR-9DK".

    HMAC-SHA-256 over the subject's random id: ten Crockford symbols (50 bits) and a check symbol.
    """
    number = int.from_bytes(hmac.digest(_key(party, case), subject.bytes, sha256)[:7]) >> 6
    values = [(number >> shift) & 31 for shift in range(5 * (SYMBOLS - 1), -1, -5)]
    symbols = "".join(_ALPHABET[value] for value in values)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}{_check(values)}"


class Misread(Exception):
    """What was written is no pseudonym; `whole`: it has enough symbols, so one of them must be wrong."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__("misread")
        self.whole = whole


def read_aloud(written: str) -> str:
    """Return a pseudonym as it is written, from what somebody heard or typed. Raises Misread.

    Small letters, whatever stands between symbols and what looks alike (O for 0, I and L for 1) are read as
    Crockford's base32 says.
    """
    symbols = "".join(symbol for symbol in written if symbol.isalnum()).upper().translate(_ALIKE)
    if len(symbols) != SYMBOLS + 1 or not set(symbols) <= set(_ALPHABET):
        raise Misread(whole=len(symbols) > SYMBOLS)
    if _check([_ALPHABET.index(symbol) for symbol in symbols[:-1]]) != symbols[-1]:
        raise Misread(whole=True)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def _check(values: list[int]) -> str:
    """Return the symbol that tells one wrong or two swapped symbols; only a 0 for a Z passes.

    A weighted sum modulo a prime: without weights a swap would leave it as it is.
    """
    return _ALPHABET[sum(weight * value for weight, value in enumerate(values, 1)) % 31]


@lru_cache(maxsize=4096)
def _key(party: str, case: UUID) -> bytes:
    return ring().derive("zvh/v1/psn", party, str(case), EPOCH)
