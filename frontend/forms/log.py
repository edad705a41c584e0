"""The question to the log as a form: who of which party saw which case, and when."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext, pgettext_lazy

from audit.days import start_of
from audit.queries import Question
from conference.clock import AMSTERDAM
from frontend.forms.asks import ASKS, FIRST, ONLY, Ask

MICROSECONDS = 1_000_000
DECEMBER = 12
DATES = ["%d-%m-%Y", "%Y-%m-%d"]
_EARLIEST, _LATEST = date(1971, 1, 1), date(2100, 1, 1)  # no entry is older or younger
_CODED = ("ask", "only", "party", "period", "first", "last")

Pairs = list[tuple[str, str]]
Groups = list[tuple[str, str | Pairs]]


class DayField(forms.DateField):
    """A day as people write it here: 23-11-2026."""

    def __init__(self, label: Any) -> None:
        wrong = {"invalid": pgettext_lazy("log", "This is no date; write it as 23-11-2026.")}
        super().__init__(label=label, required=False, input_formats=DATES, error_messages=wrong)


class Pick(forms.Select):
    """A select of hundreds of choices, written out at once: Django's own fills two templates for each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the markup."""
        attributes = format_html_join(
            "", ' {}="{}"', self.build_attrs(self.attrs, {"name": name, **(attrs or {})}).items()
        )
        options = format_html_join("", "{}", ((part,) for part in _options(self.choices, str(value or ""))))
        return format_html("<select{}>{}</select>", attributes, options)


def _options(choices: Any, chosen: str) -> Iterator[SafeString]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            group = format_html_join("", "{}", ((part,) for part in _options(label, chosen)))
            yield format_html('<optgroup label="{}">{}</optgroup>', value, group)
        elif str(value) == chosen:
            yield format_html('<option value="{}" selected>{}</option>', value, label)
        else:
            yield format_html('<option value="{}">{}</option>', value, label)


class QuestionForm(forms.Form):
    """All fields are choices from what the log holds, or days; empty means all."""

    ask = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(name, name) for name in ASKS])
    only = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(name, name) for name in ONLY])
    party = forms.ChoiceField(required=False, widget=Pick, label=pgettext_lazy("log", "Party"))
    case = forms.ChoiceField(required=False, widget=Pick, label=pgettext_lazy("log", "Case"))
    period = forms.ChoiceField(required=False, widget=Pick, label=pgettext_lazy("log", "Period"))
    person = forms.ChoiceField(required=False, widget=Pick, label=pgettext_lazy("log", "Person"))
    subject = forms.ChoiceField(required=False, widget=Pick, label=pgettext_lazy("log", "Subject"))
    first = DayField(pgettext_lazy("log", "From"))
    last = DayField(pgettext_lazy("log", "Up to"))

    def __init__(
        self, data: Any, *, parties: Pairs, cases: Groups, people: Groups, periods: Groups, subjects: Pairs
    ) -> None:
        super().__init__(data)
        everything: dict[str, tuple[str, Groups]] = {
            "party": (pgettext("log", "all parties"), [*parties]),
            "case": (pgettext("log", "any case"), cases),
            "period": (pgettext("log", "all years"), periods),
            "person": (pgettext("log", "everybody"), people),
            "subject": (pgettext("log", "anybody"), [*subjects]),
        }
        for name, (all_of_them, choices) in everything.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = [("", all_of_them), *choices]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(pgettext("log", "The period ends before it begins.")))
        return cleaned

    @property
    def asked(self) -> str:
        """The code of the question that is asked."""
        return self.cleaned_data.get("ask") or FIRST

    @property
    def only_asked(self) -> str:
        """The code of the filter on top of it, "" for none."""
        return self.cleaned_data.get("only") or ""

    @property
    def _ask(self) -> Ask:
        return ASKS[self.asked]

    def sentence(self) -> list[tuple[str, BoundField | None]]:
        """Return the question as words, each with the field that follows them."""
        return [(words, self[name] if name else None) for words, name in self._ask.parts()]

    def folded(self) -> list[BoundField]:
        """Return the choices that do not stand in the sentence."""
        names = ("party", "case", "person", "subject", "period", "first", "last")
        return [self[name] for name in names if name not in self._ask.fields()]

    @property
    def folded_in_use(self) -> bool:
        """Whether a choice is made, or wrong, that would stand folded away."""
        return any(self.cleaned_data.get(field.name) or field.errors for field in self.folded())

    def question(self) -> Question:
        """Return what is asked; a field in error asks nothing."""
        asked = self.cleaned_data
        since, until = _period(asked)
        return Question(
            party=asked.get("party") or None,
            case=_id(asked.get("case")),
            person=_id(asked.get("person")),
            subject=_id(asked.get("subject")),
            since=since,
            until=until,
            marks=self._ask.marks | (ONLY[self.only_asked].marks if self.only_asked else 0),
        )

    def codes(self) -> tuple[str, ...]:
        """Return the question as codes, for the log's own entry about being read."""
        told = {name: self.cleaned_data.get(name) for name in _CODED}
        return tuple(f"{name}={value}" for name, value in told.items() if value)


def period_choices(first: int | None, today: date) -> Groups:
    """Return the years from the log's first entry (µs) to `today`, newest first: each whole, then its months.

    As ("2026", [("2026", "2026"), ("2026-11", "november 2026"), ...]).
    """
    months = month_choices(first, today)
    return [(year, [(year, year), *of_it]) for year, of_it in groupby(months, lambda month: month[0][:4])]


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
    """Return since and until in µs; days prevail over the month or year, and count whole."""
    first, last = asked.get("first"), asked.get("last")
    if not first and not last and asked.get("period"):
        year, _dash, month = asked["period"].partition("-")
        first = date(int(year), int(month or 1), 1)
        last = _last_of(int(year), int(month or DECEMBER))
    return _midnight(first), _midnight(last + timedelta(days=1) if last and last < date.max else None)


def _last_of(year: int, month: int) -> date:
    return date(year + month // DECEMBER, month % DECEMBER + 1, 1) - timedelta(days=1)


def _midnight(day: date | None) -> int | None:
    return None if day is None else start_of(min(max(day, _EARLIEST), _LATEST).toordinal())
