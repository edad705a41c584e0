"""Leaves as the NEN 7513 field list, one JSON object a line. Pure.

Source of the names: Logius-standaarden/logboek-extensie-nen7513 `specificatie.md` (commit 2b7d5fd), a
concept extension that lists the norm's fields one by one. Of the codes: RFC 3881 §5 (C R U D E; outcome
0, 4, 8; participant 1 person, 2 system object; role 1 patient, 3 report; access point; source 4
application server). The norm leaves code systems to its users: where RFC 3881 has none, ours stand here.

| NEN 7513 | here |
| --- | --- |
| `EventID`, `eventTypeCode` | the processing activity's URI, and the act |
| `EventActionCode` | by the act's verb: `VERBS` |
| `EventOutcomeIndicator` | permit 0, deny 4 (refused, nothing was shown), error 8; with `controles` the reason |
| `users` | whoever acted, as requestor; of a push each recipient, who asked for nothing |
| `userName`, `participantObjectName` | never: no name stands in the log |
| `alternateUserID` | the organisation |
| `networkAccessPoint…` | the login's id, and by which way it came; addresses are not kept |
| `participants` | the betrokkene: id, and the categories with the level at which each was seen |
| `participantSegments` | the objects that were seen or changed |
| `autorisatieProtocol` | the covenant's version |
| `behandelrelatieProtocol` | the case, for it is who takes part in one that gives the relation |
| `toestemmingsProfiel` | consent or exception where that was the ground |
| `controles` | the reason code of the ruling |
| `nen7513.Audit…` | the log's name, and this kind of source |

Beside them, under `casustafel`: outcome, position in the log, and the checkpoint that proves it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from audit.standards.exported import REGISTER, Exported, activity

OUTCOME = {"permit": "0", "deny": "4", "error": "8"}
PERSON, PATIENT, SYSTEM_OBJECT, REPORT, APPLICATION_SERVER = "1", "1", "2", "3", "4"
SUBJECT_TYPE, OBJECT_TYPE = "urn:casustafel:subject", "urn:casustafel:object"

_EXECUTED = (
    *("admitted", "cosigned", "cut", "drawn", "ended", "entered", "exported", "joined", "made", "managed"),
    *("password_accepted", "password_refused", "previewed", "refused", "renewed", "sent_out", "succeeded", "taken"),
)
_CREATED = (
    *("added", "adopted", "asked", "created", "dissented", "given", "invited", "loaded", "opened"),
    *("prepared", "proposed", "recorded", "registered", "written"),
)
_READ = ("listed", "pushed", "read", "viewed")
VERBS = {
    **dict.fromkeys(_EXECUTED, "E"),
    **dict.fromkeys(_CREATED, "C"),
    **dict.fromkeys(_READ, "R"),
    "destroyed": "D",
}
UPDATED = "U"  # every other verb changes what was there

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode


def line(exported: Exported, register: str = REGISTER) -> bytes:
    """Return a leaf's line, with its newline."""
    leaf = exported.leaf
    told = {
        "EventID": activity(leaf["act"], register),
        "eventTypeCode": leaf["act"],
        "EventActionCode": VERBS.get(leaf["act"].partition(".")[2], UPDATED),
        "EventDateTime": (_EPOCH + timedelta(microseconds=leaf["t"])).isoformat(timespec="microseconds"),
        "EventOutcomeIndicator": OUTCOME[leaf["out"]],
        "users": _users(exported),
        "participants": _participants(exported),
        "participantSegments": _segments(exported),
        "autorisatieProtocol": leaf["covenant"],
        "behandelrelatieProtocol": leaf["case"],
        "toestemmingsProfiel": leaf["reason"] if leaf["reason"] in {"consent", "exception"} else None,
        "controles": leaf["reason"],
        "nen7513.AuditEnterpriseSiteID": exported.checkpoint.origin if exported.checkpoint else None,
        "nen7513.AuditSourceId": "casustafel",
        "nen7513.AuditSourceTypeCode": APPLICATION_SERVER,
        "casustafel": _own(exported),
    }
    return _encode(told) + b"\n"


def _users(exported: Exported) -> list[dict[str, Any]]:
    leaf = exported.leaf
    reached = leaf["recipients"]
    return [_user(exported, person, requestor=not reached) for person in exported.people if person is not None] + (
        [_user(exported, leaf["actor"], requestor=True)] if reached and leaf["actor"] else []
    )


def _user(exported: Exported, person: str, *, requestor: bool) -> dict[str, Any]:
    leaf = exported.leaf
    return {
        "userID": person,
        "alternateUserID": leaf["party"],
        "userIsRequestor": requestor,
        "roleIDCode": leaf["role"].split(",") if leaf["role"] else [],
        "purposeOfUse": leaf["purpose"],
        "networkAccessPointTypeCode": leaf["origin"],
        "networkAccessPointID": leaf["session"] if requestor else None,
    }


def _participants(exported: Exported) -> list[dict[str, Any]]:
    leaf = exported.leaf
    if leaf["subject"] is None:
        return []
    return [
        {
            "participantObjectTypeCode": PERSON,
            "participantObjectTypeCodeRole": PATIENT,
            "participantObjectIDTypeCode": SUBJECT_TYPE,
            "participantObjectPermissionPolicySet": leaf["covenant"],
            "participantObjectSensitivity": leaf["seen"],
            "participantObjectID": leaf["subject"],
        }
    ]


def _segments(exported: Exported) -> list[dict[str, Any]]:
    return [
        {
            "participantObjectTypeCode": SYSTEM_OBJECT,
            "participantObjectTypeCodeRole": REPORT,
            "participantObjectIDTypeCode": OBJECT_TYPE,
            "participantObjectID": key,
        }
        for key in exported.leaf["obj"]
    ]


def _own(exported: Exported) -> dict[str, Any]:
    leaf, checkpoint = exported.leaf, exported.checkpoint
    return {
        "outcome": leaf["out"],
        "conference": leaf["conference"],
        "phase": leaf["phase"],
        "traceId": leaf["rnd"],
        "index": exported.index,
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root} if checkpoint else None,
        "seen": [] if leaf["subject"] else leaf["seen"],
    }
