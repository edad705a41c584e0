"""Taking everything back by a reference: it works when nothing may be shown, and it shows nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from audit.models import Leaf
from conference import clock
from conference.cases import rights
from conference.cases.models import Case, Involvement
from conference.covenant import shelf
from conference.demo.world import covenant
from conference.vault import keys
from conference.vault.models import DataKey, IdentityPart
from conference.vault.pseudonyms import pseudonym
from consent import register
from consent.commands.lines import NewLine, record_line
from consent.models import ConsentLine, RegisterTask
from consent.states import PERMITTING, State
from tests.frontend.conversing import HOW, SHOWN, hidden_of, of, send
from tests.frontend.visiting import Region, bare, log_in, page, region_of
from tests.world import TODAY, pass_time

Visit = Callable[[str], Client]
HERE = "/consent/withdraw/"
TAKEN = "Onder dit kenmerk staat niets meer open."
LOST = "Jouw organisatie kent niemand onder dit kenmerk. Er is niets vastgelegd."
MISREAD = "Een teken van dit kenmerk is verkeerd gelezen of getypt."


def reference(region: Region, party: str = "zorgcoordinator", subject: str = "s1", case: str = "c1") -> str:
    return pseudonym(party, region.id("cases", case), region.id("subjects", subject))


def give(client: Client, written: str) -> str:
    return page(client.post(HERE, {"reference": written}, follow=True))


def permitted(region: Region, subject: str = "s1") -> set[tuple[str, str]]:
    """What this person's lines permit now."""
    standing = register.standing(register.lines([region.id("cases", "c1")]))
    return {
        (key.party, key.category)
        for key, event in standing.items()
        if key.subject == region.id("subjects", subject) and register.state_at(event, clock.now()) in PERMITTING
    }


def test_all_of_hers_is_taken_back_at_once_and_nobody_elses(region: Region, visit: Visit) -> None:
    kwintes, case = visit("kw"), f"/cases/{region.id('cases', 'c1')}/"
    assert "tekst-i-gez" in page(kwintes.get(case))
    assert ("kwintes", "gez") in permitted(region)
    others = permitted(region, "s2")
    assert TAKEN in give(visit("zc"), reference(region))
    assert permitted(region) == set()
    assert permitted(region, "s2") == others
    assert "tekst-i-gez" not in page(kwintes.get(case))


def test_who_received_something_on_her_yes_is_to_be_told(region: Region, visit: Visit, here: str) -> None:
    page(visit("kw").get(f"/cases/{region.id('cases', 'c1')}/"))
    give(visit("zc"), reference(region))
    assert {(task.party, task.category) for task in of(here, RegisterTask)} >= {("kwintes", "gez")}


def test_a_yes_for_another_purpose_is_taken_back_too(region: Region, visit: Visit) -> None:
    case, subject = region.id("cases", "c1"), region.id("subjects", "s1")
    line = NewLine(
        case=case,
        subject=subject,
        party="comensha",
        category="prc",
        purpose=uuid4(),
        state=State.GIVEN,
        starts=clock.now(),
        ends=None,
    )
    record_line(line, sealer=keys.sealer(case), by=None, at=clock.now(), loaded=True)
    assert ("comensha", "prc") in permitted(region)
    give(visit("zc"), reference(region))
    assert permitted(region) == set()


def test_each_line_is_in_the_log_with_its_receiver(region: Region, visit: Visit) -> None:
    lines = permitted(region)
    assert len(lines) > 1
    give(visit("zc"), reference(region))
    entries = [one for one in region.entries("consent.withdrawn") if one["out"] == "permit"]
    told = {(seen.split("receiver=")[1].split(",")[0]) for one in entries for seen in [",".join(one["seen"])]}
    assert told == {party for party, _category in lines}
    assert len(entries) == len(lines)


def test_it_says_the_same_where_nothing_stood_and_the_log_says_why(region: Region, visit: Visit) -> None:
    client = visit("zc")
    first = give(client, reference(region))
    count, permits = ConsentLine.objects.count(), len(region.entries("consent.withdrawn"))
    second = give(client, reference(region))
    hidden = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert hidden.sub("", first) == hidden.sub("", second)
    assert ConsentLine.objects.count() == count
    last = region.entries("consent.withdrawn")[permits:]
    assert [(one["out"], one["reason"]) for one in last] == [("deny", "nothing_to_withdraw")]


def test_what_was_read_back_before_does_not_bring_it_back(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    text = page(care.get(here))
    typed = HOW | hidden_of(text) | {"line-gez-kwintes": "yes"}
    shown = SHOWN.search(page(care.post(here, typed | {"step": "review"})))
    assert shown
    give(care, reference(region))
    answer = page(care.post(here, typed | {"step": "record", "shown": shown[1]}, follow=True))
    assert "Iemand anders heeft intussen iets van haar vastgelegd" in answer
    assert permitted(region) == set()


def test_one_identity_that_does_not_open_keeps_nobody_from_taking_back(region: Region, visit: Visit) -> None:
    IdentityPart.objects.filter(subject=region.id("subjects", "s2")).update(sealed=b"broken")
    rights.forget()
    care, case = visit("zc"), region.id("cases", "c1")
    assert rights.load([case])[case].trouble
    assert TAKEN in give(care, reference(region))
    assert permitted(region) == set()


def test_a_destroyed_case_says_that_nothing_stands(region: Region, visit: Visit) -> None:
    care, written = visit("zc"), reference(region)
    DataKey.objects.filter(scope=region.id("cases", "c1")).delete()
    keys.forget()
    rights.forget()
    assert TAKEN in give(care, written)


def test_without_the_key_it_says_so_and_the_try_is_in_the_log(
    region: Region, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    care, written = visit("zc"), reference(region)
    DataKey.objects.filter(scope=region.id("cases", "c1")).update(wrapped=b"x" * 60)
    rights.forget()
    text = give(care, written)
    assert "Vastleggen lukte nu niet" in text
    assert written in text
    assert region.entries("consent.withdrawn")[-1]["reason"] == "keys_unavailable"


def test_it_works_for_a_party_whose_part_in_the_case_has_ended(region: Region, visit: Visit) -> None:
    care = visit("zc")
    Involvement.objects.filter(case=region.id("cases", "c1"), party="zorgcoordinator").update(until=clock.now())
    rights.forget()
    assert TAKEN in give(care, reference(region))
    assert permitted(region) == set()


def test_part_of_a_reference_is_told_apart_from_a_wrong_one(region: Region, visit: Visit) -> None:
    assert "Dit is niet het hele kenmerk" in give(visit("zc"), reference(region)[:7])


def test_it_works_while_no_covenant_is_in_force_and_stays_so_under_the_next(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    ending = covenant(TODAY)
    ending["covenant"]["valid_until"] = "2026-11-24"
    region = region_of(covenant=ending)
    pass_time(days=3)
    care, kwintes, case = log_in(region, "zc"), log_in(region, "kw"), f"/cases/{region.id('cases', 'c1')}/"
    assert kwintes.get(case).status_code == 404
    assert ("kwintes", "gez") in permitted(region), "it would count again with the next covenant"
    told = give(care, reference(region))
    assert TAKEN in told
    assert permitted(region) == set()
    found = rights.load([region.id("cases", "c1")])[region.id("cases", "c1")]
    assert found.header().code_name not in told
    assert "betrokkene" not in told
    again = covenant(TODAY + timedelta(days=3))
    again["covenant"] |= {"version": "3.0", "valid_from": str(TODAY), "valid_until": None}
    shelf.adopt(again, by=None, origin="cli")
    assert "tekst-i-gez" not in page(kwintes.get(case))


def test_it_works_in_a_case_that_is_shielded(region: Region, visit: Visit, here: str) -> None:
    care = visit("zc")
    Case.objects.filter(id=region.id("cases", "c1")).update(phase="afgeschermd")
    rights.forget()
    assert care.get(here).status_code == 404
    assert TAKEN in give(care, reference(region))
    assert permitted(region) == set()


@pytest.mark.parametrize("change", ["lower", "spaces"])
def test_a_reference_may_be_written_as_it_was_heard(region: Region, visit: Visit, change: str) -> None:
    written = reference(region)
    heard = {"lower": written.lower(), "spaces": written.replace("-", " ")}[change]
    assert TAKEN in give(visit("zc"), heard)
    assert permitted(region) == set()


@pytest.mark.parametrize("party", ["kwintes", "politie", "zvh_procesregie"])
def test_another_organisations_reference_names_nobody(region: Region, visit: Visit, party: str) -> None:
    before, lines = Leaf.objects.filter(out="deny").count(), ConsentLine.objects.count()
    assert LOST in give(visit("zc"), reference(region, party))
    assert ConsentLine.objects.count() == lines
    refused = Leaf.objects.filter(out="deny").order_by("-id")
    assert refused.count() == before + 1
    assert (refused[0].act, refused[0].case_id) == ("consent.withdrawn", None)


def test_a_reference_of_nobody_says_the_same_as_one_of_another_organisation(region: Region, visit: Visit) -> None:
    client = visit("zc")
    nobody = pseudonym("zorgcoordinator", uuid4(), uuid4())
    pages = [client.post(HERE, {"reference": one}) for one in (nobody, reference(region, "ggz"))]
    stripped = [re.sub(rb'value="[^"]*"', b"", bare(one)) for one in pages]
    assert stripped[0] == stripped[1]


@pytest.mark.parametrize("written", ["", "QH7M", "QH7M-2XTR-9DU", "QH7M-2XTR-9D!", "x" * 41, "\x00" * 11])
def test_what_is_no_reference_is_told_and_kept_in_its_field(region: Region, visit: Visit, written: str) -> None:
    lines = ConsentLine.objects.count()
    answer = visit("zc").post(HERE, {"reference": written})
    assert answer.status_code == 200
    assert b"field-error" in answer.content
    assert ConsentLine.objects.count() == lines


def test_a_symbol_that_was_heard_wrong_is_told_before_anything_is_looked_up(region: Region, visit: Visit) -> None:
    written = reference(region)
    other = "8" if written[2] != "8" else "9"
    denied = Leaf.objects.filter(out="deny").count()
    assert MISREAD in give(visit("zc"), written[:2] + other + written[3:])
    assert Leaf.objects.filter(out="deny").count() == denied
    assert permitted(region)


@pytest.mark.parametrize("name", ["vz", "nt", "pol", "pol2", "kw", "ggz", "rvdk", "oov", "fg", "bh"])
def test_the_page_is_not_there_for_anybody_else(region: Region, visit: Visit, name: str) -> None:
    client, lines = visit(name), ConsentLine.objects.count()
    for party in ("zorgcoordinator", "kwintes"):
        answer: Any = client.post(HERE, {"reference": reference(region, party)})
        assert (client.get(HERE).status_code, answer.status_code) == (404, 404)
    assert ConsentLine.objects.count() == lines


def test_the_reference_stands_whole_on_her_page(region: Region, visit: Visit, here: str) -> None:
    client = visit("zc")
    text = send(client, here, "review")
    assert reference(region) in text
    assert 'href="/consent/withdraw/"' in page(client.get("/consent/"))
