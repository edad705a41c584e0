"""What somebody wrote about why she looked is sealed with the case, and gone when the case is."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.test import Client

from audit.review.models import Finding, ReaderQuestion
from conference.cases import rights
from conference.vault import keys
from conference.vault.models import DataKey
from frontend.review_texts import TEXTS
from tests.frontend.conftest import Visit
from tests.frontend.visiting import Region, page

ANSWER = "Zij belde mij die avond zelf"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def asked(region: Region, case: UUID | None) -> Finding:
    """A question to Kwintes' guide about what she saw."""
    made = Finding.objects.create(
        kind="unexplained", reason="no_tie", person=region.id("people", "kw"), case=case, day=date(2026, 11, 23),
        first_t=1, last_t=2, leaves=[], state="asked", found_at=NOW,
    )  # fmt: skip
    ReaderQuestion.objects.create(finding=made, asked_at=NOW, asked_by=region.id("people", "fg"))
    return made


def answer(reader: Client, finding: Finding) -> None:
    given = {f"{finding.id}-text": ANSWER, f"{finding.id}-expect": finding.version}
    assert reader.post(f"/questions/{finding.id}/", given).status_code == 302


def destroy(case: UUID) -> None:
    DataKey.objects.filter(scope=case).delete()
    keys.forget()
    rights.forget()


@pytest.mark.parametrize("case", ["c1", None])
def test_an_answer_is_read_by_oversight_for_as_long_as_the_case_is_there(
    region: Region, visit: Visit, case: str | None
) -> None:
    about = region.id("cases", case) if case else None
    finding = asked(region, about)
    answer(visit("kw"), finding)
    here = f"/log/review/{finding.id}/?purpose=lawfulness"
    assert ANSWER in page(visit("fg").get(here))
    destroy(region.id("cases", "c1"))
    text = page(visit("fg").get(here))
    assert (ANSWER in text) == (about is None)
    assert ("Dit bestaat niet meer." in text) == (about is not None)


def test_about_a_case_that_is_gone_one_may_still_answer(region: Region, visit: Visit) -> None:
    finding = asked(region, region.id("cases", "c1"))
    destroy(region.id("cases", "c1"))
    answer(visit("kw"), finding)
    assert ANSWER in page(visit("fg").get(f"/log/review/{finding.id}/?purpose=lawfulness"))


def test_a_text_of_another_finding_does_not_open_here(region: Region) -> None:
    first, second = asked(region, region.id("cases", "c1")), asked(region, region.id("cases", "c2"))
    blob = TEXTS.seal("audit_finding", first.id, "answer", ANSWER.encode())
    assert TEXTS.open("audit_finding", first.id, "answer", blob) == ANSWER.encode()
    assert TEXTS.open("audit_finding", second.id, "answer", blob) == b"Dit kan nu niet worden geopend."
