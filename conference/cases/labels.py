"""Code names and handles of cases and subjects, for the log's reader; never anything else of a case."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from conference.cases.models import Case, Subject
from conference.cases.rights import CASE_TABLE, Header
from conference.crypto import KeyTrouble
from conference.vault import keys


def case_labels(cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the code names of cases; one whose key is gone has none any more."""
    labels: dict[UUID, str] = {}
    # Only the header is opened: the log must stay readable when a case's key is destroyed.
    for case, sealed in Case.objects.filter(id__in=list(cases)).values_list("id", "sealed"):
        try:
            plain = keys.open_sealed(case, CASE_TABLE, case, "sealed", bytes(sealed))
        except KeyTrouble:
            continue
        labels[case] = msgspec.json.decode(plain, type=Header).code_name
    return labels


def subject_labels(subjects: Collection[UUID]) -> dict[UUID, str]:
    """Return the spoken handles of subjects ("betrokkene 1")."""
    rows = Subject.objects.filter(id__in=list(subjects)).values_list("id", "number")
    return {subject: f"betrokkene {number}" for subject, number in rows}


def every_case() -> list[UUID]:
    """Return the ids of all cases, for the log's filter."""
    return list(Case.objects.order_by("opened_at").values_list("id", flat=True))
