"""The door: the chair sends a person out of one case, and lets her in again."""

from dataclasses import replace

from agenda import protocol
from agenda.commands.turn import Turn
from agenda.models import SentOut
from agenda.refused import Refused
from consent.versions import raise_version


def send_out(turn: Turn, args: protocol.DoorChange) -> str:
    """Send somebody out of a case; her view loses it at once."""
    _check(turn, args)
    if args.person == turn.here().chair:
        raise Refused("chair_stays")
    _, created = SentOut.objects.get_or_create(conference=turn.here(), case=args.case, person=args.person)
    if not created:
        raise Refused("already_out")
    if args.person == turn.identity.person:  # a coordinator who goes herself reads nothing of it in the answer
        turn.lens = replace(turn.lens, sent_out=turn.lens.sent_out | {args.case})
    return _changed(turn, args, "door.sent_out")


def admit(turn: Turn, args: protocol.DoorChange) -> str:
    """Let somebody in again to a case that she was sent out of."""
    _check(turn, args)
    gone, _ = SentOut.objects.filter(conference=turn.here(), case=args.case, person=args.person).delete()
    if not gone:
        raise Refused("not_out")
    return _changed(turn, args, "door.admitted")


def _check(turn: Turn, args: protocol.DoorChange) -> None:
    turn.case(args.case)
    if not turn.here().seats.filter(person=args.person).exists():
        raise Refused("not_found")


def _changed(turn: Turn, args: protocol.DoorChange, act: str) -> str:
    raise_version(f"conference:{turn.here().id}")
    key = f"case:{args.case}"
    turn.touch(key)
    turn.log(act, key, case=args.case, people=(args.person,))
    return key
