"""A tree grows by its right edge: whatever the steps, the same tiles, and only those that changed are told."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.growing import FULL, Edge, crown
from audit.tree.hashing import HASH
from audit.tree.proofs import consistency, inclusion
from audit.tree.tiles import TILE, Held, Tile, widths
from tests.audit.tree.kept import Kept, hashes
from tests.audit.tree.reference import Reference

MOST = 1100
LEAVES = hashes(66_000)
TOLD = Reference(LEAVES)


def _tiles_of(size: int) -> dict[Tile, bytes]:
    """Every tile of a tree as tlog-tiles defines it: MTH(D[(n·256+i)·256^l : (n·256+i+1)·256^l])."""
    tiles = {}
    level = 0
    while size >> 8 * level:
        count, span = size >> 8 * level, 1 << 8 * level
        for n in range(-(-count // TILE)):
            told = range(n * TILE, min((n + 1) * TILE, count))
            tiles[level, n] = b"".join(TOLD.mth(i * span, (i + 1) * span) for i in told)
        level += 1
    return tiles


def _plain(tiles: dict[Tile, Held]) -> dict[Tile, bytes]:
    return {tile: held.hashes for tile, held in tiles.items()}


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537])
def test_the_tiles_are_those_of_the_definition(size: int) -> None:
    kept = Kept(LEAVES[:size])
    assert _plain(kept.tiles) == _tiles_of(size)
    assert kept.edge.size == size


@pytest.mark.parametrize("size", [1, 63, 64, 65, 128, 255, 256, 300, 511, 65536 + 300])
def test_a_tile_brings_the_roots_of_its_complete_quarters(size: int) -> None:
    for (level, n), held in Kept(LEAVES[:size]).tiles.items():
        span, first = 64 << 8 * level, n * TILE << 8 * level
        complete = len(held.hashes) // HASH // 64
        quarters = [TOLD.mth(first + at * span, first + (at + 1) * span) for at in range(complete)]
        assert held.crown == crown(held.hashes) == b"".join(quarters)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, MOST), max_size=12))
def test_in_whatever_steps_it_grows_the_tree_is_the_same(cuts: list[int]) -> None:
    stepped = Kept()
    for low, high in pairwise(sorted({0, *cuts})):
        stepped.grow(LEAVES[low:high])
        assert stepped.edge.root() == TOLD.root(high)
    size = max([0, *cuts])
    assert _plain(stepped.tiles) == _tiles_of(size)
    assert stepped.edge.rows == Kept(LEAVES[:size]).edge.rows


def test_a_tree_that_grows_past_a_tile_of_the_second_level_in_steps_is_the_same() -> None:
    stepped = Kept()
    for at in range(0, 66_000, 4096):
        stepped.grow(LEAVES[at : min(at + 4096, 66_000)])
    assert _plain(stepped.tiles) == _tiles_of(66_000)
    assert stepped.edge.root() == TOLD.root(66_000)


def test_one_leaf_that_fills_a_tile_of_each_level_changes_one_tile_of_each() -> None:
    size = (5 << 24) + (255 << 16) + (255 << 8) + 255
    edge = Edge.of(size, [bytes(255 * HASH)] * 3 + [bytes(5 * HASH)])
    changed = edge.append([LEAVES[0]])
    assert {tile: len(held.hashes) // HASH for tile, held in changed.items()} == {
        (0, size >> 8): 256,
        (1, size >> 16): 256,
        (2, size >> 24): 256,
        (3, 0): 6,
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(0, MOST), st.integers(0, 600))
def test_exactly_the_tiles_that_changed_are_told(before: int, more: int) -> None:
    kept = Kept(LEAVES[:before])
    old = dict(kept.tiles)
    changed = kept.edge.append(LEAVES[before : before + more])
    assert changed == {
        tile: told for tile, told in Kept(LEAVES[: before + more]).tiles.items() if old.get(tile) != told
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(0, MOST), st.integers(0, 600))
def test_a_tree_goes_on_from_its_partial_tiles_alone(before: int, more: int) -> None:
    kept = Kept(LEAVES[:before])
    rows = [kept.tiles[level, n // TILE].hashes if n % TILE else b"" for level, n in enumerate(widths(before))]
    again = Edge.of(before, rows)
    again.append(LEAVES[before : before + more])
    assert again.size == before + more
    assert again.root() == TOLD.root(before + more)


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        (1, []),
        (1, [b""]),
        (1, [bytes(31)]),
        (1, [bytes(64)]),
        (1, [bytes(32), bytes(32)]),
        (256, [b""]),
        (256, [b"", b""]),
        (256, [bytes(FULL)]),
        (257, [bytes(32)]),
        (0, [bytes(32)]),
    ],
    ids=lambda one: str(one) if isinstance(one, int) else "_".join(str(len(row)) for row in one) or "none",
)
def test_an_edge_that_does_not_fit_its_size_is_refused(size: int, rows: list[bytes]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Edge.of(size, rows)


def test_a_hash_of_another_length_is_refused_and_nothing_grows() -> None:
    kept = Kept(LEAVES[:10])
    rows = list(kept.edge.rows)
    for bad in ([b""], [LEAVES[0][:-1], LEAVES[1] + b"\0"]):
        with pytest.raises(ValueError, match="32 bytes"):
            kept.edge.append(bad)
    assert (kept.edge.size, kept.edge.rows) == (10, rows)


# --- what a proof costs ---------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 1_000_000))
def test_a_proof_fetches_once_and_at_most_five_tiles(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    tiles = _Endless()
    inclusion(tiles.nodes, index, size)
    consistency(tiles.nodes, index, size)
    assert len(tiles.fetches) <= 2
    assert all(len(one) == len(set(one)) <= 5 for one in tiles.fetches)


@pytest.mark.parametrize("width", [64, 100, 128, 192, 255, 256])
def test_what_a_crown_tells_is_not_hashed_again(width: int) -> None:
    """Behind a right crown the hashes are blank: only what comes from the crown is right."""
    told = Kept(LEAVES[:width]).tiles[0, 0]
    kept = Kept()
    kept.tiles[0, 0] = Held(bytes(width * HASH), told.crown)
    quarters, halves = width // 64, width // 128
    assert kept.nodes.nodes([(6, at) for at in range(quarters)]) == [
        TOLD.mth(at * 64, (at + 1) * 64) for at in range(quarters)
    ]
    assert kept.nodes.nodes([(7, at) for at in range(halves)]) == [
        TOLD.mth(at * 128, (at + 1) * 128) for at in range(halves)
    ]
    assert kept.nodes.nodes([(5, 0)]) != [TOLD.mth(0, 32)]


class _Endless(Kept):
    """Every tile there could be, full: what is asked matters, not what is told."""

    def fetch(self, wanted: Sequence[Tile]) -> dict[Tile, Held]:
        self.fetches.append(list(wanted))
        return dict.fromkeys(wanted, Held(bytes(FULL), bytes(4 * HASH)))


def test_the_tree_takes_at_most_33_bytes_a_leaf() -> None:
    kept = Kept(LEAVES[: 256 * 256])
    assert sum(len(held.hashes) + len(held.crown) for held in kept.tiles.values()) / (256 * 256) < 33
