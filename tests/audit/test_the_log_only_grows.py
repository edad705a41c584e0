"""The database itself refuses to change or remove what was written."""

import contextlib
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit.growth import integrator
from audit.models import Leaf
from audit.record import Entry, record, record_durably

pytestmark = pytest.mark.django_db(transaction=True)

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way")
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own way")


def entry() -> Entry:
    return Entry(act="item.viewed", origin="socket", actor=uuid4(), case=uuid4(), recipients=(uuid4(), uuid4()))


@pytest.fixture
def case() -> Iterator[str]:
    one = entry()
    record_durably(one)
    yield one.case.hex if connection.vendor == "sqlite" else str(one.case)  # type: ignore[union-attr]
    assert Leaf.objects.filter(case_id=one.case, out="permit").count() == 1


@contextlib.contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError, match=r"append_only|denied|permission|must be owner|GENERATED ALWAYS"):
        yield


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_leaf_can_be_neither_changed_nor_removed(case: str) -> None:
    for sql in ("UPDATE audit_leaf SET out = 'deny'", "UPDATE audit_leaf SET leaf = leaf", "DELETE FROM audit_leaf"):
        with refused():
            run(f"{sql} WHERE case_id = %s", case)


def test_where_a_leaf_is_found_can_be_neither_changed_nor_removed_while_it_is_there(case: str) -> None:
    leaf = Leaf.objects.get(case_id=case)
    integrator.integrate()
    for sql in ("UPDATE audit_found SET leaf_id = 1", "DELETE FROM audit_found"):
        with refused():
            run(f"{sql} WHERE leaf_id = %s", leaf.id)


def test_the_orm_can_change_nothing_either(case: str) -> None:
    leaf = Leaf.objects.get(case_id=case)
    leaf.out = "deny"
    with refused(), transaction.atomic():
        leaf.save()
    with refused(), transaction.atomic():
        leaf.delete()
    with refused(), transaction.atomic():
        Leaf.objects.filter(case_id=case).update(out="deny")


@sqlite_only
def test_replacing_a_leaf_is_refused_also_on_a_connection_without_recursive_triggers(case: str) -> None:
    forged = "(id, leaf, t, act, out) SELECT id, leaf, t, act, 'deny' FROM audit_leaf WHERE case_id = %s"
    for setting in ("ON", "OFF"):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA recursive_triggers = {setting}")
        with refused():
            run(f"INSERT OR REPLACE INTO audit_leaf {forged}", case)
        with refused():
            run(f"REPLACE INTO audit_leaf {forged}", case)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = ON")


@sqlite_only
@pytest.mark.parametrize("step", ["+ 2", "- 1", "* 0", "* -1"])
def test_a_leaf_takes_the_next_number_and_no_other(case: str, step: str) -> None:
    columns = "(id, leaf, t, act, out) SELECT max(id) {step}, x'00', 1, 'a.b', 'permit' FROM audit_leaf"
    with refused():
        run(f"INSERT INTO audit_leaf {columns.format(step=step)}")


@sqlite_only
def test_the_numbers_of_the_log_have_no_gap(case: str) -> None:
    numbers = list(Leaf.objects.order_by("id").values_list("id", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@postgresql_only
def test_emptying_the_table_and_choosing_a_number_are_refused(case: str) -> None:
    for sql in (
        "TRUNCATE audit_leaf",
        "TRUNCATE audit_found CASCADE",
        "INSERT INTO audit_leaf (id, leaf, t, act, out) VALUES (1, '', 1, 'a.b', 'permit')",
    ):
        with refused():
            run(sql)


@postgresql_only
def test_a_session_that_calls_itself_a_replica_is_refused_too(case: str) -> None:
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_leaf WHERE case_id = %s", [case])


def test_an_entry_of_a_transaction_that_is_undone_is_undone_with_it() -> None:
    one = entry()
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        record(one)
        raise ZeroDivisionError
    assert not Leaf.objects.filter(case_id=one.case).exists()


def test_an_entry_commits_with_the_change_that_it_proves() -> None:
    one, other = entry(), entry()
    with transaction.atomic():
        record(one, other)
    leaf = Leaf.objects.get(case_id=one.case)
    told = json.loads(bytes(leaf.leaf))
    assert (leaf.act, leaf.out, leaf.t, str(leaf.actor)) == (told["act"], told["out"], told["t"], told["actor"])
    assert [UUID(person) for person in told["recipients"]] == list(one.recipients)
    assert Leaf.objects.filter(case_id=other.case).exists()


def test_recording_nothing_writes_nothing() -> None:
    before = Leaf.objects.count()
    with transaction.atomic():
        record()
    record_durably()
    assert Leaf.objects.count() == before


def test_an_entry_without_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(entry())


def test_a_leaf_that_is_too_long_is_refused_by_the_table() -> None:
    number = "(SELECT coalesce(max(id), 0) + 1 FROM audit_leaf), " if connection.vendor == "sqlite" else ""
    columns = "id, leaf, t, act, out" if number else "leaf, t, act, out"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_leaf ({columns}) VALUES ({number}%s, 1, 'a.b', 'permit')", [bytes(65_536)])


def test_the_table_is_not_emptied_between_tests() -> None:
    assert not Leaf._meta.managed
