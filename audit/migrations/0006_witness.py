"""Find the last refusal of a witness at once: there are few or none among millions of leaves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_overview")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_leaf_witness ON audit_leaf (id) WHERE act = 'log.cosigned'",
            "DROP INDEX audit_leaf_witness",
            elidable=False,
        ),
    ]
