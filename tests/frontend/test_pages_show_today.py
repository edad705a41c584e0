"""Today: her meetings, her party's open actions, what asks for attention; and the same for machines."""

import re
from collections.abc import Callable

from django.test import Client

from tests.frontend.visiting import Region, log_in, page, region_of
from tests.world import item as item_of
from tests.world import pass_time, settle, tiny_world

Visit = Callable[[str], Client]

BLOCK = re.compile(r'<(?:section class="group|article class="block|li\b)[^>]*>')


def test_a_meeting_of_today_stands_with_its_room_its_chair_and_her_own_cases(region: Region, visit: Visit) -> None:
    text = page(visit("kw").get("/"))
    assert "maandag 23 november 2026" in text
    assert "Vandaag: 1 overleg" in text
    assert ">13.30</time>" in text
    assert "Voorzitter V. Oorzitter" in text
    assert f'href="/conferences/{region.id("conferences", "o1")}/"' in text
    assert "Volgend overleg: maandag 30 november 2026, 10.00 uur" in text
    codes = set(re.findall(r"jij bent erbij voor ([A-Z-]+) en ([A-Z-]+)<", text)[0])
    assert codes == set(re.findall(r'/">([A-Z-]{3,})</a></h2>', page(visit("kw").get("/cases/"))))


def test_own_drafts_are_told_to_the_own_party_only(visit: Visit) -> None:
    assert "1 eigen gegeven staat klaar" in page(visit("pol").get("/"))
    assert "eigen gegeven" not in page(visit("kw").get("/"))


def test_actions_stand_with_how_late_they_are(visit: Visit) -> None:
    police, kwintes = page(visit("pol").get("/")), page(visit("kw").get("/"))
    assert "actie-x2" in police
    assert "3 dagen te laat" in police
    assert "actie-x1" not in police
    assert "actie-x1" in kwintes
    assert "over 8 dagen" in kwintes
    assert "actie-x2" not in kwintes


def test_the_next_days_are_said_in_words(visit: Visit) -> None:
    client = visit("kw")
    pass_time(days=7)
    assert "morgen" in page(client.get("/"))
    pass_time(days=1)
    assert "vandaag</strong>" in page(client.get("/"))


def test_a_consent_that_ends_is_told_to_the_care_coordinator_and_to_nobody_else(region: Region, visit: Visit) -> None:
    care = page(visit("zc").get("/"))
    assert "Toestemming van betrokkene 1 in" in care
    assert f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/" in care
    for name in ("kw", "pol", "vz"):
        assert "loopt af" not in page(visit(name).get("/"))


def test_a_day_without_anything_says_what_belongs_here_and_one_next_step(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    client = log_in(region_of(conferences=[], cases=[]), "oov")
    text = page(client.get("/"))
    assert "Vandaag geen overleg" in text
    assert "Er wacht niets op je." in text
    assert text.split("<main", maxsplit=1)[1].count('class="button"') == 1
    assert "Er zijn nu geen casussen voor jouw organisatie." in page(client.get("/cases/"))


def test_machines_read_the_same_day(region: Region, visit: Visit) -> None:
    found = visit("pol").get("/api/v1/today").json()
    assert found["day"] == "2026-11-23"
    assert [meeting["title"] for meeting in found["conferences"]] == ["Casusoverleg een"]
    assert [(action["text"], action["late"]) for action in found["actions"]] == [("actie-x2", True)]
    assert found["next"]["title"] == "Casusoverleg twee"
    assert found["attention"] == []


def test_machines_read_the_same_case(region: Region, visit: Visit) -> None:
    client, case = visit("kw"), region.id("cases", "c1")
    found = client.get(f"/api/v1/cases/{case}").json()
    text = page(client.get(f"/cases/{case}/"))
    assert found["id"] == str(case)
    assert found["items"]
    for item in found["items"].values():
        assert item["text"].split(" ")[0].rstrip(".") in text
    assert found["register"] == []


def test_a_protected_address_is_read_on_the_screen_only(region: Region, visit: Visit) -> None:
    client, case = visit("zc"), region.id("cases", "c1")
    assert "Schuilpad 9" in page(client.get(f"/cases/{case}/"))
    answer = client.get(f"/api/v1/cases/{case}")
    assert "Schuilpad" not in answer.content.decode()
    assert "0600000001" not in answer.content.decode()
    first = next(one for one in answer.json()["subjects"] if one["id"] == str(region.id("subjects", "s1")))
    assert first["identity"]["name"] == "Noor Verzonnen"
    assert set(first["protected"]) == {"address", "phone"}


def test_what_is_about_a_secret_address_is_neither_printed_nor_given_to_machines(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    world["cases"][0]["items"].append(item_of("i-adr", "zorgcoordinator", "adr"))
    point = next(one for one in world["conferences"][0]["agenda"] if one["case"] == "c1")
    point["notes"].append({"text": "blok Nergens", "category": "adr"})
    point["decisions"].append({"text": "besluit Nergens", "category": "adr", "status": "adopted"})
    point["actions"].append(
        {"text": "actie Nergens", "category": "adr", "owner": "zvh_procesregie", "due": "2026-12-01"}
    )
    region = settle(world)
    case = region.id("cases", "c1")
    own = {"zc": ("tekst-i-adr",), "vz": ("blok Nergens", "besluit Nergens", "actie Nergens")}
    for name, found in own.items():
        client = log_in(region, name)
        text, given = page(client.get(f"/cases/{case}/")), client.get(f"/api/v1/cases/{case}")
        assert given.json()["items"]
        for words in found:
            assert "no-print" in BLOCK.findall(text[: text.index(words)])[-1], words
            assert words not in given.content.decode()


def test_every_answer_for_machines_has_the_keys_that_its_description_promises(region: Region, visit: Visit) -> None:
    client = visit("kw")
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.0")
    assert "contact" not in described["info"]
    schemas = described["components"]["schemas"]
    conference, case = region.id("conferences", "o1"), region.id("cases", "c1")
    answers = {
        "Today": client.get("/api/v1/today").json(),
        "CaseView": client.get(f"/api/v1/cases/{case}").json(),
        "DecisionList": client.get(f"/api/v1/conferences/{conference}/decision-list").json(),
        "Error": client.get("/api/v1/cases/00000000-0000-4000-8000-000000000000").json(),
    }
    for name, answer in answers.items():
        assert set(schemas[name]["required"]) <= set(answer), name
        assert set(answer) <= set(schemas[name]["properties"]) | {"made"}, name
    assert set(schemas["Meeting"]["required"]) == set(answers["Today"]["conferences"][0])


def test_the_description_is_for_everybody_for_it_holds_nothing_of_anybody() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer["API-Version"]) == (200, "1")
