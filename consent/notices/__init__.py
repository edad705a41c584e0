"""The notice that is read before consent, and the words of its summary, in the victim's language.

`text_hash` names the exact text that was shown; `usable` says whether it may be: a draft only after a person
has recorded its review.
"""

from consent.notices.hashing import canonical, control_number, text_hash, words_hash
from consent.notices.reviews import (
    Reviewer,
    ReviewRefusal,
    Status,
    hashes,
    notices,
    record_review,
    reviewer,
    status,
    usable,
)
from consent.notices.texts import LANGUAGES, NOTICE_ID, NOTICE_VERSION, NoticeFileError, Text, text

__all__ = [
    "LANGUAGES",
    "NOTICE_ID",
    "NOTICE_VERSION",
    "NoticeFileError",
    "ReviewRefusal",
    "Reviewer",
    "Status",
    "Text",
    "canonical",
    "control_number",
    "hashes",
    "notices",
    "record_review",
    "reviewer",
    "status",
    "text",
    "text_hash",
    "usable",
    "words_hash",
]
