"""Which witness this process asks: what the front door handed in. Pure."""

from dataclasses import dataclass
from typing import Self

from audit.tree.notes import COSIGNATURE, NoteError, Verifier


@dataclass(frozen=True, slots=True)
class Witness:
    """An outside witness. `url`: where it listens, empty when it is asked by files. `key`: its public key."""

    url: str
    key: Verifier

    @classmethod
    def parse(cls, url: str, vkey: str) -> Self:
        """Return the witness of two settings. Raises NoteError("bad_key") for what is no witness's key."""
        key = Verifier.parse(vkey)
        if key.kind != COSIGNATURE:
            raise NoteError("bad_key")
        return cls(url, key)


_witness: Witness | None = None


def use(witness: Witness | None) -> None:
    """Install the witness that this process asks; None asks nobody."""
    global _witness  # noqa: PLW0603  the front door installs it once, as it does the keys
    _witness = witness


def configured() -> Witness | None:
    """Return the witness of this process."""
    return _witness
