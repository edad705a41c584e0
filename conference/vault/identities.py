"""Identities behind the pseudonyms: sealed per covenant category, opened by the gate only."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from conference.vault import keys
from conference.vault.models import IdentityPart

TABLE = "vault_identitypart"


def store(case: UUID, subject: UUID, category: str, values: Mapping[str, str]) -> None:
    """Seal one category's identity values (`name`, `birth_date`, `bsn`, `address`, `phone`)."""
    part = IdentityPart(case=case, subject=subject, category=category)
    part.sealed = keys.sealer(case).seal(TABLE, part.id, "sealed", msgspec.json.encode(dict(values)))
    part.save(force_insert=True)


def parts(subjects: Iterable[UUID]) -> dict[tuple[UUID, str], IdentityPart]:
    """Return the sealed parts by (subject, category), unopened."""
    rows = IdentityPart.objects.filter(subject__in=list(subjects))
    return {(row.subject, row.category): row for row in rows}


def open_part(part: IdentityPart) -> dict[str, str]:
    """Open one part. Raises KeyTrouble."""
    plain = keys.open_sealed(part.case, TABLE, part.id, "sealed", bytes(part.sealed))
    return msgspec.json.decode(plain, type=dict[str, str])


def replace(case: UUID, subject: UUID, category: str, values: Mapping[str, str]) -> None:
    """Seal one category's identity values anew in place of what stood there; none at all leaves nothing."""
    IdentityPart.objects.filter(case=case, subject=subject, category=category).delete()
    if values:
        store(case, subject, category, values)
