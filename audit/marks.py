"""What makes an entry worth finding by itself: refused, with an exception, taken out, a change of rights. Pure.

A mark is said twice: over a leaf's fields, and as SQL over its row. The SQL is exactly that of the
partial indexes of migration 0003, for only then does an engine use them; both read the leaf's own
bytes, so that no mark can be taken off an entry afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Test = Callable[[str, str, str | None], bool]


@dataclass(frozen=True, slots=True)
class Mark:
    """`bit`: of it in a set of marks. `holds`: says it of (act, out, reason). `index`: its partial index."""

    bit: int
    holds: Test
    index: str
    sqlite: str
    postgresql: str


# Pages and frames by which content reached somebody's eyes: counted, and in no index of their own.
VIEWED = 1
REFUSED = "refused"
EXCEPTION = "exception"
EXPORT = "export"
RIGHTS = "rights"

_RIGHTS_OBJECTS = frozenset({"person", "party", "exception"})
_RIGHTS_ACTS = frozenset({"covenant.adopted", "conference.invited", "conference.uninvited"})
_LOOKS = "person.managed"  # opening the accounts changes nobody


def _is_exception(act: str, _out: str, reason: str | None) -> bool:
    return reason == "exception" or act.startswith("exception.")


def _is_export(act: str, _out: str, _reason: str | None) -> bool:
    return act.startswith("export.") or act.endswith(".exported")


def _is_rights(act: str, _out: str, _reason: str | None) -> bool:
    return act in _RIGHTS_ACTS or (act.partition(".")[0] in _RIGHTS_OBJECTS and act != _LOOKS)


_RIGHTS_SQL = (
    "(substr(l.act, 1, 7) = 'person.' AND l.act <> 'person.managed' OR substr(l.act, 1, 6) = 'party.'"
    " OR substr(l.act, 1, 10) = 'exception.'"
    " OR l.act IN ('covenant.adopted', 'conference.invited', 'conference.uninvited'))"
)
_REASON = b'"reason":"exception"'.hex()

MARKS: Mapping[str, Mark] = {
    REFUSED: Mark(
        2, lambda _act, out, _reason: out == "deny", "audit_leaf_refused", "l.out = 'deny'", "l.out = 'deny'"
    ),
    EXCEPTION: Mark(
        4,
        _is_exception,
        "audit_leaf_exception",
        f"(substr(l.act, 1, 10) = 'exception.' OR instr(l.leaf, x'{_REASON}') > 0)",
        rf"(substr(l.act, 1, 10) = 'exception.' OR position('\x{_REASON}'::bytea in l.leaf) > 0)",
    ),
    EXPORT: Mark(
        8,
        _is_export,
        "audit_leaf_export",
        "(substr(l.act, 1, 7) = 'export.' OR substr(l.act, -9) = '.exported')",
        "(substr(l.act, 1, 7) = 'export.' OR right(l.act, 9) = '.exported')",
    ),
    RIGHTS: Mark(16, _is_rights, "audit_leaf_rights", _RIGHTS_SQL, _RIGHTS_SQL),
}


def bits_of(act: str, out: str, reason: str | None, *, viewed: bool) -> int:
    """Return the set of an entry's marks as bits; `viewed` adds the bit `VIEWED`."""
    found = VIEWED if viewed else 0
    for mark in MARKS.values():
        if mark.holds(act, out, reason):
            found |= mark.bit
    return found


def bits(marks: frozenset[str]) -> int:
    """Return marks, by their names, as bits."""
    return sum(MARKS[name].bit for name in marks)
