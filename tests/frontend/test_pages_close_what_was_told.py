"""What was told is closed with what was typed, what no longer holds is told without blame, and small marks hold."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from agenda.commands import comensha, consents, on_case
from agenda.commands.comensha import Agreed
from agenda.commands.consents import Step
from agenda.pages import Attention
from agenda.pages.reminders import step_of
from conference import clock
from conference.cases.comensha import Notice
from consent.commands.tasks import TELL_RECEIVER
from consent.models import ConsentEvidence, RegisterTask
from consent.states import State
from consent.talk import LineTold
from frontend.reminding import rows
from tests.consenting import NOTICE, full_talk
from tests.frontend.visiting import Region, once_of, page
from tests.world import TODAY, pass_time

Visit = Callable[[str], Client]
SIGNED = {"method": "schriftelijk", "paper": "map 2", "channel": "gesprek"}


def task_of(region: Region) -> RegisterTask:
    return RegisterTask.objects.create(
        case=region.id("cases", "c1"), subject=region.id("subjects", "s1"), kind=TELL_RECEIVER, party="kwintes",
        category="gez", cause=uuid4(), made_at=clock.now(), due=TODAY + timedelta(days=7),
    )  # fmt: skip


# --- closing what was told ---------------------------------------------------------------------------


def test_today_stands_in_the_form_already(region: Region, visit: Visit) -> None:
    task_of(region)
    assert re.search(r'name="told_on"[^>]* value="23-11-2026"', page(visit("zc").get("/consent/reminders/")))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"told_on": "gisteren", "how": "gebeld met de tolk"}, "told_on", "Vul een datum in"),
        ({"told_on": "23-11-2026", "how": ""}, "how", "Schrijf hoe dit is verteld."),
        ({"told_on": "24-11-2026", "how": "gebeld met de tolk"}, "told_on", "vandaag of eerder"),
    ],
)
@pytest.mark.parametrize("back", ["reminders", "manage"])
def test_what_was_typed_is_kept_where_something_is_wrong(
    region: Region, visit: Visit, typed: dict[str, str], field: str, said: str, back: str
) -> None:
    client, task = visit("zc"), task_of(region)
    address = f"/cases/{region.id('cases', 'c1')}/consent/tasks/{task.id}/"
    text = page(client.post(address, typed | {"back": back}))
    assert f'href="#id_{field}"' in text
    assert said in text
    assert all(f'value="{value}"' in text for value in typed.values() if value)
    assert f'name="back" value="{back}"' in text
    assert "Kwintes" not in text, "it shows nothing of what it is about"
    answer = client.post(address, {"told_on": "23-11-2026", "how": "gebeld", "back": back})
    assert answer["Location"].endswith("/manage/#exceptions" if back == "manage" else "/consent/reminders/")
    task.refresh_from_db()
    assert task.done_at is not None


# --- somebody new --------------------------------------------------------------------------------------


def test_somebody_new_who_was_sent_twice_is_told_as_done_and_not_as_failed(region: Region, visit: Visit) -> None:
    care = visit("zc")
    form = {"once": once_of(page(care.get("/consent/new/"))), "case": str(region.id("cases", "c1"))}
    care.post("/consent/new/", form)
    again = care.post("/consent/new/", form, follow=True)
    assert again.redirect_chain[-1][0] == "/consent/"
    assert "Zij was al ingeschreven en staat hier één keer." in page(again)
    assert "Er is niets opgeslagen" not in page(again)


# --- what no longer holds ------------------------------------------------------------------------------


def test_that_she_was_pressed_is_told_to_nobody_as_her_taking_it_back(region: Region, visit: Visit) -> None:
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    visit("kw").get(f"/cases/{case}/")
    step = Step(
        case=case, subject=subject, party="kwintes", category="gez", state=State.INVALID,
        told=LineTold(because="druk"),
    )  # fmt: skip
    on_case(region.sit("zc"), case, lambda turn: consents.record(turn, step))
    for text in (page(visit("kw").get("/")), page(visit("zc").get("/consent/reminders/"))):
        assert "trok toestemming in" not in text
        assert "introk" not in text
    assert "niet meer geldt" in page(visit("zc").get("/consent/reminders/"))
    assert "geldt niet meer" in page(visit("kw").get("/"))


# --- what she signed for CoMensha ----------------------------------------------------------------------


def one(party: str, day: date) -> Attention:
    who = uuid4()
    return Attention("consent_ends", who, who, "IJSVOGEL", "betrokkene 1", party, "id", day, 3, None, None)


def test_what_she_signed_for_comensha_is_a_step_of_its_own_that_leads_to_its_page() -> None:
    first = one("comensha", TODAY)
    others = [Attention(*[getattr(first, name) for name in first.__slots__][:5], party, "id", TODAY, 3, None, None)
              for party in ("kwintes", "comensha")]  # fmt: skip
    assert step_of(first) != step_of(others[0])
    with translation.override("nl"):
        found = rows([first, *others])
        assert [row.who for row in found] == ["CoMensha", "Kwintes"], "registration and placement are one step"
    assert [row.link.endswith("/comensha/") for row in found] == [True, False]


def test_the_reminder_of_what_she_signed_leads_there(region: Region, visit: Visit) -> None:
    case, subject = region.id("cases", "c2"), region.id("subjects", "t1")
    said = Agreed(case=case, subject=subject, notices=list(Notice), talk=full_talk(**SIGNED), notice=NOTICE)
    on_case(region.sit("zc"), case, lambda turn: comensha.agree(turn, said))
    pass_time(days=175)
    text = page(visit("zc").get("/consent/reminders/"))
    assert f'href="/cases/{case}/consent/{subject}/comensha/"' in text


# --- marks ---------------------------------------------------------------------------------------------


def test_an_error_is_told_with_the_choice_that_it_is_about(region: Region, visit: Visit) -> None:
    here = f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"
    client = visit("zc")
    sent = {"once": once_of(page(client.get(here))), "line-gez-rvdk": "yes", "step": "review"}
    text = page(client.post(here, sent))
    described = re.search(r'<fieldset class="field field-wrong" id="id_alone" aria-describedby="([^"]+)"', text)
    assert described is not None
    assert all(f'id="{name}"' in text for name in described[1].split())
    assert "id_alone_error" in described[1]


def test_a_documents_day_is_the_day_here(region: Region, visit: Visit) -> None:
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    ConsentEvidence.objects.create(
        case=case, subject=subject, kind="pdf", size=3, sha256="ab" * 32, sealed=b"x",
        recorded_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    text = page(visit("zc").get(f"/cases/{case}/consent/{subject}/"))
    assert "pdf · 21-11-2026 · abababab" in text


def test_a_yes_is_neuter_in_dutch() -> None:
    with translation.override("nl"):
        told = translation.gettext(
            "Only the care coordinator reads this. While it runs, each yes is asked again after 90 days."
        )
        notices = translation.gettext("Registration and placement are two questions. For each she signs apart.")
    assert "elk ja na 90 dagen opnieuw" in told
    assert "Voor elke vraag tekent zij apart." in notices
