"""/people/: only for administrators, logged, without lost updates, and effective at once."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Leaf
from conference import clock
from conference.accounts import commands, sockets
from conference.accounts.commands import Profile
from conference.accounts.models import Person, SignIn, TotpDevice
from conference.accounts.rules import Refused
from conference.accounts.sessions import Identity
from conference.covenant import example, shelf
from consent.versions import versions

pytestmark = pytest.mark.django_db


def answers(**other: str) -> dict:
    """What an administrator types for a person."""
    day = clock.today()
    typed = {
        "name": "B. Rand",
        "party": "politie",
        "family": "inhoud",
        "roles": ["participant"],
        "screened_until": (day + timedelta(days=50)).isoformat(),
        "trained_on": day.isoformat(),
    }
    return typed | other


def edit_page(client, person) -> tuple[str, str]:
    page = client.get(f"/people/{person.id}/").content.decode()
    return page, re.search(r'name="expect" value="(\d+)"', page)[1]


def identity(somebody) -> Identity:
    person = somebody.person
    return Identity(person.id, person.party, person.family, tuple(person.roles), uuid4(), person.epoch)


def log_of(act: str) -> list[dict]:
    return [json.loads(bytes(row.leaf)) for row in Leaf.objects.filter(act=act)]


def test_the_list_shows_standing_and_no_factor(somebody, administrator):
    page = administrator.log_in().get("/people/").content.decode()
    assert "A. Gent" in page
    assert f"/people/{somebody.person.id}/" in page
    assert "JBSWY3DP" not in page


def test_an_invitation_made_on_the_page_works(administrator):
    client = administrator.log_in()
    page = client.post("/people/new/", answers(username="b.rand")).content.decode()
    link = re.search(r'id="link"[^>]*>http://testserver(/invite/[A-Za-z0-9_-]+/)<', page)[1]
    assert client.get("/people/").content.decode().count("b.rand") == 1
    assert administrator.client().get(link)["Location"] == "/enrol/"
    person = Person.objects.get(username="b.rand")
    assert (person.name, person.roles, person.family) == ("B. Rand", ["participant"], "inhoud")
    assert b"B. Rand" not in bytes(person.name_sealed)


def test_making_an_account_needs_a_fresh_code(administrator):
    client = administrator.log_in()
    SignIn.objects.update(
        verified_at=SignIn.objects.get().verified_at - timedelta(minutes=30),
        factor_at=SignIn.objects.get().factor_at - timedelta(minutes=21),
    )
    answer = client.post("/people/new/", answers(username="b.rand"))
    assert answer["Location"] == "/login/code/?next=%2Fpeople%2Fnew%2F"
    assert not Person.objects.filter(username="b.rand").exists()
    administrator.forget_code()
    answer = client.post("/login/code/", {"code": administrator.code(), "next": "/people/new/"})
    assert answer["Location"] == "/people/new/"
    assert client.get("/people/new/").status_code == 200


def test_a_change_counts_at_once_and_ends_the_persons_sessions(somebody, administrator):
    client = administrator.log_in()
    hers = somebody.log_in()
    session = SignIn.objects.get(person=somebody.person).id
    before = versions(["people"])["people"]
    _page, expect = edit_page(client, somebody.person)
    answer = client.post(f"/people/{somebody.person.id}/", answers(family="toezicht", roles=[], expect=expect))
    assert answer.status_code == 302
    assert hers.get("/me/").status_code == 302
    assert sockets.alive([session]) == set()
    assert versions(["people"])["people"] > before


def test_another_date_alone_ends_no_session(somebody, administrator):
    client, hers = administrator.log_in(), somebody.log_in()
    _page, expect = edit_page(client, somebody.person)
    client.post(f"/people/{somebody.person.id}/", answers(name="A. Gent", expect=expect))
    assert hers.get("/me/").status_code == 200


def test_a_screening_that_is_taken_away_ends_the_session(somebody, administrator):
    client, hers = administrator.log_in(), somebody.log_in()
    _page, expect = edit_page(client, somebody.person)
    client.post(f"/people/{somebody.person.id}/", answers(screened_until="2020-01-01", expect=expect))
    assert hers.get("/me/").status_code == 302


def test_of_two_administrators_the_second_sees_that_something_changed(somebody, administrator):
    client = administrator.log_in()
    _page, expect = edit_page(client, somebody.person)
    assert client.post(f"/people/{somebody.person.id}/", answers(name="Eerste", expect=expect)).status_code == 302
    answer = client.post(f"/people/{somebody.person.id}/", answers(name="Tweede", expect=expect))
    page = answer.content.decode()
    assert 'data-refusal="conflict"' in page
    assert Person.objects.get(id=somebody.person.id).name == "Eerste"
    assert 'value="Tweede"' in page
    again = re.search(r'name="expect" value="(\d+)"', page)[1]
    client.post(f"/people/{somebody.person.id}/", answers(name="Tweede", expect=again))
    assert Person.objects.get(id=somebody.person.id).name == "Tweede"


def test_a_form_without_a_version_overwrites_nothing(somebody, administrator):
    answer = administrator.log_in().post(f"/people/{somebody.person.id}/", answers(name="Ander"))
    assert 'data-refusal="conflict"' in answer.content.decode()


def test_closing_opening_and_ending_sessions_work_from_the_page(somebody, administrator):
    client, hers = administrator.log_in(), somebody.log_in()
    url = f"/people/{somebody.person.id}"
    assert client.post(f"{url}/end-sessions/").status_code == 302
    assert hers.get("/me/").status_code == 302
    assert client.post(f"{url}/disable/").status_code == 302
    assert somebody.password_step(somebody.client()).status_code == 403
    assert client.post(f"{url}/enable/").status_code == 302
    somebody.log_in()


def test_resetting_the_second_factor_shows_a_link_once(somebody, administrator):
    client = administrator.log_in()
    page = client.post(f"/people/{somebody.person.id}/reset-factor/").content.decode()
    assert 'id="link"' in page
    assert 'id="link"' not in client.get(f"/people/{somebody.person.id}/").content.decode()
    assert not TotpDevice.objects.filter(user=somebody.person).exists()


@pytest.mark.parametrize("do", ["disable", "demote"])
def test_the_last_administrator_stays(administrator, do):
    client = administrator.log_in()
    url = f"/people/{administrator.person.id}/"
    if do == "disable":
        answer = client.post(f"{url}disable/")
    else:
        _page, expect = edit_page(client, administrator.person)
        answer = client.post(url, answers(expect=expect))
    assert 'data-refusal="last_administrator"' in answer.content.decode()
    assert client.get("/people/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_two_administrators_cannot_disable_each_other_at_once(make_person, _again):
    two = [make_person(name, family="beheer", party="zvh_procesregie") for name in ("een", "twee")]
    start = threading.Barrier(2)

    def disable(own, other) -> str:
        try:
            start.wait(5)
            commands.disable(other.person.id, by=identity(own))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(disable, two, reversed(two))
        assert sorted(answers) == ["done", "last_administrator"]
    assert Person.objects.filter(family="beheer", is_active=True).count() == 1


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"roles": []}, "role_missing"),
        ({"family": "beheer"}, "role_excluded"),
        ({"family": "toezicht", "roles": ["chair"]}, "role_excluded"),
        ({"party": "Not an id"}, "unknown_party"),
        ({"username": "politie"}, "username_taken"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(somebody, administrator, other, code):
    answer = administrator.log_in().post("/people/new/", answers(username="b.rand") | other)
    assert f'data-refusal="{code}"' in answer.content.decode()
    assert not Person.objects.filter(username="b.rand").exists()


def test_nobody_gets_an_account_for_a_party_that_takes_part_as_a_guest(administrator):
    shelf.adopt(example.text(), by=None, origin="cli")
    for party, code in (
        ("comensha", "guest_no_account"),
        ("vng_ministerie", "guest_no_account"),
        ("brandweer", "unknown_party"),
    ):
        with pytest.raises(Refused, match=code):
            commands.create_person("gast", profile(party), by=identity(administrator))
    page = administrator.log_in().get("/people/new/").content.decode()
    assert 'value="politie"' in page
    assert 'value="comensha"' not in page


def profile(party: str = "politie", family: str = "inhoud", roles: tuple[str, ...] = ("participant",)) -> Profile:
    return Profile(name="G. Ast", party=party, family=family, roles=roles)


def test_who_belongs_to_a_guest_party_cannot_log_in_even_with_an_account(somebody):
    Person.objects.filter(id=somebody.person.id).update(party="comensha")
    shelf.adopt(example.text(), by=None, origin="cli")
    answer = somebody.password_step(somebody.client())
    assert 'data-refusal="guest_no_account"' in answer.content.decode()


def test_commands_refuse_everybody_who_is_no_administrator(somebody, administrator):
    by, target = identity(somebody), administrator.person.id
    calls = [
        lambda: commands.create_person("x", profile(), by=by),
        lambda: commands.invite(target, by=by),
        lambda: commands.reset_factor(target, by=by),
        lambda: commands.change_profile(target, profile(), by=by, expect=1),
        lambda: commands.disable(target, by=by),
        lambda: commands.enable(target, by=by),
        lambda: commands.end_sessions(target, by=by),
        lambda: commands.disable(target, by=None),
        lambda: commands.disable(target, by=None, origin="http"),
    ]
    for call in calls:
        with pytest.raises(Refused, match="role_family"):
            call()


@pytest.mark.django_db(transaction=True)  # the refusal is entered durably
@pytest.mark.parametrize("url", ["/people/", "/people/new/", "/people/{id}/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_everybody_else_the_pages_do_not_exist(somebody, url, method):
    client = somebody.log_in()
    assert getattr(client, method)(url.format(id=somebody.person.id)).status_code == 404
    (entry,) = [one for one in log_of("person.managed") if one["actor"] == str(somebody.person.id)]
    assert (entry["out"], entry["reason"], entry["origin"]) == ("deny", "role_excluded", "http")


def test_an_unknown_person_or_act_does_not_exist(somebody, administrator):
    client = administrator.log_in()
    assert client.get(f"/people/{uuid4()}/").status_code == 404
    assert client.post(f"/people/{uuid4()}/disable/").status_code == 404
    assert client.post(f"/people/{somebody.person.id}/delete/").status_code == 404
    assert client.get(f"/people/{somebody.person.id}/disable/").status_code == 405


def test_the_database_itself_keeps_the_families_apart(somebody):
    for wrong in ({"family": "beheer"}, {"family": "iets"}, {"family": "toezicht", "roles": ["chair"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(id=somebody.person.id).update(**wrong)
    Person.objects.filter(id=somebody.person.id).update(family="beheer", roles=[])


def test_every_command_is_in_the_log_with_its_actor_and_without_a_name(somebody, administrator):
    by = identity(administrator)
    target = somebody.person.id
    commands.end_sessions(target, by=by)
    commands.disable(target, by=by)
    commands.enable(target, by=by)
    commands.reset_factor(target, by=by)
    commands.invite(target, by=by)
    commands.change_profile(target, profile(), by=by, expect=Person.objects.get(id=target).version)
    acts = ("sessions_ended", "disabled", "enabled", "factor_reset", "invited", "changed")
    for act in acts:
        # The log is never emptied, not between tests either: only her own lines count.
        (entry,) = [one for one in log_of(f"person.{act}") if one["actor"] == str(by.person)]
        assert entry["obj"] == [f"person:{target}"]
        assert entry["session"] == str(by.session)
    everything = b" ".join(bytes(row.leaf) for row in Leaf.objects.all())
    for secret in (b"A. Gent", b"G. Ast", b"politie@", somebody.password.encode()):
        assert secret not in everything


def test_a_command_that_is_refused_changes_and_logs_nothing(somebody, administrator):
    before, size = versions(["people"]), Leaf.objects.count()
    with pytest.raises(Refused, match="conflict"):
        commands.disable(somebody.person.id, by=identity(administrator), expect=99)
    assert versions(["people"]) == before
    assert Leaf.objects.count() == size
