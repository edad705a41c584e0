"""Around the conversation: drafts, documents, the way out, and a page that was opened before."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conference.accounts.models import SignIn
from conference.covenant import shelf
from conference.covenant.days import day_end
from conference.demo.world import covenant
from consent.models import ConsentDraft, ConsentEvidence, ConsentLine, ConsentTalk, SubjectFact
from tests.frontend.conversing import HOW, SHOWN, hidden_of, known_of, of, send
from tests.frontend.visiting import Region, once_of, page
from tests.world import TODAY

Visit = Callable[[str], Client]


# --- drafts ---------------------------------------------------------------------------------


def test_every_change_is_kept_as_a_draft_of_her_own_and_gone_once_it_is_recorded(visit: Visit, here: str) -> None:
    care = visit("zc")
    typed = {"step": "save", "interpreter_told": "tolk 4471", "line-gez-rvdk": "later", "contact_word": "merel"}
    answer = care.post(here, typed, headers={"accept": "application/json"})
    assert re.fullmatch(r"\d\d\.\d\d", answer.json()["saved"])
    draft = ConsentDraft.objects.get()
    assert b"4471" not in bytes(draft.sealed)
    text = page(care.get(here))
    assert "Concept bewaard" in text
    assert 'value="merel"' in text
    assert re.search(r'name="line-gez-rvdk" value="later"[^>]*checked', text)
    send(care, here, "record", gez__rvdk="yes")
    assert not ConsentDraft.objects.exists()
    assert "Concept bewaard, {time}" in page(care.get(here))
    assert "<span>Concept bewaard" not in page(care.get(here))


def test_a_draft_can_be_thrown_away_and_changes_nothing_in_the_register(visit: Visit, here: str) -> None:
    care, count = visit("zc"), ConsentLine.objects.count()
    assert "Er geldt nog niets" in page(care.post(here, {"step": "save", "note": "x"}, follow=True))
    assert "Het concept is weg" in page(care.post(here, {"step": "drop"}, follow=True))
    assert not ConsentDraft.objects.exists()
    assert ConsentLine.objects.count() == count


# --- documents ---------------------------------------------------------------------------------


def paper(name: str = "formulier.pdf", content: bytes = b"%PDF-1.7 getekend kanarie") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_document_is_sealed_and_only_ever_downloaded(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    assert "Verzegeld bewaard" in page(care.post(f"{here}evidence/", {"document": paper()}, follow=True))
    kept = of(here, ConsentEvidence).get()
    assert b"kanarie" not in bytes(kept.sealed)
    assert kept.sha256 == sha256(b"%PDF-1.7 getekend kanarie").hexdigest()
    answer = care.get(f"{here}evidence/{kept.id}/")
    assert answer.content == b"%PDF-1.7 getekend kanarie"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert region.entries("evidence.opened")[-1]["out"] == "permit"
    for name in ("kw", "vz", "fg"):
        assert visit(name).get(f"{here}evidence/{kept.id}/").status_code == 404
    other = here.replace(str(region.id("subjects", "s1")), str(region.id("subjects", "s2")))
    assert care.get(f"{other}evidence/{kept.id}/").status_code == 404, "of somebody else in the same case"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Dit document is leeg"),
        (b"<html>", "geen PDF, PNG of JPEG"),
        (b"%PDF-" + b"0" * 5 * 1024 * 1024, "groter dan 5 MB"),
    ],
)
def test_a_document_that_cannot_be_kept_is_refused_in_words(
    visit: Visit, here: str, content: bytes, message: str
) -> None:
    assert message in page(visit("zc").post(f"{here}evidence/", {"document": paper(content=content)}, follow=True))
    assert not of(here, ConsentEvidence).exists()


def test_a_signed_paper_goes_with_the_conversation_that_it_proves(visit: Visit, here: str) -> None:
    care = visit("zc")
    care.post(f"{here}evidence/", {"document": paper()})
    kept = of(here, ConsentEvidence).get()
    send(care, here, "record", gez__rvdk="yes", method="schriftelijk", evidence=str(kept.id))
    assert of(here, ConsentTalk).get().evidence == kept.id


# --- away -----------------------------------------------------------------------------------------


def test_away_ends_the_session_and_shows_a_page_that_says_nothing(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    answer = care.post("/notes/", follow=True)
    assert "Notities" in page(answer)
    assert "Casustafel" not in page(answer)
    assert "sessionid" not in care.cookies or not care.cookies["sessionid"].value
    assert care.get(here).status_code == 302
    assert region.entries("login.ended")[-1]["reason"] == "quick_exit"
    assert "Notities" in page(Client().get("/notes/")), "to anybody"


def test_away_keeps_what_was_typed_last_in_the_request_that_ends_the_session(
    region: Region, visit: Visit, here: str
) -> None:
    care = visit("zc")
    fresh = page(care.get(here))
    typed = HOW | {"once": once_of(fresh), "known": known_of(fresh), "interpreter_told": "tolk 4471", "step": "save"}
    answer = care.post("/notes/", typed | {"talk": here}, follow=True)
    assert "Notities" in page(answer)
    assert "concept" not in page(answer).lower(), "the page says nothing of it"
    assert care.get(here).status_code == 302
    assert [entry["act"] for entry in region.entries()[-2:]] == ["consent.drafted", "login.ended"]
    assert of(here, ConsentDraft).exists()


@pytest.mark.parametrize("talk", ["", "/", "/cases/", "nonsense", "/nergens/", "{foreign}"])
def test_away_ends_the_session_whatever_it_is_asked_to_keep(region: Region, visit: Visit, here: str, talk: str) -> None:
    foreign = here.replace(str(region.id("cases", "c1")), str(uuid4()))
    for name in ("zc", "pol"):
        somebody = visit(name)
        address = talk.format(foreign=foreign) if name == "zc" else here
        answer = somebody.post("/notes/", {"talk": address, "step": "save", "interpreter_told": "tolk 1"})
        assert (answer.status_code, answer["Location"]) == (302, "/notes/")
        assert somebody.get(here).status_code == 302
    assert "consent.drafted" not in {entry["act"] for entry in region.entries()}
    assert Client().post("/notes/", {"talk": here, "step": "save"}).status_code == 302, "without a session too"


# --- a page that was opened before ------------------------------------------------------------------


def test_a_page_that_was_opened_earlier_wipes_nothing_that_was_recorded_since(visit: Visit, here: str) -> None:
    care = visit("zc")
    early = page(care.get(here))
    warned = {
        "contact_reach": "alleen via de school",
        "representative": "voogd",
        "involved": "on",
        "because": "zij zei",
    }
    send(care, here, "record", gez__rvdk="no", **warned)
    count = ConsentLine.objects.count()
    stale = HOW | {"once": once_of(early), "known": known_of(early), "line-vbl-zvh_procesregie": "no", "step": "review"}
    text = page(care.post(here, stale))
    assert "Iemand anders heeft intussen iets van haar vastgelegd" in text
    assert "alleen via de school" in text, "it shows what stands there now"
    assert re.search(r'name="involved"[^>]*checked', text)
    assert ConsentLine.objects.count() == count
    assert of(here, SubjectFact).count() == 2


def test_that_a_representative_may_be_involved_is_not_taken_back_by_leaving_a_tick_out(visit: Visit, here: str) -> None:
    care = visit("zc")
    warned = {"representative": "mentor", "involved": "on", "because": "zij zei het"}
    send(care, here, "record", gez__rvdk="no", **warned)
    unticked = {"representative": "mentor", "because": "zij zei het"}
    assert "Schrijf waarom dat niet meer zo is" in send(care, here, "record", vbl__zvh_procesregie="no", **unticked)
    assert of(here, SubjectFact).count() == 1
    both = {"given_by": "beiden", "mandate": "besluit", "gez__rvdk": "yes"}
    assert "Deze vertegenwoordiger kan erbij betrokken zijn" in send(care, here, "record", **both, **warned)
    instead = warned | {"instead": "bijzondere_curator"}
    assert "Vastgelegd" in send(care, here, "record", **both, **instead)


def test_a_draft_that_comes_after_its_own_conversation_is_not_kept(visit: Visit, here: str) -> None:
    care = visit("zc")
    form = HOW | hidden_of(page(care.get(here))) | {"line-gez-rvdk": "no"}
    shown = SHOWN.search(page(care.post(here, form | {"step": "review"})))
    assert shown
    care.post(here, form | {"step": "record", "shown": shown[1]})
    late = care.post(here, form | {"step": "save"}, headers={"accept": "application/json"})
    assert late.status_code == 409
    assert not ConsentDraft.objects.exists()


def test_a_document_goes_out_with_a_fresh_code_only(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    care.post(f"{here}evidence/", {"document": paper()})
    kept = of(here, ConsentEvidence).get()
    before = datetime.now(UTC) - timedelta(minutes=20)
    SignIn.objects.filter(id=region.sit("zc").session).update(factor_at=before, verified_at=before)
    answer = care.get(f"{here}evidence/{kept.id}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/code/")


def test_throwing_a_draft_away_is_entered_as_that(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    care.post(here, {"step": "save", "note": "x"})
    care.post(here, {"step": "drop"})
    assert [entry["act"] for entry in region.entries() if "draft" in entry["act"]] == [
        "consent.drafted",
        "consent.draft_dropped",
    ]


def test_taking_back_works_also_where_the_covenant_no_longer_knows_the_party(
    region: Region, visit: Visit, here: str
) -> None:
    source = covenant(TODAY)
    source["covenant"] |= {"version": "99", "valid_from": "2026-01-01"}
    source["covenant"]["approved_by"].remove("kwintes")
    del source["parties"]["kwintes"]
    shelf.adopt(source, by=None, origin="cli")
    line = {"party": "kwintes", "category": "gez"}
    assert "Ingetrokken" in page(visit("zc").post(f"{here}withdraw/", line, follow=True))


def test_the_yes_of_a_child_whose_birthday_nobody_knows_holds_half_a_year_at_most(
    region: Region, visit: Visit, here: str
) -> None:
    care = visit("zc")
    number = once_of(page(care.get("/consent/new/")))
    started = care.post("/consent/new/", {"once": number, "case": here.split("/")[2]}, follow=True)
    there = started.redirect_chain[-1][0]
    guardian = {"age_band": "0-11", "given_by": "beiden", "representative": "voogd", "mandate": "gezag"}
    send(care, there, "record", gez__kwintes="yes", ends="01-01-2030", **guardian)
    line = ConsentLine.objects.order_by("number").last()
    assert line
    assert (line.state, line.ends) == ("gegeven", day_end(date(2027, 5, 23)))
