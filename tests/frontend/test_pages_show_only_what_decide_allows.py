"""The page of a case beside the covenant's own rulings: all that is allowed, and nothing else."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from conference.cases.models import Item
from conference.covenant import facts
from conference.covenant.facts import Level
from tests.agenda.room_oracle import Oracle
from tests.frontend.visiting import Region, page
from tests.world import PEOPLE, PURPOSE, pass_time

Visit = Callable[[str], Client]

CASEWORKERS = [name for name, (_shown, _party, role) in PEOPLE.items() if role]
TEXT = re.compile(r"tekst-[a-z0-9-]+[a-z0-9]")


BORN = {"s1": date(2008, 12, 1), "s2": date(1980, 2, 29), "t1": date(1999, 1, 5)}


def allowed(region: Region, name: str, case: str) -> set[str]:
    """Ask the covenant about every row of a case; return the texts that this person may read."""
    oracle = Oracle(region.id("conferences", "o1"), {region.id("subjects", key): born for key, born in BORN.items()})
    named = {UUID(found): f"tekst-{key}" for key, found in region.ids["items"].items()}
    return {
        named[row.id]
        for row in Item.objects.filter(case=region.id("cases", case))
        if oracle.level(PEOPLE[name][1], row.case_id, fact(row)) is not Level.NONE
    }


def fact(row: Item) -> facts.Item:
    return facts.Item(
        row.category,
        row.supplier,
        str(row.subject_id) if row.subject_id else None,
        row.status,
        frozenset(row.only_for) if row.only_for is not None else None,
        frozenset(row.not_for),
    )


@pytest.mark.parametrize("case", ["c1", "c2", "c3"])
def test_each_reads_on_the_page_exactly_the_items_that_decide_gives_her(
    region: Region, visit: Visit, case: str
) -> None:
    parties = {"c1": {"politie", "zorgcoordinator", "kwintes", "ggz", "rvdk"}}
    parties |= {"c2": {"zorgcoordinator", "kwintes", "ggz"}, "c3": {"burgemeester_oov", "politie"}}
    for name in CASEWORKERS:
        answer = visit(name).get(f"/cases/{region.id('cases', case)}/")
        if PEOPLE[name][1] in {*parties[case], "zvh_procesregie"}:
            assert set(TEXT.findall(page(answer))) == allowed(region, name, case), name
        else:
            assert (answer.status_code, TEXT.findall(answer.content.decode())) == (404, []), name


def test_names_and_identity_stand_only_where_they_are_identified(region: Region, visit: Visit) -> None:
    address = f"/cases/{region.id('cases', 'c1')}/"
    care, kwintes, police = (page(visit(name).get(address)) for name in ("zc", "kw", "pol"))
    assert "Noor Verzonnen" in care
    assert "900000015" in care
    # She registered the protected address herself, so she reads it; nobody else does.
    assert "Schuilpad 9" in care
    assert care.count('class="no-print"') >= 4, "address and telephone are never printed"
    for text in (kwintes, police):
        assert "Schuilpad" not in text
        assert "0600000001" not in text
    assert "900000015" not in kwintes
    assert "betrokkene 1" in kwintes


def test_each_party_reads_its_own_pseudonyms_and_nobody_elses(region: Region, visit: Visit) -> None:
    address = f"/cases/{region.id('cases', 'c1')}/"
    found = {
        name: set(re.findall(r'class="pseudonym">\s*([0-9A-Z]{4}-[0-9A-Z]{2})', page(visit(name).get(address))))
        for name in ("kw", "pol", "zc")
    }
    assert all(found.values())
    assert not found["kw"] & found["pol"]
    assert not found["kw"] & found["zc"]


def test_a_right_that_the_clock_ends_is_gone_from_the_page(region: Region, visit: Visit) -> None:
    client, address = visit("kw"), f"/cases/{region.id('cases', 'c1')}/"
    assert "tekst-i-gez" in page(client.get(address))
    pass_time(days=28)
    assert "tekst-i-gez" not in page(client.get(address))


@pytest.fixture
def sentences(region: Region, visit: Visit) -> dict[str, str]:
    return {name: _scope(visit(name), region) for name in ("vz", "pol", "kw", "zc")}


def test_the_sentence_says_what_is_seen_what_not_and_why(sentences: dict[str, str]) -> None:
    for name, text in sentences.items():
        assert re.match(r"Je ziet \S+ soorten? gegevens met (naam|pseudoniem)", text), (name, text)
        assert "; " in text
        assert text.endswith(".")
    assert "niet in het convenant" in sentences["pol"]


def test_the_sentence_is_the_same_whether_there_is_anything_in_the_case_or_not(
    region: Region, visit: Visit, sentences: dict[str, str]
) -> None:
    Item.objects.all().delete()
    assert {name: _scope(visit(name), region) for name in sentences} == sentences


def _scope(client: Client, region: Region) -> str:
    text = page(client.get(f"/cases/{region.id('cases', 'c1')}/"))
    found = re.search(r'class="case-scope">.*?<p>(.*?)</p>', text, re.DOTALL)
    assert found
    return found[1]


def test_the_list_of_cases_names_only_those_that_exist_for_her(region: Region, visit: Visit) -> None:
    for name, cases in {"oov": {"c3"}, "rvdk": {"c1"}, "kw": {"c1", "c2"}, "vz": {"c1", "c2", "c3"}}.items():
        text = page(visit(name).get("/cases/"))
        linked = set(re.findall(r'href="/cases/([0-9a-f-]{36})/"', text))
        assert linked == {str(region.id("cases", case)) for case in cases}, name
        assert (PURPOSE.capitalize() in text) is ("c1" in cases)
