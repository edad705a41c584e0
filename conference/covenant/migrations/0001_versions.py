"""Adopted versions of the covenant; what was adopted is never changed, in the database itself."""

import uuid

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """CREATE TRIGGER covenant_version_update BEFORE UPDATE ON covenant_covenantversion
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    """CREATE TRIGGER covenant_version_next BEFORE INSERT ON covenant_covenantversion
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM covenant_covenantversion)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION covenant_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'append_only' USING ERRCODE = 'insufficient_privilege'; END $$""",
    """CREATE TRIGGER covenant_version_update BEFORE UPDATE ON covenant_covenantversion
    FOR EACH ROW EXECUTE FUNCTION covenant_append_only()""",
)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse updates; with SQLite also a REPLACE, which no update trigger sees."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    operations = [
        migrations.CreateModel(
            name="CovenantVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("covenant_id", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=500)),
                ("text", models.TextField()),
                ("adopted_at", models.DateTimeField()),
                ("adopted_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop, elidable=False),
    ]
