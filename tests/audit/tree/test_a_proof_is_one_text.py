"""tlog-proof files: one entry, verified with nothing but the file and the keys."""

import base64

import pytest

from audit.tree.checkpoints import Checkpoint
from audit.tree.errors import TreeError
from audit.tree.hashing import leaf_hashes
from audit.tree.notes import COSIGNATURE, NoteError, Signer, Verifier, sign
from audit.tree.proofs import inclusion, root
from audit.tree.tlog_proof import TlogProof
from tests.audit.tree.kept import Kept

ORIGIN = "casustafel/proef/2026"
LOG = Signer(ORIGIN, b"l" * 32)
WITNESS = Signer("getuige.example/proef", b"w" * 32, COSIGNATURE)
KEYS = (LOG.verifier, [WITNESS.verifier])
ENTRIES = [b'{"n":%d}' % at for at in range(300)]
KEPT = Kept(leaf_hashes(ENTRIES))


def _note(size: int, origin: str = ORIGIN, *signers: Signer) -> bytes:
    body = Checkpoint(origin, size, root(KEPT.nodes, size)).body()
    return sign(body, signers or [LOG, WITNESS], 1_800_000_000)


def _proof(index: int, size: int) -> TlogProof:
    return TlogProof(index, tuple(inclusion(KEPT.nodes, index, size)), _note(size))


def _code(raw: bytes, entry: bytes, log: Verifier = LOG.verifier) -> str | None:
    try:
        TlogProof.parse(raw).verify(entry, log, [WITNESS.verifier])
    except TreeError as error:
        return error.code
    return None


RAW = _proof(5, 7).raw


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (5, 7), (6, 7), (255, 256), (256, 257), (17, 300)])
def test_an_entry_is_proven_by_its_file_alone(index: int, size: int) -> None:
    made = _proof(index, size)
    again = TlogProof.parse(made.raw)
    assert again == made
    found = again.verify(ENTRIES[index], *KEYS)
    assert (found.origin, found.size, found.root) == (ORIGIN, size, root(KEPT.nodes, size))


def test_the_file_is_what_the_specification_says() -> None:
    lines = RAW.decode().split("\n")
    path = [base64.b64encode(one).decode() for one in inclusion(KEPT.nodes, 5, 7)]
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert lines[2 : 2 + len(path)] == path
    assert lines[2 + len(path)] == ""
    assert "\n".join(lines[3 + len(path) :]).encode() == _note(7)


def test_no_bit_of_a_proof_changes_unseen() -> None:
    for at in range(len(RAW)):
        for bit in range(8):
            changed = bytes([*RAW[:at], RAW[at] ^ 1 << bit, *RAW[at + 1 :]])
            assert _code(changed, ENTRIES[5]) is not None, (at, bit)


def test_no_byte_of_a_proof_goes_or_comes_unseen() -> None:
    for at in range(len(RAW)):
        assert _code(RAW[:at] + RAW[at + 1 :], ENTRIES[5]) is not None, at
        assert _code(RAW[:at], ENTRIES[5]) is not None, at
    for at in range(len(RAW) + 1):
        for more in (b"\n", b" ", b"A", b"\r", b"0"):
            assert _code(RAW[:at] + more + RAW[at:], ENTRIES[5]) is not None, (at, more)


def test_another_entry_is_not_proven() -> None:
    assert _code(RAW, ENTRIES[5]) is None
    for entry in (ENTRIES[4], ENTRIES[5] + b"\n", b""):
        assert _code(RAW, entry) == "root_differs"


def test_another_log_proves_nothing() -> None:
    other = Signer(ORIGIN, b"o" * 32)
    assert _code(RAW, ENTRIES[5], other.verifier) == "unsigned"
    posing = TlogProof(5, _proof(5, 7).path, _note(7, "casustafel/ander/2026", LOG, WITNESS))
    assert _code(posing.raw, ENTRIES[5]) == "foreign_log"


def test_a_missing_or_false_witness_proves_nothing() -> None:
    path = _proof(5, 7).path
    assert _code(TlogProof(5, path, _note(7, ORIGIN, LOG)).raw, ENTRIES[5]) == "unsigned"
    lent = WITNESS.line(Checkpoint(ORIGIN, 8, root(KEPT.nodes, 8)).body(), 1_800_000_000).encode()
    assert _code(TlogProof(5, path, _note(7, ORIGIN, LOG) + lent).raw, ENTRIES[5]) == "bad_signature"


def test_a_checkpoint_of_another_size_does_not_fit() -> None:
    path = _proof(5, 7).path
    for size in (1, 5, 6, 8, 9, 300):
        assert _code(TlogProof(5, path, _note(size)).raw, ENTRIES[5]) is not None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        RAW.replace(b"@v1", b"@v2"),
        RAW.replace(b"index 5", b"index 05"),
        RAW.replace(b"index 5", b"index -5"),
        RAW.replace(b"index 5", b"index  5"),
        RAW.replace(b"index 5", b"Index 5"),
        RAW.replace(b"index 5\n", b""),
        RAW.replace(b"index 5", b"extra AAAA\nindex 5"),
        RAW.replace(b"index 5\n", b"index 5\nAAAA\n"),
        RAW.replace(b"\n\n", b"\n", 1),
        RAW.replace(b"\n", b"\r\n"),
        b"\n" + RAW,
        RAW.replace(b"index 5\n", b"index 5\n\xff\n"),
    ],
    ids=range(13),
)
def test_every_other_writing_is_refused(raw: bytes) -> None:
    assert raw != RAW
    with pytest.raises(NoteError) as refused:
        TlogProof.parse(raw)
    assert refused.value.code == "malformed"
