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
        "nav": _links(identity.family if identity else "", request.path),
        "account": _account(request, identity) if identity else None,
        "theme": theme_of(request),
    }


def _links(family: str, path: str) -> list[Link]:
    entries = {
        "inhoud": [("/", _("Today")), ("/covenant/", _("Covenant"))],
        "toezicht": [("/log/", _("Log")), ("/covenant/", _("Covenant"))],
        "beheer": [("/people/", _("People"))],
    }.get(family, [])
    return [Link(url, label, path == url if url == "/" else path.startswith(url)) for url, label in entries]


def _account(request: HttpRequest, identity: Any) -> Account:
    shown = [role for role in identity.roles if role != "participant"]
    role = role_name(shown[0]) if shown else ""
    if identity.family != "inhoud":
        role = role or str(FAMILIES.get(identity.family, ""))
    return Account(name=str(getattr(request.user, "name", "")), party=party_name(identity.party), role=role)
