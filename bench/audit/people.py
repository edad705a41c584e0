"""Whose reading is entered: sixty-four people of eight parties at four tables, each at one case after another."""

import random
from collections.abc import Iterator
from itertools import count
from uuid import UUID

from audit.entry import Entry

PEOPLE = 64
TABLES = 4
CASES = 160
ITEMS = 12  # of a case
ROUND = 25  # entries of one person while a case is on the table
PARTIES = ("politie", "gemeente", "om", "veilig-thuis", "reclassering", "kwintes", "rvdk", "zvh")
ROLES = ("participant", "participant", "participant", "chair,process_coordinator")
SEEN = ("gez=identified", "jus=pseudonym")


class People:
    """Endless entries of each person, every field filled as by the page of an item. Same seed, same ids."""

    def __init__(self, seed: int = 7) -> None:
        self._drawn = random.Random(seed)
        self._people = [(self._id(), self._id()) for _ in range(PEOPLE)]
        self._conferences = [self._id() for _ in range(TABLES)]
        self._cases = [self._case() for _ in range(CASES)]
        self._entries = [self._of(person) for person in range(PEOPLE)]

    def entries(self, person: int, number: int) -> list[Entry]:
        """Return the next entries of a person."""
        return [next(self._entries[person % PEOPLE]) for _ in range(number)]

    def _id(self) -> UUID:
        return UUID(int=self._drawn.getrandbits(128), version=4)

    def _case(self) -> tuple[UUID, list[UUID], list[str]]:
        return self._id(), [self._id() for _ in range(3)], [f"item:{self._id()}" for _ in range(ITEMS)]

    def _of(self, person: int) -> Iterator[Entry]:
        actor, session = self._people[person]
        table = person % TABLES
        for number in count():
            case, subjects, items = self._cases[(number // ROUND * TABLES + table) % CASES]
            yield Entry(
                act="item.viewed",
                origin="http",
                actor=actor,
                party=PARTIES[person % len(PARTIES)],
                role=ROLES[person % len(ROLES)],
                session=session,
                case=case,
                conference=self._conferences[table],
                subject=subjects[number % len(subjects)],
                obj=(items[number % ITEMS],),
                seen=SEEN,
                phase="overleg",
                reason="consent",
                covenant="0.1-concept",
                purpose="overleg",
            )
