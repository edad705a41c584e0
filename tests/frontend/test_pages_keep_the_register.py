"""The care coordinator's conversation: read back before it counts, and taken back as quickly as given."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from consent.models import ConsentLine
from tests.frontend.visiting import Region, once_of, page

Visit = Callable[[str], Client]

HOW = {"ends": "23-05-2027", "method": "mondeling", "language": "Bulgaars", "interpreter": "tolk 4471"}


@pytest.fixture
def here(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"


def send(client: Client, here: str, step: str, **answers: str) -> str:
    """Open the page and send the form's step; return the page that follows."""
    number = once_of(page(client.get(here)))
    return page(client.post(here, HOW | {"once": number, "step": step} | dashed(answers), follow=True))


def dashed(answers: dict[str, str]) -> dict[str, str]:
    """Fields of lines are named line-<category>-<party>."""
    return {f"line-{name.replace('__', '-')}" if "__" in name else name: value for name, value in answers.items()}


def test_nothing_is_chosen_for_her_beforehand(visit: Visit, here: str) -> None:
    text = page(visit("zc").get(here))
    choices = re.findall(r'<input type="radio" name="line-[^>]*>', text)
    assert choices
    assert not [one for one in choices if "checked" in one]
    assert "Zonder ja is het antwoord nee" in text
    assert 'value="23-05-2027"' in text, "half a year"


def test_an_answer_is_read_back_before_it_counts(region: Region, visit: Visit, here: str) -> None:
    client, count = visit("zc"), ConsentLine.objects.count()
    review = send(client, here, "review", gez__rvdk="yes", vbl__politie="no", vbl__zvh_procesregie="later")
    assert "mag weten hoe het met je gezondheid gaat, tot en met 23 mei 2027." in review
    assert "je beslist later of die mag weten hoe het zit met je verblijfsrecht" in review
    assert "Word je 12, 16 of 18, dan vraag ik het je opnieuw." in review
    assert "Bulgaars" in review
    assert ConsentLine.objects.count() == count
    again = send(client, here, "edit", gez__rvdk="yes")
    assert re.search(r'name="line-gez-rvdk" value="yes"[^>]*checked', again)
    assert ConsentLine.objects.count() == count


def test_what_is_given_opens_the_page_of_who_got_it_and_withdrawing_closes_it(
    region: Region, visit: Visit, here: str
) -> None:
    care, board = visit("zc"), visit("rvdk")
    case = here.split("consent/", maxsplit=1)[0]
    assert "tekst-i-gez" not in page(board.get(case))
    assert "Vastgelegd. Het geldt vanaf nu" in send(care, here, "record", gez__rvdk="yes")
    assert "tekst-i-gez" in page(board.get(case))
    # She turns 18 on 1 December: then she is asked anew.
    assert "Kinderbescherming, tot en met 30 november 2026" in page(care.get(here))
    assert "Ingetrokken. Het geldt meteen" in page(
        care.post(f"{here}withdraw/", {"party": "rvdk", "category": "gez"}, follow=True)
    )
    assert "tekst-i-gez" not in page(board.get(case))


def test_the_page_of_the_case_withdraws_a_line_too(region: Region, visit: Visit, here: str) -> None:
    care, kwintes = visit("zc"), visit("kw")
    case = here.split("consent/", maxsplit=1)[0]
    form = re.search(
        r'action="(/cases/[^"]*/consent/withdraw/)".*?name="subject" value="([^"]+)".*?name="party" value="kwintes">'
        r'<input type="hidden" name="category" value="gez">',
        page(care.get(case)),
        re.DOTALL,
    )
    assert form
    assert "tekst-i-gez" in page(kwintes.get(case))
    line = {"subject": form[2], "party": "kwintes", "category": "gez"}
    assert "Ingetrokken" in page(care.post(form[1], line, follow=True))
    assert "tekst-i-gez" not in page(kwintes.get(case))
    assert "Op deze regel is geen toestemming meer" in page(care.post(form[1], line, follow=True))


def test_an_earlier_end_is_kept_and_a_later_one_is_not(visit: Visit, here: str) -> None:
    care, line = visit("zc"), {"party": "kwintes", "category": "gez"}
    assert "eindigt nu eerder" in page(care.post(f"{here}limit/", line | {"ends": "25-11-2026"}, follow=True))
    assert "Kwintes, tot en met 25 november 2026" in page(care.get(here))
    assert "Een eerder einde ligt voor" in page(care.post(f"{here}limit/", line | {"ends": "01-02-2027"}, follow=True))
    assert "zoals 23-11-2026" in page(care.post(f"{here}limit/", line | {"ends": "ooit"}, follow=True))
    last = ConsentLine.objects.order_by("number").last()
    assert last
    assert (last.state, last.party) == ("beperkt", "kwintes")


def test_no_on_a_line_that_holds_is_withdrawing(visit: Visit, here: str) -> None:
    send(visit("zc"), here, "record", gez__kwintes="no", gez__zvh_procesregie="no")
    states = {line.party: line.state for line in ConsentLine.objects.order_by("number")}
    assert states["kwintes"] == "ingetrokken"
    assert states["zvh_procesregie"] == "geweigerd"


def test_a_form_sent_twice_is_recorded_once(visit: Visit, here: str) -> None:
    care, count = visit("zc"), ConsentLine.objects.count()
    number = once_of(page(care.get(here)))
    form = HOW | {"once": number, "step": "record", "line-gez-rvdk": "yes"}
    care.post(here, form)
    assert "Dit was al vastgelegd" in page(care.post(here, form, follow=True))
    assert ConsentLine.objects.count() == count + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gez__rvdk": ""}, "Kies minstens één antwoord."),
        ({"gez__rvdk": "yes", "ends": ""}, "Vul in tot en met welke dag elk ja geldt."),
        ({"gez__rvdk": "yes", "ends": "31-02-2027"}, "zoals 23-11-2026"),
        ({"gez__rvdk": "yes", "ends": "01-11-2026"}, "Kies een laatste dag die nog moet komen."),
        ({"gez__rvdk": "yes", "ends": "01-01-2099"}, "Kies een dag binnen vijf jaar."),
        ({"gez__rvdk": "perhaps"}, "error-summary"),
        ({"gez__kwintes": "later"}, "error-summary"),
        ({"gez__rvdk": "yes", "language": ""}, "Vul dit veld in"),
        ({"gez__rvdk": "yes", "method": "telepathie"}, "error-summary"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_recorded(
    visit: Visit, here: str, changes: dict[str, str], message: str
) -> None:
    count = ConsentLine.objects.count()
    for step in ("review", "record"):
        text = send(visit("zc"), here, step, **changes)
        assert message in text
        assert 'class="error-summary"' in text
        assert "tolk 4471" in text
    assert ConsentLine.objects.count() == count


def test_a_line_that_the_covenant_does_not_ask_for_cannot_be_smuggled_in(visit: Visit, here: str) -> None:
    count = ConsentLine.objects.count()
    text = send(visit("zc"), here, "record", gez__politie="yes", pol__moviera="yes")
    assert "Kies minstens één antwoord." in text
    assert ConsentLine.objects.count() == count


def test_the_list_holds_everybody_who_may_be_asked_and_no_suspect(region: Region, visit: Visit) -> None:
    text = page(visit("zc").get("/consent/"))
    shown = set(re.findall(r'href="/cases/[0-9a-f-]{36}/consent/([0-9a-f-]{36})/"', text))
    assert shown == {str(region.id("subjects", name)) for name in ("s1", "s2", "t1")}
    assert "Noor" not in text, "no name is needed to start"


def test_how_it_was_given_is_kept_sealed(visit: Visit, here: str) -> None:
    send(visit("zc"), here, "record", gez__rvdk="yes")
    line = ConsentLine.objects.order_by("number").last()
    assert line
    assert b"Bulgaars" not in bytes(line.sealed)
    assert b"4471" not in bytes(line.sealed)
