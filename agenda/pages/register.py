"""The consent register of one victim, as the care coordinator uses it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agenda.pages.case import CARE, RegisterLine, standing_lines
from agenda.pages.reading import Reading, Unshown, cases_of, existence, of_cases
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Access
from conference.covenant import shelf
from consent import register
from consent.states import State


@dataclass(frozen=True, slots=True)
class Choice:
    """One line that may be asked: `state` and `ends` (exclusive) are what stands now."""

    party: str
    category: str
    state: State
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event of the register, as it was recorded."""

    party: str
    category: str
    state: State
    starts: datetime
    ends: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """A recorded exception; its reason stays sealed."""

    party: str
    category: str
    code: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class RegisterView:
    """One victim's register. `lines`: what stands now; `history`: newest first.

    `purpose` is empty where the case's header is not shown to her.
    """

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    pseudonym: str
    purpose: str
    choices: list[Choice]
    lines: list[RegisterLine]
    history: list[Event]
    exceptions: list[ExceptionView]


@dataclass(frozen=True, slots=True)
class Victim:
    """One row of the care coordinator's list: whose register can be opened."""

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    pseudonym: str
    role: str


def register_view(identity: Identity, case: UUID, subject: UUID) -> RegisterView | None:
    """Return a victim's register after logging it; None (and an entry) for anybody but her case's care coordinator."""
    found = register_read(identity, case, subject)
    return found.show() if found else None


def register_read(identity: Identity, case: UUID, subject: UUID) -> Unshown[RegisterView] | None:
    """Read a register as `register_view` does, for a form that may never show it."""
    looking = Access(act="register.viewed", origin="http", identity=identity)
    if CARE not in identity.roles:
        access.refuse(looking, "role_party")
        return None
    with rights.snapshot():
        reading = of_cases(identity, [case])
        ruling = existence(reading, case)
        known = reading.gate.cases[case].subjects.get(subject) if ruling.visible else None
        view = _view(reading, case, subject) if known is not None and known.role != "suspect" else None
    if view is None:
        access.refuse(looking, ruling.reason if not ruling.visible else "not_found", case=case)
        return None
    return Unshown(view, reading, "register.viewed")


def victims(identity: Identity) -> list[Victim] | None:
    """Return everybody whose register this care coordinator keeps; None for another role."""
    looking = Access(act="register.listed", origin="http", identity=identity)
    if CARE not in identity.roles:
        access.refuse(looking, "role_party")
        return None
    with rights.snapshot():
        covenant = shelf.active(clock.now())
        process = next((p.id for p in covenant.parties.values() if p.process), None) if covenant else None
        reading = of_cases(identity, cases_of(identity, process))
        viewer = access.viewer_of(identity)
        existing = [case for case in reading.board.cases if reading.gate.existence(viewer, case).visible]
        found = [victim for case in existing for victim in _victims(reading, case)]
    reading.release("register.listed")
    return found


def _victims(reading: Reading, case: UUID) -> list[Victim]:
    viewer = access.viewer_of(reading.identity)
    rows = reading.gate.cases[case]
    code_name = rows.header().code_name
    asked = [subject for subject in rows.subjects.values() if subject.role != "suspect"]
    for subject in asked:
        reading.saw_register(case, subject.id)
    return [Victim(case, code_name, s.id, s.handle, reading.gate.pseudonym(viewer, case, s.id), s.role) for s in asked]


def _view(reading: Reading, case: UUID, subject: UUID) -> RegisterView:
    found = reading.gate.cases[case]
    viewer = access.viewer_of(reading.identity)
    header = found.header()
    reading.saw_register(case, subject)
    standing = {(line.party, line.category): line for line in standing_lines(reading, case) if line.subject == subject}
    events = [event for event in register.lines([case]) if event.subject == subject]
    return RegisterView(
        case=case,
        code_name=header.code_name,
        subject=subject,
        handle=found.subjects[subject].handle,
        pseudonym=reading.gate.pseudonym(viewer, case, subject),
        purpose=header.purpose if reading.gate.header_ruling(viewer, case).visible else "",
        choices=_choices(reading, case, standing),
        lines=list(standing.values()),
        history=[Event(e.party, e.category, State(e.state), e.starts, e.ends, e.recorded_at) for e in reversed(events)],
        exceptions=[
            ExceptionView(e.party, e.category, e.code, e.starts, e.ends)
            for e in register.exceptions([case])
            if e.subject == subject
        ],
    )


def _choices(reading: Reading, case: UUID, standing: dict[tuple[str, str], RegisterLine]) -> list[Choice]:
    """Every party and category for which the covenant asks consent in this case, in its order."""
    covenant = reading.gate.covenant
    scopes = reading.projector.scopes
    if covenant is None:
        return []
    asked = [
        (party, category)
        for category in covenant.categories
        for party in scopes.receivers(case)
        if (party, category) in standing or scopes.asks_consent(case, party, category)
    ]
    return [_choice(party, category, standing.get((party, category))) for party, category in asked]


def _choice(party: str, category: str, line: RegisterLine | None) -> Choice:
    return Choice(party, category, line.state if line else State.NOT_ASKED, line.ends if line else None)
