"""What the letters of one row may be: a cell's alphabet and the invariants. Pure."""

from conference.covenant import words
from conference.covenant.trouble import CovenantError, Place

_TRIAGE = words.PHASES.index("triage")


def check(party: str, cls: str, category: str, row: object) -> None:
    """Check a row as written. Raises CovenantError at "parties.<party>.<category>"."""
    place: Place = ("parties", party, category)
    if not isinstance(row, str):
        raise CovenantError("bad_type", place, "a row is a text of five letters")
    if len(row) != len(words.PHASES):
        raise CovenantError("wrong_length", place, f"a row has {len(words.PHASES)} letters, one for each phase")
    if unknown := set(row).difference(words.CODES):
        raise CovenantError("unknown_code", place, f"not a letter of a cell: {', '.join(sorted(unknown))}")
    _check_class(cls, row, place)
    _check_category(party, cls, category, row, place)


def _check_class(cls: str, row: str, place: Place) -> None:
    used = set(row)
    if cls == "Z" and used != {"-"}:
        raise CovenantError("class_z_empty", place, "a party of class Z gets no personal data")
    if cls == "D" and not used <= {"-", "v"}:
        raise CovenantError("class_d_handover", place, "a party of class D is only handed items one by one")
    if cls != "D" and "v" in used:
        raise CovenantError("handover_class", place, "v stands only with class D")
    if cls == "Q" and row[_TRIAGE] != "-":
        raise CovenantError("class_q_triage", place, "a party of class Q sees nothing at triage")


def _check_category(party: str, cls: str, category: str, row: str, place: Place) -> None:
    used = set(row)
    if category in words.CONSENT_ONLY and used & {"I", "p"}:
        raise CovenantError("consent_only", place, "this category is never shown without consent or exception")
    if category == "bsn" and used != {"-"} and cls != "P" and party != words.SAFE_HOME:
        raise CovenantError("bsn_receiver", place, "only class P and Veilig Thuis may have the BSN")
    if category in {"pol", "jus"} and cls == "Q" and "I" in used:
        raise CovenantError("class_q_police_data", place, "a party of class Q never gets this with a name")
