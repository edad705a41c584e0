"""The record and the receipt as files: for her care coordinator, with a fresh code, and kept nowhere."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pyld import jsonld

from audit.models import Leaf
from conference.accounts.models import SignIn
from conference.accounts.sessions import machine_now
from tests.frontend.visiting import NOBODY, Region

Visit = Callable[[str], Client]

FILES = ("record.jsonld", "receipt.jsonld")


@pytest.fixture
def here(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"


def taken() -> int:
    return Leaf.objects.filter(act="export.made", out="permit").count()


@pytest.mark.parametrize(("file", "kind"), [("record.jsonld", "ConsentRecord"), ("receipt.jsonld", "ConsentReceipt")])
def test_a_file_is_json_ld_that_another_program_reads(visit: Visit, here: str, file: str, kind: str) -> None:
    answer = visit("zc").get(f"{here}{file}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    (top,) = jsonld.expand(json.loads(answer.content))
    assert top["@type"] == [f"https://w3id.org/dpv#{kind}"]


@pytest.mark.parametrize("file", FILES)
def test_it_is_an_attachment_that_is_kept_nowhere_and_whose_name_tells_nothing(
    region: Region, visit: Visit, here: str, file: str
) -> None:
    answer = visit("zc").get(f"{here}{file}")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(
        r'attachment; filename="(register|ontvangstbewijs)-2026-11-23\.jsonld"', answer["Content-Disposition"]
    )


@pytest.mark.parametrize("file", FILES)
def test_a_code_older_than_five_minutes_is_asked_again_and_nothing_is_logged_as_taken(
    region: Region, visit: Visit, here: str, file: str
) -> None:
    client = visit("zc")
    old = machine_now() - timedelta(minutes=6)
    SignIn.objects.filter(id=region.sit("zc").session).update(started_at=old, verified_at=old, factor_at=old)
    before = taken()
    answer = client.get(f"{here}{file}")
    target = urlsplit(answer["Location"])
    assert (answer.status_code, target.path) == (302, "/login/code/")
    assert parse_qs(target.query)["next"] == [f"{here}{file}"]
    assert taken() == before


@pytest.mark.parametrize("who", ["pol", "kw", "vz", "fg", "bh"])
@pytest.mark.parametrize("file", FILES)
def test_for_everybody_else_it_is_as_if_it_did_not_exist(visit: Visit, here: str, who: str, file: str) -> None:
    client, before = visit(who), taken()
    mine, nobodys = client.get(f"{here}{file}"), client.get(f"{here.rpartition('consent/')[0]}consent/{NOBODY}/{file}")
    assert mine.status_code == nobodys.status_code == 404
    assert taken() == before


@pytest.mark.parametrize("file", FILES)
def test_each_file_that_is_taken_is_in_the_log_once(visit: Visit, here: str, file: str) -> None:
    client, before = visit("zc"), taken()
    client.get(f"{here}{file}")
    client.get(f"{here}{file}")
    assert taken() == before + 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_file_is_only_read(visit: Visit, here: str, method: str) -> None:
    assert getattr(visit("zc"), method)(f"{here}record.jsonld").status_code == 405
