"""Data keys, identities and the root check: without the right key nothing opens, and destroying one is final."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from agenda import feed
from agenda.models import Note
from conference import crypto
from conference.cases import labels, rights, seals
from conference.cases.models import Case, Item
from conference.crypto import KeyRing, KeyTrouble
from conference.vault import identities, keys
from conference.vault.models import DataKey, IdentityPart, KeyCheck
from tests.world import Table, settle, tiny_world

WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def swap(model: type, first: UUID, second: UUID, field: str = "sealed") -> None:
    """Exchange the sealed blobs of two rows, as somebody with the database could."""
    one, other = model.objects.get(id=first), model.objects.get(id=second)  # type: ignore[attr-defined]
    blobs = getattr(one, field), getattr(other, field)
    model.objects.filter(id=first).update(**{field: blobs[1]})  # type: ignore[attr-defined]
    model.objects.filter(id=second).update(**{field: blobs[0]})  # type: ignore[attr-defined]


@pytest.fixture
def other_ring(keys: KeyRing, tmp_path: Path) -> Iterator[KeyRing]:
    """Keys of another store, installed for the test."""
    ring, _ = KeyRing.create(tmp_path / "keys")
    crypto.install(ring)
    yield ring
    crypto.install(keys)


def test_a_cohort_is_the_month_five_years_after_the_first_processing() -> None:
    assert keys.cohort_for(WHEN) == "2031-11"
    assert keys.cohort_for(datetime(2028, 2, 29, tzinfo=UTC)) == "2033-02"


def test_a_scope_has_its_own_random_key_and_only_its_wrap_is_kept(transactional_db: None) -> None:
    scopes = [uuid4(), uuid4()]
    sealers = [keys.create(scope, first_processed=WHEN) for scope in scopes]
    keys.forget()
    row = uuid4()
    blob = sealers[0].seal("t", row, "f", b"tekst")
    assert keys.open_sealed(scopes[0], "t", row, "f", blob) == b"tekst"
    with pytest.raises(KeyTrouble) as trouble:
        keys.open_sealed(scopes[1], "t", row, "f", blob)
    assert trouble.value.code == "seal_broken"


def test_a_scope_without_a_key_is_a_named_trouble(transactional_db: None) -> None:
    with pytest.raises(KeyTrouble) as trouble:
        keys.sealer(uuid4())
    assert trouble.value.code == "key_missing"
    assert trouble.value.__cause__ is None


def test_a_wrap_moved_to_another_scope_opens_nothing(transactional_db: None) -> None:
    mine, theirs = uuid4(), uuid4()
    keys.create(mine, first_processed=WHEN)
    keys.create(theirs, first_processed=WHEN)
    stolen = DataKey.objects.get(scope=theirs).wrapped
    DataKey.objects.filter(scope=mine).update(wrapped=stolen)
    keys.forget()
    with pytest.raises(KeyTrouble) as trouble:
        keys.sealer(mine)
    assert trouble.value.code == "seal_broken"


def test_one_value_of_each_of_many_scopes_is_opened_with_one_query(
    transactional_db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scopes = [uuid4() for _ in range(5)]
    blobs = {scope: keys.create(scope, first_processed=WHEN).seal("t", scope, "f", b"tekst") for scope in scopes}
    older, broken, gone, moved, plain = scopes
    DataKey.objects.create(
        scope=older, version=2, cohort="2031-11",
        wrapped=crypto.ring().wrap(b"n" * 32, scope=older, version=2, cohort="2031-11"),
    )  # fmt: skip
    DataKey.objects.filter(scope=broken).update(wrapped=b"broken" * 10)
    DataKey.objects.filter(scope=gone).delete()
    blobs[moved] = blobs[plain]
    with django_assert_num_queries(1):
        opened, troubles = keys.open_each("t", "f", blobs)
    assert opened == {older: b"tekst", plain: b"tekst"}
    assert troubles == {broken: "seal_broken", gone: keys.DESTROYED, moved: "seal_broken"}
    assert troubles == {scope: keys.trouble_with(scope, anew=True) or "seal_broken" for scope in troubles}


def test_a_newer_key_seals_and_the_older_still_opens(transactional_db: None) -> None:
    scope, row = uuid4(), uuid4()
    old = keys.create(scope, first_processed=WHEN).seal("t", row, "f", b"oud")
    wrapped = crypto.ring().wrap(b"n" * 32, scope=scope, version=2, cohort="2031-11")
    DataKey.objects.create(scope=scope, version=2, cohort="2031-11", wrapped=wrapped)
    keys.forget()
    assert keys.sealer(scope).version == 2
    new = keys.sealer(scope).seal("t", row, "f", b"nieuw")
    assert keys.open_sealed(scope, "t", row, "f", old) == b"oud"
    assert keys.open_sealed(scope, "t", row, "f", new) == b"nieuw"


def test_unwrapped_keys_are_few(transactional_db: None) -> None:
    for _ in range(3):
        keys.create(scope := uuid4(), first_processed=WHEN)
        keys.sealer(scope)
    assert len(keys._cache) <= keys._KEEP
    keys.forget()
    assert not keys._cache
    assert not keys._newest


def test_the_first_start_remembers_the_root_key_and_another_one_is_refused(
    transactional_db: None, keys: KeyRing, tmp_path: Path
) -> None:
    seals.check_root()
    seals.check_root()
    assert KeyCheck.objects.count() == 1
    ring, _ = KeyRing.create(tmp_path / "other")
    crypto.install(ring)
    try:
        with pytest.raises(KeyTrouble) as trouble:
            seals.check_root()
    finally:
        crypto.install(keys)
    assert trouble.value.code == "key_wrong"


def test_with_another_root_key_no_case_opens(table: Table, other_ring: KeyRing) -> None:
    keys.forget()
    rights.forget()
    found = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")]
    assert (found.readable, found.trouble, found.header().purpose) == (False, "key_missing", "")


def test_identities_are_sealed_per_category_and_open_again(table: Table) -> None:
    subject = table.id("subjects", "s1")
    parts = identities.parts([subject])
    assert {category: identities.open_part(part) for (_, category), part in parts.items()} == {
        "id": {"name": "Noor Verzonnen", "birth_date": "2008-12-01"},
        "bsn": {"bsn": "900000015"},
        "adr": {"address": "Schuilpad 9", "phone": "0600000001"},
    }


@pytest.mark.parametrize("pair", [("s1", "s2"), ("s1", "t1")])
def test_identities_swapped_between_people_do_not_open(table: Table, pair: tuple[str, str]) -> None:
    first, second = (IdentityPart.objects.get(subject=table.id("subjects", name), category="id") for name in pair)
    swap(IdentityPart, first.id, second.id)
    rights.forget()
    found = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")]
    assert (found.trouble, found.header().code_name) == ("seal_broken", rights.UNREADABLE)
    assert {one.birth_date for one in found.subjects.values()} == {None}
    assert {bool(one.parts) for one in found.subjects.values()} == {False}


def test_sealed_texts_swapped_between_rows_do_not_open(table: Table) -> None:
    pairs = [
        (Item, table.id("items", "i-pol"), table.id("items", "i-rel")),
        (Item, table.id("items", "i-won"), table.id("items", "j-won")),
        (Note, table.id("decisions", "d1"), table.id("actions", "x1")),
    ]
    before = table.view("vz")
    for model, first, second in pairs:
        swap(model, first, second)
        told = {key: body for key, body in table.view("vz").items() if UUID(key.partition(":")[2]) in {first, second}}
        assert {body["text"] for body in told.values()} == {"Dit kan nu niet worden geopend."}, model
        swap(model, first, second)
    assert table.view("vz") == before


def test_headers_swapped_between_cases_do_not_open(table: Table) -> None:
    swap(Case, table.id("cases", "c1"), table.id("cases", "c2"))
    rights.forget()
    feed._states.clear()
    view = table.view("vz")
    assert {view[table.key(case)]["code_name"] for case in ("c1", "c2")} == {rights.UNREADABLE}
    assert view[table.key("c1")]["purpose"] is None
    swap(Case, table.id("cases", "c1"), table.id("cases", "c2"))
    feed._states.clear()
    assert rights.UNREADABLE not in str(table.view("vz"))


def test_a_cell_moved_to_another_party_in_the_open_columns_shows_no_foreign_text(table: Table) -> None:
    """The columns in clear decide who sees; the text stays bound to its row, so nothing can be grafted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM cases_item")
        blobs = [bytes(row[0]) for row in cursor.fetchall()]
    assert len(set(blobs)) == len(blobs)
    assert {len(blob) % 64 for blob in blobs} == {(1 + 4 + 12 + 16) % 64}


def test_a_destroyed_cohort_takes_the_content_and_the_logs_labels_with_it(
    transactional_db: None, quick_passwords: None, own_clock: None, tmp_path: Path, keys: KeyRing
) -> None:
    from conference.vault import keys as vault_keys

    ring, _ = KeyRing.create(tmp_path / "own")
    crypto.install(ring)
    try:
        table = settle(tiny_world())
        every = [UUID(case) for case in table.ids["cases"].values()]
        assert len(labels.case_labels(every)) == 3
        ring.destroy_cohort("2031-11")
        vault_keys.forget()
        rights.forget()
        assert labels.case_labels(every) == {}
        loaded = rights.load(every)
        assert {found.fact.phase for found in loaded.values()} == {"vernietigd"}
        assert all(subject.birth_date is None for found in loaded.values() for subject in found.subjects.values())
        with pytest.raises(KeyTrouble) as trouble:
            vault_keys.sealer(every[0])
        assert trouble.value.code == "key_destroyed"
    finally:
        crypto.install(keys)
        vault_keys.forget()
        rights.forget()
