"""Commands from a desk: on a page, outside any meeting; one transaction each, as in the room."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from agenda import rules
from agenda.commands.locks import holding, lock
from agenda.commands.turn import Turn, begin
from agenda.refused import Refused
from audit.record import record_durably
from conference.accounts import directory
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access
from conference.cases.commands import CaseRefusal
from conference.covenant.shape import Covenant

Done = TypeVar("Done")


def at_desk(
    identity: Identity,
    act: str,
    do: Callable[[Turn], Done],
    *,
    case: UUID | None = None,
    conference: UUID | None = None,
) -> Done:
    """Carry out a command on a case or a conference from its page; return what `do` returns.

    `act`: what the entry of a refusal says was tried. Raises Refused (a CaseRefusal too), after
    entering it; LogUnavailable.
    """
    trying = Access(act=act, origin="http", identity=identity, conference=conference)
    try:
        return holding(lambda: _run(identity, do, case, conference))
    except (Refused, CaseRefusal) as refused:
        record_durably(access.refusal(trying, refused.code, case=case))
        raise Refused(refused.code) from None


def _run(identity: Identity, do: Callable[[Turn], Done], case: UUID | None, conference: UUID | None) -> Done:
    cases = [case] if case else []
    locked = lock(conference, cases)
    row = locked.get(conference) if conference else None
    turn = begin(identity, row, origin="http", cases=cases, locked=locked)
    if not directory.is_alive(identity.session, turn.gate.people_version):
        raise Refused("session_ended")
    found = do(turn)
    turn.keep()
    return found


def require(turn: Turn, command: str) -> Covenant:
    """Return the covenant that rules; refuse whoever may not give this command ("role_party")."""
    who, covenant = turn.identity, turn.gate.covenant
    party = covenant.parties.get(who.party) if covenant else None
    cls = party.cls if party else None
    code = rules.desk_refusal(command, who.party, who.roles, turn.gate.process_party, cls)
    if code is not None:
        raise Refused(code)
    if covenant is None:  # no process party without one: refused above
        raise Refused("covenant_inactive")
    return covenant
