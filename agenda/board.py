"""The rows of one conference, as one snapshot of the database has them; sealed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from agenda import contents
from agenda.models import AgendaItem, Conference, Dissent, Note, SentOut
from conference.accounts import directory
from conference.cases.access import Gate
from conference.cases.content import Content
from conference.cases.models import Item


@dataclass(slots=True)
class Board:
    """What lies on the table: the conference, its agenda, and the rows that were asked for."""

    conference: Conference | None  # None: a case's page, outside any meeting
    agenda: list[AgendaItem]
    cases: list[UUID]
    gate: Gate
    sent_out: dict[UUID, set[UUID]] = field(default_factory=dict)  # case -> people
    items: dict[UUID, Item] = field(default_factory=dict)
    notes: dict[UUID, Note] = field(default_factory=dict)
    dissents: dict[UUID, list[Dissent]] = field(default_factory=dict)
    abouts: dict[UUID, Content] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)

    def every_key(self) -> list[str]:
        """Return every key that a view of this board can have."""
        subjects = [s for case in self.cases if case in self.gate.cases for s in self.gate.cases[case].subjects]
        return [
            *([f"conference:{self.conference.id}"] if self.conference else ()),
            *(f"agenda_item:{row.id}" for row in self.agenda),
            *(f"case:{case}" for case in self.cases),
            *(f"subject:{subject}" for subject in subjects),
            *(f"item:{item}" for item in self.items),
            *(f"{note.kind}:{note.id}" for note in self.notes.values()),
        ]

    def case_of_subject(self, subject: UUID) -> UUID | None:
        """Return the case on this agenda that a subject belongs to."""
        for case in self.cases:
            if case in self.gate.cases and subject in self.gate.cases[case].subjects:
                return case
        return None

    def name(self, person: UUID) -> str:
        """Return a person's name; empty for one that is not known."""
        return self.names.get(person, "")


def named_in(dissents: Iterable[Dissent]) -> tuple[UUID, ...]:
    """Return the subjects named in dissents."""
    return tuple(UUID(mention) for dissent in dissents for mention in dissent.mentions)


def load(conference: Conference, gate: Gate, agenda: list[AgendaItem], keys: Iterable[str] | None = None) -> Board:
    """Read the rows behind `keys` (None: all of the conference's) into a board."""
    cases = list(dict.fromkeys(row.case for row in agenda if row.case is not None))
    board = Board(conference, agenda, cases, gate)
    asked = None if keys is None else list(keys)
    if asked is None or any(key.startswith("case:") for key in asked):
        for row in SentOut.objects.filter(conference=conference):
            board.sent_out.setdefault(row.case, set()).add(row.person)
    return _fill(board, None if asked is None else _by_kind(asked))


def of_cases(cases: list[UUID], gate: Gate) -> Board:
    """Read everything of these cases, outside any meeting."""
    return _fill(Board(None, [], cases, gate), None)


def _fill(board: Board, wanted: dict[str, list[UUID]] | None) -> Board:
    board.items = {row.id: row for row in _items(board.cases, wanted)}
    board.notes = {row.id: row for row in _notes(board.conference, board.cases, wanted)}
    board.abouts = contents.abouts(board.notes.values())
    decisions = [note.id for note in board.notes.values() if note.kind == "decision"]
    for dissent in Dissent.objects.filter(decision__in=decisions) if decisions else ():
        board.dissents.setdefault(dissent.decision_id, []).append(dissent)
    _read_people(board)
    return board


def _by_kind(keys: Iterable[str]) -> dict[str, list[UUID]]:
    grouped: dict[str, list[UUID]] = {"item": [], "note": []}
    for key in keys:
        kind, _, tail = key.partition(":")
        if kind == "item":
            grouped["item"].append(UUID(tail))
        elif kind in {"minutes", "decision", "action"}:
            grouped["note"].append(UUID(tail))
    return grouped


def _items(cases: list[UUID], wanted: dict[str, list[UUID]] | None) -> list[Item]:
    if wanted is None:
        return list(Item.objects.filter(case__in=cases))
    return list(Item.objects.filter(case__in=cases, id__in=wanted["item"])) if wanted["item"] else []


def _notes(conference: Conference | None, cases: list[UUID], wanted: dict[str, list[UUID]] | None) -> list[Note]:
    """The conference's general notes, and all notes of the cases on its agenda, of whatever meeting."""
    of_cases_ = Q(case__in=cases)
    on_the_table = Note.objects.filter(of_cases_ | Q(conference=conference, case=None) if conference else of_cases_)
    if wanted is None:
        return list(on_the_table)
    return list(on_the_table.filter(id__in=wanted["note"])) if wanted["note"] else []


def _read_people(board: Board) -> None:
    chair = [board.conference.chair] if board.conference else []
    authors = [note.author for note in board.notes.values()]
    people = directory.people([*chair, *authors], board.gate.people_version)
    board.names = {person: entry.name for person, entry in people.items()}
