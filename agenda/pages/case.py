"""A case's page, and the list of cases."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agenda import protocol
from agenda.pages.reading import SCREEN_ONLY, Reading, Unshown, cases_of, existence, of_cases
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Access, Sight
from conference.cases.rights import SubjectRights
from conference.covenant import shelf
from conference.covenant.facts import Level
from consent import register
from consent.states import PERMITTING, State

CARE = "care_coordinator"


@dataclass(frozen=True, slots=True)
class CaseCard:
    """One row of the list of cases; the header's fields are None where `prc` is not shown.

    `readable` False: it cannot be opened now, and its code name is not known.
    """

    id: UUID
    code_name: str
    track: str | None
    phase: str | None
    municipality: str | None
    purpose: str | None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A betrokkene with the identity data that this viewer may read.

    `body` None: she reads one kind of identity data without the rest (a protected address).

    `identity`: name, birth_date, address, phone, bsn. `protected`: which of these stand
    under the protected address: never printed, exported or mailed.
    """

    id: UUID
    body: protocol.Subject | None
    identity: dict[str, str]
    protected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the register as it stands now; `ends` is exclusive."""

    subject: UUID
    handle: str
    party: str
    category: str
    state: State
    starts: datetime
    ends: datetime | None

    @property
    def may_withdraw(self) -> bool:
        return self.state in PERMITTING


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one person sees it."""

    id: UUID
    head: protocol.Case
    subjects: list[SubjectView]
    items: list[tuple[str, protocol.Item]]
    notes: list[tuple[str, protocol.MinutesBlock | protocol.Decision | protocol.Action]]
    register: list[RegisterLine]
    may_prepare: list[str]


def cases(identity: Identity) -> list[CaseCard]:
    """Return the cases that exist for this person, and log that she saw that they do."""
    with rights.snapshot():
        covenant = shelf.active(clock.now())
        process = next((p.id for p in covenant.parties.values() if p.process), None) if covenant else None
        reading = of_cases(identity, cases_of(identity, process))
        found = [(case, reading.body(f"case:{case}", protocol.Case)) for case in reading.board.cases]
    reading.release("case.listed")
    return [
        CaseCard(
            case,
            head.code_name,
            head.track,
            head.phase,
            head.municipality,
            head.purpose,
            readable=reading.gate.cases[case].readable,
        )
        for case, head in found
        if head is not None
    ]


def case_view(identity: Identity, case: UUID, *, screen: bool = True) -> CaseView | None:
    """Return a case as this person sees it, after logging it; None (and an entry) when it is not hers.

    `screen` False: without what may never leave the screen.
    """
    found = case_read(identity, case, screen=screen)
    return found.show() if found else None


def case_read(identity: Identity, case: UUID, *, screen: bool = True) -> Unshown[CaseView] | None:
    """Read a case as `case_view` does, for a form that may never show it."""
    with rights.snapshot():
        reading = of_cases(identity, [case])
        ruling = existence(reading, case)
        view = _view(reading, case, screen=screen) if ruling.visible else None
    if view is None:
        access.refuse(Access(act="case.viewed", origin="http", identity=identity), ruling.reason, case=case)
        return None
    return Unshown(view, reading, "case.viewed")


_NOTES: dict[str, type[protocol.MinutesBlock | protocol.Decision | protocol.Action]] = {
    "minutes": protocol.MinutesBlock,
    "decision": protocol.Decision,
    "action": protocol.Action,
}


def _view(reading: Reading, case: UUID, *, screen: bool) -> CaseView | None:
    head = reading.body(f"case:{case}", protocol.Case)
    if head is None:
        return None
    items = [
        (f"item:{row.id}", reading.body(f"item:{row.id}", protocol.Item))
        for row in reading.board.items.values()
        if screen or row.category != SCREEN_ONLY
    ]
    notes = [
        (f"{note.kind}:{note.id}", reading.body(f"{note.kind}:{note.id}", _NOTES[note.kind]))
        for note in reading.board.notes.values()
        if screen or note.category != SCREEN_ONLY
    ]
    lines = standing_lines(reading, case) if CARE in reading.identity.roles else []
    for subject in dict.fromkeys(line.subject for line in lines):
        reading.saw_register(case, subject)
    return CaseView(
        id=case,
        head=head,
        subjects=_subjects(reading, case, screen=screen),
        items=[(key, item) for key, item in items if item is not None],
        notes=[(key, note) for key, note in notes if note is not None],
        register=lines,
        may_prepare=[scope.category for scope in head.scope if scope.own],
    )


def _subjects(reading: Reading, case: UUID, *, screen: bool) -> list[SubjectView]:
    found = []
    for subject in reading.gate.cases[case].subjects.values():
        body = reading.body(f"subject:{subject.id}", protocol.Subject)
        identity, protected = _identity(reading, case, subject, screen=screen)
        if body is not None or identity or protected:
            found.append(SubjectView(subject.id, body, identity, protected))
    return found


def _identity(
    reading: Reading, case: UUID, subject: SubjectRights, *, screen: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Open each category of identity data that is identified for this viewer, and count it as seen.

    What is protected leaves the screen as the names of its fields only.
    """
    shown: dict[str, str] = {}
    protected: tuple[str, ...] = ()
    viewer = access.viewer_of(reading.identity)
    for category in subject.parts:
        ruling = reading.gate.subject_ruling(viewer, case, subject, category)
        if ruling.level is not Level.IDENTIFIED:
            continue
        values = reading.gate.identity(case, subject, category)
        if category == SCREEN_ONLY:
            protected = tuple(values)
        if screen or category != SCREEN_ONLY:
            shown |= values
        sight = Sight(f"subject:{subject.id}", case, (subject.id,), category, ruling.level, ruling.reason)
        reading.sights.append(sight)
    return shown, protected


def standing_lines(reading: Reading, case: UUID) -> list[RegisterLine]:
    """Return the register's lines of a case as they stand now, for the case's own purpose."""
    found = reading.gate.cases[case]
    now = reading.gate.now
    folded = register.standing(register.lines([case]))
    return [
        RegisterLine(
            subject=key.subject,
            handle=found.subjects[key.subject].handle,
            party=key.party,
            category=key.category,
            state=register.state_at(event, now),
            starts=event.starts,
            ends=event.ends,
        )
        for key, event in folded.items()
        if key.purpose == found.purpose_ref and key.subject in found.subjects
    ]
