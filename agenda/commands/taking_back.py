"""Taking back all that a victim allowed, by her reference: nothing is shown, so no covenant has to rule first.

Taking back is as easy as giving (AVG 7 lid 3), also while no covenant is in force, in a case that is shielded and
where something of it does not open: what stood would count again later. Who may: whoever keeps registers and can
name the reference.
"""

from uuid import UUID

from agenda.commands import consents
from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.cases.rights import CaseRights
from consent import register
from consent.commands import drop_draft
from consent.register import LineKey
from consent.states import PERMITTING

SUSPECT = "suspect"


def everything(turn: Turn, case: UUID, subject: UUID) -> str:
    """Take back every line that permits anything now, for whatever purpose.

    Refused "not_found" and "nothing_to_withdraw"; raises KeyTrouble where the case's key cannot be used now.
    """
    found = turn.gate.cases.get(case)
    if found is None or subject not in found.subjects:
        raise Refused("not_found")
    lines = _permitting(turn, found, subject)
    if not lines:
        raise Refused("nothing_to_withdraw")
    consents.take_back(turn, found, subject, lines)
    drop_draft(case, subject, turn.identity.person)
    return f"case:{case}"


def _permitting(turn: Turn, found: CaseRights, subject: UUID) -> list[LineKey]:
    """Nothing permits anything of a suspect, who is never asked, nor in a case whose key is destroyed."""
    if found.destroyed or found.subjects[subject].role == SUSPECT:
        return []
    standing = register.standing(register.lines([found.id]))
    of_her = {key: event for key, event in standing.items() if key.subject == subject}
    return [key for key, event in of_her.items() if register.state_at(event, turn.now) in PERMITTING]
