"""Reviews of translations: appended and never changed, as the register's own rows."""

import uuid

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from consent.append_only import guard


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor, ("consent_noticereview",))


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_conversations")]
    # Not reversible: a review that can be rewritten proves nothing.
    operations = [
        migrations.CreateModel(
            name="NoticeReview",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=20)),
                ("version", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("words_sha256", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.RunPython(install),
        migrations.AlterModelOptions(name="noticereview", options={"managed": False}),
    ]
