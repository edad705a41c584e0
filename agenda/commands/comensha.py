"""What a victim agreed to for CoMensha, in writing, and that she takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from agenda.commands import consents
from agenda.commands.consents import Step
from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.cases import comensha, registering
from conference.cases.comensha import CATEGORY, Notice
from conference.covenant.days import day_end, day_of
from conference.covenant.words import COMENSHA
from consent.commands import NewTalk, NoticeRef
from consent.rules import REVIEW_MONTHS, after_months
from consent.states import State
from consent.talk import Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What she signed: to which notices, and the conversation in which she did."""

    case: UUID
    subject: UUID
    notices: Sequence[Notice]
    talk: Talk
    notice: NoticeRef | None
    evidence: UUID | None = None


def agree(turn: Turn, said: Agreed) -> str:
    """Record her written yes to one or both notices, for half a year like any yes.

    Refused "nothing_chosen", "not_found" and the register's codes.
    """
    found = turn.case(said.case)
    if said.subject not in found.subjects:
        raise Refused("not_found")
    if not said.notices:
        raise Refused("nothing_chosen")
    new = NewTalk(case=said.case, subject=said.subject, talk=said.talk, notice=said.notice, evidence=said.evidence)
    kept = registering.record_talk(found, new, by=turn.identity.person, at=turn.now)
    ends = day_end(after_months(day_of(turn.now), REVIEW_MONTHS))
    for notice in said.notices:
        given = replace(_step(said.case, said.subject, notice, State.GIVEN), ends=ends)
        consents.record(turn, given, (kept, said.talk))
    return f"case:{said.case}"


def take_back(turn: Turn, case: UUID, subject: UUID, notice: Notice) -> str:
    """Record that she takes back what she agreed to. Refused "not_found", "nothing_to_withdraw"."""
    return consents.record(turn, _step(case, subject, notice, State.WITHDRAWN))


def _step(case: UUID, subject: UUID, notice: Notice, state: State) -> Step:
    return Step(
        case=case,
        subject=subject,
        party=COMENSHA,
        category=CATEGORY,
        state=state,
        purpose=comensha.purpose_of(case, notice),
    )
