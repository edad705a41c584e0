"""People in a text: chips when it is read, "@betrokkene 1" while it is typed, {subject:<id>} when it is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from agenda.protocol import Mention

_WORD = re.compile(r"\w*(?: \d+)?")
_PSEUDONYM = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text. `mention`: it stands for somebody; `first`: her first time in this text."""

    text: str
    mention: Mention | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A typed text as it is kept; `unknown`: what follows an "@" and names nobody of the case."""

    text: str
    unknown: tuple[str, ...]


def segments(text: str, mentions: Sequence[Mention]) -> list[Segment]:
    """Cut a text at its mentions, whose places are counted in UTF-16 code units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    found: list[Segment] = []
    met: set[UUID] = set()
    at = 0
    for mention in sorted(mentions, key=lambda one: one.start):
        if mention.start < at or 2 * mention.end > len(raw):
            continue
        if mention.start > at:
            found.append(Segment(_units(raw, at, mention.start)))
        found.append(Segment(_units(raw, mention.start, mention.end), mention, mention.subject not in met))
        met.add(mention.subject)
        at = mention.end
    if 2 * at < len(raw):
        found.append(Segment(_units(raw, at, len(raw) // 2)))
    return found


def _units(raw: bytes, start: int, end: int) -> str:
    return raw[2 * start : 2 * end].decode("utf-16-le", "replace")


def short_pseudonym(pseudonym: str) -> str:
    """Return the six symbols that people read out: "QH7M-2X"."""
    symbols = _PSEUDONYM.sub("", pseudonym.upper())
    return f"{symbols[:4]}-{symbols[4:6]}"


def to_kept(typed: str, handles: Mapping[str, UUID]) -> Written:
    """Put a mention for each "@handle"; `handles`: the spoken handles of the case and whom they mean.

    An "@" inside a word (an address) is left as it is.
    """
    ordered = sorted(handles, key=len, reverse=True)
    kept: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(typed):
        if typed[at] != "@" or (at and typed[at - 1].isalnum()):
            kept.append(typed[at])
            at += 1
            continue
        handle = next((one for one in ordered if _begins_with(typed, at + 1, one)), None)
        if handle is None:
            unknown.append("@" + (word[0] if (word := _WORD.match(typed, at + 1)) else ""))
            kept.append("@")
            at += 1
        else:
            kept.append(f"{{subject:{handles[handle]}}}")
            at += 1 + len(handle)
    return Written("".join(kept).strip(), tuple(unknown))


def _begins_with(text: str, at: int, handle: str) -> bool:
    end = at + len(handle)
    fits = text[at:end].casefold() == handle.casefold()
    return fits and not text[end : end + 1].isalnum()


def names_in(typed: str, names: Sequence[str | None]) -> list[str]:
    """Return the names of people that stand in a typed text in full, where a mention belongs."""
    return [name for name in names if name and name in typed]
