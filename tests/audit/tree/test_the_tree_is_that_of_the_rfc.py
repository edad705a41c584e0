"""Roots and proofs from tiles are those of RFC 9162's recursive definitions, and each of them verifies."""

from random import Random

import pytest

from audit.tree.hashing import EMPTY_ROOT, leaf_hash, leaf_hashes, node_hash
from audit.tree.proofs import consistency, inclusion, root, verify_consistency, verify_inclusion
from tests.audit.tree import reference
from tests.audit.tree.kept import Kept, hashes
from tests.audit.tree.reference import Reference

SMALL = 64
BORDERS = [255, 256, 257, 258, 511, 512, 513, 1023, 1024, 1025, 65535, 65536, 65537, 65600, 66000]
MOST = max(BORDERS)

LEAVES = hashes(MOST)
TOLD = Reference(LEAVES)


@pytest.fixture(scope="module")
def grown() -> Kept:
    """One tree beyond every size here: a store proves older sizes from tiles that have grown since."""
    return Kept(LEAVES)


@pytest.fixture(scope="module", params=[True, False], ids=["with_crowns", "plain_tiles"])
def kept(request: pytest.FixtureRequest) -> Kept:
    return Kept(LEAVES, crowned=request.param)


def test_the_hashes_of_leaves_and_nodes_are_told_apart_by_their_first_byte() -> None:
    assert leaf_hash(b"entry") == reference.leaf(b"entry")
    assert leaf_hashes([b"", b"entry", b"x" * 70_000]) == [
        reference.leaf(one) for one in (b"", b"entry", b"x" * 70_000)
    ]
    assert node_hash(b"l" * 32, b"r" * 32) == reference.node(b"l" * 32, b"r" * 32) != leaf_hash(b"l" * 32 + b"r" * 32)


def test_the_tree_without_leaves_has_the_hash_of_nothing() -> None:
    kept = Kept()
    assert root(kept.nodes, 0) == kept.edge.root() == EMPTY_ROOT == TOLD.root(0)
    assert kept.fetches == []


@pytest.mark.parametrize("size", range(1, SMALL + 1))
def test_each_small_tree_has_its_root_and_its_proofs(size: int) -> None:
    kept = Kept(LEAVES[:size])
    told = TOLD.root(size)
    assert kept.edge.root() == root(kept.nodes, size) == told
    for index in range(size):
        path = inclusion(kept.nodes, index, size)
        assert path == TOLD.path(index, 0, size)
        verify_inclusion(LEAVES[index], index, size, path, told)
    for old in range(1, size):
        path = consistency(kept.nodes, old, size)
        assert path == TOLD.proof(old, size)
        verify_consistency(old, size, TOLD.root(old), told, path)


def test_a_grown_tree_proves_each_of_its_small_sizes(kept: Kept) -> None:
    for size in range(1, SMALL + 1):
        assert root(kept.nodes, size) == TOLD.root(size)
        for index in range(size):
            assert inclusion(kept.nodes, index, size) == TOLD.path(index, 0, size)
            assert consistency(kept.nodes, index, size) == (TOLD.proof(index, size) if index else [])


@pytest.mark.parametrize("size", BORDERS)
def test_trees_at_the_borders_of_tiles_have_their_roots(size: int, kept: Kept) -> None:
    assert root(kept.nodes, size) == TOLD.root(size)


@pytest.mark.parametrize("size", BORDERS)
def test_trees_at_the_borders_of_tiles_have_their_proofs(size: int, kept: Kept) -> None:
    told = TOLD.root(size)
    for index in _sample(size):
        path = inclusion(kept.nodes, index, size)
        assert path == TOLD.path(index, 0, size)
        verify_inclusion(LEAVES[index], index, size, path, told)
        old = index + 1
        if old < size:
            between = consistency(kept.nodes, old, size)
            assert between == TOLD.proof(old, size)
            verify_consistency(old, size, TOLD.root(old), told, between)


def _sample(size: int) -> list[int]:
    """Every index of a small tree; else those at its ends, at borders of tiles and quarters, and some more."""
    if size < 600:
        return list(range(size))
    known = {0, 1, 62, 63, 64, 65, 254, 255, 256, 257, 511, 512, 65279, 65280, 65534, 65535, 65536, 65537, size - 1}
    return sorted(one for one in known | set(Random(size).sample(range(size), 25)) if one < size)


@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513])
def test_every_pair_of_sizes_around_a_border_is_consistent(size: int, grown: Kept) -> None:
    for old in range(1, size):
        verify_consistency(old, size, TOLD.root(old), TOLD.root(size), consistency(grown.nodes, old, size))


def test_nothing_has_to_be_proven_for_an_empty_tree_or_the_same_one(grown: Kept) -> None:
    grown.fetches.clear()
    assert consistency(grown.nodes, 0, 300) == consistency(grown.nodes, 300, 300) == []
    assert grown.fetches == []
    verify_consistency(0, 300, EMPTY_ROOT, TOLD.root(300), [])
    verify_consistency(300, 300, TOLD.root(300), TOLD.root(300), [])
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])


# --- vectors that others published ----------------------------------------------------

# Leaves, roots and proofs of the Certificate Transparency project's own tests of its Merkle tree.
CT_LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def _ct(size: int) -> Kept:
    return Kept([leaf_hash(one) for one in CT_LEAVES[:size]])


@pytest.mark.parametrize("size", range(len(CT_ROOTS)))
def test_the_published_roots_come_out(size: int) -> None:
    kept = _ct(size)
    assert kept.edge.root().hex() == root(kept.nodes, size).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("index", "size"), list(CT_INCLUSION))
def test_the_published_inclusion_proofs_come_out(index: int, size: int) -> None:
    assert [one.hex() for one in inclusion(_ct(8).nodes, index, size)] == CT_INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), list(CT_CONSISTENCY))
def test_the_published_consistency_proofs_come_out(old: int, new: int) -> None:
    assert [one.hex() for one in consistency(_ct(8).nodes, old, new)] == CT_CONSISTENCY[old, new]
