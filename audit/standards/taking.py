"""Taking the log of a period out of the house, and the log's own entries about it.

One before the first line, and one after the last, with the file's check number: so the log says
what every file that it gave must hash to, and which were never finished.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from uuid import UUID, uuid4

from audit.days import start_of
from audit.entry import Entry
from audit.record import record_durably
from audit.standards.exported import REGISTER
from audit.standards.reading import lines

BEGUN, DONE = "log.exported", "log.taken"
CHECK = "sha256"

MakeEntry = Callable[..., Entry]


@dataclass(frozen=True, slots=True)
class Out:
    """A file on its way out. `codes`: what it is, as the log's entries say it."""

    codes: tuple[str, ...]
    id: UUID = field(default_factory=uuid4)

    def begin(self, entry: MakeEntry) -> None:
        """Enter that the file is taken; `entry(act, **fields)` makes the entry. Raises LogUnavailable."""
        record_durably(entry(BEGUN, obj=(f"export:{self.id}",), seen=self.codes))

    def finish(self, entry: MakeEntry, check: str) -> None:
        """Enter that it went out whole, with its SHA-256 in hex."""
        record_durably(entry(DONE, obj=(f"export:{self.id}",), seen=(*self.codes, f"{CHECK}={check}")))

    def entered(self, pieces: Iterator[bytes], entry: MakeEntry) -> Iterator[bytes]:
        """Yield the pieces of a file that was begun, and enter its check number after the last."""
        digest = sha256()
        for piece in pieces:
            digest.update(piece)
            yield piece
        self.finish(entry, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Taking:
    """A period in one of `reading.FORMS`; days in Amsterdam, both included, None where it is open."""

    form: str
    first: date | None
    last: date | None

    def out(self) -> Out:
        """Return the file that this asks for."""
        days = {"first": self.first, "last": self.last}
        return Out((f"form={self.form}", *(f"{which}={day}" for which, day in days.items() if day)))

    def lines(self, register: str | None = None) -> Iterator[bytes]:
        """Yield its lines. Raises LeafDamaged."""
        since = start_of(self.first.toordinal()) if self.first else None
        until = start_of(self.last.toordinal() + 1) if self.last else None
        return lines(self.form, since, until, register or REGISTER)
