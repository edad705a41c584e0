"""The CSV decision list: opens in a spreadsheet, and can never run there."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.exports import render
from agenda.exports.machine import COLUMNS, inert
from tests.exports.samples import MARKING, decision_list

LEADS = "=+-@\t\r\n\0＝＋－＠"

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def rows(body: bytes) -> list[dict[str, str]]:
    text = body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def made(**changes: Any) -> bytes:
    return render(decision_list(**changes), MARKING, "csv").body


def test_the_file_begins_with_the_byte_order_mark_and_the_columns() -> None:
    body = made()
    assert body.startswith(b"\xef\xbb\xbf")
    header = body.decode("utf-8-sig").split("\r\n")[0]
    assert header == '"kind";"case";"text";"category";"status";"dissent";"owner";"due"'


def test_every_decision_and_action_is_a_row() -> None:
    found = rows(made())
    assert [row["kind"] for row in found] == ["decision"] * 3 + ["action", "marking"]
    assert found[0]["case"] == "KIEVIT"
    assert found[0]["dissent"] == "kwintes: twee weken is te kort om tot rust te komen."
    assert found[3]["due"] == "2026-12-01"
    assert found[3]["owner"] == "kwintes"


def test_the_last_row_marks_receiver_maker_time_and_control_number() -> None:
    sha256 = render(decision_list(), MARKING, "csv").sha256
    text = rows(made())[-1]["text"]
    assert text.startswith("Vertrouwelijk · voor Kwintes. Gemaakt op 23 november 2026 om 14.52 uur")
    assert text.endswith(" ".join([sha256[0:4], sha256[4:8], sha256[8:12], sha256[12:16]]))


@pytest.mark.parametrize("lead", list(LEADS))
def test_a_cell_that_begins_as_a_formula_gets_a_quote_before_it(lead: str) -> None:
    assert inert(f"{lead}HYPERLINK(1)") == f"'{lead}HYPERLINK(1)"


@pytest.mark.parametrize("cover", [" ", "\u00a0", "\ufeff", "\u200b", "\x07", "\u202e "])
def test_a_formula_behind_spaces_or_invisible_signs_is_inert_too(cover: str) -> None:
    assert inert(f"{cover}=1+1").startswith("'")


@pytest.mark.parametrize("cell", ["", " ", "besluit", "7 december", "a=b", "'=1", "-".join("ab")])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


@given(lead=st.sampled_from(LEADS), rest=texts)
def test_no_text_reaches_a_spreadsheet_with_a_formula_lead(lead: str, rest: str) -> None:
    sheet = decision_list(text="", reason=lead + rest, title=lead + rest)
    for row in rows(render(sheet, MARKING, "csv").body):
        assert all(not cell.startswith(tuple(LEADS)) for cell in row.values())


@given(text=texts)
def test_a_text_comes_back_whole_whatever_stands_in_it(text: str) -> None:
    reason = rows(made(reason=text))[0]["dissent"]
    assert reason == f"kwintes: {text}"


@given(text=st.text(st.sampled_from('";\r\n=,\\ a'), max_size=30))
def test_separators_quotes_and_line_ends_in_a_text_start_no_new_cell(text: str) -> None:
    found = rows(made(text=text))
    assert len(found) == 5
    assert all(set(row) == set(COLUMNS) for row in found)
