"""One command's turn: the moment it is ruled in, and what it leaves behind in its transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from agenda import board as boards
from agenda import rules
from agenda.feed import lens_of
from agenda.hub.types import Shown
from agenda.lens import Lens
from agenda.models import AgendaItem, Change, Conference, SentOut
from agenda.projections import Projector
from agenda.refused import Refused
from agenda.scope import Scopes
from audit.record import Entry, record
from conference import wake
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access, Gate, Sight
from conference.cases.rights import CaseRights
from conference.crypto import KeyTrouble
from consent.versions import raised_here


@dataclass(slots=True)
class Turn:
    """Who acts, where, at what moment, under which rights. Made inside the transaction.

    `conference` None: the command comes from a case's page, outside any meeting.
    """

    identity: Identity
    conference: Conference | None
    agenda: list[AgendaItem]
    gate: Gate
    lens: Lens
    now: datetime
    origin: str
    locked: dict[UUID, Conference] = field(default_factory=dict)
    raised: int = field(default_factory=raised_here)
    touched: dict[UUID, list[str]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    # --- asking -----------------------------------------------------------------

    def require_role(self, command: str) -> None:
        """Refuse a role that may not give this command at all, whatever its object."""
        code = rules.refusal(command, self.identity.party, self.identity.roles, self.gate.process_party)
        if code is not None:
            raise Refused(code)

    def here(self) -> Conference:
        """Return the conference; a command that needs one is refused outside a meeting."""
        if self.conference is None:
            raise Refused("not_found")
        return self.conference

    def id_of(self, key: str, *kinds: str) -> UUID:
        """Return the id in a key of one of these kinds; any other kind is "not_found"."""
        kind, _, tail = key.partition(":")
        if kind not in kinds:
            raise Refused("not_found")
        return UUID(tail)

    def case(self, case: UUID) -> CaseRights:
        """Return a case that exists for this person and that she is let in to; else "not_found".

        Raises KeyTrouble for one that cannot be opened now: nobody writes where nobody reads.
        """
        found = self.gate.cases.get(case)
        if found is None or case in self.lens.sent_out or not self.gate.existence(self.lens.viewer, case).visible:
            raise Refused("not_found")
        if found.trouble is not None:
            raise KeyTrouble(found.trouble)
        return found

    def agenda_item(self, item: UUID) -> AgendaItem:
        """Return an agenda item of this conference that is in this person's view; else "not_found"."""
        row = next((row for row in self.agenda if row.id == item), None)
        if row is None:
            raise Refused("not_found")
        if row.case is not None:
            self.case(row.case)
        return row

    def shown(self, key: str) -> Shown:
        """Return an object as this person sees it now; else "not_found"."""
        found = self.look(key)
        if found is None:
            raise Refused("not_found")
        return found

    def look(self, key: str) -> Shown | None:
        """Return an object as this person sees it now, or None."""
        if self.conference is None:
            return None
        board = boards.load(self.conference, self.gate, self.agenda, [key])
        return Projector(board, self.gate, self.lens, Scopes(self.gate)).some([key])[key]

    def reload(self) -> None:
        """Take rights as this command left them."""
        if raised_here() != self.raised:
            self.gate = self.gate.renewed()

    # --- leaving ------------------------------------------------------------------

    def touch(self, *keys: str, case: UUID | None = None) -> None:
        """Say that objects changed, to every conference that has them on its table."""
        conferences = [] if self.conference is None else [self.conference.id]
        alone = self.conference is not None and len(self.locked) == 1
        if case is not None and not (alone and any(row.case == case for row in self.agenda)):
            conferences += AgendaItem.objects.filter(case=case).values_list("conference", flat=True)
        for conference in dict.fromkeys(conferences):
            self.touched.setdefault(conference, []).extend(keys)

    def log(
        self,
        act: str,
        key: str,
        *,
        case: UUID | None,
        category: str = "prc",
        subjects: Iterable[UUID] = (),
        people: tuple[UUID, ...] = (),
        receiver: str | None = None,
        seen: bool = True,
    ) -> None:
        """Enter what was done, once for each subject it is about; `people`, `receiver` (a party): whom it concerns.

        `seen` False: nothing of the category was written or read, it was only spoken of.
        """
        doing = Access(
            act=act,
            origin=self.origin,
            identity=self.identity,
            recipients=people,
            conference=self.conference.id if self.conference else None,
            receiver=receiver,
        )
        named = tuple(dict.fromkeys(subjects)) or (None,)
        sight = Sight(key, case, named, category, "identified" if seen else "none", "own_contribution")
        made = access.entries(self.gate, doing, [sight])
        self.entries += made if seen else [replace(entry, reason=None) for entry in made]

    def keep(self) -> None:
        """Write the change numbers and the audit entries; wake the rooms after the commit."""
        missing = [conference for conference in self.touched if conference not in self.locked]
        if missing:
            late = Conference.objects.select_for_update().filter(id__in=missing).order_by("id")
            self.locked |= {row.id: row for row in late}
        for row in (self.locked[conference] for conference in sorted(self.touched)):
            row.seq += 1
            row.save(update_fields=["seq"])
            Change.objects.create(conference=row, seq=row.seq, keys=list(dict.fromkeys(self.touched[row.id])))
            transaction.on_commit(partial(wake.up, f"conference:{row.id}"))
        record(*self.entries)


def begin(
    identity: Identity,
    conference: Conference | None,
    *,
    origin: str,
    cases: Iterable[UUID] = (),
    locked: dict[UUID, Conference] | None = None,
) -> Turn:
    """Start a turn: read agenda, rights and covenant inside the open transaction.

    `locked`: the conferences whose rows this transaction holds already.
    """
    agenda = list(AgendaItem.objects.filter(conference=conference)) if conference else []
    wanted = [*cases, *(row.case for row in agenda if row.case is not None)]
    gate = Gate.at_this_moment(wanted)
    out = (
        SentOut.objects.filter(conference=conference, person=identity.person) if conference else SentOut.objects.none()
    )
    sent_out = frozenset(out.values_list("case", flat=True))
    lens = lens_of(identity, gate.process_party, sent_out)
    return Turn(identity, conference, agenda, gate, lens, gate.now, origin, locked or {})
