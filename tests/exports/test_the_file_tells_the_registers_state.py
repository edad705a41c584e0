"""A file carries what the register says of its receiver, beside the list and outside its hash."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pytest
import rfc8785

from agenda.exports import Category, Consented, DecisionList, Mention, Register, fingerprint, grouped, render
from agenda.exports.words import LANGUAGES
from consent.states import State
from tests.exports.samples import MARKING, at, decision_list, pdf_text

GEZ, HLP = Category("gez", "gezondheid"), Category("hlp", "hulp en zorg")
NOOR, TANTE = Mention("betrokkene 1", "KV4W-6PQR-2AB"), Mention("betrokkene 2", "QH7M-2XTR-9DK")
LINES = (
    Consented("KIEVIT", NOOR, HLP, "gegeven", date(2027, 5, 1)),
    Consented("KIEVIT", NOOR, GEZ, "ingetrokken"),
    Consented("KIEVIT", TANTE, GEZ, "verlopen", date(2026, 11, 20)),
)
FORMS = ("json", "csv", "pdf")


def told(*lines: Consented) -> DecisionList:
    return replace(decision_list(), register=Register(at(14, 52), "K7QH3MXT9DK2", lines))


def marking(document: DecisionList) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(document, MARKING, "json").body)["conference"]["marking"]
    return found


def rows(document: DecisionList) -> list[dict[str, str]]:
    text = render(document, MARKING, "csv").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_json_tells_it_inside_the_marking_and_nowhere_else() -> None:
    assert marking(told(*LINES))["register"] == {
        "at": "2026-11-23T14:52:00+01:00",
        "code": "K7QH 3MXT 9DK2",
        "lines": [
            {
                "case": "KIEVIT",
                "subject": "betrokkene 1 (KV4W-6PQR-2AB)",
                "category": "hlp",
                "state": "gegeven",
                "until": "2027-05-01",
            },
            {
                "case": "KIEVIT",
                "subject": "betrokkene 1 (KV4W-6PQR-2AB)",
                "category": "gez",
                "state": "ingetrokken",
                "until": None,
            },
            {
                "case": "KIEVIT",
                "subject": "betrokkene 2 (QH7M-2XTR-9DK)",
                "category": "gez",
                "state": "verlopen",
                "until": "2026-11-20",
            },
        ],
    }
    made = json.loads(render(told(*LINES), MARKING, "json").body)
    assert set(made) == {"for", "conference", "decisions", "actions", "left_out"}
    made["conference"].pop("marking")
    assert "register" not in json.dumps(made)


def test_the_hash_is_of_the_decisions_alone_and_can_still_be_checked_by_a_reader() -> None:
    assert fingerprint(told(*LINES)) == fingerprint(decision_list())
    made = json.loads(render(told(*LINES), MARKING, "json").body)
    mark = made["conference"].pop("marking")
    assert hashlib.sha256(rfc8785.dumps(made)).hexdigest() == mark["sha256"]
    assert len({render(told(*LINES), MARKING, form).sha256 for form in FORMS}) == 1


def test_csv_has_a_row_for_each_line_with_the_columns_that_were_there() -> None:
    found = [row for row in rows(told(*LINES)) if row["kind"] == "register"]
    assert found[0] == {
        "kind": "register",
        "case": "KIEVIT",
        "text": "betrokkene 1 (KV4W-6PQR-2AB)",
        "category": "hlp",
        "status": "gegeven",
        "dissent": "",
        "owner": "",
        "due": "2027-05-01",
    }
    assert [row["status"] for row in found] == ["gegeven", "ingetrokken", "verlopen"]
    last = rows(told(*LINES))[-1]
    assert last["kind"] == "marking"
    assert "Registercode K7QH 3MXT 9DK2" in last["text"]


def test_a_list_without_cases_says_nothing_of_a_register() -> None:
    assert marking(decision_list())["register"] is None
    assert not any(row["kind"] == "register" for row in rows(decision_list()))
    assert "Registercode" not in rows(decision_list())[-1]["text"]
    assert "toestemming" not in pdf_text(render(decision_list(), MARKING, "pdf").body)


def test_the_pdf_says_it_in_words_and_on_which_moment() -> None:
    text = pdf_text(render(told(*LINES), MARKING, "pdf").body)
    for said in (
        "Stand van de toestemming voor Kwintes",
        "op 23 november 2026 om 14.52 uur",
        "KV4W-6PQR-2AB",
        "gezondheid ingetrokken",
        "verlopen 20 november 2026",
        "gegeven 1 mei 2027",
        "Registercode K7QH 3MXT 9DK2",
    ):
        assert said in text, said


def test_the_pdf_says_so_when_the_register_holds_nothing_of_the_receiver() -> None:
    assert "staat bij deze casussen niets over Kwintes" in pdf_text(render(told(), MARKING, "pdf").body)
    english = pdf_text(render(told(), MARKING, "pdf", "en").body)
    assert "the register says nothing about Kwintes" in english


def test_the_table_is_tagged_for_who_listens() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(told(*LINES), MARKING, "pdf").body))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_state_that_the_register_knows_has_a_word(lang: str) -> None:
    assert set(LANGUAGES[lang].consent_states) == {state.value for state in State}


def test_a_state_that_is_not_known_yet_is_printed_as_it_is() -> None:
    strange = replace(LINES[0], state="iets_nieuws")
    assert "iets_nieuws" in pdf_text(render(told(strange), MARKING, "pdf").body)


def test_no_internal_id_and_no_word_of_another_party_stands_in_it() -> None:
    for form in ("json", "csv"):
        body = render(told(*LINES), MARKING, form).body.decode()
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", body)
        assert "politie" not in body.casefold().replace("de politie hoort", "")


def test_a_code_is_read_aloud_in_groups_of_four() -> None:
    assert grouped("K7QH3MXT9DK2") == "K7QH 3MXT 9DK2"
    assert grouped("") == ""
