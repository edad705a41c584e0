"""Cover: who does whose work while she is away."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("party", models.CharField(max_length=64)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("registered_at", models.DateTimeField()),
                ("registered_by", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covered", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covers", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("since__lte", models.F("until"))), name="cover_forward"),
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("substitute")), _negated=True), name="cover_of_another"
                    ),
                ],
            },
        ),
    ]
