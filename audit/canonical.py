"""Canonical bytes: the strict part of RFC 8785 that the log needs. Pure.

Objects with ASCII keys, lists, strings, integers below 2^53, booleans and null. What two
programs could write differently (floats, big integers, lone surrogates) is refused.
"""

import json
from collections.abc import Mapping

Value = str | int | bool | None | list["Value"] | dict[str, "Value"]

# Every leaf has all of these keys and no other (`audit.entry`).
LEAF_KEYS = frozenset(
    {
        *("act", "actor", "case", "conference", "covenant", "obj", "origin", "out", "party", "phase"),
        *("purpose", "reason", "recipients", "rnd", "role", "seen", "session", "subject", "t"),
    }
)
_EXACT = 2**53  # RFC 7493 §2.2: integers beyond this differ between readers


def canonical(value: Mapping[str, Value]) -> bytes:
    """Return the one encoding of `value`, UTF-8. Raises ValueError for what is outside the subset."""
    _check(dict(value))
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def _check(value: object) -> None:
    match value:
        case None | bool():
            return
        case int():
            if not -_EXACT < value < _EXACT:
                raise ValueError("An integer is too large to be read alike everywhere.")
        case str():
            value.encode()  # UnicodeEncodeError, a ValueError, for a lone surrogate
        case list():
            for element in value:
                _check(element)
        case dict():
            _check_object(value)
        case _:
            raise ValueError(f"A {type(value).__name__} has no canonical form.")


def _check_object(value: dict[object, object]) -> None:
    for key, element in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise ValueError("A key must be ASCII text.")
        _check(element)
