"""Keeping a conversation, and the documents that prove it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

import msgspec

from consent.commands.sealing import RegisterRefusal, Sealer
from consent.models import ConsentEvidence, ConsentTalk
from consent.talk import Talk

TALK_TABLE = "consent_consenttalk"
EVIDENCE_TABLE = "consent_consentevidence"
LARGEST = 5 * 1024 * 1024  # bytes of one document: a photographed page
_MAGIC = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class NoticeRef:
    """The exact text that was read: `language` in BCP 47, `sha256` of its canonical bytes in 64 hex."""

    id: str
    version: str
    language: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTalk:
    """A conversation to keep. `evidence`: a document of this victim that was kept before."""

    case: UUID
    subject: UUID
    talk: Talk
    notice: NoticeRef | None = None
    evidence: UUID | None = None


def record_talk(new: NewTalk, *, sealer: Sealer, by: UUID | None, at: datetime) -> ConsentTalk:
    """Append a conversation. Raises RegisterRefusal("evidence_unknown")."""
    if new.evidence and not ConsentEvidence.objects.filter(id=new.evidence, subject=new.subject).exists():
        raise RegisterRefusal("evidence_unknown")
    row = uuid4()
    return ConsentTalk.objects.create(
        id=row,
        case=new.case,
        subject=new.subject,
        recorded_at=at,
        recorded_by=by,
        notice=new.notice.id if new.notice else "",
        notice_version=new.notice.version if new.notice else "",
        language=new.notice.language if new.notice else "",
        notice_sha256=new.notice.sha256 if new.notice else "",
        evidence=new.evidence,
        sealed=sealer.seal(TALK_TABLE, row, "sealed", msgspec.json.encode(new.talk)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A document about a victim's consent, as it was handed in."""

    case: UUID
    subject: UUID
    document: bytes


def kind_of(document: bytes) -> str | None:
    """Return what a document is by its first bytes (pdf, png or jpeg); None for anything else."""
    return next((kind for kind, magic in _MAGIC.items() if document.startswith(magic)), None)


def keep_evidence(new: NewEvidence, *, sealer: Sealer, by: UUID | None, at: datetime) -> ConsentEvidence:
    """Seal and keep a document. Raises RegisterRefusal("evidence_too_large" | "evidence_of_other_kind")."""
    if len(new.document) > LARGEST:
        raise RegisterRefusal("evidence_too_large")
    kind = kind_of(new.document)
    if kind is None:
        raise RegisterRefusal("evidence_of_other_kind")
    row = uuid4()
    return ConsentEvidence.objects.create(
        id=row,
        case=new.case,
        subject=new.subject,
        kind=kind,
        size=len(new.document),
        sha256=sha256(new.document).hexdigest(),
        recorded_at=at,
        recorded_by=by,
        sealed=sealer.seal(EVIDENCE_TABLE, row, "sealed", new.document),
    )
