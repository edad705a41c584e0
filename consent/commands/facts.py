"""Appending what the register must know of a victim beside her lines."""

from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from consent.commands.sealing import RegisterRefusal, Sealer
from consent.models import SubjectFact
from consent.talk import FACTS, REPRESENTATIVES, Reflection, Representative

FACT_TABLE = "consent_subjectfact"
_KIND = {struct: kind for kind, struct in FACTS.items()}


def record_fact(
    fact: msgspec.Struct, *, case: UUID, subject: UUID, sealer: Sealer, by: UUID | None, at: datetime
) -> SubjectFact:
    """Append a fact; of its kind it counts from now on.

    Raises RegisterRefusal("unknown_representative" | "reason_missing" | "reflection_without_days" |
    "ends_before_start").
    """
    code = _refusal(fact)
    if code is not None:
        raise RegisterRefusal(code)
    row = uuid4()
    return SubjectFact.objects.create(
        id=row,
        case=case,
        subject=subject,
        kind=_KIND[type(fact)],
        recorded_at=at,
        recorded_by=by,
        sealed=sealer.seal(FACT_TABLE, row, "sealed", msgspec.json.encode(fact)),
    )


def _refusal(fact: msgspec.Struct) -> str | None:
    if isinstance(fact, Representative):
        if fact.role and fact.role not in REPRESENTATIVES:
            return "unknown_representative"
        return "reason_missing" if fact.involved and not fact.because.strip() else None
    if isinstance(fact, Reflection) and fact.stage == "bedenktijd":
        if fact.starts is None or fact.ends is None:
            return "reflection_without_days"
        return "ends_before_start" if fact.ends <= fact.starts else None
    return None
