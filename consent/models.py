"""The register: lines and exceptions, appended and never changed; no key to any other room.

Made by the first migration and not managed afterwards: the database itself refuses every change.
"""

from uuid import uuid4

from django.db import models

from consent.versions import RightsVersion

__all__ = ["ConsentLine", "ExceptionLine", "RightsVersion"]


class ConsentLine(models.Model):
    """One event on a line (subject, party, category, purpose); the last one recorded counts.

    `purpose`: the opaque reference of the case's purpose. `ends` is the first moment
    at which it no longer holds. `sealed`: how it was given, as JSON.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    party = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    purpose = models.UUIDField()
    state = models.CharField(max_length=20)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False
        indexes = [models.Index(fields=["subject", "party", "category"], name="consent_line")]


class ExceptionLine(models.Model):
    """A recorded exception: a code of its own law, a decider, a reason (sealed), an end."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    party = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    code = models.PositiveSmallIntegerField()
    decider = models.UUIDField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False
