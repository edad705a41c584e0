"""A draft translation may be looked at; a consent is recorded with it only after a person read exactly this text."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from conference.crypto import KeyTrouble, Sealer, store_sealer
from consent.models import NoticeReview
from consent.notices import (
    LANGUAGES,
    Reviewer,
    ReviewRefusal,
    hashes,
    hashing,
    notices,
    record_review,
    reviewer,
    reviews,
    status,
    text,
    text_hash,
    usable,
)
from consent.notices.reviews import LONGEST

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BY = uuid4()
WHO = Reviewer(name="I. Vanova", qualification="beëdigd vertaler Bulgaars, Wbtv 12345")
TABLE = "consent_noticereview"

pytestmark = pytest.mark.django_db


def record(language: str = "bg", who: Reviewer = WHO, *, shown: tuple[str, str] | None = None) -> NoticeReview:
    with transaction.atomic():
        return record_review(
            language, who, shown=shown or hashes(language), by=BY, at=AT, sealer=store_sealer("notices")
        )


def refused(language: str = "bg", who: Reviewer = WHO, *, shown: tuple[str, str] | None = None) -> str:
    count = NoticeReview.objects.count()
    with pytest.raises(ReviewRefusal) as refusal:
        record(language, who, shown=shown)
    assert NoticeReview.objects.count() == count
    return refusal.value.code


def as_it_began() -> set[str]:
    return {language for language in LANGUAGES if usable(language)}


def test_what_is_complete_is_usable_and_a_draft_is_not() -> None:
    assert as_it_began() == {"nl", "en"}
    assert [one.text.language for one in notices()] == list(LANGUAGES)
    assert [one.usable for one in notices()] == [one in {"nl", "en"} for one in LANGUAGES]


@pytest.mark.parametrize("language", ["", "xx", "BG", "bg ", "../nl", "nl.yaml"])
def test_an_unknown_language_is_never_usable_and_cannot_be_reviewed(language: str) -> None:
    assert not usable(language)
    assert refused(language, shown=("a", "b")) == "not_found"


def test_a_review_makes_exactly_this_language_usable() -> None:
    row = record("bg")
    assert as_it_began() == {"nl", "en", "bg"}
    assert (row.language, row.version, row.sha256) == ("bg", "1", text_hash("bg"))
    assert (row.recorded_at, row.recorded_by) == (AT, BY)
    found = status("bg").reviewed
    assert found is not None
    assert found.id == row.id


def test_other_words_ask_for_another_review(monkeypatch: pytest.MonkeyPatch) -> None:
    record("bg")
    other = text("ro")  # whatever stands in the file now, it is not what was read
    monkeypatch.setattr(hashing, "text", lambda language: other if language == "bg" else text(language))
    assert not usable("bg")
    assert status("bg").reviewed is None


def test_a_review_of_other_words_beside_the_same_notice_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    record("bg")
    monkeypatch.setattr(reviews, "words_hash", lambda language: "0" * 64)
    assert not usable("bg")


def test_what_was_on_the_page_must_still_be_the_text() -> None:
    notice, words = hashes("bg")
    assert refused(shown=("0" * 64, words)) == "conflict"
    assert refused(shown=(notice, "0" * 64)) == "conflict"
    assert refused(shown=hashes("ro")) == "conflict"
    assert as_it_began() == {"nl", "en"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_complete_needs_no_review(language: str) -> None:
    assert refused(language) == "not_a_draft"


@pytest.mark.parametrize("who", [("", "tolk"), ("I. Vanova", ""), (" \n", "tolk"), ("I. Vanova", "\t")])
def test_a_review_names_who_read_it_and_why_she_can(who: tuple[str, str]) -> None:
    assert refused(who=Reviewer(*who)) == "reviewer_missing"


@pytest.mark.parametrize("who", [("n" * (LONGEST + 1), "tolk"), ("I. Vanova", "q" * (LONGEST + 1))])
def test_a_name_has_an_end(who: tuple[str, str]) -> None:
    assert refused(who=Reviewer(*who)) == "reviewer_too_long"
    assert record(who=Reviewer("n" * LONGEST, "q" * LONGEST)).language == "bg"


def test_the_reviewers_name_is_sealed_to_its_row() -> None:
    row, other = record("bg"), record("bg")
    assert b"Vanova" not in bytes(row.sealed)
    assert reviewer(row, store_sealer("notices")) == WHO
    for wrong in (store_sealer("people"), Sealer(uuid4(), 1, b"k" * 32)):
        with pytest.raises(KeyTrouble):
            reviewer(row, wrong)
    row.sealed = other.sealed
    with pytest.raises(KeyTrouble):
        reviewer(row, store_sealer("notices"))


def test_the_newest_review_is_the_one_that_is_told() -> None:
    record("bg")
    newest = record("bg", Reviewer("P. Etrov", "tolk"))
    found = status("bg").reviewed
    assert found is not None
    assert found.id == newest.id


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET sha256 = 'x'",
        f"UPDATE {TABLE} SET language = 'ar'",
        f"DELETE FROM {TABLE}",
    ],
)
def test_the_database_refuses_every_change(statement: str) -> None:
    record("bg")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert usable("bg")


def test_the_database_refuses_to_replace_or_to_empty() -> None:
    row = record("bg")
    if connection.vendor == "postgresql":
        statement = f"TRUNCATE {TABLE}"
    else:
        columns = "number, id, language, version, sha256, words_sha256, recorded_at, recorded_by, sealed"
        statement = f"INSERT OR REPLACE INTO {TABLE} ({columns}) SELECT {columns} FROM {TABLE}"
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert NoticeReview.objects.get(id=row.id).language == "bg"


def test_django_itself_changes_nothing() -> None:
    row = record("bg")
    row.language = "ar"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeReview.objects.all().delete()
    assert not usable("ar")
