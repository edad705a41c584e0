"""RFC 6238 codes and recovery codes: exactly one of many parallel uses succeeds, and no replay ever does."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.record import write_lock
from conference.accounts import factors
from conference.accounts.models import BackupCode, TotpDevice
from conference.crypto import KeyTrouble

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests/accounts/use_code.py"
MANY = 50
RFC_SECRET = b"12345678901234567890"


def use(person, code: str, at: float | None = None) -> str | None:
    """Use a code as the login does: under the lock, in one transaction."""
    try:
        with write_lock(), transaction.atomic():
            return factors.match(person.id, code, time.time() if at is None else at)
    finally:
        connection.close()


def at_once(times: int, work) -> list:
    start = Barrier(times)

    def one(_number: int):
        start.wait()
        return work()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(at, code):
    assert factors.current_code(RFC_SECRET, at) == code


@pytest.mark.django_db(transaction=True)
def test_of_fifty_threads_with_one_code_one_gets_in(somebody):
    code = somebody.code()
    verdicts = at_once(MANY, lambda: use(somebody.person, code))
    assert verdicts.count(None) == 1
    assert set(verdicts) == {None, "code_used"}


@pytest.mark.django_db(transaction=True)
def test_of_fifty_browsers_with_one_code_one_gets_in(somebody):
    browsers = [somebody.client() for _ in range(10)]
    for browser in browsers:
        assert somebody.password_step(browser).status_code == 302
    code, left = somebody.code(), list(browsers) * 5

    def post():
        try:
            return left.pop().post("/login/code/", {"code": code}).status_code
        finally:
            connection.close()

    at_once(MANY, post)
    assert sum(browser.get("/me/").status_code == 200 for browser in browsers) == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_threads_with_one_recovery_code_one_gets_in(make_person):
    somebody = make_person(backup_codes=("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01",))
    verdicts = at_once(MANY, lambda: use(somebody.person, "abcd efgh jkmn pqrs tvwx yz01"))
    assert verdicts.count(None) == 1
    assert set(verdicts) == {None, "code_wrong"}


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_with_one_code_one_gets_in(somebody, tmp_path):
    code, go = somebody.code(), tmp_path / "go"
    name = str(connection.settings_dict["NAME"])
    programs = [
        subprocess.Popen(
            [sys.executable, PROGRAM, name, str(somebody.person.id), code, go],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "conference.settings"},
        )
        for _ in range(2)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    go.touch()
    said = [verdict for program in programs for verdict in program.communicate(timeout=60)[0].split()]
    assert len(said) == 2 * 20
    assert said.count("None") == 1
    assert set(said) == {"None", "code_used"}


@pytest.mark.django_db
def test_a_code_that_was_used_is_refused_in_every_later_step(somebody):
    now = time.time()
    code = somebody.code()
    assert use_here(somebody, code, now) is None
    assert use_here(somebody, code, now) == "code_used"
    assert use_here(somebody, code, now + 30) == "code_used"
    assert use_here(somebody, code, now + 60) == "code_wrong"
    assert use_here(somebody, code, now - 30) == "code_used"


@pytest.mark.django_db
def test_after_a_later_step_an_earlier_one_is_refused(somebody):
    now = time.time()
    assert use_here(somebody, somebody.code(1), now) is None
    assert use_here(somebody, somebody.code(0), now) == "code_used"
    assert use_here(somebody, somebody.code(-1), now) == "code_used"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahead", "verdict"), [(-2, "code_wrong"), (-1, None), (0, None), (1, None), (2, "code_wrong")]
)
def test_one_step_before_and_one_after_are_accepted_and_no_more(somebody, ahead, verdict):
    now = (time.time() // 30) * 30 + 15
    code = factors.current_code(factors.from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), now + 30 * ahead)
    assert use_here(somebody, code, now) == verdict


@pytest.mark.django_db
def test_setting_the_clock_back_brings_no_code_back(somebody):
    now = time.time()
    assert use_here(somebody, somebody.code(), now) is None
    hour_ago = factors.current_code(factors.from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), now - 3600)
    assert use_here(somebody, hour_ago, now - 3600) == "code_used"


def use_here(somebody, code: str, at: float) -> str | None:
    with write_lock(), transaction.atomic():
        return factors.match(somebody.person.id, code, at)


@pytest.mark.django_db
def test_the_second_use_says_to_wait_for_the_next_code(somebody):
    used = somebody.code()
    somebody.log_in()
    client = somebody.client()
    somebody.password_step(client)
    page = client.post("/login/code/", {"code": used}).content.decode()
    assert 'data-refusal="code_used"' in page
    assert "volgende" in page or "next one" in page


@pytest.mark.django_db
def test_a_recovery_code_goes_into_the_same_field_and_works_once(make_person):
    somebody = make_person(backup_codes=("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01", "1111-2222"))
    client = somebody.client()
    somebody.password_step(client)
    assert client.post("/login/code/", {"code": "abcdefghjkmnpqrstvwxyzO1"}).status_code == 302
    assert client.get("/me/").status_code == 200
    again = somebody.client()
    somebody.password_step(again)
    assert again.post("/login/code/", {"code": "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01"}).status_code == 200
    assert again.post("/login/code/", {"code": "1111-2222"}).status_code == 302


@pytest.mark.django_db
def test_ten_new_recovery_codes_of_120_bits_replace_the_old(somebody):
    old = factors.new_backup_codes(somebody.person.id)
    new = factors.new_backup_codes(somebody.person.id)
    assert len(set(new)) == 10
    assert all(len(code.replace("-", "")) * 5 >= 112 for code in new)
    assert use_here(somebody, old[0], time.time()) == "code_wrong"
    assert use_here(somebody, new[0], time.time()) is None


@pytest.mark.django_db
def test_neither_secret_nor_recovery_code_lies_in_clear(make_person):
    somebody = make_person(backup_codes=("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01",))
    device = TotpDevice.objects.get(user=somebody.person)
    assert device.secret not in bytes(device.secret_sealed)
    assert "ABCD" not in BackupCode.objects.get().code_hash


@pytest.mark.django_db
def test_a_secret_moved_to_another_person_or_device_does_not_open(make_person):
    one, other = make_person("een"), make_person("ander")
    mine, hers = TotpDevice.objects.get(user=one.person), TotpDevice.objects.get(user=other.person)
    hers.secret_sealed = mine.secret_sealed
    with pytest.raises(KeyTrouble):
        hers.secret.hex()
    mine.user = other.person
    with pytest.raises(KeyTrouble):
        mine.secret.hex()


@pytest.mark.django_db
def test_somebody_elses_code_is_wrong(make_person):
    one, other = make_person("een"), make_person("ander")
    TotpDevice.objects.filter(user=other.person).delete()
    factors.new_device(other.person.id, confirmed=True)
    assert use_here(other, one.code(), time.time()) == "code_wrong"


@given(st.binary(min_size=1, max_size=64))
def test_a_secret_survives_its_text(secret):
    assert factors.from_base32(factors.in_fours(factors.base32(secret).lower(), " ")) == secret
