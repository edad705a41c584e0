"""The care coordinator looks at every language, records who checked one, and takes a victim's summary on paper."""

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest
from django.test import Client

from audit.models import Leaf
from conference.crypto import store_sealer
from consent.models import ConsentLine, NoticeReview
from consent.notices import LANGUAGES, hashes, reviewer, text, texts, usable
from tests.frontend.visiting import Region, page, refusals, some_id

Visit = Callable[[str], Client]

HERE = "/consent/notices/"
OTHERS = ["pol", "vz", "kw", "fg", "bh"]
READ = {"name": "I. Vanova", "qualification": "beëdigd vertaler, Wbtv 12345", "read": "on"}


@pytest.fixture(autouse=True)
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that no other test had: a review stays for ever, and counts for exactly its words."""
    folder = Path(shutil.copytree(texts.FILES, tmp_path / "languages"))
    for language in LANGUAGES:
        path = folder / f"{language}.yaml"
        path.write_text(path.read_text("utf-8").replace('  right: "', f'  right: "{uuid4()} '), "utf-8")
    loaded = texts.load(folder)
    monkeypatch.setattr(texts, "texts", lambda: loaded)


@pytest.fixture
def register(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"


def said(answer: object) -> str:
    """The text of a PDF that was really given."""
    assert answer.status_code == 200, answer  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"  # type: ignore[index]
    body = b"".join(answer) if getattr(answer, "streaming", False) else answer.content  # type: ignore[attr-defined,call-overload]
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def review(client: Client, language: str = "bg", **changes: str) -> str:
    """Send the form of a language as it stands on the page, with these answers."""
    notice, words = hashes(language) if language in LANGUAGES else ("0" * 64, "0" * 64)
    form = READ | {"notice": notice, "words": words} | changes
    answer = client.post(f"{HERE}{language}/review/", {name: one for name, one in form.items() if one}, follow=True)
    return page(answer)


def reviewed() -> list[NoticeReview]:
    """What was recorded of the words of this test."""
    known = [hashes(language)[1] for language in LANGUAGES]
    return list(NoticeReview.objects.filter(words_sha256__in=known))


def last_leaf() -> dict[str, object]:
    row = Leaf.objects.order_by("id").last()
    assert row is not None
    leaf: dict[str, object] = json.loads(bytes(row.leaf))
    return leaf


# --- looking ------------------------------------------------------------------------------------


def test_every_language_stands_there_by_its_own_name_with_how_it_is(visit: Visit) -> None:
    shown = page(visit("zc").get(HERE))
    for language in LANGUAGES:
        own = text(language)
        assert f'lang="{language}" dir="{own.direction}"' in shown
        assert own.autonym in shown
        assert f"{HERE}{language}/notice.pdf" in shown
        assert f"{HERE}{language}/sample.pdf" in shown
    assert shown.count("concept, mag nog niet gebruikt worden") == 4
    assert shown.count(">mag gebruikt worden") == 2
    assert shown.count('name="notice"') == 4, "what is complete has no form"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_can_be_looked_at_and_a_draft_says_that_it_is_one(visit: Visit, language: str) -> None:
    answer = visit("zc").get(f"{HERE}{language}/notice.pdf")
    assert ("Concept: deze vertaling" in said(answer)) == (text(language).status == "draft")
    assert re.fullmatch(
        rf'attachment; filename="uitleg-{language}-\d{{4}}-\d\d-\d\d\.pdf"', answer["Content-Disposition"]
    )
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_of_a_summary_is_about_nobody_and_says_so(visit: Visit, language: str) -> None:
    example = said(visit("zc").get(f"{HERE}{language}/sample.pdf"))
    assert "Voorbeeld: dit gaat over niemand" in example
    assert "betrokkene 1, VOORBEELD" in example
    assert "Kwintes mag weten hoe het met uw gezondheid gaat" in example


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("path", ["", "nl/notice.pdf", "ar/sample.pdf"])
def test_to_others_the_notices_do_not_exist(visit: Visit, who: str, path: str) -> None:
    before = refusals()
    assert visit(who).get(f"{HERE}{path}").status_code == 404
    assert refusals() == before + 1
    assert last_leaf()["act"] == "notice.viewed"


@pytest.mark.parametrize("language", ["xx", "NL", "nl-NL", "constructor"])
def test_an_unknown_language_does_not_exist(visit: Visit, region: Region, register: str, language: str) -> None:
    care = visit("zc")
    for path in (
        f"{HERE}{language}/notice.pdf",
        f"{HERE}{language}/sample.pdf",
        f"{register}summary.pdf?language={language}",
    ):
        assert care.get(path).status_code == 404
    assert care.post(f"{HERE}{language}/review/", READ).status_code == 404


# --- a review ------------------------------------------------------------------------------------


def test_a_review_is_recorded_and_the_language_can_be_used_from_then_on(visit: Visit) -> None:
    care = visit("zc")
    shown = review(care)
    assert "Vastgelegd. Български kan vanaf nu worden gebruikt." in shown
    assert "nagekeken, mag gebruikt worden" in shown
    assert "Gelezen door I. Vanova (beëdigd vertaler, Wbtv 12345)." in shown
    assert shown.count('name="notice"') == 3
    assert usable("bg")
    assert "Concept:" not in said(care.get(f"{HERE}bg/notice.pdf"))


def test_a_review_stands_in_the_log_with_the_hash_and_without_a_name(visit: Visit, region: Region) -> None:
    review(visit("zc"))
    leaf = last_leaf()
    notice, words = hashes("bg")
    (row,) = reviewed()
    assert (leaf["act"], leaf["out"], leaf["actor"]) == ("notice.reviewed", "permit", str(region.id("people", "zc")))
    assert leaf["obj"] == [f"notice_review:{row.id}"]
    assert leaf["seen"] == ["language=bg", f"notice={notice}", f"words={words}"]
    assert "Vanova" not in json.dumps(leaf)
    assert reviewer(row, store_sealer("notices")).name == "I. Vanova"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Vul dit veld in."),
        ({"qualification": ""}, "Vul dit veld in."),
        ({"read": ""}, "Vink dit pas aan als alles gelezen is."),
        ({"name": "x" * 201}, "korter"),
        ({"notice": "0" * 64}, "De tekst is intussen veranderd."),
        ({"words": "0" * 64}, "De tekst is intussen veranderd."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(visit: Visit, changes: dict[str, str], message: str) -> None:
    shown = review(visit("zc"), **changes)
    assert message in shown
    assert "<details open>" in shown, "what was typed is not folded away"
    assert not reviewed()
    assert not usable("bg")


@pytest.mark.parametrize("broken", ["", "x", "A" * 64, "0" * 63])
def test_a_hash_that_is_none_is_refused(visit: Visit, broken: str) -> None:
    review(visit("zc"), notice=broken)
    assert not reviewed()


def test_a_refusal_is_entered(visit: Visit) -> None:
    before = refusals()
    review(visit("zc"), notice="0" * 64)
    assert refusals() == before + 1
    assert (last_leaf()["act"], last_leaf()["reason"]) == ("notice.reviewed", "conflict")


def test_what_is_complete_needs_no_review(visit: Visit) -> None:
    assert "Deze taal hoeft niemand na te kijken." in review(visit("zc"), "nl")
    assert not reviewed()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_records_a_review(visit: Visit, who: str) -> None:
    before = refusals()
    assert visit(who).post(f"{HERE}bg/review/", READ | {"notice": hashes("bg")[0]}).status_code == 404
    assert refusals() == before + 1
    assert not reviewed()


def test_a_review_is_only_sent_never_asked_for(visit: Visit) -> None:
    assert visit("zc").get(f"{HERE}bg/review/").status_code == 405


def test_hostile_words_about_a_reviewer_stand_as_words(visit: Visit) -> None:
    care = visit("zc")
    review(care, name="<script>alert(1)</script>", qualification="{{ 7*7 }}")
    raw = care.get(HERE).content.decode()
    assert "<script>alert(1)" not in raw
    assert "&lt;script&gt;alert(1)" in raw
    assert "{{ 7*7 }}" in raw


def test_a_review_whose_seal_does_not_open_still_counts_and_names_nobody(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = visit("zc")
    review(care)
    monkeypatch.setattr("frontend.views.notices.SEALED", "another purpose")
    shown = page(care.get(HERE))
    assert "nagekeken, mag gebruikt worden" in shown
    assert "Vanova" not in shown


# --- the summary -----------------------------------------------------------------------------------


def test_the_summary_says_what_stands_in_the_register_and_names_nobody(visit: Visit, register: str) -> None:
    answer = visit("zc").get(f"{register}summary.pdf")
    told = said(answer)
    assert "Wat u hebt gekozen" in told
    assert "Dit papier meenemen kan onveilig zijn." in told
    assert "Kwintes mag weten hoe het met uw gezondheid gaat" in told
    assert "betrokkene 1" in told
    assert "Nummer van dit bewijs" in told
    assert "kanarie" not in told.lower()
    assert re.fullmatch(r'attachment; filename="overzicht-\d{4}-\d\d-\d\d\.pdf"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"


def test_what_is_withdrawn_stands_in_the_next_summary_as_withdrawn(visit: Visit, register: str) -> None:
    care = visit("zc")
    care.post(f"{register}withdraw/", {"party": "kwintes", "category": "gez"})
    told = said(care.get(f"{register}summary.pdf?language=en"))
    assert "Kwintes may no longer know how your health is. You have withdrawn your consent." in told
    assert "Kwintes mag niet meer weten hoe het met uw gezondheid gaat." in told


def test_its_number_is_the_one_of_the_record(visit: Visit, register: str) -> None:
    care = visit("zc")
    record = json.loads(care.get(f"{register}record.jsonld").content)
    told = said(care.get(f"{register}summary.pdf"))
    assert str(record["dct:identifier"]) in told.replace(" ", "")


def test_a_summary_is_an_export_that_is_logged_before_it_leaves(visit: Visit, region: Region, register: str) -> None:
    care = visit("zc")
    before = Leaf.objects.order_by("-id").values_list("id", flat=True).first() or 0
    said(care.get(f"{register}summary.pdf"))
    leaves = [json.loads(bytes(row.leaf)) for row in Leaf.objects.filter(id__gt=before)]
    assert [(leaf["act"], leaf["out"], leaf["subject"]) for leaf in leaves] == [
        ("export.made", "permit", str(region.id("subjects", "s1")))
    ]


@pytest.mark.parametrize("language", ["bg", "ro", "pl", "ar"])
def test_there_is_no_summary_in_a_language_that_nobody_checked(visit: Visit, register: str, language: str) -> None:
    care, count = visit("zc"), ConsentLine.objects.count()
    shown = page(care.get(f"{register}summary.pdf?language={language}", follow=True))
    assert f"{text(language).autonym} is nog niet nagekeken." in shown
    review(care, language)
    told = said(care.get(f"{register}summary.pdf?language={language}"))
    assert "Concept" not in told
    assert "Kwintes mag weten hoe het met uw gezondheid gaat" in told
    assert ConsentLine.objects.count() == count


@pytest.mark.parametrize("who", OTHERS)
def test_to_others_a_summary_does_not_exist(visit: Visit, who: str, register: str) -> None:
    before = refusals()
    assert visit(who).get(f"{register}summary.pdf").status_code == 404
    assert refusals() == before + 1
    assert last_leaf()["act"] == "export.made"


def test_what_is_not_hers_or_not_there_has_no_summary(visit: Visit, region: Region, register: str) -> None:
    care, before = visit("zc"), refusals()
    case = region.id("cases", "c1")
    for path in (
        f"/cases/{case}/consent/{some_id()}/summary.pdf",
        f"/cases/{some_id()}/consent/{region.id('subjects', 's1')}/summary.pdf",
        f"/cases/{region.id('cases', 'c3')}/consent/{region.id('subjects', 's1')}/summary.pdf",
    ):
        assert care.get(path).status_code == 404
    assert refusals() == before + 3


def test_without_a_log_there_is_no_summary(visit: Visit, register: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit import record
    from audit.record import LogUnavailable

    care = visit("zc")

    def refuse(*_entries: object) -> None:
        raise LogUnavailable("test")

    monkeypatch.setattr("conference.cases.access.record_durably", refuse)
    answer = care.get(f"{register}summary.pdf")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content
    assert record.available()


def test_the_page_leads_there_from_the_list_of_victims(visit: Visit) -> None:
    assert f'href="{HERE}"' in page(visit("zc").get("/consent/"))


def test_the_page_of_her_register_offers_a_summary_in_each_language_that_may_be_used(
    visit: Visit, register: str
) -> None:
    care = visit("zc")

    def offered() -> list[str]:
        return re.findall(r"summary\.pdf\?language=(\w+)", page(care.get(register)))

    assert offered() == ["nl", "en"]
    review(care, "ar")
    assert offered() == ["nl", "en", "ar"]
