"""What is asked of the log, and a place in its answer. Pure."""

import re
from dataclasses import dataclass
from uuid import UUID

from audit import marks, tally
from audit.days import begins_a_day

_PLACE = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")

Key = tuple[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks of the log; what is None is not asked.

    `person`: whoever acted or was reached. `since`, `until`: µs since 1970, since ≤ t < until.
    `marks`: bits of `audit.marks`, all of which an entry must have; 0 asks for none.
    """

    case: UUID | None = None
    person: UUID | None = None
    party: str | None = None
    subject: UUID | None = None
    since: int | None = None
    until: int | None = None
    marks: int = 0
    act: str | None = None

    def keys(self) -> list[Key]:
        """Return where its answer is found, as (scope, key) of the notes; those with the fewest entries first."""
        ids = ((tally.SUBJECT, self.subject), (tally.CASE, self.case), (tally.PERSON, self.person))
        found = [(scope, value.bytes) for scope, value in ids if value is not None]
        found += [(tally.MARK, tally.mark_key(mark)) for mark in marks.FOUND if self.marks & mark]
        return [*found, (tally.PARTY, self.party.encode())] if self.party is not None else found

    @property
    def is_counted(self) -> bool:
        """Whether the counts per day know how many entries answer it."""
        whole_days = all(begins_a_day(bound) for bound in (self.since, self.until) if bound is not None)
        return whole_days and self.act is None and not (self.person and self.subject)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log, for going on from there: the time and number of the last row shown."""

    t: int
    id: int

    def __str__(self) -> str:
        return f"{self.t}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Return the place that `str` wrote, or None for anything else."""
        if not _PLACE.fullmatch(text):
            return None
        t, _, number = text.partition("-")
        found = cls(int(t), int(number))
        return found if max(found.t, found.id) < 2**63 else None
