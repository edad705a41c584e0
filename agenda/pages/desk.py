"""What the desk's pages read: what somebody may do there, a case to manage, a conference's people."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from agenda import protocol, rules
from agenda.commands.approach import calling, care_party
from agenda.contents import of_conference
from agenda.models import Conference
from agenda.pages.case import CaseView
from agenda.pages.reading import Reading, Unshown, existence, of_cases
from agenda.pages.register import ExceptionView
from conference import clock
from conference.accounts import projections
from conference.accounts.projections import Colleague
from conference.accounts.sessions import Identity
from conference.cases import access, registering, rights
from conference.cases import rules as case_rules
from conference.cases.access import Access, Sight
from conference.cases.commands import BARRED
from conference.cases.rights import CaseRights, SubjectRights
from conference.covenant import shelf
from conference.covenant.facts import Level
from conference.covenant.rules import may_supply
from conference.covenant.shape import Covenant
from conference.covenant.words import COMENSHA
from consent import register
from consent.commands.tasks import TELL_PERSON
from consent.models import ExceptionLine, RegisterTask

CASE_COMMANDS = frozenset({"party.involve", "case.change_phase", "exception.record"})


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody may do outside any meeting. `ruled`: whether a covenant is in force."""

    ruled: bool
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnSubject:
    """A betrokkene whom the viewer's party registered, with all that it brought in."""

    id: UUID
    handle: str
    identity: dict[str, str]
    protected: bool


@dataclass(frozen=True, slots=True)
class HeldException:
    """A recorded exception and whom it is about; of how it was weighed only whether she was told.

    `told_on`: when; None: not yet, and `look_again` is the day on which that is weighed anew (None where it
    was loaded). `task`: what is still open of telling her.
    """

    handle: str
    line: ExceptionView
    holds: bool
    told_on: date | None
    look_again: date | None
    task: UUID | None


@dataclass(frozen=True, slots=True)
class Management:
    """A case as its managers work on it; what somebody may not do there is empty.

    `supplies`: which kinds of identity data (`id`, `bsn`, `adr`) her party may bring in now. `caring`: the party
    whose care coordinator would call a victim; None: nobody of another party does.
    """

    case: UUID
    code_name: str
    track: str
    phase: str
    may: frozenset[str]
    process: str
    involved: list[str]
    others: list[str]
    next_phases: list[str]
    supplies: frozenset[str]
    caring: str | None
    own_subjects: list[OwnSubject]
    handles: list[tuple[UUID, str]]
    exceptions: list[HeldException]
    receivers: list[str]
    categories: list[str]
    deciders: list[Colleague]


@dataclass(frozen=True, slots=True)
class Invitations:
    """A conference and who sits in it. `others`: who could be invited as well."""

    conference: UUID
    title: str
    starts: datetime
    chair: UUID
    invited: list[Colleague]
    others: list[Colleague]


def desk(identity: Identity) -> Desk:
    """Return what somebody may do outside any meeting; reads no content.

    Without a covenant nothing can be done; who would lead is told that, so she keeps the way to open a case.
    """
    covenant = shelf.active(clock.now())
    if identity.family != "inhoud":
        return Desk(covenant is not None, frozenset())
    if covenant is None:
        waiting = rules.LEADING_ROLES.intersection(identity.roles)
        return Desk(ruled=False, may=frozenset({"case.open", "conference.plan"} if waiting else ()))
    return Desk(ruled=True, may=_may(identity, covenant))


def manages(identity: Identity, view: CaseView) -> bool:
    """Tell whether there is something for this person to do on a case's management page."""
    return "id" in view.may_prepare or bool(desk(identity).may & CASE_COMMANDS)


def _may(identity: Identity, covenant: Covenant) -> frozenset[str]:
    party = covenant.parties.get(identity.party)
    return rules.desk(identity.party, identity.roles, covenant.process, party.cls if party else None)


def parties_to_involve(phase: str) -> list[str]:
    """Return the parties that can join a case in a phase, in the covenant's order; none without a covenant."""
    covenant = shelf.active(clock.now())
    return _joining(covenant, phase) if covenant else []


def _joining(covenant: Covenant, phase: str) -> list[str]:
    parties = covenant.parties.values()
    return [one.id for one in parties if not one.process and case_rules.refuse_involvement(one, phase) is None]


def people_to_invite() -> list[Colleague]:
    """Return everybody who can sit at a table under the covenant in force."""
    covenant = shelf.active(clock.now())
    if covenant is None:
        return []
    seated = {party.id for party in covenant.parties.values() if party.cls in {"P", "Q"}}
    return [one for one in projections.colleagues() if one.party in seated]


def chairs() -> list[Colleague]:
    """Return everybody who can chair a conference under the covenant in force."""
    covenant = shelf.active(clock.now())
    process = covenant.process if covenant else None
    return [one for one in people_to_invite() if rules.leads(one.party, one.roles, process)]


# --- one case ------------------------------------------------------------------------


def management(identity: Identity, case: UUID) -> Unshown[Management] | None:
    """Read a case to manage; None (and an entry) for whoever has nothing to do there."""
    looking = Access(act="case.changed", origin="http", identity=identity)
    with rights.snapshot():
        reading = of_cases(identity, [case])
        ruling = existence(reading, case)
        found = _management(reading, case) if ruling.visible else None
    if found is None:
        access.refuse(looking, "role_party" if ruling.visible else ruling.reason, case=case)
        return None
    return Unshown(found, reading, "case.viewed")


def _management(reading: Reading, case: UUID) -> Management | None:
    covenant, found = reading.gate.covenant, reading.gate.cases[case]
    head = reading.body(f"case:{case}", protocol.Case)
    if covenant is None or head is None:
        return None
    identity = reading.identity
    may = _may(identity, covenant) & CASE_COMMANDS
    fact = found.fact
    supplies = {one for one in BARRED if not may_supply(covenant, identity.party, one, fact.track, fact.phase)}
    own = [one for one in found.subjects.values() if one.registered_by == identity.party]
    if not may and "id" not in supplies and not own:
        return None
    leading, excepting = "party.involve" in may, "exception.record" in may
    joining = [party for party in _joining(covenant, fact.phase) if party not in found.parties]
    near = {*found.parties, covenant.process}
    return Management(
        case=case,
        code_name=head.code_name,
        track=head.track or "",
        phase=head.phase or "",
        may=may,
        process=covenant.process,
        involved=list(found.parties) if leading else [],
        others=joining if leading else [],
        next_phases=list(case_rules.next_phases(fact.track, fact.phase)) if "case.change_phase" in may else [],
        supplies=frozenset(supplies) if "id" in supplies else frozenset(),
        caring=care_party(calling(reading.gate, case), identity.party) if "id" in supplies else None,
        own_subjects=[_own_subject(reading, case, one) for one in own],
        handles=_handles(reading, found) if excepting else [],
        exceptions=_exceptions(reading, found) if excepting else [],
        receivers=[one for one in covenant.parties if one in near or one == COMENSHA] if excepting else [],
        categories=list(covenant.categories) if excepting else [],
        deciders=[one for one in projections.colleagues() if one.party in near] if excepting else [],
    )


def _own_subject(reading: Reading, case: UUID, subject: SubjectRights) -> OwnSubject:
    """Open what the own party brought in of a betrokkene, and count it as seen."""
    viewer = access.viewer_of(reading.identity)
    shown: dict[str, str] = {}
    for category in subject.parts:
        ruling = reading.gate.subject_ruling(viewer, case, subject, category)
        if ruling.level is Level.IDENTIFIED:
            shown |= reading.gate.identity(case, subject, category)
            key = f"subject:{subject.id}"
            reading.sights.append(Sight(key, case, (subject.id,), category, ruling.level, ruling.reason))
    return OwnSubject(subject.id, subject.handle, shown, "adr" in subject.parts)


def _handles(reading: Reading, found: CaseRights) -> list[tuple[UUID, str]]:
    for subject in found.subjects:
        key = f"subject:{subject}"
        reading.sights.append(Sight(key, found.id, (subject,), "prc", Level.PSEUDONYMISED, "consent_register"))
    return [(one.id, one.handle) for one in found.subjects.values()]


def _exceptions(reading: Reading, found: CaseRights) -> list[HeldException]:
    tasks = {task.cause: task for task in register.tasks([found.id]) if task.kind == TELL_PERSON}
    return [
        _held(reading, found, line, tasks.get(line.id))
        for line in register.exceptions([found.id])
        if line.subject in found.subjects
    ]


def _held(reading: Reading, found: CaseRights, line: ExceptionLine, task: RegisterTask | None) -> HeldException:
    weighed = registering.open_weighed(line)
    told = registering.told_in(task) if task else None
    return HeldException(
        handle=found.subjects[line.subject].handle,
        line=ExceptionView(line.party, line.category, line.code, line.starts, line.ends),
        holds=line.starts <= reading.gate.now < line.ends,
        told_on=weighed.told_on or (told.told_on if told else None),
        look_again=weighed.look_again,
        task=task.id if task and task.done_at is None else None,
    )


# --- one conference --------------------------------------------------------------------


def invitations(identity: Identity, conference: UUID) -> Unshown[Invitations] | None:
    """Read who sits in a conference; None (and an entry) for whoever may not choose that."""
    looking = Access(act="conference.invited", origin="http", identity=identity, conference=conference)
    with rights.snapshot():
        reading = of_cases(identity, [])
        covenant = reading.gate.covenant
        may = _may(identity, covenant) if covenant else frozenset[str]()
        row = Conference.objects.filter(id=conference).first()
        found = _invitations(reading, row) if row is not None and "conference.change_people" in may else None
    if found is None:
        reason = "covenant_inactive" if covenant is None else "role_party" if row is not None else "not_found"
        access.refuse(looking, reason)
        return None
    return Unshown(found, reading, "conference.viewed", conference)


def _invitations(reading: Reading, row: Conference) -> Invitations:
    seats = set(row.seats.values_list("person", flat=True))
    key = f"conference:{row.id}"
    reading.sights.append(Sight(key, None, (None,), "prc", Level.IDENTIFIED, "general_point"))
    return Invitations(
        conference=row.id,
        title=reading.gate.open(access.viewer_of(reading.identity), of_conference(row)).text,
        starts=row.starts,
        chair=row.chair,
        invited=[one for one in projections.colleagues() if one.id in seats],
        others=[one for one in people_to_invite() if one.id not in seats],
    )
