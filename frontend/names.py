"""Names that people read for the ids and codes of covenant and roles. Pure but for the language."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

Name = str | Promise

# Proper names; organisations keep their Dutch name on the English screen.
PARTIES: dict[str, Name] = {
    "politie": lazy("police"),
    "om": "Openbaar Ministerie",
    "burgemeester_oov": lazy("mayor, public order"),
    "college_uitvoering": lazy("municipality, services"),
    "zorgcoordinator": lazy("care coordinator"),
    "ketenregisseur": lazy("chain director"),
    "zvh_procesregie": lazy("process team"),
    "rvdk": "Kinderbescherming",
    "ggd_soa": "GGD",
    "veilig_thuis": "Veilig Thuis",
    "ggz": "ggz",
    "gi": lazy("certified youth institution"),
    "kwintes": "Kwintes",
    "leger_des_heils": "Leger des Heils",
    "tussenvoorziening": "De Tussenvoorziening",
    "versa_welzijn": "Versa Welzijn",
    "pretty_woman": "Pretty Woman",
    "blijfgroep_oranjestad": "Blijf Groep",
    "moviera": "Moviera",
    "scharlaken_koord": "Scharlaken Koord",
    "cosm": "COSM",
    "acm_amsterdam": "ACM Amsterdam",
    "comensha": "CoMensha",
    "nla_arbeidsinspectie": "Arbeidsinspectie",
    "advocatuur": lazy("lawyers"),
    "vng_ministerie": lazy("VNG and ministry"),
}

# In the order in which the screen always shows them.
CATEGORIES: dict[str, Name] = {
    "id": lazy("person"),
    "bsn": "BSN",
    "pol": lazy("police data"),
    "jus": lazy("justice"),
    "hnd": lazy("supervision"),
    "won": lazy("housing"),
    "rel": lazy("family and circle"),
    "hlp": lazy("help"),
    "vzn": lazy("provisions"),
    "gez": lazy("health"),
    "fin": lazy("money"),
    "vbl": lazy("right of residence"),
    "adr": lazy("secret address"),
    "prc": lazy("process and decisions"),
}

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


def party_name(party: str) -> str:
    """The name of a party in the middle of a sentence; an unknown id is made readable."""
    return str(PARTIES.get(party) or party.replace("_", " "))


def category_name(category: str) -> str:
    """The word for a category in the middle of a sentence; an unknown code is shown as it is."""
    return str(CATEGORIES.get(category) or category)


def role_name(role: str) -> str:
    """The word for a role; an unknown role is made readable."""
    return str(ROLES.get(role) or role.replace("_", " "))


def people_phrase(names: list[str]) -> str:
    """Names as one phrase: "a, b and c"."""
    if not names[1:]:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
