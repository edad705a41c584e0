"""What makes an entry worth finding by itself: refused, with an exception, taken out, a change of rights. Pure.

A set of marks is a number: the sum of their bits.
"""

VIEWED = 1  # content reached somebody's eyes: counted, but too many to be found by itself
REFUSED = 2
EXCEPTION = 4
EXPORT = 8
RIGHTS = 16
FOUND = (EXPORT, RIGHTS, EXCEPTION, REFUSED)  # those with the fewest entries first

_RIGHTS_OBJECTS = frozenset({"person", "party", "exception"})
_RIGHTS_ACTS = frozenset({"covenant.adopted", "conference.invited", "conference.uninvited"})
_TAKEN = frozenset({"overview.made", "log.taken"})  # a file went out of the house, whole
_LOOKS = "person.managed"  # opening the accounts changes nobody


def marks_of(act: str, out: str, reason: str | None, *, viewed: bool) -> int:
    """Return the marks of an entry; `viewed`: whether its act shows somebody content."""
    name = act.partition(".")
    marks = VIEWED if viewed else 0
    if out == "deny":
        marks |= REFUSED
    if reason == "exception" or name[0] == "exception":
        marks |= EXCEPTION
    if name[0] == "export" or name[2] == "exported" or act in _TAKEN:
        marks |= EXPORT
    if act in _RIGHTS_ACTS or (name[0] in _RIGHTS_OBJECTS and act != _LOOKS):
        marks |= RIGHTS
    return marks
