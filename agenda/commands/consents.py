"""The register's commands: what a victim gave, limited, refused or took back, through the care coordinator."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from agenda import protocol
from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.cases import commands as cases
from consent.commands import Given
from consent.register import last_event, state_at
from consent.states import PERMITTING, State

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event on a line, as a page or a frame gives it; `ends` is exclusive."""

    case: UUID
    subject: UUID
    party: str
    category: str
    state: State
    ends: datetime | None = None
    how: Given = field(default_factory=Given)


def withdraw(turn: Turn, args: protocol.ConsentWithdraw) -> str:
    """Record that the victim takes a line back; it works from this commit on."""
    return record(
        turn,
        Step(case=args.case, subject=args.subject, party=args.party, category=args.category, state=State.WITHDRAWN),
    )


def record(turn: Turn, step: Step) -> str:
    """Append one event. Refused "not_found", "nothing_to_withdraw", "not_for_consent" and the register's codes."""
    found = turn.case(step.case)
    subject = found.subjects.get(step.subject)
    covenant = turn.gate.covenant
    if subject is None or covenant is None:
        raise Refused("not_found")
    if step.party not in covenant.parties or step.category not in covenant.categories:
        raise Refused("not_for_consent")
    before = state_at(last_event(step.subject, step.party, step.category, found.purpose_ref), turn.now)
    if step.state in {State.WITHDRAWN, State.LIMITED} and before not in PERMITTING:
        raise Refused("nothing_to_withdraw")
    cases.record_consent(
        found,
        cases.ConsentStep(
            subject=step.subject,
            party=step.party,
            category=step.category,
            state=step.state,
            starts=turn.now,
            ends=step.ends,
            how=step.how,
        ),
        by=turn.identity.person,
        at=turn.now,
    )
    turn.log(
        _ACTS[step.state],
        f"subject:{step.subject}",
        case=step.case,
        category=step.category,
        subjects=[step.subject],
        receiver=step.party,
        seen=False,
    )
    return f"case:{step.case}"
