"""What a care coordinator is reminded of, over all her cases: what ends, must be asked anew, or must be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agenda.pages.case import CARE
from agenda.pages.reading import Reading, cases_of, of_cases
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import access, registering, rights
from conference.cases.access import Access, Sight
from conference.cases.rights import CaseRights, SubjectRights
from conference.covenant import shelf
from conference.covenant.days import birthday, day_of
from conference.covenant.facts import Level
from conference.covenant.words import COMENSHA
from consent import ages, register
from consent.models import ConsentLine, RegisterTask
from consent.reminders import Kind, Known, Line, Reminder, Task, reminders
from consent.talk import Reflection, Representative

TOGETHER = frozenset({Kind.CONSENT_ENDS, Kind.REVIEW})
ASKED_AT = (ages.CHILD_UNTIL, ages.TEEN_UNTIL, ages.ADULT_FROM)


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that asks for a step. `kind`: as in `consent.reminders.Kind`; of consent_ends `day` is its last day.

    `left`: days until then, negative when it has passed. `age`: what she turns on that day. `task`: what is
    closed once it is told. `others`: whether her representative may be told too; None where that is no question.
    """

    kind: str
    case: UUID
    subject: UUID
    code_name: str
    handle: str
    party: str
    category: str
    day: date
    left: int
    age: int | None
    task: UUID | None
    others: bool | None = None


def reminded(identity: Identity) -> list[Attention] | None:
    """Return all that this care coordinator is reminded of, after logging it; None (and an entry) for others."""
    looking = Access(act="register.listed", origin="http", identity=identity)
    if CARE not in identity.roles:
        access.refuse(looking, "role_party")
        return None
    with rights.snapshot():
        covenant = shelf.active(clock.now())
        reading = of_cases(identity, cases_of(identity, covenant.process if covenant else None))
        viewer = access.viewer_of(identity)
        existing = [case for case in reading.board.cases if reading.gate.existence(viewer, case).visible]
        found = [
            attention_of(reading, case, one, reading.gate.cases[case].header().code_name)
            for case, one in reminders_in(reading, existing)[0]
        ]
    reading.release("register.listed")
    return found


def attention_of(reading: Reading, case: UUID, one: Reminder, code_name: str) -> Attention:
    """Return a reminder as it is shown."""
    return Attention(
        kind=one.kind.value,
        case=case,
        subject=one.subject,
        code_name=code_name,
        handle=reading.gate.cases[case].subjects[one.subject].handle,
        party=one.party,
        category=one.category,
        day=one.day,
        left=one.left,
        age=one.age,
        task=one.task,
        others=one.others,
    )


def reminders_in(
    reading: Reading, cases: Sequence[UUID], *, within: int | None = None, most: int | None = None
) -> tuple[list[tuple[UUID, Reminder]], int]:
    """Return the reminders of these cases with the case of each, and how many steps are left out.

    The earliest comes first; each that is returned counts as seen. `within`: only what is due in so many days or
    has passed. `most`: so many steps; of what is left out nothing is seen.
    """
    open_now = [case for case in cases if reading.gate.cases[case].readable]
    known = _known(reading, open_now)
    home = {subject: case for case in open_now for subject in reading.gate.cases[case].subjects}
    due = [one for one in reminders(known, day_of(reading.gate.now)) if within is None or one.left <= within]
    steps = list(dict.fromkeys(step_of(one) for one in due))
    shown = set(steps if most is None else steps[:most])
    seen = [one for one in due if step_of(one) in shown]
    for one in seen:
        _saw(reading, home[one.subject], one)
    return [(home[one.subject], one) for one in seen], len(steps) - len(shown)


def step_of(one: Reminder | Attention) -> tuple[object, ...]:
    """Return what is one step for her: of one person, kind of data and day all organisations together.

    What she signed for CoMensha is a step apart: it is asked on paper, and for purposes of its own.
    """
    if one.kind in TOGETHER:
        return (str(one.kind), one.subject, one.category, one.day, one.party == COMENSHA)
    return (str(one.kind), one.subject, one.category, one.day, one.party, one.task)


def _saw(reading: Reading, case: UUID, one: Reminder) -> None:
    reading.saw_register(case, one.subject)
    if one.kind is Kind.TURNS:  # her birthday: identity data like any other
        viewer = access.viewer_of(reading.identity)
        ruling = reading.gate.subject_ruling(viewer, case, reading.gate.cases[case].subjects[one.subject])
        key = f"subject:{one.subject}"
        reading.sights.append(Sight(key, case, (one.subject,), "id", ruling.level, ruling.reason))


def _known(reading: Reading, cases: Sequence[UUID]) -> list[Known]:
    lines, tasks = register.standing(register.lines(cases)), _open_tasks(reading, cases)
    reflecting = registering.reflections(cases)
    telling = {row.case for row in tasks if row.kind == Kind.TELL_PERSON}
    representing = registering.representatives(telling)
    return [
        Known(
            subject=subject.id,
            lines=_lines(reading, found, subject.id, lines.items()),
            turning=_turning(reading, found.id, subject),
            reflection=reflecting.get(subject.id, Reflection()),
            representative=representing.get(subject.id, Representative()),
            tasks=[_task(row) for row in tasks if row.subject == subject.id],
        )
        for found in (reading.gate.cases[case] for case in cases)
        for subject in found.subjects.values()
    ]


def _open_tasks(reading: Reading, cases: Sequence[UUID]) -> list[RegisterTask]:
    """What is still to be told; not what the same line permits again, for as long as it does."""
    open_now = [row for row in register.tasks(cases) if row.done_at is None]
    again = register.allowed_again([row for row in open_now if row.kind == Kind.TELL_RECEIVER], reading.gate.now)
    return [row for row in open_now if row.id not in again]


def _lines(
    reading: Reading, found: CaseRights, subject: UUID, standing: Iterable[tuple[register.LineKey, ConsentLine]]
) -> list[Line]:
    """Her lines for the case's own purpose, and those for CoMensha, which have purposes of their own."""
    return [
        Line(
            party=key.party,
            category=key.category,
            state=register.state_at(event, reading.gate.now),
            ends=event.ends,
            review_on=event.review_on,
        )
        for key, event in standing
        if key.subject == subject and (key.purpose == found.purpose_ref or key.party == COMENSHA)
    ]


def _turning(reading: Reading, case: UUID, subject: SubjectRights) -> dict[int, date]:
    """On which days she is asked anew because of her age; nothing where her birth date may not be read."""
    viewer = access.viewer_of(reading.identity)
    if subject.birth_date is None or subject.role == "suspect":
        return {}
    if reading.gate.subject_ruling(viewer, case, subject).level is not Level.IDENTIFIED:
        return {}
    return {age: birthday(subject.birth_date, age) for age in ASKED_AT}


def _task(row: RegisterTask) -> Task:
    return Task(id=row.id, kind=row.kind, party=row.party, category=row.category, due=row.due)
