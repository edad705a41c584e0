"""Lines and exceptions are appended and never changed: the database itself refuses it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from consent.append_only import guard


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor, ("consent_consentline", "consent_exceptionline"))


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_tables")]
    # Not reversible: a register that can be rewritten is no register.
    operations = [
        migrations.RunPython(install),
        # From here on Django leaves the tables alone: nothing that flushes or alters may touch them.
        migrations.AlterModelOptions(name="consentline", options={"managed": False}),
        migrations.AlterModelOptions(name="exceptionline", options={"managed": False}),
    ]
