"""Pure yes/no about people, each with a stable reason code; no database, no clock."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

FAMILIES = ("inhoud", "toezicht", "beheer")
ROLES = ("chair", "process_coordinator", "care_coordinator", "chain_director", "focal_officer", "participant")
GUEST_CLASSES = ("D", "Z")
LONGEST_COVER = timedelta(days=92)  # longer is another division of work, not a holiday

_PARTY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Refused(Exception):
    """A command that is not done; `code` is stable and says why, never about whom."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Standing(Protocol):
    """What decides whether somebody may log in."""

    @property
    def is_active(self) -> bool: ...
    @property
    def screened_until(self) -> date | None: ...
    @property
    def trained_on(self) -> date | None: ...
    @property
    def secrecy_on(self) -> date | None: ...


def may_log_in(person: Standing, today: date, party_class: str | None = None) -> str | None:
    """Return why this person may not log in on `today` (product's day), or None when she may.

    The screening's last day counts. `party_class`: the class of her party in the
    active covenant, None when there is none or it does not name the party.
    """
    if not person.is_active:
        return "person_disabled"
    if party_class in GUEST_CLASSES:
        return "guest_no_account"
    if person.screened_until is None:
        return "screening_missing"
    if person.screened_until < today:
        return "screening_expired"
    if person.trained_on is None or person.trained_on > today:
        return "training_missing"
    if person.secrecy_on is None or person.secrecy_on > today:
        return "secrecy_missing"
    return None


def refuse_roles(family: str, roles: Sequence[str]) -> str | None:
    """Return why this family cannot have these roles, or None.

    The families exclude each other; only `inhoud` has roles, each at most once.
    """
    if family not in FAMILIES:
        return "unknown_family"
    if any(role not in ROLES for role in roles):
        return "unknown_role"
    if len(set(roles)) != len(roles):
        return "role_twice"
    if roles and family != "inhoud":
        return "role_excluded"
    if family == "inhoud" and not roles:
        return "role_missing"
    return None


def refuse_party(party: str, classes: dict[str, str] | None) -> str | None:
    """Return why nobody can have an account for this party, or None.

    `classes`: class by party of the active covenant; None while no covenant is
    active, when only the shape of the id is looked at.
    """
    if not _PARTY.fullmatch(party):
        return "unknown_party"
    if classes is None:
        return None
    if party not in classes:
        return "unknown_party"
    return "guest_no_account" if classes[party] in GUEST_CLASSES else None


def refuse_cover(absent: UUID, substitute: UUID, since: date, until: date, today: date) -> str | None:
    """Return why a cover from `since` to `until` (both included) is none, or None."""
    if absent == substitute:
        return "cover_of_oneself"
    if until < since:
        return "cover_backwards"
    if since < today:
        return "cover_in_past"
    return "cover_too_long" if until - since > LONGEST_COVER else None
