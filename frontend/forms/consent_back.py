"""The form that takes all consent back by a reference."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as lazy

from conference.cases.references import Misread, read_aloud
from frontend.forms.accounts import NEEDED, Plain
from frontend.refusals import refusal_text

WIDEST = 40


class TakeBackForm(Plain):
    """`reference`: the pseudonym that the asker's own organisation has for her, as heard or typed."""

    reference = forms.CharField(
        label=lazy("Her reference"),
        max_length=WIDEST,
        help_text=lazy("On her page in the register, such as QH7M-2XTR-9DK. Spaces and small letters are fine."),
        error_messages=NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        """Return it as it is written. A symbol that was heard wrong is told before anything is looked up."""
        try:
            return read_aloud(self.cleaned_data["reference"])
        except Misread as misread:
            code = "reference_misread" if misread.whole else "reference_incomplete"
            raise ValidationError(refusal_text(code), code=code) from None

    def refuse(self, code: str) -> None:
        """Show a refusal at the reference."""
        self.refusal = code
        self.add_error("reference", ValidationError(refusal_text(code), code=code))
