"""A victim's register as files that other programs read: the consent record, and the receipt that is hers."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from agenda import pages
from conference import clock
from conference.accounts.sessions import Identity, fresh
from consent.records import MEDIA_TYPE
from frontend.attached import attached
from frontend.views.casework import casework
from frontend.views.consent import CARE
from frontend.views.people import renew_code

# The name of a file on somebody's disk tells no more than that it is one of these.
NAMES = {"record": "register", "receipt": "ontvangstbewijs"}


@require_safe
@casework("export.made", role=CARE)
def consent_file(request: HttpRequest, known: Identity, case: UUID, subject: UUID, kind: str) -> HttpResponse:
    """Hand out the record or the receipt; a file leaves the building, so the code must be of at most 5 minutes ago."""
    if not fresh(request):
        return renew_code(request.get_full_path())
    body = pages.consent_file(known, case, subject, kind)
    if body is None:
        raise Http404
    return attached(HttpResponse(body, content_type=MEDIA_TYPE), f"{NAMES[kind]}-{clock.today():%Y-%m-%d}.jsonld")


_AT = "cases/<uuid:case>/consent/<uuid:subject>/"

urlpatterns = [
    path(f"{_AT}record.jsonld", consent_file, {"kind": "record"}, name="consent_record"),
    path(f"{_AT}receipt.jsonld", consent_file, {"kind": "receipt"}, name="consent_receipt"),
]
