"""One reading of a page: the gate of the moment, the projection, and what was seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import msgspec

from agenda import board as boards
from agenda.board import Board
from agenda.feed import lens_of
from agenda.hub.types import Shown
from agenda.projections import Projector
from agenda.scope import Scopes
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access, Gate, Sight
from conference.cases.models import Involvement
from conference.covenant.facts import Level

Body = TypeVar("Body", bound=msgspec.Struct)


@dataclass(slots=True)
class Reading:
    """What one person reads over HTTP. Nothing of it may leave before `release`."""

    identity: Identity
    gate: Gate
    projector: Projector
    sights: list[Sight] = field(default_factory=list)

    @property
    def board(self) -> Board:
        return self.projector.board

    def body(self, key: str, shape: type[Body]) -> Body | None:
        """Return one object as this person sees it, and count it as seen."""
        shown = self.projector.some([key])[key]
        if shown is None:
            return None
        self.saw(key, shown)
        return msgspec.json.decode(shown.body, type=shape)

    def saw(self, key: str, shown: Shown) -> None:
        """Count an object as seen."""
        trace = shown.trace
        self.sights.append(Sight(key, trace.case, trace.subjects, trace.category, trace.level, trace.reason))

    def saw_register(self, case: UUID, subject: UUID) -> None:
        """Count a subject's lines in the register as seen."""
        sight = Sight(f"subject:{subject}", case, (subject,), "prc", Level.PSEUDONYMISED, "consent_register")
        self.sights.append(sight)

    def release(self, act: str, conference: UUID | None = None) -> None:
        """Write the entries of everything seen. Raises LogUnavailable: then show nothing."""
        looking = Access(act=act, origin="http", identity=self.identity, conference=conference)
        access.disclose(self.gate, looking, self.sights)


def of_cases(identity: Identity, cases: Iterable[UUID]) -> Reading:
    """Begin reading these cases outside any meeting; call it inside `rights.snapshot()`."""
    wanted = list(dict.fromkeys(cases))
    gate = Gate.at_this_moment(wanted)
    lens = lens_of(identity, gate.process_party, frozenset())
    # Of a case that does not exist for her no row is read: that would take its time.
    existing = [case for case in wanted if gate.existence(lens.viewer, case).visible]
    return Reading(identity, gate, Projector(boards.of_cases(existing, gate), gate, lens, Scopes(gate)))


def cases_of(identity: Identity, process_party: str | None) -> list[UUID]:
    """Return the cases that a person's party is involved in; the process party is in all."""
    rows = Involvement.objects.filter(until__isnull=True)
    if identity.party != process_party:
        rows = rows.filter(party=identity.party)
    return list(dict.fromkeys(rows.order_by("case__opened_at", "id").values_list("case", flat=True)))
