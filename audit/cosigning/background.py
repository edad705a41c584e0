"""The thread that has the log cosigned: it asks when there is news, and tells when it should have worked.

With PostgreSQL one process at a time asks, the one that holds an advisory lock.
"""

import time
from functools import partial

import structlog

from audit.cosigning import shelf, standing
from audit.cosigning.asking import Refuses, Trouble, ask
from audit.cosigning.sending import send
from audit.cosigning.witness import Witness, configured
from audit.record import Entry, record_durably
from audit.threads import Lead, leave

LOOK_EVERY = 2.0  # seconds between two looks for a new checkpoint
PAUSE = 10.0  # seconds between two questions; doubled at each failure
LONGEST_PAUSE = 600.0
_LEADER = 0x4361_7377  # "Casw"

log = structlog.get_logger(__name__)


class Cosigning:
    """Asks and watches; one thread uses it."""

    def __init__(self) -> None:
        self._anew = True  # a database that was put back behind our backs shows at the first question
        self._pause = PAUSE
        self._next = 0.0
        self._trouble = ""
        self._refused: set[int] = set()
        self._late = False
        self._lead = Lead(_LEADER)

    def look(self) -> None:
        """Have cosigned what waits, when it is time, and compare the youngest cosignature with the clock."""
        witness = configured()
        if witness is None:
            return
        try:
            if self._lead.held():
                self._ask(witness)
                self._watch()
        except Exception as error:  # noqa: BLE001  the log goes on without its witness; a dead thread would be silent
            self._tell_trouble("witness_not_asked", type(error).__name__)
            leave()

    def finish(self) -> None:
        """Nothing is left to do: the next process asks anew."""

    # --- asking ---------------------------------------------------------------------

    def _ask(self, witness: Witness) -> None:
        if not witness.url or time.monotonic() < self._next:
            return
        waiting = shelf.due(witness.key, anew=self._anew)
        if not waiting:
            return
        answered = [self._asked(witness, one) for one in waiting]
        self._anew = not all(answered)
        self._pause = PAUSE if all(answered) else min(self._pause * 2, LONGEST_PAUSE)
        self._next = time.monotonic() + self._pause

    def _asked(self, witness: Witness, one: shelf.Due) -> bool:
        """Ask about one log; return whether the witness could be asked, whatever it said."""
        try:
            cosigned = ask(one.asked, witness.key, partial(send, witness.url), time.time())
        except Trouble as trouble:
            self._tell_trouble(trouble.code)
            return False
        except Refuses as refusal:
            if one.is_latest:  # else somebody else had a newer one cosigned meanwhile
                self._tell_refusal(one, refusal.code)
            return True
        shelf.keep(one, witness.key, cosigned)
        self._tell_answer(one)
        return True

    # --- telling, once --------------------------------------------------------------

    def _tell_trouble(self, code: str, error: str = "Trouble") -> None:
        if code != self._trouble:
            log.warning("witness_failed", code=code, error=error)
        self._trouble = code

    def _tell_answer(self, one: shelf.Due) -> None:
        if self._trouble:
            log.info("witness_reached")
        self._trouble = ""
        if one.log.id in self._refused:
            log.info("witness_back", code="witness_refuses", size=one.checkpoint.size)
            self._refused.discard(one.log.id)

    def _tell_refusal(self, one: shelf.Due, code: str) -> None:
        if one.log.id in self._refused:
            return
        log.error("witness_refuses", code=code, size=one.checkpoint.size)
        witness = configured()
        if witness is not None and not shelf.refused(witness.key):
            record_durably(Entry(act="log.cosigned", out="deny", origin="system", reason=code))
        self._refused.add(one.log.id)

    def _watch(self) -> None:
        late = standing.late()
        if late and not self._late:
            log.error("witness_late", seconds=round(standing.age() or 0))
        if self._late and not late:
            log.info("witness_back", code="witness_late")
        self._late = late
