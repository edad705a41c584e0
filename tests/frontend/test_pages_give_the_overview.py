"""The overview of a betrokkene: on a page and as a letter, with names left out where that was decided."""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client

from audit.models import Leaf, OverviewLimit, OverviewRequest
from conference import crypto
from conference.cases import rights
from conference.clock import AMSTERDAM
from conference.crypto import KeyRing
from conference.vault import keys as vault_keys
from tests.exports.test_the_pdf_is_accessible import tags
from tests.frontend.conftest import Visit
from tests.frontend.visiting import NOBODY, Region, page
from tests.world import pass_time

pytestmark = pytest.mark.django_db(transaction=True)

POLICE, KWINTES = "A. Gent", "B. Egeleider"


@pytest.fixture
def seen(visit: Visit, region: Region) -> Region:
    """Case c1, opened by the police (twice) and by Kwintes."""
    for name in ("pol", "pol", "kw"):
        page(visit(name).get(f"/cases/{region.id('cases', 'c1')}/"))
    return region


@pytest.fixture
def officer(visit: Visit) -> Client:
    client = visit("fg")
    client.get("/log/?purpose=lawfulness")
    return client


def here(region: Region, subject: str = "s1") -> str:
    return f"/log/overview/{region.id('subjects', subject)}/"


def letter(officer: Client, region: Region, query: str = "") -> pypdf.PdfReader:
    answer = officer.get(f"{here(region)}statement.pdf{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(one.extract_text() for one in pdf.pages).split())


def everything_in(pdf: pypdf.PdfReader) -> str:
    """Text, title and the metadata stream."""
    told = " ".join(str(value) for value in (pdf.metadata or {}).values())
    return text_of(pdf) + told + pdf.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]


def limit(officer: Client, region: Region, **changes: Any) -> Any:
    asked = {
        "do": "limit", "invoked_by": "politie", "whose": "party:politie", "grounds": ["d", "i"], "told": "yes",
        "review_on": "23-11-2099",
    }  # fmt: skip
    return officer.post(f"{here(region)}act/", {**asked, **changes})


def entries(act: str) -> list[dict[str, Any]]:
    return [json.loads(bytes(leaf.leaf)) for leaf in Leaf.objects.filter(act=act).order_by("id")]


# --- the page -----------------------------------------------------------------------------------


def test_the_page_says_who_saw_which_kinds_and_why(officer: Client, seen: Region) -> None:
    body = page(officer.get(here(seen)))
    for said in (
        POLICE,
        KWINTES,
        "Met uw naam: ",
        "Het convenant:",
        "deelnemer",
        "gegevens van de politie over u (2 ×)",
    ):
        assert said in body


def test_it_never_says_who_the_betrokkene_is_or_what_a_case_contains(officer: Client, seen: Region) -> None:
    for text in (page(officer.get(here(seen))), everything_in(letter(officer, seen))):
        assert "Noor" not in text
        assert "Verzonnen" not in text
        assert "tekst-" not in text
        assert "Schuilpad" not in text


def test_the_case_and_the_betrokkene_are_chosen_by_their_labels(officer: Client, seen: Region) -> None:
    case = seen.id("cases", "c1")
    body = page(officer.get(f"/log/overview/?case={case}"))
    assert all(f"betrokkene {number}" in body for number in (1, 2, 3))
    assert here(seen) in body


def test_opening_it_is_entered_with_the_subject_before_it_is_shown(officer: Client, seen: Region) -> None:
    officer.get(f"{here(seen)}?first=01-11-2026")
    last = entries("overview.viewed")[-1]
    assert last["subject"] == str(seen.id("subjects", "s1"))
    assert (last["case"], last["purpose"]) == (str(seen.id("cases", "c1")), "lawfulness")
    assert last["seen"] == ["first=2026-11-01"]
    letter(officer, seen)
    assert entries("overview.made")[-1]["subject"] == str(seen.id("subjects", "s1"))


def test_the_officers_own_look_stands_in_it_too(officer: Client, seen: Region) -> None:
    body = page(officer.get(here(seen)))
    assert "F. Gee" in body
    assert "het logboek van wie uw gegevens zag" in body


def test_a_period_without_accesses_says_so(officer: Client, seen: Region) -> None:
    assert "zag of wijzigde niemand" in page(officer.get(f"{here(seen)}?first=01-01-2020&last=02-01-2020"))
    assert "heeft niemand uw gegevens" in text_of(letter(officer, seen, "?first=01-01-2020&last=02-01-2020"))


@pytest.mark.parametrize("asked", ["first=morgen", "last=01-01-9999", "first=02-11-2026&last=01-11-2026"])
def test_a_period_that_is_none_is_said_in_words(officer: Client, seen: Region, asked: str) -> None:
    assert "field-error" in page(officer.get(f"{here(seen)}?{asked}"))


# --- nobody, or nobody any more -----------------------------------------------------------------------


def test_of_nobody_there_is_no_overview_and_the_page_says_why(officer: Client, region: Region) -> None:
    for path in (f"/log/overview/{NOBODY}/", f"/log/overview/{NOBODY}/statement.pdf"):
        answer = officer.get(path)
        assert answer.status_code == 404
        assert "is niet meer te vinden wie erin stonden" in answer.content.decode()


@pytest.fixture
def own_keys(tmp_path: Path, keys: KeyRing) -> Iterator[KeyRing]:
    """Keys of this test alone, to be destroyed."""
    ring, _recovery = KeyRing.create(tmp_path / "own")
    crypto.install(ring)
    yield ring
    crypto.install(keys)
    vault_keys.forget()
    rights.forget()


def test_of_a_destroyed_case_nobody_is_found_any_more(own_keys: KeyRing, seen: Region, officer: Client) -> None:
    case = seen.id("cases", "c1")
    ask(officer, seen, "31-01-2026")
    assert POLICE in page(officer.get(here(seen)))
    own_keys.destroy_cohort("2031-11")
    vault_keys.forget()
    rights.forget()
    for path in (here(seen), f"{here(seen)}statement.pdf"):
        answer = officer.get(path)
        assert answer.status_code == 404
        assert POLICE not in answer.content.decode()
    assert "Wie staan er in" not in page(officer.get(f"/log/overview/?case={case}"))
    first = page(officer.get("/log/overview/"))
    assert str(case) not in first
    assert "geen overzicht meer te maken" in first
    assert "Een casus die niet meer bestaat" in first, "that somebody asked is still known"


# --- the letter ---------------------------------------------------------------------------------------


def test_the_letter_is_tagged_pdf_ua_1_in_dutch(officer: Client, seen: Region) -> None:
    pdf = letter(officer, seen)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert str(root["/Lang"]).split("-")[0] == "nl"
    found = tags(root["/StructTreeRoot"])
    assert [tag for tag in found if tag in ("/H1", "/H2")] == ["/H1", "/H2", "/H2", "/H2"]
    assert {"/Table", "/TH", "/TD", "/L", "/LI"} <= set(found)
    assert str(pdf.metadata.title) == "Wie uw gegevens zag"  # type: ignore[union-attr]


def test_the_letter_says_what_the_page_says(officer: Client, seen: Region) -> None:
    text = text_of(letter(officer, seen))
    for said in (
        "Wie uw gegevens zag", "Vertrouwelijk · alleen voor wie het gaat", "betrokkene 1", "alles tot nu toe",
        POLICE, KWINTES, "deelnemer", "Met uw naam: ",
        "Het convenant: wat de organisaties",
        "Gemaakt door F. Gee", "Wie iets vroeg en niet kreeg, staat niet in dit overzicht",
        "Soms moet of mag een naam wegblijven.", "Autoriteit Persoonsgegevens", "Pagina 1 van",
    ):  # fmt: skip
        assert said in text, said


def test_in_english_the_letter_is_in_english(officer: Client, seen: Region) -> None:
    officer.post("/language/", {"language": "en", "next": "/log/"})
    pdf = letter(officer, seen)
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("en")  # type: ignore[index]
    assert "Who saw your data" in text_of(pdf)


# --- names left out -----------------------------------------------------------------------------------


def test_a_partys_people_are_unnamed_everywhere_and_the_letter_says_so(officer: Client, seen: Region) -> None:
    assert limit(officer, seen).status_code == 302
    body, pdf = page(officer.get(here(seen))), letter(officer, seen)
    for text in (body, everything_in(pdf)):
        assert POLICE not in text
        assert KWINTES in text
    assert "Namen van medewerkers van politie staan er niet bij: artikel 41 UAVG, onderdeel d (" in text_of(pdf)
    row = OverviewLimit.objects.get()
    assert (row.grounds, row.invoked_by, row.party, row.person) == ("di", "politie", "politie", None)
    (entered,) = [leaf for leaf in entries("overview.limited") if f"limit:{row.id}" in leaf["obj"]]
    assert entered["subject"] == str(seen.id("subjects", "s1"))
    assert "ground=d,i" in entered["seen"]


def test_one_person_is_unnamed_and_her_colleagues_are_not(officer: Client, seen: Region, visit: Visit) -> None:
    page(visit("pol2").get(f"/cases/{seen.id('cases', 'c1')}/"))
    limit(officer, seen, whose=f"person:{seen.id('people', 'pol')}")
    body, text = page(officer.get(here(seen))), everything_in(letter(officer, seen))
    for told in (body, text):
        assert POLICE not in told
        assert "R. Echerche" in told
    assert "De naam van één medewerker van politie staat er niet bij" in text


def test_a_decision_of_which_the_letter_may_not_speak_leaves_no_trace_in_it(officer: Client, seen: Region) -> None:
    limit(officer, seen, told="no")
    text = everything_in(letter(officer, seen))
    assert POLICE not in text
    assert "artikel 41" not in text
    assert "Soms moet of mag een naam wegblijven." in text, "it stands in every letter"
    assert "Dat staat niet in de brief." in page(officer.get(here(seen)))


def test_it_counts_for_this_betrokkene_only_until_it_is_ended(officer: Client, seen: Region) -> None:
    limit(officer, seen)
    assert POLICE in page(officer.get(here(seen, "s2")))
    row = OverviewLimit.objects.get()
    officer.post(f"{here(seen)}act/", {"do": "end_limit", "row": str(row.id)})
    assert POLICE in text_of(letter(officer, seen))
    assert "beëindigd op" in page(officer.get(here(seen)))
    assert OverviewLimit.objects.count() == 1, "ended, never deleted"
    assert entries("overview.limit_ended")[-1]["obj"][0] == f"limit:{row.id}"


def test_the_log_tells_the_decision_in_words_and_its_codes_only_in_the_record(officer: Client, seen: Region) -> None:
    limit(officer, seen)
    body = page(officer.get(f"/log/?period=&case={seen.id('cases', 'c1')}"))
    assert "liet namen weg uit het overzicht over betrokkene 1" in body
    without_records = re.sub(r"<code.*?</code>", "", body, flags=re.DOTALL)
    assert "invoked" not in without_records.replace("_", " ")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"grounds": []}, "Kies ten minste één grond."),
        ({"told": ""}, "Kies of dit in de brief staat."),
        ({"review_on": "01-01-2020"}, "Kies een dag na vandaag"),
        ({"review_on": ""}, "Vul een datum in"),
        ({"whose": "party:niemand"}, "Selecteer"),
    ],
    ids=["grounds", "told", "past", "no day", "unknown party"],
)
def test_a_decision_that_is_not_whole_is_not_taken(officer: Client, seen: Region, wrong: Any, said: str) -> None:
    assert said in page(limit(officer, seen, **wrong))
    assert not OverviewLimit.objects.exists()


def test_the_same_names_are_left_out_once(officer: Client, seen: Region) -> None:
    limit(officer, seen)
    assert "Deze namen zijn al weggelaten." in page(limit(officer, seen))
    assert entries("overview.limited")[-1]["reason"] == "already_limited"


# --- the clock of a request --------------------------------------------------------------------------------


def ask(officer: Client, region: Region, day: str) -> Any:
    return officer.post(f"{here(region)}act/", {"do": "ask", "received_on": day})


def step(officer: Client, region: Region, do: str) -> None:
    row = OverviewRequest.objects.get()
    assert officer.post(f"{here(region)}act/", {"do": do, "row": str(row.id)}).status_code == 302


def test_a_request_is_due_after_a_month_and_waits_on_the_first_page(officer: Client, region: Region) -> None:
    ask(officer, region, "31-01-2026")
    assert str(OverviewRequest.objects.get().due_on) == "2026-02-28"
    waiting = page(officer.get("/log/overview/"))
    assert "antwoord uiterlijk op 28 februari 2026" in waiting
    assert "te laat" in waiting
    step(officer, region, "answer")
    assert "Verzoeken die op antwoord wachten" not in page(officer.get("/log/overview/"))
    assert [leaf["act"] for leaf in (entries("overview.asked")[-1], entries("overview.answered")[-1])]


def test_the_term_is_extended_once_and_only_in_the_first_month(officer: Client, region: Region) -> None:
    today = datetime.now(AMSTERDAM).date()
    ask(officer, region, today.strftime("%d-%m-%Y"))
    first = OverviewRequest.objects.get().due_on
    step(officer, region, "extend")
    row = OverviewRequest.objects.get()
    assert (row.extended_on, row.due_on > first) == (today, True)
    step(officer, region, "extend")
    assert entries("overview.extended")[-1]["reason"] == "already_extended"
    assert OverviewRequest.objects.get().due_on == row.due_on


def test_a_late_request_is_not_extended(officer: Client, region: Region) -> None:
    ask(officer, region, "31-01-2026")
    step(officer, region, "extend")
    assert entries("overview.extended")[-1]["reason"] == "too_late"


def test_a_request_of_tomorrow_and_a_second_one_are_refused(officer: Client, region: Region) -> None:
    assert "Deze dag moet nog komen." in page(ask(officer, region, "01-01-2099"))
    ask(officer, region, "31-01-2026")
    assert "Er is al een verzoek" in page(ask(officer, region, "31-01-2026"))


def test_what_is_no_step_changes_nothing(officer: Client, region: Region) -> None:
    for do, row in (("", ""), ("answer", "x"), ("answer", NOBODY), ("end_limit", NOBODY)):
        assert officer.post(f"{here(region)}act/", {"do": do, "row": row}).status_code == 302
    assert not OverviewRequest.objects.exists()


# --- the door -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pol", "vz", "zc", "bh"])
def test_nobody_else_opens_it(visit: Visit, region: Region, name: str) -> None:
    client = visit(name)
    for path in ("/log/overview/", here(region), f"{here(region)}statement.pdf", "/log/exports/", "/log/exports/file"):
        assert client.get(path).status_code == 404
    assert client.post(f"{here(region)}act/", {"do": "ask"}).status_code == 404


def test_an_exception_is_told_with_its_law(officer: Client, region: Region, visit: Visit) -> None:
    pass_time(days=4)  # the exception for the care coordinator begins on 25 November
    page(visit("zc").get(f"/cases/{region.id('cases', 'c1')}/"))
    body = page(officer.get(here(region)))
    assert "een vitaal belang was in gevaar" in body
    assert "Noodprocedure" in body
