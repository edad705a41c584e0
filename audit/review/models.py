"""What reviewing keeps: findings, questions and answers, samples, and the counts per day. Ordinary tables.

Opaque ids, codes and times; what people write (an answer, a note) is sealed. Nothing here is proof:
every step has its entry in the log.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q

STATES = ("open", "asked", "answered", "judged", "settled")
VERDICTS = ("explained", "not_explained", "reported")


class Judged(models.Model):
    """What somebody decided. `version` rises at every step, so that two officers cannot pass each other."""

    verdict = models.CharField(max_length=13, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.UUIDField(null=True)
    note_sealed = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        app_label = "audit"


class Finding(Judged):
    """Something to look at. `leaves`: ids of the entries; `first_t`, `last_t`: µs since 1970.

    `state`: open | asked | answered | judged | settled (explained by what was recorded later).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=40)
    person = models.UUIDField(db_index=True)
    case = models.UUIDField(null=True)
    day = models.DateField(db_index=True)
    first_t = models.BigIntegerField()
    last_t = models.BigIntegerField()
    leaves = models.JSONField()
    marks = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    usual = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="open", db_index=True)
    found_at = models.DateTimeField()

    class Meta:
        app_label = "audit"
        constraints = [
            models.UniqueConstraint(fields=["person", "case", "day", "kind"], name="finding_once"),
            # NULLs differ from each other on both engines: what is about no single case has its own.
            models.UniqueConstraint(
                fields=["person", "day", "kind"], condition=Q(case=None), name="finding_of_no_case_once"
            ),
            models.CheckConstraint(name="finding_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="finding_verdict", condition=Q(verdict__in=("", *VERDICTS))),
            models.CheckConstraint(
                name="finding_judged", condition=Q(state="judged", judged_by__isnull=False) | Q(judged_by=None)
            ),
        ]


class ReaderQuestion(models.Model):
    """The question why somebody looked, and what she answered. One to a finding."""

    finding = models.OneToOneField(Finding, on_delete=models.CASCADE, primary_key=True, related_name="question")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    answer_sealed = models.BinaryField(null=True)

    class Meta:
        app_label = "audit"


class Sample(models.Model):
    """A month's random sample: drawn once, from a recorded seed, so that anybody can draw it again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    month = models.DateField(unique=True)  # its first day
    seed = models.CharField(max_length=32)
    population = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField()

    class Meta:
        app_label = "audit"
        ordering = ["-month"]


class SampleLine(Judged):
    """One drawn entry. `person`: of whom it tells; `tie`: what explains it, empty when nothing does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    leaf = models.BigIntegerField()
    person = models.UUIDField()
    tie = models.CharField(max_length=20, blank=True)

    class Meta:
        app_label = "audit"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "leaf"], name="drawn_once"),
            models.CheckConstraint(name="sample_verdict", condition=Q(verdict__in=("", *VERDICTS))),
        ]


class ReviewedDay(models.Model):
    """A day that was reviewed: visits (a person and a case), and how many nothing explains."""

    day = models.DateField(primary_key=True)
    visits = models.PositiveIntegerField()
    unexplained = models.PositiveIntegerField()

    class Meta:
        app_label = "audit"


class ReviewPlace(models.Model):
    """How far reviewing has come: up to `size` in `log`; one row. `settled_on`: when it last looked back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    log = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    ran_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        app_label = "audit"
