"""What comes in over a socket: strict frames, and how many of them. Pure."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from agenda.protocol import CommandFrame, HelloFrame, SeenFrame

LARGEST = 64 * 1024  # bytes of a frame
DEEPEST = 8

Frame = HelloFrame | SeenFrame | CommandFrame

_SEEN = re.compile(r'\{"seen": ?(0|[1-9][0-9]{0,14})\}')
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class MalformedError(Exception):
    """A frame that is no frame. It says nothing of what stood in it."""


def parse(text: str) -> Frame:
    """Decode one text frame from a client.

    Raises MalformedError for whatever is not exactly a frame of the protocol: too large or
    too deep, NaN, a key twice or unknown, NUL or half a surrogate pair in a text.
    """
    seen = _SEEN.fullmatch(text)
    if seen:  # the one that comes by the hundred
        return SeenFrame(int(seen[1]))
    try:
        raw = text.encode()
        if len(raw) > LARGEST:
            raise MalformedError
        _inspect(_strict(text))
        return _typed(raw, _kind(text))
    except (ValueError, RecursionError, msgspec.MsgspecError):
        raise MalformedError from None


def _strict(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError
    return found


def _constant(_name: str) -> NoReturn:
    raise MalformedError


def _inspect(value: Any, depth: int = 0) -> None:
    """Refuse what no screen or database can hold, and nesting that nothing here needs."""
    if depth > DEEPEST:
        raise MalformedError
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise MalformedError
    elif isinstance(value, dict):
        for key, one in value.items():
            _inspect(key, depth + 1)
            _inspect(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _inspect(one, depth + 1)


class _Peek(msgspec.Struct):
    hello: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    seen: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def _kind(text: str) -> type[Frame]:
    peek = msgspec.json.decode(text, type=_Peek)
    if peek.hello is not msgspec.UNSET:
        return HelloFrame
    return SeenFrame if peek.seen is not msgspec.UNSET else CommandFrame


def _typed(raw: bytes, kind: type[Frame]) -> Frame:
    return msgspec.json.decode(raw, type=kind)


@dataclass(slots=True)
class Bucket:
    """A token bucket: `burst` at once, `rate` a second in the long run."""

    burst: float
    rate: float
    clock: Callable[[], float]
    tokens: float = 0.0
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens, self.at = self.burst, self.clock()

    def take(self) -> bool:
        """Take one token; False when there is none."""
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
