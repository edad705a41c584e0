"""The form in which a care coordinator records that somebody checked a translation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext, pgettext_lazy

from consent.notices import Reviewer, Status, hashes
from consent.notices.reviews import LONGEST
from frontend.forms.accounts import Plain
from frontend.forms.fields import line_field

REFUSALS: Mapping[str, Any] = MappingProxyType(
    {
        "conflict": pgettext_lazy("notices", "The text was changed meanwhile. Read it again before you record it."),
        "not_a_draft": pgettext_lazy("notices", "This language needs no review."),
        "reviewer_missing": pgettext_lazy("notices", "Fill in who read it and why this person can judge it."),
    }
)


class ReviewForm(Plain):
    """Who read it, why she can judge it, and that she read all of it. `status`: the language as it stands now."""

    name = line_field(pgettext_lazy("notices", "Who read the translation?"), longest=LONGEST)
    qualification = line_field(
        pgettext_lazy("notices", "Why can this person judge it?"),
        pgettext_lazy("notices", "For instance: sworn translator, with the number; or grew up with the language."),
        longest=LONGEST,
    )
    read = forms.BooleanField(
        label=pgettext_lazy("notices", "This person read all of it against the Dutch, and it is right."),
        error_messages={"required": pgettext_lazy("notices", "Tick this only once all of it was read.")},
    )
    notice = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    words = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def __init__(self, data: Any, *, status: Status) -> None:
        language = status.text.language
        notice, words = hashes(language)
        super().__init__(data, auto_id=f"{language}-%s", initial={"notice": notice, "words": words})

    def reviewer(self) -> Reviewer:
        """Return who read it. Only of a valid form."""
        return Reviewer(self.cleaned_data["name"], self.cleaned_data["qualification"])

    def shown(self) -> tuple[str, str]:
        """Return which texts stood on the page. Only of a valid form."""
        return self.cleaned_data["notice"], self.cleaned_data["words"]

    def refuse(self, code: str) -> None:
        """Show a refusal above the form."""
        self.refusal = code
        text = REFUSALS.get(code) or pgettext("notices", "This could not be done. Nothing was saved.")
        self.add_error(None, ValidationError(text, code=code))
