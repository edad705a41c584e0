"""The log's tables. Not managed by Django: nothing that flushes or migrates may touch them."""

from django.db import models

from audit.overview.models import OverviewLimit, OverviewRequest
from audit.review.models import Finding, ReaderQuestion, ReviewedDay, ReviewPlace, Sample, SampleLine

__all__ = [
    "Checkpoint",
    "Cosignature",
    "Finding",
    "Leaf",
    "Log",
    "OverviewLimit",
    "OverviewRequest",
    "ReaderQuestion",
    "ReviewPlace",
    "ReviewedDay",
    "Sample",
    "SampleLine",
]


class Leaf(models.Model):
    """One leaf: its final canonical bytes, and columns copied from them for finding it.

    `t`: µs since 1970, machine time. With PostgreSQL ids may have gaps and may be
    committed out of order; only the bytes are evidence.
    """

    id = models.BigAutoField(primary_key=True)
    leaf = models.BinaryField()
    t = models.BigIntegerField()
    act = models.CharField(max_length=65)
    out = models.CharField(max_length=6)
    actor = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    party = models.CharField(max_length=64, null=True)  # noqa: DJ001  as in the leaf: null when empty

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "audit_leaf"


class Log(models.Model):
    """One year's log. `size`: leaves that have a position. `closed_at`, `removed_at`: µs since 1970.

    `first_id`: with SQLite the id of the leaf at position 0. `vkey`: by which its notes are verified.
    """

    id = models.BigAutoField(primary_key=True)
    year = models.IntegerField()
    origin = models.TextField(unique=True)
    vkey = models.TextField()
    first_id = models.BigIntegerField()
    size = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True)
    removed_at = models.BigIntegerField(null=True)

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "audit_log"
        ordering = ["id"]


class Checkpoint(models.Model):
    """A signed statement that the log had this root at this size. `note`: C2SP signed note, whole."""

    id = models.BigAutoField(primary_key=True)
    log = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    t = models.BigIntegerField()
    note = models.BinaryField()

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "audit_checkpoint"
        ordering = ["id"]


class Cosignature(models.Model):
    """A witness's signature line, without newline, under a checkpoint; `witness`: its vkey.

    `t`: when we took it in, µs since 1970; the witness's own time stands in the line.
    """

    id = models.BigAutoField(primary_key=True)
    log = models.BigIntegerField()
    size = models.BigIntegerField()
    t = models.BigIntegerField()
    witness = models.TextField()
    line = models.TextField()

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "audit_cosignature"
        ordering = ["id"]


class Check(models.Model):
    """One check of all logs from end to end. `entries`: over all years; the rest: the first year that is not good."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    entries = models.BigIntegerField()
    ok = models.BooleanField()
    year = models.IntegerField(null=True)
    first_bad = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "audit"
        db_table = "audit_check"
        ordering = ["at", "id"]
