"""How the log stands with its witness: for the officer's page, from the tables, in every process the same."""

from dataclasses import dataclass
from time import time

from audit.cosigning import shelf
from audit.cosigning.witness import configured

LATE = 24 * 3600.0  # seconds

NONE, NEVER, GOOD, OVERDUE, REFUSES = "none", "never", "ok", "late", "refuses"


@dataclass(frozen=True, slots=True)
class Standing:
    """`code`: none (no witness is set), never (it has not cosigned yet), ok, late, refuses.

    `age`: seconds since the witness last cosigned, None when it never did. `witness`: its name.
    """

    code: str
    age: float | None = None
    witness: str = ""


def age() -> float | None:
    """Return the seconds since the witness last cosigned; None when it never did or none is set."""
    witness = configured()
    stamp = shelf.youngest(witness.key) if witness else None
    return None if stamp is None else max(time() - stamp, 0.0)


def late() -> bool:
    """Say whether the last cosignature, or the first checkpoint of a log that has none, is older than 24 h."""
    witness = configured()
    if witness is None:
        return False
    since = shelf.youngest(witness.key) or shelf.first_checkpoint()
    return since is not None and time() - since > LATE


def state() -> Standing:
    """Return how the log stands with its witness now."""
    witness = configured()
    if witness is None:
        return Standing(NONE)
    old = age()
    if shelf.refused(witness.key):
        code = REFUSES
    elif late():
        code = OVERDUE
    else:
        code = NEVER if old is None else GOOD
    return Standing(code, old, witness.key.name)
