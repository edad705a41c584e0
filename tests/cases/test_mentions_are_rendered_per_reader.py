"""A mention stands in a text as an id, and is read as a name or as handle and pseudonym, at UTF-16 offsets."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.cases.mentions import Label, mentioned, parts, render
from tests.world import Table

# Fixed: parallel workers must collect tests by the same names.
ONE = UUID("5f0c2f0e-5d0a-4b1e-9f0c-2a1d5c3e8b10")
TWO = UUID("7a1d3e2b-90c4-4f6a-8b5d-c1e2f3a4b5c6")
NAMED = Label("betrokkene 1", "QH7M-2XTR-9DK", "Noor 👩‍👧 Verzonnen")
HIDDEN = Label("betrokkene 2", "AB12-CD34-EF5", None)
LABELS = {ONE: NAMED, TWO: HIDDEN}


def mark(subject: UUID) -> str:
    return f"{{subject:{subject}}}"


def utf16(text: str, start: int, end: int) -> str:
    """What a browser calls text.slice(start, end)."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


TEXTS = [
    f"{mark(ONE)}",
    f"{mark(ONE)}{mark(TWO)}{mark(ONE)}",
    f"👩‍👧‍👦 {mark(ONE)} 🏳️‍🌈 {mark(TWO)}!",
    f"مرحبا {mark(TWO)} שלום {mark(ONE)} \u202eomgekeerd\u202c",
    f"e\u0301 \U0001f468\u200d\U0001f9b0 {mark(TWO)}\n\t{mark(ONE)}\x00",
    "geen enkele",
    "{subject:wie} {subject:} {{subject}} {subject:12345678-1234-1234-1234-1234567890AB}",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_offsets_count_utf16_units_and_cut_out_exactly_the_label(text: str) -> None:
    shown, placed = render(text, LABELS.get)
    assert [place.subject for place in placed] == [part for part in parts(text) if isinstance(part, UUID)]
    for place in placed:
        assert utf16(shown, place.start, place.end) == LABELS[place.subject].text
    assert str(ONE) not in shown


PIECE = st.one_of(st.text(max_size=12).filter(lambda text: "{" not in text), st.sampled_from([ONE, TWO]))


@given(st.lists(PIECE, max_size=8))
def test_any_text_around_any_mentions_is_kept_as_it_is(pieces: list[str | UUID]) -> None:
    stored = "".join(piece if isinstance(piece, str) else mark(piece) for piece in pieces)
    shown, placed = render(stored, LABELS.get)
    assert shown == "".join(piece if isinstance(piece, str) else LABELS[piece].text for piece in pieces)
    assert [utf16(shown, place.start, place.end) for place in placed] == [LABELS[p.subject].text for p in placed]
    assert list(mentioned(stored)) == list(dict.fromkeys(piece for piece in pieces if isinstance(piece, UUID)))


def test_a_subject_that_is_not_there_any_more_is_an_ellipsis_without_a_place() -> None:
    assert render(f"over {mark(ONE)}.", lambda _: None) == ("over ….", [])


def test_a_label_reads_as_name_or_as_handle_with_pseudonym() -> None:
    assert NAMED.text == "Noor 👩‍👧 Verzonnen"
    assert HIDDEN.text == "betrokkene 2 (AB12-CD34-EF5)"


def test_each_reader_reads_the_same_text_her_own_way(table: Table) -> None:
    decision, subject = table.key("d3"), table.key("s1")
    chair, police = (table.view(name) for name in ("vz", "pol"))
    assert chair[decision]["text"] == "besluit-d3 Noor Verzonnen"
    assert chair[decision]["mentions"][0]["named"] is True
    pseudonym = police[subject]["pseudonym"]
    assert police[decision]["level"] == "pseudonymised"
    assert police[decision]["text"] == f"besluit-d3 betrokkene 1 ({pseudonym})"
    (mention,) = police[decision]["mentions"]
    assert mention == {
        "start": 11,
        "end": 11 + len(f"betrokkene 1 ({pseudonym})"),
        "subject": table.ids["subjects"]["s1"],
        "named": False,
        "handle": "betrokkene 1",
        "pseudonym": pseudonym,
    }


def test_at_the_pseudonymised_level_even_a_known_name_is_not_written(table: Table) -> None:
    """Police know her name (id is I for them), and still read a pseudonym where the text is at level p."""
    view = table.view("pol")
    assert view[table.key("s1")]["name"] == "Noor Verzonnen"
    assert "Noor" not in view[table.key("d3")]["text"]
    assert "Noor" in view[table.key("i-pol")]["text"]


def test_mentions_of_another_case_or_a_general_point_stay_plain_text(table: Table) -> None:
    answer = table.do("kw", "minutes.write", agenda_item=table.id("agenda_items", "a0"), text="{subject:iemand}")
    body = table.view("kw")[str(answer.key)]
    assert (body["text"], body["mentions"]) == ("{subject:iemand}", [])
