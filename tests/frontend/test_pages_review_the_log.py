"""From a look that nothing explains to a verdict, on the pages: officer, reader and officer again."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from agenda.explaining import facts_for
from agenda.models import Seat
from audit.growth import integrator
from audit.models import Finding, ReaderQuestion, Sample, SampleLine
from audit.review import queries
from audit.review.commands import By, keep_sample
from audit.review.run import run
from conference import clock
from conference.accounts.models import Person, SignIn
from conference.cases import commands as cases
from conference.cases.models import Case
from tests.audit.review.conftest import write
from tests.frontend.conftest import Visit
from tests.frontend.visiting import Region, page, some_id

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "Een collega belde mij over de veiligheid van vanavond."


@pytest.fixture(autouse=True)
def whole_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show all that waits: the log is never emptied, and what other tests did today waits here too."""
    monkeypatch.setattr(queries, "PAGE", 100_000)


@pytest.fixture
def looked(region: Region, visit: Visit) -> Finding:
    """R. Echerche of the police, invited to nothing, opened the first case; the log was reviewed."""
    Seat.objects.filter(person=region.id("people", "pol2")).delete()
    page(visit("pol2").get(f"/cases/{region.id('cases', 'c1')}/"))
    return reviewed(region, "pol2")


def reviewed(region: Region, name: str) -> Finding:
    integrator.integrate()
    run(facts_for)
    region.mark()
    return Finding.objects.get(person=region.id("people", name))


@pytest.fixture
def officer(visit: Visit) -> Client:
    client = visit("fg")
    client.get("/log/review/?purpose=internal_control")
    return client


def row_of(text: str, finding: Finding) -> str:
    """The part of the queue that shows one finding."""
    return next(row for row in text.split('class="icon row-icon') if str(finding.id) in row)


def queue(officer: Client, show: str = "") -> str:
    return page(officer.get(f"/log/review/?show={show}"))


# --- the officer ---------------------------------------------------------------------------------


def test_the_queue_says_who_looked_at_what_and_why_it_is_there(
    region: Region, officer: Client, looked: Finding
) -> None:
    text = queue(officer)
    row = row_of(text, looked)
    assert "Niet verklaard" in row
    assert "R. Echerche (politie)" in row
    assert "verklaart waarom juist deze persoon keek" in row
    assert "Vraag waarom" in row
    assert "&quot;act&quot;" in row or '"act":"case.viewed"' in row, "the technical record stands behind it"
    assert "Dat je dit leest, staat ook in het logboek." in text


def test_reading_the_queue_and_a_finding_is_in_the_log_with_its_purpose(
    region: Region, officer: Client, looked: Finding
) -> None:
    queue(officer)
    page(officer.get(f"/log/review/{looked.id}/"))
    listed, viewed = region.entries("review.listed")[-1], region.entries("review.viewed")[-1]
    assert f"review:{looked.id}" in listed["obj"]
    assert viewed["obj"] == [f"review:{looked.id}", f"person:{looked.person}"]
    assert viewed["case"] == str(looked.case)
    assert listed["purpose"] == viewed["purpose"] == "internal_control"


def test_no_content_of_the_case_is_on_the_officers_pages(region: Region, officer: Client, looked: Finding) -> None:
    for path in ("/log/review/", f"/log/review/{looked.id}/", "/log/sample/"):
        text = page(officer.get(path))
        for content in ("tekst-", "besluit-", "verslag-", "Noor Verzonnen", "Schuilpad", "grond-"):
            assert content not in text


def test_from_question_to_verdict(region: Region, visit: Visit, officer: Client, looked: Finding) -> None:
    asked = officer.post(f"/log/review/{looked.id}/ask/", {"expect": looked.version})
    assert asked.headers["location"] == "/log/review/"
    assert str(looked.id) in queue(officer, "waiting")
    reader = visit("pol2")
    assert "De functionaris vraagt waarom je keek." in page(reader.get("/"))
    answered = reader.post(f"/questions/{looked.id}/", answer(looked, WHY))
    assert answered.headers["location"] == "/questions/"
    assert "De functionaris vraagt" not in page(reader.get("/"))
    assert "beantwoord" in row_of(queue(officer), looked)
    detail = page(officer.get(f"/log/review/{looked.id}/"))
    assert WHY in detail
    judged = officer.post(f"/log/review/{looked.id}/", verdict(looked, note="Klopt met de dienstlijst."))
    assert judged.headers["location"] == "/log/review/"
    shown = page(officer.get(f"/log/review/{looked.id}/"))
    assert "Verklaard" in shown
    assert "Klopt met de dienstlijst." in shown
    assert str(looked.id) in queue(officer, "judged")


def answer(finding: Finding, text: str) -> dict[str, Any]:
    finding.refresh_from_db()
    return {f"{finding.id}-expect": finding.version, f"{finding.id}-text": text}


def verdict(finding: Finding, code: str = "explained", note: str = "") -> dict[str, Any]:
    finding.refresh_from_db()
    return {"expect": finding.version, "verdict": code, "note": note}


def test_a_verdict_without_a_choice_keeps_what_was_typed(officer: Client, looked: Finding) -> None:
    text = page(officer.post(f"/log/review/{looked.id}/", verdict(looked, code="", note="Nog uitzoeken.")))
    assert "Kies een van de drie oordelen." in text
    assert "Nog uitzoeken." in text
    looked.refresh_from_db()
    assert looked.state == "open"


def test_a_verdict_over_a_screen_that_is_behind_keeps_the_text_and_can_be_sent_again(
    region: Region, visit: Visit, officer: Client, looked: Finding
) -> None:
    stale = verdict(looked, note="Mijn bevinding.")
    officer.post(f"/log/review/{looked.id}/ask/", {"expect": looked.version})
    text = page(officer.post(f"/log/review/{looked.id}/", stale))
    assert "intussen iets veranderd" in text
    assert "Mijn bevinding." in text
    again = {"expect": re.findall(r'name="expect" value="(\d+)"', text)[-1], "verdict": "reported", "note": "x"}
    assert officer.post(f"/log/review/{looked.id}/", again).status_code == 302
    looked.refresh_from_db()
    assert (looked.state, looked.verdict) == ("judged", "reported")


def test_asking_twice_says_so(officer: Client, looked: Finding) -> None:
    form = {"expect": looked.version}
    officer.post(f"/log/review/{looked.id}/ask/", form)
    again = officer.post(f"/log/review/{looked.id}/ask/", form, follow=True)
    assert "Er is hier intussen iets veranderd" in page(again)


def test_who_is_not_there_any_more_cannot_be_asked(officer: Client, looked: Finding) -> None:
    Person.objects.filter(id=looked.person).update(is_active=False)
    assert "Vraag waarom" not in row_of(queue(officer), looked)
    assert officer.post(f"/log/review/{looked.id}/ask/", {"expect": 1}).status_code == 404


def test_an_officer_cannot_judge_what_is_about_her(region: Region, visit: Visit, officer: Client) -> None:
    for _ in range(6):
        officer.get("/cases/")
    own = reviewed(region, "fg")
    text = page(officer.get(f"/log/review/{own.id}/"))
    assert "Een andere functionaris beoordeelt het." in text
    assert "Leg het oordeel vast" not in text
    refused = page(officer.post(f"/log/review/{own.id}/", verdict(own)))
    assert "Dit gaat over jou." in refused
    own.refresh_from_db()
    assert own.state == "open"


def test_reviewing_now_takes_in_what_came_since(region: Region, visit: Visit, officer: Client) -> None:
    Seat.objects.filter(person=region.id("people", "pol2")).delete()
    page(visit("pol2").get(f"/cases/{region.id('cases', 'c1')}/"))
    integrator.integrate()
    done = officer.post("/log/review/refresh/", follow=True)
    assert "Bijgewerkt tot nu:" in page(done)
    assert "R. Echerche" in page(done)


def test_the_share_per_week_is_drawn_and_told_in_figures(officer: Client, looked: Finding) -> None:
    text = queue(officer)
    assert '<rect class="review-chart-bar"' in text
    assert "Hetzelfde in cijfers" in text
    assert not re.search(r"<svg[^>]*style=|<rect[^>]*style=", text)
    assert re.search(r'x="\d+\.\d"', text), "a decimal comma would draw nothing"


@pytest.mark.parametrize("path", ["/log/review/", "/log/sample/"])
def test_without_a_fresh_code_or_a_purpose_nothing_is_read(
    region: Region, visit: Visit, looked: Finding, path: str
) -> None:
    client = visit("fg")
    assert "Waarvoor heb je het logboek nodig?" in page(client.get(path))
    SignIn.objects.filter(person=region.id("people", "fg")).update(
        factor_at="2020-01-01T00:00:00Z", verified_at="2020-01-01T00:00:00Z"
    )
    answer = client.get(f"{path}?purpose=court")
    assert answer.headers["location"].startswith("/login/code/?next=")
    assert not region.entries("review.listed") + region.entries("sample.viewed")


@pytest.mark.parametrize("name", ["pol", "vz", "bh"])
def test_for_nobody_else_the_officers_pages_exist(region: Region, visit: Visit, looked: Finding, name: str) -> None:
    client = visit(name)
    paths = ["/log/review/", f"/log/review/{looked.id}/", "/log/sample/"]
    forms = [f"/log/review/{looked.id}/ask/", "/log/review/refresh/", "/log/sample/draw/", f"/log/sample/{some_id()}/"]
    assert {client.get(path).status_code for path in paths} == {404}
    assert {client.post(path).status_code for path in forms} == {404}
    assert {e["reason"] for e in region.entries() if e["out"] == "deny"} == {"role_excluded"}


# --- the reader ------------------------------------------------------------------------------------


@pytest.fixture
def asked(officer: Client, looked: Finding) -> Finding:
    officer.post(f"/log/review/{looked.id}/ask/", {"expect": looked.version})
    looked.refresh_from_db()
    return looked


def code_name(region: Region, name: str = "c1") -> str:
    from conference.cases.labels import case_labels

    case = region.id("cases", name)
    return case_labels([case])[case]


def test_the_reader_sees_what_she_did_and_the_code_name_of_a_case_that_is_still_hers(
    region: Region, visit: Visit, asked: Finding
) -> None:
    text = page(visit("pol2").get("/questions/"))
    assert f"Je keek in {code_name(region)}" in text
    assert "Een vraag is geen verwijt" in text
    acts = region.entries("question.viewed")
    assert [f"review:{asked.id}"] in [e["obj"] for e in acts]
    assert any(e["case"] == str(asked.case) and f"case:{asked.case}" in e["obj"] for e in acts)


def test_of_a_case_that_is_hers_no_more_she_is_not_told_the_name(region: Region, visit: Visit, asked: Finding) -> None:
    cases.end_involvement(Case.objects.get(id=asked.case), "politie", at=clock.now())
    text = page(visit("pol2").get("/questions/"))
    assert "Je keek in een casus" in text
    assert code_name(region) not in text


def test_reading_the_question_is_no_look_to_be_explained(region: Region, visit: Visit, asked: Finding) -> None:
    page(visit("pol2").get("/questions/"))
    integrator.integrate()
    run(facts_for)
    assert Finding.objects.filter(person=asked.person).count() == 1


def test_a_question_is_nobody_elses(region: Region, visit: Visit, asked: Finding) -> None:
    other = visit("pol")
    assert "Niemand vraagt je iets." in page(other.get("/questions/"))
    mine = other.post(f"/questions/{asked.id}/", answer(asked, WHY))
    none = other.post(f"/questions/{some_id()}/", answer(asked, WHY))
    assert mine.status_code == none.status_code == 404
    assert ReaderQuestion.objects.get(finding=asked).answered_at is None


def test_an_empty_answer_says_what_is_missing_and_one_that_is_late_says_so(
    region: Region, visit: Visit, officer: Client, asked: Finding
) -> None:
    reader = visit("pol2")
    assert "Schrijf waarom je keek." in page(reader.post(f"/questions/{asked.id}/", answer(asked, "  ")))
    form = answer(asked, WHY)
    officer.post(f"/log/review/{asked.id}/", verdict(asked))
    late = reader.post(f"/questions/{asked.id}/", form | {f"{asked.id}-expect": asked.version + 1}, follow=True)
    assert "al beantwoord of beoordeeld" in page(late)


def test_an_answer_over_a_page_that_is_behind_keeps_its_text(visit: Visit, asked: Finding) -> None:
    form = answer(asked, WHY) | {f"{asked.id}-expect": asked.version - 1}
    text = page(visit("pol2").post(f"/questions/{asked.id}/", form))
    assert WHY in text
    assert f'name="{asked.id}-expect" value="{asked.version}"' in text


def test_an_answer_that_is_markup_stays_text(visit: Visit, officer: Client, asked: Finding) -> None:
    visit("pol2").post(f"/questions/{asked.id}/", answer(asked, "<script>alert(1)</script> & <b>"))
    body = officer.get(f"/log/review/{asked.id}/").content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_every_kind_of_question_is_put_in_words(region: Region, visit: Visit, asked: Finding) -> None:
    words = {
        "bulk": "Je opende 8 casussen binnen een uur",
        "refusals": "Je werd 8 keer geweigerd",
        "exception": f"Je gebruikte een uitzondering in {code_name(region)}",
        "mismatch": f"Je keek in {code_name(region)}",
    }
    reader = visit("pol2")
    for kind, told in words.items():
        Finding.objects.filter(id=asked.id).update(kind=kind, count=8)
        assert told in page(reader.get("/questions/")), kind


# --- the sample ------------------------------------------------------------------------------------


@pytest.fixture
def drawn(region: Region, officer: Client, looked: Finding) -> Sample:
    """A month of which two entries were drawn: one of the police, one of the officer's own reading."""
    integrator.integrate()
    page(officer.get("/log/review/"))
    from audit.models import Leaf

    own = Leaf.objects.filter(act="review.listed", actor=region.id("people", "fg")).latest("id")
    lines = [(looked.leaves[0], looked.person, None), (own.id, region.id("people", "fg"), None)]
    month = _last_month()
    Sample.objects.filter(month=month).delete()
    hand = By(region.id("people", "fg"), lambda act, **more: _entry(region, act, **more))
    return keep_sample(month, "0f" * 16, 2, lines, by=hand)


def _entry(region: Region, act: str, **more: Any) -> Any:
    from audit.entry import Entry

    return Entry(act=act, origin="http", actor=region.id("people", "fg"), **more)


def _last_month() -> date:
    today = date.today()  # noqa: DTZ011  the machine's own month is enough
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def test_the_months_and_their_samples_are_shown_and_each_entry_gets_a_verdict(
    region: Region, officer: Client, drawn: Sample
) -> None:
    start = datetime(drawn.month.year, drawn.month.month, 2, tzinfo=UTC)
    write(_entry(region, "case.listed"), t=int(start.timestamp()) * 1_000_000)
    month = f"{drawn.month:%Y-%m}"
    text = page(officer.get(f"/log/sample/?month={month}"))
    assert "0 van 2 beoordeeld" in text
    assert "0f" * 16 in text
    assert "R. Echerche" in text
    assert "Gaat over jou" in text, "nobody judges her own reading"
    line = SampleLine.objects.get(sample=drawn, number=1)
    form = {
        f"{line.id}-expect": 1,
        f"{line.id}-verdict": "not_explained",
        f"{line.id}-note": "Geen verslag.",
        "month": month,
    }
    wrong = page(officer.post(f"/log/sample/{line.id}/", form | {f"{line.id}-verdict": ""}))
    assert "Kies een van de drie oordelen." in wrong
    assert "Geen verslag." in wrong
    done = officer.post(f"/log/sample/{line.id}/", form)
    assert done.headers["location"] == f"/log/sample/?month={month}"
    text = page(officer.get(f"/log/sample/?month={month}"))
    assert "1 van 2 beoordeeld" in text
    assert "Geen verslag." in text
    own = SampleLine.objects.get(sample=drawn, number=2)
    refused = page(
        officer.post(
            f"/log/sample/{own.id}/", {f"{own.id}-expect": 1, f"{own.id}-verdict": "explained", "month": month}
        )
    )
    assert "Dit gaat over jou." in refused


def test_what_cannot_be_drawn_is_said(officer: Client, looked: Finding) -> None:
    assert officer.post("/log/sample/draw/", {"month": "gisteren"}).status_code == 404
    today = date.today()  # noqa: DTZ011  the machine's own month is enough
    text = page(officer.post("/log/sample/draw/", {"month": f"{today:%Y-%m}"}, follow=True))
    assert "Deze maand is nog niet voorbij." in text
    text = page(officer.post("/log/sample/draw/", {"month": "1999-12"}, follow=True))
    assert "Er is dus niets te trekken." in text


def test_a_line_that_does_not_exist_is_not_there(officer: Client, looked: Finding) -> None:
    wanted = some_id()
    form = {f"{wanted}-expect": 1, f"{wanted}-verdict": "explained"}
    assert officer.post(f"/log/sample/{wanted}/", form).status_code == 404
    assert UUID(wanted)
