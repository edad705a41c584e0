"""Appending exceptions: sharing without consent, on a ground of the law."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from consent.commands.sealing import RegisterRefusal, Sealer
from consent.commands.tasks import TELL_PERSON, NewTask, open_task
from consent.models import ExceptionLine
from consent.versions import raise_version

EXCEPTION_TABLE = "consent_exceptionline"
CONFLICT_OF_DUTIES = 8  # the last resort: only after a second professional was consulted


class Weighed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why sharing without consent was right, kept sealed.

    `tried`: which other ways were tried first. `second`: the second professional that was consulted (code 8).
    `told_on`: when she was told; None: not yet, for the reason in `not_told`, looked at again on `look_again`.
    """

    reason: str
    tried: str = ""
    second: str = ""
    told_on: date | None = None
    not_told: str = ""
    look_again: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewException:
    """An exception to record; its code's fit was checked by the caller with the covenant."""

    case: UUID
    subject: UUID
    party: str
    category: str
    code: int
    decider: UUID
    starts: datetime
    ends: datetime
    weighed: Weighed = field(repr=False)


def lacking(code: int, weighed: Weighed) -> tuple[str, ...]:
    """Return what is missing of a weighing under a code, by the code of its refusal.

    "reason_missing" | "alternatives_missing" | "second_missing" (code 8) | "telling_missing": neither a day
    on which she was told, nor why not and when that is looked at again.
    """
    told = weighed.told_on is not None or (weighed.not_told.strip() and weighed.look_again is not None)
    holds = {
        "reason_missing": weighed.reason.strip(),
        "alternatives_missing": weighed.tried.strip(),
        "second_missing": code != CONFLICT_OF_DUTIES or weighed.second.strip(),
        "telling_missing": told,
    }
    return tuple(name for name, there in holds.items() if not there)


def record_exception(
    exception: NewException, *, sealer: Sealer, by: UUID | None, at: datetime, loaded: bool = False
) -> ExceptionLine:
    """Append one exception, and the task to tell her of it where that could not be done yet.

    `loaded`: taken over from elsewhere, as it stood there. Raises RegisterRefusal("ends_before_start" and the
    codes of `lacking`).
    """
    if exception.ends <= exception.starts:
        raise RegisterRefusal("ends_before_start")
    missing = () if loaded else lacking(exception.code, exception.weighed)
    if missing:
        raise RegisterRefusal(missing[0])
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
        sealed=sealer.seal(EXCEPTION_TABLE, row, "sealed", msgspec.json.encode(exception.weighed)),
    )
    _tell_later(exception, row, at)
    raise_version(f"case:{exception.case}")
    return line


def _tell_later(exception: NewException, row: UUID, at: datetime) -> None:
    due = exception.weighed.look_again
    if exception.weighed.told_on is None and due is not None:
        task = NewTask(
            case=exception.case,
            subject=exception.subject,
            kind=TELL_PERSON,
            party=exception.party,
            category=exception.category,
            cause=row,
            due=due,
        )
        open_task(task, at=at)
