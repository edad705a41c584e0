"""Screening, training and secrecy decide at login; only who has the right password learns that."""

import statistics
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.accounts import commands, passwords
from conference.accounts.models import KnownPlace, Person, Tries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"until": -1}, "screening_expired"),
        ({"until": None}, "screening_missing"),
        ({"trained": None}, "training_missing"),
        ({"trained": 1}, "training_missing"),
        ({"secrecy": None}, "secrecy_missing"),
        ({"secrecy": 1}, "secrecy_missing"),
    ],
)
def test_what_is_missing_is_told_after_the_right_password(make_person, missing, code):
    somebody = make_person(**missing)
    client = somebody.client()
    answer = somebody.password_step(client)
    assert answer.status_code == 403
    assert f'data-refusal="{code}"' in answer.content.decode()
    assert client.get("/login/code/").status_code == 302


def test_the_last_day_of_a_screening_counts(make_person):
    make_person(until=0).log_in()


def test_a_closed_account_says_so_after_the_right_password_only(somebody, administrator):
    commands.disable(somebody.person.id, by=None, origin="cli")
    assert 'data-refusal="person_disabled"' in somebody.password_step(somebody.client()).content.decode()
    wrong = somebody.password_step(somebody.client(), "iets heel anders dan dit")
    assert 'data-refusal="wrong_credentials"' in wrong.content.decode()


def test_a_standing_lost_between_the_two_steps_stops_the_second(somebody):
    client = somebody.client()
    somebody.password_step(client)
    Person.objects.update(screened_until=None)
    answer = client.post("/login/code/", {"code": somebody.code()})
    assert 'data-refusal="screening_missing"' in answer.content.decode()
    assert client.get("/me/").status_code == 302


def strange(answer) -> tuple:
    """What a stranger can compare of an answer."""
    headers = {name: value for name, value in answer.items() if name != "Content-Security-Policy"}
    return answer.status_code, len(answer.content), headers, sorted(answer.cookies)


@pytest.mark.parametrize("state", ["known", "closed", "expired", "invited"])
def test_a_wrong_password_reads_the_same_for_everybody_and_nobody(make_person, administrator, state):
    somebody = make_person("abcdef", until=-1 if state == "expired" else 10)
    if state == "closed":
        commands.disable(somebody.person.id, by=None, origin="cli")
    if state == "invited":
        commands.invite(somebody.person.id, by=None, origin="cli")
    wrong = "iets heel anders dan dit"
    hers = somebody.client().post("/login/", {"username": "abcdef", "password": wrong})
    nobodys = somebody.client().post("/login/", {"username": "ghijkl", "password": wrong})
    assert strange(hers) == strange(nobodys)


def test_being_locked_out_reads_the_same_for_everybody_and_nobody(somebody):
    answers = []
    for username in ("politie", "brandwe"):
        client = somebody.client(f"203.0.113.{len(answers) + 1}")
        for _ in range(21):
            answer = client.post("/login/", {"username": username, "password": "iets heel anders"})
        answers.append(answer)
    assert strange(answers[0]) == strange(answers[1])
    assert answers[0].status_code == 429


def test_the_same_work_is_done_for_somebody_and_nobody(real_hashes, somebody):
    """One hash each: counted by time, in turns, so that what else the machine does meets both."""

    def took(username: str) -> float:
        start = time.perf_counter()
        passwords.verify(Person.objects.filter(username=username).first(), "iets heel anders dan dit")
        return time.perf_counter() - start

    took("politie")
    known, unknown = zip(*((took("politie"), took("niemand")) for _ in range(9)), strict=True)
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2


def test_as_many_queries_are_made_for_somebody_as_for_nobody(somebody):
    counts = []
    for username in ("politie", "niemand"):
        Tries.objects.all().delete()
        KnownPlace.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            somebody.client().post("/login/", {"username": username, "password": "iets heel anders dan dit"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)  # the refusal is entered durably
def test_a_page_that_is_not_hers_is_the_page_that_does_not_exist(somebody):
    client = somebody.log_in()
    urls = ["/people/", "/people/new/", f"/people/{somebody.person.id}/", "/nergens/te/vinden/"]
    pages = [client.get(url) for url in urls]
    assert {page.status_code for page in pages} == {404}
    # The page names its own address in forms that lead back to it, and holds a masked token of fixed length.
    assert len({len(page.content.replace(url.encode(), b"")) for page, url in zip(pages, urls, strict=True)}) == 1


@pytest.mark.django_db(transaction=True)  # the refusal is entered durably
def test_someone_from_oversight_manages_no_accounts(make_person):
    client = make_person("toezicht", family="toezicht", party="zvh_procesregie").log_in()
    assert client.get("/people/").status_code == 404
    assert client.post("/people/new/", {}).status_code == 404
