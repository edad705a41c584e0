"""Reviewing a translation: recorded by a person, for exactly one text; a draft may be used only after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from consent.notices.hashing import text_hash, words_hash
from consent.notices.models import NoticeReview
from consent.notices.texts import LANGUAGES, Text, text

REVIEW_TABLE = "consent_noticereview"
LONGEST = 200  # characters of a name or a qualification


class ReviewRefusal(Exception):
    """A review that is not recorded; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sealer(Protocol):
    """Seals a text to its place, and opens it there."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes: ...
    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes: ...


class Reviewer(Struct, frozen=True):
    """Who read it, and what makes her able to: a sworn translator, a colleague who grew up with the language."""

    name: str
    qualification: str


@dataclass(frozen=True, slots=True)
class Status:
    """How one language stands now. `reviewed`: the newest review of exactly these texts."""

    text: Text
    sha256: str
    reviewed: NoticeReview | None

    @property
    def usable(self) -> bool:
        """Whether it may be the notice of a consent that is recorded."""
        return self.text.status == "complete" or self.reviewed is not None


def record_review(
    language: str, reviewer: Reviewer, *, shown: tuple[str, str], by: UUID, at: datetime, sealer: Sealer
) -> NoticeReview:
    """Record that a draft was read, in the caller's transaction.

    `shown`: both hashes, as they stood on the page from which it is recorded. Raises ReviewRefusal: "not_found" |
    "not_a_draft" | "conflict" (the texts are others by now) | "reviewer_missing" | "reviewer_too_long".
    """
    code = _refusal(language, reviewer, shown)
    if code is not None:
        raise ReviewRefusal(code)
    row = uuid4()
    return NoticeReview.objects.create(
        id=row,
        language=language,
        version=text(language).version,
        sha256=shown[0],
        words_sha256=shown[1],
        recorded_at=at,
        recorded_by=by,
        sealed=sealer.seal(REVIEW_TABLE, row, "sealed", msgspec.json.encode(reviewer)),
    )


def _refusal(language: str, reviewer: Reviewer, shown: tuple[str, str]) -> str | None:
    if language not in LANGUAGES:
        return "not_found"
    if text(language).status != "draft":
        return "not_a_draft"
    if shown != hashes(language):
        return "conflict"
    told = (reviewer.name, reviewer.qualification)
    if not all(one.strip() for one in told):
        return "reviewer_missing"
    return "reviewer_too_long" if any(len(one) > LONGEST for one in told) else None


def hashes(language: str) -> tuple[str, str]:
    """Return what a review is of: the hash of the notice and that of the words beside it. KeyError."""
    return text_hash(language), words_hash(language)


def usable(language: str) -> bool:
    """Say whether a consent may be recorded with the notice in this language; an unknown one never."""
    return language in LANGUAGES and status(language).usable


def notices() -> list[Status]:
    """Return every language in the order in which it is offered."""
    return _standing(LANGUAGES)


def status(language: str) -> Status:
    """Return how one language stands now. Raises KeyError for an unknown one."""
    return _standing([language])[0]


def _standing(languages: Sequence[str]) -> list[Status]:
    drafts = [language for language in languages if text(language).status == "draft"]
    rows = NoticeReview.objects.filter(language__in=drafts).order_by("number") if drafts else ()
    # Of exactly these texts: a review of other words says nothing of these.
    counting = {row.language: row for row in rows if (row.sha256, row.words_sha256) == hashes(row.language)}
    return [Status(text(language), text_hash(language), counting.get(language)) for language in languages]


def reviewer(review: NoticeReview, sealer: Sealer) -> Reviewer:
    """Return who read it. Raises KeyTrouble."""
    plain = sealer.open(REVIEW_TABLE, review.id, "sealed", bytes(review.sealed))
    return msgspec.json.decode(plain, type=Reviewer)
