"""The question to the log as a form: who of which party saw which case, and when."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import pgettext, pgettext_lazy

from audit.days import start_of
from audit.marks import REFUSED
from audit.queries import Question
from conference.clock import AMSTERDAM

MICROSECONDS = 1_000_000
DECEMBER = 12
DATES = ["%d-%m-%Y", "%Y-%m-%d"]
_FIRST, _LAST = date(1971, 1, 1), date(2100, 1, 1)  # no entry is older or younger

Pairs = list[tuple[str, str]]


class DayField(forms.DateField):
    """A day as people write it here: 23-11-2026."""

    def __init__(self, label: Any) -> None:
        wrong = {"invalid": pgettext_lazy("log", "This is no date; write it as 23-11-2026.")}
        super().__init__(label=label, required=False, input_formats=DATES, error_messages=wrong)


class QuestionForm(forms.Form):
    """All fields are choices from what the log holds, or days; empty means all."""

    party = forms.ChoiceField(required=False, label=pgettext_lazy("log", "Party"))
    case = forms.ChoiceField(required=False, label=pgettext_lazy("log", "Case"))
    period = forms.ChoiceField(required=False, label=pgettext_lazy("log", "Period"))
    person = forms.ChoiceField(required=False, label=pgettext_lazy("log", "Person"))
    first = DayField(pgettext_lazy("log", "From"))
    last = DayField(pgettext_lazy("log", "Up to"))
    subject = forms.UUIDField(required=False, widget=forms.HiddenInput)
    refused = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, parties: Pairs, cases: Pairs, people: Pairs, months: Pairs) -> None:
        super().__init__(data)
        everything = {
            "party": (pgettext("log", "all parties"), parties),
            "case": (pgettext("log", "any case"), cases),
            "period": (pgettext("log", "all time"), months),
            "person": (pgettext("log", "everybody"), people),
        }
        for name, (all_of_them, pairs) in everything.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = [("", all_of_them), *pairs]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(pgettext("log", "The period ends before it begins.")))
        return cleaned

    @property
    def folded_in_use(self) -> bool:
        """Whether a choice is made, or wrong, that would stand folded away."""
        return any(self.cleaned_data.get(name) or name in self.errors for name in ("person", "first", "last"))

    def question(self) -> Question:
        """Return what is asked; a field in error asks nothing."""
        asked = self.cleaned_data
        since, until = _period(asked)
        return Question(
            party=asked.get("party") or None,
            case=_id(asked.get("case")),
            person=_id(asked.get("person")),
            subject=asked.get("subject"),
            since=since,
            until=until,
            marks=REFUSED if asked.get("refused") else 0,
        )

    def codes(self) -> tuple[str, ...]:
        """Return the question as codes, for the log's own entry about being read."""
        asked = self.cleaned_data
        told = {name: asked.get(name) for name in ("party", "period", "first", "last")}
        pairs = [f"{name}={value}" for name, value in told.items() if value]
        return (*pairs, "out=deny") if asked.get("refused") else tuple(pairs)


def month_choices(first: int | None, today: date) -> Pairs:
    """Return the months from the log's first entry (µs) to `today`, newest first: ("2026-11", "november 2026")."""
    oldest = datetime.fromtimestamp(first / MICROSECONDS, AMSTERDAM).date() if first is not None else today
    months: Pairs = []
    year, month = today.year, today.month
    while (year, month) >= (oldest.year, oldest.month):
        months.append((f"{year}-{month:02d}", f"{MONTHS[month]} {year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, DECEMBER)
    return months


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _period(asked: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return since and until in µs; days prevail over the month, and count whole."""
    first, last = asked.get("first"), asked.get("last")
    if not first and not last and asked.get("period"):
        year, month = (int(part) for part in asked["period"].split("-"))
        first = date(year, month, 1)
        last = date(year + month // DECEMBER, month % DECEMBER + 1, 1) - timedelta(days=1)
    return _midnight(first), _midnight(last + timedelta(days=1) if last and last < date.max else None)


def _midnight(day: date | None) -> int | None:
    if day is None:
        return None
    return start_of(min(max(day, _FIRST), _LAST).toordinal())
