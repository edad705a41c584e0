"""Pseudonyms per (party, case): two parties, and two cases, do not link."""

import hmac
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from conference.crypto import ring

EPOCH = "1"  # raised when a party's pseudonyms must be issued anew
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32


def pseudonym(party: str, case: UUID, subject: UUID) -> str:
    """Return the party's pseudonym of a subject in a case, e.g. "QH7M-2XTR-9DK".

    HMAC-SHA-256 over the subject's random id: ten Crockford symbols (50 bits) and a check symbol.
    """
    number = int.from_bytes(hmac.digest(_key(party, case), subject.bytes, sha256)[:7]) >> 6
    symbols = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(45, -1, -5))
    check = _ALPHABET[number % 31]  # 31 is prime: one wrong or two swapped symbols are found
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}{check}"


@lru_cache(maxsize=4096)
def _key(party: str, case: UUID) -> bytes:
    return ring().derive("zvh/v1/psn", party, str(case), EPOCH)
