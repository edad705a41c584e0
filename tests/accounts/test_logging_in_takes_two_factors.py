"""The way in: password, then code; a new session key at each; nothing in between."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from msgspec import structs

from conference.accounts.models import SignIn
from conference.accounts.places import place_of
from conference.accounts.session_store import SessionStore
from conference.accounts.sessions import machine_now

pytestmark = pytest.mark.django_db


def test_two_right_factors_open_the_door(somebody):
    client = somebody.log_in()
    assert client.get("/me/").status_code == 200
    sign_in = SignIn.objects.get()
    assert sign_in.verified_at
    assert sign_in.factor_at


def test_the_forms_need_no_script_and_tell_password_managers_what_they_are(somebody):
    client = somebody.client()
    page = client.get("/login/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "novalidate" in page
    assert "disabled" not in page
    somebody.password_step(client)
    page = client.get("/login/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_the_session_key_is_new_at_each_step(somebody):
    client = somebody.client()
    client.get("/login/")
    somebody.password_step(client)
    half = client.cookies["sessionid"].value
    client.post("/login/code/", {"code": somebody.code()})
    full = client.cookies["sessionid"].value
    assert half != full
    old = somebody.client()
    old.cookies["sessionid"] = half
    assert old.get("/me/").status_code == 302


def test_a_session_key_planted_before_login_is_not_taken_over(somebody):
    client = somebody.client()
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    somebody.password_step(client)
    assert client.cookies["sessionid"].value != "planted0planted0planted0planted0"


def test_the_database_holds_no_cookie_that_a_thief_could_use(somebody):
    cookie = somebody.log_in().cookies["sessionid"].value
    assert cookie != SignIn.objects.get().session_key
    kept = list(Session.objects.values_list("session_key", flat=True))
    assert kept
    assert cookie not in kept
    for stolen in kept:
        thief = somebody.client()
        thief.cookies["sessionid"] = stolen
        assert thief.get("/me/").status_code == 302


def test_sessions_can_be_kept_loaded_and_deleted_without_waiting_too(db):
    async def live() -> tuple[object, object, bool, bool]:
        made = SessionStore()
        await made.aset("word", "KIEVIT")
        await made.asave()
        key = str(made.session_key)
        found = await SessionStore(key).aget("word")
        there = await made.aexists(key)
        await made.adelete()
        return found, await SessionStore(key).aget("word"), there, await made.aexists(key)

    assert async_to_sync(live)() == ("KIEVIT", None, True, False)


def test_an_old_session_does_not_load(db):
    made = SessionStore()
    made["word"] = "KIEVIT"
    made.save()
    Session.objects.update(expire_date=machine_now() - timedelta(seconds=1))
    assert SessionStore(made.session_key).load() == {}


def test_behind_proxies_of_our_own_the_address_is_the_one_that_they_saw(somebody, settings):
    settings.CONFIG = structs.replace(settings.CONFIG, proxies=1)
    request = RequestFactory().get("/login/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.77")
    assert place_of(request).address == "192.0.2.77"
    request = RequestFactory().get("/login/", REMOTE_ADDR="10.0.0.1")
    assert place_of(request).address == "10.0.0.1"
    settings.CONFIG = structs.replace(settings.CONFIG, proxies=2)
    request = RequestFactory().get(
        "/login/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.77, 10.0.0.9"
    )
    assert place_of(request).address == "192.0.2.77"
    request = RequestFactory().get("/login/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="not an address, x")
    assert place_of(request).address == "unknown"


@pytest.mark.parametrize("url", ["/me/", "/people/", "/me/password/", "/people/new/"])
def test_half_a_login_reaches_nothing(make_person, url):
    somebody = make_person("half", family="beheer", party="zvh_procesregie")
    client = somebody.client()
    somebody.password_step(client)
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("url", ["/me/", "/people/"])
def test_a_stranger_is_sent_to_the_login_and_afterwards_to_the_page(somebody, url):
    client = somebody.client()
    answer = client.get(url)
    assert answer["Location"] == f"/login/?next={url.replace('/', '%2F')}"
    answer = somebody.password_step(client, next=url)
    assert answer["Location"] == f"/login/code/?next={url.replace('/', '%2F')}"
    answer = client.post("/login/code/", {"code": somebody.code(), "next": url})
    assert answer["Location"] == url


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\n/evil.example"],
)
def test_login_never_leads_to_another_site(somebody, elsewhere):
    client = somebody.client()
    assert "evil" not in somebody.password_step(client, next=elsewhere)["Location"]
    answer = client.post("/login/code/", {"code": somebody.code(), "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_machine_without_a_session_gets_a_code_and_no_page(client):
    answer = client.get("/api/v1/anything")
    assert answer.status_code in {401, 404}


def test_a_code_without_a_password_leads_back_to_the_login(client):
    assert client.get("/login/code/")["Location"] == "/login/"
    assert client.post("/login/code/", {"code": "123456"})["Location"] == "/login/"


def test_a_half_login_is_forgotten_after_ten_minutes(somebody):
    client = somebody.client()
    somebody.password_step(client)
    SignIn.objects.update(started_at=machine_now() - timedelta(minutes=11))
    answer = client.post("/login/code/", {"code": somebody.code()})
    assert answer["Location"] == "/login/"
    assert client.get("/me/").status_code == 302


def test_who_is_logged_in_already_goes_on(somebody, administrator):
    assert somebody.log_in().get("/login/")["Location"] == "/"
    assert administrator.log_in().get("/login/")["Location"] == "/people/"


def test_a_wrong_password_is_told_above_the_form(somebody):
    answer = somebody.password_step(somebody.client(), "iets heel anders dan dit")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-refusal="wrong_credentials"' in page
    assert 'id="errors"' in page
    assert page.index('id="errors"') < page.index('name="username"')


def test_a_wrong_code_is_refused_and_the_right_one_still_works(somebody):
    client = somebody.client()
    somebody.password_step(client)
    wrong = "000000" if somebody.code() != "000000" else "111111"
    answer = client.post("/login/code/", {"code": wrong})
    assert 'data-refusal="code_wrong"' in answer.content.decode()
    assert client.post("/login/code/", {"code": somebody.code()}).status_code == 302


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 64, "\x00", "1e5000"])
def test_what_is_no_code_is_refused_and_breaks_nothing(somebody, code):
    client = somebody.client()
    somebody.password_step(client)
    assert client.post("/login/code/", {"code": code}).status_code == 200
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass"), "x" * 5000, "'; --", "💥"]
)
def test_odd_usernames_and_passwords_are_only_wrong(somebody, text):
    for field in ("username", "password"):
        data = {"username": "politie", "password": "vier paarden eten hooi", field: text}
        answer = somebody.client().post("/login/", data)
        assert answer.status_code == 200, (field, text)


def test_no_page_of_the_login_is_kept_by_a_browser(somebody):
    client = somebody.client()
    for answer in (client.get("/login/"), somebody.password_step(client), client.get("/login/code/")):
        assert answer["Cache-Control"] == "no-store"


def test_only_methods_that_make_sense_are_supported(client):
    assert client.get("/logout/").status_code == 405
    assert client.put("/login/").status_code == 405
    assert client.delete("/login/code/").status_code == 405
