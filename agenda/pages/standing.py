"""What the register says of one receiving party in a case, and the code that stands for exactly that."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

import msgspec

from agenda.gaps import deciding
from conference.cases.rights import CaseRights
from conference.covenant import facts
from conference.covenant.days import day_of
from conference.covenant.words import VALID_STATES
from conference.crypto import ring

_SYMBOLS = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_EXPIRED = "verlopen"
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """One line as it stands; `state` is the register's own word, `until` the last day on which it holds or held."""

    case: UUID
    subject: UUID
    category: str
    state: str
    until: date | None


def standing_for(found: CaseRights, party: str, now: datetime) -> list[Standing]:
    """Return the lines about one party, for the case's own purpose, by person and kind; nothing of other parties."""
    grouped: dict[tuple[str, str], list[facts.ConsentLine]] = {}
    for line in found.consents:
        if line.party == party and line.purpose == found.fact.purpose and UUID(line.subject) in found.subjects:
            grouped.setdefault((line.subject, line.category), []).append(line)
    order = {str(subject): place for place, subject in enumerate(found.subjects)}
    return [
        _standing(found.id, last, now)
        for _key, lines in sorted(grouped.items(), key=lambda one: (order[one[0][0]], one[0][1]))
        if (last := deciding(lines, now)) is not None
    ]


def _standing(case: UUID, line: facts.ConsentLine, now: datetime) -> Standing:
    permits = line.state in VALID_STATES
    over = permits and line.ends is not None and line.ends <= now
    until = day_of(line.ends - _JUST_BEFORE) if permits and line.ends is not None else None
    return Standing(case, UUID(line.subject), line.category, _EXPIRED if over else line.state, until)


def register_code(party: str, lines: Iterable[Standing]) -> str:
    """Return twelve symbols that are equal for equal lines about a party: a keyed hash, so it tells nothing."""
    said = [(line.case, line.subject, line.category, line.state, line.until) for line in lines]
    number = int.from_bytes(hmac.digest(_key(), msgspec.json.encode((party, said)), sha256)[:8]) >> 4
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_SYMBOLS - 1), -1, -5))


@lru_cache(maxsize=1)
def _key() -> bytes:
    return ring().derive("zvh/v1/export-register")
