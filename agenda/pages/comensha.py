"""Notices to CoMensha about one victim: on what ground each can be made, and the form once there is one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from agenda import protocol
from agenda.pages.case import CARE
from agenda.pages.reading import Reading, Unshown, existence, of_cases
from agenda.pages.register import RegisterView
from agenda.refused import Refused
from conference.accounts.sessions import Identity
from conference.cases import access, comensha, rights
from conference.cases.access import Access, Sight
from conference.cases.comensha import Notice
from conference.covenant.days import day_of
from conference.covenant.facts import Level
from conference.covenant.words import COMENSHA, POLICE
from consent.states import State

MADE = "export.made"
VIEWED = "register.viewed"
NO_GROUND = "comensha_no_ground"
REASONS = {"consent": "consent", "police": "exception"}  # on what it goes to CoMensha, as the log says it
PRINTED = ("name", "birth_date", "address", "phone")  # of what stands under `id`; what is protected never leaves


@dataclass(frozen=True, slots=True)
class NoticeState:
    """One notice. `ground`: consent | police | None. `state`, `on`: what she said last, and on which day."""

    notice: Notice
    ground: str | None
    state: State
    on: date | None


@dataclass(frozen=True, slots=True)
class ComenshaView:
    """Both notices about one victim. `police`: read by the police, on whose own ground; then only registration."""

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    police: bool
    notices: list[NoticeState]


@dataclass(frozen=True, slots=True)
class ComenshaForm:
    """What a form says, all that its maker may read by name; the rest is left to be filled in by hand.

    `identity`: any of name, birth_date (ISO), address, phone. `since`: when she signed, on the ground of consent.
    `pseudonym`: the maker's party's own, by which it finds her again.
    """

    notice: Notice
    ground: str
    since: date | None
    party: str
    pseudonym: str
    identity: dict[str, str]
    form: str
    municipality: str
    at: datetime


def comensha_of(read: Unshown[RegisterView]) -> ComenshaView:
    """Return both notices as the care coordinator reads them beside the register; shown with it or not at all."""
    view = read.value
    return _view(read.reading, view.case, view.subject)


def comensha_for_police(identity: Identity, case: UUID, subject: UUID) -> Unshown[ComenshaView] | None:
    """Read the notice that the police may make of itself; None (and an entry) for all others, the case not hers."""
    with rights.snapshot():
        reading, refused = _begin(identity, case, subject)
        mine = reading is not None and identity.party == POLICE
        view = _view(reading, case, subject) if reading is not None and mine else None
    if reading is None or view is None:
        access.refuse(Access(act=VIEWED, origin="http", identity=identity), refused or "role_party", case=case)
        return None
    reading.saw_register(case, subject)
    return Unshown(view, reading, VIEWED)


def comensha_form(identity: Identity, case: UUID, subject: UUID, notice: Notice) -> ComenshaForm | None:
    """Return what a form says, after logging that it goes to CoMensha; None (and an entry) where it is not hers.

    Raises Refused("comensha_no_ground"), after entering it, and LogUnavailable: then there is no form.
    """
    making = Access(act=MADE, origin="http", identity=identity, receiver=COMENSHA)
    with rights.snapshot():
        reading, refused = _begin(identity, case, subject)
        found = _form(reading, case, subject, notice) if reading else None
    if reading is None or found is None:
        access.refuse(making, refused or NO_GROUND, case=case)
        if reading is None:
            return None
        raise Refused(NO_GROUND)
    access.disclose(reading.gate, making, reading.sights)
    return found


def _begin(identity: Identity, case: UUID, subject: UUID) -> tuple[Reading | None, str]:
    """Begin for the case's care coordinator, or for its police; a suspect is registered nowhere."""
    if CARE not in identity.roles and identity.party != POLICE:
        return None, "role_party"
    reading = of_cases(identity, [case])
    ruling = existence(reading, case)
    if not ruling.visible:
        return None, ruling.reason
    known = reading.gate.cases[case].subjects.get(subject)
    return (None, "not_found") if known is None or known.role == "suspect" else (reading, "")


def _view(reading: Reading, case: UUID, subject: UUID) -> ComenshaView:
    found = reading.gate.cases[case]
    police = reading.identity.party == POLICE
    offered = [Notice.REGISTRATION] if police else list(Notice)
    return ComenshaView(
        case=case,
        code_name=found.header().code_name,
        subject=subject,
        handle=found.subjects[subject].handle,
        police=police,
        notices=[_notice(reading, case, subject, notice) for notice in offered],
    )


def _notice(reading: Reading, case: UUID, subject: UUID, notice: Notice) -> NoticeState:
    now, party = reading.gate.now, reading.identity.party
    ground = comensha.ground(reading.gate.cases[case], subject, notice, party, now)
    if party == POLICE:  # what she said to others is not theirs to read
        return NoticeState(notice, ground, State.NOT_ASKED, None)
    state, last = comensha.state(subject, case, notice, now)
    return NoticeState(notice, ground, state, day_of(last.recorded_at) if last else None)


def _form(reading: Reading, case: UUID, subject: UUID, notice: Notice) -> ComenshaForm | None:
    told = _notice(reading, case, subject, notice)
    if told.ground is None:
        return None
    reading.saw_register(case, subject)
    head = reading.body(f"case:{case}", protocol.Case)
    return ComenshaForm(
        notice=notice,
        ground=told.ground,
        since=told.on,
        party=reading.identity.party,
        pseudonym=reading.gate.pseudonym(access.viewer_of(reading.identity), case, subject),
        identity=_identity(reading, case, subject, REASONS[told.ground]),
        form=(head.form or "") if head else "",
        municipality=(head.municipality or "") if head else "",
        at=reading.gate.now,
    )


def _identity(reading: Reading, case: UUID, subject: UUID, reason: str) -> dict[str, str]:
    """Open who she is, if that is identified for the maker; it is counted as seen on the ground of the notice.

    A form about somebody without a name goes to CoMensha as well: that she is notified is entered all the same.
    """
    viewer, known = access.viewer_of(reading.identity), reading.gate.cases[case].subjects[subject]
    named = reading.gate.subject_ruling(viewer, case, known).level is Level.IDENTIFIED and "id" in known.parts
    level = Level.IDENTIFIED if named else Level.PSEUDONYMISED
    reading.sights.append(Sight(f"subject:{subject}", case, (subject,), "id", level, reason))
    if not named:
        return {}
    opened = reading.gate.identity(case, known, "id")
    return {name: opened[name] for name in PRINTED if opened.get(name)}
