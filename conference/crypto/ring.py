"""The keys folder: root keys by version, and a cohort key per retention month.

    root-1.key            the root key, as its printable text
    cohort-2031-11.key    a random key, sealed under the root; outside every backup
    cohort-2031-11.destroyed   what remains of a cohort that was destroyed

A data key is wrapped under root and cohort key together, so that destroying the cohort's
file destroys every case of that month, also those in last night's backup of the database.
"""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from conference.crypto import files, recovery
from conference.crypto.framing import framed
from conference.crypto.trouble import KeyTrouble

KEY_BYTES = 32
_LABELS = "zvh/v1/"
_ROOT_FILE = re.compile(r"root-([1-9][0-9]{0,4})\.key")
_COHORT = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_WRAP_FORMAT = 1
_WRAP_HEAD = 13  # format 1, root version 4, cohort key's id 8


def _keys_exist() -> KeyTrouble:
    return KeyTrouble("keys_exist", "This folder holds keys already; they are never replaced.")


def _encrypt(key: bytes, context: bytes, plaintext: bytes) -> bytes:
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plaintext) + encryptor.finalize()


def _decrypt(key: bytes, context: bytes, ciphertext: bytes) -> bytes:
    decryptor = Cobblestone256Decryptor(key, context)
    # finalize() must pass before the plaintext may be used
    return decryptor.update(ciphertext) + decryptor.finalize()


def _root_versions(folder: Path) -> list[int]:
    matches = (_ROOT_FILE.fullmatch(path.name) for path in folder.glob("root-*.key"))
    return sorted(int(match[1]) for match in matches if match)


def _read_root(folder: Path, version: int) -> bytes:
    named, key = recovery.parse(files.read(folder / f"root-{version}.key").decode("ascii", "replace"))
    if named != version:
        raise KeyTrouble("key_wrong", f"root-{version}.key holds another version's key.")
    return key


class KeyRing:
    """The keys of one store; make one with `create`, `load` or `recover`."""

    def __init__(self, folder: Path, roots: Mapping[int, bytes]) -> None:
        self._folder = folder
        self._roots = dict(roots)
        self.active = max(self._roots)

    def __repr__(self) -> str:
        return f"<KeyRing with root versions {self.root_versions}>"

    @classmethod
    def create(cls, folder: Path) -> tuple[Self, str]:
        """Make a fresh root key in `folder`; return the ring and the printable recovery key.

        Raises KeyTrouble("keys_exist") when the folder has any key, or had one.
        """
        if folder.is_dir() and any(p.suffix in {".key", ".destroyed"} for p in folder.iterdir()):
            raise _keys_exist()
        ring = cls(folder, {1: secrets.token_bytes(KEY_BYTES)})
        return ring, ring._write_root()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every root key of `folder`; never makes one.

        Raises KeyTrouble: `key_missing`, `key_unreadable`, `key_exposed`, `key_wrong`.
        """
        versions = _root_versions(folder)
        if not versions:
            raise KeyTrouble("key_missing", "The keys folder holds no root key.")
        return cls(folder, {version: _read_root(folder, version) for version in versions})

    @classmethod
    def recover(cls, folder: Path, recovery_key: str) -> Self:
        """Put back a lost root key from its printed text; cohort keys must still be there.

        Raises KeyTrouble: `key_unreadable` (mistyped), `keys_exist` (a root key is there),
        `key_wrong` (the cohort keys in the folder belong to another root).
        """
        version, key = recovery.parse(recovery_key)
        if folder.is_dir() and _root_versions(folder):
            raise _keys_exist()
        ring = cls(folder, {version: key})
        for cohort in ring.cohorts:
            ring._cohort_key(cohort)
        ring._write_root()
        return ring

    @property
    def root_versions(self) -> tuple[int, ...]:
        """The root keys' versions, oldest first; the last one is active."""
        return tuple(sorted(self._roots))

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The months whose cohort key exists, oldest first."""
        names = (path.stem.removeprefix("cohort-") for path in self._folder.glob("cohort-*.key"))
        return tuple(sorted(name for name in names if _COHORT.fullmatch(name)))

    def holds(self, cohort: str) -> bool:
        """Say whether a cohort's key is in the folder at this moment: what holds on to it in memory asks this."""
        return self._cohort_path(cohort).exists()

    def fingerprint(self) -> str:
        """Return a public check of the active root key: version and 128 bits, "1:9f..."."""
        return f"{self.active}:{self.derive('zvh/v1/fingerprint', length=16).hex()}"

    def verify(self, fingerprint: str) -> None:
        """Refuse to be the ring of a store that was made under other keys.

        Raises KeyTrouble("key_wrong").
        """
        if not secrets.compare_digest(self.fingerprint().encode(), fingerprint.encode()):
            raise KeyTrouble("key_wrong", "The root key is not the one that this store was made with.")

    def derive(self, label: str, *context: str, length: int = KEY_BYTES) -> bytes:
        """Return `length` bytes (1..8160) for a purpose: HKDF-Expand with SHA-256, RFC 5869 §2.3.

        `label` starts with "zvh/v1/"; label and context are length-prefixed.
        """
        return self._derive(self.active, label, *context, length=length)

    def wrap(self, key: bytes, *, scope: UUID, version: int, cohort: str) -> bytes:
        """Return a data key wrapped for its scope, version and cohort (Cobblestone-256, committing).

        Makes the cohort's key when it is first needed. Raises KeyTrouble("key_destroyed").
        """
        secret = self._cohort_key(cohort, may_make=True)
        head = self._wrap_head(self.active, secret)
        wrapping = self._wrapping_key(self.active, cohort, secret)
        return head + _encrypt(wrapping, _place(head, scope, version, cohort), key)

    def unwrap(self, blob: bytes, *, scope: UUID, version: int, cohort: str) -> bytes:
        """Return the data key of a wrap.

        Raises KeyTrouble: `key_destroyed`, `key_missing`, `key_wrong` (the cohort's key or the
        root is another one), `seal_broken` (changed, or of another place).
        """
        if len(blob) < _WRAP_HEAD or blob[0] != _WRAP_FORMAT:
            raise KeyTrouble("seal_broken", "A wrapped key has an unknown format.")
        head, root = blob[:_WRAP_HEAD], int.from_bytes(blob[1:5], "big")
        if root not in self._roots:
            raise KeyTrouble("key_missing", f"The root key of version {root} is not there.")
        secret = self._cohort_key(cohort)
        if self._wrap_head(root, secret) != head:
            raise KeyTrouble("key_wrong", f"The key of cohort {cohort} is not the one that wrapped this.")
        wrapping = self._wrapping_key(root, cohort, secret)
        try:
            return _decrypt(wrapping, _place(head, scope, version, cohort), blob[_WRAP_HEAD:])
        except InvalidTag:
            raise KeyTrouble("seal_broken", "A wrapped key was changed or belongs elsewhere.") from None

    def destroy_cohort(self, cohort: str) -> None:
        """Destroy a cohort's key for good: what it wrapped can never be opened again.

        Doing it twice is harmless. Raises KeyTrouble("key_missing") for one that never was.
        """
        path, grave = self._cohort_path(cohort), self._grave(cohort)
        if not grave.exists():
            if not path.exists():
                raise KeyTrouble("key_missing", f"There is no key of cohort {cohort}.")
            files.write_new(grave, b"")
        files.destroy(path)

    def _write_root(self) -> str:
        files.make_folder(self._folder)
        text = recovery.printable(self.active, self._roots[self.active])
        try:
            files.write_new(self._folder / f"root-{self.active}.key", text.encode() + b"\n")
        except FileExistsError:  # another process was first
            raise _keys_exist() from None
        return text

    def _derive(self, root: int, label: str, *context: str, length: int = KEY_BYTES) -> bytes:
        if not label.startswith(_LABELS):
            raise ValueError(f"A label starts with {_LABELS}.")
        info = framed(label.encode(), *(part.encode() for part in context))
        return HKDFExpand(SHA256(), length, info).derive(self._roots[root])

    def _cohort_path(self, cohort: str) -> Path:
        if not _COHORT.fullmatch(cohort):
            raise ValueError("A cohort is a month: YYYY-MM.")
        return self._folder / f"cohort-{cohort}.key"

    def _grave(self, cohort: str) -> Path:
        return self._cohort_path(cohort).with_suffix(".destroyed")

    def _cohort_key(self, cohort: str, *, may_make: bool = False) -> bytes:
        """Read a cohort's key; from its file each time, so that destroying it counts everywhere at once."""
        path = self._cohort_path(cohort)
        if self._grave(cohort).exists():
            raise KeyTrouble("key_destroyed", f"The key of cohort {cohort} was destroyed.")
        if may_make and not path.exists():
            self._make_cohort(cohort)
        sealed = files.read(path)
        for root in reversed(self.root_versions):
            try:
                return _decrypt(self._derive(root, "zvh/v1/cohort"), cohort.encode(), sealed)
            except InvalidTag:
                continue
        raise KeyTrouble("key_wrong", f"The key of cohort {cohort} belongs to another root key, or was changed.")

    def _make_cohort(self, cohort: str) -> None:
        sealed = _encrypt(self._derive(self.active, "zvh/v1/cohort"), cohort.encode(), secrets.token_bytes(KEY_BYTES))
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            files.write_new(self._cohort_path(cohort), sealed)

    def _wrapping_key(self, root: int, cohort: str, secret: bytes) -> bytes:
        # Root and cohort key both enter: either one alone opens nothing.
        salt = self._derive(root, "zvh/v1/dek", cohort)
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"zvh/v1/dek").derive(secret)

    def _wrap_head(self, root: int, secret: bytes) -> bytes:
        identity = hashlib.sha256(b"zvh/v1/cohort-id" + secret).digest()[:8]
        return bytes([_WRAP_FORMAT]) + root.to_bytes(4, "big") + identity


def _place(head: bytes, scope: UUID, version: int, cohort: str) -> bytes:
    return framed(head, scope.bytes, version.to_bytes(4, "big"), cohort.encode())
