"""Forms of reviewing: the verdict, the answer to a question, and cover."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext, pgettext_lazy

from audit.review.models import VERDICTS
from audit.review.words import VERDICTS as VERDICT_WORDS
from frontend.forms.log import DATES

REFUSALS: Mapping[str, Any] = MappingProxyType(
    {
        "own_finding": pgettext_lazy("review", "This is about you. Another officer judges it."),
        "not_open": pgettext_lazy("review", "This was asked or judged already. Nothing changed."),
        "already_judged": pgettext_lazy("review", "Somebody else has judged this already. Nothing changed."),
        "conflict": pgettext_lazy("review", "Something changed here meanwhile. Look again; your text is still there."),
        "unknown_verdict": pgettext_lazy("review", "Choose one of the three verdicts."),
        "note_too_long": pgettext_lazy("review", "Write at most 2,000 characters."),
        "not_asked": pgettext_lazy("review", "This has been answered or judged already. Nothing changed."),
        "answer_missing": pgettext_lazy("review", "Write why you looked."),
        "answer_too_long": pgettext_lazy("review", "Write at most 2,000 characters."),
        "already_drawn": pgettext_lazy("review", "The sample of this month was drawn already."),
        "nothing_to_draw": pgettext_lazy("review", "In this month nobody saw anything, so there is nothing to draw."),
        "month_not_over": pgettext_lazy("review", "This month is not over yet."),
        "unknown_person": pgettext_lazy("review", "Choose a colleague who works on cases."),
        "other_party": pgettext_lazy("review", "Only a colleague of the same organisation can cover."),
        "cover_of_oneself": pgettext_lazy("review", "Choose somebody else."),
        "cover_backwards": pgettext_lazy("review", "The last day lies before the first."),
        "cover_in_past": pgettext_lazy(
            "review",
            "Cover counts from the day it is registered. Choose today or a later day.",
        ),
        "cover_too_long": pgettext_lazy("review", "Cover lasts at most three months."),
        "cover_twice": pgettext_lazy("review", "This colleague covers in these days already."),
    }
)
_FIELDS = {
    "answer_missing": "text",
    "answer_too_long": "text",
    "unknown_verdict": "verdict",
    "note_too_long": "note",
    "unknown_person": "substitute",
    "other_party": "substitute",
    "cover_of_oneself": "substitute",
    "cover_backwards": "until",
    "cover_in_past": "since",
    "cover_too_long": "until",
    "cover_twice": "since",
}


def refusal_text(code: str) -> str:
    """Return the sentence for a refusal's code."""
    return str(REFUSALS.get(code) or pgettext("review", "This could not be done. Nothing was saved."))


class Plain(forms.Form):
    """A form that the browser does not check: what is wrong stands in the summary above it."""

    use_required_attribute = False

    def refuse(self, code: str) -> None:
        """Show a refusal at the field that it is about."""
        field = _FIELDS.get(code)
        self.add_error(field if field in self.fields else None, ValidationError(refusal_text(code), code=code))


class Expecting(Plain):
    """A form about something as it stood when the page was made."""

    expect = forms.IntegerField(widget=forms.HiddenInput)

    def renew(self, version: int) -> None:
        """Let what was typed stand beside the version that is there now: sending it again is a choice."""
        self.data = {**dict(self.data.items()), self.add_prefix("expect"): str(version)}


class VerdictForm(Expecting):
    """A verdict, and what led to it."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("review", "Verdict"),
        choices=[(code, VERDICT_WORDS[code]) for code in VERDICTS],
        widget=forms.RadioSelect,
        error_messages={"required": REFUSALS["unknown_verdict"], "invalid_choice": REFUSALS["unknown_verdict"]},
    )
    note = forms.CharField(
        required=False,
        label=pgettext_lazy("review", "What led to it"),
        help_text=pgettext_lazy("review", "Only oversight reads this. Write no names and nothing out of a case."),
        widget=forms.Textarea(attrs={"rows": "4"}),
    )


class AnswerForm(Expecting):
    """Why one looked."""

    text = forms.CharField(
        label=pgettext_lazy("review", "Why did you look?"),
        help_text=pgettext_lazy("review", "Only oversight reads this. Write no names and nothing out of the case."),
        widget=forms.Textarea(attrs={"rows": "4"}),
        error_messages={"required": REFUSALS["answer_missing"]},
    )


def _day(label: Any) -> forms.DateField:
    wrong: Any = pgettext_lazy("review", "Fill in a date, such as 23-11-2026.")
    return forms.DateField(
        label=label,
        input_formats=DATES,
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": wrong, "invalid": wrong},
    )


class CoverForm(Plain):
    """Who does somebody's work, and from when to when."""

    substitute = forms.ChoiceField(
        label=pgettext_lazy("review", "Who covers?"),
        error_messages={"required": REFUSALS["unknown_person"], "invalid_choice": REFUSALS["unknown_person"]},
    )
    since = _day(pgettext_lazy("review", "First day"))
    until = _day(pgettext_lazy("review", "Last day"))

    def __init__(self, data: Any = None, *, colleagues: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        field = self.fields["substitute"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        chosen = [(str(person), name) for person, name in colleagues]
        field.choices = [("", pgettext("review", "Choose a colleague")), *chosen]

    def given(self) -> tuple[UUID, date, date]:
        """Return substitute, first and last day; only of a valid form."""
        return UUID(self.cleaned_data["substitute"]), self.cleaned_data["since"], self.cleaned_data["until"]
