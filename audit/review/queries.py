"""What the pages of reviewing show: the queue, one finding, months and samples, the share per week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import loads
from uuid import UUID

from django.db.models import Count, Min, Q

from audit.models import Leaf
from audit.queries import Row as Entry
from audit.review import rules
from audit.review.commands import FINDING_TABLE, LINE_TABLE, Sealer, now
from audit.review.facts import SECOND
from audit.review.models import Finding, ReviewedDay, ReviewPlace, Sample, SampleLine
from audit.review.rules import KINDS

ANSWER_WITHIN = timedelta(days=14)
EXCEPTION_WITHIN = timedelta(hours=72)
PAGE = 50
WEEKS = 26
MONTHS = 12
_OPEN = Q(state__in=["open", "answered"])


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as the queue shows it. `state`: open | asked | unanswered | answered | judged | settled.

    `first`, `last`: µs since 1970. `leaves`: ids of its entries. `due`: an exception is looked at within 72 hours.
    """

    id: UUID
    kind: str
    reason: str
    person: UUID
    case: UUID | None
    day: date
    first: int
    last: int
    marks: tuple[str, ...]
    count: int
    usual: int
    state: str
    version: int
    leaves: tuple[int, ...]
    asked_at: datetime | None
    answered_at: datetime | None
    verdict: str
    judged_at: datetime | None
    judged_by: UUID | None
    due: datetime | None

    @property
    def entries(self) -> int:
        return len(self.leaves)


@dataclass(frozen=True, slots=True)
class Detail:
    """A finding with what was written about it, opened."""

    row: Row
    answer: str
    note: str
    asked_by: UUID | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week that begins on `monday`: visits, and how many of them nothing explains."""

    monday: date
    visits: int
    unexplained: int

    @property
    def share(self) -> float:
        return self.unexplained / self.visits if self.visits else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sample. `person`: of whom the entry tells; `tie`: what explains it, "" for nothing."""

    id: UUID
    number: int
    leaf: int
    person: UUID
    tie: str
    verdict: str
    judged_by: UUID | None
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Month:
    """A past month and its sample, None while it is not drawn. `judged` of `lines` have a verdict."""

    month: date
    sample: UUID | None
    seed: str
    population: int
    lines: int
    judged: int

    @property
    def done(self) -> bool:
        return self.sample is not None and self.judged == self.lines


# --- findings -------------------------------------------------------------------------------


def queue(*, waiting: bool = False, size: int | None = None) -> list[Row]:
    """Return what an officer has to look at: exceptions first, then by kind, the oldest first.

    Open, answered, and asked but unanswered for 14 days; `waiting`: asked and still in time instead.
    """
    found = Finding.objects.filter(_waiting() if waiting else _to_judge()).select_related("question")
    rows = [_row(one) for one in found]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.first, str(row.id)))[: size or PAGE]


def to_judge() -> int:
    """Return how many findings wait for an officer."""
    return Finding.objects.filter(_to_judge()).count()


def waiting() -> int:
    """Return how many questions are with their readers, in time."""
    return Finding.objects.filter(_waiting()).count()


def judged(size: int | None = None) -> list[Row]:
    """Return what was judged last."""
    found = Finding.objects.filter(state="judged").select_related("question").order_by("-judged_at", "id")
    return [_row(one) for one in found[: size or PAGE]]


def detail(finding: UUID, sealer: Sealer) -> Detail | None:
    """Return one finding with answer and note opened. Raises what the sealer raises."""
    found = Finding.objects.select_related("question").filter(id=finding).first()
    if found is None:
        return None
    question = getattr(found, "question", None)
    return Detail(
        row=_row(found),
        answer=_opened(sealer, FINDING_TABLE, found.id, "answer", question.answer_sealed if question else None),
        note=_opened(sealer, FINDING_TABLE, found.id, "note", found.note_sealed),
        asked_by=question.asked_by if question else None,
    )


def about(finding: UUID) -> UUID | None:
    """Return whom a finding is about."""
    return Finding.objects.filter(id=finding).values_list("person", flat=True).first()


def case_of(table: str, row: UUID) -> UUID | None:
    """Return the case that a text in one of the review's tables is about, None for no single one."""
    if table == FINDING_TABLE:
        return Finding.objects.filter(id=row).values_list("case", flat=True).first()
    drawn = SampleLine.objects.filter(id=row).values("leaf")
    return Leaf.objects.filter(id__in=drawn).values_list("case_id", flat=True).first()


def questions_to(person: UUID) -> list[Row]:
    """Return what somebody was asked and has not answered, oldest first."""
    found = Finding.objects.filter(person=person, state="asked").select_related("question")
    return [_row(one) for one in found.order_by("question__asked_at", "id")]


def asked(person: UUID) -> int:
    """Return how many questions wait for somebody's answer."""
    return Finding.objects.filter(person=person, state="asked").count()


def _waiting() -> Q:
    return Q(state="asked", question__asked_at__gt=now() - ANSWER_WITHIN)


def _to_judge() -> Q:
    return _OPEN | Q(state="asked", question__asked_at__lte=now() - ANSWER_WITHIN)


def _row(found: Finding) -> Row:
    question = getattr(found, "question", None)
    late = question is not None and found.state == "asked" and question.asked_at <= now() - ANSWER_WITHIN
    due = datetime.fromtimestamp(found.first_t / SECOND, rules.ZONE) + EXCEPTION_WITHIN
    return Row(
        id=found.id,
        kind=found.kind,
        reason=found.reason,
        person=found.person,
        case=found.case,
        day=found.day,
        first=found.first_t,
        last=found.last_t,
        marks=tuple(mark for mark in rules.MARKS if mark in found.marks),
        count=found.count,
        usual=found.usual,
        state="unanswered" if late else found.state,
        version=found.version,
        leaves=tuple(found.leaves),
        asked_at=question.asked_at if question else None,
        answered_at=question.answered_at if question else None,
        verdict=found.verdict,
        judged_at=found.judged_at,
        judged_by=found.judged_by,
        due=due if found.kind == rules.EXCEPTION else None,
    )


def _opened(sealer: Sealer, table: str, row: UUID, field: str, sealed: bytes | memoryview | None) -> str:
    return sealer.open(table, row, field, bytes(sealed)).decode() if sealed else ""


def entries(leaves: Iterable[int]) -> list[Entry]:
    """Return these entries as they were written, in order of time."""
    found = Leaf.objects.filter(id__in=set(leaves)).order_by("t", "id")
    return [Entry(one.id, one.t, loads(bytes(one.leaf))) for one in found]


def last_run() -> datetime | None:
    """Return when the last run ended."""
    return ReviewPlace.objects.filter(id=1).values_list("ran_at", flat=True).first()


# --- the share per week -----------------------------------------------------------------------


def weeks(today: date, size: int = WEEKS) -> list[Week]:
    """Return the last weeks up to this one, oldest first; a week in which nobody looked has no visits."""
    this = today - timedelta(days=today.weekday())
    first = this - timedelta(weeks=size - 1)
    visits: dict[date, tuple[int, int]] = {}
    for one in ReviewedDay.objects.filter(day__gte=first):
        monday = one.day - timedelta(days=one.day.weekday())
        before = visits.get(monday, (0, 0))
        visits[monday] = (before[0] + one.visits, before[1] + one.unexplained)
    mondays = [first + timedelta(weeks=number) for number in range(size)]
    return [Week(monday, *visits.get(monday, (0, 0))) for monday in mondays]


# --- samples ------------------------------------------------------------------------------------


def months(today: date, size: int = MONTHS) -> list[Month]:
    """Return the past months of which the log holds something, newest first, each with its sample."""
    first = Leaf.objects.aggregate(first=Min("t"))["first"]
    if first is None:
        return []
    oldest = rules.day_of(first).replace(day=1)
    drawn = Sample.objects.annotate(size=Count("lines"), decided=Count("lines", filter=~Q(lines__verdict="")))
    samples = {one.month: Month(one.month, one.id, one.seed, one.population, one.size, one.decided) for one in drawn}
    found: list[Month] = []
    month = _before(today.replace(day=1))
    while month >= oldest and len(found) < size:
        found.append(samples.get(month, Month(month, None, "", 0, 0, 0)))
        month = _before(month)
    return found


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def lines(sample: UUID, sealer: Sealer) -> Sequence[Line]:
    """Return a sample's lines in the order of drawing, notes opened."""
    return [
        Line(
            one.id,
            one.number,
            one.leaf,
            one.person,
            one.tie,
            one.verdict,
            one.judged_by,
            _opened(sealer, LINE_TABLE, one.id, "note", one.note_sealed),
            one.version,
        )
        for one in SampleLine.objects.filter(sample=sample)
    ]
