"""Two versions of a covenant compared exactly: every cell, and every other fact. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from conference.covenant import matrix
from conference.covenant.shape import Covenant


def diff(old: Covenant, new: Covenant) -> dict[str, Any]:
    """Return {"from", "to", "same", "cells", "facts"}.

    `cells`: each cell whose effective letter differs, as {"party", "category", "phase", "old",
    "new"}; null where a version does not have the cell. `facts`: each place in the file whose
    value differs, rows as written included, as {"place", "old", "new"}; null where absent.
    """
    cells = _cells(old, new)
    facts = _facts(old.source, new.source)
    return {
        "from": {"id": old.id, "version": old.version},
        "to": {"id": new.id, "version": new.version},
        "same": not cells and not facts,
        "cells": cells,
        "facts": facts,
    }


def _cells(old: Covenant, new: Covenant) -> list[dict[str, str | None]]:
    before = {cell[:3]: cell.code for cell in matrix.cells(old)}
    after = {cell[:3]: cell.code for cell in matrix.cells(new)}
    return [
        {"party": place[0], "category": place[1], "phase": place[2], "old": before.get(place), "new": after.get(place)}
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    ]


def _facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    before, after = dict(_flat(old, "")), dict(_flat(new, ""))
    return [
        {"place": place, "old": before.get(place), "new": after.get(place)}
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    ]


def _flat(value: Mapping[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, value) for everything that is no mapping; lists count as one value."""
    for key, child in value.items():
        here = f"{place}.{key}" if place else key
        if isinstance(child, Mapping):
            yield from _flat(child, here)
        else:
            yield here, child
