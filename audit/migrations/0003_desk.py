"""The officer's desk: where each case, person, subject, party and mark occurs, and counts per day.

Finding is no part of writing: a leaf is written with nothing beside it but its moment, and the
integrator notes where it is found in the same transaction in which it gives it its position, from
the leaf's own bytes and for thousands at a time. So the columns' indexes and the recipients' table
go. A note can go only after its leaf; the counts are made anew at any time.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = (
    """CREATE TABLE audit_found (
        scope SMALLINT NOT NULL, key {bytes} NOT NULL, t BIGINT NOT NULL, leaf_id BIGINT NOT NULL,
        PRIMARY KEY (scope, key, t, leaf_id)
    ){without_rowid}""",
    """CREATE TABLE audit_tally (
        scope SMALLINT NOT NULL, key {bytes} NOT NULL, day INTEGER NOT NULL, case_id {bytes} NOT NULL,
        party TEXT NOT NULL, marks SMALLINT NOT NULL, log BIGINT NOT NULL, n BIGINT NOT NULL,
        PRIMARY KEY (scope, key, day, case_id, party, marks, log)
    ){without_rowid}""",
)
NO_LONGER = (
    "DROP TABLE audit_recipient",
    "DROP INDEX audit_leaf_case",
    "DROP INDEX audit_leaf_actor",
    "DROP INDEX audit_leaf_party",
    "DROP INDEX audit_leaf_subject",
)

SQLITE_GUARDS = (
    "CREATE TRIGGER audit_found_update BEFORE UPDATE ON audit_found BEGIN SELECT RAISE(ABORT, 'append_only'); END",
    """CREATE TRIGGER audit_found_delete BEFORE DELETE ON audit_found
    WHEN EXISTS (SELECT 1 FROM audit_leaf WHERE id = OLD.leaf_id)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION audit_found_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM audit_leaf WHERE id = OLD.leaf_id) THEN
            RAISE EXCEPTION 'append_only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER audit_found_change BEFORE UPDATE OR DELETE ON audit_found
    FOR EACH ROW EXECUTE FUNCTION audit_found_stays()""",
    """CREATE TRIGGER audit_found_truncate BEFORE TRUNCATE ON audit_found
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    "ALTER TABLE audit_found ENABLE ALWAYS TRIGGER audit_found_change",
    "ALTER TABLE audit_found ENABLE ALWAYS TRIGGER audit_found_truncate",
    # A count is raised in place: room on its page spares its index.
    "ALTER TABLE audit_tally SET (fillfactor = 80)",
)


def make_tables(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the tables and guards for this engine, and take away what they replace."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    types = {"bytes": "BLOB" if sqlite else "BYTEA", "without_rowid": " WITHOUT ROWID" if sqlite else ""}
    for statement in (*TABLES, *NO_LONGER):
        schema_editor.execute(statement.format(**types))
    for guard in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        schema_editor.execute(guard)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_tree")]

    operations = [
        migrations.DeleteModel(name="Recipient"),
        migrations.RunPython(make_tables, migrations.RunPython.noop, elidable=False),
    ]
