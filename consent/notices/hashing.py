"""What a text is known by: SHA-256 over its canonical bytes. Pure.

The canonical bytes are the JSON (RFC 8785, UTF-8) of an object with the notice's `id` and `version`, the
`language`, and as `text` an array of exactly what is shown, in the order in which it is read. Any other letter,
order or language gives another hash; how the page is laid out does not.
"""

import hashlib
import json

import msgspec

from consent.notices.texts import NOTICE_ID, Text, leaves, text

_GROUPS = range(0, 16, 4)


def canonical(language: str) -> bytes:
    """Return the canonical bytes of the notice in a language. Raises KeyError for an unknown one."""
    return _bytes(text(language), list(text(language).notice.lines()))


def text_hash(language: str) -> str:
    """Return SHA-256 of the notice in a language, 64 hex digits. Raises KeyError for an unknown one."""
    return hashlib.sha256(canonical(language)).hexdigest()


def words_hash(language: str) -> str:
    """Return SHA-256 of all that is shown or said beside the notice: summary, topics, questions, frame."""
    own = text(language)
    parts = (own.months, own.frame, own.summary, own.topics, own.parties, own.read_aloud)
    shown = [one for part in parts for one in leaves(msgspec.to_builtins(part))]
    return hashlib.sha256(_bytes(own, [[key, value] for key, value in shown])).hexdigest()


def control_number(sha256: str) -> str:
    """Return the first 16 hex digits in groups of four, as they stand on paper."""
    return " ".join(sha256[start : start + 4] for start in _GROUPS)


def _bytes(own: Text, shown: list[str] | list[list[str]]) -> bytes:
    # Only strings, arrays and ASCII keys occur, for which this is RFC 8785.
    document = {"id": NOTICE_ID, "version": own.version, "language": own.language, "text": shown}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
