"""The PDF decision list: tagged PDF/UA-1, marked, in the reader's language, reproducible."""

import io
from dataclasses import replace
from datetime import UTC
from typing import Any

import pypdf
import pytest

from agenda.exports import DecisionList, render
from tests.exports.samples import MARKING, decision_list, pdf_text


def read(form: DecisionList | None = None, lang: str = "nl") -> pypdf.PdfReader:
    body = render(form or decision_list(), MARKING, "pdf", lang).body
    return pypdf.PdfReader(io.BytesIO(body))


def catalog(lang: str = "nl") -> Any:
    return read(lang=lang).trailer["/Root"]


def tags(node: Any) -> list[str]:
    """Return the structure types below a node, in reading order."""
    node = node.get_object()
    if not isinstance(node, dict):
        return []
    found = [str(node["/S"])] if "/S" in node else []
    kids = node.get("/K", [])
    kids = kids.get_object()
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            found += tags(kid)
    return found


def test_the_file_says_that_it_is_tagged_pdf_ua_1() -> None:
    root = catalog()
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_file_names_its_language(lang: str) -> None:
    assert str(catalog(lang)["/Lang"]).split("-")[0] == lang


def test_the_title_is_the_conferences_and_tells_nothing_of_a_case() -> None:
    title = str(read().metadata.title)  # type: ignore[union-attr]
    assert title.startswith("Besluitenlijst Casusoverleg mensenhandel, maandag 23 november 2026")
    assert "KIEVIT" not in title


def test_headings_lists_and_tables_are_marked_as_such() -> None:
    found = tags(catalog()["/StructTreeRoot"])
    headings = [tag for tag in found if tag in ("/H1", "/H2", "/H3")]
    assert headings == ["/H1", "/H2", "/H3", "/H3", "/H2", "/H3"]
    assert {"/L", "/LI", "/LBody", "/Table", "/TH", "/TD"} <= set(found)


def test_every_font_is_embedded_and_ours() -> None:
    for page in read().pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            base = font["/DescendantFonts"][0].get_object()
            descriptor = base["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert any(name in descriptor["/FontName"] for name in ("NotoSans", "SourceSerif"))


def test_the_list_reads_as_in_the_picture() -> None:
    text = pdf_text(render(decision_list(), MARKING, "pdf").body)
    for said in (
        "Besluitenlijst",
        "Casusoverleg mensenhandel, maandag 23 november 2026, 13.30 tot 14.40 uur",
        "Vertrouwelijk · voor Kwintes",
        "V. Oorzitter, ZVH procesregie",
        "3 besluiten en 1 actie uit 1 casus. Pseudoniemen zijn die van Kwintes.",
        "Doel: hulp en veiligheid · fase overleg",
        "De opvang van betrokkene 1",
        "Vastgesteld om 13.41 uur · proces en besluiten · grond: WGS 2.26",
        "Bezwaar van Kwintes: twee weken is te kort om tot rust te komen.",
        "Voorstel, nog niet vastgesteld",
        "di 1 december 2026",
        "Algemeen",
        "Gemaakt op 23 november 2026 om 14.52 uur door V. Oorzitter voor Kwintes.",
        "Pagina 1 van",
    ):
        assert said in text


def test_the_pseudonym_stands_at_the_first_mention_of_a_case_only() -> None:
    text = pdf_text(render(decision_list(), MARKING, "pdf").body)
    assert text.count("KV4W-6P") == 1
    assert text.count("betrokkene 1") == 2


def test_the_control_number_on_paper_is_that_of_the_other_formats() -> None:
    made = render(decision_list(), MARKING, "pdf")
    number = " ".join(made.sha256[start : start + 4] for start in (0, 4, 8, 12))
    assert f"Controlegetal {number}" in pdf_text(made.body)


def test_english_has_english_words_and_the_same_content() -> None:
    text = pdf_text(render(decision_list(), MARKING, "pdf", "en").body)
    assert "Decision list" in text
    assert "Objection by Kwintes: twee weken" in text
    assert "Adopted at 13.41" in text
    assert "Monday 23 November 2026" in text


def test_an_empty_list_says_so() -> None:
    empty = replace(decision_list(), parts=())
    assert "Er staan geen besluiten en acties" in pdf_text(render(empty, MARKING, "pdf").body)


def test_a_long_list_is_marked_on_every_page() -> None:
    case = decision_list().parts[0]
    long = replace(decision_list(), parts=(replace(case, decisions=case.decisions * 30),))
    pages = read(long).pages
    assert len(pages) > 2
    for page in pages:
        text = page.extract_text()
        assert "Vertrouwelijk · voor Kwintes" in text
        assert "Controlegetal" in text


def test_the_same_list_gives_the_same_bytes() -> None:
    assert render(decision_list(), MARKING, "pdf").body == render(decision_list(), MARKING, "pdf").body


def test_the_moment_in_the_file_is_that_of_the_marking() -> None:
    made = read().metadata.creation_date  # type: ignore[union-attr]
    assert made is not None
    assert made.astimezone(UTC) == MARKING.made_at.astimezone(UTC)
