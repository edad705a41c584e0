"""Commands on a party's own items: prepare as a draft, release, withdraw."""

from uuid import UUID

from agenda import protocol
from agenda.commands.turn import Turn
from agenda.models import Note
from agenda.refused import Refused
from conference.cases import commands as cases
from conference.cases.models import Item


def prepare(turn: Turn, args: protocol.ItemPrepare) -> str:
    """Write an own item as a draft: nobody but the own party sees it until it is released."""
    found = turn.case(args.case)
    cases.check_supply(turn.gate.covenant, turn.identity.party, args.category, found.fact)
    item = cases.add_item(
        cases.NewItem(
            case=args.case,
            supplier=turn.identity.party,
            category=args.category,
            kind=args.kind,
            text=args.text,
            basis=args.basis,
            subject=args.subject,
            only_for=args.only_for,
            not_for=args.not_for,
            author=turn.identity.person,
        ),
        subjects=found.subjects,
        at=turn.now,
    )
    return _changed(turn, item, "item.prepared")


def release(turn: Turn, args: protocol.OnKey) -> str:
    """Release an own draft to those whom the covenant lets read it."""
    item = _own(turn, args.key)
    cases.check_supply(turn.gate.covenant, item.supplier, item.category, turn.case(item.case_id).fact)
    cases.release_item(item, at=turn.now)
    return _changed(turn, item, "item.released")


def withdraw(turn: Turn, args: protocol.OnKey) -> str:
    """Take an own item back; this never depends on a cell of the covenant."""
    item = _own(turn, args.key)
    cases.withdraw_item(item)
    return _changed(turn, item, "item.withdrawn")


def _own(turn: Turn, key: str) -> Item:
    """Return an item of the sender's own party; another's that she sees is "role_party"."""
    item = Item.objects.select_for_update().filter(id=turn.id_of(key, "item")).first()
    if item is None:
        raise Refused("not_found")
    turn.case(item.case_id)
    if item.supplier == turn.identity.party:
        return item
    turn.shown(key)
    raise Refused("role_party")


def _changed(turn: Turn, item: Item, act: str) -> str:
    key = f"item:{item.id}"
    subjects = [*([item.subject_id] if item.subject_id else ()), *(UUID(mention) for mention in item.mentions)]
    # What repeats the item is shown no wider than the item itself, so it comes and goes with it.
    repeating = [f"{note.kind}:{note.id}" for note in Note.objects.filter(about=item.id)]
    turn.touch(key, *repeating, case=item.case_id)
    turn.log(act, key, case=item.case_id, category=item.category, subjects=subjects)
    return key
