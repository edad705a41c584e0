"""Exports, proofs and older copies: what leaves the store proves itself, and proves the store wrong if it lies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import Note, Verifier
from audit.tree.proofs import verify_consistency
from audit.tree.strict import decoded
from audit.tree.tlog_proof import TlogProof
from audit.verifying import verify_export
from tests.audit.proving.copies import older
from tests.audit.proving.living import asked, consoled, lives
from tests.audit.verifying.making import files_in, root_of, unbundle
from tests.audit.witness.running import running
from tests.server import ROOT, Store

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with 600 entries, signed at 300 and at 600, that no test changes."""
    with Store.make(tmp_path_factory.mktemp("store")) as store:
        lives(store, "grow", "300", "300")
        yield store


@pytest.fixture(scope="module")
def export(grown: Store) -> Path:
    folder = grown.folder / "export"
    status, told = asked(grown, "export", str(folder))
    assert (status, told["ok"], told["size"], told["cosigned"]) == (0, True, 600, 0)
    return folder


def entries(export: Path) -> list[bytes]:
    files = files_in(export)
    return [one for name in sorted(files) if "entries" in name for one in unbundle(files[name])]


def root(export: Path) -> Checkpoint:
    return Checkpoint.parse(Note.parse((export / "checkpoint").read_bytes()).text)


def key(export: Path) -> Verifier:
    return Verifier.parse((export / "log.vkey").read_text().removesuffix("\n"))


def test_an_export_holds_each_entry_in_its_canonical_form(export: Path) -> None:
    assert verify_export(export, forms=True).ok
    told = [json.loads(one) for one in entries(export)]
    assert len(told) == 600
    assert {"t", "act", "out", "actor", "party", "recipients", "case", "subject", "obj", "reason"} <= told[0].keys()


def test_an_export_holds_nothing_but_its_files(export: Path) -> None:
    assert sorted(files_in(export)) == [
        "checkpoint",
        "log.vkey",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/88",
    ]
    assert export.stat().st_mode & 0o077 == 0, "only its owner may look into it"
    assert [one.name for one in export.parent.iterdir() if one.name.startswith(".export")] == []


def test_an_export_is_checked_where_there_is_no_store_and_no_setting(export: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "conference", "audit", "verify", "--export", str(export), "--json"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=tmp_path / "bare",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"ok": True, "size": 600, "first_bad": None, "reason": None}
    assert list((tmp_path / "bare").iterdir()) == []


def test_checking_an_export_loads_no_framework(export: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from audit.verifying import verify_export;"
        f"assert verify_export(Path({str(export)!r})).ok;"
        "assert not {'django', 'conference'} & set(sys.modules), 'more than the check was loaded'"
    )
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, check=True)


def test_a_damaged_export_is_told_with_status_1(grown: Store, export: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(export, tmp_path / "copy")
    file = copy / "tile/entries/001"
    raw = bytearray(file.read_bytes())
    raw[5] ^= 1
    file.write_bytes(raw)
    status, told = asked(grown, "verify", "--export", str(copy))
    assert status == 1
    assert told == {"ok": False, "size": 600, "first_bad": 256, "reason": "entry_differs"}
    said = grown.run("audit", "verify", "--export", str(copy))
    assert said.returncode == 1
    assert "does NOT hold" in said.stdout
    assert "position 256" in said.stdout


def test_the_store_holds_and_continues_its_export(grown: Store, export: Path) -> None:
    good = {"ok": True, "size": 600, "first_bad": None, "reason": None}
    assert asked(grown, "verify") == (0, good)
    assert asked(grown, "verify", "--deep", "--checkpoint", str(export / "checkpoint")) == (0, good)


INDEXES = [0, 1, 255, 256, 599]
SIZES = [(0, 600), (1, 600), (300, 600), (256, 511), (600, 600)]


def test_an_entry_is_proven_to_whoever_holds_the_key(grown: Store, export: Path) -> None:
    answers = consoled(grown, *(["prove", str(index)] for index in INDEXES))
    for index, (status, said) in zip(INDEXES, answers, strict=True):
        proof = TlogProof.parse(said.encode())
        assert (status, proof.index) == (0, index)
        assert proof.verify(entries(export)[index], key(export)) == root(export)


def test_growth_is_proven_between_two_sizes(grown: Store, export: Path) -> None:
    answers = consoled(grown, *(["consistency", str(old), str(new)] for old, new in SIZES))
    known = entries(export)
    for (old, new), (status, said) in zip(SIZES, answers, strict=True):
        assert status == 0
        hashes = [decoded(line) for line in said.splitlines()]
        verify_consistency(old, new, root_of(known[:old]), root_of(known[:new]), hashes)


def test_these_commands_add_no_entry(grown: Store, export: Path, tmp_path: Path) -> None:
    commands = [["prove", "3"], ["consistency", "3", "9"], ["export", str(tmp_path / "new")], ["verify", "--json"]]
    answers = consoled(grown, *commands)
    assert [status for status, _said in answers] == [0, 0, 0, 0]
    assert json.loads(answers[-1][1])["size"] == root(export).size


def test_a_store_that_was_rolled_back_or_forked_is_found_with_a_later_checkpoint(tmp_path: Path) -> None:
    with Store.make(tmp_path / "store") as store:
        first, later = tmp_path / "first", tmp_path / "later"
        first.write_text(lives(store, "grow", "300")["checkpoint"])
        with older(store, tmp_path / "older") as copy:
            later.write_text(lives(store, "grow", "40")["checkpoint"])
            verify = ["verify", "--json"]
            kept = ["--checkpoint", str(later)]
            both = [*kept, "--checkpoint", str(first)]
            alone, back = consoled(copy, verify, [*verify, *kept])
            assert alone[0] == 0, "by itself an older copy is good"
            told = {"ok": False, "size": 300, "first_bad": 300, "reason": "rolled_back"}
            assert (back[0], json.loads(back[1])) == (1, told)
            lives(copy, "grow", "50")
            forked = str(tmp_path / "forked")
            export = [*verify, "--export", forked]
            answers = consoled(copy, [*verify, *kept], [*verify, *both], ["export", forked], [*export, *kept], export)
            told = {"ok": False, "size": 350, "first_bad": 0, "reason": "fork"}
            assert [json.loads(said) for _status, said in (answers[0], answers[3])] == [told, told]
            assert json.loads(answers[1][1]) == told | {"first_bad": 300}
            assert [status for status, _said in answers] == [1, 1, 0, 1, 0]


def test_a_damaged_store_is_exported_as_it_is(tmp_path: Path) -> None:
    with Store.make(tmp_path / "store") as store:
        lives(store, "grow", "300")
        lives(store, "damage", "290")
        assert asked(store, "verify")[1]["first_bad"] == 290
        assert asked(store, "export", str(tmp_path / "export"))[0] == 0
    assert verify_export(tmp_path / "export").first_bad == 290


MISUSE = [
    (["prove", "600"], "no_such_entry"),
    (["prove", "-1"], "misuse"),
    (["prove", "one"], "misuse"),
    (["prove", "9" * 40], "misuse"),
    (["consistency", "5", "601"], "no_such_size"),
    (["consistency", "6", "5"], "no_such_size"),
    (["consistency", "6"], "misuse"),
    (["verify", "--checkpoint", "nowhere"], "unreadable_file"),
    (["verify", "--export", "nowhere"], "no_export"),
    (["verify", "--export", ".", "--year", "2026"], "misuse"),
    (["verify", "--year", "1999"], "no_such_log"),
    (["export", "keys"], "folder_not_empty"),
    (["export", "new", "--year", "1999"], "no_such_log"),
    (["export", "data/casustafel.env/new"], "unwritable_folder"),
    (["remove", "1999"], "no_such_log"),
    (["forget"], "misuse"),
]


@pytest.fixture(scope="module")
def refusals(grown: Store) -> list[tuple[int, str]]:
    (grown.data / "casustafel.env").touch()
    return consoled(grown, *([*args, "--json"] for args, _code in MISUSE))


@pytest.mark.parametrize("number", range(len(MISUSE)), ids=["-".join(args)[:30] for args, _code in MISUSE])
def test_misuse_is_told_as_json(grown: Store, refusals: list[tuple[int, str]], number: int) -> None:
    status, said = refusals[number]
    told = json.loads(said.splitlines()[0])
    assert (status, told["error"]) == (2, MISUSE[number][1])
    assert told["message"]
    assert not (grown.folder / "new").exists()


def test_an_export_and_a_proof_carry_the_witness_s_signature(tmp_path: Path) -> None:
    with Store.make(tmp_path / "store") as store:
        lives(store, "grow", "300")
        assert asked(store, "export", str(tmp_path / "first"))[0] == 0
        vkey = (tmp_path / "first" / "log.vkey").read_text().strip()
        with running(tmp_path / "witness", logs=[vkey]) as witness:
            store.settings |= {"witness_url": witness.url, "witness_vkey": witness.vkey}
            lives(store, "grow", "40")
            export = tmp_path / "export"
            status, told = asked(store, "export", str(export))
            assert (status, told["size"], told["cosigned"]) == (0, 340, 1)
        # From here on the witness is gone: what it cosigned stays.
        assert (export / "witness.vkey").read_text() == f"{witness.vkey}\n"
        assert verify_export(export).ok
        lives(store, "grow", "5")
        prove, newer, verify = consoled(store, ["prove", "7"], ["prove", "342"], ["verify", "--json"])
        proof = TlogProof.parse(prove[1].encode())
        assert proof.verify(entries(export)[7], key(export), [witness.verifier]).size == 340
        assert TlogProof.parse(newer[1].encode()).index == 342, "what nobody cosigned yet is proven by the log alone"
        assert (verify[0], json.loads(verify[1])["size"]) == (0, 345)
    for name in ("witness.vkey", "checkpoint"):
        raw = (export / name).read_bytes()
        for at in range(len(raw)):
            (export / name).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
            assert not verify_export(export).ok, (name, at)
        (export / name).write_bytes(raw)
