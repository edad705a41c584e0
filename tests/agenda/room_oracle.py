"""What each class must see of a conference, worked out from the rows and the covenant's `decide` alone.

Nothing here comes from the gate, the projections or the feed: it reads the tables and asks.
"""

import json
from datetime import date
from typing import Any
from uuid import UUID

from agenda.models import AgendaItem, Note, SentOut
from conference import clock
from conference.cases.models import Case, Involvement, Item, Subject
from conference.covenant import facts, shelf
from conference.covenant.facts import Level
from conference.covenant.rules import decide
from consent.models import ConsentLine, ExceptionLine

OUTSIDE = {"afgeschermd", "vernietigd"}


class Oracle:
    """The conference's rows at this moment; `born`: birth dates by subject, known to the test."""

    def __init__(self, conference: UUID, born: dict[UUID, date]) -> None:
        self.conference = conference
        self.now = clock.now()
        self.covenant = shelf.active(self.now)
        self.agenda = list(AgendaItem.objects.filter(conference=conference))
        self.cases = {row.id: row for row in Case.objects.filter(id__in=[a.case for a in self.agenda if a.case])}
        self.facts = {case: self._fact(row, born) for case, row in self.cases.items()}
        self.lines = {case: self._lines(case) for case in self.cases}
        self.sent_out = set(SentOut.objects.filter(conference=conference).values_list("case", "person"))
        self.known = {**self._subjects(), **self._items(), **self._notes()}

    def _fact(self, row: Case, born: dict[UUID, date]) -> facts.Case:
        involved = Involvement.objects.filter(case=row, until__isnull=True).values_list("party", flat=True)
        owners = Note.objects.filter(case=row.id, kind="action", status="open").values_list("owner", flat=True)
        subjects = tuple(facts.Subject(str(s.id), s.role, born.get(s.id)) for s in Subject.objects.filter(case=row))
        return facts.Case(row.track, row.phase, str(row.purpose_ref), frozenset(involved), subjects, frozenset(owners))

    def _lines(self, case: UUID) -> tuple[list[facts.ConsentLine], list[facts.ExceptionLine]]:
        consents = [
            facts.ConsentLine(
                str(line.subject),
                line.party,
                line.category,
                str(line.purpose),
                line.state,
                line.number,
                line.starts,
                line.ends,
            )
            for line in ConsentLine.objects.filter(case=case)
        ]
        exceptions = [
            facts.ExceptionLine(
                str(line.subject),
                line.party,
                line.category,
                line.code,
                str(line.decider),
                "recorded",
                line.starts,
                line.ends,
            )
            for line in ExceptionLine.objects.filter(case=case)
        ]
        return consents, exceptions

    def level(self, party: str, case: UUID, item: facts.Item) -> Level:
        """Ask the covenant."""
        consents, exceptions = self.lines[case]
        viewer = facts.Viewer(party, "inhoud")
        return decide(self.covenant, viewer, self.facts[case], item, consents, exceptions, self.now).level

    def admitted(self, person: UUID, party: str, case: UUID) -> bool:
        """Rules 1 to 7 in words of their own, and the door."""
        if (case, person) in self.sent_out:
            return False
        known = self.covenant.parties.get(party) if self.covenant else None
        if known is None or known.cls not in {"P", "Q"} or self.cases[case].phase in OUTSIDE:
            return False
        return known.process or party in self.facts[case].parties

    def expected(self, person: UUID, party: str) -> dict[str, str | None]:
        """Return key -> level (None for objects that carry none) of everything in this person's view."""
        found: dict[str, str | None] = {f"conference:{self.conference}": None}
        let_in = {case for case in self.cases if self.admitted(person, party, case)}
        for row in self.agenda:
            if row.case is None or row.case in let_in:
                found[f"agenda_item:{row.id}"] = None
        for case in let_in:
            found[f"case:{case}"] = None
        for key, (case, item) in self.known.items():
            if case is not None and case not in let_in:
                continue
            level = Level.IDENTIFIED if case is None else self.level(party, case, item)
            if level is not Level.NONE:
                found[key] = level.value
        return found

    def _subjects(self) -> dict[str, tuple[UUID | None, facts.Item]]:
        rows = Subject.objects.filter(case__in=self.cases)
        return {f"subject:{s.id}": (s.case_id, facts.Item("id", s.registered_by, str(s.id))) for s in rows}

    def _items(self) -> dict[str, tuple[UUID | None, facts.Item]]:
        return {f"item:{row.id}": (row.case_id, _item(row)) for row in Item.objects.filter(case__in=self.cases)}

    def _notes(self) -> dict[str, tuple[UUID | None, facts.Item]]:
        general = Note.objects.filter(conference=self.conference, case=None)
        rows = [*Note.objects.filter(case__in=self.cases), *general]
        return {f"{row.kind}:{row.id}": (row.case, _note(row)) for row in rows}


def _item(row: Item) -> facts.Item:
    return facts.Item(
        category=row.category,
        supplier=row.supplier,
        subject=str(row.subject_id) if row.subject_id else None,
        status=row.status,
        only_for=frozenset(row.only_for) if row.only_for is not None else None,
        not_for=frozenset(row.not_for),
    )


def _note(row: Note) -> facts.Item:
    about = _item(Item.objects.get(id=row.about)) if row.about else None
    return facts.Item(
        category=row.category,
        supplier=row.supplier,
        subject=about.subject if about else None,
        open_action_owner=row.owner if row.kind == "action" and row.status == "open" else None,
        about=about,
    )


def assert_agrees(expected: dict[str, str | None], view: dict[str, Any], who: str) -> None:
    """Every object that should be there is, at its level, and nothing else."""
    assert set(view) == set(expected), (who, sorted(set(view) ^ set(expected)))
    for key, level in expected.items():
        body = json.loads(view[key].body)
        if level is not None:
            assert body["level"] == level, (who, key, level)
    numbers = [json.loads(one.body)["number"] for key, one in view.items() if key.startswith("agenda_item:")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), (who, "an agenda with a gap")
