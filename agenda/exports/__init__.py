"""The decision list as a file for one party: JSON, CSV and PDF of the same list. Pure.

What stands in the list was decided before it came here; nothing is decided, read or
logged in this folder. `render` is the way in.
"""

from agenda.exports.lists import (
    Action,
    CasePart,
    Category,
    Consented,
    Decision,
    DecisionList,
    Dissent,
    Marking,
    Mention,
    Name,
    Part,
    Register,
)
from agenda.exports.machine import control_number, fingerprint, grouped
from agenda.exports.render import FORMATS, Rendered, render

__all__ = [
    "FORMATS",
    "Action",
    "CasePart",
    "Category",
    "Consented",
    "Decision",
    "DecisionList",
    "Dissent",
    "Marking",
    "Mention",
    "Name",
    "Part",
    "Register",
    "Rendered",
    "control_number",
    "fingerprint",
    "grouped",
    "render",
]
