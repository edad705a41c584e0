"""The fields that the desk's forms are made of, and the form that tells a refusal where it belongs."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as lazy

from conference.accounts.projections import Colleague
from frontend.forms.accounts import DATE, NEEDED, Plain
from frontend.names import party_name, role_name
from frontend.refusals import refusal_text

Words = Any  # a text, lazy or not: it is translated when the page is drawn
LONGEST = 200
LONGEST_TEXT = 2000
DAYS = ["%d-%m-%Y", "%Y-%m-%d"]  # as it is written here; the second is what machines send
OUTSIDE = lazy("Fill in a day between 1900 and 2100.")
# A year with a figure too many or too few; the calendar's own last day has no day after it.
NEAR = [MinValueValidator(date(1900, 1, 1), OUTSIDE), MaxValueValidator(date(2100, 12, 31), OUTSIDE)]


def line_field(
    label: Words, help_text: Words = "", *, required: bool = True, longest: int = LONGEST
) -> forms.CharField:
    """Return a field of one line; `longest` in characters."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages={**NEEDED, "max_length": lazy("Make this shorter.")},
    )


def day_field(label: Words, help_text: Words = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day of 1900 to 2100, written as it is here."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=DAYS,
        widget=forms.DateInput(format=DAYS[0], attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages=DATE,
        validators=NEAR,
    )


def one_of(label: Words, help_text: Words = "", *, radio: bool = False, required: bool = True) -> forms.ChoiceField:
    """Return a field of which one is chosen; the form offers what can be. `radio`: all of it is seen at once."""
    widget = forms.RadioSelect if radio else forms.Select
    errors = {"required": lazy("Choose one."), "invalid_choice": lazy("This cannot be chosen any more. Choose again.")}
    return forms.ChoiceField(
        label=label, choices=[], required=required, help_text=help_text, widget=widget, error_messages=errors
    )


def text_field(label: Words, help_text: Words = "", *, required: bool = True, rows: int = 2) -> forms.CharField:
    """Return a field for some sentences."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={**NEEDED, "max_length": lazy("Make this shorter.")},
    )


def some_of(label: Words, help_text: Words = "") -> forms.MultipleChoiceField:
    """Return a field of which some, or none, are chosen; the form offers what can be."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=[], help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


def colleague(one: Colleague) -> str:
    """Return a professional as a choice: name, organisation, and the roles that say more than taking part."""
    roles = ", ".join(role_name(role) for role in one.roles if role != "participant")
    return f"{one.name} · {party_name(one.party)}" + (f" · {roles}" if roles else "")


class Desk(Plain):
    """A form of the desk. `FIELDS`: at which field a refusal's code is told. `TEXTS`: where it is told otherwise."""

    FIELDS: Mapping[str, str] = MappingProxyType({})
    TEXTS: Mapping[str, Words] = MappingProxyType({})

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]], empty: Words = "") -> None:
        """Say what can be chosen in a field; `empty` is what nothing chosen reads as."""
        first = [("", empty)] if empty else []
        self.fields[name].choices = [*first, *choices]  # type: ignore[attr-defined]  # only choice fields are named here

    def refuse(self, code: str) -> None:
        """Show a refusal of the command at the field that it is about."""
        self.refusal = code
        field = self.FIELDS.get(code)
        told = self.TEXTS.get(code) or refusal_text(code)
        self.add_error(field if field in self.fields else None, ValidationError(told, code=code))
