"""Leaves as Logboek Dataverwerkingen records and as the NEN 7513 field list: every field, every kind of entry."""

import json
from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import msgspec
import pytest

from audit.canonical import LEAF_KEYS, canonical
from audit.entry import Entry, build
from audit.review.models import VERDICTS
from audit.standards import ldv, nen7513
from audit.standards.exported import Checkpoint, Exported, activity
from audit.verifying.forms import is_leaf
from audit.words import DEEDS, VIEWS

ACTS = sorted({*DEEDS, *VIEWS})
PERSON, OTHER, SUBJECT, CASE, SESSION = (UUID(int=number) for number in (1, 2, 3, 4, 5))
CHECKPOINT = Checkpoint("casustafel/abc/2026", 42, "cm9vdA==")


def exported(**fields: Any) -> Exported:
    base: dict[str, Any] = {
        "act": "case.viewed", "origin": "http", "actor": PERSON, "party": "politie", "role": "participant",
        "session": SESSION, "case": CASE, "subject": SUBJECT, "obj": (f"item:{OTHER}",), "seen": ("pol=identified",),
        "phase": "overleg", "reason": "covenant", "covenant": "2026-1", "purpose": "doel",
    }  # fmt: skip
    (built,) = build(Entry(**{**base, **fields}))
    return Exported.of(built.leaf, CHECKPOINT, 7)


def plain(value: dict[str, Any]) -> Any:
    """An OTLP value as Python has it."""
    ((kind, told),) = value.items()
    if kind == "arrayValue":
        return [plain(one) for one in told["values"]]
    return int(told) if kind == "intValue" else told


def read(line: bytes) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A line as (span, its attributes, the resource's)."""
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    (of_resource,) = json.loads(line)["resourceSpans"]
    (of_scope,) = of_resource["scopeSpans"]
    (span,) = of_scope["spans"]
    told = [{one["key"]: plain(one["value"]) for one in part["attributes"]} for part in (span, of_resource["resource"])]
    return span, told[0], told[1]


# --- Logboek Dataverwerkingen ---------------------------------------------------------------------


def test_a_leaf_is_a_span_with_every_field_of_the_standard() -> None:
    found = exported()
    (line,) = ldv.lines(found)
    span, attributes, resource = read(line)
    leaf = found.leaf
    assert bytes.fromhex(span["traceId"]) == urlsafe_b64decode(leaf["rnd"] + "==")
    assert (len(span["traceId"]), len(span["spanId"])) == (32, 16)
    assert span["name"] == "case.viewed"
    assert span["startTimeUnixNano"] == span["endTimeUnixNano"] == str(leaf["t"] * 1000)
    assert span["status"] == {"code": 1}
    assert span["kind"] == 2
    assert attributes == {
        "dpl.core.processing_activity_id": "urn:casustafel:activity:case_conference",
        "dpl.core.data_subject_id": str(SUBJECT),
        "dpl.core.data_subject_id_type": "urn:casustafel:subject",
        "casustafel.outcome": "permit",
        "casustafel.actor": str(PERSON),
        "casustafel.party": "politie",
        "casustafel.role": "participant",
        "casustafel.session": str(SESSION),
        "casustafel.case": str(CASE),
        "casustafel.phase": "overleg",
        "casustafel.reason": "covenant",
        "casustafel.covenant": "2026-1",
        "casustafel.purpose": "doel",
        "casustafel.origin": "http",
        "casustafel.obj": [f"item:{OTHER}"],
        "casustafel.seen": ["pol=identified"],
        "casustafel.log.index": 7,
    }
    assert resource == {
        "service.name": "casustafel",
        "casustafel.log.origin": "casustafel/abc/2026",
        "casustafel.checkpoint.size": 42,
        "casustafel.checkpoint.root": "cm9vdA==",
    }


@pytest.mark.parametrize(("out", "status"), [("permit", 1), ("deny", 0), ("error", 2)])
def test_a_refusal_is_unset_to_the_standard_and_told_in_our_own_attribute(out: str, status: int) -> None:
    (line,) = ldv.lines(exported(out=out, reason="not_involved"))
    span, attributes, _resource = read(line)
    assert span["status"]["code"] == status
    assert (attributes["casustafel.outcome"], attributes["casustafel.reason"]) == (out, "not_involved")


def test_a_push_has_a_line_for_each_recipient_in_one_trace() -> None:
    found = exported(act="conference.pushed", origin="socket", actor=None, recipients=(PERSON, OTHER))
    lines = [read(line) for line in ldv.lines(found)]
    assert [attributes["casustafel.recipient"] for _span, attributes, _resource in lines] == [str(PERSON), str(OTHER)]
    assert len({span["traceId"] for span, *_ in lines}) == 1
    assert len({span["spanId"] for span, *_ in lines}) == 2


def test_every_subject_has_lines_of_its_own() -> None:
    lines = [read(line) for subject in (SUBJECT, OTHER) for line in ldv.lines(exported(subject=subject))]
    assert {attributes["dpl.core.data_subject_id"] for _, attributes, _ in lines} == {str(SUBJECT), str(OTHER)}


def test_what_is_about_nobody_names_no_subject() -> None:
    (line,) = ldv.lines(exported(act="login.succeeded", subject=None, case=None, obj=(), seen=()))
    _span, attributes, _resource = read(line)
    assert not [name for name in attributes if name.startswith("dpl.core.data_subject")]
    assert attributes["dpl.core.processing_activity_id"] == "urn:casustafel:activity:accounts"


def test_the_same_leaf_gives_the_same_bytes_every_time() -> None:
    found = exported(recipients=(PERSON, OTHER))
    assert list(ldv.lines(found)) == list(ldv.lines(Exported.of(found.raw, CHECKPOINT, 7)))


def test_a_leaf_that_waits_for_its_place_has_no_index_and_no_checkpoint() -> None:
    (line,) = ldv.lines(Exported.of(exported().raw))
    _span, attributes, resource = read(line)
    assert "casustafel.log.index" not in attributes
    assert resource == {"service.name": "casustafel"}
    assert json.loads(nen7513.line(Exported.of(exported().raw)))["casustafel"]["checkpoint"] is None


def test_the_register_of_activities_can_be_the_organisations_own() -> None:
    (line,) = ldv.lines(exported(), "https://register.example/verwerking/")
    assert b"https://register.example/verwerking/case_conference" in line


# --- NEN 7513 ---------------------------------------------------------------------------------------


def test_a_leaf_has_every_field_of_the_list() -> None:
    found = exported()
    told = json.loads(nen7513.line(found))
    user = {
        "userID": str(PERSON), "alternateUserID": "politie", "userIsRequestor": True, "roleIDCode": ["participant"],
        "purposeOfUse": "doel", "networkAccessPointTypeCode": "http", "networkAccessPointID": str(SESSION),
    }  # fmt: skip
    participant = {
        "participantObjectTypeCode": "1", "participantObjectTypeCodeRole": "1",
        "participantObjectIDTypeCode": "urn:casustafel:subject", "participantObjectPermissionPolicySet": "2026-1",
        "participantObjectSensitivity": ["pol=identified"], "participantObjectID": str(SUBJECT),
    }  # fmt: skip
    segment = {
        "participantObjectTypeCode": "2", "participantObjectTypeCodeRole": "3",
        "participantObjectIDTypeCode": "urn:casustafel:object", "participantObjectID": f"item:{OTHER}",
    }  # fmt: skip
    when = told.pop("EventDateTime")
    assert when.endswith("+00:00")
    assert told == {
        "EventID": "urn:casustafel:activity:case_conference",
        "eventTypeCode": "case.viewed",
        "EventActionCode": "R",
        "EventOutcomeIndicator": "0",
        "users": [user],
        "participants": [participant],
        "participantSegments": [segment],
        "autorisatieProtocol": "2026-1",
        "behandelrelatieProtocol": str(CASE),
        "toestemmingsProfiel": None,
        "controles": "covenant",
        "nen7513.AuditEnterpriseSiteID": "casustafel/abc/2026",
        "nen7513.AuditSourceId": "casustafel",
        "nen7513.AuditSourceTypeCode": "4",
        "casustafel": {
            "outcome": "permit", "conference": None, "phase": "overleg", "traceId": found.leaf["rnd"], "index": 7,
            "checkpoint": {"size": 42, "root": "cm9vdA=="}, "seen": [],
        },
    }  # fmt: skip


@pytest.mark.parametrize(("out", "code"), [("permit", "0"), ("deny", "4"), ("error", "8")])
def test_an_outcome_is_told_with_its_reason(out: str, code: str) -> None:
    told = json.loads(nen7513.line(exported(out=out, reason="not_involved")))
    assert (told["EventOutcomeIndicator"], told["controles"]) == (code, "not_involved")


@pytest.mark.parametrize("reason", ["consent", "exception"])
def test_consent_and_exception_are_the_profile(reason: str) -> None:
    assert json.loads(nen7513.line(exported(reason=reason)))["toestemmingsProfiel"] == reason


def test_whom_a_push_reached_asked_for_nothing() -> None:
    told = json.loads(nen7513.line(exported(act="conference.pushed", actor=None, recipients=(PERSON, OTHER))))
    assert [(user["userID"], user["userIsRequestor"]) for user in told["users"]] == [
        (str(PERSON), False),
        (str(OTHER), False),
    ]


def test_what_nobody_did_has_no_user_and_what_is_about_nobody_no_participant() -> None:
    told = json.loads(nen7513.line(exported(act="log.cosigned", actor=None, subject=None, origin="system")))
    assert (told["users"], told["participants"]) == ([], [])


# --- everything that the product enters -----------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("out", ["permit", "deny", "error"])
def test_every_kind_of_entry_has_its_form_in_both(act: str, out: str) -> None:
    bare = {"actor": None, "party": None, "role": None, "session": None, "case": None, "subject": None, "obj": ()}
    for fields in ({}, {"recipients": (PERSON, OTHER)}, {**bare, "seen": (), "phase": None, "reason": None}):
        found = exported(act=act, out=out, **fields)
        assert len(list(ldv.lines(found))) == max(len(found.leaf["recipients"]), 1)
        assert json.loads(nen7513.line(found))["EventActionCode"] in "CRUDE"
        assert activity(act).startswith("urn:casustafel:activity:")


def test_what_shows_reads_and_what_a_verb_does_not_tell_changes() -> None:
    codes = {act: json.loads(nen7513.line(exported(act=act)))["EventActionCode"] for act in ACTS}
    assert {codes[act] for act in VIEWS} == {"R"}
    assert codes["case.destroyed"] == "D"
    assert codes["item.prepared"] == codes["case.opened"] == "C"
    assert codes["item.withdrawn"] == codes["person.changed"] == "U"
    assert codes["login.succeeded"] == codes["export.made"] == codes["log.exported"] == "E"


def test_no_key_of_a_leaf_is_lost_on_the_way() -> None:
    """What a leaf says in a field stands in both forms."""
    found = exported(conference=OTHER, recipients=(OTHER,))
    assert set(found.leaf) == LEAF_KEYS
    told = b"".join(ldv.lines(found)).decode()
    other = nen7513.line(found).decode()
    for name, value in found.leaf.items():
        if name in {"t", "rnd"}:
            continue
        for one in value if isinstance(value, list) else [value]:
            assert str(one) in told, name
            assert str(one) in other, name


def test_with_a_key_more_or_less_it_is_no_leaf() -> None:
    """The check of an export and what goes out in a standard's form ask for the same keys."""
    leaf = dict(exported().leaf)
    assert is_leaf(canonical(leaf))
    more = canonical(leaf | {"note": "x"})
    less = [canonical({key: value for key, value in leaf.items() if key != gone}) for gone in LEAF_KEYS]
    for raw in (more, *less):
        assert not is_leaf(raw)
        with pytest.raises(msgspec.DecodeError):
            Exported.of(raw)


@pytest.mark.parametrize("verdict", sorted(VERDICTS))
def test_a_verdict_goes_out_as_its_code(verdict: str) -> None:
    (line,) = ldv.lines(exported(act="review.judged", reason=verdict))
    assert read(line)[1]["casustafel.reason"] == verdict
