"""The form with which a conversation with somebody new begins: no name, only where she belongs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.pages import CaseCard
from frontend.forms.accounts import NEEDED, Plain
from frontend.refusals import refusal_text

NEW = "new"


class StartForm(Plain):
    """`cases`: those that the care coordinator works on; a new one is opened in the track of care."""

    case = forms.ChoiceField(label=lazy("In which case?"), choices=[], widget=forms.RadioSelect, error_messages=NEEDED)
    purpose = forms.CharField(
        label=lazy("What is the new case for?"),
        max_length=200,
        required=False,
        help_text=lazy("For instance: help and shelter. No name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, cases: Sequence[CaseCard], may_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.id), one.code_name) for one in cases if one.readable]
        opened = [(NEW, _("A new case, track care"))] if may_open else []
        self.fields["case"].choices = [*opened, *known]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """A new case has a purpose."""
        given = super().clean() or self.cleaned_data
        if given.get("case") == NEW and not given.get("purpose"):
            self.add_error("purpose", ValidationError(refusal_text("purpose_missing"), code="purpose_missing"))
        return given

    def refuse(self, code: str) -> None:
        """Show a refusal at the case that it is about."""
        self.refusal = code
        self.add_error("case", ValidationError(refusal_text(code), code=code))
