"""The versions of the covenant that this store has adopted: appended, never changed."""

from typing import Any
from uuid import uuid4

from django.db import models


class CovenantVersion(models.Model):
    """One adopted file. `number` counts adoptions from 1; `text` is the file as compact JSON.

    A later version that everybody has approved replaces this one from the day it begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    covenant_id = models.CharField(max_length=60)
    version = models.CharField(max_length=500)
    text = models.TextField()
    adopted_at = models.DateTimeField()  # the product's time
    adopted_by = models.UUIDField(null=True)  # a person's opaque id; None: loaded with a world

    class Meta:
        app_label = "covenant"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a version that stands is not changed. Raises TypeError."""
        if not self._state.adding:
            raise TypeError("A covenant's version is never changed: adopt a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: a version under which something was decided stays. Raises TypeError."""
        raise TypeError("A covenant's version is never removed.")
