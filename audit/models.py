"""The log's tables. Not managed by Django: nothing that flushes or migrates may touch them."""

from django.db import models


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


class Recipient(models.Model):
    """One person whom a push reached, for finding the leaf that lists her."""

    id = models.BigAutoField(primary_key=True)
    leaf_id = models.BigIntegerField()
    person = models.UUIDField()

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "audit_recipient"
