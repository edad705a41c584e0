"""Appending to the lines of the register."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec

from consent import rules
from consent.ages import Needed
from consent.commands.sealing import RegisterRefusal, Sealer
from consent.models import ConsentLine, ConsentTalk
from consent.register import last_event, state_at
from consent.states import PERMITTING, State, may_follow
from consent.talk import LineTold, Representative, Talk
from consent.versions import raise_version

LINE_TABLE = "consent_consentline"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to record; `ends` is exclusive, None means no end.

    `talk`: the recorded conversation, with what was said in it. `needed`: whose yes her age asks for; None
    when her age is not known. `representative`: what the register knows of hers. `approach`: see `rules.Told`.
    """

    case: UUID
    subject: UUID
    party: str
    category: str
    purpose: UUID
    state: State
    starts: datetime
    ends: datetime | None
    told: LineTold = field(default_factory=LineTold)
    talk: tuple[ConsentTalk, Talk] | None = None
    review_on: date | None = None
    covenant_row: str = ""
    needed: Needed | None = None
    representative: Representative | None = None
    approach: bool = False


def record_line(line: NewLine, *, sealer: Sealer, by: UUID | None, at: datetime, loaded: bool = False) -> ConsentLine:
    """Append one event to a line. `loaded`: taken over from elsewhere, in its own order, as it stood there.

    Raises RegisterRefusal("state_not_allowed" | "ends_before_start" | "limit_is_longer", and the codes of
    `rules.refusal`).
    """
    before = last_event(line.subject, line.party, line.category, line.purpose)
    if not loaded:
        _check_step(before, line, at)
        _check_told(line)
    row = uuid4()
    event = ConsentLine.objects.create(
        id=row,
        case=line.case,
        subject=line.subject,
        party=line.party,
        category=line.category,
        purpose=line.purpose,
        state=line.state.value,
        starts=line.starts,
        ends=line.ends,
        recorded_at=at,
        recorded_by=by,
        sealed=sealer.seal(LINE_TABLE, row, "sealed", msgspec.json.encode(line.told)),
        talk=line.talk[0].id if line.talk else None,
        review_on=line.review_on,
        covenant_row=line.covenant_row or None,
    )
    raise_version(f"case:{line.case}")
    return event


def _check_step(before: ConsentLine | None, line: NewLine, at: datetime) -> None:
    if not may_follow(state_at(before, at), line.state):
        raise RegisterRefusal("state_not_allowed")
    longest = before.ends if before is not None else None
    longer = longest is not None and (line.ends is None or line.ends > longest)
    if line.state is State.LIMITED and longer:
        raise RegisterRefusal("limit_is_longer")
    if line.ends is not None and line.ends <= line.starts and line.state in PERMITTING:
        raise RegisterRefusal("ends_before_start")


def _check_told(line: NewLine) -> None:
    kept, said = line.talk or (None, None)
    told = rules.Told(
        talk=said,
        notice=kept is not None and bool(kept.notice_sha256),
        evidence=kept is not None and kept.evidence is not None,
        review_on=line.review_on,
        line=line.told,
        approach=line.approach,
    )
    code = rules.refusal(line.state, told, line.needed, line.representative)
    if code is not None:
        raise RegisterRefusal(code)
