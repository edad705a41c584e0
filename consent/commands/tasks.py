"""What must be told because the register changed: made with the change, closed by who told it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from conference.clock import AMSTERDAM
from consent.commands.sealing import RegisterRefusal, Sealer
from consent.models import RegisterTask
from consent.talk import Closed

TASK_TABLE = "consent_registertask"
TELL_RECEIVER = "tell_receiver"  # AVG 19: who received it is told that it may be used no longer
TELL_PERSON = "tell_person"  # an exception was used: she is told, unless and until that is safe


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """Something to tell. `cause`: the line or exception that asks for it."""

    case: UUID
    subject: UUID
    kind: str
    party: str
    category: str
    cause: UUID
    due: date


def open_task(new: NewTask, *, at: datetime) -> RegisterTask:
    """Keep a task; one that stands there already for this cause stays as it is."""
    made, _first = RegisterTask.objects.get_or_create(
        kind=new.kind,
        cause=new.cause,
        defaults={
            "case": new.case,
            "subject": new.subject,
            "party": new.party,
            "category": new.category,
            "made_at": at,
            "due": new.due,
        },
    )
    return made


def finish_task(task: UUID, closed: Closed, *, case: UUID, sealer: Sealer, by: UUID, at: datetime) -> RegisterTask:
    """Close a task with when and how it was told.

    Raises RegisterRefusal("not_found" | "already_done" | "told_before_task" | "how_missing").
    """
    row = RegisterTask.objects.select_for_update().filter(id=task, case=case).first()
    if row is None:
        raise RegisterRefusal("not_found")
    if row.done_at is not None:
        raise RegisterRefusal("already_done")
    if closed.told_on < row.made_at.astimezone(AMSTERDAM).date():
        raise RegisterRefusal("told_before_task")
    if not closed.how.strip():
        raise RegisterRefusal("how_missing")
    row.done_at, row.done_by = at, by
    row.sealed = sealer.seal(TASK_TABLE, row.id, "sealed", msgspec.json.encode(closed))
    row.save(update_fields=["done_at", "done_by", "sealed"])
    return row
