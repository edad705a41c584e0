"""Commands from a desk: on a page, outside any meeting; one transaction each, as in the room."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from agenda import rules
from agenda.commands.turn import Turn, begin
from agenda.models import AgendaItem, Conference
from agenda.refused import Refused
from audit.record import record_durably, write_lock
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
        with write_lock(), transaction.atomic():
            locked = _lock(case, conference)
            row = locked.get(conference) if conference else None
            turn = begin(identity, row, origin="http", cases=[case] if case else (), locked=locked)
            found = do(turn)
            turn.keep()
            return found
    except (Refused, CaseRefusal) as refused:
        record_durably(access.refusal(trying, refused.code, case=case))
        raise Refused(refused.code) from None


def _lock(case: UUID | None, conference: UUID | None) -> dict[UUID, Conference]:
    """Lock the conference and all that have the case, in order of id, before anything else: as in the room."""
    having = AgendaItem.objects.filter(case=case, case__isnull=False).order_by().values("conference")
    rows = Conference.objects.select_for_update().filter(Q(id=conference) | Q(id__in=having)).order_by("id")
    return {row.id: row for row in rows}


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
