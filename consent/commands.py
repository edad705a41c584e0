"""The only writers of the register; each in the caller's transaction.

The caller (the room of cases) has checked who may write, hands a Sealer bound to the
case, and writes the audit entry; the register checks its own rules.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

import msgspec

from consent.models import ConsentLine, ExceptionLine
from consent.register import last_event, state_at
from consent.states import PERMITTING, State, may_follow
from consent.versions import raise_version

LINE_TABLE = "consent_consentline"
EXCEPTION_TABLE = "consent_exceptionline"


class RegisterRefusal(Exception):
    """A line that the register does not take; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sealer(Protocol):
    """Seals a text to its place; handed by the room that owns the case's key."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes: ...


class Given(msgspec.Struct, frozen=True):
    """How a line came about, kept sealed."""

    method: str = ""  # mondeling | schriftelijk
    language: str = ""
    interpreter: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to record; `ends` is exclusive, None means no end."""

    case: UUID
    subject: UUID
    party: str
    category: str
    purpose: UUID
    state: State
    starts: datetime
    ends: datetime | None
    how: Given = field(default_factory=Given)


def record_line(line: NewLine, *, sealer: Sealer, by: UUID | None, at: datetime, loaded: bool = False) -> ConsentLine:
    """Append one event to a line. `loaded`: taken over from elsewhere, in its own order.

    Raises RegisterRefusal("state_not_allowed" | "ends_before_start" | "limit_is_longer").
    """
    before = last_event(line.subject, line.party, line.category, line.purpose)
    if not loaded:
        _check_step(before, line, at)
    if line.ends is not None and line.ends <= line.starts and line.state in PERMITTING and not loaded:
        raise RegisterRefusal("ends_before_start")
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
        sealed=sealer.seal(LINE_TABLE, row, "sealed", msgspec.json.encode(line.how)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewException:
    """An exception to record; its code's fit was checked by the caller with the covenant."""

    case: UUID
    subject: UUID
    party: str
    category: str
    code: int
    decider: UUID
    reason: str
    starts: datetime
    ends: datetime


def record_exception(exception: NewException, *, sealer: Sealer, by: UUID | None, at: datetime) -> ExceptionLine:
    """Append one exception. Raises RegisterRefusal("ends_before_start")."""
    if exception.ends <= exception.starts:
        raise RegisterRefusal("ends_before_start")
    row = uuid4()
    line = ExceptionLine.objects.create(
        id=row,
        case=exception.case,
        subject=exception.subject,
        party=exception.party,
        category=exception.category,
        code=exception.code,
        decider=exception.decider,
        starts=exception.starts,
        ends=exception.ends,
        recorded_at=at,
        recorded_by=by,
        sealed=sealer.seal(EXCEPTION_TABLE, row, "sealed", exception.reason.encode()),
    )
    raise_version(f"case:{exception.case}")
    return line
