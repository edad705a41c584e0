"""The consent register of one victim, as the care coordinator uses it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from agenda.gaps import by_exception
from agenda.pages.case import CARE, RegisterLine, standing_lines
from agenda.pages.reading import Reading, Unshown, cases_of, of_cases
from agenda.pages.victim import Nothing, read_victim
from agenda.shared import Shared, shared
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import access, registering, rights
from conference.cases.access import Access
from conference.cases.registering import Known
from conference.covenant import facts, shelf
from conference.covenant.days import age_on, day_of
from consent import ages, register
from consent.models import ConsentEvidence, ConsentLine, ConsentTalk
from consent.states import State
from consent.talk import Talk


@dataclass(frozen=True, slots=True)
class Choice:
    """One line that may be asked: `state` and `ends` (exclusive) are what stands now.

    `partly`: without her yes the party reads what no professional secrecy binds; a yes adds the rest.
    """

    party: str
    category: str
    state: State
    ends: datetime | None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event of the register, as it was recorded. `talk`: the conversation in which it was said.

    `purpose`: the case's own, or that of a notice to CoMensha.
    """

    party: str
    category: str
    state: State
    starts: datetime
    ends: datetime | None
    recorded_at: datetime
    talk: UUID | None = None
    review_on: date | None = None
    covenant_row: str = ""
    purpose: UUID | None = None


@dataclass(frozen=True, slots=True)
class TalkView:
    """One conversation, as it was recorded. `notice`, `version`, `language`, `sha256`: the text that was read."""

    id: UUID
    at: datetime
    notice: str
    version: str
    language: str
    sha256: str
    evidence: UUID | None
    said: Talk


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A document that was kept; its bytes are fetched by a request of their own."""

    id: UUID
    kind: str
    size: int
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """A recorded exception; its reason stays sealed."""

    party: str
    category: str
    code: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """What an organisation reads without her consent: the covenant carries it, on this ground."""

    party: str
    category: str
    level: str
    basis: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """One victim's register. `lines`: what stands now; `history`: newest first.

    `purpose` is empty where the case's header is not shown to her. `age_band`: None where her age is not known
    here; then she says it herself. `needed`: whose yes her age asks for. `draft`: what the reader typed and did
    not record yet, with when. `open_tasks`: how many receivers, or she herself, must still be told of something.
    """

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    pseudonym: str
    purpose: str
    track: str
    choices: list[Choice]
    lines: list[RegisterLine]
    history: list[Event]
    exceptions: list[ExceptionView]
    carried: list[Carried]
    known: Known
    age_band: str | None
    needed: ages.Needed | None
    talks: list[TalkView]
    evidence: list[EvidenceView]
    draft: tuple[dict[str, str], datetime] | None
    open_tasks: int


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


def register_read(
    identity: Identity, case: UUID, subject: UUID, *, act: str = "register.viewed"
) -> Unshown[RegisterView] | None:
    """Read a register as `register_view` does, for a form that may never show it. `act`: what it is read for."""
    return read_victim(identity, case, subject, _view, act=act)


def evidence(identity: Identity, case: UUID, subject: UUID, document: UUID) -> tuple[str, bytes] | None:
    """Return a document's kind and bytes after logging that it goes out; None (and an entry) when it is not hers."""

    def kept(reading: Reading, case: UUID, subject: UUID) -> ConsentEvidence:
        row = ConsentEvidence.objects.filter(id=document, case=case, subject=subject).first()
        if row is None:
            raise Nothing("not_found")
        reading.saw_register(case, subject)
        return row

    found = read_victim(identity, case, subject, kept, act="evidence.opened")
    if found is None:
        return None
    row = found.show()
    return row.kind, registering.open_evidence(row)


@dataclass(frozen=True, slots=True)
class SharedView:
    """What of a victim reached which organisation before now, by organisation and kind of data."""

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    shared: list[Shared]


def shared_read(identity: Identity, case: UUID, subject: UUID) -> Unshown[SharedView] | None:
    """Read what was shared of a victim; None (and an entry) for anybody but her case's care coordinator."""
    return read_victim(identity, case, subject, _shared)


def _shared(reading: Reading, case: UUID, subject: UUID) -> SharedView:
    found = reading.gate.cases[case]
    reading.saw_register(case, subject)
    return SharedView(case, found.header().code_name, subject, found.subjects[subject].handle, shared(case, subject))


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
    told = reading.gate.header_ruling(viewer, case).visible
    reading.saw_register(case, subject)
    standing = {(line.party, line.category): line for line in standing_lines(reading, case) if line.subject == subject}
    band, needed = _whose_yes(reading, case, subject)
    carried = _carried(reading, case, subject)
    choices = _choices(reading, case, subject, standing, {(one.party, one.category) for one in carried})
    asked = {(one.party, one.category) for one in choices}
    return RegisterView(
        case=case,
        code_name=header.code_name,
        subject=subject,
        handle=found.subjects[subject].handle,
        pseudonym=reading.gate.pseudonym(viewer, case, subject),
        purpose=header.purpose if told else "",
        track=found.fact.track if told else "",
        choices=choices,
        lines=list(standing.values()),
        history=[_event(event) for event in reversed(register.lines([case])) if event.subject == subject],
        exceptions=[
            ExceptionView(e.party, e.category, e.code, e.starts, e.ends)
            for e in register.exceptions([case])
            if e.subject == subject
        ],
        carried=[one for one in carried if (one.party, one.category) not in asked],
        known=registering.known_of(found, subject),
        age_band=band,
        needed=needed,
        talks=[_talk(row, said) for row, said in registering.open_talks(found, subject)],
        evidence=[
            EvidenceView(e.id, e.kind, e.size, e.sha256, e.recorded_at) for e in register.evidence(case, subject)
        ],
        draft=registering.open_draft(found, subject, reading.identity.person),
        open_tasks=sum(1 for task in register.tasks([case]) if task.subject == subject and task.done_at is None),
    )


def _event(row: ConsentLine) -> Event:
    state, row_of = State(row.state), row.covenant_row or ""
    told = (row.talk, row.review_on, row_of, row.purpose)
    return Event(row.party, row.category, state, row.starts, row.ends, row.recorded_at, *told)


def _talk(row: ConsentTalk, said: Talk) -> TalkView:
    return TalkView(
        row.id, row.recorded_at, row.notice, row.notice_version, row.language, row.notice_sha256, row.evidence, said
    )


def _whose_yes(reading: Reading, case: UUID, subject: UUID) -> tuple[str | None, ages.Needed | None]:
    """Return her age band and whose yes it asks for, where she may be known here at all."""
    known = reading.gate.cases[case].subjects[subject]
    today = day_of(reading.gate.now)
    age = age_on(known.birth_date, today)
    if age is None or not reading.gate.subject_ruling(access.viewer_of(reading.identity), case, known).visible:
        return None, None
    return ages.band_of(age).value, registering.whose_yes(known, "", "", Talk(), today)


def _carried(reading: Reading, case: UUID, subject: UUID) -> list[Carried]:
    """Return what the organisations of this case read of her without her consent, and on which ground."""
    covenant = reading.gate.covenant
    found, scopes = reading.gate.cases[case], reading.projector.scopes
    if covenant is None:
        return []
    rulings = [
        (party, category, scopes.without_register(facts.Viewer(party, "inhoud"), case, category, str(subject)))
        for category in covenant.categories
        for party in scopes.receivers(found.id)
    ]
    return [
        Carried(party, category, ruling.level.value, covenant.categories[category].basis)
        for party, category, ruling in rulings
        if ruling.visible
    ]


def _choices(
    reading: Reading,
    case: UUID,
    subject: UUID,
    standing: dict[tuple[str, str], RegisterLine],
    carried: set[tuple[str, str]],
) -> list[Choice]:
    """Every party and category for which her consent is asked in this case, in the covenant's order.

    Not where an exception carries all of it: a no would change nothing then.
    """
    covenant = reading.gate.covenant
    scopes = reading.projector.scopes
    if covenant is None:
        return []
    asked = [
        (party, category)
        for category in covenant.categories
        for party in scopes.receivers(case)
        if (party, category) in standing
        or (scopes.may_be_asked(case, party, category) and not by_exception(scopes, case, subject, party, category))
    ]
    return [_choice(*pair, standing.get(pair), partly=pair in carried) for pair in asked]


def _choice(party: str, category: str, line: RegisterLine | None, *, partly: bool) -> Choice:
    return Choice(party, category, line.state if line else State.NOT_ASKED, line.ends if line else None, partly=partly)
