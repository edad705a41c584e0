"""Pages for what went wrong: what happened, whether it is saved, what to do next."""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = structlog.get_logger()

SERVICE_UNAVAILABLE = 503
UNTYPED = {"csrfmiddlewaretoken"}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for what does not exist and for what is not yours: the same page for both."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 for a request that cannot be read: Django refused it before any view saw it."""
    return _bare("400.html", "bad_request", 400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid CSRF token: nothing was saved, the form can be opened again."""
    return _bare("403.html", "form_expired", 403)


def log_unavailable(request: HttpRequest) -> HttpResponse:
    """503 while the access log cannot be written: without proof nothing is shown or changed."""
    return _bare("503.html", "log_unavailable", 503)


def not_recorded(request: HttpRequest) -> HttpResponse:
    """503 while the access log cannot be written, with all that was sent, ready to be sent again."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNTYPED]
    reference = _warn("log_unavailable", SERVICE_UNAVAILABLE)
    context = {"fields": fields, "typed": request.POST.get("text", ""), "reference": reference}
    return render(request, "503-kept.html", context, status=SERVICE_UNAVAILABLE)


def keys_unavailable(request: HttpRequest, code: str) -> HttpResponse:
    """503 when a seal cannot be opened; `code` is KeyTrouble's and goes to the operators' log only."""
    return _bare("503-keys.html", code, 503)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours; the page's reference stands beside the fault in the operators' log."""
    return _bare("500.html", "server_error", 500)


def _bare(template: str, code: str, status: int) -> HttpResponse:
    """Render without the request: its menu and names may need just what is missing now."""
    reference = _warn(code, status)
    return HttpResponse(render_to_string(template, {"reference": reference}), status=status)


def _warn(code: str, status: int) -> str:
    """Tell the operators, and return the reference that the page shows beside it."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    log.warning("error_shown", code=code, reference=reference, status=status, exc_info=status >= 500)  # noqa: PLR2004
    return reference
