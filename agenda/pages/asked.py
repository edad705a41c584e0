"""The code names of cases that oversight asks somebody about: only of those that she may still see."""

from collections.abc import Iterable
from uuid import UUID

from agenda import protocol
from agenda.pages.reading import of_cases
from conference.accounts.sessions import Identity
from conference.cases import access, rights


def code_names(identity: Identity, cases: Iterable[UUID]) -> dict[UUID, str]:
    """Return the code names of those of these cases that exist for her, after logging that she sees them."""
    with rights.snapshot():
        reading = of_cases(identity, cases)
        viewer = access.viewer_of(identity)
        found = {}
        for case in reading.board.cases:
            if not reading.gate.existence(viewer, case).visible:
                continue
            head = reading.body(f"case:{case}", protocol.Case)
            if head is not None:
                found[case] = head.code_name
    reading.release("question.viewed")
    return found
