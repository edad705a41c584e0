"""The register's commands: what a victim gave, limited, refused or took back, through the care coordinator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from agenda import protocol
from agenda.commands.desk import require
from agenda.commands.turn import Turn
from agenda.gaps import by_exception
from agenda.refused import Refused
from agenda.scope import Scopes
from agenda.shared import reached
from conference.cases import registering
from conference.cases.rights import CaseRights
from conference.covenant import words
from conference.covenant.days import day_of
from conference.covenant.shape import Covenant
from consent.commands import NewTalk, NoticeRef, drop_draft, open_task
from consent.commands.tasks import TELL_PERSON, TELL_RECEIVER, NewTask
from consent.models import ConsentLine, ConsentTalk, RegisterTask
from consent.register import LineKey, last_event, state_at
from consent.rules import review_day
from consent.states import PERMITTING, State
from consent.talk import Closed, LineTold, Talk

_ACTS = {
    State.ASKED: "consent.asked",
    State.DEFERRED: "consent.deferred",
    State.REFUSED: "consent.refused",
    State.GIVEN: "consent.given",
    State.CONFIRMED: "consent.confirmed",
    State.LIMITED: "consent.limited",
    State.WITHDRAWN: "consent.withdrawn",
    State.INVALID: "consent.invalidated",
}
_ASKING = frozenset({State.ASKED, State.DEFERRED, State.GIVEN})
CARE = "care_coordinator"
_TAKING_BACK = frozenset({State.WITHDRAWN, State.INVALID})
TELL_WITHIN = timedelta(days=7)  # AVG 19 names no term; a week is the house's


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event on a line, as a page or a frame gives it; `ends` is exclusive.

    `purpose` None: the case's own. Another one is a receiver's that asks for consent of itself, whatever the
    covenant says; a line for it opens nothing in the case.
    """

    case: UUID
    subject: UUID
    party: str
    category: str
    state: State
    ends: datetime | None = None
    review_on: date | None = None  # None: the usual day
    told: LineTold = field(default_factory=LineTold)
    purpose: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A whole conversation: what was said, the facts that came up in it, and an answer for each line.

    `facts`: any of the structs in `consent.talk.FACTS`. `evidence`: a document that was kept before. `known`: the
    stamp of what was known of her when it began; None where nobody looked.
    """

    case: UUID
    subject: UUID
    talk: Talk
    notice: NoticeRef | None
    steps: Sequence[Step]
    facts: Sequence[msgspec.Struct] = ()
    evidence: UUID | None = None
    known: str | None = None


def converse(turn: Turn, said: Conversation) -> str:
    """Record a conversation, all of it or nothing.

    Refused "known_changed" (somebody else recorded a line, how she is reached or who represents her since it began), as
    `record`, and the codes of facts and talks.
    """
    found = turn.case(said.case)
    if said.subject not in found.subjects:
        raise Refused("not_found")
    by, at = turn.identity.person, turn.now
    if said.known is not None and said.known != registering.known_of(found, said.subject).stamp:
        raise Refused("known_changed")
    for fact in said.facts:
        registering.record_fact(found, said.subject, fact, by=by, at=at)
    new = NewTalk(case=said.case, subject=said.subject, talk=said.talk, notice=said.notice, evidence=said.evidence)
    kept = registering.record_talk(found, new, by=by, at=at)
    for step in said.steps:
        record(turn, step, (kept, said.talk))
    note(turn, "consent.conversed", said.case, said.subject)
    drop_draft(said.case, said.subject, by)
    return f"case:{said.case}"


def withdraw(turn: Turn, args: protocol.ConsentWithdraw) -> str:
    """Record that the victim takes a line back; it works from this commit on."""
    return record(
        turn,
        Step(case=args.case, subject=args.subject, party=args.party, category=args.category, state=State.WITHDRAWN),
    )


def record(turn: Turn, step: Step, talk: tuple[ConsentTalk, Talk] | None = None) -> str:
    """Append one event.

    Refused "not_found", "nothing_to_withdraw", "not_for_consent", "review_out_of_range" and the register's codes.
    """
    line = _append(turn, _checked(turn, step), step, talk)
    if step.state in _TAKING_BACK:
        _tell_receivers(turn, [line])
    return f"case:{step.case}"


def take_back(turn: Turn, found: CaseRights, subject: UUID, lines: Iterable[LineKey]) -> None:
    """Append that these lines of a victim are taken back, whether a covenant rules or not.

    Refused with the register's codes.
    """
    steps = (
        Step(
            case=found.id,
            subject=subject,
            party=line.party,
            category=line.category,
            state=State.WITHDRAWN,
            purpose=line.purpose,
        )
        for line in lines
    )
    _tell_receivers(turn, [_append(turn, found, step, None) for step in steps])


def _append(turn: Turn, found: CaseRights, step: Step, talk: tuple[ConsentTalk, Talk] | None) -> ConsentLine:
    registering_step = registering.ConsentStep(
        subject=step.subject,
        party=step.party,
        category=step.category,
        state=step.state,
        starts=turn.now,
        ends=step.ends,
        purpose=step.purpose,
        told=step.told,
        talk=talk,
        review_on=_review_on(turn, found, step),
        covenant_row=_row(turn.gate.covenant, found, step),
    )
    note(turn, _ACTS[step.state], step.case, step.subject, category=step.category, receiver=step.party)
    return registering.record_consent(found, registering_step, by=turn.identity.person, at=turn.now)


def _checked(turn: Turn, step: Step) -> CaseRights:
    """Return the case for a step that can be taken at all."""
    found = turn.case(step.case)
    covenant = turn.gate.covenant
    if step.subject not in found.subjects or covenant is None:
        raise Refused("not_found")
    # What is taken back is taken back, whether the covenant still knows that party and kind or not.
    if step.state not in _TAKING_BACK and not _is_known(covenant, step):
        raise Refused("not_for_consent")
    before = last_event(step.subject, step.party, step.category, step.purpose or found.purpose_ref)
    if step.state in {State.WITHDRAWN, State.LIMITED} and state_at(before, turn.now) not in PERMITTING:
        raise Refused("nothing_to_withdraw")
    if step.state in _ASKING and before is None and step.purpose is None and not _is_asked(turn, step):
        raise Refused("not_for_consent")
    return found


def _is_known(covenant: Covenant, step: Step) -> bool:
    return step.party in covenant.parties and step.category in covenant.categories


def _is_asked(turn: Turn, step: Step) -> bool:
    """Consent is asked only where it can carry the sharing; where the covenant does, it would be a false choice."""
    scopes = Scopes(turn.gate)
    if by_exception(scopes, step.case, step.subject, step.party, step.category):
        return False
    return scopes.may_be_asked(step.case, step.party, step.category)


def _review_on(turn: Turn, found: CaseRights, step: Step) -> date | None:
    """She is asked again on the usual day, or before it; never later, and never on a day that was."""
    if step.state not in PERMITTING:
        return None
    reflection, today = registering.known_of(found, step.subject).reflection, day_of(turn.now)
    usual = review_day(today, reflecting=reflection.stage == "bedenktijd")
    if step.review_on is not None and not today <= step.review_on <= usual:
        raise Refused("review_out_of_range")
    return step.review_on or usual


def _row(covenant: Covenant | None, found: CaseRights, step: Step) -> str:
    """Name the covenant's version and the cell that asks for this consent; nothing where none rules."""
    if covenant is None:
        return ""
    place = words.READS_AS.get(found.fact.phase) if _is_known(covenant, step) else None
    cell = "" if place is None else f"/{words.PHASES[place]}={covenant.letter(step.party, step.category, place)}"
    return f"{covenant.version} {step.party}/{step.category}{cell}"


def _tell_receivers(turn: Turn, lines: Sequence[ConsentLine]) -> None:
    """Where it was shared on consent, keep the task to tell the receiver to use it no longer (AVG 19).

    `lines`: of one victim. What reached a party is read once for all its lines.
    """
    of_party: dict[str, list[ConsentLine]] = {}
    for line in lines:
        of_party.setdefault(line.party, []).append(line)
    for party, taken in of_party.items():
        received = reached(taken[0].case, taken[0].subject, party, {line.category for line in taken})
        for line in (line for line in taken if line.category in received):
            task = NewTask(
                case=line.case,
                subject=line.subject,
                kind=TELL_RECEIVER,
                party=party,
                category=line.category,
                cause=line.id,
                due=day_of(turn.now + TELL_WITHIN),
            )
            open_task(task, at=turn.now)


def finish_task(turn: Turn, case: UUID, task: UUID, closed: Closed) -> str:
    """Close a task of the register; whoever records exceptions closes those of telling her.

    Refused "not_found", "role_party", "told_in_future", "told_before_task", "already_done", "how_missing".
    """
    found = turn.case(case)
    if CARE not in turn.identity.roles:
        require(turn, "exception.record")
        if not RegisterTask.objects.filter(id=task, case=case, kind=TELL_PERSON).exists():
            raise Refused("not_found")
    if closed.told_on > day_of(turn.now):
        raise Refused("told_in_future")
    done = registering.finish_task(found, task, closed, by=turn.identity.person, at=turn.now)
    note(turn, "consent.told", case, done.subject, category=done.category, receiver=done.party)
    return f"case:{case}"


def keep_fact(turn: Turn, case: UUID, subject: UUID, fact: msgspec.Struct) -> str:
    """Record a fact about a victim. Refused "not_found" and the codes of facts."""
    found = turn.case(case)
    if subject not in found.subjects:
        raise Refused("not_found")
    registering.record_fact(found, subject, fact, by=turn.identity.person, at=turn.now)
    note(turn, "consent.noted", case, subject)
    return f"case:{case}"


def keep_evidence(turn: Turn, case: UUID, subject: UUID, document: bytes) -> UUID:
    """Keep a document, sealed. Refused "not_found", "evidence_too_large", "evidence_of_other_kind"."""
    found = turn.case(case)
    if subject not in found.subjects:
        raise Refused("not_found")
    kept = registering.keep_evidence(found, subject, document, by=turn.identity.person, at=turn.now)
    note(turn, "evidence.kept", case, subject)
    return kept.id


def save_draft(turn: Turn, case: UUID, subject: UUID, typed: dict[str, str] | None) -> datetime:
    """Keep what was typed so far, for her alone, or forget it (None); return the moment. Refused "not_found"."""
    found = turn.case(case)
    if subject not in found.subjects:
        raise Refused("not_found")
    if typed is None:
        drop_draft(case, subject, turn.identity.person)
    else:
        registering.save_draft(found, subject, typed, by=turn.identity.person, at=turn.now)
    note(turn, "consent.drafted" if typed is not None else "consent.draft_dropped", case, subject)
    return turn.now


def note(
    turn: Turn, act: str, case: UUID, subject: UUID, *, category: str = "prc", receiver: str | None = None
) -> None:
    """Enter a step in the register; nothing of it was shown."""
    turn.log(act, f"subject:{subject}", case=case, category=category, subjects=[subject], receiver=receiver, seen=False)
