"""Reading the leaves about one betrokkene, in order of time, a thousand at a time."""

from collections.abc import Iterator
from heapq import merge
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from audit.models import Leaf as Row
from audit.overview.folding import Leaf

_CHUNK = 1_000
_decode = msgspec.json.Decoder(dict[str, Any]).decode

Placed = tuple[int, int, Leaf]  # t, id, leaf


def leaves(case: UUID, subject: UUID, since: int | None = None, until: int | None = None) -> Iterator[Leaf]:
    """Yield the leaves about a betrokkene: her own, and those about her case as a whole.

    `since` ≤ t < `until`, µs since 1970. What is about others in her case is not hers.
    """
    period = {"t__gte": since, "t__lt": until}
    within = Q(**{column: moment for column, moment in period.items() if moment is not None})
    own = _placed(Row.objects.filter(within, subject=subject))
    of_case = _placed(Row.objects.filter(within, case_id=case, subject=None))
    # Two walks along an index each: asked as one question, each part would sort all of it anew.
    return (leaf for _t, _id, leaf in merge(own, of_case, key=lambda placed: placed[:2]))


def _placed(found: "QuerySet[Row]") -> Iterator[Placed]:
    rows = list(found.order_by("t", "id").values_list("t", "id", "leaf")[:_CHUNK])
    while rows:
        for t, number, leaf in rows:
            yield t, number, _decode(bytes(leaf))
        t, number, _leaf = rows[-1]
        after = Q(t__gt=t) | Q(t=t, id__gt=number)
        rows = list(found.filter(after, t__gte=t).order_by("t", "id").values_list("t", "id", "leaf")[:_CHUNK])
