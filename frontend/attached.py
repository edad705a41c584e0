"""A file that leaves the product: kept by the browser, never shown in it."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", bound=HttpResponseBase)
PDF = "application/pdf"


def attached(answer: Answer, name: str) -> Answer:
    """Send the answer as a file of this name (RFC 6266).

    A folder of downloads is read by others: the name tells what kind of file it is and its day, never of whom.
    """
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
