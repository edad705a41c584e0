"""The desk's commands on a case: open it, register people in it, let parties in and out, move it on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from agenda.commands import approach
from agenda.commands.approach import Approach
from agenda.commands.desk import require
from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.accounts.models import Person
from conference.cases import commands as cases
from conference.cases import registering, rules
from conference.cases.access import Gate
from conference.cases.models import Case, Subject
from conference.cases.rights import CaseRights
from conference.covenant.days import day_of
from conference.covenant.words import SUBJECT_ROLES
from consent.commands import NewException, Weighed

PLACES = ("address", "phone")
LOOK_WITHIN = timedelta(days=30)  # the longest that an emergency's ground holds: by then it is weighed anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """What whoever refers a case says of it. `parties`: others to involve at once; only who leads may."""

    track: str
    purpose: str
    municipality: str = ""
    form: str = ""
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A betrokkene as a party registers her. `protected` None: nobody asked whether her address is secret.

    `identity`: any of name, birth_date (ISO), bsn, address, phone. `approach`: she agreed that the care
    coordinator calls her; None: nobody asked her, or she did not.
    """

    role: str
    protected: bool | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    approach: Approach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptional:
    """An exception to record, from now on; `ends` is exclusive."""

    subject: UUID
    party: str
    category: str
    code: int
    decider: UUID
    weighed: Weighed
    ends: datetime


def open_case(turn: Turn, new: Referral) -> UUID:
    """Open a case in its first phase; the own party refers it and supplies its header.

    Refused "covenant_inactive", "role_party", "unknown_track", "purpose_missing" and as `involve`.
    """
    covenant = require(turn, "case.open")
    code = rules.refuse_opening(new.track, new.purpose)
    if code is not None:
        raise Refused(code)
    for party in new.parties:
        require(turn, "party.involve")
        _check_party(turn, party, rules.FIRST_PHASE)
    row = cases.open_case(
        cases.NewCase(
            track=new.track,
            phase=rules.FIRST_PHASE,
            purpose=new.purpose.strip(),
            parties=(turn.identity.party, *new.parties),
            municipality=new.municipality.strip(),
            form=new.form.strip(),
        ),
        covenant=covenant.version,
        at=turn.now,
    )
    turn.gate = Gate.at_this_moment([row.id])
    turn.log("case.opened", f"case:{row.id}", case=row.id)
    return row.id


def _check_party(turn: Turn, party: str, phase: str) -> None:
    known = turn.gate.covenant.parties.get(party) if turn.gate.covenant else None
    code = rules.refuse_involvement(known, phase)
    if code is not None:
        raise Refused(code)


def involve(turn: Turn, case: UUID, party: str) -> str:
    """Let a party take part in a case.

    Refused "role_party", "unknown_party", "guest_no_account", "triage_is_for_members", "already_involved".
    """
    require(turn, "party.involve")
    found, row = _hold(turn, case)
    _check_party(turn, party, found.fact.phase)
    if party in found.parties or party == turn.gate.process_party:
        raise Refused("already_involved")
    cases.involve(row, party, at=turn.now)
    return _changed(turn, "party.involved", case, receiver=party)


def end_involvement(turn: Turn, case: UUID, party: str) -> str:
    """End a party's part in a case: from this commit on it sees nothing of it, in open rooms too.

    Refused "role_party", "process_party_stays", "not_taking_part".
    """
    require(turn, "party.end")
    found, row = _hold(turn, case)
    if party == turn.gate.process_party:
        raise Refused("process_party_stays")
    if party not in found.parties:
        raise Refused("not_taking_part")
    cases.end_involvement(row, party, at=turn.now)
    return _changed(turn, "party.ended", case, receiver=party)


def change_phase(turn: Turn, case: UUID, phase: str) -> str:
    """Move a case to another phase. Refused "role_party", "same_phase", "no_such_step"."""
    require(turn, "case.change_phase")
    found, row = _hold(turn, case)
    code = rules.refuse_step(found.fact.track, found.fact.phase, phase)
    if code is not None:
        raise Refused(code)
    cases.change_phase(row, phase)
    return _changed(turn, "case.phase_changed", case)


# --- people in a case ----------------------------------------------------------------


def register_subject(turn: Turn, case: UUID, new: Someone) -> UUID:
    """Register a betrokkene; each kind of identity data needs the own party's right to supply it.

    Refused "cannot_supply", "track_forbids", "unknown_role", "protection_not_asked", "bad_birth_date", "bad_bsn",
    and as `approach.record` where she agreed to be called.
    """
    found, row = _hold(turn, case)
    if new.role not in SUBJECT_ROLES:
        raise Refused("unknown_role")
    identity = _checked(turn, new)
    own = turn.identity.party
    cases.check_supply(turn.gate.covenant, own, "id", found.fact)
    for category in cases.split_identity(identity, protected=bool(new.protected)):
        cases.check_supply(turn.gate.covenant, own, category, found.fact)
    made = cases.register_subject(
        row, role=new.role, registered_by=own, identity=identity, protected=bool(new.protected)
    )
    _changed(turn, "subject.registered", case, subject=made.id, category="id")
    if new.approach is not None:
        approach.record(turn, case, made.id, new.approach)
    return made.id


def correct_identity(turn: Turn, case: UUID, subject: UUID, new: Someone) -> str:
    """Put identity data right that the own party registered; what is left out is gone.

    Correcting what stands depends on no cell; a kind that did not stand there is supplied.
    Refused "not_found" (another party's too) and as `register_subject`.
    """
    found, _row = _hold(turn, case)
    known = found.subjects.get(subject)
    if known is None or known.registered_by != turn.identity.party:
        raise Refused("not_found")
    identity = _checked(turn, new)
    for category in cases.split_identity(identity, protected=bool(new.protected)):
        if category not in known.parts:
            cases.check_supply(turn.gate.covenant, turn.identity.party, category, found.fact)
    held = Subject.objects.get(id=subject, case=case)
    cases.correct_identity(held, identity, protected=bool(new.protected))
    return _changed(turn, "subject.corrected", case, subject=subject, category="id")


def _checked(turn: Turn, new: Someone) -> dict[str, str]:
    """Return the identity data that were filled in, trimmed."""
    identity = {name: value.strip() for name, value in new.identity.items() if value.strip()}
    if new.protected is None and any(name in identity for name in PLACES):
        raise Refused("protection_not_asked")
    code = rules.refuse_identity(identity, day_of(turn.now))
    if code is not None:
        raise Refused(code)
    return identity


# --- exceptions ----------------------------------------------------------------------


def record_exception(turn: Turn, case: UUID, new: Exceptional) -> str:
    """Record a ground beside the covenant, with who decided it and why.

    Refused "role_party", "unknown_subject", "unknown_party", "unknown_category", "unknown_decider",
    "ends_before_start", "told_in_future", "look_again_past", "look_again_late", "exception_does_not_fit", and
    the codes of the weighing.
    """
    covenant = require(turn, "exception.record")
    found, _row = _hold(turn, case)
    if new.party not in covenant.parties:
        raise Refused("unknown_party")
    if new.category not in covenant.categories:
        raise Refused("unknown_category")
    if new.ends <= turn.now:
        raise Refused("ends_before_start")
    _check_telling(turn, new.weighed)
    _check_decider(turn, found, new.decider)
    line = NewException(
        case=case,
        subject=new.subject,
        party=new.party,
        category=new.category,
        code=new.code,
        decider=new.decider,
        weighed=new.weighed,
        starts=turn.now,
        ends=new.ends,
    )
    registering.record_exception(found, covenant, line, by=turn.identity.person, at=turn.now)
    return _changed(turn, "exception.recorded", case, subject=new.subject, category=new.category, receiver=new.party)


def _check_telling(turn: Turn, weighed: Weighed) -> None:
    """She was told before now, or that is looked at again from now on, and within a month."""
    today = day_of(turn.now)
    if weighed.told_on is not None and weighed.told_on > today:
        raise Refused("told_in_future")
    if weighed.told_on is None and weighed.look_again is not None and weighed.look_again < today:
        raise Refused("look_again_past")
    if weighed.told_on is None and weighed.look_again is not None and weighed.look_again > today + LOOK_WITHIN:
        raise Refused("look_again_late")


def _check_decider(turn: Turn, found: CaseRights, decider: UUID) -> None:
    """Whoever decides works on cases at a party of this case."""
    row = Person.objects.filter(id=decider, family="inhoud", is_active=True).first()
    if row is None or row.party not in {*found.parties, turn.gate.process_party}:
        raise Refused("unknown_decider")


# --- what they share -----------------------------------------------------------------


def _hold(turn: Turn, case: UUID) -> tuple[CaseRights, Case]:
    """Return a case that exists for this person, its row locked; else "not_found"."""
    row = Case.objects.select_for_update().filter(id=case).first()
    if row is None:
        raise Refused("not_found")
    turn.gate = Gate.at_this_moment([case])  # as it stands now that nobody else can change it
    return turn.case(case), row


def _changed(
    turn: Turn,
    act: str,
    case: UUID,
    *,
    subject: UUID | None = None,
    category: str = "prc",
    receiver: str | None = None,
) -> str:
    """Tell every room that has the case, and enter it under the case as it now is."""
    key = f"subject:{subject}" if subject else f"case:{case}"
    turn.touch(f"case:{case}", *([key] if subject else []), case=case)
    turn.reload()
    turn.log(act, key, case=case, category=category, subjects=[subject] if subject else [], receiver=receiver)
    return key
