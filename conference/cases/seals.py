"""Seals for the rooms above: they hand a place and plain fields, and never see a key."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from conference.vault import keys


def make_key(scope: UUID, *, first_processed: datetime) -> None:
    """Make the data key of a new conference."""
    keys.create(scope, first_processed=first_processed)


def seal(scope: UUID, table: str, row: UUID, fields: Mapping[str, str]) -> bytes:
    """Seal text fields to their place under the key of a case or conference. Raises KeyTrouble."""
    return keys.sealer(scope).seal(table, row, "sealed", msgspec.json.encode(dict(fields)))


def seal_text(scope: UUID, table: str, row: UUID, field: str, plaintext: bytes) -> bytes:
    """Seal a text that another room keeps about a case or conference: it dies with its key. Raises KeyTrouble."""
    return keys.sealer(scope).seal(table, row, field, plaintext)


def open_text(scope: UUID, table: str, row: UUID, field: str, blob: bytes) -> bytes:
    """Open what `seal_text` sealed. Raises KeyTrouble."""
    return keys.open_sealed(scope, table, row, field, blob)


def trouble_with(case: UUID) -> str | None:
    """Return why a case cannot be opened now, as KeyTrouble's code, or None."""
    return keys.trouble_with(case)


def is_destroyed(case: UUID) -> bool:
    """Say whether a case's key is gone for good."""
    return keys.trouble_with(case) == keys.DESTROYED


def check_root() -> None:
    """Compare the loaded root key with the one that this store was made with.

    Raises KeyTrouble("key_wrong").
    """
    keys.check_root()
