"""What a person is handed says nothing that the record does not say, and nothing of anybody's name."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from pyld import jsonld

from consent.records import Register, as_json, receipt, record
from consent.records.vocabulary import INTERNAL
from consent.states import State
from tests.consent.records.registers import of_state, registers, whole

Claim = tuple[str, str, str]


def claims(document: dict[str, Any]) -> set[Claim]:
    """Everything a document says, as subject, property and value; things without an address by their place."""
    return set(_claims(jsonld.expand(document)[0], ""))


def _claims(node: dict[str, Any], place: str) -> Iterator[Claim]:
    here = node.get("@id", place)
    yield from ((here, "type", kind) for kind in node.get("@type", []))
    for name, values in node.items():
        if name.startswith("@"):
            continue
        for number, value in enumerate(values):
            if "@value" in value:
                yield (here, name, f"{value['@value']!r} {value.get('@type', '')}")
            else:
                there = f"{here} {name} {number}"
                yield (here, name, value.get("@id", there))
                yield from _claims(value, there)


def own_part(made: Register) -> set[Claim]:
    """What a receipt says of itself: that it is one, whose, when, and of which record."""
    return {claim for claim in claims(receipt(made)) if claim[0] == made.receipt_id.urn}


def test_every_claim_of_the_receipt_about_the_consent_stands_in_the_record() -> None:
    made = whole()
    assert claims(receipt(made)) - own_part(made) <= claims(record(made))


def test_the_receipt_leaves_out_the_registers_own_affairs_and_nothing_else() -> None:
    made = whole()
    left_out = claims(record(made)) - claims(receipt(made))
    assert {name.rpartition("#")[2] for _subject, name, _value in left_out} == INTERNAL


@pytest.mark.parametrize("state", State)
def test_record_and_receipt_tell_the_same_state_for_the_same_line(state: State) -> None:
    made = of_state(state, told=True)
    told = receipt(made)["dpv:hasRecordOfActivity"]
    for key in ("dpv:hasProcess", "dpv:hasConsentStatus"):
        mine, theirs = ([(n["@id"], n.get("@type")) for n in found[key]] for found in (told, record(made)))
        assert mine == theirs


def test_the_receipt_names_its_record_itself_and_the_moment() -> None:
    made = whole()
    document = receipt(made)
    assert document["dct:identifier"] == str(made.receipt_id) != str(made.record_id)
    assert document["dpv:hasRecordOfActivity"]["@id"] == record(made)["@id"]
    assert document["dct:created"]["@value"] == "2026-11-23T09:00:00Z"


@given(registers())
@settings(max_examples=40, deadline=None)
def test_the_receipt_of_any_register_agrees_with_its_record(made: Register) -> None:
    assert claims(receipt(made)) - own_part(made) <= claims(record(made))


def _texts(kind: type, seen: set[type]) -> Iterator[str]:
    """The names of all fields of a dataclass and of those in it."""
    if kind in seen or not is_dataclass(kind):
        return
    seen.add(kind)
    hints = get_type_hints(kind)
    for one in fields(kind):
        yield f"{kind.__name__}.{one.name}"
        for inner in (hints[one.name], *get_args(hints[one.name])):
            if isinstance(inner, type):
                yield from _texts(inner, seen)


def test_there_is_no_place_for_a_name_or_a_text_of_the_person_or_of_those_around_her() -> None:
    found = set(_texts(Register, set()))
    assert {name for name in found if name.endswith(".name")} == {"Party.name", "Category.name"}
    for word in ("note", "text", "reason", "birth", "bsn", "phone", "reach", "interpreter_told", "paper", "setting"):
        assert not [name for name in found if word in name.partition(".")[2] and name != "Event.notice"], word


@pytest.mark.parametrize("make", [record, receipt])
def test_interpreter_and_representative_are_told_by_kind_only(make: Callable[..., dict[str, Any]]) -> None:
    written = as_json(make(whole())).decode()
    assert "dpv:GuardianOfDataSubject" in written
    assert ("registered" in written) is (make is record)
