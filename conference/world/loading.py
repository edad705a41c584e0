"""What a world that is being loaded has given so far, and how its references are found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from audit.record import Entry, record
from conference.covenant.file import Covenant
from conference.world.shape import WorldError

_MENTION = re.compile(r"\{subject:([^{}]+)\}")


@dataclass(slots=True)
class Loading:
    """File id -> the product's id, per kind; `subjects` by case as well."""

    covenant: Covenant
    now: datetime
    ticks: int = 0
    people: dict[str, UUID] = field(default_factory=dict)
    party_of: dict[str, str] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    subjects: dict[str, UUID] = field(default_factory=dict)
    subjects_of: dict[str, dict[str, UUID]] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    conferences: dict[str, UUID] = field(default_factory=dict)
    agenda_items: dict[str, UUID] = field(default_factory=dict)
    notes: dict[str, UUID] = field(default_factory=dict)
    decisions: dict[str, UUID] = field(default_factory=dict)
    actions: dict[str, UUID] = field(default_factory=dict)

    def tick(self) -> datetime:
        """Return the moment of loading, a microsecond later each time, so that the file's order holds."""
        self.ticks += 1
        return self.now + timedelta(microseconds=self.ticks)

    def ids(self) -> dict[str, dict[str, str]]:
        """Return the ids that the product gave, as `seed --json` prints them."""
        kinds = ("conferences", "cases", "subjects", "items", "people", "agenda_items", "notes", "decisions", "actions")
        return {kind: {name: str(row) for name, row in getattr(self, kind).items()} for kind in kinds}

    def give(self, kind: str, name: str, row: UUID) -> None:
        """Keep the id of one thing; a file id may be used once per kind, an empty one is not kept."""
        given: dict[str, UUID] = getattr(self, kind)
        if name in given:
            refuse("id_twice", f"Two {kind} have the same id.")
        if name:
            given[name] = row

    def resolve(self, text: str, case: str | None) -> str:
        """Return a text with the file's mentions as the product's; one of nobody in the case is refused."""
        known = self.subjects_of.get(case, {}) if case else {}

        def replaced(match: re.Match[str]) -> str:
            return f"{{subject:{find(known, match.group(1), 'unknown_subject')}}}"

        return _MENTION.sub(replaced, text)

    def log(
        self, act: str, *, party: str, case: UUID | None = None, subject: UUID | None = None, obj: str = ""
    ) -> None:
        """Enter that something was loaded on behalf of a party."""
        entry = Entry(
            act=act,
            origin="seed",
            party=party,
            case=case,
            subject=subject,
            obj=(obj,) if obj else (),
            covenant=self.covenant.version,
        )
        record(entry)


def find(known: Mapping[str, UUID], name: str, code: str) -> UUID:
    """Return the product's id of a file id. Raises WorldError(code)."""
    if name not in known:
        refuse(code, "Something in the file refers to what is not in it.")
    return known[name]


def refuse(code: str, message: str) -> NoReturn:
    """Refuse the world."""
    raise WorldError(code, message)
