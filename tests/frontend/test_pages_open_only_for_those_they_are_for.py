"""Every address of casework: who may open it, and that to everybody else it does not exist."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.frontend.visiting import NOBODY, Region, bare, refusals

Visit = Callable[[str], Client]

EVERYBODY = {"vz", "pol", "kw", "zc", "rvdk", "oov", "fg", "bh"}

# Address (with the ids of the world in it), and who may open it.
PAGES = {
    "/cases/": {"vz", "pol", "kw", "zc", "rvdk", "oov"},
    "/cases/{c1}/": {"vz", "pol", "kw", "zc", "rvdk"},
    "/cases/{c2}/": {"vz", "kw", "zc"},
    "/cases/{c3}/": {"vz", "pol", "oov"},
    "/consent/": {"zc"},
    "/cases/{c1}/consent/{s1}/": {"zc"},
    "/conferences/{o1}/": {"vz", "pol", "kw", "zc", "rvdk", "oov"},
    "/conferences/{o2}/": {"pol", "kw", "zc"},
    "/conferences/{o1}/decision-list": {"vz", "pol", "kw", "zc", "rvdk", "oov"},
    "/conferences/{o2}/decision-list": {"pol", "kw", "zc"},
    "/conferences/{o1}/decision-list?for=kwintes": {"vz", "kw"},
    "/conferences/{o1}/decision-list?for=kwintes&format=csv": {"vz", "kw"},
    "/conferences/{o1}/decision-list?for=nobody": set(),
    "/conferences/{o1}/decision-list?for=comensha&format=json": set(),
}
MACHINES = {
    "/api/v1/today": {"vz", "pol", "kw", "zc", "rvdk", "oov"},
    "/api/v1/cases/{c1}": {"vz", "pol", "kw", "zc", "rvdk"},
    "/api/v1/conferences/{o1}/decision-list?for=kwintes": {"vz", "kw"},
}
# What may be sent where, and who may send it.
FORMS = {
    "/cases/{c1}/items/": {"vz", "pol", "kw", "zc", "rvdk"},
    "/cases/{c1}/items/{i-pol}/release/": {"pol"},
    "/cases/{c1}/items/{i-pol}/withdraw/": {"pol"},
    "/cases/{c1}/consent/withdraw/": {"zc"},
    "/cases/{c1}/consent/{s1}/withdraw/": {"zc"},
    "/cases/{c1}/consent/{s1}/limit/": {"zc"},
    "/cases/{c1}/consent/{s1}/": {"zc"},
}
LINE = {"party": "kwintes", "category": "gez", "ends": "01-12-2026"}


def filled(region: Region, address: str) -> str:
    ids = {name: found for kind in region.ids.values() for name, found in kind.items()}
    return address.format(**ids)


def nowhere(address: str) -> str:
    """The same address with ids that do not exist."""
    if "{" not in address:
        return f"{address}nothing/"
    return re.sub(r"\{\w[\w-]*\}", NOBODY, address)


def looks_like_nothing(client: Client, answer: Any, address: str) -> bool:
    """Whether an answer is, byte for byte, the one of the same address with ids that nobody has."""
    missing = client.get(nowhere(address))
    same = set(answer.headers) == set(missing.headers)
    return same and (answer.status_code, bare(answer)) == (404, bare(missing))


def test_a_page_is_there_for_who_may_and_looks_like_nothing_to_all_others(region: Region, visit: Visit) -> None:
    for name in sorted(EVERYBODY):
        client = visit(name)
        for address, allowed in PAGES.items():
            answer = client.get(filled(region, address))
            if name in allowed:
                assert answer.status_code == 200, f"{name} {address}"
            else:
                assert looks_like_nothing(client, answer, address), f"{name} {address}"


@pytest.mark.parametrize("name", ["stranger", "half"])
def test_a_stranger_and_half_a_login_are_sent_to_the_login(region: Region, visit: Visit, name: str) -> None:
    client = visit(name)
    for address in PAGES | FORMS:
        for here in (filled(region, address), nowhere(address)):
            read, sent = client.get(here), client.post(here, LINE)
            assert (read.status_code, sent.status_code) in {(302, 302), (404, 404)}, here
            assert read.content == sent.content == b"" or "nothing" in here
            assert read.status_code == 404 or read["Location"].startswith("/login/")


@pytest.mark.parametrize("name", sorted(EVERYBODY | {"stranger", "half"}))
def test_machines_are_told_with_a_stable_code(region: Region, visit: Visit, name: str) -> None:
    client = visit(name)
    for address, allowed in MACHINES.items():
        answer = client.get(filled(region, address))
        if name in {"stranger", "half"}:
            assert (answer.status_code, answer.json()["error"]) == (401, "not_logged_in"), address
        elif name in allowed:
            assert (answer.status_code, answer["API-Version"]) == (200, "1"), address
        else:
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), address
            assert answer.content == client.get(nowhere("/api/v1/cases/{c1}")).content


def test_what_somebody_may_not_do_does_not_exist_for_her(region: Region, visit: Visit) -> None:
    line = LINE | {"subject": str(region.id("subjects", "s1"))}
    for name in sorted(EVERYBODY):
        client = visit(name)
        for address, allowed in FORMS.items():
            if name not in allowed:
                answer = client.post(filled(region, address), line)
                missing = client.post(nowhere(address), line)
                assert (answer.status_code, bare(answer)) == (404, bare(missing)), f"{name} {address}"


def test_who_may_do_something_is_answered_with_a_page_or_sent_back_to_one(region: Region, visit: Visit) -> None:
    line = LINE | {"subject": str(region.id("subjects", "s1"))}
    for name in sorted(EVERYBODY):
        client = visit(name)
        for address in [one for one, allowed in FORMS.items() if name in allowed]:
            assert client.post(filled(region, address), line).status_code in {200, 302}, f"{name} {address}"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("oov", "/cases/{c1}/"),
        ("fg", "/cases/{c1}/"),
        ("bh", "/cases/"),
        ("kw", "/consent/"),
        ("pol", "/cases/{c1}/consent/{s1}/"),
        ("zc", "/cases/{c3}/consent/{s1}/"),
        ("fg", "/conferences/{o1}/"),
        ("rvdk", "/conferences/{o2}/"),
        ("pol", "/conferences/{o1}/decision-list?for=kwintes"),
    ],
)
def test_every_refusal_is_in_the_log_before_it_is_answered(
    region: Region, visit: Visit, name: str, address: str
) -> None:
    client = visit(name)
    before = refusals()
    assert client.get(filled(region, address)).status_code == 404
    assert refusals() == before + 1


def test_a_suspect_has_no_register_of_consent(region: Region, visit: Visit) -> None:
    assert visit("zc").get(filled(region, "/cases/{c1}/consent/{s3}/")).status_code == 404


def test_oversight_and_administration_start_elsewhere(region: Region, visit: Visit) -> None:
    assert visit("fg").get("/")["Location"] == "/log/"
    assert visit("bh").get("/")["Location"] == "/people/"
    assert visit("stranger").get("/")["Location"] == "/login/"
    assert visit("half").get("/")["Location"] == "/login/"


@pytest.mark.parametrize("address", ["/cases/{c1}/items/{i-pol}/explode/", "/cases/{c1}/items/{i-draft}/RELEASE/"])
def test_what_cannot_be_done_with_an_item_is_no_address(region: Region, visit: Visit, address: str) -> None:
    assert visit("pol").post(filled(region, address)).status_code == 404


def test_the_menu_shows_only_what_is_there_for_her(region: Region, visit: Visit) -> None:
    for name, shown in {"kw": False, "zc": True}.items():
        text = visit(name).get("/").content.decode()
        assert 'href="/cases/"' in text
        assert ('href="/consent/"' in text) is shown
    register = visit("zc").get(filled(region, "/cases/{c1}/consent/{s1}/")).content.decode()
    assert 'href="/consent/" aria-current="page"' in register
    assert 'href="/cases/" aria-current' not in register
