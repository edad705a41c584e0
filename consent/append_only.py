"""What makes a table of the register append-only: the database itself refuses every change. For migrations."""

from collections.abc import Iterable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    # INSERT OR REPLACE would remove a row without any DELETE.
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number OR id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'append_only'; END $$""",
    """CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
)


def guard(schema_editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Let the database refuse UPDATE, DELETE and replacing in tables that have a `number` and an `id`."""
    statements = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
    for table in tables:
        for statement in statements:
            schema_editor.execute(statement.format(table=table))
