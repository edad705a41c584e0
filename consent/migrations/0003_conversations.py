"""Conversations, facts and evidence beside the lines; drafts and tasks, which are no part of the register."""

import uuid
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from consent.append_only import guard

APPENDED = ("consenttalk", "subjectfact", "consentevidence")


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # By hand, not by Django: on SQLite it would make the table anew, without what guards it.
    wide = "uuid" if schema_editor.connection.vendor == "postgresql" else "char(32)"
    for column in (f"talk {wide}", "review_on date", "covenant_row varchar(160)"):
        schema_editor.execute(f"ALTER TABLE consent_consentline ADD COLUMN {column} NULL")
    guard(schema_editor, tuple(f"consent_{name}" for name in APPENDED))


def _appended(name: str, *fields: tuple[str, "models.Field[Any, Any]"]) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("number", models.BigAutoField(primary_key=True, serialize=False)),
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("case", models.UUIDField(db_index=True)),
            ("subject", models.UUIDField()),
            *fields,
            ("recorded_at", models.DateTimeField()),
            ("recorded_by", models.UUIDField(null=True)),
            ("sealed", models.BinaryField()),
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_append_only")]
    # Not reversible: a register that can be rewritten is no register.
    operations = [
        _appended(
            "ConsentTalk",
            ("notice", models.CharField(blank=True, max_length=60)),
            ("notice_version", models.CharField(blank=True, max_length=20)),
            ("language", models.CharField(blank=True, max_length=20)),
            ("notice_sha256", models.CharField(blank=True, max_length=64)),
            ("evidence", models.UUIDField(null=True)),
        ),
        _appended("SubjectFact", ("kind", models.CharField(max_length=20))),
        _appended(
            "ConsentEvidence",
            ("kind", models.CharField(max_length=10)),
            ("size", models.PositiveIntegerField()),
            ("sha256", models.CharField(max_length=64)),
        ),
        migrations.RunPython(install),
        *(migrations.AlterModelOptions(name=name, options={"managed": False}) for name in APPENDED),
        migrations.AddField("consentline", "talk", models.UUIDField(null=True)),
        migrations.AddField("consentline", "review_on", models.DateField(null=True)),
        migrations.AddField("consentline", "covenant_row", models.CharField(max_length=160, null=True)),
        migrations.CreateModel(
            name="ConsentDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("case", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("person", models.UUIDField()),
                ("saved_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "subject", "person"), name="consent_draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterTask",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("case", models.UUIDField(db_index=True)),
                ("subject", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("party", models.CharField(max_length=60)),
                ("category", models.CharField(max_length=10)),
                ("cause", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("due", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.UUIDField(null=True)),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "cause"), name="register_task_once")],
            },
        ),
    ]
