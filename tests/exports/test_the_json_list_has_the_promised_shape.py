"""The JSON decision list: its shape, its words, and what it never holds."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import rfc8785

from agenda.exports import control_number, fingerprint, render
from agenda.exports.lists import plain
from agenda.exports.machine import content
from tests.exports.samples import KWINTES, MARKING, POLITIE, at, decision_list


def document(**changes: Any) -> dict[str, Any]:
    body = render(decision_list(**changes), MARKING, "json").body
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def test_the_document_has_exactly_the_promised_keys() -> None:
    made = document()
    assert set(made) == {"for", "conference", "decisions", "actions", "left_out"}
    assert set(made["decisions"][0]) == {"case", "text", "category", "status", "dissent"}
    assert set(made["actions"][0]) == {"case", "text", "owner", "due", "status", "category"}
    assert {"title", "starts", "chair", "covenant"} <= set(made["conference"])


def test_the_values_are_ids_dates_and_code_names() -> None:
    made = document()
    assert made["for"] == "kwintes"
    assert made["decisions"][0]["case"] == "KIEVIT"
    assert made["decisions"][0]["status"] == "adopted"
    assert made["decisions"][0]["dissent"] == [
        {"party": "kwintes", "reason": "twee weken is te kort om tot rust te komen."}
    ]
    assert made["actions"] == [
        {
            "case": "KIEVIT",
            "text": "Bellen over verlenging",
            "owner": "kwintes",
            "due": "2026-12-01",
            "status": "open",
            "category": "prc",
        }
    ]


def test_a_general_point_has_no_case() -> None:
    assert document()["decisions"][-1]["case"] is None


def test_what_is_left_out_is_never_told() -> None:
    assert document()["left_out"] is None


def test_a_betrokkene_is_the_handle_with_the_receivers_pseudonym() -> None:
    text = document()["decisions"][0]["text"]
    assert text == "De opvang van betrokkene 1 (KV4W-6P) loopt door tot 7 december."


def test_a_name_that_may_be_read_has_handle_and_pseudonym_beside_it() -> None:
    text = document(named="Noor Fictief")["decisions"][0]["text"]
    assert text.startswith("De opvang van Noor Fictief (betrokkene 1, KV4W-6P) loopt")


def test_a_second_mention_in_one_text_is_short() -> None:
    subject = decision_list().parts[0].decisions[0].text[1]
    assert plain((subject, " en ", subject)) == "betrokkene 1 (KV4W-6P) en betrokkene 1"


def test_no_internal_id_stands_in_the_document() -> None:
    body = render(decision_list(), MARKING, "json").body.decode()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", body)
    assert "{subject:" not in body


def test_the_marking_names_receiver_time_maker_and_hash() -> None:
    marking = document()["conference"]["marking"]
    assert marking["confidential_for"] == "kwintes"
    assert marking["made_at"] == "2026-11-23T14:52:00+01:00"
    assert marking["made_by"] == "V. Oorzitter"
    assert marking["sha256"] == fingerprint(decision_list())
    assert marking["control_number"] == control_number(marking["sha256"])


def test_the_hash_is_of_the_canonical_json_of_the_unmarked_list() -> None:
    hostile = decision_list(text=' "\\\u2028\x07\x7f é 😀 </script>')
    expected = hashlib.sha256(rfc8785.dumps(content(hostile))).hexdigest()
    assert fingerprint(hostile) == expected


def test_a_reader_of_the_file_can_check_the_hash_without_the_product() -> None:
    made = document()
    marking = made["conference"].pop("marking")
    assert hashlib.sha256(rfc8785.dumps(made)).hexdigest() == marking["sha256"]


def test_two_receivers_give_two_files_and_two_hashes() -> None:
    kwintes = decision_list(party=KWINTES)
    police = decision_list(party=POLITIE, pseudonym="QH7M-2X")
    for form in ("json", "csv", "pdf"):
        first, second = render(kwintes, MARKING, form), render(police, MARKING, form)
        assert first.sha256 != second.sha256
        assert first.body != second.body
        assert first.name != second.name


def test_the_hash_is_one_for_all_formats_and_does_not_depend_on_the_moment() -> None:
    later = replace(MARKING, made_at=at(23, 59))
    hashes = {render(decision_list(), MARKING, form).sha256 for form in ("json", "csv", "pdf")}
    assert hashes == {render(decision_list(), later, "json").sha256}


def test_the_control_number_is_four_groups_of_four() -> None:
    assert control_number("7c1e09b455d2a8f0" + "0" * 48) == "7c1e 09b4 55d2 a8f0"


def test_the_files_name_holds_the_control_number_and_nothing_of_the_case() -> None:
    made = render(decision_list(), MARKING, "pdf")
    assert re.fullmatch(r"besluitenlijst-[0-9a-f]{16}\.pdf", made.name)
    assert made.name[15:31] == made.sha256[:16]
