"""The desk's commands on conferences: plan one, and choose who is invited."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from agenda import rules
from agenda.commands.desk import require
from agenda.commands.turn import Turn
from agenda.models import Conference, Seat
from agenda.refused import Refused
from conference.accounts.models import Person
from conference.cases.commands import check_mentions
from conference.cases.seals import make_key, seal
from conference.covenant.days import day_of
from conference.covenant.shape import Covenant
from consent.versions import raise_version

TABLE = "agenda_conference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A conference to hold. `starts` is aware; the chair is invited whether or not she is in `people`."""

    title: str
    starts: datetime
    chair: UUID
    people: tuple[UUID, ...] = ()


def plan_conference(turn: Turn, new: Plan) -> UUID:
    """Plan a conference. Its agenda is made in the room.

    Refused "role_party", "title_missing", "starts_in_past", "unknown_person", "chair_cannot_lead".
    """
    covenant = require(turn, "conference.plan")
    if not new.title.strip():
        raise Refused("title_missing")
    if day_of(new.starts) < day_of(turn.now):
        raise Refused("starts_in_past")
    check_mentions(new.title, {})
    people = _people(covenant, (new.chair, *new.people))
    chair = people[new.chair]
    if not rules.leads(chair.party, tuple(chair.roles), turn.gate.process_party):
        raise Refused("chair_cannot_lead")
    row = uuid4()
    make_key(row, first_processed=turn.now)
    sealed = seal(row, TABLE, row, {"text": new.title.strip()})
    made = Conference.objects.create(id=row, chair=new.chair, starts=new.starts, sealed=sealed)
    Seat.objects.bulk_create(Seat(conference=made, person=person) for person in people)
    turn.conference = made
    turn.locked[row] = made
    _changed(turn, "conference.opened", tuple(people))
    return row


def change_people(turn: Turn, *, added: Iterable[UUID] = (), removed: Iterable[UUID] = ()) -> str:
    """Invite people to a conference and take invitations back; who is taken out loses the room at once.

    Refused "role_party", "not_found", "unknown_person", "already_invited", "not_invited",
    "chair_stays", "nothing_changed".
    """
    covenant = require(turn, "conference.change_people")
    conference = turn.here()
    new, gone = dict.fromkeys(added), dict.fromkeys(removed)
    if not new and not gone:
        raise Refused("nothing_changed")
    if conference.chair in gone:
        raise Refused("chair_stays")
    _people(covenant, new)
    invited = set(conference.seats.values_list("person", flat=True))
    if invited & new.keys():
        raise Refused("already_invited")
    if gone.keys() - invited:
        raise Refused("not_invited")
    Seat.objects.bulk_create(Seat(conference=conference, person=person) for person in new)
    conference.seats.filter(person__in=gone).delete()
    for act, people in (("conference.invited", new), ("conference.uninvited", gone)):
        if people:
            _changed(turn, act, tuple(people))
    return f"conference:{conference.id}"


def _people(covenant: Covenant, wanted: Iterable[UUID]) -> dict[UUID, Person]:
    """Return these people, each once, in order; who cannot sit at a table is "unknown_person"."""
    ids = list(dict.fromkeys(wanted))
    found = Person.objects.filter(id__in=ids, family="inhoud", is_active=True).in_bulk(ids)
    if any(person not in found or not _has_account(covenant, found[person].party) for person in ids):
        raise Refused("unknown_person")
    return {person: found[person] for person in ids}


def _has_account(covenant: Covenant, party: str) -> bool:
    return party in covenant.parties and covenant.parties[party].cls in {"P", "Q"}


def _changed(turn: Turn, act: str, people: Collection[UUID]) -> None:
    key = f"conference:{turn.here().id}"
    raise_version(key)
    turn.touch(key)
    turn.log(act, key, case=None, people=tuple(people))
