"""What is to be cosigned, and the cosignatures that are kept: the tables' side of asking."""

import base64
from dataclasses import dataclass
from functools import partial
from time import time, time_ns

from django.db import connection, transaction

from audit import writer as group
from audit.cosigning.asking import Asked, Cosigned
from audit.growth import store
from audit.models import Checkpoint, Cosignature, Log
from audit.tree.notes import Verifier
from audit.tree.proofs import consistency

RENEW = 3600.0  # seconds after which a log without news is cosigned anew, so that its age stays young
PATIENCE = 1.5  # seconds that keeping a cosignature waits for its turn to write
_MICROSECONDS = 1_000_000
_STAMP = slice(4, 12)  # of a cosignature's bytes, behind the key id


@dataclass(frozen=True, slots=True)
class Due:
    """A log's latest checkpoint, and the youngest cosignature under that log by the witness, if any."""

    log: Log
    checkpoint: Checkpoint
    last: Cosignature | None

    @property
    def asked(self) -> Asked:
        nodes = store.nodes(self.log.id)
        return Asked(
            size=self.checkpoint.size,
            note=bytes(self.checkpoint.note),
            known=min(self.last.size, self.checkpoint.size) if self.last else 0,
            prove=lambda old: consistency(nodes, old, self.checkpoint.size),
        )

    @property
    def is_latest(self) -> bool:
        """Whether the log has signed no larger checkpoint since."""
        latest = store.checkpoint(self.log.id)
        return latest is not None and latest.size == self.checkpoint.size

    @property
    def waits(self) -> bool:
        """Whether the checkpoint has no cosignature yet."""
        return self.last is None or self.last.size < self.checkpoint.size

    @property
    def open(self) -> bool:
        """Whether the log still grows."""
        return self.log.closed_at is None

    @property
    def stale(self) -> bool:
        """Whether an open log's cosignature should be renewed, though there is no news."""
        return self.open and self.last is not None and time() - stamp_of(self.last) > RENEW


def held(key: Verifier) -> list[Due]:
    """Return all logs that are there and have a checkpoint, oldest first."""
    found = [(log, store.checkpoint(log.id)) for log in store.logs() if log.removed_at is None]
    return [Due(log, last, _last(log.id, key)) for log, last in found if last is not None]


def due(key: Verifier, *, anew: bool = False) -> list[Due]:
    """Return the logs for which the witness is to be asked now, oldest first; `anew`: open ones in any case."""
    return [one for one in held(key) if one.waits or one.stale or (anew and one.open)]


def signed(origin: str, size: int) -> Due | None:
    """Return the checkpoint that a log signed at a size; None when it did not."""
    log = Log.objects.filter(origin=origin).first()
    found = Checkpoint.objects.filter(log=log.id, size=size).first() if log else None
    return Due(log, found, None) if log and found else None


def keep(one: Due, key: Verifier, cosigned: Cosigned) -> None:
    """Keep a verified cosignature; the same line once. Raises LogUnavailable."""
    place = {"log": one.log.id, "size": one.checkpoint.size, "witness": key.vkey}
    with group.writer.turn(PATIENCE), transaction.atomic():
        if not Cosignature.objects.filter(**place, line=cosigned.line).exists():
            Cosignature.objects.create(**place, t=time_ns() // 1000, line=cosigned.line)


def youngest(key: Verifier) -> float | None:
    """Return when the witness last cosigned anything of this store, s since 1970; None when it never did."""
    last = Cosignature.objects.filter(witness=key.vkey).order_by("-id").first()
    return None if last is None else stamp_of(last)


def stamp_of(kept: Cosignature) -> float:
    """Return a cosignature's time, s since 1970: the witness's own, and never later than we took it in."""
    raw = base64.b64decode(kept.line.rpartition(" ")[2])
    return min(int.from_bytes(raw[_STAMP], "big"), kept.t / _MICROSECONDS)


def first_checkpoint() -> float | None:
    """Return when this store first signed a checkpoint, s since 1970; None when it never did."""
    first = Checkpoint.objects.order_by("id").first()
    return None if first is None else first.t / _MICROSECONDS


def _last(log: int, key: Verifier) -> Cosignature | None:
    return Cosignature.objects.filter(log=log, witness=key.vkey).order_by("-size", "-t").first()


# --- refusals -------------------------------------------------------------------------


def refused(key: Verifier) -> bool:
    """Say whether the witness refused a log that it has not cosigned since."""
    with connection.cursor() as cursor:
        # The act stands in the statement, as in its index: a parameter would not find it.
        cursor.execute("SELECT t FROM audit_leaf WHERE act = 'log.cosigned' ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return row is not None and any(map(partial(_refused_since, row[0]), held(key)))


def _refused_since(t: int, one: Due) -> bool:
    if not (one.open or one.waits):
        return False
    first = Checkpoint.objects.filter(log=one.log.id).order_by("size").first()
    began = one.last.t if one.last else first.t if first else t
    return t > began
