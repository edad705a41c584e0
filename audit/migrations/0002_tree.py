"""The tree over the leaves: yearly logs, tiles, checkpoints, and what still waits for its position.

With SQLite ids are dense and committed in order, so a position is the id less the log's first id.
With PostgreSQL ids have gaps and commit out of order: each leaf waits in `audit_waiting`, and the
integrator writes the order that it chose in `audit_bundle`, 256 ids (8 bytes, big-endian) a row.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = (
    """CREATE TABLE audit_log (
        id {number} PRIMARY KEY, year INTEGER NOT NULL, origin TEXT NOT NULL UNIQUE, vkey TEXT NOT NULL,
        first_id BIGINT NOT NULL, size BIGINT NOT NULL, closed_at BIGINT, removed_at BIGINT
    )""",
    """CREATE TABLE audit_tile (
        log BIGINT NOT NULL, level INTEGER NOT NULL, n BIGINT NOT NULL, hashes {bytes} NOT NULL, crown {bytes} NOT NULL,
        PRIMARY KEY (log, level, n)
    )""",
    """CREATE TABLE audit_checkpoint (
        id {number} PRIMARY KEY, log BIGINT NOT NULL, size BIGINT NOT NULL, root {bytes} NOT NULL, t BIGINT NOT NULL,
        note {bytes} NOT NULL, UNIQUE (log, size)
    )""",
    """CREATE TABLE audit_cosignature (
        id {number} PRIMARY KEY, log BIGINT NOT NULL, size BIGINT NOT NULL, t BIGINT NOT NULL, witness TEXT NOT NULL,
        line TEXT NOT NULL, UNIQUE (log, size, witness, t)
    )""",
    "CREATE TABLE audit_signing (id INTEGER PRIMARY KEY CHECK (id = 1), store TEXT NOT NULL, sealed {bytes} NOT NULL)",
)
# One log is open at most, whoever opens it.
ONE_OPEN = "CREATE UNIQUE INDEX audit_log_open ON audit_log ((closed_at IS NULL)) WHERE closed_at IS NULL"
GUARDED = ("audit_checkpoint", "audit_cosignature", "audit_signing")

SQLITE_GUARDS = (
    "CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END",
    "CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END",
)
# A full tile is final, a log only grows, and neither goes by itself.
SQLITE_TREE_GUARDS = (
    """CREATE TRIGGER audit_tile_update BEFORE UPDATE ON audit_tile WHEN length(OLD.hashes) = 8192
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    "CREATE TRIGGER audit_tile_delete BEFORE DELETE ON audit_tile BEGIN SELECT RAISE(ABORT, 'append_only'); END",
    """CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log
    WHEN NEW.id <> OLD.id OR NEW.year <> OLD.year OR NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey
        OR NEW.first_id <> OLD.first_id OR NEW.size < OLD.size OR OLD.removed_at IS NOT NULL
        OR (OLD.closed_at IS NOT NULL AND (NEW.size <> OLD.size OR NEW.closed_at IS NOT OLD.closed_at))
        OR (NEW.removed_at IS NOT NULL AND OLD.closed_at IS NULL)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END""",
    "CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'append_only'); END",
)

POSTGRESQL_TABLES = (
    "CREATE TABLE audit_waiting (leaf_id BIGINT PRIMARY KEY)",
    """CREATE TABLE audit_bundle (
        log BIGINT NOT NULL, n BIGINT NOT NULL, ids BYTEA NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL,
        PRIMARY KEY (log, n)
    )""",
    "CREATE INDEX audit_bundle_range ON audit_bundle USING gist (int8range(low, high, '[]'))",
    # Hashes do not compress: do not try at each write.
    "ALTER TABLE audit_tile ALTER hashes SET STORAGE EXTERNAL",
    "ALTER TABLE audit_bundle ALTER ids SET STORAGE EXTERNAL",
    # With its owner's rights: who may add a leaf may not choose what waits.
    """CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
    $$ BEGIN INSERT INTO audit_waiting (leaf_id) SELECT id FROM added; RETURN NULL; END $$""",
    """CREATE TRIGGER audit_leaf_waits AFTER INSERT ON audit_leaf REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_wait()""",
    "ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_waits",
    "INSERT INTO audit_waiting (leaf_id) SELECT id FROM audit_leaf",
    """CREATE FUNCTION audit_tile_final() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF TG_OP = 'DELETE' OR length(OLD.hashes) = 8192 THEN
            RAISE EXCEPTION 'append_only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE FUNCTION audit_log_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF TG_OP = 'DELETE' OR NEW.id <> OLD.id OR NEW.year <> OLD.year OR NEW.origin <> OLD.origin
            OR NEW.vkey <> OLD.vkey OR NEW.first_id <> OLD.first_id
            OR NEW.size < OLD.size OR OLD.removed_at IS NOT NULL
            OR (OLD.closed_at IS NOT NULL AND (NEW.size <> OLD.size OR NEW.closed_at IS DISTINCT FROM OLD.closed_at))
            OR (NEW.removed_at IS NOT NULL AND OLD.closed_at IS NULL) THEN
            RAISE EXCEPTION 'append_only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE TRIGGER audit_tile_change BEFORE UPDATE OR DELETE ON audit_tile FOR EACH ROW EXECUTE FUNCTION audit_tile_final()",
    "CREATE TRIGGER audit_log_change BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_grows()",
    "ALTER TABLE audit_tile ENABLE ALWAYS TRIGGER audit_tile_change",
    "ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_change",
)
POSTGRESQL_GUARDS = (
    """CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_change",
)
NO_TRUNCATE = (
    """CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_truncate",
)


def make_tables(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make tables and guards for this engine; leaves that stand there already wait for their position."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    types = {
        "number": "INTEGER" if sqlite else "bigint GENERATED BY DEFAULT AS IDENTITY",
        "bytes": "BLOB" if sqlite else "BYTEA",
    }
    for statement in TABLES:
        schema_editor.execute(statement.format(**types))
    schema_editor.execute(ONE_OPEN)
    for table in GUARDED:
        for guard in SQLITE_GUARDS if sqlite else (*POSTGRESQL_GUARDS, *NO_TRUNCATE):
            schema_editor.execute(guard.format(table=table))
    for statement in SQLITE_TREE_GUARDS if sqlite else POSTGRESQL_TABLES:
        schema_editor.execute(statement)
    if not sqlite:
        for table in ("audit_tile", "audit_log"):
            for guard in NO_TRUNCATE:
                schema_editor.execute(guard.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_leaves")]

    operations = [
        migrations.CreateModel(
            name="Log",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.IntegerField()),
                ("origin", models.TextField(unique=True)),
                ("vkey", models.TextField()),
                ("first_id", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("closed_at", models.BigIntegerField(null=True)),
                ("removed_at", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "audit_log", "managed": False, "ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("log", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("t", models.BigIntegerField()),
                ("note", models.BinaryField()),
            ],
            options={"db_table": "audit_checkpoint", "managed": False, "ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("log", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("t", models.BigIntegerField()),
                ("witness", models.TextField()),
                ("line", models.TextField()),
            ],
            options={"db_table": "audit_cosignature", "managed": False, "ordering": ["id"]},
        ),
        migrations.RunPython(make_tables, migrations.RunPython.noop, elidable=False),
    ]
