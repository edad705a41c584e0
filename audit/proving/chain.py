"""The yearly logs as a row: each closed before the next began, none missing, and no leaf beside them."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import connection

from audit import signing
from audit.models import Checkpoint, Leaf, Log
from audit.verifying.verdict import Finding

REMOVED = "log.removed"
_STAYS = 5  # years


def broken(logs: Sequence[Log]) -> Iterator[Finding]:
    """Yield a finding for each place where the logs, oldest first, do not follow each other."""
    for old, new in pairwise(logs):
        if old.closed_at is None or old.year > new.year or not _continues(old, new):
            yield Finding("chain_broken")
    if any(log.removed_at is not None and log.closed_at is None for log in logs):
        yield Finding("chain_broken")
    signed = set(Checkpoint.objects.values_list("log", flat=True).distinct())
    if signed - set(Log.objects.values_list("id", flat=True)):
        yield Finding("chain_broken")
    name = signing.known()  # read only: a check makes no key, and one that is gone is a finding
    if any(name is None or not log.origin.startswith(f"casustafel/{name}/{log.year}") for log in logs):
        yield Finding("chain_broken")


def _continues(old: Log, new: Log) -> bool:
    """With SQLite positions are ids: a log begins where the one before it ended."""
    return connection.vendor != "sqlite" or new.first_id == old.first_id + old.size


def unproven(logs: Sequence[Log]) -> Iterator[Finding]:
    """Yield a finding for a log that is gone without an entry, in the log that went on, that says so."""
    told = {_removal(bytes(leaf)) for leaf in Leaf.objects.filter(act=REMOVED).values_list("leaf", flat=True)}
    gone = [log.year for log in logs if log.removed_at is not None]
    # The entry itself goes with its own log, at the earliest that of the sixth year after.
    if any(str(year) not in told and max(gone) <= year + _STAYS for year in gone):
        yield Finding("entries_missing", 0)


def _removal(leaf: bytes) -> str | None:
    """Return the year of which an entry says that it was removed; the columns beside it prove nothing."""
    try:
        told = json.loads(leaf)
    except ValueError:  # damage, which is found elsewhere
        return None
    return told.get("reason") if (told.get("act"), told.get("out")) == (REMOVED, "permit") else None


def lost() -> Iterator[Finding]:
    """Yield a finding when a leaf has no position and does not wait for one, or has two."""
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
        leaves, known, places = cursor.fetchone()
    if leaves > known or places > known:
        yield Finding("leaf_lost")


# One statement sees one state, also while the log grows. With SQLite all that is behind the last log waits,
# and an id is a position: it cannot have two.
_SQLITE = """SELECT leaves, known, known FROM (SELECT (SELECT count(*) FROM audit_leaf) AS leaves,
    (SELECT coalesce(sum(size), 0) FROM audit_log WHERE removed_at IS NULL) +
    (SELECT count(*) FROM audit_leaf WHERE id >= (SELECT coalesce(max(first_id + size), 1) FROM audit_log)) AS known)"""
# Leaf by leaf, not by counts: one that was placed twice must not stand in for one that never was.
_POSTGRESQL = """WITH place AS MATERIALIZED (
    SELECT ('x' || encode(substring(b.ids FROM i * 8 + 1 FOR 8), 'hex'))::bit(64)::bigint AS id
    FROM audit_bundle b, generate_series(0, 255) i WHERE i < length(b.ids) / 8
    UNION ALL SELECT leaf_id FROM audit_waiting)
    SELECT (SELECT count(*) FROM audit_leaf),
    (SELECT count(*) FROM audit_leaf l WHERE EXISTS (SELECT 1 FROM place p WHERE p.id = l.id)),
    (SELECT count(*) FROM place)"""
