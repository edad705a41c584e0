"""Notices to CoMensha: registration and placement apart, each on a ground of its own, and no form without one."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client

from agenda import pages
from agenda.commands import Refused, at_desk, casework, comensha, consents, on_case
from agenda.commands.casework import Exceptional
from agenda.commands.comensha import Agreed
from agenda.commands.consents import Step
from conference import clock
from conference.cases import comensha as rules
from conference.cases import rights
from conference.cases.comensha import CATEGORY, PURPOSES, Notice, ground, purpose_of
from conference.covenant import facts, shelf
from conference.covenant.days import day_end
from conference.covenant.rules import decide
from conference.covenant.words import COMENSHA
from conference.vault.pseudonyms import pseudonym
from consent.models import ConsentLine, RegisterTask
from consent.states import State
from consent.talk import Talk
from frontend.said import short_pseudonym
from tests.consenting import NOTICE, full_talk, say, weighed
from tests.frontend.visiting import NOBODY, Region, bare, once_of, page, refusals
from tests.world import pass_time

Visit = Callable[[str], Client]
BOTH = list(Notice)
SIGNED = {"method": "schriftelijk", "paper": "dossier Z, map 2", "channel": "gesprek"}
# Of the girl of 17 in c1, and of the adult in c2.
GIRL, ADULT = ("c1", "s1"), ("c2", "t1")


def address(region: Region, about: tuple[str, str] = GIRL, notice: str = "") -> str:
    case, subject = region.id("cases", about[0]), region.id("subjects", about[1])
    return f"/cases/{case}/consent/{subject}/comensha/" + (f"{notice}.pdf" if notice else "")


def sign(region: Region, *notices: Notice, about: tuple[str, str] = GIRL, talk: Talk | None = None) -> str:
    """Let the care coordinator record what she signed."""
    case, subject = region.id("cases", about[0]), region.id("subjects", about[1])
    said = Agreed(case=case, subject=subject, notices=notices, talk=talk or full_talk(**SIGNED), notice=NOTICE)
    return on_case(region.sit("zc"), case, lambda turn: comensha.agree(turn, said))


def except_(region: Region, decider: str = "pol", party: str = "comensha", category: str = "id", code: int = 6) -> None:
    new = Exceptional(
        subject=region.id("subjects", "s1"), party=party, category=category, code=code,
        decider=region.id("people", decider), weighed=weighed(), ends=clock.now() + timedelta(days=10),
    )  # fmt: skip
    case = region.id("cases", "c1")
    at_desk(region.sit("nt"), "exception.recorded", lambda turn: casework.record_exception(turn, case, new), case=case)


def grounds(region: Region, party: str, about: tuple[str, str] = GIRL) -> dict[str, str | None]:
    case, subject = region.id("cases", about[0]), region.id("subjects", about[1])
    found = rights.load([case])[case]
    return {one.value: ground(found, subject, one, party, clock.now()) for one in Notice}


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


NONE: dict[str, str | None] = {"registration": None, "placement": None}

# --- the ground ------------------------------------------------------------------------------


def test_without_anything_nobody_has_a_ground(region: Region, visit: Visit) -> None:
    assert grounds(region, "zorgcoordinator") == NONE == grounds(region, "politie")
    assert visit


@pytest.mark.parametrize("notice", BOTH)
def test_each_notice_needs_its_own_yes(region: Region, visit: Visit, notice: Notice) -> None:
    sign(region, notice)
    assert grounds(region, "zorgcoordinator") == NONE | {notice.value: "consent"}
    assert grounds(region, "politie") == NONE, "the police have a ground of their own, or none"
    assert visit


def test_a_yes_for_the_case_itself_is_none_for_comensha(region: Region) -> None:
    ConsentLine.objects.create(
        case=region.id("cases", "c1"), subject=region.id("subjects", "s1"), party=COMENSHA, category=CATEGORY,
        purpose=rights.load([region.id("cases", "c1")])[region.id("cases", "c1")].purpose_ref, state="gegeven",
        starts=clock.now(), recorded_at=clock.now(), sealed=b"x",
    )  # fmt: skip
    rights.forget()
    assert grounds(region, "zorgcoordinator") == NONE


@pytest.mark.parametrize(
    ("talk", "code"),
    [
        ({"method": "mondeling"}, "writing_needed"),
        ({"method": "schriftelijk", "paper": ""}, "fields_missing"),
        (SIGNED | {"pressure": "ja"}, "under_pressure"),
        (SIGNED | {"given_by": "vertegenwoordiger", "representative": "ouder", "mandate": "x"}, "own_consent_missing"),
    ],
)
def test_a_yes_that_is_not_in_writing_or_not_free_is_refused(region: Region, talk: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        sign(region, Notice.REGISTRATION, talk=full_talk(**talk))
    assert caught.value.code == code
    assert grounds(region, "zorgcoordinator") == NONE


def test_a_loaded_line_says_nothing_of_writing_and_is_no_ground(region: Region) -> None:
    case = region.id("cases", "c1")
    ConsentLine.objects.create(
        case=case, subject=region.id("subjects", "s1"), party=COMENSHA, category=CATEGORY,
        purpose=purpose_of(case, Notice.REGISTRATION), state="gegeven", starts=clock.now(), recorded_at=clock.now(),
        sealed=b"x",
    )  # fmt: skip
    rights.forget()
    assert grounds(region, "zorgcoordinator") == NONE


def test_taking_it_back_and_turning_eighteen_end_the_ground(region: Region) -> None:
    sign(region, *BOTH)
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.PLACEMENT))
    assert grounds(region, "zorgcoordinator") == NONE | {"registration": "consent"}
    with pytest.raises(Refused, match="nothing_to_withdraw"):
        on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.PLACEMENT))
    pass_time(days=8)
    assert grounds(region, "zorgcoordinator") == NONE


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, "police"),
        ({"decider": "vz"}, None),  # decided by somebody else than the police
        ({"category": "pol"}, None),  # lets police data through, not who she is
        ({"party": "kwintes", "code": 7}, None),
    ],
)
def test_the_police_ground_is_theirs_and_for_registration_only(
    region: Region, changes: dict[str, Any], found: str | None
) -> None:
    except_(region, **changes)
    assert grounds(region, "politie") == NONE | {"registration": found}
    assert grounds(region, "zorgcoordinator") == NONE, "a care coordinator always needs her written yes"
    pass_time(days=11)
    assert grounds(region, "politie") == NONE


def test_what_she_signs_opens_nothing_to_anybody(region: Region) -> None:
    """CoMensha takes no part in the case, and the purpose is none of its own: no ruling changes."""
    before = rulings(region)
    sign(region, *BOTH)
    except_(region)
    assert rulings(region) == before
    assert any(level != "none" for level in before.values())


def rulings(region: Region) -> dict[tuple[str, ...], str]:
    """What everybody, CoMensha too, is ruled to see of every kind of data from every party."""
    case = region.id("cases", "c1")
    found, covenant = rights.load([case])[case], shelf.active(clock.now())
    assert covenant is not None
    return {
        (viewer, supplier, category, str(subject)): decide(
            covenant,
            facts.Viewer(viewer, "inhoud", verified=True),
            found.fact,
            facts.Item(category=category, supplier=supplier, subject=str(subject)),
            found.consents,
            found.exceptions,
            clock.now(),
        ).level.value
        for viewer in covenant.parties
        for supplier in ("politie", "ggz", "zorgcoordinator")
        for category in covenant.categories
        for subject in found.subjects
    }


def test_the_purposes_are_two_and_none_is_a_cases_own(region: Region) -> None:
    assert len(set(PURPOSES.values())) == 2
    for case in ("c1", "c2", "c3"):
        whose = region.id("cases", case)
        references = {purpose_of(whose, one) for one in Notice}
        assert len(references) == 2
        assert rights.load([whose])[whose].purpose_ref not in references


# --- the page ----------------------------------------------------------------------------------

FILLED = {
    "do": "agree", "notices": ["registration"], "language": "nl", "channel": "gesprek", "interpreter": "register",
    "interpreter_told": "4471", "capacity": "ja", "alone": "ja", "overheard": "nee", "pressure": "nee",
    "apart": "on", "free": "on", "read_back": "on", "given_by": "zelf", "paper": "map 2",
}  # fmt: skip


def test_without_a_ground_the_page_says_the_next_step_and_offers_no_form(region: Region, visit: Visit) -> None:
    client = visit("zc")
    text = page(client.get(address(region)))
    assert text.count("Er is geen grond. Laat haar eerst tekenen") == 2
    assert ".pdf" not in text
    region.mark()
    assert client.get(address(region, notice="registration")).status_code == 404
    (leaf,) = region.entries("export.made")
    assert (leaf["out"], leaf["reason"]) == ("deny", "comensha_no_ground")


def test_what_she_signed_is_recorded_and_then_the_form_can_be_made(region: Region, visit: Visit) -> None:
    client = visit("zc")
    number = once_of(page(client.get(address(region))))
    region.mark()
    text = page(client.post(address(region), FILLED | {"once": number}, follow=True))
    assert "Vastgelegd. Het formulier kan nu worden gemaakt." in text
    assert f'href="{address(region, notice="registration")}"' in text
    assert address(region, notice="placement") not in text
    (leaf,) = region.entries("consent.given")
    assert "receiver=comensha" in leaf["seen"]
    again = page(client.post(address(region), FILLED | {"once": number}, follow=True))
    assert "Dit was al vastgelegd" in again
    lines = ConsentLine.objects.filter(subject=region.id("subjects", "s1"), party=COMENSHA)
    assert [line.state for line in lines] == ["gegeven"]
    taken = page(client.post(address(region), {"do": "withdraw", "notice": "registration"}, follow=True))
    assert "Vanaf nu kan hiervoor geen formulier worden gemaakt" in taken
    assert "ingetrokken" in taken


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notices": []}, "notices"),
        ({"paper": ""}, "paper"),
        ({"apart": ""}, "apart"),
        ({"free": ""}, "free"),
        ({"capacity": "twijfel"}, "capacity"),
        ({"interpreter_told": ""}, "interpreter_told"),
        ({"pressure": "ja"}, "pressure"),
        ({"given_by": "vertegenwoordiger", "representative": "ouder", "mandate": "x"}, "given_by"),
    ],
)
def test_what_is_missing_stands_at_its_own_field(
    region: Region, visit: Visit, changes: dict[str, Any], field: str
) -> None:
    text = page(visit("zc").post(address(region), FILLED | changes))
    assert f'href="#id_{field}"' in text
    assert not ConsentLine.objects.filter(subject=region.id("subjects", "s1"), party=COMENSHA).exists()


@pytest.mark.parametrize("name", ["vz", "nt", "kw", "ggz", "rvdk", "oov", "fg", "bh"])
def test_to_everybody_else_nothing_of_it_is_there(region: Region, visit: Visit, name: str) -> None:
    sign(region, *BOTH)
    client, before = visit(name), refusals()
    for path in (address(region), address(region, notice="registration")):
        assert client.get(path).status_code == 404
        assert bare(client.get(path)) == bare(client.get(f"/cases/{NOBODY}/consent/{NOBODY}/comensha/"))
    assert client.post(address(region), FILLED).status_code == 404
    assert refusals() >= before + 4


def test_the_police_read_their_own_ground_and_not_what_she_said(region: Region, visit: Visit) -> None:
    sign(region, *BOTH)
    police = visit("pol")
    text = page(police.get(address(region)))
    assert "Laat eerst de uitzondering vastleggen: grond 6" in text
    assert not any(word in text for word in ("Plaatsing", "vastgelegd op", "map 2", 'name="notices"'))
    assert police.post(address(region), FILLED).status_code == 404
    except_(region)
    ready = page(police.get(address(region)))
    assert "De politie besloot haar te registreren" in ready
    assert address(region, notice="placement") not in ready
    assert police.get(address(region, notice="placement")).status_code == 404


def test_the_way_there_stands_on_the_case_for_the_police_alone(region: Region, visit: Visit) -> None:
    case = f"/cases/{region.id('cases', 'c1')}/"
    shown = page(visit("pol").get(case))
    assert f'href="{address(region)}"' in shown
    assert address(region, ("c1", "s2")) not in shown, "only a victim is registered"
    for name in ("kw", "vz", "ggz"):
        assert "comensha/" not in page(visit(name).get(case))


def test_the_police_of_no_part_in_the_case_and_who_asks_of_a_suspect_find_nothing(region: Region, visit: Visit) -> None:
    assert visit("pol").get(address(region, ADULT)).status_code == 404
    for name in ("zc", "pol"):
        assert visit(name).get(address(region, ("c1", "s3"))).status_code == 404
        assert visit(name).get(address(region, ("c1", "s3"), "registration")).status_code == 404


# --- the form ------------------------------------------------------------------------------------


def test_the_form_holds_what_its_maker_may_read_by_name_and_lines_for_the_rest(region: Region, visit: Visit) -> None:
    sign(region, Notice.REGISTRATION)
    client = visit("zc")
    region.mark()
    answer = client.get(address(region, notice="registration"))
    text = text_of(answer)
    for said in ("Melding aan CoMensha: registratie", "Noor Verzonnen", "1 december 2008", "Z. Org", "Nationaliteit"):
        assert said in text
    assert "criminele uitbuiting" in text
    full = pseudonym("zorgcoordinator", region.id("cases", "c1"), region.id("subjects", "s1"))
    assert short_pseudonym(full) in text, "by which its maker finds her again"
    for hidden in ("Schuilpad", "0600000001", "900000015", "betrokkene", "tekst-"):
        assert hidden not in text, hidden
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'attachment; filename="2026-11-23-formulier.pdf"'
    assert not re.search(r"comensha|noor", answer["Content-Disposition"], re.IGNORECASE)
    leaves = [leaf for leaf in region.entries("export.made") if leaf["subject"] == str(region.id("subjects", "s1"))]
    assert len(leaves) == 1
    assert {"receiver=comensha", "id=identified"} <= set(leaves[0]["seen"])
    assert "Noor" not in str(region.entries())


def test_the_same_form_is_the_same_in_any_language_of_its_maker(region: Region, visit: Visit) -> None:
    sign(region, Notice.PLACEMENT)
    client = visit("zc")
    client.post("/language/", {"language": "en", "next": "/"})
    text = " ".join(text_of(client.get(address(region, notice="placement"))).split())
    assert "Melding aan CoMensha: verzoek om plaatsing" in text
    assert "Kinderen die meekomen" in text


def test_in_the_track_of_help_it_holds_her_name_only_with_her_consent(region: Region, visit: Visit) -> None:
    sign(region, Notice.PLACEMENT, about=ADULT)
    text = text_of(visit("zc").get(address(region, ADULT, "placement")))
    seen = pages.case_view(region.sit("zc"), region.id("cases", "c2"))
    assert seen is not None
    assert ("Sam Bedacht" in text) == any(one.identity.get("name") for one in seen.subjects)


def test_the_police_form_names_its_law(region: Region, visit: Visit) -> None:
    except_(region)
    text = " ".join(text_of(visit("pol").get(address(region, notice="registration"))).split())
    assert "verstrekt door de politie voor registratie, zonder haar toestemming (Bpg 4:2" in text
    assert "A. Gent" in text


def test_a_form_that_was_made_is_a_sharing_to_tell_comensha_of_when_she_takes_it_back(
    region: Region, visit: Visit
) -> None:
    sign(region, Notice.REGISTRATION)
    text_of(visit("zc").get(address(region, notice="registration")))
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.REGISTRATION))
    task = RegisterTask.objects.get(case=case, kind="tell_receiver")
    assert (task.party, task.category) == ("comensha", "id")


def test_a_form_about_somebody_without_a_name_is_a_sharing_too(region: Region) -> None:
    case, nobody = region.id("cases", "c2"), casework.Someone(role="victim", protected=False)
    subject = at_desk(
        region.sit("zc"), "subject.registered", lambda turn: casework.register_subject(turn, case, nobody), case=case
    )
    said = Agreed(
        case=case, subject=subject, notices=BOTH, talk=full_talk(**SIGNED, age_band="16+"), notice=NOTICE
    )  # fmt: skip
    on_case(region.sit("zc"), case, lambda turn: comensha.agree(turn, said))
    on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.PLACEMENT))
    assert not RegisterTask.objects.filter(subject=subject).exists(), "nothing was sent yet"
    region.mark()
    form = pages.comensha_form(region.sit("zc"), case, subject, Notice.REGISTRATION)
    assert form is not None
    assert form.identity == {}
    (leaf,) = [leaf for leaf in region.entries("export.made") if leaf["subject"] == str(subject)]
    assert {"receiver=comensha", "id=pseudonymised"} <= set(leaf["seen"])
    assert leaf["reason"] == "consent"
    on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.REGISTRATION))
    task = RegisterTask.objects.get(subject=subject)
    assert (task.kind, task.party, task.category) == ("tell_receiver", "comensha", "id")


def test_a_step_with_a_purpose_of_its_own_is_asked_whatever_the_covenant_asks(region: Region) -> None:
    """And one without is refused as ever: the covenant asks no consent for CoMensha."""
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    step = Step(case=case, subject=subject, party=COMENSHA, category="id", state=State.ASKED)
    with pytest.raises(Refused, match="not_for_consent"):
        on_case(region.sit("zc"), case, lambda turn: consents.record(turn, step))
    assert rules.state(subject, case, Notice.REGISTRATION, clock.now()) == (State.NOT_ASKED, None)
    assert pages.consent_file(region.sit("zc"), case, subject, "record") is not None
    sign(region, *BOTH)
    assert pages.consent_file(region.sit("zc"), case, subject, "record") is not None


# --- a yes to CoMensha is a yes like any other -------------------------------------------------------


@pytest.mark.parametrize(("about", "last"), [(GIRL, "2026-11-30"), (ADULT, "2027-05-23")])
def test_what_she_signed_holds_for_half_a_year_or_until_her_birthday(
    region: Region, about: tuple[str, str], last: str
) -> None:
    sign(region, *BOTH, about=about)
    signed = ConsentLine.objects.filter(case=region.id("cases", about[0]), party=COMENSHA, talk__isnull=False)
    assert set(signed.values_list("ends", flat=True)) == {day_end(date.fromisoformat(last))}
    pass_time(days=1 + (date.fromisoformat(last) - clock.today()).days)
    assert grounds(region, "zorgcoordinator", about) == NONE


@pytest.mark.parametrize("kind", ["record", "receipt"])
def test_the_files_of_the_register_name_the_purpose_of_each_notice(region: Region, kind: str) -> None:
    sign(region, *BOTH, about=ADULT)
    case, subject = region.id("cases", "c2"), region.id("subjects", "t1")
    on_case(region.sit("zc"), case, lambda turn: comensha.take_back(turn, case, subject, Notice.PLACEMENT))
    body = pages.consent_file(region.sit("zc"), case, subject, kind)
    assert body is not None
    document = json.loads(body)
    inside = document.get("dpv:hasRecordOfActivity", document)
    mine = [one for one in inside["dpv:hasProcess"] if one["dpv:hasRecipient"]["@id"].endswith("comensha")]
    assert {one["dpv:hasPurpose"]["dct:title"]: one["dpv:hasConsentStatus"]["casustafel:state"] for one in mine} == {
        PURPOSES[Notice.REGISTRATION]: "gegeven",
        PURPOSES[Notice.PLACEMENT]: "ingetrokken",
    }


def test_her_summary_names_the_purpose_and_says_per_answer_how_it_was_given(region: Region, visit: Visit) -> None:
    summary = f"/cases/{region.id('cases', 'c2')}/consent/{region.id('subjects', 't1')}/summary.pdf"
    where: dict[str, Any] = {"case": "c2", "subject": "t1", "party": "kwintes"}
    say(region, category="gez", ends=clock.now() + timedelta(days=60), **where)
    client = visit("zc")
    spoken = " ".join(text_of(client.get(summary)).split())
    assert spoken.count("Hoe u koos") == 1
    assert "u hebt het gezegd" in spoken
    sign(region, Notice.REGISTRATION, about=ADULT)
    told = " ".join(text_of(client.get(summary)).split())
    assert "Doel: registratie bij CoMensha. Hoe u koos: u hebt het opgeschreven" in told
    assert "tot en met 23 mei 2027. Doel: registratie" in told
    assert "gezondheid gaat, tot en met 22 januari 2027. Hoe u koos: u hebt het gezegd. Tolk: 4471." in told
    assert "Hoe u koos" not in told.split("Dit mag", 1)[0], "for all lines at once it would not be true"
