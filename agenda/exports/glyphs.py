"""Which signs the shipped fonts can print, and what stands on paper for the others.

PDF/UA-1 refuses a sign without a glyph, and signs that turn the direction of text can
make a sentence read as another one. Both appear as their number: [U+202E].
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

_JOINER = "\u200d"  # holds one emoji together
_HEBREW = 0x0590  # below it: Latin, Greek, Cyrillic, Armenian
_SEGMENTS, _GROUPS = 4, 12  # the cmap formats that the shipped fonts use


def printable(text: str) -> str:
    """Return the text with every sign that cannot be printed as [U+XXXX]; newlines stay."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign if _prints(sign) else f"[U+{ord(sign):04X}]" for sign in text)


def cautious(text: str) -> str:
    """Return the text with all outside Latin, Greek and Cyrillic as [U+XXXX].

    For a mix of scripts inside one letter that no single font can draw.
    """
    return "".join(sign if sign == "\n" or _simple(sign) else f"[U+{ord(sign):04X}]" for sign in printable(text))


def _prints(sign: str) -> bool:
    if sign in ("\n", _JOINER):
        return True
    if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp"):
        return False
    return ord(sign) in _covered()


def _simple(sign: str) -> bool:
    return ord(sign) < _HEBREW and unicodedata.category(sign) not in ("Mn", "Me", "Mc")


@cache
def _covered() -> frozenset[int]:
    return frozenset(point for font in sorted(FONTS.glob("*.ttf")) for point in _points(font))


def _points(font: Path) -> Iterator[int]:
    """Yield the code points in a TrueType font's cmap (OpenType 1.9, formats 4 and 12)."""
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (tables,) = struct.unpack_from(">H", data, start + 2)
    for index in range(tables):
        (offset,) = struct.unpack_from(">I", data, start + 4 + 8 * index + 4)
        yield from _subtable(data, start + offset)


def _table(data: bytes, tag: bytes) -> int:
    (tables,) = struct.unpack_from(">H", data, 4)
    for index in range(tables):
        name, _sum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("font_without_cmap")


def _subtable(data: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == _GROUPS:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for index in range(groups):
            first, last, _glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
            yield from range(first, last + 1)
    elif form == _SEGMENTS:
        yield from _segments(data, at)


def _segments(data: bytes, at: int) -> Iterator[int]:
    """Yield the points of a format 4 subtable that have a glyph other than .notdef."""
    (twice,) = struct.unpack_from(">H", data, at + 6)
    size = twice // 2
    ends = struct.unpack_from(f">{size}H", data, at + 14)
    starts = struct.unpack_from(f">{size}H", data, at + 16 + twice)
    deltas = struct.unpack_from(f">{size}h", data, at + 16 + 2 * twice)
    offsets_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{size}H", data, offsets_at)
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            if offset == 0:
                glyph = (point + delta) & 0xFFFF
            else:
                place = offsets_at + 2 * index + offset + 2 * (point - first)
                (glyph,) = struct.unpack_from(">H", data, place)
            if glyph:
                yield point
