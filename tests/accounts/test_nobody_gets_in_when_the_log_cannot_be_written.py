"""No proof, no entry: a login that cannot be logged does not happen."""

import pytest
from django.db import connection

from conference.accounts import commands
from conference.accounts.models import BackupCode, SignIn
from consent.versions import versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken_log(db):
    """Take the log's table away; the test's transaction brings it back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf RENAME TO audit_leaf_gone")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf_gone RENAME TO audit_leaf")


def test_a_right_password_opens_nothing(somebody, broken_log):
    client = somebody.client()
    client.raise_request_exception = False
    answer = somebody.password_step(client)
    assert answer.status_code == 503
    assert not SignIn.objects.exists()
    assert client.get("/login/code/").status_code == 302


def test_a_right_code_opens_nothing_and_is_not_used_up(somebody, request):
    client = somebody.client()
    somebody.password_step(client)
    code = somebody.code()
    request.getfixturevalue("broken_log")
    client.raise_request_exception = False
    assert client.post("/login/code/", {"code": code}).status_code == 503
    assert SignIn.objects.get().verified_at is None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf_gone RENAME TO audit_leaf")
    assert client.post("/login/code/", {"code": code}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf RENAME TO audit_leaf_gone")


def test_a_wrong_password_is_not_even_answered_as_wrong(somebody, broken_log):
    client = somebody.client()
    client.raise_request_exception = False
    assert somebody.password_step(client, "iets heel anders dan dit").status_code == 503


def test_a_command_that_cannot_be_logged_changes_nothing(make_person, request):
    somebody = make_person(backup_codes=("ABCD-EFGH",))
    request.getfixturevalue("broken_log")
    before = versions(["people"])
    with pytest.raises(Exception, match="log cannot be written"):
        commands.reset_factor(somebody.person.id, by=None, origin="cli")
    assert BackupCode.objects.exists()
    assert versions(["people"]) == before
