"""Code names and handles of cases and subjects, for the log's reader; never anything else of a case."""

from collections.abc import Collection
from uuid import UUID

from conference.cases import rights
from conference.cases.models import Case, Subject
from conference.crypto import KeyTrouble


def case_labels(cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the code names of cases; one whose key is gone has none any more."""
    labels: dict[UUID, str] = {}
    for case, found in rights.load(cases).items():
        try:
            labels[case] = found.header().code_name
        except KeyTrouble:
            continue
    return labels


def subject_labels(subjects: Collection[UUID]) -> dict[UUID, str]:
    """Return the spoken handles of subjects ("betrokkene 1")."""
    rows = Subject.objects.filter(id__in=list(subjects)).values_list("id", "number")
    return {subject: f"betrokkene {number}" for subject, number in rows}


def every_case() -> list[UUID]:
    """Return the ids of all cases, for the log's filter."""
    return list(Case.objects.order_by("opened_at").values_list("id", flat=True))
