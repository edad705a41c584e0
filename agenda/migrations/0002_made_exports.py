"""Which decision lists were made: so that an older one can be shown as overtaken."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="MadeExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("party", models.CharField(max_length=60)),
                ("form", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField()),
                ("sealed", models.BinaryField()),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="agenda.conference"
                    ),
                ),
            ],
        ),
    ]
