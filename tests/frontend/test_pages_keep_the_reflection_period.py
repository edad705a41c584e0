"""The reflection period: three months at most, 30 days with Dublin; the care coordinator's, in the track of help."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agenda import pages
from agenda.commands import Refused, consents, on_case
from conference import clock
from conference.crypto import Sealer
from consent.commands import RegisterRefusal, record_fact
from consent.models import ConsentLine, SubjectFact
from consent.rules import review_day
from consent.talk import Reflection
from tests.consenting import say
from tests.frontend.visiting import NOBODY, Region, bare, once_of, page, refusals
from tests.world import TODAY

Visit = Callable[[str], Client]
FILLED = {"stage": "bedenktijd", "starts": "23-11-2026", "ends": "23-02-2027", "dublin": "nee", "lawyer": "ja"}


def address(region: Region, case: str = "c2", subject: str = "t1") -> str:
    return f"/cases/{region.id('cases', case)}/consent/{region.id('subjects', subject)}/reflection/"


def kept(region: Region) -> list[SubjectFact]:
    """All that was recorded of her; the register cannot be emptied between tests."""
    return list(SubjectFact.objects.filter(subject=region.id("subjects", "t1"), kind="reflection"))


# --- the register's own rule ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "dublin", "code"),
    [
        (date(2026, 11, 23), date(2027, 2, 23), False, None),
        (date(2026, 11, 23), date(2027, 2, 24), False, "reflection_too_long"),
        (date(2026, 11, 30), date(2027, 2, 28), False, None),
        (date(2026, 11, 30), date(2027, 3, 1), False, "reflection_too_long"),
        (date(2027, 11, 30), date(2028, 2, 29), False, None),
        (date(2026, 11, 23), date(2026, 12, 23), True, None),
        (date(2026, 11, 23), date(2026, 12, 24), True, "dublin_too_long"),
        (date(2023, 5, 18), date(2023, 8, 18), True, None),  # granted before the rule of 30 days
        (date(2023, 5, 19), date(2023, 8, 18), True, "dublin_too_long"),
        (date(2026, 11, 23), date(2026, 11, 23), False, "ends_before_start"),
        (date(2026, 11, 23), None, False, "reflection_without_days"),
        (None, date(2026, 11, 23), False, "reflection_without_days"),
    ],
)
@pytest.mark.django_db
def test_how_long_it_may_last(starts: date | None, ends: date | None, dublin: bool, code: str | None) -> None:
    fact = Reflection(stage="bedenktijd", starts=starts, ends=ends, dublin=dublin)
    case, subject = uuid4(), uuid4()

    def keep() -> SubjectFact:
        return record_fact(fact, case=case, subject=subject, sealer=Sealer(case, 1, b"k" * 32), by=None, at=clock.now())

    if code is None:
        assert b"2026" not in bytes(keep().sealed)
        return
    with pytest.raises(RegisterRefusal) as refused:
        keep()
    assert refused.value.code == code
    assert not SubjectFact.objects.filter(subject=subject).exists()


@pytest.mark.parametrize("stage", ["slachtoffer", "getuige", "geen"])
@pytest.mark.django_db
def test_a_permit_may_last_longer_and_needs_no_days(stage: Any) -> None:
    case = uuid4()
    for fact in (Reflection(stage=stage), Reflection(stage=stage, starts=TODAY, ends=TODAY + timedelta(days=365))):
        record_fact(fact, case=case, subject=uuid4(), sealer=Sealer(case, 1, b"k" * 32), by=None, at=clock.now())
    backwards = Reflection(stage=stage, starts=TODAY, ends=TODAY - timedelta(days=1))
    with pytest.raises(RegisterRefusal, match="ends_before_start"):
        record_fact(backwards, case=case, subject=uuid4(), sealer=Sealer(case, 1, b"k" * 32), by=None, at=clock.now())


# --- the page ------------------------------------------------------------------------------


def test_it_is_recorded_and_stands_there_with_the_days_that_are_left(region: Region, visit: Visit) -> None:
    client, here = visit("zc"), address(region)
    first = page(client.get(here))
    assert "Vastleggen" in first
    assert "Wat nu geldt" not in first
    region.mark()
    done = page(client.post(here, FILLED | {"once": once_of(first)}, follow=True))
    assert "Vastgelegd. Je krijgt een herinnering" in done
    assert "nog 92 dagen" in done
    assert "23 februari 2027" in done
    (leaf,) = region.entries("consent.noted")
    assert leaf["subject"] == str(region.id("subjects", "t1"))
    assert not any("2027" in str(one["obj"]) for one in region.entries())
    fact = kept(region)[0]
    assert b"bedenktijd" not in bytes(fact.sealed)


def test_sending_it_twice_records_it_once(region: Region, visit: Visit) -> None:
    client, here = visit("zc"), address(region)
    sent = FILLED | {"once": once_of(page(client.get(here)))}
    page(client.post(here, sent, follow=True))
    assert "Dit was al vastgelegd" in page(client.post(here, sent, follow=True))
    assert len(kept(region)) == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"ends": "24-02-2027"}, "ends", "hoogstens drie maanden"),
        ({"dublin": "ja"}, "ends", "hoogstens 30 dagen"),
        ({"starts": ""}, "starts", "de eerste en de laatste dag"),
        ({"ends": "22-11-2026"}, "ends", "Kies een laatste dag na de eerste"),
        ({"stage": ""}, "stage", "Maak een keuze"),
        ({"lawyer": ""}, "lawyer", "Maak een keuze"),
        ({"starts": "ooit"}, "starts", "Vul een datum in"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    region: Region, visit: Visit, changes: dict[str, str], field: str, said: str
) -> None:
    text = page(visit("zc").post(address(region), FILLED | changes))
    assert f'href="#id_{field}"' in text
    assert said in text
    assert kept(region) == []


def test_what_stands_there_can_be_changed_and_the_older_record_stays(region: Region, visit: Visit) -> None:
    client, here = visit("zc"), address(region)
    page(client.post(here, FILLED, follow=True))
    shown = page(client.get(here))
    assert 'value="23-02-2027"' in shown
    later = page(client.post(here, FILLED | {"stage": "getuige", "ends": "", "starts": ""}, follow=True))
    assert "Verblijf als getuige" in later
    assert len(kept(region)) == 2


@pytest.mark.parametrize("name", ["vz", "nt", "pol", "kw", "ggz", "oov", "fg", "bh"])
def test_to_everybody_else_the_page_is_not_there(region: Region, visit: Visit, name: str) -> None:
    client, before = visit(name), refusals()
    for answer in (client.get(address(region)), client.post(address(region), FILLED)):
        assert answer.status_code == 404
    assert bare(client.get(address(region))) == bare(client.get(f"/cases/{NOBODY}/consent/{NOBODY}/reflection/"))
    assert refusals() > before
    assert kept(region) == []


def test_in_another_track_there_is_no_such_page_and_no_such_command(region: Region, visit: Visit) -> None:
    client, here = visit("zc"), address(region, "c1", "s1")
    region.mark()
    assert bare(client.get(here)) == bare(client.get(f"/cases/{NOBODY}/consent/{NOBODY}/reflection/"))
    assert client.post(here, FILLED).status_code == 404
    assert {leaf["reason"] for leaf in region.entries() if leaf["out"] == "deny"} == {"track_forbids", "not_involved"}
    c1, s1 = region.id("cases", "c1"), region.id("subjects", "s1")
    fact = Reflection(stage="getuige", lawyer="ja")
    with pytest.raises(Refused, match="track_forbids"):
        on_case(region.sit("zc"), c1, lambda turn: consents.keep_fact(turn, c1, s1, fact))


def test_a_suspect_and_a_stranger_have_none(region: Region, visit: Visit) -> None:
    client = visit("zc")
    for subject in (region.id("subjects", "s3"), NOBODY):
        assert client.get(f"/cases/{region.id('cases', 'c2')}/consent/{subject}/reflection/").status_code == 404


def test_while_it_runs_each_yes_is_asked_again_after_ninety_days(region: Region, visit: Visit) -> None:
    page(visit("zc").post(address(region), FILLED, follow=True))
    say(region, party="kwintes", category="won", case="c2", subject="t1")
    line = ConsentLine.objects.order_by("-number")[0]
    assert line.review_on == TODAY + timedelta(days=90) == review_day(TODAY, reflecting=True)
    reminded = pages.reminded(region.sit("zc")) or []
    assert "reflection_ends" not in {one.kind for one in reminded}
