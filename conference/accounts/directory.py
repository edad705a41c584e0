"""Names and parties of people, kept in memory for one version of `people`."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

from conference.accounts import sockets
from conference.accounts.models import Person

_SESSION_SECONDS = 5.0  # a session that ends by the clock alone is noticed within this


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as others at the table know her."""

    name: str
    party: str


_lock = Lock()
_version = -1
_people: dict[UUID, Entry] = {}
_alive: dict[UUID, float] = {}


def _at(version: int) -> None:
    """Forget everything that was learnt under another version. Call it with the lock held."""
    global _version  # noqa: PLW0603  one directory for the process
    if version != _version:
        _version = version
        _people.clear()
        _alive.clear()


def people(wanted: Iterable[UUID], version: int) -> dict[UUID, Entry]:
    """Return these people as they are at this version of `people`; unknown ids are left out."""
    ids = set(wanted)
    with _lock:
        _at(version)
        found = {person: _people[person] for person in ids if person in _people}
    missing = ids - found.keys()
    if missing:
        read = {p.id: Entry(p.name, p.party) for p in Person.objects.filter(id__in=missing)}
        found |= read
        with _lock:
            if version == _version:
                _people.update(read)
    return found


def is_alive(session: UUID, version: int) -> bool:
    """Say whether a session may still act; asked of the database when `people` changed, and every 5 s."""
    with _lock:
        _at(version)
        if _alive.get(session, 0.0) > monotonic():
            return True
    if not sockets.alive({session}):
        return False
    with _lock:
        if version == _version:
            _alive[session] = monotonic() + _SESSION_SECONDS
    return True
