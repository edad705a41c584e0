"""One entry of the log, and the leaves that it becomes. Pure.

An entry holds opaque ids and codes only: what does not look like one is refused, so that no
text and no name can ever enter the log. A leaf always has the same keys, null when empty.
"""

import hashlib
import os
import re
import secrets
import time
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")

# An entry bundle of tlog-tiles has 16-bit lengths: 65,535 bytes. So many always fit in one leaf.
PER_LEAF = 500

OUTCOMES = frozenset({"permit", "deny", "error"})
ORIGINS = frozenset({"http", "socket", "cli", "seed", "system"})

_ACT = re.compile(r"[a-z][a-z_]{0,31}\.[a-z][a-z_]{0,31}")
_CODE = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_CODES = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}(,[a-z0-9_][a-z0-9_-]{0,63}){0,7}")
_VERSION = re.compile(r"[a-z0-9][a-z0-9._:-]{0,79}")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf"[a-z][a-z_]{{0,31}}:{_UUID}")
_SEEN = re.compile(r"[a-z][a-z0-9_-]{0,39}=[a-z0-9][a-z0-9_,.-]{0,63}")
_MOST_SEEN = 64
_MOST_KNOWN = 2_048  # sets of codes that have been found good
_RANDOM = 16  # bytes in each leaf
_DRAWN = 256  # leaves for which they are drawn at once
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened: `act` in `object.verb` form, by whom, about what, with which outcome and why.

    `out`: permit | deny | error. `origin`: http | socket | cli | seed | system. `recipients`:
    the people whom a push reaches. `obj`: live keys ("item:<id>"). `seen`: pairs such as
    "gez=identified". `role` may be several codes, joined by commas. `session`: the sign-in's id.
    `covenant`: its version; one that is no code stands in the leaf as a digest.
    """

    act: str
    out: str = "permit"
    origin: str
    actor: UUID | None = None
    party: str | None = None
    role: str | None = None
    recipients: tuple[UUID, ...] = ()
    session: UUID | None = None
    case: UUID | None = None
    conference: UUID | None = None
    subject: UUID | None = None
    obj: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    phase: str | None = None
    reason: str | None = None
    covenant: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A leaf's final bytes, and what its row's columns are copied from. `t`: µs since 1970."""

    leaf: bytes
    t: int
    entry: Entry


def build(entry: Entry) -> list[Built]:
    """Return the entry's leaves: one, or several when its lists are too long for one.

    Raises ValueError for anything that is not an opaque id or a code.
    """
    _check(entry)
    moment = time.time_ns() // 1000
    if len(entry.recipients) <= PER_LEAF and len(entry.obj) <= PER_LEAF:
        return [_built(entry, moment, entry.recipients, entry.obj)]
    parts = ((recipients, obj) for recipients in _chunks(entry.recipients) for obj in _chunks(entry.obj))
    return [_built(entry, moment, recipients, obj) for recipients, obj in parts]


def _chunks(values: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    for start in range(0, max(len(values), 1), PER_LEAF):
        yield values[start : start + PER_LEAF]


class _Leaf(msgspec.Struct, frozen=True, gc=False):
    """A leaf's keys in the order of RFC 8785, so that encoding it gives its canonical bytes.

    That holds because `_check` lets only codes and ids in: no character of theirs is ever escaped.
    """

    act: str
    actor: UUID | None
    case: UUID | None
    conference: UUID | None
    covenant: str | None
    obj: tuple[str, ...]
    origin: str
    out: str
    party: str | None
    phase: str | None
    purpose: str | None
    reason: str | None
    recipients: tuple[UUID, ...]
    rnd: str
    role: str | None
    seen: tuple[str, ...]
    session: UUID | None
    subject: UUID | None
    t: int


_encoder = msgspec.json.Encoder()


def _built(entry: Entry, moment: int, recipients: tuple[UUID, ...], obj: tuple[str, ...]) -> Built:
    leaf = _Leaf(
        entry.act,
        entry.actor,
        entry.case,
        entry.conference,
        _version(entry.covenant),
        obj,
        entry.origin,
        entry.out,
        entry.party,
        entry.phase,
        entry.purpose,
        entry.reason,
        recipients,
        _random(),
        entry.role,
        entry.seen,
        entry.session,
        entry.subject,
        moment,
    )
    return Built(_encoder.encode(leaf), moment, entry)


def _random() -> str:
    """Return 16 random bytes as text. Drawn for many leaves at once: a call to the kernel lets other threads in."""
    while True:
        try:
            drawn = _drawn.pop()
        except IndexError:
            many = secrets.token_bytes(_RANDOM * _DRAWN)
            _drawn.extend(many[start : start + _RANDOM] for start in range(0, len(many), _RANDOM))
        else:
            return b2a_base64(drawn, newline=False).translate(_URL_SAFE, b"=").decode()


_drawn: list[bytes] = []
os.register_at_fork(after_in_child=_drawn.clear)  # what a forked child draws must be its own


def _version(value: str | None) -> str | None:
    """Return a covenant's version as it is when it is a code, else its digest: its makers write it freely."""
    if value is None or _VERSION.fullmatch(value):
        return value
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()[:32]


def _check(entry: Entry) -> None:
    if entry.out not in OUTCOMES or entry.origin not in ORIGINS:
        raise ValueError("An entry's outcome or origin is not known.")
    codes = (entry.act, entry.party, entry.phase, entry.reason, entry.purpose, entry.role, tuple(entry.seen))
    try:
        _check_codes(*codes)
    except TypeError:  # what cannot be looked up is no text either
        raise ValueError("An entry's codes must be texts.") from None
    for key in entry.obj:
        _match("obj", _KEY, key)
    for person in (entry.actor, entry.session, entry.case, entry.conference, entry.subject, *entry.recipients):
        if person is not None and not isinstance(person, UUID):
            raise ValueError("An entry's ids must be UUIDs.")


@lru_cache(maxsize=_MOST_KNOWN)
def _check_codes(
    act: str,
    party: str | None,
    phase: str | None,
    reason: str | None,
    purpose: str | None,
    role: str | None,
    seen: tuple[str, ...],
) -> None:
    """Check an entry's codes; the same few occur again and again, and only good ones are remembered."""
    _match("act", _ACT, act)
    for field, code in (("party", party), ("phase", phase), ("reason", reason), ("purpose", purpose)):
        _match(field, _CODE, code)
    _match("role", _CODES, role)
    if len(seen) > _MOST_SEEN:
        raise ValueError("An entry's seen is too long.")
    for pair in seen:
        _match("seen", _SEEN, pair)


def _match(field: str, pattern: re.Pattern[str], value: object) -> None:
    # The message never repeats the value: it may be what must not be written down.
    if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
        raise ValueError(f"An entry's {field} is not a code or an opaque id.")
