"""A conference's decision list for one receiving party: made and kept as made, or only looked at before."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from agenda.board import Board
from agenda.exports import DecisionList
from agenda.models import Conference
from agenda.pages import made_exports
from agenda.pages.listing import Line, Listing, lay, meeting_sight
from agenda.pages.made_exports import Made
from audit.record import record, write_lock
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Access
from conference.covenant.facts import Level


@dataclass(frozen=True, slots=True)
class Preview:
    """How much the exporter sees herself, how much of that the receiver gets, and what was made before."""

    seen: int
    received: int
    made: tuple[Made, ...]


def decision_list(identity: Identity, conference: UUID, party: str, form: str = "json") -> DecisionList | None:
    """Return the list for a party, after logging the export; None (and an entry) when it may not be made.

    Each object stands in it at the lower of the receiver's and the exporter's level. That it was made is
    kept with its entry in one transaction, so that it can be shown as overtaken later. Raises LogUnavailable.
    """
    making = Access(act="export.made", origin="http", identity=identity, conference=conference, receiver=party)
    with rights.snapshot():
        made = _begin(identity, conference, party)
        lines: list[Line] = [] if isinstance(made, str) else made.lines(for_receiver=True)
        document = None if isinstance(made, str) else made.document(lines)
    if isinstance(made, str) or document is None:
        access.refuse(replace(making, receiver=None), str(made))
        return None
    entries = access.entries(made.gate, making, made.sights(lines))
    with write_lock(), transaction.atomic():
        made_exports.keep(made, document, form)
        record(*entries)
    return document


def export_preview(identity: Identity, conference: UUID, party: str) -> Preview | None:
    """Return how many of the objects that she sees the receiver gets; None when it may not be made.

    Two numbers, what was made before, and no content: the entry says that she looked, and names nobody.
    """
    looking = Access(act="export.previewed", origin="http", identity=identity, conference=conference, receiver=party)
    with rights.snapshot():
        made = _begin(identity, conference, party)
        preview = None if isinstance(made, str) else _preview(made)
    if isinstance(made, str):
        access.refuse(replace(looking, receiver=None), made)
        return None
    access.disclose(made.gate, looking, [meeting_sight(conference, Level.NONE)])
    return preview


def _preview(made: Listing) -> Preview:
    own, theirs = made.lines(for_receiver=False), made.lines(for_receiver=True)
    return Preview(len(own), len(theirs), made_exports.earlier(made))


def _begin(identity: Identity, conference: UUID, party: str) -> Listing | str:
    """Return the list in the making, or the reason why not; "not yours" and "not there" are one."""
    row = Conference.objects.filter(id=conference, seats__person=identity.person).first()
    if row is None or identity.family != "inhoud":
        return "not_admitted"
    table: Board = lay(row)
    made = Listing(identity, table, party)
    return made.refusal() or made
