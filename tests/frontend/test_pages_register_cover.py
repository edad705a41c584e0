"""Cover on the pages: by whoever is away, or by an administrator; logged, and never before today."""

from datetime import timedelta
from typing import Any

import pytest

from conference import clock
from conference.accounts.models import Cover
from tests.frontend.conftest import Visit
from tests.frontend.visiting import Region, page, some_id

pytestmark = pytest.mark.django_db(transaction=True)


def form(region: Region, substitute: str = "pol2", first: int = 0, last: int = 5) -> dict[str, Any]:
    days = (clock.today() + timedelta(days=number) for number in (first, last))
    since, until = (day.strftime("%d-%m-%Y") for day in days)
    return {"substitute": str(region.id("people", substitute)), "since": since, "until": until}


def test_whoever_is_away_says_who_does_her_work(region: Region, visit: Visit) -> None:
    police = visit("pol")
    assert "/me/cover/" in page(police.get("/me/"))
    assert police.post("/me/cover/", form(region)).headers["location"] == "/me/cover/"
    text = page(police.get("/me/cover/"))
    assert "R. Echerche voor A. Gent" in text
    assert "R. Echerche voor A. Gent" in page(visit("pol2").get("/me/cover/")), "the substitute sees it too"
    (entry,) = region.entries("cover.registered")
    people = [f"person:{region.id('people', name)}" for name in ("pol", "pol2")]
    assert (entry["obj"], entry["actor"]) == (people, str(region.id("people", "pol")))


def test_an_administrator_registers_and_ends_it_for_somebody_who_is_ill(region: Region, visit: Visit) -> None:
    administrator, here = visit("bh"), f"/people/{region.id('people', 'pol')}/cover/"
    assert here in page(administrator.get(f"/people/{region.id('people', 'pol')}/"))
    administrator.post(here, form(region))
    row = Cover.objects.get()
    assert "De waarneming is beëindigd." in page(administrator.post(f"{here}{row.id}/end/", follow=True))
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "De waarneming" not in page(administrator.get(here))
    assert "eerder beëindigd" in page(administrator.get(here))
    assert [e["act"] for e in region.entries() if e["act"].startswith("cover.")] == ["cover.registered", "cover.ended"]
    assert "al voorbij" in page(administrator.post(f"{here}{row.id}/end/", follow=True))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first": -1}, "Waarneming telt vanaf de dag"),
        ({"first": 3, "last": 1}, "De laatste dag ligt voor de eerste."),
        ({"last": 93}, "Waarneming duurt hoogstens drie maanden."),
        ({"substitute": "kw"}, "Kies een collega die aan casussen werkt."),
        ({"substitute": "pol"}, "Kies een collega die aan casussen werkt."),
    ],
    ids=["in-the-past", "backwards", "too-long", "another-party", "herself"],
)
def test_what_is_no_cover_is_refused_in_words(region: Region, visit: Visit, changes: dict[str, Any], said: str) -> None:
    assert said in page(visit("pol").post("/me/cover/", form(region, **changes)))
    assert not Cover.objects.exists()


def test_the_rooms_own_rules_hold_without_the_form(region: Region) -> None:
    from conference.accounts import covers
    from conference.accounts.rules import Refused

    today = clock.today()
    own, other = region.id("people", "pol"), region.id("people", "pol2")
    tries = {
        "other_party": (own, region.id("people", "kw"), "pol"),
        "unknown_person": (own, region.id("people", "fg"), "pol"),
        "role_family": (own, other, "pol2"),
    }
    for code, (absent, substitute, who) in tries.items():
        with pytest.raises(Refused, match=code):
            covers.register_cover(absent, substitute, today, today, by=region.sit(who))
    covers.register_cover(own, other, today, today + timedelta(days=5), by=region.sit("pol"))
    with pytest.raises(Refused, match="cover_twice"):
        covers.register_cover(own, other, today + timedelta(days=5), today + timedelta(days=9), by=region.sit("pol"))
    row = Cover.objects.get()
    with pytest.raises(Refused, match="role_family"):
        covers.end_cover(row.id, by=region.sit("pol2"))
    with pytest.raises(Refused, match="unknown_cover"):
        covers.end_cover(row.id, by=region.sit("bh"), of=other)


def test_cover_is_for_who_works_on_cases_and_of_nobody_else(region: Region, visit: Visit) -> None:
    assert visit("fg").get("/me/cover/").status_code == 404
    assert visit("bh").get(f"/people/{region.id('people', 'fg')}/cover/").status_code == 404
    assert visit("bh").get(f"/people/{some_id()}/cover/").status_code == 404
    assert visit("pol").get(f"/people/{region.id('people', 'pol')}/cover/").status_code == 404
    visit("pol").post("/me/cover/", form(region))
    row = Cover.objects.get()
    assert visit("pol2").post(f"/me/cover/{row.id}/end/").status_code == 404
    assert visit("pol").post(f"/me/cover/{some_id()}/end/").status_code == 404


def test_cover_gives_no_right(region: Region, visit: Visit) -> None:
    case = f"/cases/{region.id('cases', 'c2')}/"
    before = visit("pol2").get(case).status_code
    visit("pol").post("/me/cover/", form(region))
    assert visit("pol2").get(case).status_code == before == 404
