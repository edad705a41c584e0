"""The log's tables, append-only in the database itself, on both engines."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """CREATE TABLE audit_leaf (
        id INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK (length(leaf) <= 65535), t BIGINT NOT NULL,
        act TEXT NOT NULL, out TEXT NOT NULL, actor CHAR(32), case_id CHAR(32), subject CHAR(32), party TEXT
    )""",
    "CREATE TABLE audit_recipient (id INTEGER PRIMARY KEY, leaf_id BIGINT NOT NULL, person CHAR(32) NOT NULL)",
    "CREATE TABLE audit_probe (id INTEGER PRIMARY KEY, filler BLOB NOT NULL)",
)

# REPLACE deletes without firing a delete trigger unless the connection sets recursive_triggers:
# demanding the next number refuses it on every connection, and a gap too.
SQLITE_GUARDS = (
    """CREATE TRIGGER {table}_next BEFORE INSERT ON {table}
    WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM {table})
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    "CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END",
    "CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END",
)

POSTGRESQL = (
    """CREATE TABLE audit_leaf (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, leaf bytea NOT NULL CHECK (length(leaf) <= 65535),
        t bigint NOT NULL, act text NOT NULL, out text NOT NULL, actor uuid, case_id uuid, subject uuid, party text
    )""",
    """CREATE TABLE audit_recipient (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, leaf_id bigint NOT NULL, person uuid NOT NULL
    )""",
    "CREATE TABLE audit_probe (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, filler bytea NOT NULL)",
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'append_only' USING ERRCODE = 'insufficient_privilege'; END $$""",
)

# ALWAYS: also when a session calls itself a replica.
POSTGRESQL_GUARDS = (
    """CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_truncate",
)

INDEXES = (
    "CREATE INDEX audit_leaf_t ON audit_leaf (t, id)",
    "CREATE INDEX audit_leaf_case ON audit_leaf (case_id, t)",
    "CREATE INDEX audit_leaf_actor ON audit_leaf (actor, t)",
    "CREATE INDEX audit_leaf_party ON audit_leaf (party, t)",
    "CREATE INDEX audit_leaf_subject ON audit_leaf (subject, t)",
    "CREATE INDEX audit_recipient_person ON audit_recipient (person, leaf_id)",
)


def make_tables(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make tables, indexes and guards for this engine."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in (*(SQLITE if sqlite else POSTGRESQL), *INDEXES):
        schema_editor.execute(statement)
    for table in ("audit_leaf", "audit_recipient"):
        for guard in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
            schema_editor.execute(guard.format(table=table))


class Migration(migrations.Migration):
    initial = True

    operations = [
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("leaf", models.BinaryField()),
                ("t", models.BigIntegerField()),
                ("act", models.CharField(max_length=65)),
                ("out", models.CharField(max_length=6)),
                ("actor", models.UUIDField(null=True)),
                ("case_id", models.UUIDField(null=True)),
                ("subject", models.UUIDField(null=True)),
                ("party", models.CharField(max_length=64, null=True)),
            ],
            options={"db_table": "audit_leaf", "managed": False},
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("leaf_id", models.BigIntegerField()),
                ("person", models.UUIDField()),
            ],
            options={"db_table": "audit_recipient", "managed": False},
        ),
        migrations.RunPython(make_tables, migrations.RunPython.noop, elidable=False),
    ]
