"""What may explain that somebody looked, from the product's own tables; nothing sealed is opened.

The log runs on the machine's time and all else on the product's: in a seeded store they differ, and
every moment is handed on as the machine's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from agenda.models import AgendaItem, Conference, Dissent, Note, Seat
from audit.review.facts import (
    SECOND,
    Action,
    Cover,
    Facts,
    Grant,
    Involvement,
    Meeting,
    Part,
    Step,
)
from conference import clock
from conference.accounts import models as accounts
from conference.accounts.models import Person
from conference.cases import models as cases
from conference.cases.models import Case, Item
from conference.covenant import shelf
from conference.covenant.days import day_end, midnight
from consent.models import ConsentLine, ExceptionLine
from consent.states import PERMITTING, State

_LINE = ("case", "subject", "party", "category", "purpose", "state", "starts", "ends", "recorded_at", "recorded_by")


def facts_for(since: int, until: int) -> Facts:
    """Return what was recorded between two moments, µs since 1970, the machine's time."""
    begin, end = _product(since), _product(until)
    people = {row.id: row for row in Person.objects.only("id", "party", "roles")}
    process = _process_parties()
    return Facts(
        meetings=tuple(_meetings(begin, end)),
        involvements=tuple(_involvements(end)),
        actions=tuple(_actions(begin, end)),
        steps=tuple(_steps()),
        parts=tuple(_parts(begin, end)),
        covers=tuple(_covers(begin, end)),
        grants=tuple(_grants()),
        leads=_leads(people, process),
        parties={person: row.party for person, row in people.items()},
        everywhere=process,
    )


def _product(t: int) -> datetime:
    return datetime.fromtimestamp(t / SECOND, clock.AMSTERDAM) + clock.offset()


def _machine(at: datetime) -> int:
    return int((at - clock.offset()).timestamp() * SECOND)


def _ends(at: datetime | None) -> int | None:
    return _machine(at) if at else None


def _process_parties() -> frozenset[str]:
    covenant = shelf.shown(clock.now())
    return frozenset(party.id for party in covenant.parties.values() if party.process) if covenant else frozenset()


def _leads(people: Mapping[UUID, Person], process: frozenset[str]) -> dict[UUID, frozenset[UUID]]:
    """A process coordinator leads every case; the chain director the signals."""
    tracks = dict(Case.objects.values_list("id", "track"))
    signals = frozenset(case for case, track in tracks.items() if track == "signaal")
    found: dict[UUID, frozenset[UUID]] = {}
    for person, row in people.items():
        if row.party in process and "process_coordinator" in row.roles:
            found[person] = frozenset(tracks)
        elif "chain_director" in row.roles:
            found[person] = signals
    return found


# --- meetings and actions ---------------------------------------------------------------------


def _meetings(begin: datetime, end: datetime) -> Iterator[Meeting]:
    people: dict[UUID, set[UUID]] = defaultdict(set)
    on_agenda: dict[UUID, set[UUID]] = defaultdict(set)
    for conference, person in Seat.objects.values_list("conference_id", "person"):
        people[conference].add(person)
    for conference, case in AgendaItem.objects.exclude(case=None).values_list("conference_id", "case"):
        if case is not None:
            on_agenda[conference].add(case)
    held = Conference.objects.filter(starts__gte=begin, starts__lt=end)
    for conference, chair, starts in held.values_list("id", "chair", "starts"):
        invited = frozenset({*people[conference], chair})
        yield Meeting(conference, _machine(starts), invited, frozenset(on_agenda[conference]))


def _actions(begin: datetime, end: datetime) -> Iterator[Action]:
    given = Note.objects.filter(kind="action", written_at__lt=end, due__gte=(begin - timedelta(days=1)).date())
    rows = given.exclude(case=None).exclude(owner="")
    for case, owner, conference, written, due, status in rows.values_list(
        "case", "owner", "conference_id", "written_at", "due", "status"
    ):
        if case is not None and due is not None:
            yield Action(case, owner, conference, _machine(written), _machine(day_end(due)), done=status == "done")


# --- who takes part, and what she brought in -----------------------------------------------------


def _involvements(end: datetime) -> Iterator[Involvement]:
    rows = cases.Involvement.objects.filter(since__lt=end)
    for case, party, since, until in rows.values_list("case_id", "party", "since", "until"):
        yield Involvement(case, party, _machine(since), _ends(until))


def _parts(begin: datetime, end: datetime) -> Iterator[Part]:
    items = Item.objects.filter(written_at__gte=begin, written_at__lt=end)
    notes = Note.objects.filter(written_at__gte=begin, written_at__lt=end)
    objections = Dissent.objects.filter(at__gte=begin, at__lt=end)
    decided = ExceptionLine.objects.filter(recorded_at__gte=begin, recorded_at__lt=end)
    for rows in (
        items.values_list("case_id", "author", "written_at"),
        notes.values_list("case", "author", "written_at"),
        objections.values_list("decision__case", "author", "at"),
        decided.values_list("case", "decider", "recorded_at"),
    ):
        for case, person, at in rows:
            if case is not None and person is not None:
                yield Part(case, person, _machine(at))


def _covers(begin: datetime, end: datetime) -> Iterator[Cover]:
    rows = accounts.Cover.objects.filter(until__gte=begin.date(), since__lte=end.date())
    for row in rows:
        first = max(midnight(row.since), row.registered_at)
        last = min(day_end(row.until), row.ended_at or day_end(row.until))
        yield Cover(row.absent_id, row.substitute_id, _machine(first), _machine(last))


# --- the register ----------------------------------------------------------------------------------


def _lines() -> Iterator[tuple[ConsentLine, ConsentLine | None]]:
    """Each event of the register with the next one on its line."""
    last: dict[tuple[UUID, str, str, UUID], ConsentLine] = {}
    for event in ConsentLine.objects.order_by("number").only("number", *_LINE):
        key = (event.subject, event.party, event.category, event.purpose)
        if key in last:
            yield last[key], event
        last[key] = event
    for event in last.values():
        yield event, None


def _steps() -> Iterator[Step]:
    for event, following in _lines():
        if event.recorded_by is not None:
            over = [moment for moment in (event.ends, following.recorded_at if following else None) if moment]
            yield Step(event.case, event.recorded_by, _machine(event.recorded_at), _ends(min(over, default=None)))


def _grants() -> Iterator[Grant]:
    for event, following in _lines():
        if State(event.state) in PERMITTING:
            over = [moment for moment in (event.ends, following.starts if following else None) if moment]
            until = _ends(min(over, default=None))
            yield Grant("consent", event.case, event.party, event.category, _machine(event.starts), until)
    for line in ExceptionLine.objects.order_by("number").only("case", "party", "category", "starts", "ends"):
        yield Grant("exception", line.case, line.party, line.category, _machine(line.starts), _ends(line.ends))
