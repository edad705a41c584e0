"""A proof holds for one leaf at one index of one tree: whatever is changed about it, it is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.errors import TreeError
from audit.tree.hashing import EMPTY_ROOT
from audit.tree.proofs import ProofError, consistency, inclusion, verify_consistency, verify_inclusion
from audit.tree.tiles import Held
from tests.audit.tree import reference
from tests.audit.tree.kept import Kept, hashes
from tests.audit.tree.reference import Reference, Unfit

SMALL = 20
LEAVES = hashes(600)
TOLD = Reference(LEAVES)
KEPT = Kept(LEAVES)


def _included(index: int, size: int, path: list[bytes], leaf: bytes | None = None, root: bytes | None = None) -> bool:
    try:
        verify_inclusion(leaf or LEAVES[index % size], index, size, path, root or TOLD.root(size))
    except ProofError:
        return False
    return True


def _consistent(old: int, new: int, path: list[bytes], first: bytes | None = None, last: bytes | None = None) -> bool:
    try:
        verify_consistency(old, new, first or TOLD.root(old), last or TOLD.root(new), path)
    except ProofError:
        return False
    return True


def _flips(hash_: bytes) -> list[bytes]:
    return [bytes([*hash_[:at], byte ^ 1 << at % 8, *hash_[at + 1 :]]) for at, byte in enumerate(hash_)]


def _other_lists(path: list[bytes]) -> list[list[bytes]]:
    """The proof with a byte of each hash flipped, cut short, and with hashes gone, doubled, exchanged or added."""
    flipped = [[*path[:at], bad, *path[at + 1 :]] for at, one in enumerate(path) for bad in _flips(one)]
    gone = [[*path[:at], *path[at + 1 :]] for at in range(len(path))]
    short = [[*path[:at], one[:-1], *path[at + 1 :]] for at, one in enumerate(path)]
    long = [[*path[:at], one + b"\0", *path[at + 1 :]] for at, one in enumerate(path)]
    doubled = [[*path[:at], path[at], *path[at:]] for at in range(len(path))]
    exchanged = [[*path[:at], path[at + 1], path[at], *path[at + 2 :]] for at in range(len(path) - 1)]
    added = [[*path, bytes(32)], [bytes(32), *path], [*path, EMPTY_ROOT]]
    return [*flipped, *gone, *short, *long, *doubled, *exchanged, *added]


@pytest.mark.parametrize("size", [*range(1, SMALL + 1), 300])
def test_a_leaf_is_not_proven_by_a_changed_proof(size: int) -> None:
    for index in range(0, size, 1 if size <= SMALL else 37):
        path = inclusion(KEPT.nodes, index, size)
        assert _included(index, size, path)
        assert not [one for one in _other_lists(path) if _included(index, size, one)]
        assert not [one for one in _flips(LEAVES[index]) if _included(index, size, path, leaf=one)]
        assert not [one for one in _flips(TOLD.root(size)) if _included(index, size, path, root=one)]


@pytest.mark.parametrize("size", range(1, 65))
def test_a_proof_holds_at_its_own_index_and_in_its_own_tree_only(size: int) -> None:
    for index in range(size):
        path = inclusion(KEPT.nodes, index, size)
        assert [one for one in range(-2, 130) if _included(one, size, path, leaf=LEAVES[index])] == [index]
        trees = [one for one in range(130) if _included(index, one, path, leaf=LEAVES[index], root=TOLD.root(one))]
        assert trees == [size]


@pytest.mark.parametrize("new", [*range(1, SMALL + 1), 300])
def test_two_trees_are_not_joined_by_a_changed_proof(new: int) -> None:
    for old in range(1, new, 1 if new <= SMALL else 37):
        path = consistency(KEPT.nodes, old, new)
        assert _consistent(old, new, path)
        assert not [one for one in _other_lists(path) if _consistent(old, new, one)]
        assert not [one for one in _flips(TOLD.root(old)) if _consistent(old, new, path, first=one)]
        assert not [one for one in _flips(TOLD.root(new)) if _consistent(old, new, path, last=one)]


@pytest.mark.parametrize("new", range(2, 65))
def test_a_proof_joins_its_own_two_trees_only(new: int) -> None:
    for old in range(1, new):
        path = consistency(KEPT.nodes, old, new)
        assert [one for one in range(130) if _consistent(one, new, path)] == [old]
        assert [one for one in range(130) if _consistent(old, one, path)] == [new]


@pytest.mark.parametrize(
    ("old", "new", "first", "last", "path", "code"),
    [
        (-1, 5, EMPTY_ROOT, b"r" * 32, [], "index_outside"),
        (6, 5, b"r" * 32, b"r" * 32, [], "index_outside"),
        (0, 5, b"r" * 32, b"r" * 32, [], "root_differs"),
        (0, 5, EMPTY_ROOT, b"r" * 32, [b"x" * 32], "proof_length"),
        (5, 5, b"a" * 32, b"r" * 32, [], "root_differs"),
        (5, 5, b"r" * 32, b"r" * 32, [b"x" * 32], "proof_length"),
        (3, 5, b"r" * 32, b"r" * 32, [], "proof_length"),
        (4, 5, b"r" * 32, b"r" * 32, [], "proof_length"),
    ],
    ids=[
        "below",
        "backwards",
        "from_nothing",
        "nothing_proven",
        "same_size",
        "same_proven",
        "no_proof",
        "no_proof_of_4",
    ],
)
def test_a_refused_consistency_has_a_code(
    old: int, new: int, first: bytes, last: bytes, path: list[bytes], code: str
) -> None:
    with pytest.raises(TreeError) as refused:
        verify_consistency(old, new, first, last, path)
    assert refused.value.code == code


def test_what_is_beyond_the_tree_has_no_proof() -> None:
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ProofError, match="index_outside"):
            inclusion(KEPT.nodes, index, size)
    for old, new in ((6, 5), (-1, 5)):
        with pytest.raises(ProofError, match="index_outside"):
            consistency(KEPT.nodes, old, new)


def test_a_tile_that_is_gone_or_too_short_gives_no_proof() -> None:
    kept = Kept(LEAVES[:300])
    with pytest.raises(ProofError, match="tile_missing"):
        inclusion(kept.nodes, 3, 400)
    whole = kept.tiles.pop((0, 0))
    with pytest.raises(ProofError, match="tile_missing"):
        inclusion(kept.nodes, 3, 300)
    kept.tiles[0, 0] = Held(whole.hashes[: 4 * 32], whole.crown)
    with pytest.raises(ProofError, match="tile_missing"):
        inclusion(kept.nodes, 3, 300)
    kept.tiles[0, 0] = Held(whole.hashes[: 255 * 32])
    with pytest.raises(ProofError, match="tile_missing"):
        inclusion(kept.nodes, 3, 300)


# --- the two ways of verifying agree on any proof ---------------------------------------

digests = st.binary(min_size=32, max_size=32)
paths = st.lists(digests, max_size=12)
sizes = st.integers(1, 2000)


@settings(max_examples=300, deadline=None)
@given(st.data(), sizes, digests, paths)
def test_a_leaf_is_proven_exactly_when_the_recursive_definition_says_so(
    data: st.DataObject, size: int, leaf: bytes, path: list[bytes]
) -> None:
    index = data.draw(st.integers(0, size - 1))
    if data.draw(st.booleans()):
        path = [data.draw(digests) for _ in range(_depth(index, size))]
    try:
        root = reference.root_by(index, size, leaf, path)
    except Unfit:
        with pytest.raises(ProofError, match="proof_length"):
            verify_inclusion(leaf, index, size, path, EMPTY_ROOT)
    else:
        verify_inclusion(leaf, index, size, path, root)
        with pytest.raises(ProofError, match="root_differs"):
            verify_inclusion(leaf, index, size, path, EMPTY_ROOT)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(2, 2000), digests, paths)
def test_two_trees_are_consistent_exactly_when_the_recursive_definition_says_so(
    data: st.DataObject, new: int, given_root: bytes, path: list[bytes]
) -> None:
    old = data.draw(st.integers(1, new - 1))
    try:
        first, last = reference.roots_by(old, new, given_root, path)
    except Unfit:
        with pytest.raises(ProofError, match="proof_length"):
            verify_consistency(old, new, given_root, EMPTY_ROOT, path)
    else:
        verify_consistency(old, new, first, last, path)
        with pytest.raises(ProofError, match="root_differs"):
            verify_consistency(old, new, first, EMPTY_ROOT, path)


def _depth(index: int, size: int) -> int:
    """How many hashes prove a leaf, by the recursive definition."""
    if size == 1:
        return 0
    k = reference.split(size)
    return 1 + (_depth(index, k) if index < k else _depth(index - k, size - k))
