"""What must stand in a record or receipt: the mandatory fields of TS 27560 and of the AVG, checked. Pure.

DPV publishes no shapes, so these are ours. Names of fields are those of ISO/IEC TS 27560:2023; `AVG` marks
what is optional there and mandatory under the AVG by DPV's guide. A field may be answered by "not known":
that is said, and can be counted; it may not be absent. What identifies the record must be known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consent.records.documents import as_json
from consent.records.expansion import Node, expand, full
from consent.records.facts import Kind
from consent.records.vocabulary import NOT_APPLICABLE, NOT_KNOWN, PREFIXES, RECEIPT_PROFILE, RECORD_PROFILE, STATUS

ISO, AVG = "ISO/IEC TS 27560", "AVG"


class Incomplete(Exception):
    """A document without a mandatory field, which is never handed out; `fields` names what is missing."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Field:
    """One mandatory field: the properties that lead to it, and what it may be.

    `among`: the types (or, of an address, the address) one of which it must have; empty: any. `known`: it
    may not be answered by "not known" or "not applicable".
    """

    name: str
    path: tuple[str, ...]
    among: frozenset[str] = frozenset()
    known: bool = False
    by: str = ISO


def _field(name: str, *path: str, among: Iterable[str] = (), known: bool = False, by: str = ISO) -> Field:
    whole = tuple(full(step, PREFIXES) if not step.startswith("@") else step for step in path)
    return Field(name, whole, frozenset(full(word, PREFIXES) for word in among), known, by)


_KINDS = {f"dpv:{kind}" for kind in Kind}
_ROLES = {"dpv:DataController", "dpv:LegalAgent", "dpv:Authority", "dpv:Recipient", "dpv:ThirdParty"}
_DATA = {"dpv:PersonalData", "dpv:SensitivePersonalData", "dpv:SpecialCategoryPersonalData"}
_CONSENT = {"dpv:ExplicitlyExpressedConsent", "dpv:ExpressedConsent", "dpv:ImpliedConsent", "dpv:InformedConsent"}

RECORD = (
    _field("schema_version", "dct:conformsTo", among=[RECORD_PROFILE], known=True),
    _field("record_id", "dct:identifier", known=True),
    _field("pii_principal_id", "dpv:hasDataSubject", "dct:identifier", known=True),
    _field("privacy_notice", "dpv:hasNotice", among=["dpv:ConsentNotice"]),
    _field("language", "dpv:hasNotice", "dct:language"),
    _field("pii_controllers", "dpv:hasDataController", among=["dpv:DataController"], known=True),
    _field("jurisdiction", "dpv:hasJurisdiction"),
    _field("withdrawal_method", "dpv:hasConsentControl", "dpv:isExercisedAt"),
    _field("withdrawal_method", "dpv:hasConsentControl", among=["dpv:WithdrawConsent"]),
    _field("purposes", "dpv:hasProcess", among=["dpv:Process"], known=True),
    _field("events", "dpv:hasConsentStatus", among=STATUS.values(), known=True),
    _field("privacy_rights", "dpv:hasRight", among=["dpv:DataSubjectRight"], by=AVG),
    _field("privacy_rights", "dpv:hasRight", "dpv:isExercisedAt", by=AVG),
    _field("authority_party", "dpv:hasAuthority", among=["dpv:Authority"], known=True, by=AVG),
    _field("applicable_law", "dpv:hasApplicableLaw", known=True, by=AVG),
)
NOTICE = (
    _field("privacy_notice", "dct:identifier"),
    _field("language", "dct:language"),
)
PROCESS = (
    _field("purpose", "dpv:hasPurpose", "dct:identifier", known=True),
    _field("purpose", "dpv:hasPurpose", "dct:title"),
    _field("pii_information", "dpv:hasPersonalData", "dct:identifier", known=True),
    _field("storage_locations", "dpv:hasStorageCondition", "dpv:hasLocation"),
    _field("retention_period", "dpv:hasStorageCondition", "dpv:hasDuration"),
    _field("recipient_third_parties", "dpv:hasRecipient", among=["dpv:Recipient"], known=True),
    _field("event_state", "dpv:hasConsentStatus", among=STATUS.values(), known=True),
    _field("lawful_basis", "dpv:hasLegalBasis", among=["eu-gdpr:A9-2-a", "eu-gdpr:A6-1-a-explicit-consent"], by=AVG),
    _field("collection_method", "dpv:hasDataSource", by=AVG),
    _field("processing_method", "dpv:hasProcessing", by=AVG),
    _field("processing_locations", "dpv:hasProcessingCondition", "dpv:hasLocation", by=AVG),
    _field("geographic_restrictions", "dpv:hasRule", by=AVG),
)
DATA = (
    _field("pii_type", "skos:broader", among=_DATA, known=True),
    _field("pii_type", "@type", among=_DATA, known=True),
    _field("pii_optional", "dpv:hasNecessity", among=["dpv:Optional", "dpv:Required"], by=AVG),
    _field("special_pii_category", "casustafel:specialCategory", known=True, by=AVG),
)
PARTY = (
    _field("party_id", "dct:identifier", known=True),
    _field("party_name", "dpv:hasName", known=True),
    _field("party_address", "dpv:hasAddress"),
    _field("party_contact", "dpv:hasContact"),
    _field("party_type", "@type", among=_KINDS, known=True),
    _field("party_role", "@type", among=_ROLES, known=True, by=AVG),
)
EVENT = (
    _field("event_time", "dpv:isIndicatedAtTime"),
    _field("validity_duration", "dpv:hasDuration"),
    _field("entity_id", "dpv:isIndicatedBy"),
    _field("event_type", "dpv:hasLegalBasis", among=_CONSENT, known=True),
    _field("event_state", "@type", among=STATUS.values(), known=True),
)
RECEIPT = (
    _field("schema_version", "dct:conformsTo", among=[RECEIPT_PROFILE], known=True),
    _field("receipt_id", "dct:identifier", known=True),
    _field("receipt_time", "dct:created", known=True, by="DPV's guide"),
    _field("consent_record", "dpv:hasRecordOfActivity", among=["dpv:ConsentRecord"], known=True, by="DPV's guide"),
)

_PARTIES = ("dpv:hasDataController", "dpv:hasAuthority", "dpv:hasEntity")
_SILENT = frozenset({full(NOT_KNOWN, PREFIXES), full(NOT_APPLICABLE, PREFIXES)})
_UNKNOWN = full(NOT_KNOWN, PREFIXES)


def checked(document: Mapping[str, Any]) -> bytes:
    """Return a document's bytes. Raises Incomplete when a mandatory field is missing: then nothing is handed out."""
    lacking = missing(document)
    if lacking:
        raise Incomplete(lacking)
    return as_json(dict(document))


def missing(document: Mapping[str, Any]) -> list[str]:
    """Return the names of the mandatory fields that a record or receipt lacks, each once, in order."""
    graph = Graph(expand(document))
    return list(dict.fromkeys(field.name for node, field in _asked(graph) if not graph.answers(node, field)))


def unknown(document: Mapping[str, Any]) -> list[str]:
    """Return the names of the mandatory fields that are answered by "not known" somewhere, each once."""
    graph = Graph(expand(document))
    found = (field.name for node, field in _asked(graph) if graph.leaves_open(node, field))
    return list(dict.fromkeys(found))


def _asked(graph: "Graph") -> Iterator[tuple[Node, Field]]:
    """Every node of a document with each field that it must have."""
    records = [graph.top]
    if full("dpv:ConsentReceipt", PREFIXES) in graph.top.get("@type", []):
        yield from ((graph.top, field) for field in RECEIPT)
        records = graph.nodes([graph.top], "dpv:hasRecordOfActivity")
    processes = graph.nodes(records, "dpv:hasProcess")
    parties = [party for way in _PARTIES for party in graph.nodes(records, way)]
    events = graph.nodes([*records, *processes], "dpv:hasConsentStatus")
    asked = (
        (records, RECORD),
        (graph.nodes(records, "dpv:hasNotice"), NOTICE),
        (processes, PROCESS),
        (graph.nodes(processes, "dpv:hasPersonalData"), DATA),
        ([*parties, *graph.nodes(processes, "dpv:hasRecipient")], PARTY),
        (events, EVENT),
    )
    yield from ((node, field) for nodes, fields in asked for node in nodes for field in fields)


class Graph:
    """An expanded document in which an address stands for everything that is said of it anywhere."""

    def __init__(self, expanded: list[Node]) -> None:
        self._said: dict[str, Node] = {}
        for node in expanded:
            self._hear(node)
        self.top = self._whole(expanded[0])

    def _hear(self, value: Any) -> None:
        if isinstance(value, list):
            for child in value:
                self._hear(child)
        elif isinstance(value, dict) and "@value" not in value:
            known = self._said.setdefault(value["@id"], {}) if "@id" in value else {}
            for key, children in value.items():
                known[key] = [*known.get(key, []), *children] if isinstance(children, list) else children
                self._hear(children)

    def _whole(self, value: Node) -> Node:
        return self._said.get(value.get("@id", ""), value)

    def nodes(self, starts: Iterable[Node], way: str) -> list[Node]:
        """Return what one property of some nodes leads to."""
        return [found for node in starts for found in self._follow(node, (full(way, PREFIXES),))]

    def _follow(self, node: Node, path: tuple[str, ...]) -> list[Node]:
        found = [node]
        for step in path:
            found = [self._whole(child) for start in found for child in _children(start, step)]
        return found

    def answers(self, node: Node, field: Field) -> bool:
        """Tell whether a node has a field: something that is not empty, of the right kind, known if it must be."""
        told = [value for value in self._follow(node, field.path) if _told(value)]
        sure = [value for value in told if value.get("@id") not in _SILENT]
        if field.among:
            sure = [value for value in sure if not field.among.isdisjoint([*value.get("@type", []), value.get("@id")])]
        return bool(sure) or (not field.known and any(value.get("@id") in _SILENT for value in told))

    def leaves_open(self, node: Node, field: Field) -> bool:
        """Tell whether a node answers a field by "not known"."""
        return any(value.get("@id") == _UNKNOWN for value in self._follow(node, field.path))


def _children(node: Node, step: str) -> list[Node]:
    found: list[Any] = node.get(step, [])
    return [{"@id": kind} for kind in found] if step == "@type" else found


def _told(value: Node) -> bool:
    return bool(str(value["@value"]).strip()) if "@value" in value else bool(value)
