"""Small logs made by hand: an export folder from a list of entries, signed with an invented key."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path

from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import COSIGNATURE, Signer, sign
from audit.tree.tiles import TILE, entries_path, path

NOW = 1_790_000_000  # s since 1970
ORIGIN = "casustafel/proef/2026"
LOG = Signer(ORIGIN, b"l" * 32)
OTHER = Signer(ORIGIN, b"o" * 32)
WITNESS = Signer("getuige.example/proef", b"w" * 32, COSIGNATURE)


def entries(size: int, salt: str = "") -> list[bytes]:
    """Invented entries, each another; no leaves, for what a check reads is bytes."""
    return [f'{{"n":{n},"salt":"{salt}"}}'.encode() for n in range(size)]


def bundle(of: Sequence[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in of)


def unbundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle as far as they are whole."""
    found, at = [], 0
    while at + 2 <= len(raw) and (end := at + 2 + int.from_bytes(raw[at : at + 2], "big")) <= len(raw):
        found.append(raw[at + 2 : end])
        at = end
    return found


def rows(of: Sequence[bytes]) -> list[list[bytes]]:
    """The hashes of each level of tiles, lowest first."""
    row = [sha256(b"\0" + entry).digest() for entry in of]
    found = [row]
    while len(row) >= TILE:
        row = [root(row[at : at + TILE]) for at in range(0, len(row) - TILE + 1, TILE)]
        found.append(row)
    return found


def root(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, by its own recursive definition."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root(hashes[:half]) + root(hashes[half:])).digest()


def root_of(of: Sequence[bytes]) -> bytes:
    return root([sha256(b"\0" + entry).digest() for entry in of])


def checkpoint(of: Sequence[bytes], *signers: Signer, origin: str = ORIGIN) -> bytes:
    text = Checkpoint(origin, len(of), root_of(of)).body()
    return signed(text, *signers or [LOG])


def signed(text: str, *signers: Signer) -> bytes:
    return sign(text, signers, now=NOW)


def lay(folder: Path, of: Sequence[bytes], *signers: Signer) -> Path:
    """Write the export of these entries; with a witness among the signers also its key."""
    signers = signers or (LOG,)
    files = tiles(of) | {"checkpoint": checkpoint(of, *signers), "log.vkey": f"{signers[0].vkey}\n".encode()}
    if len(signers) > 1:
        files["witness.vkey"] = "".join(f"{one.vkey}\n" for one in signers[1:]).encode()
    write(folder, files)
    return folder


def tiles(of: Sequence[bytes]) -> dict[str, bytes]:
    """The bundles and tiles of these entries by their names."""
    files = {entries_path(n, len(part)): bundle(part) for n, part in parts(of)}
    for level, row in zip(count(), rows(of), strict=False):
        files |= {path(level, n, len(part)): b"".join(part) for n, part in parts(row)}
    return files


def parts(of: Sequence[bytes]) -> list[tuple[int, Sequence[bytes]]]:
    return [(n, of[n * TILE : (n + 1) * TILE]) for n in range(-(-len(of) // TILE))]


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
