"""Signed notes (C2SP signed-note): a text and the signatures under it, Ed25519 and witnesses' cosignatures.

Parsing accepts one writing of each value only, so that no byte can change unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.tree.errors import TreeError
from audit.tree.strict import LARGEST, decoded, encoded

ED25519 = 0x01  # signed-note: over the text
COSIGNATURE = 0x04  # tlog-cosignature: over "cosignature/v1", a time and the text
_KEY_ID = 4
_PUBLIC = 32
_STAMP = 8
_SIGNATURE = {ED25519: 64, COSIGNATURE: _STAMP + 64}  # bytes behind the key id
_DASH = "— "
# The bounds of Go's sumdb/note; the specification asks for some bound, of at least 16 signatures.
_LARGEST_NOTE = 1_000_000  # bytes
_MOST_SIGNATURES = 100


class NoteError(TreeError):
    """A key, note or signature is refused: bad_key, malformed, unsigned, bad_signature, foreign_log."""

    what = "The note"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: what a vkey says. `kind`: ED25519 or COSIGNATURE. `public`: 32 bytes."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Return the key of `<name>+<key id, 8 hex digits>+<base64>`. Raises NoteError("bad_key")."""
        name, _plus, rest = vkey.partition("+")
        _key_id, _plus, written = rest.partition("+")
        try:
            raw = decoded(written)
        except ValueError:
            raise NoteError("bad_key") from None
        if not _is_name(name) or len(raw) != 1 + _PUBLIC or raw[0] not in _SIGNATURE:
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
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, signature: bytes) -> int | None:
        """Verify a signature (without its key id); return a cosignature's time (s since 1970), else None.

        Raises NoteError("bad_signature").
        """
        stamp: int | None = None
        message = text.encode()
        if len(signature) != _SIGNATURE[self.kind]:
            raise NoteError("bad_signature")
        if self.kind == COSIGNATURE:
            stamp, signature = int.from_bytes(signature[:_STAMP], "big"), signature[_STAMP:]
            if stamp > LARGEST:
                raise NoteError("bad_signature")
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
    seed: bytes = field(repr=False)
    kind: int = ED25519

    @property
    def verifier(self) -> Verifier:
        """The public half. Raises NoteError("bad_key") for a name that no note can hold."""
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
        """Return the signature line under `text`, with its newline. `now`: s since 1970, for a cosignature.

        Raises NoteError("malformed") for what no note can hold, ValueError for a cosignature without a time.
        """
        if not is_text(text):
            raise NoteError("malformed")
        if self.kind == ED25519:
            raw = self._key.sign(text.encode())
        elif now is None or not 0 <= now <= LARGEST:
            raise ValueError("A cosignature tells its time.")
        else:
            raw = now.to_bytes(_STAMP, "big") + self._key.sign(_cosigned(text, now))
        return Signature(self.name, self.verifier.key_id, raw).line


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `raw`: what follows the key id."""

    name: str
    key_id: bytes
    raw: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the signature of a line without its newline. Raises NoteError("malformed")."""
        name, space, written = line.removeprefix(_DASH).partition(" ")
        try:
            raw = decoded(written)
        except ValueError:
            raise NoteError("malformed") from None
        if not line.startswith(_DASH) or not space or not _is_name(name) or len(raw) <= _KEY_ID:
            raise NoteError("malformed")
        return cls(name, raw[:_KEY_ID], raw[_KEY_ID:])

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {encoded(self.key_id + self.raw)}\n"

    def of(self, verifier: Verifier) -> bool:
        """Say whether this line claims to be by a key; only `verify` tells whether it is."""
        return self.name == verifier.name and self.key_id == verifier.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the note of its bytes. Raises NoteError("malformed")."""
        if len(raw) > _LARGEST_NOTE:
            raise NoteError("malformed")
        try:
            whole = raw.decode()
        except UnicodeDecodeError:
            raise NoteError("malformed") from None
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not is_text(whole) or lines.count("\n") > _MOST_SIGNATURES:
            raise NoteError("malformed")
        return cls(text + "\n", tuple(Signature.parse(line) for line in lines[:-1].split("\n")))

    @property
    def raw(self) -> bytes:
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()

    def verify(self, verifier: Verifier) -> int | None:
        """Verify all that a key has signed; return a cosignature's time (s since 1970), the last one, else None.

        Lines of other keys are left aside, as the specification asks.
        Raises NoteError: "unsigned" when the key has not signed, "bad_signature".
        """
        found = [one for one in self.signatures if one.of(verifier)]
        if not found:
            raise NoteError("unsigned")
        times = [verifier.verify(self.text, one.raw) for one in found]
        return max((time for time in times if time is not None), default=None)


def sign(text: str, signers: Sequence[Signer], now: int | None = None) -> bytes:
    """Return the note of `text`, which ends with a newline, signed by each signer. `now`: of cosignatures.

    Raises NoteError("malformed") for a text that no note can hold.
    """
    return (text + "\n" + "".join(signer.line(text, now) for signer in signers)).encode()


def is_text(text: str) -> bool:
    """Say whether a note can hold a text: it ends with a newline, its only control character, and has bytes."""
    return text.endswith("\n") and not any(char < " " and char != "\n" for char in text) and _has_bytes(text)


def _is_name(name: str) -> bool:
    return (
        bool(name) and "+" not in name and not any(char < " " or char.isspace() for char in name) and _has_bytes(name)
    )


def _has_bytes(text: str) -> bool:
    """Say whether a text has an encoding: half of a pair of surrogates has none."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _cosigned(text: str, stamp: int) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()
