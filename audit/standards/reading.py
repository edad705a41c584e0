"""The leaves of a period on their way out, in order of time, a thousand at a time."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping

import msgspec
from django.db.models import Q

from audit.growth import store
from audit.models import Leaf
from audit.standards import ldv, nen7513
from audit.standards.exported import REGISTER, Checkpoint, Exported, LeafDamaged

_CHUNK = 1_000

# What a period can be taken out as; each gives the lines of a leaf.
FORMS: Mapping[str, Callable[[Exported, str], Iterator[bytes]]] = {
    "ldv": ldv.lines,
    "nen7513": lambda exported, register: iter((nen7513.line(exported, register),)),
}


def lines(form: str, since: int | None, until: int | None, register: str = REGISTER) -> Iterator[bytes]:
    """Yield the lines of a period (`since` ≤ t < `until`, µs since 1970) in one of `FORMS`; else KeyError.

    Memory: one chunk. What is written meanwhile comes too, if it falls in the period. Raises LeafDamaged.
    """
    written = FORMS[form]
    return (line for exported in _leaves(since, until) for line in written(exported, register))


def _leaves(since: int | None, until: int | None) -> Iterator[Exported]:
    checkpoints = _checkpoints()
    after = Q() if since is None else Q(t__gte=since)
    within = Q() if until is None else Q(t__lt=until)
    while True:
        rows = list(Leaf.objects.filter(after, within).order_by("t", "id").values_list("id", "t", "leaf")[:_CHUNK])
        if not rows:
            return
        places = store.positions_of(number for number, _t, _leaf in rows)
        for number, _t, leaf in rows:
            place = places.get(number)
            yield _exported(number, bytes(leaf), checkpoints.get(place.log) if place else None, place)
        number, t, _leaf = rows[-1]
        after = Q(t__gte=t) & (Q(t__gt=t) | Q(id__gt=number))


def _exported(number: int, raw: bytes, checkpoint: Checkpoint | None, place: store.Position | None) -> Exported:
    try:
        return Exported.of(raw, checkpoint, place.index if place else None)
    except msgspec.DecodeError:
        raise LeafDamaged(number) from None


def _checkpoints() -> dict[int, Checkpoint]:
    """Return the latest checkpoint of each log: what is placed later is proven by a later one."""
    found = {}
    for log in store.logs():
        latest = store.checkpoint(log.id)
        if latest is not None:
            found[log.id] = Checkpoint(log.origin, latest.size, b64encode(bytes(latest.root)).decode())
    return found
