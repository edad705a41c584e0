"""What the vault keeps: wrapped data keys, sealed identities, the key check."""

from uuid import uuid4

from django.db import models


class DataKey(models.Model):
    """A case's or conference's data key, wrapped under root and cohort key.

    `scope`: the case's or conference's id. Without the cohort key file, which no
    backup of this database holds, the wrap cannot be opened.
    """

    scope = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    cohort = models.CharField(max_length=7)  # "2031-11": the month in which it is destroyed
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "version"], name="data_key_once")]


class IdentityPart(models.Model):
    """The identity data of one subject in one covenant category (`id`, `bsn` or `adr`)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    category = models.CharField(max_length=10)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "category"], name="identity_part_once")]


class KeyCheck(models.Model):
    """The fingerprint of the root key that this store was made with; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)


class UsedCodeName(models.Model):
    """A keyed hash of each code name ever given, so that none is given twice."""

    digest = models.CharField(primary_key=True, max_length=64)
