"""Commands on the agenda: add, move, start, close."""

from uuid import uuid4

from django.db import transaction

from agenda import protocol
from agenda.commands.turn import Turn
from agenda.models import AgendaItem
from agenda.refused import Refused
from audit.growth.background import sign_soon
from conference.cases.commands import check_mentions
from conference.cases.seals import seal
from consent.versions import raise_version


def add(turn: Turn, args: protocol.AgendaItemAdd) -> str:
    """Put a case or a general point at the end of the agenda."""
    conference = turn.here()
    if args.case is not None:
        turn.case(args.case)
    subjects = turn.gate.cases[args.case].subjects if args.case else {}
    mentions = check_mentions(args.title, subjects)
    row = uuid4()
    item = AgendaItem.objects.create(
        id=row,
        conference=conference,
        case=args.case,
        supplier=turn.identity.party,
        position=max((other.position for other in turn.agenda), default=0) + 1,
        minutes=args.minutes,
        sealed=seal(args.case or conference.id, "agenda_agendaitem", row, {"text": args.title}),
    )
    turn.agenda.append(item)
    raise_version(f"conference:{conference.id}")
    key = f"agenda_item:{row}"
    _touch_all(turn)
    turn.log("agenda_item.added", key, case=args.case, subjects=mentions)
    return key


def move(turn: Turn, args: protocol.AgendaItemMove) -> str:
    """Put an item directly after another, or first."""
    row = turn.agenda_item(turn.id_of(args.key, "agenda_item"))
    others = [other for other in turn.agenda if other.id != row.id]
    at = 0
    if args.after is not None:
        before = turn.agenda_item(turn.id_of(args.after, "agenda_item"))
        if before.id == row.id:
            raise Refused("after_itself")
        at = others.index(before) + 1
    ordered = [*others[:at], row, *others[at:]]
    for position, item in enumerate(ordered, 1):
        item.position = position
    AgendaItem.objects.bulk_update(ordered, ["position"])
    turn.agenda[:] = ordered
    _touch_all(turn)
    turn.log("agenda_item.moved", args.key, case=row.case)
    return args.key


def start(turn: Turn, args: protocol.OnKey) -> str:
    """Open an item; the one that was open closes."""
    row = turn.agenda_item(turn.id_of(args.key, "agenda_item"))
    if row.status == "open":
        raise Refused("already_open")
    for other in turn.agenda:
        if other.status == "open":
            _close(turn, other)
    row.status, row.started_at, row.closed_at = "open", turn.now, None
    row.save(update_fields=["status", "started_at", "closed_at"])
    turn.touch(args.key)
    turn.log("agenda_item.started", args.key, case=row.case)
    return args.key


def close(turn: Turn, args: protocol.OnKey) -> str:
    """Close the open item."""
    row = turn.agenda_item(turn.id_of(args.key, "agenda_item"))
    if row.status != "open":
        raise Refused("not_open")
    _close(turn, row)
    if all(other.status == "closed" for other in turn.agenda if other.id != row.id):
        transaction.on_commit(sign_soon)  # the conference is over: its log is signed now
    return args.key


def _close(turn: Turn, row: AgendaItem) -> None:
    row.status, row.closed_at = "closed", turn.now
    row.save(update_fields=["status", "closed_at"])
    turn.touch(f"agenda_item:{row.id}")
    turn.log("agenda_item.closed", f"agenda_item:{row.id}", case=row.case)


def _touch_all(turn: Turn) -> None:
    """Every item: an own numbering can change by a move or an addition anywhere."""
    turn.touch(*(f"agenda_item:{item.id}" for item in turn.agenda))
