"""Overviews for betrokkenen: who may stay unnamed in one (UAVG 41), and the requests with their clock."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_review")]

    operations = [
        migrations.CreateModel(
            name="OverviewLimit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject", models.UUIDField(db_index=True)),
                ("invoked_by", models.CharField(max_length=64)),
                ("party", models.CharField(max_length=64)),
                ("person", models.UUIDField(null=True)),
                ("grounds", models.CharField(max_length=10)),
                ("told", models.BooleanField(default=True)),
                ("decided_on", models.DateField()),
                ("review_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "audit_overview_limit",
                "ordering": ["recorded_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("decided_on"))), name="limit_reviewed"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OverviewRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject", models.UUIDField(db_index=True)),
                ("received_on", models.DateField()),
                ("due_on", models.DateField()),
                ("extended_on", models.DateField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
            ],
            options={
                "db_table": "audit_overview_request",
                "ordering": ["received_on", "recorded_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("received_on"))), name="request_due_later"
                    )
                ],
            },
        ),
    ]
