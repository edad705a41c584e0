"""Passwords and codes: at most 100 tries a day reach an account, and its owner still logs in."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from audit.record import write_lock
from conference.accounts import throttle
from conference.accounts.models import KnownPlace, Tries
from conference.accounts.places import Place
from tests.accounts.test_each_code_works_once import at_once

pytestmark = pytest.mark.django_db

HOME = "192.0.2.10"
TOO_MANY = 429


def passes(kind: str, username: str, place: Place) -> bool:
    """Say whether a try from here would be checked."""
    return throttle.reserve(kind, username, place) is not None


def a_day_of_tries(username: str, addresses: list[str], tries: int) -> int:
    """Count the tries of an attacker that are checked within a day, her patience included."""
    passed = 0
    for number in range(tries):
        passed += passes("password", username, Place(addresses[number % len(addresses)], None))
        if number % 500 == 499:
            a_quarter_passes()
    return passed


def a_quarter_passes() -> None:
    """Let every counted try become sixteen minutes older."""
    for row in Tries.objects.all():
        row.at = [moment - 16 * 60 for moment in row.at]
        row.save()


@pytest.mark.parametrize(("addresses", "tries"), [(1, 2_000), (200, 4_000)])
def test_however_many_tries_an_account_sees_at_most_a_hundred_a_day(somebody, addresses, tries):
    somebody.log_in(HOME)
    theirs = [f"203.0.113.{number}" for number in range(addresses)]
    assert a_day_of_tries("politie", theirs, tries) == 40
    assert a_day_of_tries("politie", theirs, 500) == 0


def test_neighbours_and_strangers_together_stay_under_a_hundred(somebody):
    somebody.log_in(HOME)
    known = a_day_of_tries("politie", [HOME], 600)
    assert known <= 30
    Tries.objects.update(at=[])
    assert known + a_day_of_tries("politie", ["203.0.113.7"], 600) <= 100


def test_the_owner_logs_in_from_her_own_address_during_an_attack(somebody):
    somebody.log_in(HOME)
    attacker = somebody.client("203.0.113.7")
    answers = [somebody.password_step(attacker, "geraden geraden geraden").status_code for _ in range(25)]
    assert answers.count(200) == 20
    assert answers.count(TOO_MANY) == 5
    assert somebody.log_in(HOME, somebody.client(HOME)).get("/me/").status_code == 200


def test_the_owner_logs_in_with_her_own_browser_from_anywhere_and_beside_an_attacker(somebody):
    browser = somebody.log_in(HOME)
    browser.post("/logout/")
    a_day_of_tries("politie", [HOME], 300)
    a_day_of_tries("politie", ["203.0.113.7"], 300)
    stranger = somebody.client(HOME)
    assert somebody.password_step(stranger).status_code == TOO_MANY
    assert somebody.log_in("198.51.100.9", browser).get("/me/").status_code == 200


def test_the_right_password_is_refused_as_the_wrong_one_is_while_strangers_are_locked_out(somebody):
    a_day_of_tries("politie", ["203.0.113.7"], 40)
    client = somebody.client("198.51.100.9")
    right = somebody.password_step(client)
    wrong = somebody.password_step(client, "geraden geraden geraden")
    assert right.status_code == wrong.status_code == TOO_MANY
    assert len(right.content) == len(wrong.content)


def test_logging_in_well_costs_nothing(somebody):
    for _ in range(30):
        client = somebody.client("198.51.100.9")
        assert somebody.password_step(client).status_code == 302
        KnownPlace.objects.all().delete()


def test_after_a_quarter_of_an_hour_there_are_tries_again(somebody):
    place = Place("203.0.113.7", None)
    assert a_day_of_tries("politie", ["203.0.113.7"], 30) == 20
    assert not passes("password", "politie", place)
    a_quarter_passes()
    assert passes("password", "politie", place)


def test_one_address_cannot_try_all_accounts(db):
    passed = sum(passes("password", f"user{n}", Place("203.0.113.7", None)) for n in range(400))
    assert passed == 150
    assert passes("password", "user399", Place("203.0.113.8", None))


def test_codes_are_counted_apart_from_passwords(somebody):
    a_day_of_tries("politie", ["203.0.113.7"], 100)
    assert passes("code", "politie", Place("203.0.113.7", None))


def test_wrong_codes_are_slowed_and_a_used_code_costs_nothing(somebody):
    client = somebody.client("198.51.100.9")
    somebody.password_step(client)
    used = somebody.code()
    assert client.post("/login/code/", {"code": used}).status_code == 302
    client = somebody.client("203.0.113.9")
    somebody.password_step(client)
    for _ in range(30):
        assert 'data-refusal="code_used"' in client.post("/login/code/", {"code": used}).content.decode()
    answers = [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(25)]
    assert answers.count(TOO_MANY) == 5


def test_setting_the_clock_ahead_and_back_frees_no_tries(somebody):
    place = Place("203.0.113.7", None)
    a_day_of_tries("politie", ["203.0.113.7"], 20)
    for row in Tries.objects.all():
        row.at = [moment + 3600 for moment in row.at]
        row.save()
    assert not passes("password", "politie", place)


def test_neither_address_nor_browser_is_kept_in_clear(somebody):
    browser = somebody.log_in(HOME)
    token = browser.cookies["device"].value
    for place in KnownPlace.objects.all():
        assert HOME not in place.place_hash
        assert token not in place.place_hash
    kept = " ".join(Tries.objects.values_list("bucket", flat=True))
    assert HOME not in kept
    assert "politie" not in kept


def test_a_place_is_forgotten_after_ninety_days(somebody):
    somebody.log_in(HOME)
    KnownPlace.objects.update(seen_at=KnownPlace.objects.first().seen_at - timedelta(days=91))
    assert a_day_of_tries("politie", [HOME], 60) == 20 + 0
    assert a_day_of_tries("politie", ["203.0.113.7"], 60) == 0


def test_a_made_up_device_cookie_gives_no_tries(somebody):
    somebody.log_in(HOME)
    a_day_of_tries("politie", ["203.0.113.7"], 60)
    client = somebody.client("203.0.113.7")
    client.cookies["device"] = "A" * 43
    assert somebody.password_step(client).status_code == TOO_MANY


def test_a_header_that_anybody_can_write_does_not_change_the_address(somebody):
    somebody.log_in(HOME)
    client = somebody.client("203.0.113.7")
    a_day_of_tries("politie", ["203.0.113.7"], 60)
    data = {"username": "politie", "password": "geraden geraden"}
    for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"):
        assert client.post("/login/", data, **{name: HOME}).status_code == TOO_MANY


def test_all_addresses_of_one_ipv6_home_are_one_place(somebody):
    passed = sum(
        somebody.password_step(somebody.client(f"2001:db8:0:1::{n:x}"), "geraden geraden geraden").status_code == 200
        for n in range(24)
    )
    assert passed == 20
    assert Tries.objects.count() == 3  # strangers of this account, this home, and what was told to the log


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_cannot_outrun_the_count(db):
    def one() -> bool:
        try:
            return passes("password", "politie", Place("203.0.113.7", None))
        finally:
            connection.close()

    assert sum(at_once(50, one)) == 20


def test_a_reservation_that_was_given_back_can_be_made_again(db):
    place = Place("203.0.113.7", None)
    for _ in range(60):
        reservation = throttle.reserve("password", "politie", place)
        assert reservation is not None
        with write_lock(), transaction.atomic():
            throttle.give_back(reservation)


def test_old_counters_are_forgotten(db):
    passes("password", "politie", Place("203.0.113.7", None))
    Tries.objects.update(last_at=Tries.objects.first().last_at - timedelta(days=2))
    with write_lock(), transaction.atomic():
        throttle.forget_old()
    assert not Tries.objects.exists()
