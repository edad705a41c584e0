"""The officer's desk: recipients in the order of time, indexes of what is worth finding, counts per day.

A person's question needs the moment beside the person: recipients move to a table whose key is all
there is to them, so that with SQLite each costs one tree instead of two. Four small indexes find what
was refused, seen with an exception, taken out, or changed somebody's rights; they read the leaf's own
bytes. The counts are made by the integrator from the leaves and can be made anew at any time.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RECIPIENTS = (
    """CREATE TABLE audit_recipient_by_time (
        person {uuid} NOT NULL, t BIGINT NOT NULL, leaf_id BIGINT NOT NULL, PRIMARY KEY (person, t, leaf_id)
    ){without_rowid}""",
    """INSERT INTO audit_recipient_by_time (person, t, leaf_id)
    SELECT DISTINCT r.person, l.t, r.leaf_id FROM audit_recipient r JOIN audit_leaf l ON l.id = r.leaf_id""",
    "DROP TABLE audit_recipient",
    "ALTER TABLE audit_recipient_by_time RENAME TO audit_recipient",
)

TALLY = """CREATE TABLE audit_tally (
    scope SMALLINT NOT NULL, key {bytes} NOT NULL, day INTEGER NOT NULL, case_id {bytes} NOT NULL, party TEXT NOT NULL,
    marks SMALLINT NOT NULL, log BIGINT NOT NULL, n BIGINT NOT NULL,
    PRIMARY KEY (scope, key, day, case_id, party, marks, log)
){without_rowid}"""

REASON = "22726561736f6e223a22657863657074696f6e22"  # "reason":"exception"
RIGHTS = (
    "(substr(act, 1, 7) = 'person.' AND act <> 'person.managed' OR substr(act, 1, 6) = 'party.'"
    " OR substr(act, 1, 10) = 'exception.'"
    " OR act IN ('covenant.adopted', 'conference.invited', 'conference.uninvited'))"
)
# What each index holds, with SQLite and with PostgreSQL.
FOUND = {
    "refused": ("out = 'deny'", "out = 'deny'"),
    "exception": (
        f"(substr(act, 1, 10) = 'exception.' OR instr(leaf, x'{REASON}') > 0)",
        rf"(substr(act, 1, 10) = 'exception.' OR position('\x{REASON}'::bytea in leaf) > 0)",
    ),
    "export": (
        "(substr(act, 1, 7) = 'export.' OR substr(act, -9) = '.exported')",
        "(substr(act, 1, 7) = 'export.' OR right(act, 9) = '.exported')",
    ),
    "rights": (RIGHTS, RIGHTS),
}

SQLITE_GUARDS = (
    "CREATE TRIGGER audit_recipient_update BEFORE UPDATE ON audit_recipient BEGIN SELECT RAISE(ABORT, 'append_only'); END",
    "CREATE TRIGGER audit_recipient_delete BEFORE DELETE ON audit_recipient BEGIN SELECT RAISE(ABORT, 'append_only'); END",
)
POSTGRESQL_GUARDS = (
    "ALTER TABLE audit_recipient RENAME CONSTRAINT audit_recipient_by_time_pkey TO audit_recipient_pkey",
    """CREATE TRIGGER audit_recipient_change BEFORE UPDATE OR DELETE ON audit_recipient
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_recipient_truncate BEFORE TRUNCATE ON audit_recipient
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    "ALTER TABLE audit_recipient ENABLE ALWAYS TRIGGER audit_recipient_change",
    "ALTER TABLE audit_recipient ENABLE ALWAYS TRIGGER audit_recipient_truncate",
    # A count is raised in place: room on its page spares its index.
    "ALTER TABLE audit_tally SET (fillfactor = 80)",
)


def make_tables(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Move the recipients, make the counts' table, the indexes and the guards for this engine."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    types = {
        "uuid": "CHAR(32)" if sqlite else "uuid",
        "bytes": "BLOB" if sqlite else "BYTEA",
        "without_rowid": " WITHOUT ROWID" if sqlite else "",
    }
    for statement in (*RECIPIENTS, TALLY):
        schema_editor.execute(statement.format(**types))
    for name, where in FOUND.items():
        schema_editor.execute(f"CREATE INDEX audit_leaf_{name} ON audit_leaf (t, id) WHERE {where[0 if sqlite else 1]}")
    for guard in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        schema_editor.execute(guard)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_tree")]

    operations = [
        migrations.DeleteModel(name="Recipient"),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("pk", models.CompositePrimaryKey("person", "t", "leaf_id", primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("t", models.BigIntegerField()),
                ("leaf_id", models.BigIntegerField()),
            ],
            options={"db_table": "audit_recipient", "managed": False},
        ),
        migrations.RunPython(make_tables, migrations.RunPython.noop, elidable=False),
    ]
