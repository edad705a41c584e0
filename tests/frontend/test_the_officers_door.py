"""The log is read for one of four purposes only, and the choice stands beside what was read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import Leaf
from conference.accounts.models import SignIn
from conference.cases.models import Subject
from frontend.officer import PURPOSES
from tests.frontend.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(visit: Visit) -> Client:
    return visit("fg")


def _readings() -> list[dict[str, Any]]:
    return [json.loads(bytes(leaf.leaf)) for leaf in Leaf.objects.filter(act="log.read").order_by("id")]


def test_without_a_purpose_the_page_asks_for_one_and_reads_nothing(officer: Client) -> None:
    before = len(_readings())
    body = officer.get("/log/?party=politie").content.decode()
    assert "Waarvoor heb je het logboek nodig?" in body
    assert 'name="party" value="politie"' in body, "the question is not lost"
    assert "log-lines" not in body
    assert len(_readings()) == before


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_the_purpose_stands_in_the_entry_of_the_reading(officer: Client, purpose: str) -> None:
    assert officer.get(f"/log/?purpose={purpose}").status_code == 200
    assert _readings()[-1]["purpose"] == purpose


def test_the_purpose_is_kept_for_this_login_and_can_be_changed(officer: Client) -> None:
    officer.get("/log/?purpose=court")
    officer.get("/log/")
    assert _readings()[-1]["purpose"] == "court"
    officer.get("/log/?purpose=security")
    officer.get("/log/")
    assert _readings()[-1]["purpose"] == "security"
    assert "Waarvoor heb je het logboek nodig?" in officer.get("/log/?purpose=").content.decode()


def test_a_purpose_that_is_none_of_the_four_opens_nothing(officer: Client) -> None:
    body = officer.get("/log/?purpose=curiosity&purpose_asked=on").content.decode()
    assert "Kies een van de vier doelen." in body


@pytest.mark.parametrize(("minutes", "shown"), [(4, True), (6, False)])
def test_a_form_with_a_mistake_is_shown_again_only_to_who_gave_a_fresh_code(
    officer: Client, minutes: int, shown: bool
) -> None:
    officer.get("/log/?purpose=lawfulness")
    subject = Subject.objects.order_by("id").first()
    assert subject is not None
    assert officer.get(f"/log/overview/{subject.id}/").status_code == 200
    then = datetime.now(UTC) - timedelta(minutes=minutes)
    SignIn.objects.update(factor_at=then, verified_at=then)
    answer = officer.post(f"/log/overview/{subject.id}/act/", {"do": "limit"})
    assert (answer.status_code == 200) is shown
    assert shown or answer["Location"].startswith("/login/code/?")
