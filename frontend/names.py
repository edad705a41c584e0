"""Names that people read for roles and role families; parties and categories: conference.covenant.labels."""

from django.utils.functional import Promise
from django.utils.functional import lazy as later
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from conference.covenant.labels import category_name, party_name

__all__ = ["CATEGORIES", "FAMILIES", "ROLES", "category_name", "party_name", "people_phrase", "role_name"]

Name = str | Promise

# In the order in which the screen always shows them.
_ORDER = ("id", "bsn", "pol", "jus", "hnd", "won", "rel", "hlp", "vzn", "gez", "fin", "vbl", "adr", "prc")
CATEGORIES: dict[str, Name] = {code: later(category_name, str)(code) for code in _ORDER}

ROLES: dict[str, Name] = {
    "chair": lazy("chair"),
    "process_coordinator": lazy("process coordinator"),
    "care_coordinator": lazy("care coordinator"),
    "chain_director": lazy("chain director"),
    "focal_officer": lazy("focal officer"),
    "participant": lazy("participant"),
    "privacy_officer": lazy("privacy officer"),
    "auditor": lazy("auditor"),
    "administrator": lazy("administrator"),
}

FAMILIES: dict[str, Name] = {
    "inhoud": lazy("works on cases"),
    "toezicht": lazy("oversight"),
    "beheer": lazy("administration"),
}


def role_name(role: str) -> str:
    """The word for a role; an unknown role is made readable."""
    return str(ROLES.get(role) or role.replace("_", " "))


def people_phrase(names: list[str]) -> str:
    """Names as one phrase: "a, b and c"."""
    if not names[1:]:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
