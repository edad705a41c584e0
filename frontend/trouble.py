"""Trouble that a page can say in words: the log or the keys are not there, so nothing is shown."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from audit.record import LogUnavailable
from conference.crypto import KeyTrouble
from frontend.views import errors


class TroubleMiddleware:
    """Turns the named trouble of a view into its page; everything else goes on to the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with 503 if the log cannot be written or a seal cannot be opened.

        A database that is locked, full or gone is the same to whoever asks: the log lies in it.
        """
        if isinstance(exception, LogUnavailable | OperationalError):
            return errors.log_unavailable(request)
        if isinstance(exception, KeyTrouble):
            return errors.keys_unavailable(request, exception.code)
        return None
