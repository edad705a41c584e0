"""The page of today: a person's meetings, her party's open actions, and what asks for attention."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from agenda import protocol
from agenda.contents import of_conference
from agenda.models import AgendaItem, Conference, Note
from agenda.pages.case import CARE
from agenda.pages.reading import SCREEN_ONLY, Reading, cases_of, of_cases
from agenda.pages.reminders import Attention, attention_of, reminders_in
from conference import clock
from conference.accounts.models import Person
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Sight
from conference.covenant import shelf
from conference.covenant.facts import Level
from consent import register
from consent.commands.tasks import TELL_RECEIVER

MOST = 8  # steps that ask for attention
TOLD_FOR = timedelta(days=30)
SOON = 14  # days: what is further away stands on the page of reminders only


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conference that this person is invited to; `code_names`: the cases that she is there for."""

    id: UUID
    title: str
    starts: datetime
    chair: str
    code_names: list[str]
    own_drafts: int


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An open action of this person's party. `version`: for `expect`."""

    key: str
    conference: UUID
    case: UUID | None
    code_name: str
    text: str
    due: date
    late: bool
    version: str
    category: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Something that her party received on a consent that is no more: it may be used no longer (AVG 19)."""

    case: UUID
    code_name: str
    handle: str
    category: str
    day: date


@dataclass(frozen=True, slots=True)
class Today:
    """All of it, for one person. `further`: how many steps more ask for her attention soon."""

    day: date
    conferences: list[Meeting]
    next: Meeting | None
    actions: list[OwnAction]
    attention: list[Attention]
    further: int
    taken_back: list[TakenBack]


def today(identity: Identity, *, screen: bool = True) -> Today:
    """Return what this person finds on the page of today, after logging what she sees.

    `screen` False: without what may never leave the screen.
    """
    with rights.snapshot():
        day = clock.today()
        covenant = shelf.active(clock.now())
        process = next((p.id for p in covenant.parties.values() if p.process), None) if covenant else None
        rows = _invitations(identity, day)
        reading = of_cases(identity, [*cases_of(identity, process), *_cases_on(rows)])
        reading.board.notes |= {note.id: note for note in _general_actions(identity)}
        codes = _CodeNames(reading)
        meetings = [_meeting(reading, row, codes) for row in rows]
        attention, further = _attention(reading, codes) if CARE in identity.roles else ([], 0)
        found = Today(
            day=day,
            conferences=[meeting for meeting in meetings if _day_of(meeting.starts) == day],
            next=next((meeting for meeting in meetings if _day_of(meeting.starts) > day), None),
            actions=_actions(reading, codes, day, screen=screen),
            attention=attention,
            further=further,
            taken_back=_taken_back(reading, codes),
        )
    reading.release("today.viewed")
    return found


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.AMSTERDAM).date()


def _invitations(identity: Identity, day: date) -> list[Conference]:
    """Today's meetings of a person and, after them, her next one."""
    rows = list(Conference.objects.filter(seats__person=identity.person).order_by("starts", "id"))
    current = [row for row in rows if _day_of(row.starts) == day]
    later = [row for row in rows if _day_of(row.starts) > day]
    return [*current, *later[:1]]


def _cases_on(rows: list[Conference]) -> list[UUID]:
    return [
        case
        for case in AgendaItem.objects.filter(conference__in=rows).values_list("case", flat=True)
        if case is not None
    ]


class _CodeNames:
    """The code names of cases that exist for her; one that is told counts as seen, others do not."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        viewer = access.viewer_of(reading.identity)
        self.cases = [case for case in reading.board.cases if reading.gate.existence(viewer, case).visible]
        self._told: dict[UUID, str] = {}

    def tell(self, case: UUID) -> str:
        """Return a case's code name, and count it as seen."""
        if case not in self._told:
            head = self._reading.body(f"case:{case}", protocol.Case)
            self._told[case] = head.code_name if head else ""
        return self._told[case]


def _meeting(reading: Reading, row: Conference, codes: _CodeNames) -> Meeting:
    viewer = access.viewer_of(reading.identity)
    out = set(row.sent_out.filter(person=reading.identity.person).values_list("case", flat=True))
    cases = [case for case in dict.fromkeys(_cases_on([row])) if case in codes.cases and case not in out]
    chair = Person.objects.filter(id=row.chair).first()
    key = f"conference:{row.id}"
    reading.sights.append(Sight(key, None, (None,), "prc", Level.IDENTIFIED, "general_point"))
    drafts = [
        item
        for item in reading.board.items.values()
        if item.case_id in cases and item.status == "draft" and item.supplier == reading.identity.party
    ]
    return Meeting(
        id=row.id,
        title=reading.gate.open(viewer, of_conference(row)).text,
        starts=row.starts,
        chair=chair.name if chair else "",
        code_names=[codes.tell(case) for case in cases],
        own_drafts=len(drafts),
    )


def _general_actions(identity: Identity) -> QuerySet[Note]:
    """What her party is to do for no case in particular, from the meetings that she is invited to."""
    return Note.objects.filter(
        kind="action", status="open", case=None, owner=identity.party, conference__seats__person=identity.person
    )


def _actions(reading: Reading, codes: _CodeNames, day: date, *, screen: bool) -> list[OwnAction]:
    found = []
    for note in reading.board.notes.values():
        if note.kind != "action" or note.status != "open" or note.owner != reading.identity.party or note.due is None:
            continue
        if note.category == SCREEN_ONLY and not screen:
            continue
        key = f"action:{note.id}"
        body = reading.body(key, protocol.Action)
        if body is not None:
            code = codes.tell(note.case) if note.case else ""
            late = note.due < day
            found.append(
                OwnAction(
                    key, note.conference_id, note.case, code, body.text, note.due, late, body.version, body.category
                )
            )
    return sorted(found, key=lambda action: (action.due, action.key))


def _taken_back(reading: Reading, codes: _CodeNames) -> list[TakenBack]:
    """Return what her party must be told; told on the screen too, for who may not answer the telephone.

    Of what the same line permits again nothing is told.
    """
    since = reading.gate.now - TOLD_FOR
    own = [
        task
        for task in register.tasks(codes.cases)
        if task.kind == TELL_RECEIVER and task.party == reading.identity.party and task.made_at >= since
    ]
    again = register.allowed_again(own, reading.gate.now)
    found = []
    for task in own:
        if task.id in again:
            continue
        reading.saw_register(task.case, task.subject)
        handle = reading.gate.cases[task.case].subjects[task.subject].handle
        found.append(TakenBack(task.case, codes.tell(task.case), handle, task.category, _day_of(task.made_at)))
    return sorted(found, key=lambda one: (one.day, one.code_name, one.handle))


def _attention(reading: Reading, codes: _CodeNames) -> tuple[list[Attention], int]:
    due, further = reminders_in(reading, codes.cases, within=SOON, most=MOST)
    found = [attention_of(reading, case, one, codes.tell(case)) for case, one in due]
    return sorted(found, key=lambda attention: (attention.day, attention.code_name)), further
