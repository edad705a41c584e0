"""A day that nobody can mean is refused at its field; none of it makes a page fail."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from agenda.commands import Refused, consents, on_case
from consent.commands.tasks import TELL_RECEIVER
from consent.models import ConsentLine, ExceptionLine, RegisterTask, SubjectFact
from consent.states import State
from consent.talk import Reflection
from frontend.forms.fields import day_field
from tests.consenting import say
from tests.frontend.conversing import of, send
from tests.frontend.test_pages_remind import task_of
from tests.frontend.visiting import Region, page
from tests.world import TODAY

Visit = Callable[[str], Client]
FAR = ["31-12-9999", "01-01-9999", "01-01-2101", "31-12-1899", "01-01-0001"]
TOLD = "Vul een dag in tussen 1900 en 2100."


@pytest.fixture
def here(region: Region) -> str:
    """An adult in the track of help."""
    return f"/cases/{region.id('cases', 'c2')}/consent/{region.id('subjects', 't1')}/"


@pytest.mark.parametrize("day", ["01-01-1900", "29-02-2028", "31-12-2100"])
def test_a_day_within_reach_is_taken(day: str) -> None:
    assert day_field("Dag").clean(day) == date(*reversed([int(part) for part in day.split("-")]))


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("field", ["ends", "review_on"])
def test_a_day_of_the_conversation(visit: Visit, here: str, field: str, day: str) -> None:
    count = of(here, ConsentLine).count()
    text = send(visit("zc"), here, "record", gez__kwintes="yes", **{field: day})
    assert TOLD in text
    assert f'href="#id_{field}"' in text
    assert of(here, ConsentLine).count() == count


@pytest.mark.parametrize("day", FAR)
def test_an_earlier_end(region: Region, visit: Visit, day: str) -> None:
    here = f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"
    count = of(here, ConsentLine).count()
    sent = {"party": "kwintes", "category": "gez", "ends": day}
    assert TOLD in page(visit("zc").post(f"{here}limit/", sent, follow=True))
    assert of(here, ConsentLine).count() == count


@pytest.mark.parametrize(("starts", "ends"), [("01-12-9999", "31-12-9999"), ("01-11-2026", "31-12-9999")])
def test_a_reflection_period(visit: Visit, here: str, starts: str, ends: str) -> None:
    count = of(here, SubjectFact).count()
    sent = {"stage": "bedenktijd", "starts": starts, "ends": ends, "dublin": "nee", "lawyer": "nee"}
    assert TOLD in page(visit("zc").post(f"{here}reflection/", sent))
    assert of(here, SubjectFact).count() == count


@pytest.mark.parametrize("field", ["ends", "told_on", "look_again"])
def test_an_exception(region: Region, visit: Visit, field: str) -> None:
    case, count = region.id("cases", "c1"), ExceptionLine.objects.count()
    days = {"ends": "01-12-2026", field: "31-12-9999"}
    sent = {
        "subject": str(region.id("subjects", "s1")), "party": "kwintes", "category": "vbl", "code": "7",
        "decider": str(region.id("people", "vz")), "reason": "gevaar", "tried": "gebeld", "not_told": "gevaar",
    }  # fmt: skip
    text = page(visit("nt").post(f"/cases/{case}/manage/exception/", sent | days))
    assert TOLD in text
    assert f'href="#id_{field}"' in text
    assert ExceptionLine.objects.count() == count


# --- the day on which she is asked again -----------------------------------------------------------


@pytest.mark.parametrize("day", ["01-01-1990", "22-11-2026", "24-05-2027", "23-11-2099"])
def test_she_is_asked_again_from_today_on_and_not_after_the_usual_day(visit: Visit, here: str, day: str) -> None:
    count = of(here, ConsentLine).count()
    text = send(visit("zc"), here, "record", gez__kwintes="yes", review_on=day)
    assert "Kies een dag vanaf vandaag: hooguit een half jaar vooruit" in text
    assert 'href="#id_review_on"' in text
    assert of(here, ConsentLine).count() == count


@pytest.mark.parametrize("day", ["23-11-2026", "01-02-2027", "23-05-2027"])
def test_any_day_before_the_usual_one_is_hers(visit: Visit, here: str, day: str) -> None:
    assert "Vastgelegd" in send(visit("zc"), here, "record", gez__kwintes="yes", review_on=day)
    assert f"{of(here, ConsentLine).order_by('number').last().review_on:%d-%m-%Y}" == day


def test_in_the_reflection_period_that_is_ninety_days(region: Region) -> None:
    case, she = region.id("cases", "c2"), region.id("subjects", "t1")
    stays = Reflection(stage="bedenktijd", starts=TODAY, ends=TODAY + timedelta(days=60), lawyer="nee")
    on_case(region.sit("zc"), case, lambda turn: consents.keep_fact(turn, case, she, stays))
    line = {"case": "c2", "subject": "t1", "party": "kwintes", "category": "gez"}
    with pytest.raises(Refused, match="review_out_of_range"):
        say(region, review_on=TODAY + timedelta(days=91), **line)
    say(region, review_on=TODAY + timedelta(days=90), **line)


def test_what_gives_nothing_has_no_such_day(region: Region) -> None:
    say(region, State.REFUSED, case="c2", subject="t1", party="kwintes", category="gez", review_on=date(1990, 1, 1))
    assert ConsentLine.objects.order_by("-number")[0].review_on is None


# --- telling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [("01-01-1990", "Kies een dag vanaf de dag waarop dit verteld moest worden"), ("31-12-9999", TOLD)],
)
def test_nothing_was_told_before_it_had_to_be(region: Region, visit: Visit, day: str, said: str) -> None:
    task = task_of(region)
    address = f"/cases/{region.id('cases', 'c1')}/consent/tasks/{task.id}/"
    assert said in page(visit("zc").post(address, {"told_on": day, "how": "gebeld"}, follow=True))
    assert RegisterTask.objects.get(kind=TELL_RECEIVER).done_at is None
