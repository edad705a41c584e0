"""One question to a witness, from proof to verified answer. Pure: how to prove and to send is handed in."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.tree.errors import TreeError
from audit.tree.notes import Note, NoteError, Signature, Verifier
from audit.tree.strict import number
from audit.witness.request import AddCheckpoint

CONFLICT, OK = 409, 200
REFUSED = {400: "witness_malformed", 403: "witness_not_signed", 404: "witness_unknown_log"}
NOT_CONSISTENT = 422
AHEAD = 3600  # seconds that a witness's clock may be ahead of ours


class Trouble(Exception):
    """There is no cosignature now, and it says nothing about the log. `code`: stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refuses(Exception):
    """The witness says that the log does not continue what it cosigned before. `code`: stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkpoint to be cosigned. `note`: its signed bytes. `known`: the size that we believe the witness knows.

    `prove`: returns the consistency proof from an older size to `size`; raises ProofError.
    """

    size: int
    note: bytes
    known: int
    prove: Callable[[int], list[bytes]]

    def request(self, old: int) -> bytes:
        """Return the body of add-checkpoint that asks from size `old`. Raises Trouble, Refuses."""
        if old > self.size:
            raise Refuses("witness_ahead")
        try:
            proof = self.prove(old)
        except TreeError as error:
            raise Trouble(error.code) from None
        return AddCheckpoint(old, tuple(proof), self.note).raw


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A verified cosignature. `line`: without its newline. `stamp`: the witness's time, s since 1970."""

    line: str
    stamp: int


def ask(asked: Asked, key: Verifier, send: Callable[[bytes], Reply], now: float) -> Cosigned:
    """Ask for a cosignature; a witness that knows another size is asked once more from there.

    Raises Trouble, Refuses.
    """
    old = asked.known
    reply = send(asked.request(old))
    if reply.status == CONFLICT:
        stands = _size(reply.body)
        if stands == old:
            raise Refuses("witness_root_differs") if old == asked.size else Trouble("witness_bad_answer")
        old = stands
        reply = send(asked.request(old))
        if reply.status == CONFLICT and old == asked.size == _size(reply.body):
            raise Refuses("witness_root_differs")
    if reply.status == NOT_CONSISTENT:
        raise Refuses("witness_not_consistent")
    if reply.status != OK:
        raise Trouble(REFUSED.get(reply.status, "witness_failed"))
    return verified(asked.note, reply.body, key, now)


def verified(note: bytes, lines: bytes, key: Verifier, now: float) -> Cosigned:
    """Return the witness's own cosignature among signature lines; lines of others are ignored.

    `now`: s since 1970. Raises Trouble: a line that is none, none by its key, one that does not
    hold, or one from more than an hour ahead.
    """
    try:
        signatures = [Signature.parse(line) for line in lines.decode().removesuffix("\n").split("\n")]
        mine = next((one for one in signatures if one.of(key)), None)
        if mine is None:
            raise Trouble("witness_not_its_key")
        stamp = key.verify(Note.parse(note).text, mine.raw)
    except (NoteError, UnicodeDecodeError):
        raise Trouble("witness_bad_cosignature") from None
    if stamp is None or stamp > now + AHEAD:
        raise Trouble("witness_clock")
    return Cosigned(mine.line.removesuffix("\n"), stamp)


def _size(body: bytes) -> int:
    try:
        return number(body.decode().removesuffix("\n"))
    except ValueError:
        raise Trouble("witness_bad_answer") from None
