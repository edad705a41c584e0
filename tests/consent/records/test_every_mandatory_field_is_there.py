"""TS 27560's mandatory fields and the AVG's: there in every state, and missed when one is taken away."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings

from consent.records import (
    Category,
    Event,
    GivenBy,
    Incomplete,
    Notice,
    Party,
    Purpose,
    Register,
    checked,
    missing,
    receipt,
    record,
    unknown,
)
from consent.records.shapes import DATA, EVENT, NOTICE, PARTY, PROCESS, RECEIPT, RECORD
from consent.states import State
from tests.consent.records.registers import (
    CARE,
    NOW,
    empty_facts,
    event,
    line,
    of_state,
    register,
    registers,
    whole,
)
from tests.consent.records.registers import (
    PROCESS as CONTROLLER,
)

# The list of design/privacy.md, written out: mandatory in TS 27560, and what the AVG adds by DPV's guide.
ISO_FIELDS = {
    "schema_version", "record_id", "pii_principal_id", "privacy_notice", "language", "purpose", "pii_information",
    "pii_controllers", "storage_locations", "retention_period", "jurisdiction", "recipient_third_parties",
    "withdrawal_method", "pii_type", "party_id", "party_address", "party_name", "party_contact", "party_type",
    "event_time", "validity_duration", "entity_id", "event_type", "event_state",
}  # fmt: skip
AVG_FIELDS = {
    "lawful_basis", "collection_method", "processing_method", "processing_locations", "geographic_restrictions",
    "privacy_rights", "authority_party", "pii_optional", "special_pii_category", "party_role",
}  # fmt: skip
ALL = {field.name for shape in (RECORD, NOTICE, PROCESS, DATA, PARTY, EVENT) for field in shape}


def test_the_shapes_ask_for_everything_on_the_list() -> None:
    assert ISO_FIELDS | AVG_FIELDS <= ALL
    by_law = {field.name for shape in (RECORD, PROCESS, DATA, PARTY) for field in shape if field.by == "AVG"}
    assert by_law | {"party_role"} >= AVG_FIELDS
    assert {field.name for field in RECEIPT} >= {"schema_version", "receipt_id"}


@pytest.mark.parametrize("make", [record, receipt])
@pytest.mark.parametrize("told", [True, False], ids=["with its event", "without any event"])
@pytest.mark.parametrize("state", State)
def test_no_field_is_missing_in_any_state(state: State, told: bool, make: Callable[..., dict[str, Any]]) -> None:
    document = make(of_state(state, told=told))
    assert missing(document) == []
    assert checked(document)


@pytest.mark.parametrize("make", [record, receipt])
@pytest.mark.parametrize("state", State)
def test_what_is_not_known_is_said_and_not_left_out(state: State, make: Callable[..., dict[str, Any]]) -> None:
    document = make(empty_facts(state))
    assert missing(document) == []
    said = set(unknown(document))
    assert {
        "privacy_notice", "language", "withdrawal_method", "privacy_rights", "purpose", "storage_locations",
        "retention_period", "processing_locations", "geographic_restrictions", "party_address", "party_contact",
    } <= said  # fmt: skip
    assert not said & {"schema_version", "record_id", "pii_principal_id", "party_id", "event_type", "event_state"}


def test_of_a_line_whose_facts_are_all_known_nothing_is_unknown() -> None:
    known = [replace(party, address="Straat 1", contact="035 000 00 00") for party in (CARE, line().party)]
    told = register(*(replace(one, party=known[1]) for one in whole().lines), events=whole().events, registrar=known[0])
    assert unknown(record(told)) == []
    assert unknown(receipt(told)) == []


def cut(document: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """The document without what stands at the end of a path."""
    copied = deepcopy(document)
    at: Any = copied
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return copied


LINE = ("dpv:hasProcess", 0)
STATUS = (*LINE, "dpv:hasConsentStatus")
EVENT_AT = ("dpv:hasConsentStatus", 0)
CUTS: list[tuple[str, tuple[str | int, ...]]] = [
    ("schema_version", ("dct:conformsTo",)),
    ("record_id", ("dct:identifier",)),
    ("pii_principal_id", ("dpv:hasDataSubject", "dct:identifier")),
    ("privacy_notice", ("dpv:hasNotice",)),
    ("privacy_notice", ("dpv:hasNotice", 0, "@type")),
    ("language", ("dpv:hasNotice", 0, "dct:language")),
    ("pii_controllers", ("dpv:hasDataController",)),
    ("jurisdiction", ("dpv:hasJurisdiction",)),
    ("withdrawal_method", ("dpv:hasConsentControl",)),
    ("withdrawal_method", ("dpv:hasConsentControl", "dpv:isExercisedAt")),
    ("purposes", ("dpv:hasProcess",)),
    ("events", ("dpv:hasConsentStatus",)),
    ("privacy_rights", ("dpv:hasRight",)),
    ("authority_party", ("dpv:hasAuthority",)),
    ("applicable_law", ("dpv:hasApplicableLaw",)),
    ("purpose", (*LINE, "dpv:hasPurpose")),
    ("purpose", (*LINE, "dpv:hasPurpose", "dct:title")),
    ("pii_information", (*LINE, "dpv:hasPersonalData")),
    ("pii_type", (*LINE, "dpv:hasPersonalData", "skos:broader")),
    ("pii_type", (*LINE, "dpv:hasPersonalData", "@type")),
    ("pii_optional", (*LINE, "dpv:hasPersonalData", "dpv:hasNecessity")),
    ("special_pii_category", (*LINE, "dpv:hasPersonalData", "casustafel:specialCategory")),
    ("storage_locations", (*LINE, "dpv:hasStorageCondition", 0)),
    ("retention_period", (*LINE, "dpv:hasStorageCondition", 1)),
    ("recipient_third_parties", (*LINE, "dpv:hasRecipient")),
    ("lawful_basis", (*LINE, "dpv:hasLegalBasis")),
    ("collection_method", (*LINE, "dpv:hasDataSource")),
    ("processing_method", (*LINE, "dpv:hasProcessing")),
    ("processing_locations", (*LINE, "dpv:hasProcessingCondition")),
    ("geographic_restrictions", (*LINE, "dpv:hasRule")),
    ("event_state", STATUS),
    *(
        (name, (*at, key))
        for at in (STATUS, EVENT_AT)
        for name, key in (
            ("event_time", "dpv:isIndicatedAtTime"),
            ("validity_duration", "dpv:hasDuration"),
            ("entity_id", "dpv:isIndicatedBy"),
            ("event_type", "dpv:hasLegalBasis"),
            ("event_state", "@type"),
        )
    ),
    *(
        (name, ("dpv:hasEntity", which, key))
        for which in range(4)
        for name, key in (
            ("party_id", "dct:identifier"),
            ("party_name", "dpv:hasName"),
            ("party_address", "dpv:hasAddress"),
            ("party_contact", "dpv:hasContact"),
            ("party_type", "@type"),
            ("party_role", "@type"),
        )
    ),
]


@pytest.mark.parametrize(("name", "path"), CUTS, ids=[f"{name} at {'/'.join(map(str, path))}" for name, path in CUTS])
def test_a_field_that_is_taken_away_is_missed_by_its_name(name: str, path: tuple[str | int, ...]) -> None:
    only = line(State.GIVEN)
    document = record(register(only, events=(event(only),)))
    assert name in missing(cut(document, *path))
    inside = receipt(register(only, events=(event(only),)))
    assert name in missing(cut(inside, "dpv:hasRecordOfActivity", *path))


def test_every_field_of_the_list_was_tried() -> None:
    assert ALL - {name for name, _path in CUTS} == set()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("schema_version", "dct:conformsTo"),
        ("receipt_id", "dct:identifier"),
        ("receipt_time", "dct:created"),
        ("consent_record", "dpv:hasRecordOfActivity"),
    ],
)
def test_what_a_receipt_itself_must_have_is_missed_too(name: str, key: str) -> None:
    assert missing(cut(receipt(whole()), key)) == [name]


def test_an_empty_text_is_no_answer_and_what_identifies_may_not_be_unknown() -> None:
    document = record(whole())
    document["dpv:hasConsentControl"] = {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": "  "}
    document["dct:identifier"] = {"@id": "dpv:NotAvailable"}
    assert missing(document) == ["record_id", "withdrawal_method"]


def test_a_document_with_a_missing_field_is_never_handed_out_and_the_error_holds_names_of_fields_only() -> None:
    document = cut(record(whole()), "dpv:hasJurisdiction")
    with pytest.raises(Incomplete) as refused:
        checked(document)
    assert refused.value.fields == ["jurisdiction"]
    assert re.fullmatch(r"[a-z_, ]+", str(refused.value))


def test_a_register_without_a_line_makes_no_document() -> None:
    with pytest.raises(Incomplete) as refused:
        checked(record(register()))
    assert set(refused.value.fields) == {"purposes", "events"}


def test_the_profiles_are_those_of_the_avg() -> None:
    assert record(whole())["dct:conformsTo"] == {"@id": "dpv-27560:record-eu-gdpr"}
    assert receipt(whole())["dct:conformsTo"] == {"@id": "dpv-27560:receipt-eu-gdpr"}


def test_special_categories_rest_on_their_own_article_and_every_consent_is_explicit() -> None:
    health = record(register(line(State.GIVEN)))["dpv:hasProcess"][0]
    other = record(register(line(State.GIVEN, category=Category(code="won", name="wonen"))))["dpv:hasProcess"][0]
    assert {"@id": "eu-gdpr:A9-2-a"} in health["dpv:hasLegalBasis"]
    assert {"@id": "eu-gdpr:A6-1-a-explicit-consent"} in other["dpv:hasLegalBasis"]
    for process in (health, other):
        assert {"@id": "dpv:ExplicitlyExpressedConsent"} in process["dpv:hasLegalBasis"]


@pytest.mark.parametrize(
    ("by", "kinds"),
    [
        (GivenBy.SELF, {"casustafel:record/{id}/principal"}),
        (GivenBy.BOTH, {"casustafel:record/{id}/principal", "casustafel:record/{id}/representative"}),
        (GivenBy.REPRESENTATIVE, {"casustafel:record/{id}/representative"}),
        (GivenBy.UNKNOWN, {"dpv:NotAvailable"}),
    ],
)
def test_who_said_it_is_told_by_role_and_never_by_name(by: GivenBy, kinds: set[str]) -> None:
    only = line(State.GIVEN)
    made = register(only, events=(event(only, given_by=by),))
    (told,) = record(made)["dpv:hasConsentStatus"]
    assert {said["@id"] for said in told["dpv:isIndicatedBy"]} == {kind.format(id=made.record_id) for kind in kinds}


def test_a_line_past_its_end_expired_at_that_moment_and_by_nobodys_word() -> None:
    given = line(State.GIVEN)
    ended = replace(given, state=State.EXPIRED, ends=NOW)
    told = record(register(ended, events=(event(given, ends=NOW),)))["dpv:hasProcess"][0]["dpv:hasConsentStatus"]
    assert told["dpv:isIndicatedAtTime"]["@value"] == "2026-11-23T09:00:00Z"
    assert told["dpv:isIndicatedBy"] == {"@id": "dpv:NotApplicable"}
    assert told["dpv:hasDuration"] == {"@id": "dpv:NotApplicable"}


def test_what_was_said_on_another_day_than_it_was_recorded_tells_both() -> None:
    given = line(State.GIVEN)
    document = record(register(given, events=(replace(event(given, at=NOW), said_on=date(2026, 11, 20)),)))
    (told,) = document["dpv:hasConsentStatus"]
    day = {"@value": "2026-11-20", "@type": "xsd:date"}
    assert told["dpv:isIndicatedAtTime"] == day
    assert told["dct:created"] == {"@value": "2026-11-23T09:00:00Z", "@type": "xsd:dateTime"}
    assert document["dpv:hasProcess"][0]["dpv:hasConsentStatus"]["dpv:isIndicatedAtTime"] == day


def test_a_line_that_was_never_asked_is_told_as_such_by_the_record_and_by_its_process() -> None:
    document = record(register(line(State.NOT_ASKED)))
    (process,) = document["dpv:hasProcess"]
    assert document["dpv:hasConsentStatus"] == [{"@id": process["dpv:hasConsentStatus"]["@id"]}]
    assert process["dpv:hasConsentStatus"]["dpv:isIndicatedAtTime"] == {"@id": "dpv:NotApplicable"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Party(id=" ", name="x"),
        lambda: Party(id="x", name=""),
        lambda: Category(code="", name="x"),
        lambda: Purpose(id=""),
        lambda: Notice(id="x", version="1", language=" "),
        lambda: register(line(), line()),
        lambda: register(principal=""),
        lambda: register(line(), events=(event(line(category=Category(code="won", name="wonen"))),)),
        lambda: register(line(), events=(Event(id=uuid4(), at=NOW, lines=(), state=State.GIVEN),)),
        lambda: register(line(), events=(event(line()), event(line()))),
    ],
)
def test_what_cannot_be_a_register_is_refused_when_it_is_made(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"empty|two|not there"):
        make()


@given(registers())
@settings(max_examples=60, deadline=None)
def test_no_field_is_missing_of_any_register(made: Register) -> None:
    for make in (record, receipt):
        assert missing(make(made)) == []
    assert CONTROLLER.address
