"""The witness's judgement: cosign what continues the log as it was cosigned before, and nothing else. Pure.

C2SP tlog-witness, add-checkpoint; tlog-cosignature, version 1. One request at a time.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from audit.tree.checkpoints import Checkpoint
from audit.tree.hashing import EMPTY_ROOT
from audit.tree.notes import Note, NoteError
from audit.tree.proofs import ProofError, verify_consistency
from audit.witness.known import Known
from audit.witness.memory import Memory, Seen
from audit.witness.request import AddCheckpoint

SIZE = "text/x.tlog.size"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness answers. `code`: stable; `checkpoint`: what was asked about, once its signature held."""

    status: HTTPStatus
    code: str
    body: str = ""
    kind: str = TEXT
    checkpoint: Checkpoint | None = None


class Unfit(Exception):
    """The checkpoint is not cosigned, for the reason in `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.code)
        self.answer = answer


class Witness:
    """Judges requests against its memory. `clock`: s since 1970."""

    def __init__(self, memory: Memory, known: Known, clock: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._known = known
        self._clock = clock
        self._one = threading.Lock()

    def add(self, raw: bytes) -> Answer:
        """Judge the body of add-checkpoint; a 200 is on the disk before this returns. Never raises."""
        try:
            request = AddCheckpoint.parse(raw)
            note = Note.parse(request.note)
            checkpoint = Checkpoint.parse(note.text)
            self._signed(note, checkpoint.origin)
            with self._one:
                self._continues(request, checkpoint)
                return self._cosign(note.text, checkpoint)
        except NoteError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, error.code)
        except Unfit as unfit:
            return unfit.answer

    def _signed(self, note: Note, origin: str) -> None:
        """Refuse a log that is unknown, and a checkpoint that none of its keys has signed."""
        keys = self._known.of(origin)
        if not keys:
            raise Unfit(_refusal(HTTPStatus.NOT_FOUND, "unknown_log"))
        for key in keys:
            try:
                note.verify(key)
            except NoteError:
                continue
            return
        raise Unfit(_refusal(HTTPStatus.FORBIDDEN, "not_signed"))

    def _continues(self, request: AddCheckpoint, checkpoint: Checkpoint) -> None:
        """Refuse a checkpoint that does not continue what was cosigned before."""
        last = self._memory.last(checkpoint.origin) or Seen(0, EMPTY_ROOT)
        if request.old > checkpoint.size:
            raise Unfit(_refusal(HTTPStatus.BAD_REQUEST, "old_too_large", checkpoint))
        if request.old != last.size:
            raise Unfit(_conflict("old_differs", last.size, checkpoint))
        if checkpoint.size == last.size and checkpoint.root != last.root:
            raise Unfit(_conflict("root_differs", last.size, checkpoint))
        try:
            verify_consistency(request.old, checkpoint.size, last.root, checkpoint.root, request.proof)
        except ProofError:
            raise Unfit(_refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "not_consistent", checkpoint)) from None

    def _cosign(self, text: str, checkpoint: Checkpoint) -> Answer:
        now = Seen(checkpoint.size, checkpoint.root)
        if self._memory.last(checkpoint.origin) != now:
            try:
                self._memory.keep(checkpoint.origin, now)
            except OSError:
                return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "cannot_remember", checkpoint)
        line = self._memory.signer.line(text, int(self._clock()))
        return Answer(HTTPStatus.OK, "cosigned", line, TEXT, checkpoint)


def _refusal(status: HTTPStatus, code: str, checkpoint: Checkpoint | None = None) -> Answer:
    return Answer(status, code, f"{code}\n", TEXT, checkpoint)


def _conflict(code: str, size: int, checkpoint: Checkpoint) -> Answer:
    return Answer(HTTPStatus.CONFLICT, code, f"{size}\n", SIZE, checkpoint)
