"""Pages for what went wrong: what happened, whether it is saved, what to do next."""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = structlog.get_logger()


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for what does not exist and for what is not yours: the same bytes for both."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read; Django refused it before any view saw it."""
    return render(request, "400.html", {"reference": _reference("bad_request")}, status=400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid CSRF token; nothing was saved, the form can be opened again."""
    return render(request, "403.html", {"reference": _reference("form_expired")}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the reference on the page is in the operators' log beside the fault."""
    return render(request, "500.html", {"reference": _reference("server_error")}, status=500)


def _reference(code: str) -> str:
    """A random number to read out on the phone: written to the log with the code."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    log.warning("error_shown", code=code, reference=reference)
    return reference
