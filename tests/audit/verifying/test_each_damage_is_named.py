"""Each way to damage an export, by hand, and the first bad entry that the check names."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.tree.tiles import entries_path, path
from audit.verifying import Verdict, verify_export
from tests.audit.verifying import making
from tests.audit.verifying.making import LOG, OTHER, WITNESS

SIZE = 700
ENTRIES = making.entries(SIZE)
FULL, LAST = entries_path(1), entries_path(2, SIZE - 512)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return making.lay(tmp_path / "export", ENTRIES, LOG, WITNESS)


def bad(position: int | None, reason: str, size: int = SIZE) -> Verdict:
    return Verdict(ok=False, size=size, first_bad=position, reason=reason)


def change(folder: Path, name: str, how: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the entries of a bundle, and no tile."""
    file = folder / name
    file.write_bytes(making.bundle(how(making.unbundle(file.read_bytes()))))


def replaced(position: int, by: bytes = b"another") -> list[bytes]:
    return [*ENTRIES[:position], by, *ENTRIES[position + 1 :]]


def relay(folder: Path, entries: list[bytes], *names: str) -> None:
    """Write files of another log over those of the export: all but its notes, or only these."""
    files = making.tiles(entries)
    making.write(folder, {name: files[name] for name in names or files})


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_536, 65_793])
def test_an_export_as_it_was_written_holds_at_each_size(tmp_path: Path, size: int) -> None:
    entries = making.entries(size)
    export = making.lay(tmp_path / "export", entries)
    older = [making.checkpoint(entries[:at]) for at in {0, 1, size // 3, size // 2, size - size % 256, size}]
    assert verify_export(export, older[: size + 1]) == Verdict(ok=True, size=size)


@pytest.mark.parametrize("position", [0, 1, 255, 256, 300, 511, 512, 699])
def test_a_changed_entry_is_named(export: Path, position: int) -> None:
    relay(export, replaced(position), [FULL.replace("001", "000"), FULL, LAST][position // 256])
    assert verify_export(export) == bad(position, "entry_differs")


def test_of_several_changed_entries_the_first_is_named(export: Path) -> None:
    change(export, LAST, lambda it: [b"x", *it[1:]])
    change(export, FULL, lambda it: [*it[:9], b"y", *it[10:]])
    assert verify_export(export) == bad(265, "entry_differs")


def test_two_swapped_entries_are_named_by_the_first(export: Path) -> None:
    change(export, FULL, lambda it: [*it[:40], it[90], *it[41:90], it[40], *it[91:]])
    assert verify_export(export) == bad(296, "entry_differs")


def test_two_swapped_bundles_are_named_by_the_first_of_their_entries(export: Path) -> None:
    first, second = export / entries_path(0), export / entries_path(1)
    first.rename(export / "aside")
    second.rename(first)
    (export / "aside").rename(second)
    assert verify_export(export) == bad(0, "entry_differs")


def test_an_entry_put_between_is_named(export: Path) -> None:
    change(export, FULL, lambda it: [*it[:7], b"between", *it[7:]])
    assert verify_export(export) == bad(263, "entry_differs")


def test_an_entry_put_behind_the_last_is_named(export: Path) -> None:
    change(export, LAST, lambda it: [*it, b"more"])
    assert verify_export(export) == bad(SIZE, "entries_malformed")


def test_an_entry_taken_out_is_named(export: Path) -> None:
    change(export, FULL, lambda it: [*it[:100], *it[101:]])
    assert verify_export(export) == bad(356, "entry_differs")


def test_the_last_entry_taken_out_of_a_bundle_is_named(export: Path) -> None:
    change(export, FULL, lambda it: it[:-1])
    assert verify_export(export) == bad(511, "entries_missing")


def test_a_bundle_that_was_taken_out_is_named_by_its_first_entry(export: Path) -> None:
    (export / FULL).unlink()
    assert verify_export(export) == bad(256, "entries_missing")


@pytest.mark.parametrize("cut", [1, 2, 3, 1000])
def test_a_tail_that_was_cut_off_is_named_where_it_begins(export: Path, cut: int) -> None:
    file = export / LAST
    left = file.read_bytes()[:-cut]
    file.write_bytes(left)
    assert verify_export(export) == bad(512 + len(making.unbundle(left)), "entries_missing")


def test_all_entries_gone_are_named_from_the_first(export: Path) -> None:
    shutil.rmtree(export / "tile/entries")
    assert verify_export(export) == bad(0, "entries_missing")


@pytest.mark.parametrize("tail", [b"\0", b"\0\5abcd", b"\0\0"])
def test_bytes_behind_the_last_entry_are_named(export: Path, tail: bytes) -> None:
    with (export / FULL).open("ab") as file:
        file.write(tail)
    assert verify_export(export) == bad(512, "entries_malformed")


# --- tiles ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "index", "position"),
    [(path(0, 1), 44, 300), (path(0, 2, SIZE - 512), 187, 699), (path(1, 0, 2), 0, 0), (path(1, 0, 2), 1, 256)],
)
def test_a_changed_tile_over_good_entries_is_told_as_that(export: Path, name: str, index: int, position: int) -> None:
    raw = bytearray((export / name).read_bytes())
    raw[32 * index + 31] ^= 1
    (export / name).write_bytes(raw)
    assert verify_export(export) == bad(position, "tile_differs")


def test_a_tile_that_is_gone_is_told_as_that(export: Path) -> None:
    (export / path(0, 1)).unlink()
    assert verify_export(export) == bad(256, "tile_missing")


def test_a_tile_that_was_cut_is_told_from_its_first_missing_hash(export: Path) -> None:
    (export / path(0, 1)).write_bytes((export / path(0, 1)).read_bytes()[: 32 * 10 + 5])
    assert verify_export(export) == bad(266, "tile_differs")


def test_a_tile_with_something_behind_it_is_told_though_no_hash_is_bad(export: Path) -> None:
    with (export / path(0, 1)).open("ab") as file:
        file.write(b"\0")
    assert verify_export(export) == bad(None, "tile_differs")


def test_an_entry_is_named_also_when_an_earlier_tile_is_changed_too(export: Path) -> None:
    (export / path(0, 0)).write_bytes(bytes(8192))
    relay(export, replaced(600), LAST)
    assert verify_export(export) == bad(600, "entry_differs")


def test_an_entry_is_named_though_the_tiles_above_are_changed_too(export: Path) -> None:
    (export / path(1, 0, 2)).write_bytes(bytes(64))
    relay(export, replaced(300), FULL)
    assert verify_export(export) == bad(300, "entry_differs")


def test_an_entry_changed_with_its_tile_is_named_by_its_bundle(export: Path) -> None:
    relay(export, replaced(300), FULL, path(0, 1))
    assert verify_export(export) == bad(256, "root_differs")


def test_a_kept_checkpoint_narrows_that_down(export: Path) -> None:
    relay(export, replaced(300), FULL, path(0, 1))
    kept = [making.checkpoint(ENTRIES[:at]) for at in (100, 290, 299)]
    assert verify_export(export, kept) == bad(299, "root_differs")
    assert verify_export(export, [making.checkpoint(ENTRIES[:600])]) == bad(256, "root_differs")


def test_all_rebuilt_without_the_key_proves_nothing_but_what_was_kept(export: Path) -> None:
    relay(export, replaced(300))
    assert verify_export(export) == bad(0, "root_differs")
    kept = [making.checkpoint(ENTRIES[:at]) for at in (280, 300)]
    assert verify_export(export, kept) == bad(300, "root_differs")
    assert verify_export(export, [*kept, making.checkpoint(ENTRIES[:301])]) == bad(300, "root_differs")


def test_damage_in_a_log_of_three_levels_is_named(tmp_path: Path) -> None:
    entries = making.entries(65_800)
    export = making.lay(tmp_path / "export", entries)
    change(export, entries_path(200), lambda it: [*it[:3], b"x", *it[4:]])
    assert verify_export(export) == bad(51_203, "entry_differs", 65_800)
    (export / path(1, 0)).write_bytes(bytes(8192))
    assert verify_export(export) == bad(51_203, "entry_differs", 65_800)
    (export / path(0, 200)).write_bytes(bytes(8192))
    assert verify_export(export) == bad(0, "root_differs", 65_800)


# --- rolled back, written anew ------------------------------------------------------------


def test_a_log_that_was_rolled_back_is_found_with_a_later_checkpoint(tmp_path: Path) -> None:
    export = making.lay(tmp_path / "export", ENTRIES[:400])
    assert verify_export(export).ok
    assert verify_export(export, [making.checkpoint(ENTRIES)]) == bad(400, "rolled_back", 400)


def test_a_log_written_anew_and_signed_again_is_found_with_an_older_checkpoint(tmp_path: Path) -> None:
    forged = replaced(300)
    export = making.lay(tmp_path / "export", forged)
    kept = [making.checkpoint(ENTRIES[:at]) for at in (200, 300, 301, 650)]
    assert verify_export(export, kept[:2]).ok, "these end before the change"
    assert verify_export(export, [kept[3]]) == bad(0, "fork")
    assert verify_export(export, [kept[0], kept[3]]) == bad(200, "fork")
    assert verify_export(export, kept) == bad(300, "fork")


def test_a_fork_that_kept_its_old_tiles_is_named_exactly(tmp_path: Path) -> None:
    export = making.lay(tmp_path / "export", replaced(300))
    relay(export, ENTRIES, path(0, 1))
    assert verify_export(export, [making.checkpoint(ENTRIES[:650])]) == bad(300, "fork")


def test_two_checkpoints_that_were_kept_and_exclude_each_other_are_a_fork(export: Path) -> None:
    kept = [making.checkpoint(ENTRIES[:500]), making.checkpoint(replaced(3)[:500])]
    assert verify_export(export, kept) == bad(0, "fork")


def test_a_log_made_anew_with_another_key_is_found_with_an_older_checkpoint(tmp_path: Path) -> None:
    export = making.lay(tmp_path / "export", ENTRIES, OTHER)
    assert verify_export(export).ok
    assert verify_export(export, [making.checkpoint(ENTRIES[:500])]) == bad(0, "older_foreign")


def test_a_checkpoint_of_another_log_is_told_as_that(export: Path) -> None:
    foreign = making.checkpoint(ENTRIES[:500], origin="casustafel/proef/2025")
    assert verify_export(export, [foreign]) == bad(0, "older_foreign")
    assert verify_export(export, [foreign, making.checkpoint(ENTRIES[:90])]) == bad(90, "older_foreign")


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"\xff", making.checkpoint(ENTRIES[:9])[:-5]])
def test_a_file_that_is_no_checkpoint_proves_nothing(export: Path, raw: bytes) -> None:
    assert verify_export(export, [raw]) == bad(0, "older_malformed")


def test_an_older_checkpoint_with_a_broken_signature_proves_nothing(export: Path) -> None:
    raw = making.checkpoint(ENTRIES[:500])
    assert verify_export(export, [raw.replace(b"\n500\n", b"\n501\n")]) == bad(0, "older_malformed")


def test_an_older_checkpoint_may_carry_a_witness_that_the_export_does_not_know(tmp_path: Path) -> None:
    export = making.lay(tmp_path / "export", ENTRIES)
    assert verify_export(export, [making.checkpoint(ENTRIES[:500], LOG, WITNESS)]).ok


# --- keys, signatures, files ----------------------------------------------------------------


def test_without_a_good_checkpoint_only_what_was_kept_proves_anything(export: Path) -> None:
    (export / "checkpoint").write_bytes(making.checkpoint(ENTRIES, OTHER))
    assert verify_export(export) == bad(0, "signature_bad")
    assert verify_export(export, [making.checkpoint(ENTRIES[:300])]) == bad(300, "signature_bad")
    relay(export, replaced(40), FULL.replace("001", "000"))
    assert verify_export(export, [making.checkpoint(ENTRIES[:300])]) == bad(40, "entry_differs")


@pytest.mark.parametrize(
    ("name", "reason"), [("checkpoint", "checkpoint_missing"), ("log.vkey", "key_missing")], ids=["checkpoint", "key"]
)
def test_a_note_that_is_gone_is_told(export: Path, name: str, reason: str) -> None:
    (export / name).unlink()
    assert verify_export(export) == bad(0, reason)


@pytest.mark.parametrize("raw", [b"", b"\n", b"not a key\n", WITNESS.vkey.encode() + b"\n", LOG.vkey.encode()])
def test_a_key_of_the_log_that_is_none_is_told(export: Path, raw: bytes) -> None:
    (export / "log.vkey").write_bytes(raw)
    assert verify_export(export) == bad(0, "key_malformed")


def test_two_keys_of_the_log_are_one_too_many(export: Path) -> None:
    (export / "log.vkey").write_text(f"{LOG.vkey}\n{OTHER.vkey}\n")
    assert verify_export(export) == bad(0, "key_malformed")


def test_a_cosignature_that_is_gone_or_broken_is_told(export: Path) -> None:
    (export / "checkpoint").write_bytes(making.checkpoint(ENTRIES))
    assert verify_export(export) == bad(None, "cosignature_missing")
    raw = making.checkpoint(ENTRIES, LOG, WITNESS).splitlines(keepends=True)
    strange = making.checkpoint(ENTRIES[:5], LOG, WITNESS).splitlines(keepends=True)
    (export / "checkpoint").write_bytes(b"".join([*raw[:-1], strange[-1]]))
    assert verify_export(export) == bad(None, "cosignature_bad")


def test_a_signature_that_nobody_here_can_check_is_told(export: Path) -> None:
    (export / "witness.vkey").unlink()
    assert verify_export(export) == bad(None, "signature_unknown")


def test_a_signature_that_stands_there_twice_is_told(export: Path) -> None:
    raw = (export / "checkpoint").read_bytes()
    (export / "checkpoint").write_bytes(raw + raw.splitlines(keepends=True)[-2])
    assert verify_export(export) == bad(None, "signature_unknown")


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "tile/0/002", "tile/0/001.p/7", "tile/entries/003", "tile/2/000.p/1", "tile/1/000.p/02", ".hidden"],
)
def test_a_file_that_does_not_belong_there_is_told(export: Path, name: str) -> None:
    making.write(export, {name: b"x"})
    assert verify_export(export) == bad(None, "unexpected_file")


def test_a_link_counts_as_no_file_of_the_export(export: Path, tmp_path: Path) -> None:
    (export / FULL).rename(tmp_path / "elsewhere")
    (export / FULL).symlink_to(tmp_path / "elsewhere")
    assert verify_export(export) == bad(256, "entries_missing")


def test_a_pipe_in_place_of_a_file_holds_nobody_up(export: Path) -> None:
    (export / FULL).unlink()
    os.mkfifo(export / FULL)
    assert verify_export(export) == bad(256, "entries_missing")


def test_a_size_that_nothing_supports_is_not_walked_through(export: Path) -> None:
    root = making.root_of(ENTRIES)
    text = making.Checkpoint(making.ORIGIN, 10**18, root).body()
    (export / "checkpoint").write_bytes(making.sign(text, [LOG, WITNESS], now=1_800_000_000))
    assert verify_export(export) == bad(0, "entries_missing", 10**18)
    assert verify_export(export, [making.checkpoint(ENTRIES[:30])]) == bad(30, "entries_missing", 10**18)
