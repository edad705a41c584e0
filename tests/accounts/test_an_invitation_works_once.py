"""From a link of one use to an account with two factors: three steps, nothing kept in clear."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from conference import clock
from conference.accounts import commands, factors, invitations
from conference.accounts.commands import Profile
from conference.accounts.models import BackupCode, Invitation, Person, TotpDevice
from conference.accounts.rules import Refused
from conference.accounts.sessions import machine_now

pytestmark = pytest.mark.django_db

NEW = "zeven gele fietsen rijden weg"


@pytest.fixture
def invited():
    """A new person and the token of her link."""
    day = clock.today() + timedelta(days=100)
    profile = Profile(
        name="V. Eilig",
        party="veilig_thuis",
        family="inhoud",
        roles=("participant",),
        screened_until=day,
        trained_on=clock.today(),
    )
    person = commands.create_person("v.eilig", profile, by=None, origin="cli")
    return person, commands.invite(person.id, by=None, origin="cli")


def open_link(token: str, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.get(f"/invite/{token}/")
    assert answer["Location"] == "/enrol/", answer.status_code
    return client


def first_step(client: Client, password: str = NEW, **other: str):
    data = {"new": password, "repeated": password, "secrecy": "on", **other}
    return client.post("/enrol/", {name: value for name, value in data.items() if value})


def key_on(page: str) -> str:
    found = re.search(r'id="key"[^>]*>([A-Z2-7 ]+)<', page)
    assert found
    return found[1]


def code_of(page: str, ahead: int = 0) -> str:
    return factors.current_code(factors.from_base32(key_on(page)), machine_now().timestamp() + 30 * ahead)


def enrol(token: str) -> tuple[Client, str, list[str]]:
    """Go through all three steps; returns the browser, the secret and the recovery codes."""
    client = open_link(token)
    assert first_step(client)["Location"] == "/enrol/app/"
    page = client.get("/enrol/app/").content.decode()
    assert client.post("/enrol/app/", {"code": code_of(page)})["Location"] == "/enrol/codes/"
    codes = re.findall(r'<li class="figures">([0-9A-Z-]+)</li>', client.get("/enrol/codes/").content.decode())
    assert client.post("/enrol/codes/", {"kept": "on"})["Location"] == "/login/"
    return client, key_on(page), codes


def test_three_steps_make_an_account_that_can_log_in(invited):
    person, token = invited
    _client, _secret, codes = enrol(token)
    assert len(codes) == 10
    TotpDevice.objects.update(last_t=-1)
    client = Client()
    assert client.post("/login/", {"username": "v.eilig", "password": NEW})["Location"] == "/login/code/"
    assert client.post("/login/code/", {"code": codes[3]})["Location"] == "/"
    person.refresh_from_db()
    assert person.secrecy_on == clock.today()


def test_the_code_of_the_second_step_is_used_up(invited):
    _person, token = invited
    client = open_link(token)
    first_step(client)
    code = code_of(client.get("/enrol/app/").content.decode())
    client.post("/enrol/app/", {"code": code})
    client = Client()
    client.post("/login/", {"username": "v.eilig", "password": NEW})
    assert 'data-refusal="code_used"' in client.post("/login/code/", {"code": code}).content.decode()


def test_each_step_says_which_of_three_it_is_and_shows_key_and_square(invited):
    _person, token = invited
    client = open_link(token)
    page = client.get("/enrol/").content.decode()
    assert "stap 1 van 3" in page or "step 1 of 3" in page
    assert 'autocomplete="new-password"' in page
    first_step(client)
    page = client.get("/enrol/app/").content.decode()
    assert "stap 2 van 3" in page or "step 2 of 3" in page
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", key_on(page))
    link = unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])
    assert link.startswith("otpauth://totp/Casustafel:v.eilig?secret=")
    assert "<svg" in page
    assert 'fill="#fff"' in page
    assert "style=" not in page


def test_the_token_leaves_the_address_bar_at_once(invited):
    _person, token = invited
    client = open_link(token)
    assert token not in client.get("/enrol/").content.decode()


def test_a_used_link_an_old_link_and_an_invented_link_read_the_same(invited):
    person, token = invited
    enrol(token)
    used = Client().get(f"/invite/{token}/")
    other = commands.invite(person.id, by=None, origin="cli")
    Invitation.objects.filter(used_at=None).update(expires_at=machine_now())
    old = Client().get(f"/invite/{other}/")
    invented = Client().get(f"/invite/{'A' * 43}/")
    assert used.status_code == old.status_code == invented.status_code == 404
    assert (
        len({len(page.content.replace(token.encode(), b"").replace(other.encode(), b"")) for page in (used, old)}) == 1
    )


def test_a_link_lives_72_hours(invited):
    _person, token = invited
    assert invitations.open_link(token)
    Invitation.objects.update(
        expires_at=machine_now() + timedelta(minutes=1), made_at=machine_now() - timedelta(hours=71)
    )
    assert invitations.open_link(token)
    Invitation.objects.update(expires_at=machine_now() - timedelta(seconds=1))
    assert not invitations.open_link(token)


def test_a_clock_that_ran_back_lengthens_no_link(invited):
    _person, token = invited
    Invitation.objects.update(
        made_at=machine_now() + timedelta(hours=2), expires_at=machine_now() + timedelta(hours=74)
    )
    assert not invitations.open_link(token)


def test_a_new_link_makes_the_old_one_worthless(invited):
    person, token = invited
    commands.invite(person.id, by=None, origin="cli")
    assert Client().get(f"/invite/{token}/").status_code == 404


def test_opening_a_link_burns_nothing_so_a_mail_scanner_may(invited):
    _person, token = invited
    for _ in range(3):
        open_link(token)
    enrol(token)


def test_of_two_browsers_with_the_link_only_the_last_that_took_step_one_goes_on(invited):
    _person, token = invited
    first, second = open_link(token), open_link(token)
    first_step(first, "het wachtwoord van een ander mens")
    page = first.get("/enrol/app/").content.decode()
    first_step(second)
    assert first.get("/enrol/app/").status_code == 404
    assert first.post("/enrol/app/", {"code": code_of(page)}).status_code == 404
    page = second.get("/enrol/app/").content.decode()
    assert second.post("/enrol/app/", {"code": code_of(page)}).status_code == 302


def test_after_one_browser_finished_the_other_cannot(invited):
    _person, token = invited
    late = open_link(token)
    enrol(token)
    assert late.get("/enrol/").status_code == 404
    assert first_step(late).status_code == 404


def test_nothing_reaches_the_account_before_the_first_code_was_right(invited):
    person, token = invited
    client = open_link(token)
    first_step(client)
    assert "data-refusal" in client.post("/enrol/app/", {"code": "000000"}).content.decode()
    person.refresh_from_db()
    assert person.password.startswith("!")
    assert not TotpDevice.objects.filter(confirmed=True).exists()
    assert client.get("/enrol/codes/").status_code == 404


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"new": "te kort", "repeated": "te kort"}, "password_short"),
        ({"new": "welkom casustafel 2026", "repeated": "welkom casustafel 2026"}, "password_common"),
        ({"new": "v.eilig v.eilig v.eilig", "repeated": "v.eilig v.eilig v.eilig"}, "password_common"),
        ({"repeated": "zeven gele fietsen"}, "passwords_differ"),
        ({"secrecy": ""}, "secrecy_declaration"),
    ],
)
def test_step_one_says_what_is_wrong(invited, answers, code):
    _person, token = invited
    answer = first_step(open_link(token), **answers)
    assert f'data-refusal="{code}"' in answer.content.decode()


def test_the_recovery_codes_are_shown_until_they_are_kept_and_never_again(invited):
    _person, token = invited
    client = open_link(token)
    first_step(client)
    client.post("/enrol/app/", {"code": code_of(client.get("/enrol/app/").content.decode())})
    first = re.findall(r"figures\">([0-9A-Z-]{29})<", client.get("/enrol/codes/").content.decode())
    answer = client.post("/enrol/codes/", {})
    assert 'data-refusal="codes_not_kept"' in answer.content.decode()
    assert re.findall(r"figures\">([0-9A-Z-]{29})<", answer.content.decode()) == first
    assert Client().get("/enrol/codes/").status_code == 404
    client.post("/enrol/codes/", {"kept": "on"})
    assert client.get("/enrol/codes/").status_code == 404
    assert Invitation.objects.get().codes_sealed is None


def test_neither_token_nor_codes_nor_password_lie_in_clear(invited):
    _person, token = invited
    client = open_link(token)
    first_step(client)
    held = Invitation.objects.get()
    assert token not in held.token_hash
    assert held.password.startswith("argon2$argon2id$")
    client.post("/enrol/app/", {"code": code_of(client.get("/enrol/app/").content.decode())})
    held.refresh_from_db()
    assert held.password == ""
    code = invitations.codes_to_keep(str(held.id), client.session["claim"])[0]
    assert code.encode() not in bytes(held.codes_sealed)
    assert not BackupCode.objects.filter(code_hash__contains=code.replace("-", "")).exists()


def test_who_is_logged_in_and_opens_a_link_is_logged_out(somebody, invited):
    _person, token = invited
    client = somebody.log_in()
    open_link(token, client)
    assert client.get("/me/").status_code == 302


class TestAResetOfTheSecondFactor:
    """The administrator starts it; only who knows the person's own password finishes it."""

    def test_it_asks_her_own_password_and_gives_a_new_app(self, somebody):
        token = commands.reset_factor(somebody.person.id, by=None, origin="cli")
        client = open_link(token)
        assert client.post("/enrol/", {"current": somebody.password})["Location"] == "/enrol/app/"
        page = client.get("/enrol/app/").content.decode()
        assert client.post("/enrol/app/", {"code": code_of(page)}).status_code == 302
        somebody.person.refresh_from_db()
        TotpDevice.objects.update(last_t=-1)
        fresh = Client()
        assert somebody.password_step(fresh).status_code == 302
        assert fresh.post("/login/code/", {"code": code_of(page)}).status_code == 302

    def test_the_link_alone_opens_nothing(self, somebody):
        token = commands.reset_factor(somebody.person.id, by=None, origin="cli")
        client = open_link(token)
        answer = client.post("/enrol/", {"current": NEW, "new": NEW, "repeated": NEW, "secrecy": "on"})
        assert 'data-refusal="wrong_password"' in answer.content.decode()
        assert client.get("/enrol/app/").status_code == 404

    def test_after_ten_wrong_passwords_the_link_is_gone(self, somebody):
        token = commands.reset_factor(somebody.person.id, by=None, origin="cli")
        client = open_link(token)
        for _ in range(10):
            client.post("/enrol/", {"current": NEW})
        assert client.post("/enrol/", {"current": somebody.password}).status_code == 404

    def test_until_then_the_old_app_and_the_old_recovery_codes_are_worth_nothing(self, make_person):
        somebody = make_person(backup_codes=("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01",))
        commands.reset_factor(somebody.person.id, by=None, origin="cli")
        answer = somebody.password_step(somebody.client())
        assert 'data-refusal="factor_missing"' in answer.content.decode()
        assert not BackupCode.objects.exists()

    def test_somebody_without_a_password_needs_an_invitation(self, invited):
        person, _token = invited
        with pytest.raises(Refused, match="not_enrolled"):
            commands.reset_factor(person.id, by=None, origin="cli")


def test_a_closed_account_has_no_working_link(invited, administrator):
    person, token = invited
    commands.disable(person.id, by=None, origin="cli")
    assert Client().get(f"/invite/{token}/").status_code == 404
    commands.enable(person.id, by=None, origin="cli")
    assert Client().get(f"/invite/{token}/").status_code == 404
    assert Person.objects.get(id=person.id).is_active
