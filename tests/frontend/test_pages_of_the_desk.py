"""Opening and managing cases, planning conferences: for who may, and for all others not there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from agenda.models import Conference, Seat
from conference.cases.models import Case, Involvement, Subject
from conference.covenant.grounds import LAW
from conference.demo.world import covenant
from consent.models import ExceptionLine, RegisterTask
from tests.frontend.visiting import NOBODY, Region, bare, log_in, once_of, page, refusals, region_of, some_id
from tests.world import TODAY, pass_time

Visit = Callable[[str], Client]

EVERYBODY = {"vz", "nt", "pol", "kw", "zc", "ggz", "rvdk", "oov", "fg", "bh"}
PAGES = {
    "/cases/new/": {"vz", "nt", "pol", "zc", "rvdk", "oov"},
    "/conferences/new/": {"vz", "nt"},
    "/conferences/{o2}/people/": {"vz", "nt"},
    "/cases/{c1}/manage/": {"vz", "nt", "pol", "kw", "zc", "ggz", "rvdk"},
    "/cases/{c2}/manage/": {"vz", "nt", "kw", "zc", "ggz"},
    "/cases/{c3}/manage/": {"vz", "nt"},
}
FORMS = {
    "/cases/{c1}/manage/involve/": {"vz", "nt"},
    "/cases/{c1}/manage/end/": {"vz", "nt"},
    "/cases/{c1}/manage/phase/": {"nt"},
    "/cases/{c1}/manage/exception/": {"nt", "zc"},
    "/cases/{c1}/manage/subject/{s1}/": {"zc"},
}


def filled(region: Region, address: str) -> str:
    return address.format(**{name: found for kind in region.ids.values() for name, found in kind.items()})


def nowhere(address: str) -> str:
    return re.sub(r"\{\w+\}", NOBODY, address) if "{" in address else f"{address}nothing/"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_there_for_who_may_and_looks_like_nothing_to_all_others(
    region: Region, visit: Visit, address: str
) -> None:
    for name in sorted(EVERYBODY):
        client = visit(name)
        before = refusals()
        answer = client.get(filled(region, address))
        if name in PAGES[address]:
            assert answer.status_code == 200, f"{name} {address}"
            assert refusals() == before
        else:
            missing = client.get(nowhere(address))
            assert (answer.status_code, bare(answer)) == (404, bare(missing)), f"{name} {address}"
            assert refusals() > before, f"{name} {address}"


@pytest.mark.parametrize("address", FORMS)
def test_a_form_is_taken_from_who_may_and_of_all_others_the_try_is_entered(
    region: Region, visit: Visit, address: str
) -> None:
    sent = {
        "party": "burgemeester_oov",
        "phase": "uitvoering",
        "subject": str(region.id("subjects", "s1")),
        "code": "7",
        "category": "vbl",
        "ends": "01-12-2026",
        "decider": str(region.id("people", "vz")),
        "reason": "acuut",
        "tried": "gebeld",
        "told_on": "23-11-2026",
    }
    for name in sorted(EVERYBODY):
        before = refusals()
        answer = visit(name).post(filled(region, address), sent)
        if name in FORMS[address]:
            assert answer.status_code in {200, 302}, f"{name} {address}"
        else:
            assert answer.status_code == 404, f"{name} {address}"
            assert refusals() > before, f"{name} {address}"
    assert Case.objects.get(id=region.id("cases", "c1")).phase in {"overleg", "uitvoering"}


@pytest.mark.parametrize("address", [*PAGES, *FORMS])
def test_a_stranger_is_sent_to_the_login(region: Region, visit: Visit, address: str) -> None:
    for name in ("stranger", "half"):
        answer = visit(name).get(filled(region, address))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")


def test_pages_link_to_the_desk_for_who_may_and_to_nobody_else(region: Region, visit: Visit) -> None:
    case = f"/cases/{region.id('cases', 'c1')}/"
    chair, police, kwintes = visit("vz"), visit("pol"), visit("kw")
    assert 'href="/conferences/new/"' in page(chair.get("/"))
    assert 'href="/cases/new/"' in page(chair.get("/"))
    assert f"/conferences/{region.id('conferences', 'o1')}/people/" in page(chair.get("/"))
    assert 'href="/conferences/new/"' not in page(police.get("/"))
    assert 'href="/cases/new/"' in page(police.get("/cases/"))
    assert 'href="/cases/new/"' not in page(kwintes.get("/")) + page(kwintes.get("/cases/"))
    assert f"{case}manage/" in page(chair.get(case))
    assert f"{case}manage/" in page(kwintes.get(case))
    assert "manage/" not in page(visit("oov").get(f"/cases/{region.id('cases', 'c3')}/"))


# --- a case --------------------------------------------------------------------------


def new_case(client: Client, **changes: object) -> str:
    number = once_of(page(client.get("/cases/new/")))
    sent = {"purpose": "hulp en veiligheid", "track": "wgs", "municipality": "Veenstad", "once": number}
    return page(client.post("/cases/new/", sent | changes, follow=True))


def test_a_referred_case_leads_to_the_page_where_people_are_registered(region: Region, visit: Visit) -> None:
    client = visit("pol")
    shown = new_case(client)
    assert "De casus is geopend. Leg vast over wie het gaat." in shown
    case = Case.objects.latest("opened_at")
    number = once_of(shown)
    sent = {"once": number, "new-protected": "no", "new-role": "victim", "new-name": "Mila Verzonnen"}
    shown = page(client.post(f"/cases/{case.id}/manage/subject/", sent, follow=True))
    assert "Vastgelegd. Wie mag weten wie dit is, leest het nu." in shown
    assert "Mila Verzonnen" in shown
    assert "Mila Verzonnen" in page(client.get(f"/cases/{case.id}/"))
    assert visit("kw").get(f"/cases/{case.id}/").status_code == 404


def test_who_leads_involves_others_at_once_and_a_referrer_is_not_asked(region: Region, visit: Visit) -> None:
    assert 'name="parties"' not in page(visit("pol").get("/cases/new/"))
    new_case(visit("nt"), parties=["politie", "kwintes"])
    case = Case.objects.latest("opened_at")
    rows = Involvement.objects.filter(case=case).order_by("id").values_list("party", flat=True)
    assert list(rows) == ["zvh_procesregie", "politie", "kwintes"]


def test_what_is_missing_is_told_above_and_beside_and_nothing_typed_is_lost(region: Region, visit: Visit) -> None:
    before = Case.objects.count()
    shown = new_case(visit("pol"), purpose="", municipality="Ver <weg>")
    assert Case.objects.count() == before
    assert 'class="error-summary"' in shown
    assert 'href="#id_purpose"' in shown
    assert 'value="Ver <weg>"' in shown  # as a browser reads it: entities were read
    assert "required" not in re.sub(r"aria-required", "", shown.split("<form", 2)[-1].split("</form>")[0])


def test_a_case_form_sent_twice_is_one_case(region: Region, visit: Visit) -> None:
    client = visit("pol")
    number = once_of(page(client.get("/cases/new/")))
    before = Case.objects.count()
    new_case(client, once=number)
    assert "Deze casus was al geopend" in new_case(client, once=number)
    assert Case.objects.count() == before + 1


def test_without_a_covenant_the_pages_say_so_in_words(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    ending = covenant(TODAY)
    ending["covenant"]["valid_until"] = "2026-11-30"
    client = log_in(region_of(covenant=ending), "nt")
    assert "Er geldt" not in page(client.get("/")) + page(client.get("/cases/new/"))
    pass_time(days=10)
    assert "Er geldt nu geen convenant" in page(client.get("/"))
    assert "Er geldt geen convenant" in page(client.get("/cases/new/"))
    before = Case.objects.count()
    assert "Er geldt nu geen convenant" in new_case(client)
    assert Case.objects.count() == before
    assert "Er geldt geen convenant" in page(client.get("/conferences/new/"))


# --- managing ------------------------------------------------------------------------


@pytest.fixture
def manage(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/manage/"


def test_organisations_come_in_and_go_out(region: Region, visit: Visit, manage: str) -> None:
    client = visit("vz")
    shown = page(client.post(f"{manage}involve/", {"party": "burgemeester_oov"}, follow=True))
    assert "Deze organisatie doet vanaf nu mee" in shown
    assert visit("oov").get(manage.removesuffix("manage/")).status_code == 200
    shown = page(client.post(f"{manage}end/", {"party": "burgemeester_oov"}, follow=True))
    assert "Deze organisatie ziet niets meer van de casus" in shown
    assert visit("oov").get(manage.removesuffix("manage/")).status_code == 404
    again = page(client.post(f"{manage}end/", {"party": "burgemeester_oov"}, follow=True))
    assert "Deze organisatie doet niet meer mee. Er is niets veranderd." in again


def test_the_coordinator_chooses_among_phases_that_follow_each_with_a_sentence(
    region: Region, visit: Visit, manage: str
) -> None:
    client = visit("nt")
    shown = page(client.get(manage))
    assert "Wat is afgesproken, wordt uitgevoerd" in shown
    assert 'value="aanmelding"' not in shown
    assert 'name="phase"' not in page(visit("vz").get(manage))
    done = page(client.post(f"{manage}phase/", {"phase": "uitvoering"}, follow=True))
    assert "De casus is nu in een andere fase" in done
    assert "fase uitvoering" in done
    refused = page(client.post(f"{manage}phase/", {"phase": "aanmelding"}))
    assert 'class="error-summary"' in refused


def test_who_shields_a_case_is_told_before_and_finds_the_list_of_cases_after(
    region: Region, visit: Visit, manage: str
) -> None:
    client = visit("nt")
    client.post(f"{manage}phase/", {"phase": "afsluiting"})
    assert "Niemand ziet de casus nog, jij ook niet" in page(client.get(manage))
    answer = client.post(f"{manage}phase/", {"phase": "afgeschermd"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert client.get(manage).status_code == 404


def test_the_protected_address_is_asked_first_and_kept_from_who_may_not_have_it(
    region: Region, visit: Visit, manage: str
) -> None:
    shown = page(visit("zc").get(manage))
    assert shown.index("new-protected") < shown.index("new-name") < shown.index("new-address")
    police = visit("pol")
    sent = {"new-protected": "yes", "new-role": "circle", "new-name": "Iemand", "new-address": "Laan 1"}
    refused = page(police.post(f"{manage}subject/", sent))
    assert "Jouw organisatie mag geen geheim adres of nummer inbrengen" in refused
    assert 'value="Iemand"' in refused
    assert Subject.objects.filter(case=region.id("cases", "c1")).count() == 3
    without = page(police.post(f"{manage}subject/", {"new-role": "circle", "new-address": "Laan 1"}))
    assert 'href="#id_new-protected"' in without
    page(police.post(f"{manage}subject/", sent | {"new-address": ""}, follow=True))
    assert Subject.objects.filter(case=region.id("cases", "c1")).count() == 4


def test_what_the_own_organisation_registered_is_put_right_there(region: Region, visit: Visit, manage: str) -> None:
    client = visit("pol")
    subject = str(region.id("subjects", "s2"))
    shown = page(client.get(manage))
    assert f'name="{subject}-name" value="Tante Bedacht"' in shown
    assert 'value="29-02-1980"' in shown
    assert str(region.id("subjects", "s1")) not in shown
    wrong = page(
        client.post(f"{manage}subject/{subject}/", {f"{subject}-protected": "no", f"{subject}-birth_date": "x"})
    )
    assert f'href="#id_{subject}-birth_date"' in wrong
    sent = {f"{subject}-protected": "no", f"{subject}-name": "Tante Anders"}
    assert "Verbeterd" in page(client.post(f"{manage}subject/{subject}/", sent, follow=True))
    assert "Tante Anders" in page(client.get(manage))
    assert "Dorpsweg" not in page(client.get(manage)), "what was left out is gone"


def test_an_exception_is_recorded_refused_in_words_and_shown(region: Region, visit: Visit, manage: str) -> None:
    client = visit("zc")
    before = ExceptionLine.objects.count()
    sent = {
        "subject": str(region.id("subjects", "s1")),
        "code": "7",
        "party": "kwintes",
        "category": "vbl",
        "ends": "23-06-2027",
        "decider": str(region.id("people", "vz")),
        "reason": "de arts moet het nu weten",
        "tried": "twee keer gebeld",
        "not_told": "dat kan nu niet veilig",
        "look_again": "30-11-2026",
    }
    refused = page(client.post(f"{manage}exception/", sent))
    assert "Deze grond past niet bij dit spoor" in refused
    assert "de arts moet het nu weten" in refused
    assert ExceptionLine.objects.count() == before
    shown = page(client.post(f"{manage}exception/", sent | {"ends": "10-12-2026"}, follow=True))
    assert "Betrokkene 1: verblijfsrecht voor Kwintes, grond 7" in shown
    assert "tot en met 10 december 2026" in shown
    assert "geldt nu · van 23 november 2026 tot en met 10 december 2026" in shown
    assert "zij weet het nog niet; kijk daar op 30 november 2026 opnieuw naar" in shown
    assert not any(word in shown for word in ("de arts", "gebeld", "veilig"))
    assert ExceptionLine.objects.count() == before + 1


def test_what_is_missing_of_a_weighing_stands_at_its_own_field(region: Region, visit: Visit, manage: str) -> None:
    client = visit("nt")
    sent = {
        "subject": str(region.id("subjects", "s1")), "code": "8", "party": "kwintes", "category": "vbl",
        "ends": "10-12-2026", "decider": str(region.id("people", "vz")),
    }  # fmt: skip
    shown = page(client.post(f"{manage}exception/", sent))
    for field in ("reason", "tried", "second", "told_on"):
        assert f'href="#id_{field}"' in shown, field
    assert "Zonder zo iemand kan deze grond niet worden gebruikt" in shown
    half = page(client.post(f"{manage}exception/", sent | {"not_told": "gevaar"}))
    assert 'href="#id_look_again"' in half
    assert 'href="#id_told_on"' not in half
    assert 'value="gevaar"' in half


def test_every_ground_stands_in_the_form_with_its_law(visit: Visit, manage: str) -> None:
    shown = page(visit("zc").get(manage))
    for law in filter(None, LAW.values()):
        assert f"({law})" in shown
    assert "in geen artikel: het uiterste middel" in shown


def test_that_she_was_told_later_is_recorded_from_the_list(region: Region, visit: Visit, manage: str) -> None:
    client = visit("nt")
    sent = {
        "subject": str(region.id("subjects", "s1")), "code": "7", "party": "kwintes", "category": "vbl",
        "ends": "10-12-2026", "decider": str(region.id("people", "vz")), "reason": "nodig", "tried": "gebeld",
        "not_told": "gevaar", "look_again": "30-11-2026",
    }  # fmt: skip
    shown = page(client.post(f"{manage}exception/", sent, follow=True))
    task = RegisterTask.objects.get()
    form = f"/cases/{region.id('cases', 'c1')}/consent/tasks/{task.id}/"
    assert f'action="{form}"' in shown
    before = refusals()
    for stranger in ("vz", "pol", "oov", "fg"):
        assert visit(stranger).post(form, {"told_on": "23-11-2026", "how": "gebeld"}).status_code == 404
    assert refusals() >= before + 4
    poor = page(client.post(form, {"told_on": "23-11-2026", "how": "", "back": "manage"}, follow=True))
    assert "Schrijf hoe dit is verteld." in poor
    early = page(client.post(form, {"told_on": "24-11-2026", "how": "gebeld", "back": "manage"}, follow=True))
    assert "Kies de dag waarop het is verteld" in early
    done = page(client.post(form, {"told_on": "23-11-2026", "how": "gebeld", "back": "manage"}, follow=True))
    assert "zij weet het sinds 23 november 2026" in done
    assert f'action="{form}"' not in done
    again = page(client.post(form, {"told_on": "23-11-2026", "how": "gebeld", "back": "manage"}, follow=True))
    assert "Dit was al verteld" in again


# --- conferences ---------------------------------------------------------------------


def plan(client: Client, region: Region, **changes: object) -> str:
    number = once_of(page(client.get("/conferences/new/")))
    sent = {
        "once": number,
        "title": "Overleg van donderdag",
        "day": "26-11-2026",
        "time": "13.30",
        "chair": str(region.id("people", "vz")),
        "people": [str(region.id("people", "pol"))],
    }
    return page(client.post("/conferences/new/", sent | changes, follow=True))


def test_a_conference_is_planned_in_the_local_time_and_its_people_stand_there(region: Region, visit: Visit) -> None:
    shown = plan(visit("nt"), region)
    assert "donderdag 26 november 2026, 13.30" in shown
    assert "A. Gent" in shown
    made = Conference.objects.get(starts="2026-11-26T13:30:00+01:00")
    assert visit("pol").get(f"/conferences/{made.id}/").status_code == 200
    assert visit("kw").get(f"/conferences/{made.id}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": ""}),
        ("day", {"day": "22-11-2026"}),
        ("day", {"day": "morgen"}),
        ("time", {"time": "half twee"}),
        ("chair", {"chair": ""}),
        ("chair", {"chair": NOBODY}),
        ("people", {"people": [NOBODY]}),
    ],
)
def test_a_plan_that_cannot_be_is_shown_again_as_typed(
    region: Region, visit: Visit, field: str, changes: dict[str, object]
) -> None:
    before = Conference.objects.count()
    shown = plan(visit("nt"), region, **changes)
    assert f'href="#id_{field}' in shown
    assert 'value="Overleg van donderdag"' in shown or field == "title"
    assert Conference.objects.count() == before


def test_people_are_invited_and_taken_out(region: Region, visit: Visit) -> None:
    conference = region.id("conferences", "o2")
    client, address = visit("nt"), f"/conferences/{conference}/people/"
    shown = page(client.post(address, {"added": [str(region.id("people", "oov"))]}, follow=True))
    assert "Bewaard" in shown
    assert visit("oov").get(f"/conferences/{conference}/").status_code == 200
    page(client.post(address, {"removed": [str(region.id("people", "oov"))]}, follow=True))
    assert visit("oov").get(f"/conferences/{conference}/").status_code == 404
    assert "Kies minstens één persoon" in page(client.post(address, {}))
    chair = {"removed": [str(region.id("people", "nt"))]}
    assert "De voorzitter blijft in het overleg" in page(client.post(address, chair))
    assert Seat.objects.filter(conference=conference, person=region.id("people", "nt")).exists()


def test_a_conference_that_is_not_there_has_no_page(region: Region, visit: Visit) -> None:
    assert visit("nt").get(f"/conferences/{some_id()}/people/").status_code == 404
    assert visit("nt").post(f"/conferences/{some_id()}/people/", {"added": [some_id()]}).status_code == 404
