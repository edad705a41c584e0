"""One question to the covenant, and whether all of it is known (rule 4). Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from conference.covenant import words
from conference.covenant.facts import Case, Item, Party, Subject
from conference.covenant.register import Consents, Exceptions
from conference.covenant.shape import Covenant

MAX_REPEATS = 8  # an item that repeats an item that repeats ...; more is no real text


class Question(NamedTuple):
    """What a viewer of one party asks; everything in it is known and well formed."""

    covenant: Covenant
    party: Party
    case: Case
    item: Item
    consents: Consents
    exceptions: Exceptions
    now: datetime


def chain(item: Item) -> Iterator[Item]:
    """Yield an item, then what it repeats, then what that repeats."""
    link: Item | None = item
    while link is not None:
        yield link
        link = link.about


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest of some moments, of which None are never."""
    return min((moment for moment in moments if moment is not None), default=None)


def unknown(covenant: Covenant, party: str, case: Case, item: Item) -> str | None:
    """Return rule 4's code for what is not known or malformed, or None. May raise for garbage."""
    links = _links(item)
    if links is None:
        return "malformed"
    code = _unknown_place(covenant, party, links)
    if code is not None:
        return code
    if case.phase not in words.ALL_PHASES:
        return "unknown_phase"
    if case.track not in words.TRACKS:
        return "unknown_track"
    for link in links:
        if link.status not in words.STATUSES:
            return "unknown_status"
        if not _item_well_formed(link):
            return "malformed"
    return None if _case_well_formed(case, item.subject) else "malformed"


def _unknown_place(covenant: Covenant, party: str, links: tuple[Item, ...]) -> str | None:
    # Plain loops here and below: the live room asks thousands of times a second.
    if party not in covenant.parties:
        return "unknown_party"
    for link in links:
        if link.supplier not in covenant.parties:
            return "unknown_party"
    for link in links:
        if link.category not in covenant.categories:
            return "unknown_category"
    return None


def _links(item: Item) -> tuple[Item, ...] | None:
    if item.about is None:
        return (item,)
    links: list[Item] = []
    for link in chain(item):
        links.append(link)
        if len(links) > MAX_REPEATS:
            return None
    return tuple(links)


def _case_well_formed(case: Any, subject: str | None) -> bool:
    if not isinstance(case, Case) or not isinstance(case.purpose, str):
        return False
    if not _is_set(case.parties) or not _is_set(case.open_action_parties):
        return False
    names = set()
    for person in case.subjects:
        if not _subject_well_formed(person):
            return False
        names.add(person.id)
    return len(names) == len(case.subjects) and (subject is None or subject in names)


def _subject_well_formed(subject: Any) -> bool:
    if not isinstance(subject, Subject):
        return False
    name: object = subject.id
    born: object = subject.birth_date
    return isinstance(name, str) and subject.role in words.SUBJECT_ROLES and (born is None or type(born) is date)


def _item_well_formed(item: Any) -> bool:
    return isinstance(item, Item) and _is_set(item.not_for) and (item.only_for is None or _is_set(item.only_for))


def _is_set(value: object) -> bool:
    return isinstance(value, frozenset | set)
