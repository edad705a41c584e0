"""Counts of each mark by itself: how often and when something rare happened was added up over the whole log's.

They follow from the counts of the whole log that stand there, so no leaf has to be read.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ALL, MARK = 0, 5  # scopes
REFUSED, EXCEPTION, EXPORT, RIGHTS = 2, 4, 8, 16
COLUMNS = "scope, key, day, case_id, party, marks, log, n"


def count_marks(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Count what carries each mark, from the counts of the whole log."""
    with schema_editor.connection.cursor() as cursor:
        for mark in (REFUSED, EXCEPTION, EXPORT, RIGHTS):
            cursor.execute(
                f"INSERT INTO audit_tally ({COLUMNS}) SELECT %s, %s, day, case_id, party, marks, log, n"  # noqa: S608  our words
                " FROM audit_tally WHERE scope = %s AND (marks & %s) <> 0",
                [MARK, bytes([mark]), ALL, mark],
            )


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_checks")]

    operations = [migrations.RunPython(count_marks, migrations.RunPython.noop, elidable=False)]
