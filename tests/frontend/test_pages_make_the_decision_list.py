"""The decision list: who may make it for whom, what the exporter is told first, what the file holds."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from audit.models import Leaf
from conference.accounts.models import SignIn
from conference.accounts.sessions import machine_now
from tests.frontend.visiting import Region, page

Visit = Callable[[str], Client]


@pytest.fixture
def here(region: Region) -> str:
    return f"/conferences/{region.id('conferences', 'o1')}/decision-list"


def made() -> int:
    """How many objects the log says were exported."""
    entries = [
        json.loads(bytes(leaf)) for leaf in Leaf.objects.filter(act="export.made").values_list("leaf", flat=True)
    ]
    return sum(len(entry["obj"]) for entry in entries)


def test_before_the_export_the_chair_reads_how_much_the_receiver_does_not_get(
    region: Region, visit: Visit, here: str
) -> None:
    client = visit("vz")
    file = client.get(f"{here}?for=kwintes&format=json").json()
    received = len(file["decisions"]) + len(file["actions"])
    own = client.get(f"{here}?for=zvh_procesregie&format=json").json()
    seen = len(own["decisions"]) + len(own["actions"])
    assert 0 < received < seen
    text = page(client.get(f"{here}?for=kwintes"))
    missing = seen - received
    assert f"krijgt Kwintes {missing} regel" in text
    assert "dat volgt uit het convenant" in text
    assert f"{received} regels in het bestand" in text
    assert '<option value="kwintes" selected>' in text
    assert '<option value="comensha"' not in text, "who has no account receives no list"


def test_a_file_holds_only_what_the_receiver_may_have(visit: Visit, here: str) -> None:
    client = visit("vz")
    kwintes = client.get(f"{here}?for=kwintes&format=json").content.decode()
    police = client.get(f"{here}?for=politie&format=json").content.decode()
    assert "besluit-d2" not in kwintes
    assert "actie-x2" not in kwintes
    assert "besluit-d2" in police
    assert "actie-x2" in police
    for text in (kwintes, police):
        assert "besluit-d1" in text
        assert 'left_out":null' in text.replace(" ", "")


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("json", "application/json", b"{"),
    ],
)
def test_each_file_is_an_attachment_with_a_name_that_tells_nothing(
    region: Region, visit: Visit, here: str, form: str, kind: str, start: bytes
) -> None:
    answer = visit("kw").get(f"{here}?for=kwintes&format={form}")
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer.content.startswith(start)
    assert "no-store" in answer["Cache-Control"]
    disposition = answer["Content-Disposition"]
    assert disposition.startswith('attachment; filename="besluitenlijst-')
    for told in ("kwintes", "Noor", str(region.id("conferences", "o1"))):
        assert told not in disposition


def test_a_code_older_than_five_minutes_is_asked_again_and_the_address_survives(
    region: Region, visit: Visit, here: str
) -> None:
    client = visit("kw")
    old = machine_now() - timedelta(minutes=6)
    SignIn.objects.filter(id=region.sit("kw").session).update(started_at=old, verified_at=old, factor_at=old)
    before = made()
    for form in ("pdf", "csv", "json"):
        wanted = f"{here}?for=kwintes&format={form}"
        answer = client.get(wanted)
        assert answer.status_code == 302
        target = urlsplit(answer["Location"])
        assert (target.path, parse_qs(target.query)["next"]) == ("/login/code/", [wanted])
        assert f'value="{wanted.replace("&", "&amp;")}"' in client.get(answer["Location"]).content.decode()
    machine = client.get(f"/api/v1{here}")
    assert (machine.status_code, machine.json()["error"]) == (403, "second_factor_old")
    assert made() == before
    assert client.get(here).status_code == 200, "looking first needs no fresh code"


def test_taking_a_file_is_in_the_log_and_looking_first_is_too(visit: Visit, here: str) -> None:
    client = visit("kw")
    before = made()
    client.get(here)
    assert made() == before
    assert Leaf.objects.filter(act="export.previewed").exists()
    client.get(f"{here}?format=csv")
    assert made() > before


@pytest.mark.parametrize("form", ["odt", "exe", "", "PDF", "../../etc/passwd", "<b>"])
def test_a_kind_of_file_that_is_not_there_is_said_and_the_next_step_stands_below(
    visit: Visit, here: str, form: str
) -> None:
    answer = visit("kw").get(here, {"format": form})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'data-refusal="unknown_format"' in text
    assert "format=pdf" in text
    assert "<b>" not in text


@pytest.mark.parametrize("party", ["nobody", "comensha", "politie", "' OR 1=1", "\x00", "../kwintes"])
def test_a_party_that_she_may_not_make_a_list_for_is_nothing(visit: Visit, here: str, party: str) -> None:
    client = visit("kw")
    for form in ({}, {"format": "csv"}, {"format": "odt"}):
        assert client.get(here, {"for": party} | form).status_code == 404


def test_others_make_it_for_their_own_party_only_and_are_offered_no_other(visit: Visit, here: str) -> None:
    text = page(visit("pol").get(here))
    assert "<select" not in text.split('class="sheet export', maxsplit=1)[1]
    assert "Voor je eigen organisatie" in text
    assert "for=politie&format=pdf" in text


# --- what was made before ----------------------------------------------------------------------------------


def told(text: str) -> list[str]:
    """The verdicts on the page, newest first."""
    return re.findall(r'<tr data-verdict="(\w+)">', text)


def test_a_page_without_files_made_before_says_nothing_of_them(visit: Visit, here: str) -> None:
    assert "Eerder gemaakt" not in page(visit("kw").get(here))


def test_what_was_made_before_stands_below_with_its_control_number_and_whether_it_is_still_right(
    region: Region, visit: Visit, here: str
) -> None:
    kwintes, chair = visit("kw"), visit("vz")
    file = kwintes.get(f"{here}?for=kwintes&format=json").json()
    number = file["conference"]["marking"]["control_number"]
    text = page(kwintes.get(here))
    assert "Eerder gemaakt" in text
    assert number in text
    assert "klopt nog" in text
    assert told(kwintes.get(here).content.decode()) == ["current"]
    assert told(chair.get(here).content.decode()) == ["theirs"]
    assert told(visit("pol").get(here).content.decode()) == [], "another organisation's files are not told"
    region.do(
        "zc", "consent.withdraw", case=region.id("cases", "c1"), subject=region.id("subjects", "s1"),
        party="kwintes", category="gez",
    )  # fmt: skip
    answer = kwintes.get(here)
    assert told(answer.content.decode()) == ["overtaken"]
    assert "achterhaald" in page(answer)
    assert "Maak een nieuwe voor Kwintes" in page(answer)
    assert told(chair.get(here).content.decode()) == ["overtaken"]
    assert number in page(chair.get(here))


def test_the_old_address_gives_the_list_as_it_is_now(region: Region, visit: Visit, here: str) -> None:
    client = visit("kw")
    before = client.get(f"{here}?for=kwintes&format=json").json()["conference"]["marking"]["register"]
    assert [line["state"] for line in before["lines"]] == ["gegeven"]
    region.do(
        "zc", "consent.withdraw", case=region.id("cases", "c1"), subject=region.id("subjects", "s1"),
        party="kwintes", category="gez",
    )  # fmt: skip
    after = client.get(f"{here}?for=kwintes&format=json").json()["conference"]["marking"]["register"]
    assert [line["state"] for line in after["lines"]] == ["ingetrokken"]
    assert after["code"] != before["code"]
    assert (
        client.get(f"/api/v1{here}?for=kwintes").json()["conference"]["marking"]["register"]["lines"] == after["lines"]
    )


def test_the_file_and_the_page_name_the_same_moment(visit: Visit, here: str) -> None:
    client = visit("kw")
    marking = client.get(f"{here}?for=kwintes&format=json").json()["conference"]["marking"]
    assert marking["made_at"] == marking["register"]["at"]
