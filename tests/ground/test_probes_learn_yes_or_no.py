"""/healthz and /readyz: yes or no, and never more."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from audit import record
from audit.models import Leaf
from tests.ground.conftest import Lines

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_living_process_says_yes(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"yes\n")


def test_a_ready_one_says_yes(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"yes\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_may_come_under_any_name_and_gets_no_cookie(client: Client, path: str) -> None:
    answer = client.get(path, headers={"host": "10.9.8.7:4321"})
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.fixture
def missing_migration() -> Iterator[None]:
    """The newest migration of the consent room, forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, app, name, applied FROM django_migrations WHERE app = 'consent' ORDER BY id DESC")
        row = cursor.fetchone()
        cursor.execute("DELETE FROM django_migrations WHERE id = %s", [row[0]])
        yield
        cursor.execute("INSERT INTO django_migrations (id, app, name, applied) VALUES (%s, %s, %s, %s)", row)


@pytest.mark.usefixtures("missing_migration")
def test_a_database_of_an_older_version_is_not_ready(client: Client, operators_lines: Lines) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"no\n")
    assert [line["code"] for line in operators_lines() if line["event"] == "not_ready"] == ["migrations_missing"]


def test_a_database_that_cannot_be_reached_is_not_ready(client: Client, operators_lines: Lines) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError("secret host name")

    with connection.execute_wrapper(broken):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"no\n")
    assert "secret" not in str(operators_lines())


@pytest.mark.parametrize("table", ["audit_leaf", "audit_probe"])
def test_a_log_that_cannot_be_written_is_not_ready(client: Client, operators_lines: Lines, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        answer = client.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
    assert (answer.status_code, answer.content) == (503, b"no\n")
    assert "log_unavailable" in str(operators_lines())
    assert record.available()


def test_asking_whether_the_log_can_be_written_leaves_nothing_in_it(client: Client) -> None:
    before = Leaf.objects.count()
    assert client.get("/readyz").status_code == 200
    assert Leaf.objects.count() == before
