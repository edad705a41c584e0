"""What is kept about overviews: who may stay unnamed in one, and the requests. Ordinary tables.

Opaque ids, codes and days only. Rows are ended or answered, never deleted; each step has its entry.
"""

from uuid import uuid4

from django.db import models


class OverviewLimit(models.Model):
    """A decision that names stay out of one betrokkene's overview (UAVG 41). `subject`: hers.

    `invoked_by`: the party that invoked it. `party`: whose people stay unnamed; with `person` only
    she. `grounds`: letters of UAVG 41-1, joined ("di"). `told` False: the overview says nothing of
    it (41-2-h). It counts until `ended_at`; `review_on` is when it must be looked at again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject = models.UUIDField(db_index=True)
    invoked_by = models.CharField(max_length=64)
    party = models.CharField(max_length=64)
    person = models.UUIDField(null=True)
    grounds = models.CharField(max_length=10)
    told = models.BooleanField(default=True)
    decided_on = models.DateField()
    review_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        app_label = "audit"
        db_table = "audit_overview_limit"
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(name="limit_reviewed", condition=models.Q(review_on__gt=models.F("decided_on"))),
        ]


class OverviewRequest(models.Model):
    """A betrokkene's request to see who saw her data (AVG 15), and its clock (AVG 12-3).

    `due_on`: one month after `received_on`, and after it was extended three months.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject = models.UUIDField(db_index=True)
    received_on = models.DateField()
    due_on = models.DateField()
    extended_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        app_label = "audit"
        db_table = "audit_overview_request"
        ordering = ["received_on", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(name="request_due_later", condition=models.Q(due_on__gt=models.F("received_on"))),
        ]
