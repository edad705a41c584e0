"""Taking back all that a victim allowed, by her reference: nothing is shown, so no covenant has to rule first.

Taking back is as easy as giving (AVG 7 lid 3), also while no covenant is in force and in a case that is shielded:
what stood would count again with the next covenant. Who may: whoever keeps registers and can name the reference.
"""

from uuid import UUID

from agenda.commands import consents
from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.cases.rights import CaseRights
from conference.crypto import KeyTrouble
from consent import register
from consent.states import PERMITTING


def everything(turn: Turn, case: UUID, subject: UUID) -> str:
    """Take back every line that permits anything now, for whatever purpose; none is no refusal.

    Refused "not_found"; raises KeyTrouble for a case that cannot be opened now.
    """
    found = _found(turn, case, subject)
    lines = _permitting(turn, found, subject)
    for line in lines:
        consents.take_back(turn, found, line)
    if not lines:
        consents.note(turn, "consent.withdrawn", case, subject)
    return f"case:{case}"


def _found(turn: Turn, case: UUID, subject: UUID) -> CaseRights:
    """Return the case without asking whether it may be seen."""
    found = turn.gate.cases.get(case)
    if found is None or subject not in found.subjects:
        raise Refused("not_found")
    if found.trouble is not None:
        raise KeyTrouble(found.trouble)
    return found


def _permitting(turn: Turn, found: CaseRights, subject: UUID) -> list[register.LineKey]:
    standing = register.standing(register.lines([found.id]))
    of_her = {key: event for key, event in standing.items() if key.subject == subject}
    return [key for key, event in of_her.items() if register.state_at(event, turn.now) in PERMITTING]
