"""A question as SQL: over the notes when it has keys, over the leaves' own index of time when it has none."""

from typing import Any

from audit.queries.question import Key, Place, Question

Statement = tuple[str, list[Any]]


def select(question: Question, before: Place | None, columns: str, most: int) -> Statement:
    """Select columns of the leaves `l` or notes `f` that answer, newest first; with keys only what has a position."""
    t, number = ("f.t", "f.leaf_id") if question.keys() else ("l.t", "l.id")
    where, values = period(question.since, question.until, before, t, number)
    source = "audit_leaf l"
    if question.keys():
        source = "audit_found f"
        noted, keys = _noted(question)
        where, values = [*noted, *where], keys + values
        if "l." in columns or question.act is not None:
            # CROSS JOIN: SQLite keeps the order, and begins with the notes of the first key.
            source += " CROSS JOIN audit_leaf l"
            where.append("l.id = f.leaf_id")
    if question.act is not None:
        where.append("l.act = %s")
        values.append(question.act)
    told = " AND ".join(where) or "1 = 1"
    return (
        f"SELECT {columns} FROM {source} WHERE {told} ORDER BY {t} DESC, {number} DESC LIMIT %s",  # noqa: S608  columns and places are our own words
        [*values, most],
    )


def _noted(question: Question) -> tuple[list[str], list[Any]]:
    """Return conditions over the notes `f` of a question's first key, and their values: noted under the others too."""
    first, *others = question.keys()
    where, values = ["f.scope = %s AND f.key = %s"], [*first]
    for key in others:
        told, more = noted(key, "f")
        where.append(told)
        values += more
    return where, values


def noted(key: Key, source: str) -> Statement:
    """Return the condition that an entry of a source with `t` and `leaf_id` is noted under a key, and its values."""
    told = f"g.scope = %s AND g.key = %s AND g.t = {source}.t AND g.leaf_id = {source}.leaf_id"
    # OFFSET 0: each entry is looked up by itself. PostgreSQL would join, and read a whole period for each.
    return f"EXISTS (SELECT 1 FROM audit_found g WHERE {told} LIMIT 1 OFFSET 0)", [*key]  # noqa: S608  our own words


def period(
    since: int | None, until: int | None, before: Place | None, t: str, number: str
) -> tuple[list[str], list[Any]]:
    """Return a period before a place as conditions over two columns, and their values.

    One upper bound, the lower of the two: with both PostgreSQL walks from the higher one down.
    """
    where: list[str] = []
    values: list[Any] = []
    if since is not None:
        where.append(f"{t} >= %s")
        values.append(since)
    if before is not None and (until is None or before.t < until):
        where.append(f"({t}, {number}) < (%s, %s)")
        values += [before.t, before.id]
    elif until is not None:
        where.append(f"{t} < %s")
        values.append(until)
    return where, values
