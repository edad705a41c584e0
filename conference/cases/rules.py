"""What a case takes, as pure yes/no with a code: steps between phases, who may join, identity data."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from conference.covenant.facts import Party
from conference.covenant.words import TRACKS

FIRST_PHASE = "aanmelding"
CARE_TRACK = "hulp"
AFTERCARE = "nazorg"
MEMBERS_ONLY = frozenset({"triage", "heropend"})  # WGS 2.27 lid 1 weighs; who is of class Q joins afterwards

STEPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "aanmelding": ("triage", "afsluiting"),
        "triage": ("verrijking", "overleg", "afsluiting"),
        "verrijking": ("overleg", "afsluiting"),
        "overleg": ("uitvoering", "verrijking", "afsluiting"),
        "uitvoering": ("overleg", "afsluiting"),
        "afsluiting": ("nazorg", "heropend", "afgeschermd"),
        "nazorg": ("heropend", "afgeschermd"),
        "heropend": ("verrijking", "overleg", "uitvoering", "afsluiting"),
    }
)
"""Which phases follow which. From a shielded case nothing leads back: nobody sees it any more."""

BORN_SINCE = 1900
_BSN = re.compile(r"[0-9]{9}")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)  # the eleven test of the citizen service number


def next_phases(track: str, phase: str) -> tuple[str, ...]:
    """Return the phases that a case may move to, the usual one first."""
    return tuple(step for step in STEPS.get(phase, ()) if step != AFTERCARE or track == CARE_TRACK)


def refuse_step(track: str, phase: str, wanted: str) -> str | None:
    """Return why a case cannot move from one phase to another, or None.

    "same_phase" | "no_such_step". Aftercare follows in track `hulp` only: elsewhere it
    needs a decision to process anew (BGS 1.16-2).
    """
    if wanted == phase:
        return "same_phase"
    return None if wanted in next_phases(track, phase) else "no_such_step"


def refuse_opening(track: str, purpose: str) -> str | None:
    """Return why no case can be opened with this track and purpose, or None."""
    if track not in TRACKS:
        return "unknown_track"
    return None if purpose.strip() else "purpose_missing"


def refuse_involvement(party: Party | None, phase: str) -> str | None:
    """Return why a party cannot join a case in this phase, or None.

    "unknown_party" (not in the covenant) | "guest_no_account" (class D or Z) |
    "triage_is_for_members" (class Q while the case is being weighed).
    """
    if party is None:
        return "unknown_party"
    if party.cls not in {"P", "Q"}:
        return "guest_no_account"
    return "triage_is_for_members" if party.cls == "Q" and phase in MEMBERS_ONLY else None


def refuse_identity(identity: Mapping[str, str], today: date) -> str | None:
    """Return what is wrong with identity data ("bad_birth_date" | "bad_bsn"), or None. Empty values are fine."""
    born, number = identity.get("birth_date", ""), identity.get("bsn", "")
    if born and not _is_birth_date(born, today):
        return "bad_birth_date"
    return "bad_bsn" if number and not is_bsn(number) else None


def _is_birth_date(text: str, today: date) -> bool:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return False
    return born.isoformat() == text and born.year >= BORN_SINCE and born <= today


def is_bsn(text: str) -> bool:
    """Tell whether nine digits can be a citizen service number (eleven test)."""
    if not _BSN.fullmatch(text) or not int(text):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0
