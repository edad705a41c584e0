"""Six invented cases over the three tracks. The people are plainly not real.

A text names nobody: {subject:…} is a mention. Every supplier may supply its category
in that track and phase under the shipped covenant.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

SAFETY = "hulp en veiligheid"
CARE = "hulp en opvang"
SIGNAL = "signaal duiden"

Line = tuple[str, str, str]  # party, category, state


def cases(today: date) -> list[dict[str, Any]]:
    """Return the cases; consents, exceptions and ages are set around `today`."""
    return [
        _bank_cards(today),
        _rented_house(today),
        _shelter(today),
        _barn(),
        _van(),
        _engagement(),
    ]


def _bank_cards(today: date) -> dict[str, Any]:
    asked = [
        ("zvh_procesregie", "gez", "gegeven"),
        ("zvh_procesregie", "hlp", "bevestigd"),
        ("kwintes", "gez", "gevraagd"),
        ("politie", "vbl", "geweigerd"),
        ("zvh_procesregie", "vbl", "uitgesteld"),
    ]
    return {
        "id": "c1",
        "track": "wgs",
        "phase": "overleg",
        "purpose": SAFETY,
        "municipality": "Eikendam",
        "form": "criminele uitbuiting",
        "parties": ["politie", "veilig_thuis", "zorgcoordinator", "kwintes"],
        "subjects": [
            _subject("s1", "victim", "zorgcoordinator", _identity("Noor Fictief", _born(today, 19))),
            _subject("s2", "circle", "politie", _identity("Rik Verzonnen", _born(today, 24))),
        ],
        "items": _bank_card_items(),
        "consents": _consents(today, "s1", SAFETY, asked),
        "exceptions": [
            {
                "subject": "s1",
                "party": "veilig_thuis",
                "category": "gez",
                "code": 4,
                "decider": "u-voorzitter",
                "reason": "Veilig Thuis onderzoekt of het thuis veilig is.",
                "from": str(today - timedelta(days=3)),
                "until": str(today + timedelta(days=27)),
            }
        ],
    }


def _bank_card_items() -> list[dict[str, Any]]:
    return [
        _item("i1", "politie pol s1", "Wpg 20", "{subject:s1} is vorige week gevonden met bankpassen van anderen."),
        _item(
            "i2",
            "zorgcoordinator won s1",
            "Wmo 5.1.1",
            "{subject:s1} staat ingeschreven in Eikendam, maar slaapt daar niet.",
        ),
        _item(
            "i3",
            "veilig_thuis rel s1",
            "Wmo 5.1.6",
            "{subject:s2} brengt {subject:s1} naar school en wacht daar op haar.",
            kind="oordeel",
        ),
        _item(
            "i4",
            "kwintes hlp s1",
            "toestemming",
            "{subject:s1} praat met haar begeleider, maar niet over geld.",
            kind="oordeel",
        ),
        _item("i5", "zorgcoordinator gez s1", "toestemming", "{subject:s1} slaapt slecht. De huisarts weet ervan."),
        _item(
            "i6",
            "kwintes hlp s1",
            "toestemming",
            "{subject:s1} wil volgende week zelf naar de bank.",
            status="draft",
        ),
        _item(
            "i7",
            "politie pol s1",
            "Wpg 20",
            "Er is contact met de banken over de passen van {subject:s1}.",
            not_for=["kwintes"],
        ),
    ]


def _rented_house(today: date) -> dict[str, Any]:
    asked = [
        ("zorgcoordinator", "gez", "gevraagd"),
        ("zvh_procesregie", "gez", "geweigerd"),
        ("zvh_procesregie", "hlp", "gegeven"),
    ]
    return {
        "id": "c2",
        "track": "wgs",
        "phase": "verrijking",
        "purpose": SAFETY,
        "municipality": "Lindenoord",
        "form": "seksuele uitbuiting",
        "parties": ["zorgcoordinator", "politie", "om", "ggd_soa", "burgemeester_oov"],
        "subjects": [
            _subject(
                "s3",
                "victim",
                "zorgcoordinator",
                # 11-proof fails: nobody can have this number.
                _identity("Sam Bedacht", _born(today, 27), bsn="900000001", protected=True),
            ),
            _subject(
                "s4",
                "suspect",
                "politie",
                _identity("Tom Denkbeeld", _born(today, 41), bsn="900000002"),
            ),
        ],
        "items": [
            _item(
                "i8", "politie pol s3", "Wpg 20", "{subject:s3} is twee keer gezien bij een huurwoning in Lindenoord."
            ),
            _item("i9", "politie pol s4", "Wpg 20", "{subject:s4} betaalt de huur van die woning."),
            _item("i10", "om jus s4", "Wjsg 39fa ?", "Er loopt een onderzoek naar {subject:s4}."),
            _item(
                "i11",
                "burgemeester_oov hnd",
                "Gemeentewet 172",
                "Over de woning zijn drie meldingen van buren gekomen.",
            ),
            _item("i12", "ggd_soa gez s3", "WGBO 7:457", "{subject:s3} komt op de afspraken bij de GGD."),
            _item(
                "i13",
                "zorgcoordinator vzn s3",
                "Wmo 5.1.1",
                "{subject:s3} heeft recht op begeleiding, maar die is nog niet begonnen.",
            ),
        ],
        "consents": _consents(today, "s3", SAFETY, asked),
        "exceptions": [],
    }


def _shelter(today: date) -> dict[str, Any]:
    given = [
        (party, category, "gegeven")
        for party in ("zorgcoordinator", "kwintes", "zvh_procesregie")
        for category in ("id", "won", "vzn")
    ]
    asked = [
        *given,
        ("zorgcoordinator", "hlp", "bevestigd"),
        ("zorgcoordinator", "gez", "gegeven"),
        ("zvh_procesregie", "hlp", "beperkt"),
        ("college_uitvoering", "won", "gegeven"),
        ("zorgcoordinator", "fin", "geweigerd"),
        ("kwintes", "gez", "gegeven"),
        ("kwintes", "gez", "ingetrokken"),
        ("ggd_soa", "hlp", "gevraagd"),
    ]
    return {
        "id": "c3",
        "track": "hulp",
        "phase": "uitvoering",
        "purpose": CARE,
        "municipality": "Waterhoek",
        "form": "seksuele uitbuiting",
        "parties": [
            "leger_des_heils",
            "zorgcoordinator",
            "kwintes",
            "ggd_soa",
            "college_uitvoering",
        ],
        "subjects": [
            _subject("s5", "victim", "leger_des_heils", _identity("Lot Verhaal", _born(today, 31))),
        ],
        "items": [
            _item(
                "i14", "leger_des_heils won s5", "toestemming", "{subject:s5} heeft nog twee maanden een kamer bij ons."
            ),
            _item("i15", "zorgcoordinator vzn s5", "toestemming", "Voor {subject:s5} is dagbesteding aangevraagd."),
            _item(
                "i16",
                "kwintes hlp s5",
                "toestemming",
                "{subject:s5} wil graag weer werken en heeft een plan gemaakt.",
                kind="oordeel",
            ),
            _item("i17", "ggd_soa gez s5", "WGBO 7:457", "{subject:s5} heeft volgende maand een controle."),
            _item(
                "i18",
                "college_uitvoering fin s5",
                "Participatiewet 64",
                "De uitkering van {subject:s5} begint volgende maand.",
            ),
        ],
        "consents": _consents(today, "s5", CARE, asked),
        "exceptions": [],
    }


def _barn() -> dict[str, Any]:
    return {
        "id": "c4",
        "track": "signaal",
        "phase": "triage",
        "purpose": SIGNAL,
        "municipality": "Zandvecht",
        "form": "arbeidsuitbuiting",
        "parties": ["ketenregisseur", "burgemeester_oov", "politie"],
        "subjects": [_subject("s6", "victim", "ketenregisseur")],
        "items": [
            _item("i19", "ketenregisseur won", "WGS 2.30", "Bij een bedrijf in Zandvecht wonen mensen in een schuur."),
            _item(
                "i20",
                "burgemeester_oov hnd s6",
                "Gemeentewet 172",
                "Bij een controle zei {subject:s6} dat de baas het paspoort bewaart.",
            ),
            _item("i21", "politie pol", "Wpg 20", "Over het bedrijf zijn dit jaar twee meldingen gekomen."),
        ],
        "consents": [],
        "exceptions": [],
    }


def _van() -> dict[str, Any]:
    return {
        "id": "c5",
        "track": "signaal",
        "phase": "aanmelding",
        "purpose": SIGNAL,
        "municipality": "Eikendam",
        "form": "arbeidsuitbuiting",
        "parties": ["burgemeester_oov", "ketenregisseur", "politie"],
        "subjects": [_subject("s7", "victim", "burgemeester_oov")],
        "items": [
            _item(
                "i22",
                "burgemeester_oov hnd s7",
                "Gemeentewet 172",
                "{subject:s7} wordt elke dag met een bus gebracht en gehaald.",
                kind="oordeel",
            ),
        ],
        "consents": [],
        "exceptions": [],
    }


def _engagement() -> dict[str, Any]:
    """Return the case in aftercare: only process, decisions and actions are still read."""
    return {
        "id": "c6",
        "track": "wgs",
        "phase": "nazorg",
        "purpose": "nazorg",
        "municipality": "Waterhoek",
        "form": "uithuwelijking",
        "parties": ["veilig_thuis", "zorgcoordinator", "kwintes"],
        "subjects": [_subject("s8", "victim", "veilig_thuis")],
        "items": [],
        "consents": [],
        "exceptions": [],
    }


# --- the small parts --------------------------------------------------------------


def _born(today: date, age: int) -> str:
    """Return a birth date that makes somebody `age` years old, with a birthday far away."""
    return str(date(today.year - age, 1, 1) if today.month > 1 else date(today.year - age - 1, 7, 1))


def _identity(name: str, born: str, *, bsn: str | None = None, protected: bool = False) -> dict[str, Any]:
    """Return identity data at an address that does not exist."""
    found: dict[str, Any] = {
        "name": name,
        "birth_date": born,
        "address": "Nergensstraat 0, Eikendam",
        "phone": "00-0000000",
        "protected": protected,
    }
    return found | ({"bsn": bsn} if bsn else {})


def _subject(key: str, role: str, registered_by: str, identity: dict[str, Any] | None = None) -> dict[str, Any]:
    subject: dict[str, Any] = {"id": key, "role": role, "registered_by": registered_by}
    return subject | ({"identity": identity} if identity else {})


def _item(key: str, brought: str, basis: str, text: str, *, kind: str = "feit", **conditions: Any) -> dict[str, Any]:
    """Return an item; `brought` is "supplier category [subject]"."""
    supplier, category, *subject = brought.split()
    return {
        "id": key,
        "supplier": supplier,
        "category": category,
        "kind": kind,
        "subject": subject[0] if subject else None,
        "basis": basis,
        "text": text,
        **conditions,
    }


def _consents(today: date, subject: str, purpose: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return register lines that began three weeks ago; a limited one ends within days."""
    return [
        {
            "subject": subject,
            "party": party,
            "category": category,
            "purpose": purpose,
            "state": state,
            "from": str(today - timedelta(days=21)),
            "until": str(today + timedelta(days=8 if state == "beperkt" else 150)),
        }
        for party, category, state in lines
    ]
