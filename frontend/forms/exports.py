"""The form of what is taken out of the log: which standard, and of which days."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext, pgettext_lazy

from audit.standards.taking import Taking
from frontend.forms.accounts import Plain
from frontend.forms.overview import DayField

FORMS = (
    ("ldv", pgettext_lazy("exports", "Logboek Dataverwerkingen (LDV), OTLP/JSON")),
    ("nen7513", pgettext_lazy("exports", "NEN 7513, the list of fields, JSON")),
)


class TakingForm(Plain):
    """A period in one of the standards; both days count."""

    form = forms.ChoiceField(
        label=pgettext_lazy("exports", "In which form?"),
        widget=forms.RadioSelect,
        choices=FORMS,
        error_messages={"required": pgettext_lazy("exports", "Choose a form.")},
    )
    first = DayField(pgettext_lazy("log", "From"), required=True)
    last = DayField(pgettext_lazy("log", "Up to"), required=True)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(pgettext("log", "The period ends before it begins.")))
        return cleaned

    def taking(self) -> Taking:
        """Return what is asked."""
        asked = self.cleaned_data
        return Taking(asked["form"], asked["first"], asked["last"])
