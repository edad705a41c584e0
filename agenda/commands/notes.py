"""Commands that write minutes, decisions and action items, and what happens to them."""

from datetime import date
from uuid import UUID, uuid4

from agenda import protocol
from agenda.commands.turn import Turn
from agenda.contents import of_item
from agenda.models import Dissent, Note
from agenda.refused import Refused
from conference.accounts.models import Person
from conference.cases.commands import check_mentions, check_supply, track_action
from conference.cases.content import Content
from conference.cases.models import Item
from conference.cases.seals import seal
from conference.covenant import facts

TABLE = "agenda_note"
DISSENT_TABLE = "agenda_dissent"


def write_minutes(turn: Turn, args: protocol.MinutesWrite) -> str:
    """Write a minutes block."""
    return _write(turn, "minutes", args, status="released", act="minutes.written")


def propose(turn: Turn, args: protocol.DecisionPropose) -> str:
    """Put a decision to the table."""
    return _write(turn, "decision", args, status="proposed", act="decision.proposed")


def add_action(turn: Turn, args: protocol.ActionAdd) -> str:
    """Add an action item. Refused "owner_cannot_see" when its owner would not see it."""
    try:
        due = date.fromisoformat(args.due)
    except ValueError:
        raise Refused("malformed") from None
    return _write(turn, "action", args, status="open", act="action.added", owner=args.owner, due=due)


def _write(
    turn: Turn,
    kind: str,
    args: protocol.MinutesWrite | protocol.DecisionPropose | protocol.ActionAdd,
    *,
    status: str,
    act: str,
    owner: str = "",
    due: date | None = None,
) -> str:
    conference = turn.here()
    point = turn.agenda_item(args.agenda_item)
    about = _about(turn, args.about, point.case, args.category)
    mentions = _check(turn, args.text, args.category, point.case)
    if owner:
        _check_owner(turn, owner, point.case, args.category, about)
    row = uuid4()
    note = Note.objects.create(
        id=row,
        kind=kind,
        conference=conference,
        agenda_item=point,
        case=point.case,
        category=args.category,
        supplier=turn.identity.party,
        author=turn.identity.person,
        about=about.row if about else None,
        mentions=[str(subject) for subject in mentions],
        status=status,
        owner=owner,
        due=due,
        written_at=turn.now,
        sealed=seal(point.case or conference.id, TABLE, row, {"text": args.text}),
    )
    key = f"{kind}:{row}"
    if kind == "action" and note.case is not None:
        track_action(row, note.case, owner, open_now=True)
    turn.touch(key, case=point.case)
    turn.log(act, key, case=point.case, category=args.category, subjects=mentions)
    return key


def _check(turn: Turn, text: str, category: str, case: UUID | None) -> tuple[UUID, ...]:
    """Check who may supply this category here, and that mentions are of this case."""
    if case is None:
        if category != "prc":
            raise Refused("cannot_supply")
        return check_mentions(text, {})
    found = turn.case(case)
    check_supply(turn.gate.covenant, turn.identity.party, category, found.fact)
    return check_mentions(text, found.subjects)


def _about(turn: Turn, key: str | None, case: UUID | None, category: str) -> Content | None:
    """Return the item that is repeated: one that the writer sees, of this case and category."""
    if key is None:
        return None
    row = Item.objects.filter(id=turn.id_of(key, "item"), case=case).first()
    content = of_item(row) if row else None
    if content is None or not turn.gate.ruling(turn.lens.viewer, content).visible:
        raise Refused("not_found")
    if content.category != category:
        raise Refused("about_category")
    return content


def _check_owner(turn: Turn, owner: str, case: UUID | None, category: str, about: Content | None) -> None:
    """Refuse an owner whose party would not see its own action."""
    if case is None:
        seated = turn.here().seats.values_list("person", flat=True)
        if not Person.objects.filter(id__in=list(seated), party=owner).exists():
            raise Refused("owner_cannot_see")
        return
    supposed = facts.Item(
        category,
        turn.identity.party,
        subject=str(about.subject) if about and about.subject else None,
        open_action_owner=owner,
        about=about.fact() if about else None,
    )
    if not turn.gate.rule(facts.Viewer(owner, "inhoud"), case, supposed).visible:
        raise Refused("owner_cannot_see")


def adopt(turn: Turn, args: protocol.OnKey) -> str:
    """Adopt a proposed decision."""
    note = _seen(turn, args.key, "decision")
    if note.status != "proposed":
        raise Refused("already_adopted")
    note.status, note.adopted_at = "adopted", turn.now
    note.save(update_fields=["status", "adopted_at"])
    _changed(turn, note, "decision.adopted")
    return args.key


def dissent(turn: Turn, args: protocol.DecisionDissent) -> str:
    """Record that the sender's party does not agree, and why; it stays inside the decision."""
    note = _seen(turn, args.key, "decision")
    if note.dissents.filter(party=turn.identity.party).exists():
        raise Refused("already_dissented")
    mentions = _check(turn, args.reason, note.category, note.case) if note.case else check_mentions(args.reason, {})
    row = uuid4()
    Dissent.objects.create(
        id=row,
        decision=note,
        party=turn.identity.party,
        author=turn.identity.person,
        at=turn.now,
        mentions=[str(subject) for subject in mentions],
        sealed=seal(note.case or note.conference_id, DISSENT_TABLE, row, {"text": args.reason}),
    )
    _changed(turn, note, "decision.dissented", mentions)
    return args.key


def finish(turn: Turn, args: protocol.OnKey) -> str:
    """Mark an action as done; its owner's party does that."""
    note = _seen(turn, args.key, "action")
    if note.owner != turn.identity.party:
        raise Refused("role_party")
    if note.status != "open":
        raise Refused("already_done")
    note.status = "done"
    note.save(update_fields=["status"])
    if note.case is not None:
        track_action(note.id, note.case, note.owner, open_now=False)
    _changed(turn, note, "action.done")
    return args.key


def _seen(turn: Turn, key: str, kind: str) -> Note:
    """Return a note of this kind that the sender sees; else "not_found"."""
    turn.shown(key)
    return Note.objects.select_for_update().get(id=turn.id_of(key, kind))


def _changed(turn: Turn, note: Note, act: str, mentions: tuple[UUID, ...] = ()) -> None:
    key = f"{note.kind}:{note.id}"
    turn.touch(key, case=note.case)
    subjects = [*(UUID(mention) for mention in note.mentions), *mentions]
    turn.log(act, key, case=note.case, category=note.category, subjects=subjects)
