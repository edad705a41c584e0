"""Forms of the overview: the period, leaving names out (UAVG 41), and when a request came in."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext, pgettext_lazy

from audit.overview.decisions import NewLimit
from frontend.forms.accounts import Plain
from frontend.forms.log import DATES
from frontend.overview.gathering import Period, Seer
from frontend.overview.words import LIMITS

Pairs = list[tuple[str, str]]
PARTY, PERSON = "party:", "person:"

REFUSALS: dict[str, Any] = {
    "already_limited": pgettext_lazy("overview", "These names are left out already."),
    "already_ended": pgettext_lazy("overview", "This decision had ended already."),
    "already_asked": pgettext_lazy("overview", "There is a request already that was not answered."),
    "already_answered": pgettext_lazy("overview", "This request was answered already."),
    "already_extended": pgettext_lazy("overview", "The term was extended already: that is possible once."),
    "too_late": pgettext_lazy("overview", "The first month has passed: the term cannot be extended any more."),
    "not_yet": pgettext_lazy("overview", "This day has not come yet. Fill in the day on which the request came in."),
    "review_not_later": pgettext_lazy("overview", "Choose a day after today to look at this again."),
}
OTHERWISE = pgettext_lazy("overview", "This could not be done. Nothing was saved.")


YEARS = range(2000, 2100)


class DayField(forms.DateField):
    """A day of this century as people write it here: 23-11-2026."""

    def __init__(self, label: Any, *, required: bool = False, help_text: Any = "") -> None:
        wrong = {
            "invalid": pgettext_lazy("log", "This is no date; write it as 23-11-2026."),
            "required": pgettext_lazy("overview", "Fill in a date, such as 23-11-2026."),
        }
        super().__init__(label=label, required=required, input_formats=DATES, error_messages=wrong, help_text=help_text)

    def to_python(self, value: Any) -> date | None:
        """Return the day; one of another century is a slip."""
        day: date | None = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PeriodForm(Plain):
    """From when to when; empty is open."""

    first = DayField(pgettext_lazy("log", "From"))
    last = DayField(pgettext_lazy("log", "Up to"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(pgettext("log", "The period ends before it begins.")))
        return cleaned

    def period(self) -> Period:
        """Return what is asked; a field in error asks nothing."""
        return Period(self.cleaned_data.get("first"), self.cleaned_data.get("last"))


class LimitForm(Plain):
    """A decision that names stay out of an overview."""

    invoked_by = forms.ChoiceField(
        label=pgettext_lazy("overview", "Which organisation asks for this?"),
        error_messages={"required": pgettext_lazy("overview", "Choose an organisation")},
    )
    whose = forms.ChoiceField(
        label=pgettext_lazy("overview", "Whose name stays out?"),
        help_text=pgettext_lazy("overview", "The organisation is always named."),
        error_messages={"required": pgettext_lazy("overview", "Choose whose name")},
    )
    grounds = forms.MultipleChoiceField(
        label=pgettext_lazy("overview", "On what ground of article 41 UAVG?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": pgettext_lazy("overview", "Choose at least one ground.")},
    )
    told = forms.ChoiceField(
        label=pgettext_lazy("overview", "Does the letter say so?"),
        widget=forms.RadioSelect,
        error_messages={"required": pgettext_lazy("overview", "Choose whether the letter says so.")},
    )
    review_on = DayField(
        pgettext_lazy("overview", "Looked at again on"),
        required=True,
        help_text=pgettext_lazy("overview", "The decision counts on until you end it."),
    )

    def __init__(self, data: Any, *, parties: dict[str, str], people: dict[UUID, Seer]) -> None:
        super().__init__(data)
        self._people = people
        listed = sorted(parties.items(), key=lambda pair: pair[1].casefold())
        everybody = pgettext("overview", "everybody of %(party)s")
        choices = {
            # Nothing is chosen beforehand: a decision is never taken by not looking.
            "invoked_by": [("", pgettext("overview", "Choose an organisation")), *listed],
            "whose": [("", pgettext("overview", "Choose whose name"))]
            + [(PARTY + code, everybody % {"party": name}) for code, name in listed]
            + [(f"{PERSON}{key}", f"{one.name}, {parties.get(one.party, one.party)}") for key, one in people.items()],
            "grounds": [(letter, f"{letter}. {text}") for letter, text in LIMITS.items()],
            "told": [
                ("yes", pgettext("overview", "Yes, in one sentence with the ground")),
                ("no", pgettext("overview", "No: saying it would undo what it is for (article 41, paragraph 2, h)")),
            ],
        }
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = pairs

    def limit(self) -> NewLimit:
        """Return the decision."""
        given = self.cleaned_data
        whose: str = given["whose"]
        person = UUID(whose.removeprefix(PERSON)) if whose.startswith(PERSON) else None
        return NewLimit(
            invoked_by=given["invoked_by"],
            party=self._people[person].party if person else whose.removeprefix(PARTY),
            person=person,
            grounds="".join(given["grounds"]),
            told=given["told"] == "yes",
            review_on=given["review_on"],
        )

    def refuse(self, code: str) -> None:
        """Show a refusal at the field that it is about."""
        field = {"review_not_later": "review_on", "already_limited": "whose"}.get(code)
        self.add_error(field, ValidationError(REFUSALS.get(code, OTHERWISE), code=code))


class RequestForm(Plain):
    """When somebody asked to see who saw her data."""

    received_on = DayField(pgettext_lazy("overview", "The request came in on"), required=True)

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data, initial={"received_on": today.strftime("%d-%m-%Y")})

    def refuse(self, code: str) -> None:
        """Show a refusal at the field."""
        self.add_error("received_on", ValidationError(REFUSALS.get(code, OTHERWISE), code=code))
