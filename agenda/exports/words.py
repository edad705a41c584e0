"""The fixed words of the printed list, in Dutch and English. Pure.

They stand here and not in the screens' catalogue: a file must read the same wherever
and whenever it is made, also on a machine without compiled translations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Plural = tuple[str, str]  # one, more


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language; texts with {…} are patterns for str.format."""

    lang: str
    title: str
    confidential: str
    chair: str
    receiver: str
    covenant: str
    in_this_list: str
    counts: str
    decision: Plural
    action: Plural
    case: Plural
    pseudonyms: str
    nothing: str
    general: str
    purpose: str
    phase: str
    decisions: str
    actions: str
    adopted: str
    proposed: str
    ground: str
    objection: str
    what: str
    who: str
    due: str
    state: str
    states: Mapping[str, str]
    rules_heading: str
    rules: str
    made: str
    control_number: str
    register: str
    register_rule: str
    register_nothing: str
    register_code: str
    register_case: str
    register_whom: str
    register_kind: str
    register_until: str
    consent_states: Mapping[str, str]
    page: str
    period: str
    clock: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]


DUTCH = Words(
    lang="nl",
    title="Besluitenlijst",
    confidential="Vertrouwelijk · voor {party}",
    chair="Voorzitter",
    receiver="Ontvanger",
    covenant="Convenant",
    in_this_list="In deze lijst",
    counts="{decisions} en {actions} uit {cases}.",
    decision=("besluit", "besluiten"),
    action=("actie", "acties"),
    case=("casus", "casussen"),
    pseudonyms="Pseudoniemen zijn die van {party}.",
    nothing="Er staan geen besluiten en acties in deze lijst.",
    general="Algemeen",
    purpose="Doel",
    phase="fase",
    decisions="Besluiten",
    actions="Acties",
    adopted="Vastgesteld om {time}",
    proposed="Voorstel, nog niet vastgesteld",
    ground="grond",
    objection="Bezwaar van {party}:",
    what="Wat",
    who="Wie",
    due="Uiterlijk",
    state="Stand",
    states=MappingProxyType({"open": "open", "done": "klaar"}),
    rules_heading="Afspraken over deze lijst",
    rules=(
        "Deel deze lijst niet met anderen. Bewaar de lijst alleen als dat nodig is voor uw "
        "eigen werk. Klopt er iets niet? Meld het bij de voorzitter."
    ),
    made="Gemaakt op {day} om {time} door {by} voor {party}.",
    control_number="Controlegetal",
    register="Stand van de toestemming voor {party}",
    register_rule="Zo staat het in het register op {day} om {time}. Daarna kan het veranderd zijn.",
    register_nothing="In het register staat bij deze casussen niets over {party}.",
    register_code="Registercode",
    register_case="Casus",
    register_whom="Over wie",
    register_kind="Soort",
    register_until="Tot en met",
    consent_states=MappingProxyType(
        {
            "niet_gevraagd": "niet gevraagd",
            "gevraagd": "gevraagd",
            "uitgesteld": "uitgesteld",
            "geweigerd": "geweigerd",
            "gegeven": "gegeven",
            "bevestigd": "bevestigd",
            "beperkt": "beperkt",
            "ingetrokken": "ingetrokken",
            "verlopen": "verlopen",
            "ongeldig": "ongeldig",
        }
    ),
    page="Pagina {page} van {pages}",
    period="{start} tot {end}",
    clock="{time} uur",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    days=("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    days_short=("ma", "di", "wo", "do", "vr", "za", "zo"),
)

ENGLISH = Words(
    lang="en",
    title="Decision list",
    confidential="Confidential · for {party}",
    chair="Chair",
    receiver="Receiver",
    covenant="Covenant",
    in_this_list="In this list",
    counts="{decisions} and {actions} from {cases}.",
    decision=("decision", "decisions"),
    action=("action", "actions"),
    case=("case", "cases"),
    pseudonyms="Pseudonyms are those of {party}.",
    nothing="There are no decisions or actions in this list.",
    general="General",
    purpose="Purpose",
    phase="phase",
    decisions="Decisions",
    actions="Actions",
    adopted="Adopted at {time}",
    proposed="Proposed, not yet adopted",
    ground="ground",
    objection="Objection by {party}:",
    what="What",
    who="Who",
    due="Due",
    state="State",
    states=MappingProxyType({"open": "open", "done": "done"}),
    rules_heading="Agreements about this list",
    rules=(
        "Do not share this list with others. Keep it only as long as your own work needs it. "
        "Is something wrong? Tell the chair."
    ),
    made="Made on {day} at {time} by {by} for {party}.",
    control_number="Control number",
    register="State of consent for {party}",
    register_rule="So it stands in the register on {day} at {time}. It may have changed since.",
    register_nothing="In these cases the register says nothing about {party}.",
    register_code="Register code",
    register_case="Case",
    register_whom="About whom",
    register_kind="Kind",
    register_until="Until",
    consent_states=MappingProxyType(
        {
            "niet_gevraagd": "not asked",
            "gevraagd": "asked",
            "uitgesteld": "put off",
            "geweigerd": "refused",
            "gegeven": "given",
            "bevestigd": "confirmed",
            "beperkt": "limited",
            "ingetrokken": "withdrawn",
            "verlopen": "expired",
            "ongeldig": "not valid",
        }
    ),
    page="Page {page} of {pages}",
    period="{start} to {end}",
    clock="{time}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    days_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)

LANGUAGES: Mapping[str, Words] = MappingProxyType({"nl": DUTCH, "en": ENGLISH})
