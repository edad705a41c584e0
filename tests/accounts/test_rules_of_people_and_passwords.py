"""The pure rules, over everything that can be thought of."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import hashers
from hypothesis import example, given
from hypothesis import strategies as st

from conference.accounts import passwords, rules
from conference.accounts.models import Person

DAYS = st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1))
TODAY = date(2026, 11, 23)
standings = st.builds(SimpleNamespace, is_active=st.booleans(), screened_until=DAYS, trained_on=DAYS, secrecy_on=DAYS)


@given(standings, st.none() | st.sampled_from("PQDZ"))
def test_only_who_has_everything_may_log_in(person, party_class):
    allowed = (
        person.is_active
        and party_class not in ("D", "Z")
        and person.screened_until is not None
        and person.screened_until >= TODAY
        and person.trained_on is not None
        and person.trained_on <= TODAY
        and person.secrecy_on is not None
        and person.secrecy_on <= TODAY
    )
    assert (rules.may_log_in(person, TODAY, party_class) is None) == allowed


@given(standings, st.integers(0, 800))
def test_a_screening_never_begins_again_by_waiting(person, days):
    later = TODAY + timedelta(days=days)
    if rules.may_log_in(person, TODAY) == "screening_expired":
        assert rules.may_log_in(person, later) == "screening_expired"


@given(
    st.text(max_size=12) | st.sampled_from(rules.FAMILIES),
    st.lists(st.sampled_from([*rules.ROLES, "boss"]), max_size=4),
)
def test_only_the_family_inhoud_has_roles_and_always_one(family, roles):
    refused = rules.refuse_roles(family, roles)
    if refused is None:
        assert family in rules.FAMILIES
        assert bool(roles) == (family == "inhoud")
        assert len(set(roles)) == len(roles)
        assert set(roles) <= set(rules.ROLES)


@given(
    st.text(max_size=70),
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), st.sampled_from("PQDZ")),
)
@example("comensha", {"comensha": "D"})
@example("politie\n", {"politie": "P"})
def test_an_account_needs_a_party_that_takes_part(party, classes):
    if rules.refuse_party(party, classes) is None:
        assert classes[party] in ("P", "Q")
    assert rules.refuse_party(party, {}) is not None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("14 tekens lang", "password_short"),
        ("vier paarden eten hooi", None),
        ("é" * 5 + "ü" * 5 + "abcdefg ijk", None),
        ("correct horse battery staple", None),
        ("p" * 300, "password_long"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_common"),
        ("abababababababababab", "password_common"),
        ("123456789012345678", "password_common"),
        ("abcdefghijklmnopqrst", "password_common"),
        ("zyxwvutsrqponmlkjihg", "password_common"),
        ("Welkom01!Welkom01!", "password_common"),
        ("CasustafelWachtwoord", "password_common"),
        ("veiligheidshuis 2026", "password_common"),
        ("politiepolitie2026!", "password_common"),
        ("83 paarse olifanten", None),
        ("492846017394852", None),
    ],
)
def test_long_passwords_that_are_not_well_known_are_accepted_whatever_their_signs(password, code):
    assert passwords.refuse_password(password, "politie") == code


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=15, max_size=40))
def test_no_rule_asks_for_capitals_digits_or_signs(password):
    assert passwords.refuse_password(password) in {None, "password_common", "password_short", "password_long"}


def test_passwords_are_hashed_with_argon2id_as_the_standard_recommends(real_hashes):
    assert hashers.get_hasher().__class__ is passwords.Argon2idHasher
    encoded = passwords.hashed("vier paarden eten hooi")
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_is_the_same_however_a_keyboard_composes_its_letters():
    person = Person(password=passwords.hashed("café crème brûlée!"))
    assert passwords.verify(person, "cafe\u0301 cre\u0300me bru\u0302le\u0301e!") == (True, False)


def test_long_passwords_count_to_their_last_sign():
    person = Person(password=passwords.hashed("a" * 100 + "slot 1 is echt"))
    assert passwords.verify(person, "a" * 100 + "slot 1 is echt")[0]
    assert not passwords.verify(person, "a" * 100 + "slot 2 is echt")[0]


def test_nobody_has_no_password():
    assert passwords.verify(None, "wat dan ook") == (False, False)
    assert passwords.verify(Person(password="!"), "!") == (False, False)
    assert passwords.verify(Person(password=""), "") == (False, False)


def test_a_weaker_hash_is_noticed_so_that_login_can_renew_it(real_hashes):
    weaker = hashers.Argon2PasswordHasher()
    weaker.memory_cost, weaker.time_cost, weaker.parallelism = 1024, 1, 1
    person = Person(password=weaker.encode("vier paarden eten hooi", "zoutzoutzout"))
    assert passwords.verify(person, "vier paarden eten hooi") == (True, True)


@pytest.mark.django_db
def test_a_login_renews_a_weaker_hash(somebody, settings):
    assert "m=8,t=1,p=1" in somebody.person.password
    settings.PASSWORD_HASHERS = ["conference.accounts.passwords.Argon2idHasher"]
    somebody.log_in()
    somebody.person.refresh_from_db()
    assert "m=65536,t=3,p=4" in somebody.person.password


def test_at_most_four_hashes_are_made_at_once(real_hashes):
    encoded = passwords.hashed("vier paarden eten hooi")
    waiting = [passwords._turns.acquire(timeout=5) for _ in range(passwords.AT_ONCE)]
    assert all(waiting)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(passwords.verify, Person(password=encoded), "vier paarden eten hooi")
        with pytest.raises(TimeoutError):
            late.result(timeout=0.5)
        for _ in waiting:
            passwords._turns.release()
        assert late.result(timeout=20)[0]
