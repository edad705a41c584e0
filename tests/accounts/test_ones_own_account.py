"""/me/ and logging out: see and end one's sessions, change the password, make new recovery codes."""

import json
import re
from datetime import timedelta

import pytest

from audit.models import Leaf
from conference.accounts.models import BackupCode, SignIn
from consent.versions import versions

pytestmark = pytest.mark.django_db

NEW = "zeven gele fietsen rijden weg"


def log() -> list[dict]:
    return [json.loads(bytes(row.leaf)) for row in Leaf.objects.order_by("id")]


def grow_stale() -> None:
    for sign_in in SignIn.objects.exclude(verified_at=None):
        sign_in.verified_at -= timedelta(minutes=6)
        sign_in.factor_at -= timedelta(minutes=6)
        sign_in.save()


def test_sessions_are_listed_and_another_one_can_be_ended(somebody):
    here, there = somebody.log_in(), somebody.log_in("198.51.100.7")
    page = here.get("/me/").content.decode()
    assert page.count("/end/") == 2
    other = SignIn.objects.order_by("-started_at").first().id
    assert here.post(f"/me/sessions/{other}/end/").status_code == 302
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_somebody_elses_session_does_not_exist(somebody, administrator):
    hers = somebody.log_in()
    administrator.log_in()
    other = SignIn.objects.get(person=administrator.person).id
    assert hers.post(f"/me/sessions/{other}/end/").status_code == 404
    assert SignIn.objects.get(id=other).ended_at is None


def test_logging_out_ends_this_session_only_and_lets_the_browser_forget(somebody):
    here, there = somebody.log_in(), somebody.log_in("198.51.100.7")
    cookie, before = here.cookies["sessionid"].value, versions(["people"])["people"]
    answer = here.post("/logout/")
    assert answer["Location"] == "/login/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert versions(["people"])["people"] == before + 1
    here.cookies["sessionid"] = cookie
    assert here.get("/me/").status_code == 302
    assert there.get("/me/").status_code == 200


def test_logging_out_needs_a_token_of_ours(somebody):
    client = somebody.client(enforce_csrf_checks=True)
    assert client.post("/logout/").status_code == 403
    assert client.post("/login/", {"username": "politie", "password": somebody.password}).status_code == 403


def test_a_new_password_ends_all_sessions(somebody):
    here, there = somebody.log_in(), somebody.log_in("198.51.100.7")
    answer = here.post("/me/password/", {"current": somebody.password, "new": NEW, "repeated": NEW})
    assert answer["Location"] == "/login/"
    assert here.get("/me/").status_code == 302
    assert there.get("/me/").status_code == 302
    assert somebody.password_step(somebody.client()).status_code == 200
    somebody.password = NEW
    somebody.log_in()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"current": "niet het goede wachtwoord"}, "wrong_password"),
        ({"repeated": "iets anders"}, "passwords_differ"),
        ({"new": "kort", "repeated": "kort"}, "password_short"),
        ({"new": "a" * 257, "repeated": "a" * 257}, "password_long"),
        ({"new": "politie casustafel", "repeated": "politie casustafel"}, "password_common"),
    ],
)
def test_a_password_that_cannot_be_is_refused_and_nothing_ends(somebody, other, code):
    client = somebody.log_in()
    answer = client.post("/me/password/", {"current": somebody.password, "new": NEW, "repeated": NEW} | other)
    assert f'data-refusal="{code}"' in answer.content.decode()
    assert client.get("/me/").status_code == 200


def test_nobody_can_guess_on_at_an_open_screen(somebody):
    client = somebody.log_in()
    typed = {"current": "niet het goede wachtwoord", "new": NEW, "repeated": NEW}
    for _ in range(20):
        assert 'data-refusal="wrong_password"' in client.post("/me/password/", typed).content.decode()
    right = typed | {"current": somebody.password}
    assert 'data-refusal="too_many_tries"' in client.post("/me/password/", right).content.decode()


@pytest.mark.parametrize("url", ["/me/password/", "/me/codes/"])
def test_what_changes_a_factor_needs_a_code_of_the_last_five_minutes(somebody, url):
    client = somebody.log_in()
    grow_stale()
    answer = client.get(url) if url == "/me/password/" else client.post(url)
    assert answer["Location"].startswith("/login/code/?next=")
    page = client.get(answer["Location"]).content.decode()
    assert 'name="code"' in page
    somebody.forget_code()
    key = client.cookies["sessionid"].value
    assert client.post("/login/code/", {"code": somebody.code(), "next": "/me/"})["Location"] == "/me/"
    assert client.cookies["sessionid"].value != key
    assert SignIn.objects.count() == 1
    assert client.post("/me/codes/").status_code == 200


def test_a_wrong_code_at_renewal_leaves_the_session_as_it_was(somebody):
    used = somebody.code()
    client = somebody.log_in()
    grow_stale()
    page = client.post("/login/code/", {"code": used, "next": "/me/"}).content.decode()
    assert 'data-refusal="code_used"' in page
    assert client.get("/me/").status_code == 200
    assert client.post("/me/codes/")["Location"].startswith("/login/code/")


def test_new_recovery_codes_are_shown_once_and_replace_the_old(make_person):
    somebody = make_person(backup_codes=("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01",))
    client = somebody.log_in()
    page = client.post("/me/codes/").content.decode()
    codes = re.findall(r'<li class="figures">([0-9A-Z-]{29})</li>', page)
    assert len(codes) == 10
    assert codes[0] not in client.get("/me/").content.decode()
    assert BackupCode.objects.count() == 10
    other = somebody.client()
    somebody.password_step(other)
    assert other.post("/login/code/", {"code": "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01"}).status_code == 200
    assert other.post("/login/code/", {"code": codes[0]}).status_code == 302


def test_the_log_tells_each_step_in_order(somebody):
    client = somebody.client()
    somebody.password_step(client, "iets heel anders dan dit")
    somebody.password_step(client)
    client.post("/login/code/", {"code": "000000"})
    client.post("/login/code/", {"code": somebody.code()})
    client.post("/logout/")
    # The log is never emptied, not between tests either: only her own lines count.
    hers = [entry for entry in log() if entry["actor"] == str(somebody.person.id) and entry["origin"] == "http"]
    assert [(entry["act"], entry["out"], entry["reason"]) for entry in hers] == [
        ("login.refused", "deny", "wrong_credentials"),
        ("login.password_accepted", "permit", None),
        ("factor.refused", "deny", "code_wrong"),
        ("login.succeeded", "permit", None),
        ("login.ended", "permit", "logout"),
    ]
    assert len({entry["session"] for entry in hers[1:]}) == 1


def test_the_log_never_holds_a_username_that_is_nobodys(somebody):
    client = somebody.client()
    client.post("/login/", {"username": "typed-my-password-here", "password": "x"})
    (entry,) = [entry for entry in log() if entry["act"] == "login.refused"]
    assert entry["actor"] is None
    assert b"typed-my-password" not in b"".join(bytes(row.leaf) for row in Leaf.objects.all())


def test_a_flood_of_refused_logins_is_one_entry_a_minute(somebody):
    client = somebody.client("203.0.113.7")
    for _ in range(30):
        somebody.password_step(client, "iets heel anders dan dit")
    reasons = [entry["reason"] for entry in log() if entry["act"] == "login.refused"]
    assert reasons.count("wrong_credentials") == 20
    assert reasons.count("too_many_tries") == 1


def test_logging_in_again_in_the_same_browser_ends_the_session_before(somebody):
    client = somebody.log_in()
    first = SignIn.objects.get().id
    somebody.log_in(client=client)
    assert SignIn.objects.get(id=first).ended_why == "replaced"
