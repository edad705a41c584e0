"""Reading the log: newest first, page by page, found by the columns and told from the bytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from audit.models import Leaf, Recipient

PAGE = 50
MOST_CHOICES = 2_000
_PLACE = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks of the log; what is None is not asked.

    `person`: whoever acted or was reached. `since`, `until`: µs since 1970, since ≤ t < until.
    """

    case: UUID | None = None
    person: UUID | None = None
    party: str | None = None
    subject: UUID | None = None
    since: int | None = None
    until: int | None = None
    out: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log, for going on from there: the time and number of the last row shown."""

    t: int
    id: int

    def __str__(self) -> str:
        return f"{self.t}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Return the place that `str` wrote, or None for anything else."""
        if not _PLACE.fullmatch(text):
            return None
        t, _, number = text.partition("-")
        found = cls(int(t), int(number))
        return found if max(found.t, found.id) < 2**63 else None


@dataclass(frozen=True, slots=True)
class Row:
    """One leaf as it was written. `leaf`: its JSON object."""

    id: int
    t: int
    leaf: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `older` is where the next page begins, None at the end."""

    rows: list[Row]
    older: Place | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many entries answer a question, and how many of them were refusals."""

    entries: int
    refused: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What occurs in the log at all, for choosing from. `first`: µs of the oldest entry, None when empty."""

    cases: list[UUID]
    people: list[UUID]
    parties: list[str]
    first: int | None


def page(question: Question, before: Place | None = None, size: int = PAGE) -> Page:
    """Return up to `size` rows that answer the question, from before a place on."""
    found = _asked(question)
    if before is not None:
        found = found.filter(Q(t__lt=before.t) | Q(t=before.t, id__lt=before.id))
    leaves = list(found.order_by("-t", "-id")[: size + 1])
    rows = [Row(leaf.id, leaf.t, json.loads(bytes(leaf.leaf))) for leaf in leaves[:size]]
    older = Place(rows[-1].t, rows[-1].id) if len(leaves) > size else None
    return Page(rows, older)


def totals(question: Question) -> Totals:
    """Count what answers the question."""
    counted = _asked(question).aggregate(entries=Count("id"), refused=Count("id", filter=Q(out="deny")))
    return Totals(**counted)


def choices() -> Choices:
    """Return the ids and codes that occur in the log; at most 2,000 of each."""
    people = {*_occurring("actor"), *Recipient.objects.values_list("person", flat=True).distinct()[:MOST_CHOICES]}
    return Choices(
        cases=_occurring("case_id"),
        people=sorted(people),
        parties=sorted(_occurring("party")),
        first=Leaf.objects.order_by("t").values_list("t", flat=True).first(),
    )


def _occurring(column: str) -> list[Any]:
    found = Leaf.objects.exclude(**{column: None}).order_by().values_list(column, flat=True).distinct()
    return list(found[:MOST_CHOICES])


def _asked(question: Question) -> "QuerySet[Leaf]":
    found = Leaf.objects.all()
    exact = {
        "case_id": question.case,
        "party": question.party,
        "subject": question.subject,
        "out": question.out,
        "act": question.act,
        "t__gte": question.since,
        "t__lt": question.until,
    }
    found = found.filter(**{column: value for column, value in exact.items() if value is not None})
    if question.person is not None:
        reached = Recipient.objects.filter(person=question.person).values("leaf_id")
        found = found.filter(Q(actor=question.person) | Q(id__in=reached))
    return found
