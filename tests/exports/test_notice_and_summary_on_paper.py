"""Notice and summary in every language: tagged PDF/UA-1, marked where unchecked, right to left where that is read."""

import io
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agenda.exports.glyphs import cautious, printable
from consent.notices import LANGUAGES, control_number, text, text_hash
from consent.notices.texts import leaves
from consent.states import PERMITTING, State
from frontend.categories import ORDER
from frontend.notices import printed
from frontend.notices.pictograms import GROUPS, SECTIONS, mirrored, outline
from frontend.notices.printed import NOTICE, SUMMARY, Chosen, Line, Marks, notice_pdf, sentence, summary_pdf
from frontend.notices.wording import plain
from tests.exports.samples import pdf_text
from tests.exports.test_the_pdf_is_accessible import tags

AT = datetime(2026, 11, 28, 18, tzinfo=UTC)
ENDS = datetime(2027, 5, 23, 22, tzinfo=UTC)  # 0:00 of 24 May in Amsterdam: the last day is the 23rd
CLEAN, DRAFT = Marks(draft=False), Marks(draft=True)
LINES = (
    Line("politie", "gez", State.GIVEN, ENDS),
    Line("kwintes", "won", State.CONFIRMED, ENDS),
    Line("comensha", "id", State.GIVEN, None),
    Line("ggz", "gez", State.REFUSED, None),
    Line("om", "adr", State.DEFERRED, None),
    Line("gi", "rel", State.ASKED, None),
    Line("leger_des_heils", "hlp", State.WITHDRAWN, ENDS),
    Line("rvdk", "fin", State.EXPIRED, ENDS),
    Line("college_uitvoering", "bsn", State.INVALID, None),
)
CHOSEN = Chosen(
    handle="betrokkene 1",
    code_name="KIEVIT",
    purpose="hulp en veiligheid",
    lines=LINES,
    receipt="7f0c-2f0e",
    method="mondeling",
    interpreter="4471",
)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def notice(language: str, marks: Marks = CLEAN) -> bytes:
    return notice_pdf(language, AT, marks)


def summary(language: str, chosen: Chosen = CHOSEN, marks: Marks = CLEAN) -> bytes:
    return summary_pdf(language, chosen, AT, marks)


def reader(body: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(body))


def squeezed(said: str) -> str:
    return re.sub(r"\s", "", said)


def fonts(body: bytes) -> dict[str, Any]:
    """Every font of a document by its name, with its descriptor."""
    found = {}
    for page in reader(body).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[str(descriptor["/FontName"]).partition("+")[2]] = (font.get_object(), descriptor)
    return found


def arabic(said: str) -> Counter[str]:
    """How often each Arabic letter stands in a text, whatever form it has there."""
    return Counter(sign for sign in unicodedata.normalize("NFKC", said) if "\u0600" <= sign <= "\u06ff")


# --- what a PDF must be -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [notice, summary])
def test_the_file_says_that_it_is_tagged_pdf_ua_1_in_its_language(made: Any, language: str) -> None:
    read = reader(made(language))
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/Lang"]).split("-")[0] == language
    own = text(language)
    assert read.metadata is not None
    assert read.metadata.title == (own.notice.title if made is notice else own.summary.title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_the_notice_has_its_heading(language: str) -> None:
    found = tags(reader(notice(language)).trailer["/Root"]["/StructTreeRoot"])
    assert [tag for tag in found if tag in {"/H1", "/H2"}] == ["/H1", *["/H2"] * len(text(language).notice.sections)]
    assert "/L" in found
    assert "/Figure" not in found, "the pictograms only decorate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_summary_the_dutch_stands_beside_every_other_language_in_a_table(language: str) -> None:
    found = tags(reader(summary(language)).trailer["/Root"]["/StructTreeRoot"])
    assert [tag for tag in found if tag in {"/H1", "/H2"}] == ["/H1", *["/H2"] * 4]
    assert ("/Table" in found, "/TH" in found) == (language != "nl", language != "nl")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [notice, summary])
def test_every_font_is_embedded_and_ours(made: Any, language: str) -> None:
    for name, (_, descriptor) in fonts(made(language)).items():
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert any(one in name for one in ("NotoSans", "NotoNaskh", "SourceSerif")), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [notice, summary])
def test_no_sign_of_any_language_is_printed_as_a_number(made: Any, language: str) -> None:
    assert "[U+" not in pdf_text(made(language))
    for _key, said in leaves([list(text(language).notice.lines()), list(text(language).topics.values())]):
        assert printable(said) == said
    if language != "ar":  # the cautious form is for what no single font draws; these texts never need it
        assert cautious(text(language).notice.title) == text(language).notice.title


def test_the_same_text_gives_the_same_bytes() -> None:
    assert notice("ar") == notice("ar")
    assert summary("bg") == summary("bg")


# --- what it says -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "ar"])
def test_the_notice_says_exactly_what_the_hash_is_of(language: str) -> None:
    said = squeezed(pdf_text(notice(language)))
    for line in text(language).notice.lines():
        assert squeezed(line) in said, line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [notice, summary])
def test_the_control_number_names_the_text_on_every_page(made: Any, language: str) -> None:
    for page in reader(made(language)).pages:
        assert squeezed(control_number(text_hash(language))) in squeezed(page.extract_text())


def test_the_dutch_summary_reads_as_it_was_read_aloud() -> None:
    said = pdf_text(summary("nl"))
    for sentence_ in (
        "Dit papier meenemen kan onveilig zijn.",
        "De politie mag weten hoe het met uw gezondheid gaat, tot en met 23 mei 2027.",
        "Kwintes mag weten waar en hoe u woont, tot en met 23 mei 2027.",
        "CoMensha mag weten wie u bent en hoe u te bereiken bent.",
        "De geestelijke gezondheidszorg mag niet weten hoe het met uw gezondheid gaat.",
        "Het Openbaar Ministerie: u kiest later of zij mogen weten wat uw geheime adres is.",
        "De jeugdbescherming: u kiest later",
        "Leger des Heils mag niet meer weten welke hulp u krijgt en hoe dat gaat. U hebt uw toestemming ingetrokken.",
        "De Raad voor de Kinderbescherming mag niet meer weten hoe u rondkomt met geld. De afgesproken dag is voorbij.",
        "De gemeente mag niet weten wat uw burgerservicenummer is. Wat was opgeschreven, telt niet.",
        "betrokkene 1, KIEVIT",
        "Nummer van dit bewijs 7f0c-2f0e",
        "Hoe u koos u hebt het gezegd",
        "Tolk 4471",
        "Gemaakt op 28 november 2026",
    ):
        assert sentence_ in said, sentence_


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "nl"])
def test_every_sentence_stands_there_in_dutch_too(language: str) -> None:
    said = squeezed(pdf_text(summary(language)))
    for line in LINES:
        assert squeezed(plain(sentence(text("nl"), line, None))) in said


def test_the_bulgarian_summary_names_an_organisation_in_both_languages() -> None:
    said = pdf_text(summary("bg"))
    assert "Полицията (de politie) може да знае какво е здравето Ви, до 23 май 2027 г. включително." in said
    assert "Kwintes може да знае къде и как живеете" in said


def test_the_polish_and_romanian_days_are_declined_as_they_are_there() -> None:
    assert "do 23 maja 2027 r. włącznie" in pdf_text(summary("pl"))
    assert "până la 23 mai 2027 inclusiv" in pdf_text(summary("ro"))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_line_has_its_sentence_and_only_a_yes_is_allowed(language: str, state: State) -> None:
    own = text(language)
    for category in ORDER:
        said = plain(sentence(own, Line("politie", category, state, ENDS), None))
        assert own.topics[category] in said
        assert own.parties["politie"] in said
        assert "{" not in said
        assert ("2027" in said) == (state in PERMITTING), "only what is allowed has a last day"


def test_what_was_not_told_is_not_in_it() -> None:
    bare = Chosen(handle="betrokkene 2", code_name="MEES", purpose="", lines=())
    said = pdf_text(summary("en", bare))
    for label in ("Number of this receipt", "Purpose", "How you chose", "Interpreter"):
        assert label not in said
    assert "Nothing has been chosen yet. Without your yes the answer is no." in said
    assert "Er is nog niets gekozen." in said


def test_without_an_interpreter_it_says_so() -> None:
    assert "Interpreter none" in pdf_text(summary("en", replace(CHOSEN, interpreter="")))


def test_the_title_in_the_file_tells_nothing_of_a_case() -> None:
    assert "KIEVIT" not in str(reader(summary("nl")).metadata)


def test_a_category_that_a_covenant_added_is_called_as_the_screen_calls_it() -> None:
    said = plain(sentence(text("pl"), Line("politie", "sport_club", State.GIVEN, None), None))
    assert "“sport club”" in said


# --- the marks --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["bg", "ro", "pl", "ar"])
@pytest.mark.parametrize("made", [notice_pdf, None])
def test_an_unchecked_translation_says_so_on_every_page_in_both_languages(made: Any, language: str) -> None:
    body = notice(language, DRAFT) if made else summary(language, replace(CHOSEN, lines=LINES * 4), DRAFT)
    pages = reader(body).pages
    assert len(pages) >= 2
    for page in pages:
        said = page.extract_text()
        assert "Concept: deze vertaling is nog niet nagekeken" in said
        if language == "ar":
            assert not arabic(text("ar").frame["draft"]) - arabic(said)
        else:
            assert squeezed(text(language).frame["draft"]) in squeezed(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_checked_has_no_mark(language: str) -> None:
    for body in (notice(language), summary(language)):
        assert "Concept:" not in pdf_text(body)
        assert "Voorbeeld:" not in pdf_text(body)


def test_an_example_says_that_it_is_about_nobody() -> None:
    for page in reader(summary("ro", replace(CHOSEN, lines=LINES * 4), Marks(draft=True, sample=True))).pages:
        assert "Voorbeeld: dit gaat over niemand" in page.extract_text()
        assert "Exemplu: nu este despre nimeni" in page.extract_text()


# --- right to left ----------------------------------------------------------------------------


def test_every_arabic_letter_is_read_exactly_once() -> None:
    """Body and dots of a letter in pieces would be read twice by a screen reader."""
    own = text("ar")
    body = notice("ar")
    pages = len(reader(body).pages)
    footer = own.frame["control"].format(number="") + own.frame["page"].format(page="", pages="")
    assert arabic(pdf_text(body)) == arabic("".join(own.notice.lines()) + footer * pages)


def test_the_arabic_text_has_no_sign_that_is_set_as_a_piece_of_its_own() -> None:
    for _key, said in leaves([list(text("ar").notice.lines()), *map(list, _words_of("ar"))]):
        assert not [sign for sign in said if unicodedata.category(sign) == "Mn"], said


def _words_of(language: str) -> list[list[str]]:
    own = text(language)
    summary_ = [value for _key, value in leaves(own.summary.sentences | own.summary.headings | own.summary.methods)]
    return [summary_, list(own.topics.values()), list(own.parties.values()), list(own.read_aloud.questions.values())]


def test_arabic_letters_are_joined() -> None:
    """A letter has another glyph at the beginning, in the middle and at the end of a word."""
    font, _ = fonts(notice("ar"))["NotoNaskhArabic-Regular"]
    drawn = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>", font["/ToUnicode"].get_data())
    forms = Counter(unicodedata.normalize("NFKC", chr(int(letter, 16))) for _glyph, letter in drawn)
    for letter in "تمنلي":
        assert forms[letter] >= 3, (letter, forms)


@pytest.mark.parametrize("word", ["الموافقة", "الشرطة", "المساعدة", "القانون", "بالرقم"])
def test_arabic_words_are_whole_and_in_the_order_in_which_they_are_read(word: str) -> None:
    assert word in unicodedata.normalize("NFKC", pdf_text(notice("ar")))


def place_of(body: bytes, said: str) -> float:
    """How far from the left edge a text begins, in points."""
    found = []

    def visit(part: str, _matrix: Any, at: Any, _font: Any, _size: Any) -> None:
        if said in part:
            found.append(float(at[4]) or float(_matrix[4]))

    for page in reader(body).pages:
        page.extract_text(visitor_text=visit)
    assert found, said
    return found[0]


def test_in_arabic_the_dutch_column_stands_at_the_left_and_else_at_the_right() -> None:
    assert place_of(summary("ar"), "CoMensha mag weten") < 100
    assert place_of(summary("bg"), "CoMensha mag weten") > 300


def test_an_arrow_back_points_the_other_way_where_that_is_back() -> None:
    assert mirrored("arrow-back-up", "ltr") == outline("arrow-back-up")
    assert 'transform="matrix(-1 0 0 1 24 0)"' in mirrored("arrow-back-up", "rtl")
    assert mirrored("phone", "rtl") == outline("phone")


def test_brackets_around_dutch_words_stand_as_the_arabic_sentence_reads() -> None:
    parts = sentence(text("ar"), Line("politie", "bsn", State.GIVEN, None), None)
    assert [part["text"] for part in parts if part["lang"] == "nl"] == ["de politie", "BSN"]
    assert not any(part["apart"] for part in parts), "an embedding of its own would turn them round"


# --- hostile ----------------------------------------------------------------------------------

HOSTILE = [
    '#panic("x") #read("/etc/passwd") #image("x.png")',
    '"] #eval("1+1") [',
    "$ x^2 $ *vet* _schuin_ `code` @ref <label> // weg",
    "<script>alert(1)</script> {{ 7*7 }} {party} {0} %s",
]


def hostile(said: str) -> Chosen:
    return replace(CHOSEN, handle=said, code_name=said, purpose=said, receipt=said, interpreter=said)


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("language", ["nl", "ar"])
def test_whatever_stands_in_the_register_is_printed_as_it_was_typed(language: str, said: str) -> None:
    body = summary(language, hostile(said))
    for word in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AcroForm"):
        assert word not in body
    if language == "nl":
        assert squeezed(pdf_text(body)).count(squeezed(said)) >= 4


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x07", "文"])
def test_a_sign_that_turns_the_direction_stands_as_its_number(sign: str) -> None:
    assert f"[U+{ord(sign):04X}]" in pdf_text(summary("nl", replace(CHOSEN, purpose=f"voor{sign}na")))


@few
@given(said=st.text(st.characters(codec="utf-8"), max_size=60), language=st.sampled_from(["nl", "ar"]))
def test_no_text_keeps_a_summary_from_being_made(said: str, language: str) -> None:
    assert summary(language, hostile(said)).startswith(b"%PDF-1.")


def test_the_templates_take_their_words_from_data_alone() -> None:
    for template in (NOTICE, SUMMARY, printed.HERE / "paper.typ"):
        source = template.read_text("utf-8")
        assert "eval(" not in source
        assert "include" not in source
        assert re.findall(r"#import (\S+)", source) in ([], ['"paper.typ":'])


def test_every_section_and_group_has_a_pictogram_that_is_there() -> None:
    assert set(SECTIONS) == set(text("nl").notice.sections)
    assert set(GROUPS) == set(text("nl").summary.headings)
    for name in (*SECTIONS.values(), *GROUPS.values()):
        assert outline(name).startswith("<svg")
        assert "currentColor" not in outline(name)


@pytest.mark.parametrize("language", ["", "xx", "../nl"])
def test_an_unknown_language_has_no_paper(language: str) -> None:
    for made in (notice, summary):
        with pytest.raises(KeyError):
            made(language)
