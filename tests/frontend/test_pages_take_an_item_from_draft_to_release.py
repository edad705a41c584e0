"""An own item: prepared, released, withdrawn; typed once, kept on every mistake, told calmly when repeated."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from conference.cases.models import Item
from tests.frontend.visiting import Region, log_in, once_of, page, some_id

Visit = Callable[[str], Client]

FILLED = {"category": "hlp", "kind": "feit", "basis": "toestemming", "text": "nieuw-gegeven over @betrokkene 1."}


@pytest.fixture
def case(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/"


def prepare(client: Client, case: str, **changes: object) -> str:
    """Open the page, fill in the form, send it; return the page that follows."""
    number = once_of(page(client.get(case)))
    return page(client.post(f"{case}items/", FILLED | {"once": number} | changes, follow=True))


def test_a_draft_is_its_partys_a_released_item_everybodys_and_a_withdrawn_one_its_partys_again(
    region: Region, visit: Visit, case: str
) -> None:
    kwintes, care, police = visit("kw"), visit("zc"), visit("pol")
    before = set(Item.objects.values_list("id", flat=True))
    assert "Klaargezet. Alleen jouw organisatie ziet het" in prepare(kwintes, case, subject=region.id("subjects", "s1"))
    (item,) = set(Item.objects.values_list("id", flat=True)) - before
    assert "nieuw-gegeven" in page(kwintes.get(case))
    assert "nieuw-gegeven" not in page(care.get(case)) + page(police.get(case))

    assert "Vrijgegeven" in page(kwintes.post(f"{case}items/{item}/release/", follow=True))
    shown = page(care.get(case))
    assert "nieuw-gegeven over" in shown
    assert "@betrokkene" not in shown.split('id="prepare"')[0], "the handle became a mention"

    assert "Ingetrokken" in page(kwintes.post(f"{case}items/{item}/withdraw/", follow=True))
    assert "nieuw-gegeven" in page(kwintes.get(case))
    assert "nieuw-gegeven" not in page(care.get(case)) + page(police.get(case))


def test_doing_it_again_changes_nothing_and_says_so(region: Region, visit: Visit, case: str) -> None:
    client = visit("pol")
    draft = f"{case}items/{region.id('items', 'i-draft')}"
    assert "Vrijgegeven" in page(client.post(f"{draft}/release/", follow=True))
    assert "Dit was al vrijgegeven of ingetrokken" in page(client.post(f"{draft}/release/", follow=True))
    assert "Vanaf nu ziet alleen jouw organisatie het" in page(client.post(f"{draft}/withdraw/", follow=True))
    assert "Dit was al ingetrokken" in page(client.post(f"{draft}/withdraw/", follow=True))


def test_a_form_sent_twice_is_one_item(visit: Visit, case: str) -> None:
    client = visit("kw")
    number = once_of(page(client.get(case)))
    count = Item.objects.count()
    for _ in range(3):
        last = page(client.post(f"{case}items/", FILLED | {"once": number}, follow=True))
    assert Item.objects.count() == count + 1
    assert "Dit was al bewaard; het staat hier één keer." in last


def test_a_form_sent_by_two_hands_at_once_is_one_item(region: Region, case: str) -> None:
    client = log_in(region, "kw")
    number, cookies = once_of(page(client.get(case))), client.cookies
    count = Item.objects.count()

    def send(_number: int) -> int:
        hand = Client()
        hand.cookies = cookies
        try:
            return hand.post(f"{case}items/", FILLED | {"once": number}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as hands:
        assert set(hands.map(send, range(6))) == {302}
    assert Item.objects.count() == count + 1


def test_a_form_that_was_refused_and_corrected_counts_once_too(visit: Visit, case: str) -> None:
    client = visit("kw")
    number = once_of(page(client.get(case)))
    wrong = page(client.post(f"{case}items/", FILLED | {"once": number, "basis": ""}))
    assert once_of(wrong) == number
    count = Item.objects.count()
    for _ in range(2):
        client.post(f"{case}items/", FILLED | {"once": number})
    assert Item.objects.count() == count + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "Iets over @niemand 9 en @betrokkene 1"}, "@niemand 9 kennen we niet in deze casus"),
        ({"text": "Gesprek met Noor Verzonnen"}, "Schrijf geen naam (Noor Verzonnen)"),
        ({"text": "  "}, "Schrijf wat je wilt delen."),
        ({"text": "a" * 4001}, "4000"),
        ({"category": "gez", "basis": ""}, "Vul dit veld in"),
        ({"category": "nope"}, "id_category_error"),
        ({"category": ""}, "id_category_error"),
        ({"kind": "mening"}, 'href="#id_kind"'),
        ({"subject": "00000000-0000-4000-8000-000000000000"}, "id_subject_error"),
        ({"only_for": ["politie"], "not_for": ["politie"]}, "Een organisatie kan niet in beide lijsten staan"),
        ({"only_for": ["moviera"]}, 'href="#id_only_for"'),
    ],
)
def test_what_is_wrong_is_said_above_the_form_and_what_was_typed_stays(
    visit: Visit, case: str, changes: dict[str, object], message: str
) -> None:
    client = visit("zc")
    typed = {"basis": "mijn eigen grond", "text": "getypte-tekst over @betrokkene 2"} | changes
    count = Item.objects.count()
    text = prepare(client, case, **typed)
    assert message in text
    assert 'class="error-summary" role="alert"' in text
    assert str(typed["text"]).strip() in text
    assert str(typed["basis"]) in text
    assert Item.objects.count() == count


def test_only_what_a_party_may_supply_can_be_chosen(visit: Visit, case: str) -> None:
    police, kwintes = page(visit("pol").get(case)), page(visit("kw").get(case))
    assert '<option value="pol">' in police
    assert '<option value="pol">' not in kwintes
    assert "id_category_error" in prepare(visit("kw"), case, category="pol")


def test_conditions_keep_an_item_from_who_is_named_and_are_told_to_nobody_else(
    region: Region, visit: Visit, case: str
) -> None:
    kwintes = visit("kw")
    prepare(kwintes, case, category="won", not_for=["politie"], text="alleen-voor-sommigen")
    item = Item.objects.latest("written_at")
    kwintes.post(f"{case}items/{item.id}/release/")
    assert "niet voor politie" in page(kwintes.get(case))
    assert "alleen-voor-sommigen" not in page(visit("pol").get(case))
    care = page(visit("zc").get(case))
    assert "alleen-voor-sommigen" in care
    assert "niet voor politie" not in care


@pytest.mark.parametrize("name", ["zc", "vz", "rvdk"])
def test_an_item_of_another_party_cannot_be_touched(region: Region, visit: Visit, case: str, name: str) -> None:
    client, item = visit(name), region.id("items", "i-draft")
    for do in ("release", "withdraw"):
        assert client.post(f"{case}items/{item}/{do}/").status_code == 404
        assert client.post(f"{case}items/{some_id()}/{do}/").status_code == 404
    assert Item.objects.get(id=item).status == "draft"


def test_an_item_is_reached_through_a_case_that_is_hers_only(region: Region, visit: Visit) -> None:
    elsewhere = f"/cases/{region.id('cases', 'c3')}/items/{region.id('items', 'i-won')}/withdraw/"
    assert visit("kw").post(elsewhere).status_code == 404
    assert Item.objects.get(id=region.id("items", "i-won")).status == "released"


def test_a_form_without_its_token_changes_nothing(region: Region, case: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = log_in(region, "kw").cookies
    count = Item.objects.count()
    assert strict.post(f"{case}items/", FILLED).status_code == 403
    assert Item.objects.count() == count
