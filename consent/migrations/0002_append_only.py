"""Lines and exceptions are appended and never changed: the database itself refuses it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("consent_consentline", "consent_exceptionline")

SQLITE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    # INSERT OR REPLACE would remove a row without any DELETE.
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number OR id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
)

POSTGRESQL = (
    """CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'append_only'; END $$""",
    """CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
)


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for table in TABLES:
        for statement in statements:
            schema_editor.execute(statement.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_tables")]
    # Not reversible: a register that can be rewritten is no register.
    operations = [
        migrations.RunPython(install),
        # From here on Django leaves the tables alone: nothing that flushes or alters may touch them.
        migrations.AlterModelOptions(name="consentline", options={"managed": False}),
        migrations.AlterModelOptions(name="exceptionline", options={"managed": False}),
    ]
