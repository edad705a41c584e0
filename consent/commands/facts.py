"""Appending what the register must know of a victim beside her lines."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from consent.commands.sealing import RegisterRefusal, Sealer
from consent.models import SubjectFact
from consent.rules import after_months
from consent.talk import FACTS, OUTSIDE, REPRESENTATIVES, Reflection, Representative

FACT_TABLE = "consent_subjectfact"
REFLECTION_MONTHS = 3  # B8/3 Vc 2000
DUBLIN_DAYS = timedelta(days=30)  # WBV 2023/11: of what was granted after this day
DUBLIN_AFTER = date(2023, 5, 18)
_KIND = {struct: kind for kind, struct in FACTS.items()}


def record_fact(
    fact: msgspec.Struct, *, case: UUID, subject: UUID, sealer: Sealer, by: UUID | None, at: datetime
) -> SubjectFact:
    """Append a fact; of its kind it counts from now on.

    Raises RegisterRefusal("unknown_representative" | "reason_missing" | "reflection_without_days" |
    "ends_before_start" | "reflection_too_long" | "dublin_too_long").
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
        if fact.instead and (fact.instead not in OUTSIDE or fact.instead == fact.role):
            return "unknown_representative"
        return "reason_missing" if fact.involved and not fact.because.strip() else None
    return _of_reflection(fact) if isinstance(fact, Reflection) else None


def _of_reflection(fact: Reflection) -> str | None:
    """At most three months, and 30 days where another country is asked to take her (Dublin)."""
    if fact.starts is None or fact.ends is None:
        return "reflection_without_days" if fact.stage == "bedenktijd" else None
    if fact.ends <= fact.starts:
        return "ends_before_start"
    if fact.stage != "bedenktijd":
        return None
    if fact.ends > after_months(fact.starts, REFLECTION_MONTHS):
        return "reflection_too_long"
    short = fact.dublin and fact.starts > DUBLIN_AFTER
    return "dublin_too_long" if short and fact.ends - fact.starts > DUBLIN_DAYS else None
