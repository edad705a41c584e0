"""One writing of each value: texts that two readers could take for the same value are refused."""

import base64
import re

LARGEST = 2**63 - 1  # as in C2SP tlog-cosignature; it fits every database and every reader
_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


def encoded(raw: bytes) -> str:
    """Return the base64 of bytes (RFC 4648, section 4), padded, on one line."""
    return base64.b64encode(raw).decode()


def decoded(text: str) -> bytes:
    """Return the bytes of a base64 text. Raises ValueError for every writing but that of `encoded`."""
    raw = base64.b64decode(text, validate=True)
    if encoded(raw) != text:
        raise ValueError("Another writing of the same bytes.")
    return raw


def number(text: str) -> int:
    """Return a whole number from 0 to 2^63-1. Raises ValueError for leading zeros, signs and other digits."""
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        raise ValueError("No number in its one writing.")
    return int(text)
