"""When the log was checked from end to end, and what was found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_witness")]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("entries", models.BigIntegerField()),
                ("ok", models.BooleanField()),
                ("year", models.IntegerField(null=True)),
                ("first_bad", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
            ],
            options={"db_table": "audit_check", "ordering": ["at", "id"]},
        ),
    ]
