"""The keys folder, the wraps that depend on it, and what is refused by name."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from conference import crypto
from conference.crypto import KeyRing, KeyTrouble, files, recovery

COHORT = "2031-11"
DEK = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path) -> KeyRing:
    return KeyRing.create(folder)[0]


@pytest.fixture
def nothing_installed() -> Iterator[None]:
    before = crypto._ring
    crypto._ring = None
    yield
    crypto._ring = before


def trouble(call: object, *args: object, **named: object) -> str:
    assert callable(call)
    with pytest.raises(KeyTrouble) as caught:
        call(*args, **named)
    return caught.value.code


def test_a_new_ring_is_the_same_ring_when_it_is_loaded(folder: Path) -> None:
    made, _ = KeyRing.create(folder)
    loaded = KeyRing.load(folder)
    assert loaded.derive("zvh/v1/psn", "politie") == made.derive("zvh/v1/psn", "politie")
    assert loaded.fingerprint() == made.fingerprint()
    assert loaded.root_versions == (1,)


def test_the_key_files_are_for_their_owner_only(folder: Path, ring: KeyRing) -> None:
    ring.wrap(DEK, scope=uuid4(), version=1, cohort=COHORT)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"root-1.key": 0o600, "cohort-2031-11.key": 0o600}


def test_creating_where_keys_are_is_refused_and_changes_nothing(folder: Path, ring: KeyRing) -> None:
    before = (folder / "root-1.key").read_bytes()
    assert trouble(KeyRing.create, folder) == "keys_exist"
    assert (folder / "root-1.key").read_bytes() == before


def test_creating_is_refused_where_only_cohort_keys_or_graves_are_left(folder: Path, ring: KeyRing) -> None:
    ring.wrap(DEK, scope=uuid4(), version=1, cohort=COHORT)
    (folder / "root-1.key").unlink()
    assert trouble(KeyRing.create, folder) == "keys_exist"
    ring.destroy_cohort(COHORT)
    assert trouble(KeyRing.create, folder) == "keys_exist"


def test_two_who_create_at_once_get_one_root(folder: Path) -> None:
    def create(_: int) -> str:
        try:
            return KeyRing.create(folder)[1]
        except KeyTrouble as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(8)))
    assert answers.count("keys_exist") == 7
    printed = next(answer for answer in answers if answer != "keys_exist")
    assert (folder / "root-1.key").read_text().strip() == printed


def test_a_root_key_that_another_process_just_wrote_is_not_replaced(folder: Path, ring: KeyRing) -> None:
    assert trouble(ring._write_root) == "keys_exist"


def test_a_missing_root_key_is_refused_and_none_is_made(folder: Path) -> None:
    assert trouble(KeyRing.load, folder) == "key_missing"
    folder.mkdir()
    assert trouble(KeyRing.load, folder) == "key_missing"
    assert list(folder.iterdir()) == []


def test_a_root_key_that_others_may_read_is_refused(folder: Path, ring: KeyRing) -> None:
    (folder / "root-1.key").chmod(0o640)
    assert trouble(KeyRing.load, folder) == "key_exposed"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_root_key_of_another_user_is_refused(folder: Path, ring: KeyRing) -> None:
    os.chown(folder / "root-1.key", 65534, 65534)
    assert trouble(KeyRing.load, folder) == "key_exposed"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe garbage", b"0" * 79])
def test_a_damaged_root_key_is_refused(folder: Path, ring: KeyRing, content: bytes) -> None:
    (folder / "root-1.key").write_bytes(content)
    assert trouble(KeyRing.load, folder) == "key_unreadable"


def test_a_root_key_that_is_a_link_or_a_folder_is_refused(folder: Path, ring: KeyRing) -> None:
    path = folder / "root-1.key"
    path.rename(folder / "elsewhere")
    path.symlink_to(folder / "elsewhere")
    assert trouble(KeyRing.load, folder) == "key_unreadable"
    path.unlink()
    path.mkdir()
    assert trouble(KeyRing.load, folder) == "key_unreadable"


def test_a_root_key_under_another_versions_name_is_refused(folder: Path, ring: KeyRing) -> None:
    (folder / "root-1.key").rename(folder / "root-2.key")
    assert trouble(KeyRing.load, folder) == "key_wrong"


def test_a_file_with_a_strange_name_is_no_root_key(folder: Path, ring: KeyRing) -> None:
    files.write_new(folder / "root-x.key", b"")
    files.write_new(folder / "cohort-x.key", b"")
    assert KeyRing.load(folder).root_versions == (1,)
    assert ring.cohorts == ()


def test_a_store_of_another_root_is_told_by_its_fingerprint(tmp_path: Path, ring: KeyRing) -> None:
    other, _ = KeyRing.create(tmp_path / "other")
    ring.verify(ring.fingerprint())
    assert trouble(ring.verify, other.fingerprint()) == "key_wrong"
    assert ring.fingerprint().startswith("1:")


def test_the_recovery_key_brings_the_same_root_back(folder: Path) -> None:
    ring, printed = KeyRing.create(folder)
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    (folder / "root-1.key").unlink()
    recovered = KeyRing.recover(folder, printed.lower())
    assert recovered.fingerprint() == ring.fingerprint()
    assert KeyRing.load(folder).unwrap(blob, scope=scope, version=1, cohort=COHORT) == DEK


def test_the_recovery_key_makes_the_folder_when_that_is_gone_too(tmp_path: Path) -> None:
    ring, printed = KeyRing.create(tmp_path / "lost")
    assert KeyRing.recover(tmp_path / "new", printed).fingerprint() == ring.fingerprint()


def test_recovering_over_a_root_key_is_refused(folder: Path) -> None:
    _, printed = KeyRing.create(folder)
    assert trouble(KeyRing.recover, folder, printed) == "keys_exist"


def test_the_recovery_key_of_another_store_is_refused_beside_these_cohorts(tmp_path: Path, folder: Path) -> None:
    ring, _ = KeyRing.create(folder)
    _, other = KeyRing.create(tmp_path / "other")
    ring.wrap(DEK, scope=uuid4(), version=1, cohort=COHORT)
    (folder / "root-1.key").unlink()
    assert trouble(KeyRing.recover, folder, other) == "key_wrong"
    assert not (folder / "root-1.key").exists()


def test_derived_keys_differ_by_label_context_and_border(ring: KeyRing) -> None:
    derived = {
        ring.derive("zvh/v1/psn", "politie", "case"),
        ring.derive("zvh/v1/psn", "politiecase"),
        ring.derive("zvh/v1/psn", "poli", "tiecase"),
        ring.derive("zvh/v1/bidx", "politie", "case"),
        ring.derive("zvh/v1/psn"),
    }
    assert len(derived) == 5
    assert len(ring.derive("zvh/v1/psn", length=64)) == 64


def test_a_label_outside_the_houses_names_is_refused(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="zvh/v1/"):
        ring.derive("psn")


def test_a_wrapped_key_opens_in_its_own_place_only(ring: KeyRing) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    ring.wrap(DEK, scope=scope, version=1, cohort="2031-12")
    assert ring.unwrap(blob, scope=scope, version=1, cohort=COHORT) == DEK
    assert trouble(ring.unwrap, blob, scope=uuid4(), version=1, cohort=COHORT) == "seal_broken"
    assert trouble(ring.unwrap, blob, scope=scope, version=2, cohort=COHORT) == "seal_broken"
    assert trouble(ring.unwrap, blob, scope=scope, version=1, cohort="2031-12") == "key_wrong"


@pytest.mark.parametrize("cut", [0, 1, 12, 13, 40, 116])
def test_a_cut_wrap_is_refused(ring: KeyRing, cut: int) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    assert trouble(ring.unwrap, blob[:cut], scope=scope, version=1, cohort=COHORT) == "seal_broken"


def test_a_changed_wrap_is_refused_wherever_it_was_changed(ring: KeyRing) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    for place in range(len(blob)):
        changed = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]
        code = trouble(ring.unwrap, changed, scope=scope, version=1, cohort=COHORT)
        assert code in {"seal_broken", "key_missing", "key_wrong"}


def test_a_wrap_of_a_root_that_is_not_there_is_refused(ring: KeyRing) -> None:
    blob = ring.wrap(DEK, scope=uuid4(), version=1, cohort=COHORT)
    later = blob[:1] + (9).to_bytes(4, "big") + blob[5:]
    assert trouble(ring.unwrap, later, scope=uuid4(), version=1, cohort=COHORT) == "key_missing"


def test_a_second_root_takes_over_and_the_first_still_opens(folder: Path, ring: KeyRing) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    files.write_new(folder / "root-2.key", recovery.printable(2, bytes(range(32))).encode())
    both = KeyRing.load(folder)
    assert both.active == 2
    assert both.unwrap(blob, scope=scope, version=1, cohort=COHORT) == DEK
    newer = both.wrap(DEK, scope=scope, version=2, cohort=COHORT)
    assert both.unwrap(newer, scope=scope, version=2, cohort=COHORT) == DEK
    assert trouble(ring.unwrap, newer, scope=scope, version=2, cohort=COHORT) == "key_missing"


def test_destroying_a_cohort_ends_its_wraps_in_every_process_and_for_good(folder: Path, ring: KeyRing) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    elsewhere = KeyRing.load(folder)
    ring.destroy_cohort(COHORT)
    ring.destroy_cohort(COHORT)
    assert not (folder / "cohort-2031-11.key").exists()
    for one in (ring, elsewhere):
        assert trouble(one.unwrap, blob, scope=scope, version=1, cohort=COHORT) == "key_destroyed"
        assert trouble(one.wrap, DEK, scope=scope, version=1, cohort=COHORT) == "key_destroyed"


def test_destroying_one_cohort_leaves_the_next_one(ring: KeyRing) -> None:
    scope = uuid4()
    ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    blob = ring.wrap(DEK, scope=scope, version=1, cohort="2031-12")
    ring.destroy_cohort(COHORT)
    assert ring.unwrap(blob, scope=scope, version=1, cohort="2031-12") == DEK


def test_destroying_a_cohort_that_never_was_is_refused(ring: KeyRing) -> None:
    assert trouble(ring.destroy_cohort, "2040-01") == "key_missing"


def test_a_cohort_key_that_was_lost_is_missing_and_a_new_one_does_not_open_old_wraps(
    folder: Path, ring: KeyRing
) -> None:
    scope = uuid4()
    blob = ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    (folder / "cohort-2031-11.key").unlink()
    assert trouble(ring.unwrap, blob, scope=scope, version=1, cohort=COHORT) == "key_missing"
    ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)
    assert trouble(ring.unwrap, blob, scope=scope, version=1, cohort=COHORT) == "key_wrong"


def test_a_cohort_key_of_another_store_is_refused(tmp_path: Path, folder: Path, ring: KeyRing) -> None:
    other, _ = KeyRing.create(tmp_path / "other")
    other.wrap(DEK, scope=uuid4(), version=1, cohort=COHORT)
    files.write_new(folder / "cohort-2031-11.key", (tmp_path / "other" / "cohort-2031-11.key").read_bytes())
    assert trouble(ring.wrap, DEK, scope=uuid4(), version=1, cohort=COHORT) == "key_wrong"


def test_many_who_need_a_new_cohort_at_once_share_one_key(ring: KeyRing) -> None:
    scope = uuid4()

    def wrap(_: int) -> bytes:
        return ring.wrap(DEK, scope=scope, version=1, cohort=COHORT)

    with ThreadPoolExecutor(8) as pool:
        blobs = list(pool.map(wrap, range(32)))
    assert {ring.unwrap(blob, scope=scope, version=1, cohort=COHORT) for blob in blobs} == {DEK}


@pytest.mark.parametrize("cohort", ["", "2031-13", "2031-1", "../root-1", "2031-11\n", "2031-11/x"])
def test_a_cohort_is_a_month_and_never_a_path(ring: KeyRing, cohort: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        ring.wrap(DEK, scope=uuid4(), version=1, cohort=cohort)


def test_a_half_written_key_file_never_stands_under_its_name(folder: Path, ring: KeyRing) -> None:
    with pytest.raises(FileExistsError):
        files.write_new(folder / "root-1.key", b"other")
    assert [path.name for path in folder.iterdir()] == ["root-1.key"]


def test_destroying_a_file_that_is_gone_is_harmless(folder: Path) -> None:
    folder.mkdir()
    files.destroy(folder / "cohort-2031-11.key")
    assert list(folder.iterdir()) == []


def test_printing_a_ring_shows_no_key(ring: KeyRing, folder: Path) -> None:
    text = (folder / "root-1.key").read_text()
    assert recovery.parse(text)[1].hex() not in repr(ring)
    assert "(1,)" in repr(ring)


@pytest.mark.usefixtures("nothing_installed")
def test_before_the_start_nothing_can_be_sealed() -> None:
    assert trouble(crypto.ring) == "key_missing"
    assert trouble(crypto.store_sealer, "people") == "key_missing"


@pytest.mark.usefixtures("nothing_installed")
def test_the_stores_sealers_differ_by_purpose_and_last_over_a_restart(folder: Path, ring: KeyRing) -> None:
    crypto.install(ring)
    row = UUID(int=1)
    blob = crypto.store_sealer("people").seal("accounts_person", row, "name", b"A. Gent")
    assert trouble(crypto.store_sealer("other").open, "accounts_person", row, "name", blob) == "seal_broken"
    crypto.install(KeyRing.load(folder))
    assert crypto.ring().active == 1
    assert crypto.store_sealer("people").open("accounts_person", row, "name", blob) == b"A. Gent"
