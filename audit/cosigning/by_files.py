"""The request and the answer as files, for a witness without a network."""

from dataclasses import dataclass
from time import time

from audit.cosigning import shelf
from audit.cosigning.asking import Trouble, verified
from audit.cosigning.shelf import Due
from audit.cosigning.witness import configured
from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import Note, NoteError, Verifier
from audit.tree.strict import number
from audit.trouble import Refused
from audit.witness.request import LARGEST

SAID = {
    "witness_not_its_key": "The answer is not signed by the witness of CASUSTAFEL_WITNESS_VKEY.",
    "witness_bad_cosignature": "The witness's signature does not hold for this checkpoint.",
    "witness_clock": "The witness's clock is more than an hour ahead.",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request file, and what it is about. `waiting`: years whose log has no cosignature of its last checkpoint."""

    body: bytes
    year: int
    origin: str
    vkey: str
    size: int
    old: int
    waiting: list[int]


@dataclass(frozen=True, slots=True)
class Taken:
    """A checkpoint that is cosigned now."""

    origin: str
    size: int


def request(year: int | None = None, old: int | None = None) -> Request:
    """Return a request for the latest checkpoint of a year's log, or of the one that grows.

    `old`: the size that the witness knows; by default what our cosignatures say. Raises Refused, and
    Refuses("witness_ahead") when the witness knows more than the store holds.
    """
    found = shelf.held(_key())
    chosen = _chosen(found, year)
    asked = chosen.asked
    size = asked.known if old is None else old
    try:
        body = asked.request(size)
    except Trouble as trouble:
        raise Refused(trouble.code, "The log cannot prove its growth from that size.") from None
    waiting = [one.log.year for one in found if one.waits]
    return Request(body, chosen.log.year, chosen.log.origin, chosen.log.vkey, asked.size, size, waiting)


def told_size(raw: bytes) -> int | None:
    """Return the size in an answer that is no cosignature: from where to ask again; None for any other answer."""
    try:
        return number(raw.decode("ascii").removesuffix("\n"))
    except ValueError:
        return None


def take(raw: bytes) -> Taken:
    """Verify a cosigned checkpoint and keep its cosignature. Raises Refused, LogUnavailable."""
    key = _key()
    try:
        if len(raw) > LARGEST:
            raise NoteError("malformed")
        note = Note.parse(raw)
        checkpoint = Checkpoint.parse(note.text)
    except NoteError:
        raise Refused("malformed", "The file is no answer of a witness.") from None
    due = _signed_here(note, checkpoint)
    lines = "".join(one.line for one in note.signatures)
    try:
        cosigned = verified(raw, lines.encode(), key, time())
    except Trouble as trouble:
        raise Refused(trouble.code, SAID[trouble.code]) from None
    shelf.keep(due, key, cosigned)
    return Taken(checkpoint.origin, checkpoint.size)


def _key() -> Verifier:
    witness = configured()
    if witness is None:
        raise Refused("no_witness", "Set CASUSTAFEL_WITNESS_VKEY to the public key that the witness printed.")
    return witness.key


def _chosen(found: list[Due], year: int | None) -> Due:
    fit = [one for one in found if year is None or one.log.year == year]
    if not fit:
        raise Refused("no_checkpoint", "There is no signed checkpoint yet. A serving store signs one within seconds.")
    return fit[-1]


def _signed_here(note: Note, asked: Checkpoint) -> Due:
    """Return the store's own checkpoint that an answer is about."""
    found = shelf.signed(asked.origin, asked.size)
    if found is None or Note.parse(bytes(found.checkpoint.note)).text != note.text:
        raise Refused("unknown_checkpoint", "This store has not signed that checkpoint.")
    return found
