"""The words of a document: prefixes, the state of a line in DPV, and the project's own terms. Pure.

Source: DPV 2.3 (w3id.org/dpv) and its guide to ISO/IEC TS 27560:2023. Where the guide's examples use a word
that DPV 2.3 does not have (`eu-gdpr:GDPR`, `dpv:ConsentTerminated`), the word that it has stands here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from consent.states import State

MEDIA_TYPE = "application/ld+json"

NAMESPACE = "https://example.org/casustafel#"
"""Where the project's own terms live: a placeholder, until an organisation gives them an address of its own."""

OWN = "casustafel"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "legal-eu": "https://w3id.org/dpv/legal/eu#",
        "legal-nl": "https://w3id.org/dpv/legal/nl#",
        "loc": "https://w3id.org/dpv/loc#",
        "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
        "dct": "http://purl.org/dc/terms/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        OWN: NAMESPACE,
    }
)

RECORD_PROFILE = "dpv-27560:record-eu-gdpr"
RECEIPT_PROFILE = "dpv-27560:receipt-eu-gdpr"

NOT_KNOWN = "dpv:NotAvailable"
"""Stands where a fact applies and is not known to the register; a mandatory field is never left out."""

NOT_APPLICABLE = "dpv:NotApplicable"
"""Stands where nothing happened that could have the fact: a line that nobody ever asked for."""

EXPLICIT = "dpv:ExplicitlyExpressedConsent"
"""The type of every event: the register takes a yes only to a question that asks nothing else."""

STATUS: Mapping[State, str] = MappingProxyType(
    {
        State.NOT_ASKED: "dpv:ConsentUnknown",
        State.ASKED: "dpv:ConsentRequested",
        State.DEFERRED: "dpv:ConsentRequestDeferred",
        State.REFUSED: "dpv:ConsentRefused",
        State.GIVEN: "dpv:ConsentGiven",
        # "renewed, refreshed or reaffirmed": she was asked whether it still is what she wants, and it is.
        State.CONFIRMED: "dpv:RenewedConsentGiven",
        # Still given, for a shorter time: its validity says how long, the own term `state` that it was limited.
        State.LIMITED: "dpv:ConsentGiven",
        # Also when a representative takes it back: she does so for the person (DPV keeps ConsentRevoked for
        # one who is not the data subject, such as a controller).
        State.WITHDRAWN: "dpv:ConsentWithdrawn",
        State.EXPIRED: "dpv:ConsentExpired",
        State.INVALID: "dpv:ConsentInvalidated",
    }
)

UNIONS = frozenset({"EU", "EEA"})
"""The unions of countries that a geographic restriction may name."""

RIGHTS = ("A7-3", "A15", "A16", "A17", "A18", "A19", "A20", "A77")
"""Articles of the AVG whose rights go with consent: taking back, access, correction, erasure, restriction,
being told, taking along, complaint."""

OWN_TERMS: Mapping[str, str] = MappingProxyType(
    {
        "schemaVersion": "version of this form of the document",
        "handle": "what the case calls the person; no name",
        "state": "the state of the line in the register's own word",
        "specialCategory": "whether the category is one of AVG 9; DPV tells it by the type alone",
        "reviewOn": "the day by which the person is asked whether it still is what she wants",
        "covenantRow": "version and cell of the covenant that asks for consent here",
        "interpreterKind": "registered, informal or none; never who",
        "evidenceSha256": "SHA-256 of the document that proves the event",
        "noticeSha256": "SHA-256 of the exact text that was read or shown",
        "noticeVersion": "version of that text",
    }
)

INTERNAL = frozenset({"covenantRow", "interpreterKind", "evidenceSha256", "schemaVersion"})
"""Own terms that stay in the record: what the person has no need of stands in no receipt."""


def own(name: str) -> str:
    """Return a documented own term as a compact IRI. Raises KeyError for one that is not documented."""
    if name not in OWN_TERMS:
        raise KeyError(name)
    return f"{OWN}:{name}"
