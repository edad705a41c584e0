"""The covenant's page: who sees what, as one matrix; for everybody who is logged in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from conference import clock
from conference.accounts.middleware import identity_of
from conference.covenant import shelf
from conference.covenant.shape import Covenant
from frontend import matrix_text


@require_safe
def covenant(request: HttpRequest) -> HttpResponse:
    """The version that rules, or the last adopted; `?cell=politie/pol` says that cell in full."""
    now = clock.now()
    shown = shelf.shown(now)
    if shown is None:
        return render(request, "covenant.html", {"covenant": None})
    chosen = _chosen(request, shown)
    context = {
        "covenant": shown,
        "active": shown.is_active(now),
        "approved": len(shown.approved_by.intersection(shown.voters)),
        "legend": matrix_text.legend(),
        "phases": matrix_text.phases(),
        "columns": matrix_text.columns(shown),
        "groups": matrix_text.groups(shown, chosen),
        "told": matrix_text.told(shown, shown.parties[chosen[0]], shown.categories[chosen[1]]),
    }
    return render(request, "covenant.html", context)


def _chosen(request: HttpRequest, shown: Covenant) -> tuple[str, str]:
    """The cell that is asked for; else the reader's own party, else the first."""
    party, _slash, category = request.GET.get("cell", "").partition("/")
    if party in shown.parties and category in shown.categories:
        return party, category
    reader = identity_of(request)
    own = reader.party if reader and reader.party in shown.parties else next(iter(shown.parties))
    return own, next(iter(shown.categories))


urlpatterns = [path("covenant/", covenant, name="covenant")]
