"""Reading the leaves about one betrokkene, newest first, a thousand at a time."""

from collections.abc import Iterator
from heapq import merge
from uuid import UUID

from audit.overview.folding import Leaf
from audit.queries import Question, Row, lines


def leaves(case: UUID, subject: UUID, since: int | None = None, until: int | None = None) -> Iterator[Leaf]:
    """Yield the leaves about a betrokkene: her own, and those about her case as a whole.

    `since` ≤ t < `until`, µs since 1970. What is about others in her case is not hers. One whose
    bytes are no leaf any more is left out: checking the log names it.
    """
    about = {None, str(subject)}
    of_case = lines(Question(case=case, since=since, until=until))
    # Of hers, what was asked without naming the case: an officer's question to the log.
    other = lines(Question(subject=subject, since=since, until=until))
    found: list[Iterator[Row]] = [
        (row for row in of_case if row.leaf and row.leaf["subject"] in about),
        (row for row in other if row.leaf and row.leaf["case"] != str(case)),
    ]
    return (row.leaf for row in merge(*found, key=lambda row: (row.t, row.id), reverse=True))
