"""The page of reminders: in words, with the next step, and a way to close what was told."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation

from agenda.pages import Attention
from conference import clock
from consent.commands.tasks import TELL_RECEIVER
from consent.models import RegisterTask
from frontend.reminding import ICONS, rows
from tests.frontend.visiting import NOBODY, Region, bare, page
from tests.world import TODAY, pass_time

Visit = Callable[[str], Client]
CASE, SHE = uuid4(), uuid4()


def one(kind: str, party: str = "kwintes", category: str = "gez", left: int = 3, age: int | None = None) -> Attention:
    day = date(2026, 11, 23) + timedelta(days=left)
    return Attention(kind, CASE, SHE, "IJSVOGEL", "betrokkene 1", party, category, day, left, age, None)


def task_of(region: Region) -> RegisterTask:
    return RegisterTask.objects.create(
        case=region.id("cases", "c1"), subject=region.id("subjects", "s1"), kind=TELL_RECEIVER, party="kwintes",
        category="gez", cause=uuid4(), made_at=clock.now(), due=TODAY + timedelta(days=7),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ICONS)
def test_each_kind_has_a_line_and_a_next_step_in_dutch(kind: str) -> None:
    (row,) = rows([one(kind, age=18)])
    with translation.override("nl"):
        dutch = (row.title, row.text, row.when)
    with translation.override("en"):
        english = (row.title, row.text, row.when)
    assert "IJSVOGEL" in dutch[0]
    assert dutch[2] == "over 3 dagen"
    assert all(here != there for here, there in zip(dutch, english, strict=True))


def test_what_is_one_step_stands_in_one_row_and_each_task_alone() -> None:
    with translation.override("nl"):
        found = rows([one("consent_ends"), one("consent_ends", "politie"), one("consent_ends", category="won")])
        assert [row.who for row in found] == ["Kwintes en politie", "Kwintes"]
        assert "Kwintes en politie" in found[0].text
    assert len(rows([one("tell_receiver"), one("tell_receiver", "politie")])) == 2


@pytest.mark.parametrize(("left", "said"), [(-2, "2 dagen te laat"), (0, "vandaag"), (1, "over 1 dag")])
def test_how_long_there_is_stands_in_words(left: int, said: str) -> None:
    with translation.override("nl"):
        assert rows([one("review", left=left)])[0].when == said


def test_the_page_holds_what_ends_and_what_must_be_told(region: Region, visit: Visit) -> None:
    task = task_of(region)
    text = page(visit("zc").get("/consent/reminders/"))
    assert "Vertel Kwintes dat toestemming van betrokkene 1 in" in text
    assert f'action="/cases/{region.id("cases", "c1")}/consent/tasks/{task.id}/"' in text
    assert "wordt 18" in text
    assert "Toestemming van betrokkene 1 in" in text
    assert "Noor" not in text


def test_a_task_is_closed_there_and_gone(region: Region, visit: Visit) -> None:
    client, task = visit("zc"), task_of(region)
    address = f"/cases/{region.id('cases', 'c1')}/consent/tasks/{task.id}/"
    wrong = page(client.post(address, {"told_on": "gisteren", "how": "gemaild"}, follow=True))
    assert "Vul een datum in" in wrong
    done = page(client.post(address, {"told_on": "23-11-2026", "how": "gebeld"}, follow=True))
    assert "Vastgelegd dat dit is verteld." in done
    assert "Vertel Kwintes" not in done
    kept = RegisterTask.objects.get(id=task.id)
    assert kept.done_by == region.id("people", "zc")


def test_a_task_of_another_case_or_of_nothing_is_not_there(region: Region, visit: Visit) -> None:
    client, task = visit("zc"), task_of(region)
    sent = {"told_on": "23-11-2026", "how": "gebeld"}
    c1, c2 = region.id("cases", "c1"), region.id("cases", "c2")
    answers = [
        client.post(f"/cases/{case}/consent/tasks/{name}/", sent)
        for case, name in ((c2, task.id), (c1, NOBODY), (UUID(NOBODY), task.id))
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({bare(answer) for answer in answers}) == 1
    assert RegisterTask.objects.get(id=task.id).done_at is None


def test_without_anything_the_page_says_what_belongs_here(region: Region, visit: Visit) -> None:
    client = visit("zc")
    pass_time(days=400)
    text = page(visit("zc").get("/consent/reminders/")) if client else ""
    assert "Er is nu niets om aan te denken." in text


def test_today_leads_to_the_other_reminders(region: Region, visit: Visit) -> None:
    for _ in range(9):
        task_of(region)
    text = page(visit("zc").get("/"))
    assert "Vertel Kwintes" in text
    assert 'href="/consent/reminders/"' in text
    assert "herinnering" in text
