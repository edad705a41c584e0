"""Signed notes (C2SP signed-note): a text and the signatures under it, Ed25519 and witnesses' cosignatures.

Parsing accepts one writing of each value only, so that no byte can change unseen.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04  # timestamped Ed25519, "cosignature/v1"
_KEY_ID = 4
_PUBLIC = 32
_STAMP = 8
_SIGNATURE = 64
_DASH = "— "


class NoteError(Exception):
    """A note, a key or a signature cannot be accepted. `code`: stable."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The note cannot be accepted: {code}.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: what a vkey line says."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Return the key of a vkey, `<name>+<key id, 8 hex digits>+<base64>`. Raises NoteError("bad_key")."""
        name, _plus, rest = vkey.partition("+")
        _key_id, _plus, encoded = rest.partition("+")
        raw = _decoded(encoded, "bad_key")
        if not _is_name(name) or len(raw) != 1 + _PUBLIC or raw[0] not in {ED25519, COSIGNATURE}:
            raise NoteError("bad_key")
        found = cls(name, raw[0], raw[1:])
        if found.vkey != vkey:
            raise NoteError("bad_key")
        return found

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_KEY_ID]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encoded(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, signature: bytes) -> int | None:
        """Verify a signature (without its key id); return a cosignature's time (s since 1970), else None.

        Raises NoteError("bad_signature").
        """
        stamp: int | None = None
        message = text.encode()
        if self.kind == COSIGNATURE:
            stamp = int.from_bytes(signature[:_STAMP], "big")
            signature = signature[_STAMP:]
            message = _cosigned(text, stamp)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise NoteError("bad_signature") from None
        return stamp


@dataclass(frozen=True, slots=True)
class Signer:
    """A signing key with its name. `seed`: 32 bytes. `kind`: a log's signature or a witness's cosignature."""

    name: str
    seed: bytes
    kind: int = ED25519

    @property
    def verifier(self) -> Verifier:
        if not _is_name(self.name):
            raise NoteError("bad_key")
        return Verifier(self.name, self.kind, self._key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        return self.verifier.vkey

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def line(self, text: str, now: int | None = None) -> str:
        """Return the signature line under `text`, with its newline. `now`: s since 1970, of a cosignature."""
        if self.kind == COSIGNATURE:
            stamp = now or 0
            raw = stamp.to_bytes(_STAMP, "big") + self._key.sign(_cosigned(text, stamp))
        else:
            raw = self._key.sign(text.encode())
        return f"{_DASH}{self.name} {_encoded(self.verifier.key_id + raw)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `raw`: what follows the key id."""

    name: str
    key_id: bytes
    raw: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the signature of a line without its newline. Raises NoteError("malformed")."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        raw = _decoded(encoded, "malformed")
        if not line.startswith(_DASH) or not space or not _is_name(name) or len(raw) <= _KEY_ID:
            raise NoteError("malformed")
        return cls(name, raw[:_KEY_ID], raw[_KEY_ID:])

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {_encoded(self.key_id + self.raw)}\n"

    def of(self, verifier: Verifier) -> bool:
        return self.name == verifier.name and self.key_id == verifier.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the note of its bytes. Raises NoteError("malformed")."""
        try:
            whole = raw.decode()
        except UnicodeDecodeError:
            raise NoteError("malformed") from None
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or any(char < " " and char != "\n" for char in whole):
            raise NoteError("malformed")
        found = cls(text + "\n", tuple(Signature.parse(line) for line in lines[:-1].split("\n")))
        if found.raw != raw:
            raise NoteError("malformed")
        return found

    @property
    def raw(self) -> bytes:
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()

    def verify(self, verifier: Verifier) -> int | None:
        """Verify the signature of a key; return a cosignature's time (s since 1970), else None.

        Raises NoteError: `unsigned` when the key has not signed, `bad_signature`.
        """
        found = [one for one in self.signatures if one.of(verifier)]
        if not found:
            raise NoteError("unsigned")
        times = [verifier.verify(self.text, one.raw) for one in found]
        return max((time for time in times if time is not None), default=None)


def sign(text: str, signers: Sequence[Signer]) -> bytes:
    """Return the note of `text`, which ends with a newline, signed by each signer."""
    return (text + "\n" + "".join(signer.line(text) for signer in signers)).encode()


def _cosigned(text: str, stamp: int) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and not any(char.isspace() or char == "+" for char in name)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str, code: str) -> bytes:
    """Decode the one canonical base64 writing of some bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(code) from None
    if _encoded(raw) != text:
        raise NoteError(code)
    return raw
