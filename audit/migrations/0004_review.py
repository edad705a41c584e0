"""Reviewing: findings, questions, samples and counts; ordinary tables beside the log."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("verdict", models.CharField(blank=True, max_length=13)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_by", models.UUIDField(null=True)),
                ("note_sealed", models.BinaryField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=40)),
                ("person", models.UUIDField(db_index=True)),
                ("case", models.UUIDField(null=True)),
                ("day", models.DateField(db_index=True)),
                ("first_t", models.BigIntegerField()),
                ("last_t", models.BigIntegerField()),
                ("leaves", models.JSONField()),
                ("marks", models.JSONField(default=list)),
                ("count", models.PositiveIntegerField(default=0)),
                ("usual", models.PositiveIntegerField(default=0)),
                ("state", models.CharField(db_index=True, default="open", max_length=10)),
                ("found_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReviewedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("visits", models.PositiveIntegerField()),
                ("unexplained", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ReviewPlace",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("log", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("ran_at", models.DateTimeField(null=True)),
                ("settled_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("month", models.DateField(unique=True)),
                ("seed", models.CharField(max_length=32)),
                ("population", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.UUIDField()),
            ],
            options={
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="SampleLine",
            fields=[
                ("verdict", models.CharField(blank=True, max_length=13)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_by", models.UUIDField(null=True)),
                ("note_sealed", models.BinaryField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("leaf", models.BigIntegerField()),
                ("person", models.UUIDField()),
                ("tie", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ReaderQuestion",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="question",
                        serialize=False,
                        to="audit.finding",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.UUIDField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_sealed", models.BinaryField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("person", "case", "day", "kind"), name="finding_once"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case", None)), fields=("person", "day", "kind"), name="finding_of_no_case_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "asked", "answered", "judged", "settled"))),
                name="finding_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("", "explained", "not_explained", "reported"))),
                name="finding_verdict",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_by__isnull", False), ("state", "judged")), ("judged_by", None), _connector="OR"
                ),
                name="finding_judged",
            ),
        ),
        migrations.AddField(
            model_name="sampleline",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="audit.sample"
            ),
        ),
        migrations.AddConstraint(
            model_name="sampleline",
            constraint=models.UniqueConstraint(fields=("sample", "leaf"), name="drawn_once"),
        ),
        migrations.AddConstraint(
            model_name="sampleline",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("", "explained", "not_explained", "reported"))),
                name="sample_verdict",
            ),
        ),
    ]
