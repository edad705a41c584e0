"""Leaves as records of Logboek Dataverwerkingen (LDV), in OTLP/JSON: one span, on one line. Pure.

Sources: Logius-standaarden/logboek-dataverwerkingen, `sections/03-specificaties/` (02 the record,
commit 1b58406; 03 one line for each betrokkene, commit 0ae0c30), working version; OTLP/JSON:
open-telemetry/opentelemetry-proto `docs/specification.md`, "JSON Protobuf Encoding" (ids in hex, enums
as numbers, 64-bit integers as decimal strings); one `TracesData` a line: OpenTelemetry's file exporter.

| LDV | here |
| --- | --- |
| `trace_id` | the leaf's own 16 random bytes: what one leaf says is one trace |
| `span_id` | of SHA-256 over the leaf and the person, the first 8 bytes: the same in every export |
| `parent_span_id`, `foreign_operation` | none: no other system calls this one |
| `status_code` | permit 1, error 2, deny 0: LDV counts a refusal as *unset*, and so it cannot be told from |
| | what others leave unset. The outcome stands in `casustafel.outcome` too |
| `start_time`, `end_time` | the leaf's one moment |
| `resource` | this system, its log, and the checkpoint that the record can be proven under |
| `dpl.core.data_subject_id` | the betrokkene's opaque id: when her case is destroyed it leads nowhere |
| `casustafel.*` | all else that the leaf says, and its position in the log |

LDV wants a line for each betrokkene: a leaf has one at most. Of a push each recipient has a line.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from audit.standards.exported import REGISTER, Exported, activity

SUBJECT_TYPE = "urn:casustafel:subject"
OWN = "casustafel."
STATUS = {"permit": 1, "deny": 0, "error": 2}  # STATUS_CODE_OK, _UNSET, _ERROR
SERVER, INTERNAL = 2, 1  # SPAN_KIND_*
NANOSECONDS = 1_000  # in a microsecond

_FIELDS = (
    *("actor", "party", "role", "session", "case", "conference", "phase"),
    *("reason", "covenant", "purpose", "origin", "obj", "seen"),
)
_encode = msgspec.json.Encoder().encode


def lines(exported: Exported, register: str = REGISTER) -> Iterator[bytes]:
    """Yield a leaf's records, each with its newline: one for each recipient, else one."""
    for person in exported.people:
        yield _encode({"resourceSpans": [_resource_spans(exported, person, register)]}) + b"\n"


def _resource_spans(exported: Exported, person: str | None, register: str) -> dict[str, Any]:
    spans = [_span(exported, person, register)]
    return {
        "resource": {"attributes": _attributes(_resource(exported))},
        "scopeSpans": [{"scope": {"name": "casustafel.audit"}, "spans": spans}],
    }


def _resource(exported: Exported) -> dict[str, Any]:
    told: dict[str, Any] = {"service.name": "casustafel"}
    if exported.checkpoint is not None:
        told[OWN + "log.origin"] = exported.checkpoint.origin
        told[OWN + "checkpoint.size"] = exported.checkpoint.size
        told[OWN + "checkpoint.root"] = exported.checkpoint.root
    return told


def _span(exported: Exported, person: str | None, register: str) -> dict[str, Any]:
    leaf = exported.leaf
    moment = str(leaf["t"] * NANOSECONDS)
    return {
        "traceId": urlsafe_b64decode(leaf["rnd"] + "==").hex(),
        "spanId": sha256(exported.raw + (person or "").encode()).hexdigest()[:16],
        "name": leaf["act"],
        "kind": SERVER if leaf["origin"] in {"http", "socket"} else INTERNAL,
        "startTimeUnixNano": moment,
        "endTimeUnixNano": moment,
        "attributes": _attributes(_told(exported, person, register)),
        "status": {"code": STATUS[leaf["out"]]},
    }


def _told(exported: Exported, person: str | None, register: str) -> dict[str, Any]:
    leaf = exported.leaf
    told: dict[str, Any] = {"dpl.core.processing_activity_id": activity(leaf["act"], register)}
    if leaf["subject"] is not None:
        told["dpl.core.data_subject_id"] = leaf["subject"]
        told["dpl.core.data_subject_id_type"] = SUBJECT_TYPE
    told[OWN + "outcome"] = leaf["out"]
    told |= {OWN + name: leaf[name] for name in _FIELDS}
    told[OWN + "recipient"] = person if leaf["recipients"] else None
    told[OWN + "log.index"] = exported.index
    return {name: value for name, value in told.items() if value is not None and value != []}


def _attributes(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in told.items()]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(one) for one in value]}}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"stringValue": value}
