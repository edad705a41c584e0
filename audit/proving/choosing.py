"""Which log and which checkpoint a command is about, with the cosignatures that there are."""

import time
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError

from audit import signing
from audit.cosigning import shelf
from audit.cosigning.asking import Refuses, Trouble, ask
from audit.cosigning.sending import send
from audit.cosigning.witness import configured
from audit.growth import integrator, store
from audit.models import Checkpoint, Log
from audit.record import LogUnavailable
from audit.trouble import Refused


@dataclass(frozen=True, slots=True)
class Chosen:
    """A log and one of its checkpoints. `note`: with its cosignatures. `witnesses`: their public keys."""

    log: Log
    size: int
    note: bytes
    witnesses: tuple[str, ...]


def freshen() -> None:
    """Let what waits be taken in and signed, and have it cosigned where a witness answers.

    Where that cannot be done now, what was signed before stands: nobody is kept from it.
    """
    try:
        integrator.integrate()
        integrator.sign()
        _cosign()
    except (
        signing.SigningUnavailable,
        integrator.InconsistentLog,
        LogUnavailable,
        DatabaseError,
        ValueError,
        RuntimeError,
    ):
        return


def _cosign() -> None:
    witness = configured()
    if witness is None or not witness.url:
        return
    for one in shelf.due(witness.key):
        try:
            shelf.keep(one, witness.key, ask(one.asked, witness.key, partial(send, witness.url), time.time()))
        except (Trouble, Refuses):
            continue  # a serving process raises the alarm; an export says for itself whether it is cosigned


def choose(year: int | None = None) -> Chosen:
    """Return the latest checkpoint of a year's log, or of the one that grows.

    Raises Refused: no_such_log, log_removed, nothing_signed.
    """
    return _with(*_latest(year))


def cosigned(least: int, year: int | None = None) -> Chosen:
    """Return the latest checkpoint of at least `least` entries that a witness cosigned, else the latest.

    Raises Refused.
    """
    log, latest = _latest(year)
    witnessed = [one for one in store.checkpoints(log.id) if one.size >= least and store.cosignatures(log.id, one.size)]
    return _with(log, witnessed[-1] if witnessed else latest)


def _latest(year: int | None) -> tuple[Log, Checkpoint]:
    logs = [log for log in store.logs() if year in {None, log.year}]
    log = (store.current() if year is None else logs[-1]) if logs else None
    if log is None:
        raise Refused("no_such_log", "There is no log of that year here." if year else "Nothing is in the log yet.")
    if log.removed_at is not None:
        raise Refused("log_removed", f"The log of {log.year} was removed; only its last checkpoint is left.")
    latest = store.checkpoint(log.id)
    if latest is None:
        raise Refused("nothing_signed", "The log has no checkpoint yet. A serving store signs one within seconds.")
    return log, latest


def _with(log: Log, one: Checkpoint) -> Chosen:
    lines = store.cosignatures(log.id, one.size)
    note = bytes(one.note) + "".join(f"{kept.line}\n" for kept in lines).encode()
    return Chosen(log, one.size, note, tuple(kept.witness for kept in lines))
