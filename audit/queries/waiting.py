"""Leaves that have no position yet, and so stand in no note and no count: a few, for a tenth of a second as a rule."""

from collections.abc import Iterator

from django.db import connection

from audit import tally
from audit.queries.question import Place, Question
from audit.queries.statements import period
from audit.tally import Fields

_STEP = 1_000
_WAITS = {
    "sqlite": "id > (SELECT coalesce(max(first_id + size), 1) - 1 FROM audit_log)",
    "postgresql": "id IN (SELECT leaf_id FROM audit_waiting)",
}

Found = tuple[tuple[int, int], bytes]


def waiting(question: Question, before: Place | None = None) -> Iterator[Found]:
    """Yield what waits in the question's period as ((t, id), leaf), newest first; only its period is looked at."""
    while True:
        found = _step(question, before)
        yield from found
        if len(found) < _STEP:
            return
        before = Place(*found[-1][0])


def answering(question: Question, before: Place | None = None) -> Iterator[tuple[Found, Fields]]:
    """Yield what waits and answers the question, newest first, with what was read of it."""
    wanted = set(question.keys())
    for found in waiting(question, before):
        told = tally.fields(found[1])
        if told is None or (question.act is not None and told.act != question.act):
            continue
        if wanted <= {(note.scope, note.key) for note in tally.notes(0, told)}:
            yield found, told


def _step(question: Question, before: Place | None) -> list[Found]:
    # "t + 0": sorted after they are found. By the index of time the few that wait would be looked for among all.
    where, values = period(question.since, question.until, before, "t + 0", "id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t, id, leaf FROM audit_leaf WHERE {' AND '.join([_WAITS[connection.vendor], *where])}"  # noqa: S608  our own words
            " ORDER BY t + 0 DESC, id DESC LIMIT %s",
            [*values, _STEP],
        )
        return [((t, number), bytes(leaf)) for t, number, leaf in cursor.fetchall()]
