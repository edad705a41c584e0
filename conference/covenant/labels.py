"""What parties, categories and phases are called on screen and paper, in the reader's language.

A covenant may name its own parties and categories (keys `nl` and `en`); ids that are fixed
or common have a name here; any other id reads as its own words.
"""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext, gettext_noop

from conference.covenant.shape import Covenant

_PARTIES = {
    "politie": gettext_noop("police"),
    "om": gettext_noop("public prosecutor"),
    "burgemeester_oov": gettext_noop("mayor, public order"),
    "college_uitvoering": gettext_noop("municipality, services"),
    "zorgcoordinator": gettext_noop("care coordinator"),
    "ketenregisseur": gettext_noop("chain director"),
    "zvh_procesregie": gettext_noop("process team"),
    "rvdk": gettext_noop("child protection board"),
    "ggd_soa": gettext_noop("public health service"),
    "veilig_thuis": gettext_noop("Veilig Thuis"),
    "gi": gettext_noop("certified youth institution"),
    "ggz": gettext_noop("mental health care"),
    "kwintes": gettext_noop("Kwintes"),
    "leger_des_heils": gettext_noop("Salvation Army"),
    "tussenvoorziening": gettext_noop("De Tussenvoorziening"),
    "versa_welzijn": gettext_noop("Versa Welzijn"),
    "pretty_woman": gettext_noop("Pretty Woman"),
    "blijfgroep_oranjestad": gettext_noop("Blijf Groep, Oranjestad"),
    "moviera": gettext_noop("Moviera"),
    "scharlaken_koord": gettext_noop("Scharlaken Koord"),
    "cosm": gettext_noop("COSM"),
    "acm_amsterdam": gettext_noop("ACM Amsterdam"),
    "comensha": gettext_noop("CoMensha"),
    "nla_arbeidsinspectie": gettext_noop("labour inspectorate"),
    "advocatuur": gettext_noop("lawyers"),
    "vng_ministerie": gettext_noop("VNG and ministry"),
}

_CATEGORIES = {
    "id": gettext_noop("person"),
    "bsn": gettext_noop("BSN"),
    "won": gettext_noop("housing"),
    "adr": gettext_noop("secret address"),
    "fin": gettext_noop("money"),
    "gez": gettext_noop("health"),
    "pol": gettext_noop("police data"),
    "jus": gettext_noop("justice"),
    "rel": gettext_noop("family and circle"),
    "hnd": gettext_noop("supervision"),
    "vzn": gettext_noop("provisions"),
    "hlp": gettext_noop("help"),
    "vbl": gettext_noop("right of residence"),
    "prc": gettext_noop("process and decisions"),
}

_PHASES = {
    "aanmelding": gettext_noop("referral"),
    "triage": gettext_noop("triage"),
    "verrijking": gettext_noop("enrichment"),
    "overleg": gettext_noop("conference"),
    "uitvoering": gettext_noop("carrying out"),
    "afsluiting": gettext_noop("closure"),
    "heropend": gettext_noop("reopened"),
    "nazorg": gettext_noop("aftercare"),
    "afgeschermd": gettext_noop("shielded"),
    "vernietigd": gettext_noop("destroyed"),
}


def party_name(party: str, covenant: Covenant | None = None) -> str:
    """Return a party's name; the covenant's own name for it goes first."""
    known = covenant.parties.get(party) if covenant else None
    return _name(party, known.texts if known else {}, _PARTIES)


def category_name(category: str, covenant: Covenant | None = None) -> str:
    """Return the short word for a category; a covenant names what the product has no word for."""
    known = covenant.categories.get(category) if covenant else None
    texts: Mapping[str, str] = known.texts if known and category not in _CATEGORIES else {}
    return _name(category, texts, _CATEGORIES)


def phase_name(phase: str) -> str:
    """Return a phase's name."""
    return _name(phase, {}, _PHASES)


def _name(code: str, own: Mapping[str, str], known: Mapping[str, str]) -> str:
    language = (get_language() or "nl")[:2]
    if language in own:
        return own[language]
    if code in known:
        return gettext(known[code])
    return own.get("nl") or code.replace("_", " ")
