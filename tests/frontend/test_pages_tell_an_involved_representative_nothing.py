"""Whoever represents her and may be part of what happened to her is told nothing, by no channel that there is.

Every address of the product stands in one of the lists below; a new one that stands in none fails here, so that
somebody asks the question of it. `rules.may_be_told` is the one answer.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agenda import pages
from agenda.commands import Refused, at_desk, casework, comensha, consents, on_case
from agenda.commands.casework import Exceptional
from agenda.commands.comensha import Agreed
from conference import clock
from conference.cases.comensha import Notice
from consent.models import ConsentLine
from consent.rules import may_be_told
from consent.talk import PARENTS, REPRESENTATIVES, Representative
from tests.consenting import NOTICE, full_talk, say, weighed
from tests.frontend.visiting import Region, page, refusals
from tests.world import TODAY

Visit = Callable[[str], Client]
ROOT = Path(__file__).parents[2]

# Her own care coordinator's forms: they hold what is known of the representative, so that it can be put right.
HER_CARE = {"consent", "consent_comensha"}
# A reminder may say that the representative is told; of one who may be involved it says the opposite.
REMINDERS = {"today", "api_today", "consent_reminders"}
# What can leave the building, by whose hand whatsoever. None of it is for a representative, or names one.
PAPERS = {
    "consent_record", "consent_receipt", "consent_summary", "consent_document", "notice_pdf", "notice_sample",
    "consent_comensha_form", "decision_list", "api_decision_list", "api_case", "overview_statement",
    "log_export_file", "log_export_year", "api_description",
}  # fmt: skip
# Pages for professionals: nobody of the case's own people looks at them, and none names a representative.
SCREENS = {
    "cases", "case", "case_new", "case_manage", "conference_new", "conference_people", "room", "covenant",
    "consent_list", "consent_start", "consent_back", "api_standing",
    "consent_shared", "consent_reflection", "notices", "people", "new_person",
    "person", "me", "me_password", "me_cover", "person_cover", "questions", "log", "log_exports", "review",
    "review_finding", "sample", "overview_choose", "overview", "login", "login_code", "invite", "enrol",
    "enrol_app", "enrol_codes", "away", "healthz", "readyz",
}  # fmt: skip
# Sent and not shown.
SENT = {
    "set_language", "theme", "logout", "me_codes", "me_end_session", "person_act", "item_prepare", "item_act",
    "case_consent_withdraw", "consent_withdraw", "consent_limit", "consent_invalid", "consent_evidence", "consent_task",
    "notice_review", "case_subject", "case_correction", "case_involve", "case_end", "case_phase", "case_exception",
    "me_cover_end", "person_cover_end", "question_answer", "review_refresh", "review_ask", "sample_draw",
    "sample_judge", "overview_act",
}  # fmt: skip

MANDATE, BECAUSE = "kanarie-van-het-mandaat", "kanarie-van-de-reden"
WORDS = re.compile(r"vertegenwoordig|representative|guardian", re.IGNORECASE)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def addresses(region: Region) -> dict[str, str]:
    """Every address of the product with the ids of the case and the girl that it is about."""
    known = {
        "case": region.id("cases", "c1"), "subject": region.id("subjects", "s1"), "notice": "registration",
        "conference": region.id("conferences", "o1"), "language": "nl",
    }  # fmt: skip
    found = {}
    for one in patterns(get_resolver()):
        path = re.sub(r"<\w+:(\w+)>", lambda match: str(known.get(match[1], UUID(int=7, version=4))), str(one.pattern))
        found[str(one.name)] = f"/{path}"
    return found


def represent(region: Region, representative: Representative) -> None:
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    on_case(region.sit("zc"), case, lambda turn: consents.keep_fact(turn, case, subject, representative))


def untold(region: Region) -> None:
    """Share without her consent, and leave the telling for later: the one thing that somebody must be told of her."""
    new = Exceptional(
        subject=region.id("subjects", "s1"), party="kwintes", category="vbl", code=7,
        decider=region.id("people", "vz"), ends=clock.now() + timedelta(days=9),
        weighed=weighed(told_on=None, not_told="gevaar", look_again=TODAY + timedelta(days=3)),
    )  # fmt: skip
    case = region.id("cases", "c1")
    at_desk(region.sit("nt"), "exception.recorded", lambda turn: casework.record_exception(turn, case, new), case=case)


def involved(role: str = "ouder") -> Representative:
    return Representative(role=role, mandate=MANDATE, involved=True, because=BECAUSE)


def read(answer: HttpResponse) -> str:
    """What a person reads of an answer, a PDF's text too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"%PDF-"):
        return "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


# --- every channel ---------------------------------------------------------------------------


def test_every_address_stands_in_one_of_the_lists(region: Region) -> None:
    lists = [HER_CARE, REMINDERS, PAPERS, SCREENS, SENT]
    known = set().union(*lists)
    assert set(addresses(region)) - known == set()
    assert sum(len(one) for one in lists) == len(known), "and in one only"


@pytest.mark.parametrize("name", ["zc", "pol", "vz", "nt", "kw", "fg", "bh"])
def test_no_page_and_no_paper_says_who_represents_her_but_her_care_coordinators_own_form(
    region: Region, visit: Visit, name: str
) -> None:
    client = visit(name)
    say(region, party="kwintes", category="gez")
    signed(region)
    untold(region)
    before = {one: len(WORDS.findall(read(client.get(path)))) for one, path in sorted(addresses(region).items())}
    represent(region, involved())
    for one, path in sorted(addresses(region).items()):
        text = read(client.get(path))
        if one in HER_CARE and name == "zc":
            assert MANDATE in text, one
            continue
        assert MANDATE not in text, one
        assert BECAUSE not in text, one
        if one not in REMINDERS:
            assert len(WORDS.findall(text)) == before[one], f"{one} begins to speak of a representative"


def signed(region: Region) -> None:
    """So that there is a notice to CoMensha as well."""
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    talk = full_talk(method="schriftelijk", paper="map 2")
    said = Agreed(case=case, subject=subject, notices=[Notice.REGISTRATION], talk=talk, notice=NOTICE)
    on_case(region.sit("zc"), case, lambda turn: comensha.agree(turn, said))


def test_the_papers_that_are_compared_are_really_there(region: Region, visit: Visit) -> None:
    """A paper that is refused would tell nothing: those about her are handed out to who may have them."""
    say(region, party="kwintes", category="gez")
    signed(region)
    paths = addresses(region)
    for name, who in {
        "consent_record": "zc", "consent_receipt": "zc", "consent_summary": "zc", "consent_comensha_form": "zc",
        "notice_pdf": "zc", "overview_statement": "fg", "decision_list": "vz", "api_case": "zc",
    }.items():  # fmt: skip
        assert visit(who).get(paths[name]).status_code == 200, name


def test_the_product_sends_no_mail_and_no_message() -> None:
    sending = re.compile(r"django\.core\.mail|smtplib|send_mail|EmailMessage|twilio|requests\.post|httpx\.post")
    for room in ("agenda", "audit", "conference", "consent", "frontend"):
        for path in (ROOT / room).rglob("*.py"):
            assert not sending.search(path.read_text(encoding="utf-8")), path


# --- what is told, and to whom -------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(REPRESENTATIVES))
@pytest.mark.parametrize("part", [False, True])
def test_a_reminder_to_tell_her_says_whether_her_representative_may_know(
    region: Region, visit: Visit, role: str, part: bool
) -> None:
    kept = Representative(role=role, mandate=MANDATE, involved=part, because=BECAUSE if part else "")
    represent(region, kept)
    untold(region)
    may = may_be_told(kept)
    assert may is not part
    for path in ("/", "/consent/reminders/"):
        text = page(visit("zc").get(path))
        assert ("Haar vertegenwoordiger mag het ook weten." in text) is may, path
        assert ("Vertel haar vertegenwoordiger niets" in text) is not may, path
    (told,) = [one.others for one in pages.reminded(region.sit("zc")) or [] if one.kind == "tell_person"]
    assert told is may
    assert [one["others"] for one in visit("zc").get("/api/v1/today").json()["attention"] if one["task"]] == [may]


def test_without_a_representative_there_is_no_word_of_one(region: Region, visit: Visit) -> None:
    untold(region)
    assert not WORDS.search(page(visit("zc").get("/consent/reminders/")))
    assert may_be_told(None) is False
    assert may_be_told(Representative()) is False


def test_what_a_receiver_must_be_told_is_never_the_representatives(region: Region) -> None:
    represent(region, Representative(role="ouder", mandate=MANDATE))
    shown = pages.case_view(region.sit("kw"), region.id("cases", "c1"))
    assert shown is not None
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    taking = consents.protocol.ConsentWithdraw(case=case, subject=subject, party="kwintes", category="gez")
    on_case(region.sit("zc"), case, lambda turn: consents.withdraw(turn, taking))
    (told,) = [one.others for one in pages.reminded(region.sit("zc")) or [] if one.kind == "tell_receiver"]
    assert told is None


# --- who speaks for her ------------------------------------------------------------------------


def refuse_for(code: str, do: Callable[[], Any]) -> None:
    before = ConsentLine.objects.count()
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.code == code
    assert ConsentLine.objects.count() == before


@pytest.mark.parametrize("role", sorted(PARENTS))
def test_no_way_of_recording_takes_the_yes_of_one_who_may_be_involved(region: Region, role: str) -> None:
    """On the telephone and on paper for CoMensha; whoever refers her knows of no representative yet."""
    represent(region, involved(role))
    speaking = {"given_by": "vertegenwoordiger", "representative": role, "mandate": MANDATE, "capacity": "nee"}
    talk = full_talk(**speaking, capacity_told="de arts, na een gesprek", method="schriftelijk", paper="map 2")
    refuse_for("representative_involved", lambda: say(region, party="kwintes", category="gez", talk=talk))
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    said = Agreed(case=case, subject=subject, notices=[Notice.REGISTRATION], talk=talk, notice=NOTICE)
    refuse_for(
        "representative_involved",
        lambda: on_case(region.sit("zc"), case, lambda turn: comensha.agree(turn, said)),
    )


def test_a_try_by_somebody_else_to_read_it_is_entered(region: Region, visit: Visit) -> None:
    represent(region, involved())
    before = refusals()
    for name in ("pol", "kw", "vz"):
        assert visit(name).get(addresses(region)["consent"]).status_code == 404
    assert refusals() == before + 3
