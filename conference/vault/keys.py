"""Data keys: made, wrapped, found again.

Unwrapped ones stay in memory for a minute at most, and no longer than their cohort's key is in its folder.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from conference.crypto import KeyTrouble, Sealer, ring
from conference.vault.models import DataKey, KeyCheck

DESTROYED = "key_destroyed"
RETENTION_YEARS = 5  # WGS 1.8-7: destroyed at the latest five years after first processing
_KEEP = 256  # unwrapped keys
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """`until`: monotonic seconds."""

    until: float
    cohort: str
    sealer: Sealer


_cache: OrderedDict[tuple[UUID, int], _Kept] = OrderedDict()
_newest: dict[UUID, int] = {}
_lock = Lock()


def cohort_for(first_processed: datetime) -> str:
    """Return the month ("2031-11") in which what was first processed then must be gone."""
    return f"{first_processed.year + RETENTION_YEARS}-{first_processed.month:02d}"


def create(scope: UUID, *, first_processed: datetime) -> Sealer:
    """Make the data key of a new case or conference and return its sealer."""
    cohort = cohort_for(first_processed)
    key = secrets.token_bytes(32)
    wrapped = ring().wrap(key, scope=scope, version=1, cohort=cohort)
    DataKey.objects.create(scope=scope, version=1, cohort=cohort, wrapped=wrapped)
    return Sealer(scope, 1, key)


def sealer(scope: UUID, version: int | None = None) -> Sealer:
    """Return the sealer of a scope; `version` None is the newest key.

    Raises KeyTrouble("key_missing") when the scope has no key, "key_destroyed" when its cohort is.
    """
    with _lock:
        wanted = _newest.get(scope) if version is None else version
        kept = _cache.get((scope, wanted)) if wanted is not None else None
    if kept is not None and kept.until > time.monotonic() and ring().holds(kept.cohort):
        return kept.sealer
    rows = DataKey.objects.filter(scope=scope)
    row = (rows.order_by("-version") if version is None else rows.filter(version=version)).first()
    if row is None:
        raise KeyTrouble("key_missing")
    key = ring().unwrap(bytes(row.wrapped), scope=scope, version=row.version, cohort=row.cohort)
    return _remember(Sealer(scope, row.version, key), row.cohort, newest=version is None)


def _remember(made: Sealer, cohort: str, *, newest: bool) -> Sealer:
    with _lock:
        _cache[(made.scope, made.version)] = _Kept(time.monotonic() + _SECONDS, cohort, made)
        if newest:
            _newest[made.scope] = made.version
        while len(_cache) > _KEEP:
            _cache.popitem(last=False)
    return made


def trouble_with(scope: UUID, *, anew: bool = False) -> str | None:
    """Return why a scope cannot be opened now, as KeyTrouble's code, or None. `anew`: whatever is in memory.

    "key_destroyed" is for good: the cohort's key was destroyed, or no wrap of the scope's own is left.
    """
    if anew:
        _drop(scope)
    try:
        sealer(scope)
    except KeyTrouble as trouble:
        return trouble.code if DataKey.objects.filter(scope=scope).exists() else DESTROYED
    return None


def open_sealed(scope: UUID, table: str, row: UUID, field: str, blob: bytes) -> bytes:
    """Open a sealed value with the key version that it names.

    Raises KeyTrouble("seal_broken" | "key_missing" | "key_destroyed").
    """
    return sealer(scope, Sealer.version_of(blob)).open(table, row, field, blob)


def open_each(table: str, field: str, blobs: Mapping[UUID, bytes]) -> tuple[dict[UUID, bytes], dict[UUID, str]]:
    """Open one sealed value of each of many scopes, of the row that bears the scope's id: all keys in one query.

    Returns what was opened, and for the others why not, as `trouble_with` tells it.
    """
    keys = {(key.scope, key.version): key for key in DataKey.objects.filter(scope__in=list(blobs))}
    known = {scope for scope, _version in keys}
    opened: dict[UUID, bytes] = {}
    troubles = dict.fromkeys(blobs.keys() - known, DESTROYED)
    for scope in known:
        try:
            version = Sealer.version_of(blobs[scope])
            if (scope, version) not in keys:
                raise KeyTrouble("key_missing")
            row = keys[scope, version]
            key = ring().unwrap(bytes(row.wrapped), scope=scope, version=version, cohort=row.cohort)
            opened[scope] = Sealer(scope, version, key).open(table, scope, field, blobs[scope])
        except KeyTrouble as trouble:
            troubles[scope] = trouble.code
    return opened, troubles


def _drop(scope: UUID) -> None:
    with _lock:
        _newest.pop(scope, None)
        for kept in [place for place in _cache if place[0] == scope]:
            del _cache[kept]


def forget() -> None:
    """Drop all unwrapped keys from memory."""
    with _lock:
        _cache.clear()
        _newest.clear()


def check_root() -> None:
    """Compare the loaded root key with the one that this store was made with.

    The first call on an empty store records it. Raises KeyTrouble("key_wrong").
    """
    fingerprint = ring().fingerprint()
    known = KeyCheck.objects.first()
    if known is None:
        KeyCheck.objects.create(fingerprint=fingerprint)
    elif not secrets.compare_digest(known.fingerprint, fingerprint):
        raise KeyTrouble("key_wrong")
