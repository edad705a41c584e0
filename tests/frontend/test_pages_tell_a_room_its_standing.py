"""Whose session it is, for a room whose line was refused: only the server's own answer, and no sign of life."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from agenda.models import Seat
from conference.accounts.models import SignIn
from conference.accounts.sessions import machine_now
from tests.frontend.visiting import NOBODY, Region, refusals

Visit = Callable[[str], Client]


def ask(client: Client, conference: object) -> Any:
    return client.get(f"/api/v1/conferences/{conference}/standing")


@pytest.mark.parametrize("name", ["vz", "pol", "kw"])
def test_who_is_invited_is_told_who_she_is(region: Region, visit: Visit, name: str) -> None:
    answer = ask(visit(name), region.id("conferences", "o1"))
    assert answer.status_code == 200
    assert answer.json() == {"person": str(region.id("people", name))}


@pytest.mark.parametrize("name", ["fg", "bh"])
def test_to_others_a_conference_and_none_are_the_same_and_both_tries_are_entered(
    region: Region, visit: Visit, name: str
) -> None:
    client, before = visit(name), refusals()
    real, none = ask(client, region.id("conferences", "o1")), ask(client, NOBODY)
    assert (real.status_code, real.content) == (none.status_code, none.content)
    assert real.json()["error"] == "not_found"
    assert refusals() == before + 2


def test_whose_seat_was_taken_away_is_told_as_whoever_never_had_one(region: Region, visit: Visit) -> None:
    client, conference = visit("kw"), region.id("conferences", "o1")
    Seat.objects.filter(conference=conference, person=region.id("people", "kw")).delete()
    assert ask(client, conference).content == ask(client, NOBODY).content


@pytest.mark.parametrize("name", ["stranger", "half"])
def test_without_a_full_session_it_says_so_as_the_server_itself(region: Region, visit: Visit, name: str) -> None:
    answer = ask(visit(name), region.id("conferences", "o1"))
    assert (answer.status_code, answer.json()["error"]) == (401, "not_logged_in")


def test_a_page_that_asks_by_itself_keeps_no_session_alive(region: Region, visit: Visit) -> None:
    client, conference = visit("kw"), region.id("conferences", "o1")
    mine = SignIn.objects.filter(person=region.id("people", "kw"))
    long_ago = machine_now() - timedelta(minutes=50)
    mine.update(last_seen_at=long_ago)
    assert ask(client, conference).status_code == 200
    assert mine.get().last_seen_at == long_ago
    assert client.get("/").status_code == 200
    assert mine.get().last_seen_at > long_ago
    mine.update(last_seen_at=machine_now() - timedelta(minutes=61))
    assert ask(client, conference).status_code == 401
