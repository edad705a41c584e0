"""A register as a document: the record, the receipt, and their bytes. Pure.

One process for each line of party × category × purpose. Texts are only ever plain values, and ids are
percent-encoded into addresses, so nothing that somebody typed can become a term, an address or a key.
"""

import json
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from urllib.parse import quote
from uuid import UUID

from consent.records.facts import AUTHORITY, Event, GivenBy, Line, Notice, Party, Register
from consent.records.vocabulary import (
    EXPLICIT,
    INTERNAL,
    NOT_APPLICABLE,
    NOT_KNOWN,
    OWN,
    PREFIXES,
    RECEIPT_PROFILE,
    RECORD_PROFILE,
    RIGHTS,
    STATUS,
    UNIONS,
    own,
)
from consent.states import PERMITTING, State

Node: TypeAlias = dict[str, Any]

# Who says so: in these it is the person (or who acts for her), in those the party that keeps the register.
_HERS = PERMITTING | {State.DEFERRED, State.REFUSED, State.WITHDRAWN}
_REGISTRARS = frozenset({State.ASKED, State.INVALID})


def record(register: Register) -> Node:
    """Return the consent record (TS 27560, profile of the AVG) with its context; nothing in it is remote."""
    return {"@context": dict(PREFIXES), **_record(register)}


def receipt(register: Register) -> Node:
    """Return the receipt: the record for the person herself, without what is the register's own affair."""
    return {
        "@context": dict(PREFIXES),
        "@id": register.receipt_id.urn,
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(register.receipt_id),
        "dpv:hasIdentifier": str(register.receipt_id),
        "dct:conformsTo": _at(RECEIPT_PROFILE),
        "dct:created": _moment(register.made_at),
        "dct:publisher": _at(_party_id(register.registrar)),
        "dpv:hasRecordOfActivity": _without(_record(register), {own(name) for name in INTERNAL}),
    }


def as_json(document: Node) -> bytes:
    """Return a document as UTF-8 JSON, the same bytes for the same document. Raises ValueError for a lone surrogate."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _without(value: Any, terms: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(child, terms) for key, child in value.items() if key not in terms}
    return [_without(child, terms) for child in value] if isinstance(value, list) else value


def _record(register: Register) -> Node:
    lines = sorted(register.lines, key=lambda line: line.key)
    processes = [_process(register, line) for line in lines]
    events = _in_order(register)
    spoken_of = {key for event in events for key in event.lines}
    silent = [_at(_status_id(register, line)) for line in lines if line.key not in spoken_of]
    return {
        "@id": register.record_id.urn,
        "@type": "dpv:ConsentRecord",
        **_header(register),
        **_frame(register),
        "dpv:hasNotice": _notices(register),
        "dpv:hasProcess": processes,
        "dpv:hasConsentStatus": [_event(register, event) for event in events] + silent,
        "dpv:hasEntity": _entities(register),
    }


def _header(register: Register) -> Node:
    return {
        "dct:identifier": str(register.record_id),
        "dpv:hasIdentifier": str(register.record_id),
        "dct:conformsTo": _at(RECORD_PROFILE),
        own("schemaVersion"): register.schema,
        "dct:created": _moment(register.made_at),
        "dpv:hasDataSubject": {
            "@id": _principal(register),
            "@type": "dpv:DataSubject",
            "dct:identifier": register.principal,
            own("handle"): _told(register.handle),
        },
    }


def _frame(register: Register) -> Node:
    """What holds for every line: who answers for it, where, under which law, and how she takes it back."""
    return {
        "dpv:hasDataController": _at(_party_id(register.controller)),
        "dpv:hasAuthority": _at(_party_id(register.authority)),
        "dpv:hasJurisdiction": _place(register.jurisdiction),
        "dpv:hasApplicableLaw": _at("legal-eu:law-GDPR"),
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": _told(register.withdrawal)},
        "dpv:hasRight": [
            {"@type": ["dpv:DataSubjectRight", f"eu-gdpr:{article}"], "dpv:isExercisedAt": _told(register.rights)}
            for article in RIGHTS
        ],
    }


def _process(register: Register, line: Line) -> Node:
    location = _place(register.location)
    return {
        "@id": _line_id(register, line),
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@id": _within(register, "purpose", line.purpose.id, line.party.id),
            "@type": "dpv:Purpose",
            "dct:identifier": line.purpose.id,
            "dct:title": _told(line.purpose.title),
        },
        "dpv:hasLegalBasis": [_at(EXPLICIT), _at(_article(line))],
        "dpv:hasPersonalData": _personal_data(line),
        "dpv:hasProcessing": [_at("dpv:Share"), _at("dpv:Consult")],
        "dpv:hasHumanInvolvement": _at("dpv:HumanInvolvementForDecision"),
        "dpv:hasDataSource": [{"@type": "dpv:DataSubjectDataSource"}, {"@type": "dpv:ThirdPartyDataSource"}],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": location},
            {"@type": "dpv:StorageDuration", "dpv:hasDuration": _duration(register.retention)},
        ],
        "dpv:hasProcessingCondition": {"@type": "dpv:ProcessingLocation", "dpv:hasLocation": location},
        "dpv:hasRule": _bounds(register.within),
        "dpv:hasRecipient": _at(_party_id(line.party)),
        "dpv:hasConsentStatus": _standing(register, line),
        **_if(own("covenantRow"), line.covenant_row),
        **({own("reviewOn"): _day(line.review_on)} if line.review_on else {}),
    }


def _article(line: Line) -> str:
    return "eu-gdpr:A9-2-a" if line.category.special else "eu-gdpr:A6-1-a-explicit-consent"


def _personal_data(line: Line) -> Node:
    kind = "dpv:SpecialCategoryPersonalData" if line.category.special else "dpv:PersonalData"
    return {
        "@id": _address("category", line.category.code),
        "@type": kind,
        "skos:broader": _at(kind),
        "dct:identifier": line.category.code,
        "dct:title": line.category.name,
        "dpv:hasNecessity": _at("dpv:Optional"),
        own("specialCategory"): line.category.special,
    }


def _standing(register: Register, line: Line) -> Node:
    """The line's state now: as its newest event left it, or past its end, or never asked."""
    last = next((event for event in reversed(_in_order(register)) if line.key in event.lines), None)
    said = last if last is not None and last.state is line.state else None
    silent = _at(NOT_APPLICABLE if line.state is State.NOT_ASKED else NOT_KNOWN)
    ended = line.ends if line.state is State.EXPIRED else None
    return {
        "@id": _status_id(register, line),
        "@type": STATUS[line.state],
        own("state"): line.state.value,
        "dpv:isIndicatedAtTime": _said_at(said) if said else _moment(ended) if ended else silent,
        "dpv:hasDuration": _validity(line.state, line.ends),
        "dpv:isIndicatedBy": _speakers(register, line.state, said.given_by if said else GivenBy.UNKNOWN),
        "dpv:hasLegalBasis": _at(EXPLICIT),
        **({"dct:valid": _span(line.starts, line.ends)} if line.starts and line.state in PERMITTING else {}),
    }


def _in_order(register: Register) -> list[Event]:
    """The events by their moment; of one moment, as they were told."""
    return sorted(register.events, key=lambda event: event.at)


def _event(register: Register, event: Event) -> Node:
    known = {line.key: line for line in register.lines}
    return {
        "@id": event.id.urn,
        "@type": STATUS[event.state],
        own("state"): event.state.value,
        "dpv:isApplicableFor": [_at(_line_id(register, known[key])) for key in sorted(set(event.lines))],
        "dpv:isIndicatedAtTime": _said_at(event),
        "dct:created": _moment(event.at),
        "dpv:hasDuration": _validity(event.state, event.ends),
        "dpv:isIndicatedBy": _speakers(register, event.state, event.given_by),
        "dpv:isImplementedByEntity": _at(_party_id(register.registrar)),
        "dpv:hasIndicationMethod": _told(event.method),
        "dpv:hasLegalBasis": _at(EXPLICIT),
        **({"dpv:hasNotice": _at(_notice_id(event.notice))} if event.notice else {}),
        **_if("dct:language", event.language),
        **_if(own("interpreterKind"), event.interpreter),
        **_if(own("evidenceSha256"), event.evidence),
    }


def _said_at(event: Event) -> Node:
    return _day(event.said_on) if event.said_on else _moment(event.at)


def _speakers(register: Register, state: State, given_by: GivenBy) -> Node | list[Node]:
    """Who expressed it: she, who acts for her, or the party that asked or found it invalid; nobody, if time did."""
    if state in _REGISTRARS:
        return _at(_party_id(register.registrar))
    if state not in _HERS:
        return _at(NOT_APPLICABLE)
    herself = _at(_principal(register))
    other = {"@id": _within(register, "representative"), "@type": "dpv:GuardianOfDataSubject"}
    both = {GivenBy.SELF: [herself], GivenBy.REPRESENTATIVE: [other], GivenBy.BOTH: [herself, other]}
    return both.get(given_by, [_at(NOT_KNOWN)])


def _validity(state: State, ends: datetime | None) -> Node:
    if state not in PERMITTING:
        return _at(NOT_APPLICABLE)
    if ends is None:
        return {"@type": "dpv:UntilEventDuration", "rdf:value": _at(STATUS[State.WITHDRAWN])}
    return {"@type": "dpv:UntilTimeDuration", "rdf:value": _moment(ends)}


def _notices(register: Register) -> list[Node]:
    found = dict.fromkeys([*register.notices, *(event.notice for event in register.events if event.notice)])
    return [_notice(notice) for notice in found] or [_unread()]


def _notice(notice: Notice) -> Node:
    return {
        "@id": _notice_id(notice),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": notice.id,
        own("noticeVersion"): notice.version,
        "dct:language": notice.language,
        own("noticeSha256"): _told(notice.sha256),
        "dct:date": _day(notice.on) if notice.on else _at(NOT_KNOWN),
    }


def _unread() -> Node:
    """Stands where the register knows of no text: nothing was asked yet, or it was taken over from elsewhere."""
    return {"@type": "dpv:ConsentNotice", "dct:identifier": _at(NOT_KNOWN), "dct:language": _at(NOT_KNOWN)}


def _entities(register: Register) -> list[Node]:
    roles: dict[str, tuple[Party, list[str]]] = {}
    given = [(register.controller, "dpv:DataController"), (register.registrar, "dpv:LegalAgent")]
    given += [(register.authority, "dpv:Authority"), *((line.party, "dpv:Recipient") for line in register.lines)]
    given += [(line.party, "dpv:ThirdParty") for line in register.lines if line.party.id != register.controller.id]
    for party, role in given:
        roles.setdefault(party.id, (party, []))[1].append(role)
    return [_entity(*roles[key]) for key in sorted(roles)]


def _entity(party: Party, roles: list[str]) -> Node:
    return {
        "@id": _party_id(party),
        "@type": [f"dpv:{party.kind}", *dict.fromkeys(roles)],
        "dct:identifier": party.id,
        "dpv:hasIdentifier": party.id,
        "dpv:hasName": party.name,
        "dpv:hasAddress": _told(party.address),
        "dpv:hasContact": _told(party.contact),
    }


# --- plain values and addresses ---------------------------------------------------------------------------


def _at(address: str) -> Node:
    return {"@id": address}


def _told(text: str) -> str | Node:
    return str(text) if text.strip() else _at(NOT_KNOWN)


def _if(key: str, text: str) -> Node:
    return {key: str(text)} if text.strip() else {}


def _moment(at: datetime) -> Node:
    return {"@value": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "@type": "xsd:dateTime"}


def _day(on: date) -> Node:
    return {"@value": on.isoformat(), "@type": "xsd:date"}


def _span(starts: datetime, ends: datetime | None) -> str:
    return "/".join(_moment(at)["@value"] if at else ".." for at in (starts, ends))


def _duration(retention: str) -> Node:
    return {"@value": retention, "@type": "xsd:duration"} if retention.strip() else _at(NOT_KNOWN)


def _bounds(union: str) -> Node:
    """A prohibition to take the data out of a union of countries; not known where nobody laid one down."""
    if union not in UNIONS:
        return _at(NOT_KNOWN)
    kept = {"dpv:hasProcessing": _at("dpv:Transfer"), "dpv:isOutsideOfLocation": _at(f"loc:{union}")}
    return {"@type": "dpv:Prohibition", **kept}


def _place(country: str) -> str | Node:
    """A country that DPV names by its own term here is the Netherlands; any other code stands as text."""
    return _at("loc:NL") if country == "NL" else _told(country)


def _address(*steps: str | UUID) -> str:
    return f"{OWN}:" + "/".join(quote(str(step), safe="") for step in steps)


def _within(register: Register, *steps: str) -> str:
    """An address of this record alone, so that two people's records never speak of one thing."""
    return _address("record", register.record_id, *steps)


def _principal(register: Register) -> str:
    return _within(register, "principal")


def _line_id(register: Register, line: Line) -> str:
    return _within(register, "line", *line.key)


def _status_id(register: Register, line: Line) -> str:
    return _within(register, "status", *line.key)


def _party_id(party: Party) -> str:
    return "legal-nl:DPA-NL" if party.id == AUTHORITY.id else _address("party", party.id)


def _notice_id(notice: Notice) -> str:
    return _address("notice", notice.id, notice.version, notice.language)
