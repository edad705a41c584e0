"""The form for CoMensha as paper: tagged PDF/UA-1 in Dutch, what is unknown a line to write on, any text a text."""

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from agenda.pages import ComenshaForm
from conference.cases.comensha import Notice
from conference.clock import AMSTERDAM
from frontend.comensha.printed import as_pdf, document
from tests.frontend.test_pages_notify_comensha import Visit, address, sign
from tests.frontend.test_pages_without_a_log_show_nothing import stuck
from tests.frontend.visiting import Region

WHOLE = ComenshaForm(
    notice=Notice.PLACEMENT,
    ground="consent",
    since=date(2026, 11, 20),
    party="zorgcoordinator",
    pseudonym="QH7M-2XAB-CDE",
    identity={"name": "Noor Verzonnen", "birth_date": "2008-12-01", "address": "Laan 1", "phone": "0600000001"},
    form="criminele uitbuiting",
    municipality="Veenstad",
    at=datetime(2026, 11, 23, 9, tzinfo=AMSTERDAM),
)
BARE = replace(WHOLE, identity={}, form="", municipality="")
HOSTILE = '#panic("x") $ * _ <script> ` \\ {{ }} @noor =kop'


def reader(form: ComenshaForm) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(as_pdf(form, "Z. Org")))


def text(form: ComenshaForm) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader(form).pages).split())


def facts(form: ComenshaForm) -> dict[str, dict[str, str]]:
    with translation.override("nl"):
        return {part["heading"]: dict(part["facts"]) for part in document(form, "Z. Org")["sections"]}


def test_it_is_tagged_and_says_that_it_is_dutch() -> None:
    root: Any = reader(WHOLE).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert str(root["/Lang"]).startswith("nl")


def test_its_title_tells_nothing_of_her() -> None:
    title = str(reader(WHOLE).metadata.title)  # type: ignore[union-attr]
    assert title == "Melding aan CoMensha: verzoek om plaatsing"


@pytest.mark.parametrize("notice", list(Notice))
def test_what_nobody_may_read_or_knows_is_a_line_to_write_on(notice: Notice) -> None:
    found = facts(replace(BARE, notice=notice))
    assert set(found["Over wie het gaat"].values()) == {""}
    assert set(found["Wat er is gebeurd"].values()) == {""}
    assert found["Wie meldt"] == {
        "Organisatie": "zorgcoördinator", "Naam": "Z. Org", "Kenmerk": "QH7M-2X", "Telefoonnummer voor vragen": "",
    }  # fmt: skip


def test_a_place_is_asked_for_in_a_request_for_placement_only() -> None:
    assert "De plek die wordt gevraagd" in facts(WHOLE)
    assert "De plek die wordt gevraagd" not in facts(replace(WHOLE, notice=Notice.REGISTRATION))


def test_each_answer_stands_at_its_own_question() -> None:
    found = facts(WHOLE)
    about = {name: answer for name, answer in found["Over wie het gaat"].items() if answer}
    assert about == {
        "Naam": "Noor Verzonnen", "Geboortedatum": "1 december 2008", "Adres": "Laan 1", "Telefoon": "0600000001",
    }  # fmt: skip
    assert found["Wat er is gebeurd"]["Vorm van uitbuiting"] == "criminele uitbuiting"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (WHOLE, "haar schriftelijke toestemming voor een verzoek om plaatsing, vastgelegd op 20 november 2026"),
        (replace(WHOLE, notice=Notice.REGISTRATION), "schriftelijke toestemming voor registratie, vastgelegd op 20"),
        (replace(WHOLE, notice=Notice.REGISTRATION, ground="police", since=None), "zonder haar toestemming (Bpg 4:2"),
    ],
)
def test_it_says_on_which_ground_it_was_made(form: ComenshaForm, said: str) -> None:
    assert said in text(form)


def test_a_hostile_name_is_printed_as_it_is() -> None:
    assert HOSTILE in text(replace(WHOLE, identity={"name": HOSTILE}))


def test_the_same_form_and_moment_give_the_same_bytes() -> None:
    assert as_pdf(WHOLE, "Z. Org") == as_pdf(WHOLE, "Z. Org")


@pytest.mark.parametrize("notice", list(Notice))
def test_all_of_it_stands_on_one_page(notice: Notice) -> None:
    assert len(reader(replace(BARE, notice=notice)).pages) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one lock for all writers is SQLite's")
def test_without_a_log_no_byte_of_it_leaves(region: Region, visit: Visit) -> None:
    sign(region, Notice.REGISTRATION)
    client: Client = visit("zc")
    paths = [address(region, notice="registration"), address(region), "/consent/reminders/"]
    with stuck():
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert b"%PDF" not in answer.content
            assert b"Noor" not in answer.content
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
