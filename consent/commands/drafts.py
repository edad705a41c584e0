"""Drafts: what somebody typed in a conversation, kept for her alone until it is recorded."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from consent.commands.sealing import Opener, Sealer
from consent.models import ConsentDraft

DRAFT_TABLE = "consent_consentdraft"


def save_draft(
    typed: Mapping[str, str], *, case: UUID, subject: UUID, person: UUID, sealer: Sealer, at: datetime
) -> ConsentDraft:
    """Keep what was typed in place of what she typed before."""
    before = ConsentDraft.objects.filter(case=case, subject=subject, person=person).first()
    row = before or ConsentDraft(id=uuid4(), case=case, subject=subject, person=person)
    row.saved_at = at
    row.sealed = sealer.seal(DRAFT_TABLE, row.id, "sealed", msgspec.json.encode(dict(typed)))
    row.save()
    return row


def open_draft(case: UUID, subject: UUID, person: UUID, opener: Opener) -> tuple[dict[str, str], datetime] | None:
    """Return her own draft and when it was saved, or None. Raises KeyTrouble."""
    row = ConsentDraft.objects.filter(case=case, subject=subject, person=person).first()
    if row is None:
        return None
    plain = opener.open(DRAFT_TABLE, row.id, "sealed", bytes(row.sealed))
    return msgspec.json.decode(plain, type=dict[str, str]), row.saved_at


def drop_draft(case: UUID, subject: UUID, person: UUID) -> None:
    """Forget her draft; none is fine."""
    ConsentDraft.objects.filter(case=case, subject=subject, person=person).delete()
