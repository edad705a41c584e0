"""A covenant as frozen values: what the file says, ready to be ruled by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from conference.covenant.days import day_end, midnight
from conference.covenant.facts import Party

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of data. `basis` with a question mark was not read in its current wording."""

    code: str
    texts: Mapping[str, str] = field(default_factory=dict)  # nl, en, basis, note

    @property
    def basis(self) -> str:
        return self.texts.get("basis", "")

    @property
    def unread(self) -> bool:
        """Tell whether nobody has read the basis in current law."""
        return "?" in self.basis


@dataclass(frozen=True, eq=False, kw_only=True)
class Covenant:
    """One version of a covenant.

    `parties[...].cells` holds the effective letters of every category: of a party whose
    `check` nobody has confirmed they are all "-". `source` is the file as plain data.
    `superseded_at` is known to the shelf only.
    """

    id: str
    version: str
    valid_from: date | None
    valid_until: date | None
    approved_by: frozenset[str]
    parties: Mapping[str, Party]
    categories: Mapping[str, Category]
    codes: Mapping[str, str]
    never: tuple[str, ...]
    source: Mapping[str, Any]
    superseded_at: datetime | None = None
    starts: datetime | None = field(init=False)
    ends: datetime | None = field(init=False)
    process: str = field(init=False)

    def __post_init__(self) -> None:
        ends = [day_end(self.valid_until)] if self.valid_until else []
        ends += [self.superseded_at] if self.superseded_at else []
        starts = midnight(self.valid_from) if self.valid_from and self.approved else None
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "ends", min(ends, default=None))
        object.__setattr__(self, "process", next(name for name, party in self.parties.items() if party.process))

    @property
    def voters(self) -> tuple[str, ...]:
        """Ids of the parties that must approve: every one of class P and Q."""
        return tuple(name for name, party in self.parties.items() if party.cls in {"P", "Q"})

    @property
    def approved(self) -> bool:
        return self.approved_by.issuperset(self.voters)

    def is_active(self, at: datetime) -> bool:
        """Tell whether this version rules at an aware moment (days of Amsterdam, last day included)."""
        return self.starts is not None and self.starts <= at and (self.ends is None or at < self.ends)

    def active_until(self, at: datetime) -> datetime | None:
        """Return when `is_active` next changes by itself after a moment, or None."""
        if self.starts is None or (self.ends is not None and self.ends <= at):
            return None
        return self.starts if at < self.starts else self.ends

    def letter(self, party: str, category: str, phase_index: int) -> str:
        """Return the effective letter of a cell. Raises KeyError for what the covenant does not name."""
        return self.parties[party].cells[category][phase_index]

    def superseded(self, at: datetime | None) -> "Covenant":
        """Return this version as one that a later version replaces at a moment."""
        return replace(self, superseded_at=at)

    def as_if_active(self) -> "Covenant":
        """Return this version as if it had always ruled: for explaining a draft, never for showing a case."""
        forced = replace(self, superseded_at=None, valid_until=None)
        object.__setattr__(forced, "starts", _EVER)
        return forced
