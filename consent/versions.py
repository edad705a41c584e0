"""Counters of rights: whoever changes what somebody may see raises its scope here.

The pump of a live room reads these in the same snapshot as the content, so that
nothing committed after a change of rights is projected under the old ones.
"""

from collections.abc import Iterable
from threading import local

from django.db import connection, models, transaction

from conference import wake

_here = local()


class RightsVersion(models.Model):
    """One scope (`people`, `covenant`, `case:<id>`, `conference:<id>`) and its version."""

    scope = models.CharField(primary_key=True, max_length=60)
    version = models.BigIntegerField(default=0)

    class Meta:
        app_label = "consent"


def raised_here() -> int:
    """Return how often this thread has raised any version: equal before and after means none was raised."""
    return int(getattr(_here, "raised", 0))


def raise_version(scope: str) -> None:
    """Raise a scope's version in the caller's transaction; wake the rooms after its commit."""
    _here.raised = raised_here() + 1
    with connection.cursor() as cursor:
        # One statement: two transactions that both find no row must not both write 1.
        cursor.execute(
            "INSERT INTO consent_rightsversion (scope, version) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET version = consent_rightsversion.version + 1",
            [scope],
        )
    transaction.on_commit(lambda: wake.up(scope))


def versions(scopes: Iterable[str]) -> dict[str, int]:
    """Return the version of each scope; a scope that never changed is 0."""
    wanted = list(scopes)
    found = dict(RightsVersion.objects.filter(scope__in=wanted).values_list("scope", "version"))
    return {scope: found.get(scope, 0) for scope in wanted}
