"""What every page's frame needs: the menu, who is logged in, and the chosen look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from frontend.names import FAMILIES, party_name, role_name
from frontend.views.theme import theme_of


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the menu. `current`: the page that is shown lies under it."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Who is logged in, as the frame shows it."""

    name: str
    party: str
    role: str


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor: `nav`, `account` (None for a stranger) and `theme`."""
    identity = getattr(request, "identity", None)
    return {
        "nav": _links(identity.family, identity.roles, request.path) if identity else [],
        "account": _account(request, identity) if identity else None,
        "theme": theme_of(request),
    }


def _links(family: str, roles: tuple[str, ...], path: str) -> list[Link]:
    casework = [("/", _("Today")), ("/cases/", _("Cases")), ("/covenant/", _("Covenant"))]
    if "care_coordinator" in roles:
        casework.insert(2, ("/consent/", _("Consent")))
    entries = {
        "inhoud": casework,
        "toezicht": [
            ("/log/", _("Log")),
            ("/log/review/", _("To be judged")),
            ("/log/overview/", _("Overview of a victim")),
            ("/covenant/", _("Covenant")),
        ],
        "beheer": [("/people/", _("People"))],
    }.get(family, [])
    here = _place(path)
    # Of two that lie above each other the nearer: what is to be judged lies under the log.
    under = [url for url, _label in entries if here == url or (url != "/" and here.startswith(url))]
    nearest = max(under, key=len, default="")
    return [Link(url, label, url == nearest) for url, label in entries]


def _place(path: str) -> str:
    """The menu's place of a page: a victim's register belongs to consent, the sample to what is to be judged."""
    if path.startswith("/log/sample/"):
        return "/log/review/"
    return "/consent/" if path.startswith("/cases/") and "/consent/" in path else path


def _account(request: HttpRequest, identity: Any) -> Account:
    shown = [role for role in identity.roles if role != "participant"]
    role = role_name(shown[0]) if shown else ""
    if identity.family != "inhoud":
        role = role or str(FAMILIES.get(identity.family, ""))
    return Account(name=str(getattr(request.user, "name", "")), party=party_name(identity.party), role=role)
