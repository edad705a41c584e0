"""Any damage to any file of an export is found, and the first entry that differs is never behind what is named."""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from audit.tree.tiles import TILE, entries_path
from audit.verifying import Verdict, verify_export
from tests.audit.verifying import making
from tests.audit.verifying.making import LOG, WITNESS

SMALL = making.entries(5)


def small(folder: Path) -> Path:
    return making.lay(folder, SMALL, LOG, WITNESS)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with _folder() as folder:
        return making.files_in(small(folder))


@contextmanager
def _folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp())
    try:
        yield made
    finally:
        shutil.rmtree(made)


NAMES = ["checkpoint", "log.vkey", "tile/0/000.p/5", "tile/entries/000.p/5", "witness.vkey"]


def test_a_small_export_holds_these_files_and_no_other(files: dict[str, bytes]) -> None:
    assert sorted(files) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_flipped_byte_is_found(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    export = small(tmp_path / "export")
    unseen = []
    for at in range(len(files[name])):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            raw = bytearray(files[name])
            raw[at] ^= flip
            (export / name).write_bytes(raw)
            if verify_export(export).ok:
                unseen.append((at, flip))
    assert unseen == []


def test_each_flipped_byte_of_an_entry_is_named_by_its_position(tmp_path: Path, files: dict[str, bytes]) -> None:
    export = small(tmp_path / "export")
    name, at = entries_path(0, 5), 0
    for position, entry in enumerate(SMALL):
        for place in range(at, at + 2 + len(entry)):
            raw = bytearray(files[name])
            raw[place] ^= 0xFF
            (export / name).write_bytes(raw)
            found = verify_export(export)
            assert (found.ok, found.first_bad) == (False, position), place
        at += 2 + len(entry)


# --- random damage on random logs ------------------------------------------------------


class Damage:
    """Does random harm to an export of `entries`."""

    def __init__(self, folder: Path, entries: list[bytes], dice: random.Random) -> None:
        self.folder, self.entries, self.dice = folder, entries, dice

    def _file(self, *, bundles: bool = False) -> Path:
        names = [one for one in self.folder.rglob("*") if one.is_file() and (not bundles or "entries" in one.parts)]
        return self.dice.choice(sorted(names)) if names else self.folder / "checkpoint"

    def flip(self) -> None:
        file = self._file()
        raw = bytearray(file.read_bytes() if file.exists() else b"")
        if raw:
            raw[self.dice.randrange(len(raw))] ^= 1 << self.dice.randrange(8)
            file.write_bytes(raw)

    def cut(self) -> None:
        file = self._file()
        raw = file.read_bytes() if file.exists() else b""
        file.write_bytes(raw[: self.dice.randrange(len(raw) + 1)])

    def lengthen(self) -> None:
        with self._file().open("ab") as file:
            file.write(self.dice.randbytes(self.dice.randrange(1, 40)))

    def remove(self) -> None:
        self._file().unlink(missing_ok=True)

    def add(self) -> None:
        making.write(self.folder, {f"tile/entries/{self.dice.randrange(900, 1000)}": b"\0\1x"})

    def change(self) -> None:
        self._entries(lambda it, at: [*it[:at], b"changed", *it[at + 1 :]])

    def insert(self) -> None:
        self._entries(lambda it, at: [*it[:at], b"inserted", *it[at:]])

    def delete(self) -> None:
        self._entries(lambda it, at: [*it[:at], *it[at + 1 :]])

    def swap(self) -> None:
        self._entries(lambda it, at: [*it[:at], *reversed(it[at : at + 2]), *it[at + 2 :]])

    def _entries(self, how: Callable[[list[bytes], int], list[bytes]]) -> None:
        file = self._file(bundles=True)
        if "entries" in file.parts and file.exists():
            it = making.unbundle(file.read_bytes())
            file.write_bytes(making.bundle(how(it, self.dice.randrange(len(it) + 1))))

    def change_with_tile(self) -> None:
        n = self.dice.randrange(-(-len(self.entries) // TILE))
        forged = self._forged(n * TILE)
        names = [name for name in making.tiles(forged) if name.startswith((f"tile/entries/{n:03d}", f"tile/0/{n:03d}"))]
        making.write(self.folder, {name: making.tiles(forged)[name] for name in names})

    def rebuild(self) -> None:
        making.write(self.folder, making.tiles(self._forged(0)))

    def fork(self) -> None:
        forged = self._forged(0)
        making.write(self.folder, making.tiles(forged) | {"checkpoint": making.checkpoint(forged, LOG, WITNESS)})

    def _forged(self, least: int) -> list[bytes]:
        at = self.dice.randrange(least, min(least + TILE, len(self.entries)) if least else len(self.entries))
        return [*self.entries[:at], b"forged", *self.entries[at + 1 :]]


HARM = [name for name in vars(Damage) if not name.startswith("_")]
OF_ENTRIES = ["change", "insert", "delete", "swap"]


def first_that_differs(folder: Path, entries: list[bytes]) -> int | None:
    """By the bundles alone, read as far as they can be: the first position that is not what was written."""
    for n, right in making.parts(entries):
        file = folder / entries_path(n, len(right))
        raw = file.read_bytes() if file.is_file() else b""
        found = making.unbundle(raw)
        if found != right or len(raw) != len(making.bundle(right)):
            same = next((at for at, pair in enumerate(zip(found, right, strict=False)) if pair[0] != pair[1]), None)
            return n * TILE + (min(len(found), len(right)) if same is None else same)
    return None


def checked(folder: Path, entries: list[bytes], *kept: int) -> Verdict:
    return verify_export(folder, [making.checkpoint(entries[:size]) for size in kept])


SIZES = st.one_of(st.integers(1, 40), st.integers(250, 270), st.integers(500, 800))


@settings(deadline=None)
@given(
    size=SIZES,
    harm=st.lists(st.sampled_from(HARM), min_size=1, max_size=4),
    kept=st.lists(st.integers(0, 800), max_size=3),
    seed=st.integers(0, 2**32),
)
def test_any_damage_is_found_and_nothing_before_the_named_entry_differs(
    size: int, harm: list[str], kept: list[int], seed: int
) -> None:
    entries = making.entries(size, "x")
    older = [one for one in kept if one <= size] + ([size] if "fork" in harm else [])
    with _folder() as folder:
        _harmed(folder, entries, harm, seed)
        changed = making.files_in(folder) != _whole(entries)
        found = checked(folder, entries, *older)
        first = first_that_differs(folder, entries)
        note(f"{found}, really {first}")
        assert found.ok is not changed
        if first is not None:
            assert found.first_bad is not None
            assert found.first_bad <= first
            # With a checkpoint kept from right before it the entry is named exactly, if the key is still there.
            key = folder / "log.vkey"
            whole = key.is_file() and key.read_bytes() == f"{LOG.vkey}\n".encode()
            assert checked(folder, entries, *older, first).first_bad == (first if whole else 0)


def _harmed(folder: Path, entries: list[bytes], harm: list[str], seed: int) -> None:
    making.lay(folder, entries, LOG, WITNESS)
    damage = Damage(folder, entries, random.Random(seed))
    for one in harm:
        getattr(damage, one)()


def _whole(entries: list[bytes]) -> dict[str, bytes]:
    with _folder() as folder:
        return making.files_in(making.lay(folder, entries, LOG, WITNESS))


@settings(deadline=None)
@given(size=SIZES, harm=st.lists(st.sampled_from(OF_ENTRIES), min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_damage_to_entries_alone_is_named_exactly(size: int, harm: list[str], seed: int) -> None:
    entries = making.entries(size, "x")
    with _folder() as folder:
        _harmed(folder, entries, harm, seed)
        first = first_that_differs(folder, entries)
        found = verify_export(folder)
        assert (found.ok, found.first_bad) == (first is None, first)
