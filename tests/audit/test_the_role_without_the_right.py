"""PostgreSQL: the application's role adds to the log and can do nothing else with it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit.grants import grant
from audit.models import Leaf
from audit.record import Entry, record, record_durably

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own way"),
]

ROLE = "casustafel_test_app"
ADD = "INSERT INTO audit_leaf (leaf, t, act, out) VALUES ('', 1, 'a.b', 'permit')"


@pytest.fixture
def case() -> Iterator[str]:
    grant(connection, ROLE)
    grant(connection, ROLE)
    case = uuid4()
    record_durably(Entry(act="item.viewed", origin="http", case=case, recipients=(uuid4(),)))
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    yield str(case)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")
    assert Leaf.objects.filter(case_id=case, out="permit").count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_leaf SET out = 'deny'",
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_found",
        "TRUNCATE audit_leaf",
        "TRUNCATE audit_found",
        f"{ADD} ON CONFLICT (id) DO UPDATE SET out = 'deny'",
        "ALTER TABLE audit_leaf DISABLE TRIGGER ALL",
        "ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_change",
        "DROP TRIGGER audit_leaf_change ON audit_leaf",
        "DROP TABLE audit_leaf",
        "DROP FUNCTION audit_append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "CREATE RULE forget AS ON INSERT TO audit_leaf DO INSTEAD NOTHING",
        "ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY",
    ],
)
def test_it_is_refused(case: str, sql: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|permission"), transaction.atomic():
        execute(sql)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_it_can_add_and_read(case: str) -> None:
    other = uuid4()
    with transaction.atomic():
        record(Entry(act="item.viewed", origin="http", case=other, recipients=(uuid4(), uuid4())))
    assert Leaf.objects.filter(case_id=other).count() == 1


@pytest.mark.parametrize("name", ["", "app; DROP TABLE audit_leaf", 'app"', "App", "1app"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="role"):
        grant(connection, name)
