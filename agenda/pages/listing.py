"""A decision list in the making: what both exporter and receiver may have, at the lower of their levels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from agenda import board as boards
from agenda import rules
from agenda.board import Board
from agenda.contents import of_conference, of_dissent, of_note
from agenda.exports import (
    Action,
    CasePart,
    Category,
    Consented,
    Decision,
    DecisionList,
    Dissent,
    Mention,
    Name,
    Part,
    Register,
)
from agenda.feed import lens_of
from agenda.models import AgendaItem, Conference, Note, SentOut
from agenda.models import Dissent as DissentRow
from agenda.models import Seat as SeatRow
from agenda.pages.reading import SCREEN_ONLY
from agenda.pages.standing import Standing, register_code, standing_for
from agenda.projections import why
from conference.accounts.models import Person
from conference.accounts.sessions import Identity
from conference.cases import access, mentions
from conference.cases.access import Gate, Sight
from conference.cases.content import Content
from conference.cases.registering import ends_at_birthday
from conference.covenant import facts
from conference.covenant.facts import Level, Ruling
from conference.covenant.labels import category_name, party_name


def lay(conference: Conference) -> Board:
    """Read everything that lies on a conference's table now; call it inside `rights.snapshot()`."""
    agenda = list(AgendaItem.objects.filter(conference=conference))
    gate = Gate.at_this_moment(row.case for row in agenda if row.case is not None)
    return boards.load(conference, gate, agenda)


@dataclass(frozen=True, slots=True)
class Line:
    """A decision or action that stands in the list, at this level."""

    note: Note
    content: Content
    level: Level
    reason: str


def _categories(content: Content) -> set[str]:
    """The category of a content, and of what it repeats."""
    return {content.category} | (_categories(content.about) if content.about else set())


class Listing:
    """The list in the making: exporter, receiver, and the conference's decisions and actions."""

    def __init__(self, identity: Identity, table: Board, party: str) -> None:
        if table.conference is None:
            raise ValueError("a list is of a conference")
        self.gate = table.gate
        self.board = table
        self.conference = conference = table.conference
        self.identity = identity
        self.party = party
        self.exporter = access.viewer_of(identity)
        self.receiver = facts.Viewer(party, "inhoud")
        out = SentOut.objects.filter(conference=conference, person=identity.person)
        self.lens = lens_of(identity, self.gate.process_party, frozenset(out.values_list("case", flat=True)))
        self.told: list[tuple[UUID, UUID]] = []  # whose lines of the register stand on paper
        self.named: dict[tuple[UUID, UUID], Sight] = {}  # whose names stand in the texts put on paper so far

    def refusal(self) -> str | None:
        """Return why this export may not be made at all, or None."""
        covenant = self.gate.covenant
        if covenant is None:
            return "covenant_inactive"
        party = covenant.parties.get(self.party)
        if party is None:
            return "unknown_party"
        if not rules.may_export(self.lens.leads, self.identity.party, self.party):
            return "role_party"
        return "guest_no_account" if party.cls in {"D", "Z"} else None

    def at_table(self) -> bool:
        """Say whether the receiving party sits in this conference: general points are for who does."""
        people = SeatRow.objects.filter(conference=self.conference).values_list("person", flat=True)
        return Person.objects.filter(id__in=list(people), party=self.party).exists()

    def lines(self, *, for_receiver: bool) -> list[Line]:
        """Return what the exporter sees, or of that what the receiver gets, in order of the meeting."""
        general = self.at_table() if for_receiver else True
        found = []
        for note in self.board.notes.values():
            if note.conference_id != self.conference.id or note.kind not in {"decision", "action"}:
                continue
            content = of_note(note, self.board.abouts)
            line = self._line(note, content, general=general, for_receiver=for_receiver)
            if line is not None:
                found.append(line)
        return found

    def _line(self, note: Note, content: Content, *, general: bool, for_receiver: bool) -> Line | None:
        if note.case is None:
            return Line(note, content, Level.IDENTIFIED, "general_point") if general else None
        if note.case in self.lens.sent_out or (for_receiver and SCREEN_ONLY in _categories(content)):
            return None
        rulings = [self.gate.ruling(self.exporter, content)]
        if for_receiver:
            rulings.append(self.gate.ruling(self.receiver, content))
        lowest = min(rulings, key=lambda ruling: ruling.level.rank)
        return Line(note, content, lowest.level, rulings[-1].reason) if lowest.visible else None

    # --- putting it on paper ------------------------------------------------------

    def text(self, line: Line, content: Content) -> tuple[Part, ...]:
        """Open a text; names only where the level and both parties' rights on the name allow."""
        stored = self.gate.stored(content).get("text", "")
        if line.note.case is None:
            return (stored,)
        return tuple(self._part(part, line.note.case, line.level) for part in mentions.parts(stored))

    def _part(self, part: str | UUID, case: UUID, level: Level) -> Part:
        if isinstance(part, str):
            return part
        theirs = self.gate.label(self.receiver, case, part, level)
        own = self.gate.label(self.exporter, case, part, level)
        if theirs is None or own is None:
            return "…"
        if theirs.name is None or own.name is None:
            return Mention(theirs.handle, theirs.pseudonym)
        self.named[case, part] = access.sight_of_name(self.gate, self.receiver, case, part)
        return Mention(theirs.handle, theirs.pseudonym, theirs.name)

    def category(self, category: str) -> Category:
        covenant = self.gate.covenant
        known = covenant.categories.get(category) if covenant else None
        return Category(category, category_name(category), known.basis if known else None)

    def decision(self, line: Line) -> Decision:
        return Decision(
            text=self.text(line, line.content),
            category=self.category(line.note.category),
            status=line.note.status,
            adopted_at=line.note.adopted_at,
            dissent=tuple(self._dissents(line)),
        )

    def _dissents(self, line: Line) -> Iterator[Dissent]:
        for row, level in self._heard(line):
            content = of_dissent(row, line.content)
            yield Dissent(_name(row.party), self._reason(replace(line, level=level), content))

    def _heard(self, line: Line) -> Iterator[tuple[DissentRow, Level]]:
        """Each dissent that both exporter and receiver may read, at the lowest of all levels."""
        for row in self.board.dissents.get(line.note.id, ()):
            content = of_dissent(row, line.content)
            levels = [self.gate.ruling(viewer, content).level for viewer in (self.exporter, self.receiver)]
            lowest = min([line.level, *levels], key=lambda level: level.rank)
            if lowest is not Level.NONE:
                yield row, lowest

    def _reason(self, line: Line, content: Content) -> str:
        parts = self.text(line, content)
        return "".join(part if isinstance(part, str) else part.name or part.handle for part in parts)

    def action(self, line: Line) -> Action:
        note = line.note
        if note.due is None:
            raise ValueError("an action has a due date")
        return Action(
            self.text(line, line.content), _name(note.owner), note.due, note.status, self.category(note.category)
        )

    def parts(self, lines: list[Line]) -> tuple[CasePart, ...]:
        """Return the list per case, in the order of the agenda; general points first."""
        order = [None, *self.board.cases]
        made = [self._case_part(case, [line for line in lines if line.note.case == case]) for case in order]
        return tuple(part for part in made if part is not None)

    def _case_part(self, case: UUID | None, lines: list[Line]) -> CasePart | None:
        if not lines:
            return None
        decisions = tuple(self.decision(line) for line in lines if line.note.kind == "decision")
        actions = tuple(self.action(line) for line in lines if line.note.kind == "action")
        if case is None:
            return CasePart(None, decisions=decisions, actions=actions)
        found = self.gate.cases[case]
        header = found.header()
        told = self._header(case).visible
        return CasePart(
            header.code_name,
            purpose=header.purpose if told else None,
            phase=found.fact.phase if told else None,
            decisions=decisions,
            actions=actions,
        )

    def _header(self, case: UUID) -> Ruling:
        """The lower ruling of the two on a case's own words; its code name stands above its lines in any case."""
        rulings = (self.gate.header_ruling(viewer, case) for viewer in (self.exporter, self.receiver))
        return min(rulings, key=lambda ruling: ruling.level.rank)

    def document(self, lines: list[Line]) -> DecisionList:
        covenant = self.gate.covenant
        chair = Person.objects.filter(id=self.conference.chair).first()
        return DecisionList(
            for_party=_name(self.party),
            title=self.gate.open(self.exporter, of_conference(self.conference)).text,
            starts=self.conference.starts,
            chair=f"{chair.name}, {party_name(chair.party)}" if chair else "",
            covenant=f"{covenant.id} {covenant.version}" if covenant else "",
            parts=self.parts(lines),
            register=self.register(lines),
        )

    def register(self, lines: list[Line]) -> Register | None:
        """What the register says of the receiver, in the cases of these lines; None for a list without cases."""
        cases = self._cases(lines)
        if not cases:
            return None
        every = [line for case in cases for line in standing_for(self.gate.cases[case], self.party, self.gate.now)]
        standing = [known for line in every if (known := self._may_tell(line)) is not None]
        told = tuple(self._consented(line) for line in standing if line.category != SCREEN_ONLY)
        self.told = [(line.case, line.subject) for line in standing if line.category != SCREEN_ONLY]
        return Register(self.gate.now, register_code(self.party, standing), told)

    def _may_tell(self, line: Standing) -> Standing | None:
        """Return a line as both may know it; None of somebody whom one of them does not see at all.

        An end that is a birthday tells the day on which she was born: only who reads that reads it.
        """
        subject = self.gate.cases[line.case].subjects[line.subject]
        levels = [
            self.gate.subject_ruling(viewer, line.case, subject).level for viewer in (self.exporter, self.receiver)
        ]
        lowest = min(levels, key=lambda level: level.rank)
        if lowest is Level.NONE:
            return None
        tells = lowest is not Level.IDENTIFIED and ends_at_birthday(subject.birth_date, line.until)
        return replace(line, until=None) if tells else line

    def _cases(self, lines: list[Line]) -> list[UUID]:
        found = {line.note.case for line in lines}
        return [case for case in self.board.cases if case in found]

    def _consented(self, line: Standing) -> Consented:
        found = self.gate.cases[line.case]
        return Consented(
            case=found.header().code_name,
            subject=Mention(
                found.subjects[line.subject].handle, self.gate.pseudonym(self.receiver, line.case, line.subject)
            ),
            category=self.category(line.category),
            state=line.state,
            until=line.until,
        )

    def sights(self, lines: list[Line]) -> list[Sight]:
        """Everything that stands in the document: the meeting, the cases, each line, and who is named."""
        found = [meeting_sight(self.conference.id, Level.IDENTIFIED)]
        for case in dict.fromkeys(line.note.case for line in lines):
            if case is not None:
                header = self._header(case)
                found.append(Sight(f"case:{case}", case, (None,), "prc", header.level, why(header)))
        return [*found, *map(self._sight, lines), *self.named.values(), *self._register_sights()]

    def _register_sights(self) -> Iterator[Sight]:
        for case, subject in dict.fromkeys(self.told):
            for key in (f"subject:{subject}", f"case:{case}"):
                yield Sight(key, case, (subject,), "prc", Level.PSEUDONYMISED, "consent_register")

    def _sight(self, line: Line) -> Sight:
        heard = boards.named_in(row for row, _level in self._heard(line))
        subjects = dict.fromkeys([line.content.subject, *line.content.mentions, *heard])
        named = tuple(subject for subject in subjects if subject is not None) or (None,)
        return Sight(
            f"{line.note.kind}:{line.note.id}", line.note.case, named, line.note.category, line.level, line.reason
        )


def meeting_sight(conference: UUID, level: Level) -> Sight:
    """Return the sight of a meeting itself."""
    return Sight(f"conference:{conference}", None, (None,), "prc", level, "general_point")


def _name(party: str) -> Name:
    return Name(party, party_name(party))
