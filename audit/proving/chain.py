"""The yearly logs as a row: each closed before the next began, none missing, and no leaf beside them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import connection

from audit import signing
from audit.models import Checkpoint, Log
from audit.verifying.verdict import Finding


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
    name = f"casustafel/{signing.store()}/" if logs else ""
    if any(not log.origin.startswith(f"{name}{log.year}") for log in logs):
        yield Finding("chain_broken")


def _continues(old: Log, new: Log) -> bool:
    """With SQLite positions are ids: a log begins where the one before it ended."""
    return connection.vendor != "sqlite" or new.first_id == old.first_id + old.size


def lost() -> Iterator[Finding]:
    """Yield a finding when there are leaves that have no position and do not wait for one, or the reverse."""
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
        leaves, placed = cursor.fetchone()
    if leaves > placed:
        yield Finding("leaf_lost")


# One statement sees one state, also while the log grows. With SQLite all that is behind the last log waits.
_SQLITE = """SELECT (SELECT count(*) FROM audit_leaf),
    (SELECT coalesce(sum(size), 0) FROM audit_log WHERE removed_at IS NULL) +
    (SELECT count(*) FROM audit_leaf WHERE id >= (SELECT coalesce(max(first_id + size), 1) FROM audit_log))"""
_POSTGRESQL = """SELECT (SELECT count(*) FROM audit_leaf),
    (SELECT coalesce(sum(size), 0) FROM audit_log WHERE removed_at IS NULL) +
    (SELECT count(*) FROM audit_waiting)"""
