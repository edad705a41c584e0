"""A worker: django-auditlog's entry of an access, in the same SQLite, synced alike.

Needs the group `bench`: .venv/bin/pip install --no-deps --require-hashes -r requirements-bench.lock
"""

import sys
import time
from pathlib import Path

import django
from django.conf import settings

from bench.audit.workers import Answer, serve


def prepare(folder: Path) -> None:
    """Settings as small as the peer allows, with the product's own for SQLite."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "auditlog"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "peer.sqlite3"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def main() -> None:
    """Register the users' model, make one user, and enter accesses to her when asked."""
    prepare(Path(sys.argv[1]))
    from auditlog.registry import auditlog  # type: ignore[import-untyped]  # noqa: PLC0415  after Django is set up, as the next three
    from auditlog.signals import accessed  # type: ignore[import-untyped]  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    auditlog.register(User)
    someone = User.objects.create(username="someone")

    def access(count: int) -> Answer:
        start = time.perf_counter()
        for _ in range(count):
            accessed.send(User, instance=someone)
        return {"rate": count / (time.perf_counter() - start)}

    access(20)
    serve({"access": access})


if __name__ == "__main__":
    main()
