"""The page /covenant/: for everybody who is fully logged in, and readable without seeing it."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from conference.covenant import shelf
from tests.accounts.conftest import make_person
from tests.covenant import builders as b

__all__ = ["make_person"]

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, **wanted):
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]


@pytest.fixture
def adopted():
    shelf.adopt(b.raw(), by=None, origin="seed")


@pytest.fixture
def reader(make_person):
    return make_person("lezer", party="politie", family="inhoud").log_in()


def get(client, query=""):
    answer = client.get(f"/covenant/{query}", headers={"accept-language": "nl"})
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_a_stranger_is_sent_to_the_login():
    answer = Client().get("/covenant/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_the_first_factor_alone_does_not_open_the_page(make_person):
    person = make_person("half", party="politie", family="inhoud")
    client = person.client()
    person.password_step(client)
    answer = client.get("/covenant/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_only_reading_is_possible(reader):
    assert reader.post("/covenant/").status_code in {403, 405}


@pytest.mark.parametrize(
    ("family", "party"), [("inhoud", "politie"), ("toezicht", "zvh_procesregie"), ("beheer", "om")]
)
def test_every_family_reads_the_covenant(make_person, adopted, family, party):
    page = get(make_person("lezer", party=party, family=family).log_in())
    assert "Wie ziet wat" in page.text


def test_without_a_covenant_the_page_says_what_that_means(reader):
    page = get(reader)
    assert "nog geen convenant" in page.text
    assert not page.all("table")


def test_every_cell_is_there_and_says_its_words(reader, adopted):
    page = get(reader)
    links = [found["href"] for found in page.all("a") if found.get("href", "").startswith("?cell=")]
    covenant = b.covenant()
    assert links == [
        f"?cell={party.id}/{category}#told"
        for cls in "PQDZ"
        for party in covenant.parties.values()
        if party.cls == cls
        for category in covenant.categories
    ]
    assert len(page.all("use")) >= len(links) * 5
    assert "aanmelding: alleen eigen; triage: met pseudoniem; verrijking, overleg, uitvoering: met naam" in page.text


def test_heads_and_rows_are_heads_for_a_screen_reader(reader, adopted):
    page = get(reader)
    assert len(page.all("th", scope="col")) == 15
    assert len(page.all("th", scope="row")) == len(b.covenant().parties)
    assert len(page.all("th", scope="rowgroup")) == 4
    assert page.all("caption")


def test_grounds_that_nobody_has_read_keep_their_mark(reader, adopted):
    page = get(reader, "?cell=politie/pol")
    assert page.text.count("(grond nog niet nagelezen)") == 2
    assert "Wpg 20 lid 3" in page.text


def test_the_chosen_cell_is_said_in_full(reader, adopted):
    page = get(reader, "?cell=kwintes/gez")
    told = re.sub(r"\s+", " ", page.text)
    assert (
        "Kwintes, gezondheid: bij aanmelding, triage en verrijking niets, "
        "bij overleg en uitvoering alleen met toestemming of een vastgelegde uitzondering." in told
    )
    chosen = [found["href"] for found in page.all("a") if found.get("aria-current") == "true"]
    assert chosen == ["?cell=kwintes/gez#told"]


def test_ones_own_party_is_chosen_first(reader, adopted):
    chosen = [found["href"] for found in get(reader).all("a") if found.get("aria-current") == "true"]
    assert chosen == ["?cell=politie/id#told"]


@pytest.mark.parametrize("query", ["?cell=", "?cell=nobody/pol", "?cell=politie", "?cell=%22%3E%3Cscript%3E/x"])
def test_a_cell_that_does_not_exist_is_no_trouble(reader, adopted, query):
    page = get(reader, query)
    assert "Politie" in page.text
    assert not [found for found in page.all("script") if "src" not in found]


def test_a_party_whose_check_is_open_says_so(reader, adopted):
    page = get(reader, "?cell=pretty_woman/hlp")
    assert "opdracht?" in page.text
    assert "Ziet niets tot een verantwoordelijke partij dit heeft bevestigd: opdracht." in page.text
    assert "Heeft beroepsgeheim (Jeugdwet 7.3.11)" in page.text


def test_a_party_for_minors_says_so(reader, adopted):
    assert "Alleen in een casus met iemand onder de 18." in get(reader, "?cell=rvdk/id").text


def test_a_draft_says_that_it_is_not_in_force(reader):
    data = b.raw()
    data["covenant"] |= {"valid_from": None, "approved_by": ["politie", "om", "comensha"]}
    shelf.adopt(data, by=None, origin="seed")
    assert "geldt niet, 2 van 17 partijen akkoord" in get(reader).text


def test_a_version_with_an_end_says_so(reader):
    data = b.raw()
    data["covenant"]["valid_until"] = "2099-12-31"
    shelf.adopt(data, by=None, origin="seed")
    assert "geldt sinds 1 januari 2026 en heeft een einddatum" in get(reader).text


def test_hostile_text_of_a_covenant_stays_text(reader):
    data = b.raw()
    data["categories"]["id"]["nl"] = "<script>alert(1)</script>"
    data["parties"]["politie"]["doel"] = "<img src=x onerror=alert(1)>"
    shelf.adopt(data, by=None, origin="seed")
    page = get(reader, "?cell=politie/id")
    assert "<script>alert(1)</script>" in page.text
    assert not page.all("img")


def test_the_page_speaks_english_too(reader, adopted):
    answer = reader.get("/covenant/?cell=politie/pol", headers={"accept-language": "en"})
    text = Page(answer.content.decode()).text
    if "Who sees what" in text:  # a person's own choice of language may hold
        assert "police data" in text
