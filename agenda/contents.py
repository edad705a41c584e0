"""The meeting's and the cases' rows as contents that the gate can rule on and open."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from agenda.models import AgendaItem, Conference, Dissent, Note
from conference.cases.content import Content
from conference.cases.models import Item

# Minutes, decisions and actions count as released (covenant, "What is asked for").
_NOTE_STATUS = "released"


def of_item(row: Item) -> Content:
    """Return a party's item."""
    return Content(
        key=f"item:{row.id}",
        scope=row.case_id,
        case=row.case_id,
        table="cases_item",
        row=row.id,
        sealed=bytes(row.sealed),
        category=row.category,
        supplier=row.supplier,
        subject=row.subject_id,
        status=row.status,
        only_for=frozenset(row.only_for) if row.only_for is not None else None,
        not_for=frozenset(row.not_for),
        mentions=tuple(UUID(mention) for mention in row.mentions),
    )


def of_note(row: Note, abouts: Mapping[UUID, Content]) -> Content:
    """Return a minutes block, decision or action; `abouts` holds the items pointed at.

    One that points at an item that is not there any more can be shown to nobody but its
    supplier: an unknown pointer counts as a withdrawn item.
    """
    return Content(
        key=f"{row.kind}:{row.id}",
        scope=row.case or row.conference_id,
        case=row.case,
        table="agenda_note",
        row=row.id,
        sealed=bytes(row.sealed),
        category=row.category,
        supplier=row.supplier,
        subject=abouts[row.about].subject if row.about and row.about in abouts else None,
        status=_NOTE_STATUS if row.about is None or row.about in abouts else "withdrawn",
        open_action_owner=row.owner if row.kind == "action" and row.status == "open" else None,
        about=abouts.get(row.about) if row.about else None,
        mentions=tuple(UUID(mention) for mention in row.mentions),
    )


def of_dissent(row: Dissent, decision: Content) -> Content:
    """Return a dissent's reason: an item of its own party, in the decision's category.

    It stands inside its decision, and is shown at the lower of the two levels.
    """
    return Content(
        key=decision.key,
        scope=decision.scope,
        case=decision.case,
        table="agenda_dissent",
        row=row.id,
        sealed=bytes(row.sealed),
        category=decision.category,
        supplier=row.party,
    )


def of_title(row: AgendaItem) -> Content:
    """Return an agenda item's title: category `prc`, supplied by the writer's party."""
    return Content(
        key=f"agenda_item:{row.id}",
        scope=row.case or row.conference_id,
        case=row.case,
        table="agenda_agendaitem",
        row=row.id,
        sealed=bytes(row.sealed),
        supplier=row.supplier,
    )


def of_conference(row: Conference) -> Content:
    """Return a conference's title, for everybody in it."""
    return Content(
        key=f"conference:{row.id}",
        scope=row.id,
        case=None,
        table="agenda_conference",
        row=row.id,
        sealed=bytes(row.sealed),
    )


def abouts(notes: Iterable[Note]) -> dict[UUID, Content]:
    """Return the items that these notes point at, by id."""
    wanted = {note.about for note in notes if note.about is not None}
    if not wanted:
        return {}
    return {row.id: of_item(row) for row in Item.objects.filter(id__in=wanted)}
