"""What cases, subjects and what cannot be opened are called; never anything else of a case."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.translation import pgettext

from conference.cases.models import Case, Subject
from conference.cases.rights import CASE_TABLE, UNREADABLE, Header
from conference.vault import keys


def case_labels(cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the code names of cases; one that was destroyed has none any more."""
    # Only the header is opened: the log must stay readable when a case's key is destroyed.
    found = Case.objects.filter(id__in=list(cases)).values_list("id", "sealed")
    opened, troubles = keys.open_each(CASE_TABLE, "sealed", {case: bytes(sealed) for case, sealed in found})
    labels = {case: msgspec.json.decode(plain, type=Header).code_name for case, plain in opened.items()}
    return labels | {case: UNREADABLE for case, code in troubles.items() if code != keys.DESTROYED}


def subject_labels(subjects: Collection[UUID]) -> dict[UUID, str]:
    """Return the spoken handles of subjects ("betrokkene 1"); in a case that was destroyed nobody has one."""
    rows = list(Subject.objects.filter(id__in=list(subjects)).values_list("id", "number", "case"))
    gone = {case for case in {case for *_, case in rows} if keys.trouble_with(case) == keys.DESTROYED}
    return {subject: f"betrokkene {number}" for subject, number, case in rows if case not in gone}


def subjects_of(case: UUID) -> list[UUID]:
    """Return the subjects of a case in order of their handles; of one that was destroyed none."""
    if keys.trouble_with(case) == keys.DESTROYED:
        return []
    return list(Subject.objects.filter(case=case).values_list("id", flat=True))


def case_of(subject: UUID) -> UUID | None:
    """Return the case of a subject; None when nobody has this id, or her case was destroyed."""
    case = Subject.objects.filter(id=subject).values_list("case", flat=True).first()
    return None if case is None or keys.trouble_with(case) == keys.DESTROYED else case


def unopened(code: str) -> str:
    """Return what stands in place of a text whose seal does not open; in Dutch, as every shared view."""
    with translation.override("nl"):
        if code == keys.DESTROYED:
            return pgettext("case", "This does not exist any more.")
        return pgettext("case", "This cannot be opened now.")


def every_case() -> list[UUID]:
    """Return the ids of all cases, for the log's filter."""
    return list(Case.objects.order_by("opened_at").values_list("id", flat=True))
