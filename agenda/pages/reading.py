"""One reading of a page: the gate of the moment, the projection, and what was seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
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
from conference.covenant.facts import Level, Ruling
from conference.crypto import KeyTrouble

Body = TypeVar("Body", bound=msgspec.Struct)
Page = TypeVar("Page")

# Read on the screen only: never printed, exported or mailed (covenant, "What is asked for").
SCREEN_ONLY = "adr"


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
        body = msgspec.json.decode(shown.body, type=shape)
        for mention in getattr(body, "mentions", ()):
            if mention.named and shown.trace.case is not None:
                self.saw_name(shown.trace.case, mention.subject)
        return body

    def saw(self, key: str, shown: Shown) -> None:
        """Count an object as seen."""
        trace = shown.trace
        self.sights.append(Sight(key, trace.case, trace.subjects, trace.category, trace.level, trace.reason))

    def saw_name(self, case: UUID, subject: UUID) -> None:
        """Count a subject's name, which stands in a text, as seen."""
        self.sights.append(access.sight_of_name(self.gate, access.viewer_of(self.identity), case, subject))

    def saw_register(self, case: UUID, subject: UUID) -> None:
        """Count a subject's lines in the register, and the code name of her case above them, as seen."""
        for key in (f"subject:{subject}", f"case:{case}"):
            self.sights.append(Sight(key, case, (subject,), "prc", Level.PSEUDONYMISED, "consent_register"))

    def release(self, act: str, conference: UUID | None = None) -> None:
        """Write the entries of everything seen. Raises LogUnavailable: then show nothing."""
        looking = Access(act=act, origin="http", identity=self.identity, conference=conference)
        access.disclose(self.gate, looking, self.sights)


@dataclass(frozen=True, slots=True)
class Unshown(Generic[Page]):
    """What was read for a form and may never be shown: `value` is to rule and to check by.

    Nothing of it may leave but through `show`, which writes its entries first.
    """

    value: Page
    reading: Reading
    act: str
    conference: UUID | None = None

    def show(self) -> Page:
        """Write the entries of what was read, then give it out. Raises LogUnavailable."""
        self.reading.release(self.act, self.conference)
        return self.value


def existence(reading: Reading, case: UUID) -> Ruling:
    """Rule on whether a case exists for the reader. Raises KeyTrouble for one that does and cannot be opened now."""
    ruling = reading.gate.existence(access.viewer_of(reading.identity), case)
    trouble = reading.gate.cases[case].trouble if ruling.visible else None
    if trouble is not None:
        raise KeyTrouble(trouble)
    return ruling


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
