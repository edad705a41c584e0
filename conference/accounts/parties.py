"""Parties as the active covenant knows them: the accounts' only question to it."""

from conference import clock
from conference.accounts import rules
from conference.accounts.models import Person
from conference.covenant import shelf


def classes() -> dict[str, str] | None:
    """Return class (P, Q, D, Z) by party of the active covenant, or None when none is active."""
    covenant = shelf.active(clock.now())
    return None if covenant is None else {party.id: party.cls for party in covenant.parties.values()}


def standing(person: Person) -> str | None:
    """Return why this person may not log in today, or None."""
    return rules.may_log_in(person, clock.today(), (classes() or {}).get(person.party))
