"""/healthz and /readyz: yes or no for a probe, and nothing that a stranger could use."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from audit import record

log = structlog.get_logger()


class HealthMiddleware:
    """Answers probes before the Host check: a probe may come under any name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _answer(yes=True)
        if request.path_info == "/readyz":
            return _answer(yes=ready())
        return self.get_response(request)


def ready() -> bool:
    """Whether the database can be read and is up to date, and the log can be written."""
    trouble = _trouble()
    if trouble:
        log.warning("not_ready", code=trouble)
    return not trouble


def _trouble() -> str | None:
    """The first reason why not, as a code for the operators' log."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations_missing"
    except DatabaseError:
        return "database_unreachable"
    return None if record.available() else "log_unavailable"


def _answer(*, yes: bool) -> HttpResponse:
    text, status = ("yes\n", 200) if yes else ("no\n", 503)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
