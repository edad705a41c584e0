"""The record and the receipt as JSON-LD: nothing is lost, no term is invented, a text stays a text."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from pyld import jsonld

from consent.records import NAMESPACE, Party, Purpose, Register, as_json, receipt, record
from consent.records.expansion import expand
from consent.records.vocabulary import OWN_TERMS, PREFIXES, STATUS
from consent.states import State
from tests.consent.records.registers import HOSTILE, KWINTES, Line, known_terms, line, register, registers, whole

DOCUMENTS: list[Callable[[Register], dict[str, Any]]] = [record, receipt]
KNOWN = known_terms()


def no_network(url: str, options: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError(f"the document asks for {url}")


def expanded(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Expand the bytes of a document, as somebody else's program would; any look at the network is a fault."""
    found: list[dict[str, Any]] = jsonld.expand(json.loads(as_json(document)), {"documentLoader": no_network})
    return found


def iri(name: str) -> str:
    prefix, _colon, rest = name.partition(":")
    return name if prefix == "urn" else PREFIXES[prefix] + rest


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key != "@context":
                yield key
                yield from keys_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from keys_of(child)


def leaves_of(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every text, yes or no, address and type, told apart by what it stands under."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name != "@context":
                yield from leaves_of(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from leaves_of(child, key)
    else:
        yield (key if key in {"@id", "@type"} else "@value", value)


def addresses_of(value: Any) -> Iterator[str]:
    yield from (found for key, found in leaves_of(value) if key in {"@id", "@type"})
    yield from (key for key in keys_of(value) if not key.startswith("@"))


def unknown_terms(document: dict[str, Any]) -> set[str]:
    """Every address in a document that is neither a known term, nor an own one, nor a thing of its own."""
    strange = set()
    for address in addresses_of(expanded(document)):
        space, name = next(((s, address[len(s) :]) for s in KNOWN if address.startswith(s)), ("", address))
        if space and name in KNOWN[space]:
            continue
        own = address.removeprefix(NAMESPACE) if address.startswith(NAMESPACE) else ""
        if own in OWN_TERMS or own.split("/")[0] in {"record", "party", "category", "notice"}:
            continue
        if not address.startswith("urn:uuid:"):
            strange.add(address)
    return strange


def assert_whole(document: dict[str, Any]) -> None:
    outcome = expanded(document)
    written = Counter((kind, iri(found) if kind in {"@id", "@type"} else found) for kind, found in leaves_of(document))
    assert Counter(leaves_of(outcome)) == written
    assert {iri(key) for key in keys_of(document) if not key.startswith("@")} == {
        key for key in keys_of(outcome) if not key.startswith("@")
    }
    assert outcome == expand(document), "our own reading of it is that of JSON-LD"


@pytest.mark.parametrize("make", DOCUMENTS)
def test_every_value_and_every_key_is_found_back_after_expansion(make: Callable[..., dict[str, Any]]) -> None:
    assert_whole(make(whole()))


@pytest.mark.parametrize("make", DOCUMENTS)
def test_a_document_uses_no_term_that_the_vocabularies_do_not_have(make: Callable[..., dict[str, Any]]) -> None:
    assert unknown_terms(make(whole())) == set()


def test_a_term_that_does_not_exist_is_noticed() -> None:
    for invented in ("dpv:hasLegalName", "eu-gdpr:GDPR", "dpv:ConsentTerminated", "casustafel:besluit", "loc:XX"):
        assert unknown_terms({**record(whole()), "dpv:hasScope": {"@id": invented}}) == {iri(invented)}


def test_every_state_of_the_register_has_a_status_that_dpv_knows() -> None:
    assert set(STATUS) == set(State)
    assert {status.removeprefix("dpv:") for status in STATUS.values()} <= KNOWN[PREFIXES["dpv"]]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("niet_gevraagd", "ConsentUnknown"),
        ("gevraagd", "ConsentRequested"),
        ("uitgesteld", "ConsentRequestDeferred"),
        ("geweigerd", "ConsentRefused"),
        ("gegeven", "ConsentGiven"),
        ("bevestigd", "RenewedConsentGiven"),
        ("beperkt", "ConsentGiven"),
        ("ingetrokken", "ConsentWithdrawn"),
        ("verlopen", "ConsentExpired"),
        ("ongeldig", "ConsentInvalidated"),
    ],
)
def test_a_state_is_told_as_in_the_table_and_in_the_registers_own_word(state: str, status: str) -> None:
    (process,) = record(register(line(State(state))))["dpv:hasProcess"]
    told = process["dpv:hasConsentStatus"]
    assert (told["@type"], told["casustafel:state"]) == (f"dpv:{status}", state)


def test_only_states_that_permit_are_told_as_valid_for_processing() -> None:
    valid = {"dpv:ConsentGiven", "dpv:RenewedConsentGiven"}
    assert {state.value for state, status in STATUS.items() if status in valid} == {"gegeven", "bevestigd", "beperkt"}


def test_own_terms_are_all_documented_and_all_used() -> None:
    used = {key.removeprefix("casustafel:") for key in keys_of(record(whole())) if key.startswith("casustafel:")}
    assert used == set(OWN_TERMS)
    assert all(text.strip() for text in OWN_TERMS.values())
    assert NAMESPACE.startswith("https://example.org/"), "plainly a placeholder"


def test_the_same_register_gives_the_same_bytes_in_whatever_order_it_was_told() -> None:
    one = whole()
    other = register(*reversed(one.lines), events=tuple(reversed(one.events)))
    assert as_json(record(one)) == as_json(record(other))
    assert as_json(receipt(one)) == as_json(receipt(other))


def test_the_bytes_are_valid_utf_8_json_and_no_key_stands_twice() -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _value in pairs}) == len(pairs)
        return dict(pairs)

    for make in DOCUMENTS:
        written = as_json(make(whole()))
        assert json.loads(written.decode("utf-8"), object_pairs_hook=once) == make(whole())
        assert "zorgcoördinator".encode() in written
        assert written.endswith(b"}\n")


def test_the_context_stands_in_the_document_and_nothing_in_it_is_remote() -> None:
    for make in DOCUMENTS:
        assert make(whole())["@context"] == dict(PREFIXES)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_wherever_it_is_put(text: str) -> None:
    told = Line(
        party=Party(id=text, name=text, address=text, contact=text),
        category=KWINTES and line().category,
        purpose=Purpose(id=text, title=text),
        state=State.GIVEN,
        covenant_row=text,
    )
    document = record(register(told, handle=text, principal=text, withdrawal=text, rights=text, location=text))
    assert_whole(document)
    assert unknown_terms(document) == set()
    plain = {"@value": text}
    (entity,) = [e for e in expanded(document)[0][iri("dpv:hasEntity")] if {"@value": text} in e[iri("dct:identifier")]]
    assert entity[iri("dpv:hasName")] == entity[iri("dpv:hasAddress")] == [plain]
    (process,) = expanded(document)[0][iri("dpv:hasProcess")]
    assert process[iri("dpv:hasPurpose")][0][iri("dct:title")] == [plain]


def test_two_people_s_records_share_no_thing_but_what_is_everybodys() -> None:
    """Whoever joins two records must not get one person, one line or one event out of two."""
    one = whole()
    other = register(*one.lines, record_id=one.receipt_id, receipt_id=one.record_id, principal="ANDER")
    mine, theirs = (set(addresses_of(expanded(record(made)))) for made in (one, other))
    shared = {address.removeprefix(NAMESPACE) for address in mine & theirs if address.startswith(NAMESPACE)}
    assert {address.split("/")[0] for address in shared} <= {"party", "category", "notice"} | set(OWN_TERMS)


@given(registers())
@settings(max_examples=60, deadline=None)
def test_any_register_expands_without_loss_and_with_known_terms_only(made: Register) -> None:
    for make in DOCUMENTS:
        document = make(made)
        assert_whole(document)
        assert unknown_terms(document) == set()


@pytest.mark.parametrize(
    ("document", "trouble"),
    [
        ({"@context": {}, "dpv:a": "b"}, KeyError),
        ({"@context": {}, "a": "b"}, ValueError),
        ({"@context": {}, "@graph": []}, ValueError),
        ({"@context": {"a": "https://example.org/"}, "a:b": 1.5}, TypeError),
        ({"@context": {"a": "https://example.org/"}, "a:b": None}, TypeError),
    ],
)
def test_our_reading_refuses_what_our_documents_never_hold(document: dict[str, Any], trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        expand(document)
