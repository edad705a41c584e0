"""Whatever somebody types stands in the PDF as what she typed, and does nothing."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agenda.exports import printed, render
from agenda.exports.glyphs import cautious, printable
from agenda.exports.typeset import PdfError
from tests.exports.samples import MARKING, decision_list, pdf_text

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def shown(said: str) -> str:
    """Return what the PDF reads when `said` is a decision, an objection and the title."""
    return pdf_text(render(decision_list(text=said, reason=said, title=said), MARKING, "pdf").body)


@pytest.mark.parametrize(
    "said",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        '#image("http://example.org/x.png")',
        '"] #eval("1+1") [',
        "$ x^2 $ = *vet* _schuin_ `code` @ref <label> // weg /* weg */",
        "\\u{41} \\n \\\\ C:\\temp\\nieuw",
        "- lijst + lijst / term: kop ~ -- ---",
        "https://example.org/?a=b&c=d",
        "<script>alert(1)</script> {{ 7*7 }} {% now %} ${jndi:x}",
        "'; DROP TABLE besluiten; --",
        "{subject:s1} {page} {party} {0} %s",
    ],
)
def test_code_and_markup_are_printed_as_they_were_typed(said: str) -> None:
    assert squeezed(shown(said)).count(squeezed(said)) >= 3


def test_a_list_that_was_never_code_brings_no_link_file_or_script_into_the_pdf() -> None:
    body = render(decision_list(text=' #link("https://example.org")'), MARKING, "pdf").body
    for word in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AcroForm"):
        assert word not in body


@pytest.mark.parametrize("said", ["Zoë Čapek-Ðurić", "Ελλάδα", "Київ", "€ 250 · ½ ✓ → “ja”"])
def test_names_in_european_scripts_are_printed(said: str) -> None:
    assert squeezed(said) in squeezed(shown(f" {said}"))


@pytest.mark.parametrize("said", ["😀", "👩‍👧", "مرحبا"])
def test_emoji_and_arabic_are_drawn_and_not_replaced(said: str) -> None:
    assert printable(said) == said
    assert "[U+" not in shown(f" {said}")


@pytest.mark.parametrize(
    ("sign", "number"),
    [
        ("\u202e", "[U+202E]"),  # turns the direction of all that follows
        ("\u2066", "[U+2066]"),
        ("\x07", "[U+0007]"),
        ("\u200b", "[U+200B]"),
        ("\u2028", "[U+2028]"),
        ("文", "[U+6587]"),
        ("\ue000", "[U+E000]"),
        ("\U000f0000", "[U+F0000]"),
    ],
)
def test_a_sign_that_cannot_be_printed_or_deceives_stands_as_its_number(sign: str, number: str) -> None:
    assert squeezed(shown(f" voor {sign} na")).count(squeezed(f"voor{number}na")) >= 2


def test_line_ends_stay_line_ends_on_paper() -> None:
    assert printable("een\r\ntwee\tdrie\n") == "een\ntwee drie\n"
    assert "een twee" in shown(" een\r\ntwee")


def test_the_cautious_form_keeps_plain_letters_and_numbers_the_rest() -> None:
    assert cautious("Zoë 7\n😀") == "Zoë 7\n[U+1F600]"
    assert cautious("e\u0301") == "e[U+0301]"


@few
@given(said=st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_text_keeps_the_list_from_being_made(said: str) -> None:
    assert render(decision_list(text=said, reason=said), MARKING, "pdf").body.startswith(b"%PDF-1.")


@few
@given(said=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_every_ascii_text_is_in_the_pdf_as_typed(said: str) -> None:
    assert squeezed(said) in squeezed(shown(f" {said}"))


def test_a_failure_of_the_setter_repeats_nothing_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "damaged.typ"
    damaged.write_text("#panic(sys.inputs.document)")
    monkeypatch.setattr(printed, "TEMPLATE", damaged)
    with pytest.raises(PdfError) as failure:
        printed.as_pdf(decision_list(text="GEHEIM"), MARKING)
    assert failure.value.__context__ is None
    assert "GEHEIM" not in str(failure.value)


def test_the_template_takes_its_words_from_data_alone() -> None:
    source = printed.TEMPLATE.read_text()
    assert "eval(" not in source
    assert "import" not in source
    assert "include" not in source
    assert json.dumps("KIEVIT") not in source
