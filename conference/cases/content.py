"""Case content as the gate sees it: sealed, described by what the covenant asks about."""

from dataclasses import dataclass, field
from uuid import UUID

from conference.covenant import facts


@dataclass(frozen=True, slots=True)
class Content:
    """One sealed thing that may or may not be shown.

    `case` None: it belongs to no case but to the conference `scope`. `table` and `row`
    say where the seal was put. `about`: the item whose content it repeats.
    """

    key: str
    scope: UUID
    case: UUID | None
    table: str
    row: UUID
    sealed: bytes = field(repr=False)
    category: str = "prc"
    supplier: str = ""
    subject: UUID | None = None
    status: str = "released"
    only_for: frozenset[str] | None = None
    not_for: frozenset[str] = frozenset()
    open_action_owner: str | None = None
    about: "Content | None" = None
    mentions: tuple[UUID, ...] = ()

    def fact(self) -> facts.Item:
        """Return it as the covenant's question."""
        return facts.Item(
            category=self.category,
            supplier=self.supplier,
            subject=str(self.subject) if self.subject else None,
            status=self.status,
            only_for=self.only_for,
            not_for=self.not_for,
            open_action_owner=self.open_action_owner,
            about=self.about.fact() if self.about else None,
        )
