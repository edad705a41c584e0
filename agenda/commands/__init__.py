"""The only writers of a meeting: one command, one transaction, one answer.

The transaction holds the rows, the change numbers, the audit entries and the receipt;
the answer is given after its commit. A refused command leaves a receipt and an entry.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from agenda import protocol
from agenda.commands import agenda_items, consents, door, items, notes
from agenda.commands.desk import at_desk
from agenda.commands.locks import holding, lock
from agenda.commands.turn import Turn, begin
from agenda.hub.types import Shown
from agenda.models import Conference, Receipt
from agenda.protocol import Ack, CommandFrame, Nack
from agenda.refused import Refused
from audit.record import record, record_durably, write_lock
from conference.accounts import directory
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access, Sight
from conference.cases.commands import CaseRefusal

__all__ = ["HANDLERS", "Refused", "Turn", "at_desk", "execute", "on_case"]

Handler = Callable[[Turn, Any], str]

HANDLERS: dict[str, Handler] = {
    "agenda_item.add": agenda_items.add,
    "agenda_item.move": agenda_items.move,
    "agenda_item.start": agenda_items.start,
    "agenda_item.close": agenda_items.close,
    "minutes.write": notes.write_minutes,
    "decision.propose": notes.propose,
    "decision.adopt": notes.adopt,
    "decision.dissent": notes.dissent,
    "action.add": notes.add_action,
    "action.done": notes.finish,
    "item.prepare": items.prepare,
    "item.release": items.release,
    "item.withdraw": items.withdraw,
    "consent.withdraw": consents.withdraw,
    "door.send_out": door.send_out,
    "door.admit": door.admit,
}


_CONFLICT = "conflict"


class _Conflict(Refused):
    """The object is not what the sender saw."""

    def __init__(self, key: str, current: Shown) -> None:
        super().__init__(_CONFLICT)
        self.key = key
        self.current = current


def execute(identity: Identity, conference: UUID, frame: CommandFrame) -> Ack | Nack:
    """Carry out one command of a meeting and return its answer, after the commit.

    Repeating a command's id gives the first answer and changes nothing. Raises LogUnavailable.
    """
    try:
        return holding(lambda: _carry_out(identity, conference, frame))
    except (Refused, CaseRefusal) as refused:
        return _refuse(identity, conference, frame, refused)


def _carry_out(identity: Identity, conference: UUID, frame: CommandFrame) -> Ack | Nack:
    args = _decode(frame)
    named = _named_case(args)
    locked = lock(conference, named)
    row = locked.get(conference)
    if row is None or identity.family != "inhoud" or not row.seats.filter(person=identity.person).exists():
        raise Refused("not_admitted")
    turn = begin(identity, row, origin="socket", cases=named, locked=locked)
    if not directory.is_alive(identity.session, turn.gate.people_version):
        return Nack(frame.id, "session_ended")
    kept = Receipt.objects.filter(conference=conference, person=identity.person, command=frame.id).first()
    if kept is not None:
        return _again(turn, kept)
    turn.require_role(frame.do)
    _expect(turn, frame, args)
    key = HANDLERS[frame.do](turn, args)
    turn.keep()
    turn.reload()
    shown = turn.look(key)
    seen = version(shown) if shown else None
    Receipt.objects.create(conference=row, person=identity.person, command=frame.id, key=key, version=seen or "")
    return Ack(frame.id, key, seen)


def _again(turn: Turn, kept: Receipt) -> Ack | Nack:
    """Give a command's first answer again. A receipt holds no content: a conflict tells the object as it is now."""
    if not kept.code:
        return Ack(kept.command, kept.key or None, kept.version or None)
    current = turn.look(kept.key) if kept.code == _CONFLICT else None
    if current is not None:
        raise _Conflict(kept.key, current)
    return Nack(kept.command, kept.code)


def _decode(frame: CommandFrame) -> protocol.Args:
    shape = protocol.COMMANDS.get(frame.do)
    if shape is None:
        raise Refused("unknown_command")
    try:
        return msgspec.json.decode(frame.with_, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Refused("malformed") from None


def _named_case(args: protocol.Args) -> tuple[UUID, ...]:
    """A case that the command names itself need not be on the agenda yet."""
    case = getattr(args, "case", None)
    return (case,) if isinstance(case, UUID) else ()


def _expect(turn: Turn, frame: CommandFrame, args: protocol.Args) -> None:
    key = getattr(args, "key", None)
    if frame.expect is None or not isinstance(key, str):
        return
    current = turn.shown(key)
    if version(current) != frame.expect:
        raise _Conflict(key, current)


def version(shown: Shown) -> str:
    """Return the version that a body carries."""
    return msgspec.json.decode(shown.body, type=_Versioned).version


class _Versioned(msgspec.Struct):
    version: str


def _refuse(identity: Identity, conference: UUID, frame: CommandFrame, refused: Refused | CaseRefusal) -> Ack | Nack:
    """Keep the refusal: a receipt, so that a repeat is refused alike, and an entry."""
    trying = Access(act=_act(frame.do), origin="socket", identity=identity, conference=conference)
    with write_lock(), transaction.atomic():
        record(access.refusal(trying, refused.code))
        said = {"code": refused.code, "key": refused.key if isinstance(refused, _Conflict) else ""}
        if Conference.objects.select_for_update().filter(id=conference).exists():
            kept, new = Receipt.objects.get_or_create(
                conference_id=conference, person=identity.person, command=frame.id, defaults=said
            )
            if not new and not kept.code:  # its twin on another socket was carried out in between
                return Ack(kept.command, kept.key or None, kept.version or None)
    current = _tell_current(identity, conference, refused) if isinstance(refused, _Conflict) else None
    return Nack(frame.id, refused.code, current)


def _act(do: str) -> str:
    """The log's word for what a command would have done."""
    verb = do.partition(".")[2]
    return do.replace(f".{verb}", f".{_DONE[verb]}") if do in HANDLERS else "command.refused"


_DONE = {
    "add": "added",
    "move": "moved",
    "start": "started",
    "close": "closed",
    "write": "written",
    "propose": "proposed",
    "adopt": "adopted",
    "dissent": "dissented",
    "done": "done",
    "prepare": "prepared",
    "release": "released",
    "withdraw": "withdrawn",
    "send_out": "sent_out",
    "admit": "admitted",
}


def _tell_current(identity: Identity, conference: UUID, conflict: _Conflict) -> msgspec.Raw:
    """Release the current value to the sender: logged first, like every other sight of it."""
    looking = Access(act="conference.pushed", origin="socket", identity=identity, conference=conference)
    trace = conflict.current.trace
    gate = access.Gate.at_this_moment([trace.case] if trace.case else [])
    sight = Sight(conflict.key, trace.case, trace.subjects, trace.category, trace.level, trace.reason)
    record_durably(*access.entries(gate, looking, [sight]))
    return msgspec.Raw(conflict.current.body)


def on_case(identity: Identity, case: UUID, do: Callable[[Turn], str]) -> str:
    """Carry out a command from a case's page, outside any meeting; return the key it touched.

    Raises Refused (or CaseRefusal as Refused), after entering the refusal; LogUnavailable.
    """
    return at_desk(identity, "case.changed", do, case=case)
