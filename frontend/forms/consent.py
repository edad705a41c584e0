"""The form of a conversation about consent: a choice for each organisation and category, none by default."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.consents import Step
from agenda.pages import Choice, RegisterView
from conference import clock
from conference.covenant.days import day_end
from consent.commands import Given
from consent.states import PERMITTING, State, may_follow
from frontend import spoken
from frontend.categories import in_order
from frontend.forms.accounts import DATE, NEEDED, Plain
from frontend.names import party_name
from frontend.refusals import refusal_text

DAYS = ["%d-%m-%Y", "%Y-%m-%d"]  # as it is written here; the second is what machines send
MONTHS = 6  # a yes holds half a year unless another day is chosen
LONGEST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation under a question: the field, and what stands in the register now."""

    choice: Choice
    field: forms.BoundField

    @property
    def party(self) -> str:
        return party_name(self.choice.party)

    @property
    def holds(self) -> bool:
        return self.choice.state in PERMITTING


@dataclass(frozen=True, slots=True)
class Question:
    """All organisations that may be asked about for one category."""

    category: str
    number: int
    script: str
    rows: list[Row]


def after_months(start: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004  December, counted from 0
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), following - timedelta(days=1))


def _name(choice: Choice) -> str:
    return f"line-{choice.category}-{choice.party}"


class ConsentForm(Plain):
    """All answers of one conversation. `view`: the register of this victim; it says what may be asked."""

    ends = forms.DateField(
        label=lazy("Last day of each yes"),
        required=False,
        help_text=lazy("Half a year, unless she wants another day. It ends earlier when she turns 12, 16 or 18."),
        widget=forms.DateInput(format=DAYS[0], attrs={"autocomplete": "off", "inputmode": "numeric"}),
        input_formats=DAYS,
        error_messages=DATE,
    )
    method = forms.ChoiceField(
        label=lazy("How does she answer?"),
        widget=forms.RadioSelect,
        choices=[],
        initial="mondeling",
        error_messages=NEEDED,
    )
    language = forms.CharField(
        label=lazy("In which language?"),
        max_length=60,
        initial=lazy("Dutch"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=NEEDED,
    )
    interpreter = forms.CharField(
        label=lazy("Interpreter"),
        max_length=60,
        required=False,
        help_text=lazy("The interpreter's number, no name. Leave it empty without an interpreter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, view: RegisterView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        self.fields["ends"].initial = after_months(clock.today(), MONTHS)
        methods = [("mondeling", _("by word of mouth")), ("schriftelijk", _("in writing"))]
        self.fields["method"].choices = methods  # type: ignore[attr-defined]  # a choice field
        for choice in self.askable:
            self.fields[_name(choice)] = forms.ChoiceField(
                label=f"{party_name(choice.party)}: {spoken.topic(choice.category)}",
                choices=_answers(choice),
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def askable(self) -> list[Choice]:
        """Lines that can be answered at all; an invalid one is closed for ever."""
        return [choice for choice in self.view.choices if choice.state is not State.INVALID]

    @property
    def questions(self) -> list[Question]:
        """The questions in the fixed order of categories."""
        asked = self.askable
        order = in_order(choice.category for choice in asked)
        return [
            Question(
                category,
                number,
                spoken.question(category),
                [Row(choice, self[_name(choice)]) for choice in asked if choice.category == category],
            )
            for number, category in enumerate(order, 1)
        ]

    def chosen(self) -> Iterator[tuple[Choice, str]]:
        """Yield what was answered: yes, no or later; what was left open is not there. Only of a clean form."""
        for choice in self.askable:
            given = self.cleaned_data.get(_name(choice))
            if given:
                yield choice, given

    def clean(self) -> dict[str, Any]:
        """At least one answer, and a day for each yes."""
        given = super().clean() or self.cleaned_data
        answers = [answer for _choice, answer in self.chosen()]
        if not answers:
            self.add_error(None, ValidationError(_("Choose at least one answer."), code="nothing_chosen"))
        if "yes" in answers and "ends" not in self.errors:
            self._check_end(given.get("ends"))
        return given

    def _check_end(self, ends: date | None) -> None:
        today = clock.today()
        if ends is None:
            self.add_error("ends", ValidationError(_("Fill in the last day of each yes."), code="required"))
        elif ends < today:
            self.add_error("ends", ValidationError(refusal_text("ends_before_start"), code="ends_before_start"))
        elif ends > after_months(today, 12 * LONGEST_YEARS):
            self.add_error("ends", ValidationError(_("Choose a day within five years."), code="ends_too_late"))

    def read_back(self) -> list[tuple[str, str]]:
        """Return each answer as (yes, no or later; the sentence). Only of a valid form."""
        until = self.cleaned_data.get("ends")
        return [(given, spoken.answer(given, one.party, one.category, until)) for one, given in self.chosen()]

    @property
    def has_yes(self) -> bool:
        """Whether anything is given. Only of a valid form."""
        return any(given == "yes" for _choice, given in self.chosen())

    def steps(self) -> list[Step]:
        """Return the register's events. Only of a valid form."""
        given = self.cleaned_data
        how = Given(method=given["method"], language=given["language"], interpreter=given["interpreter"])
        return [self._step(choice, answer, how) for choice, answer in self.chosen()]

    def _step(self, choice: Choice, answer: str, how: Given) -> Step:
        return Step(
            case=self.view.case,
            subject=self.view.subject,
            party=choice.party,
            category=choice.category,
            state=_state(choice, answer),
            ends=day_end(self.cleaned_data["ends"]) if answer == "yes" else None,
            how=how,
        )

    def typed(self) -> list[tuple[str, str]]:
        """Return every field as it was sent, to carry it to the next page."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def refuse(self, code: str) -> None:
        """Show a refusal of the register."""
        self.refusal = code
        self.add_error(None, ValidationError(refusal_text(code), code=code))


def _answers(choice: Choice) -> list[tuple[str, str]]:
    """Putting off is no answer to what holds already: that holds, is ended earlier or is withdrawn."""
    offered = [("yes", _("Yes")), ("no", _("No")), ("later", _("Not yet"))]
    return [offer for offer in offered if may_follow(choice.state, _state(choice, offer[0]))]


def _state(choice: Choice, answer: str) -> State:
    if answer == "yes":
        return State.GIVEN
    if answer == "later":
        return State.DEFERRED
    return State.WITHDRAWN if choice.state in PERMITTING else State.REFUSED


class LineForm(Plain):
    """One line of the register, named by organisation and category."""

    party = forms.RegexField(regex=r"^[a-z0-9_]{1,60}$")
    category = forms.RegexField(regex=r"^[a-z]{2,10}$")


class LimitForm(LineForm):
    """An earlier last day for one line."""

    ends = forms.DateField(input_formats=DAYS, error_messages=DATE)


class WithdrawForm(LineForm):
    """A line of one person in a case."""

    subject = forms.UUIDField()
