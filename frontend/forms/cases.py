"""The form for preparing an own item. Nothing typed is lost: a refused form shows it again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.pages import CaseView
from agenda.protocol import ItemPrepare
from frontend.categories import in_order
from frontend.forms.accounts import NEEDED, Plain
from frontend.names import category_name, party_name, people_phrase
from frontend.refusals import refusal_text
from frontend.said import names_in, to_kept

LONGEST = 4000
FIELD_OF = {
    "cannot_supply": "category",
    "track_forbids": "category",
    "empty_text": "text",
    "unknown_subject": "subject",
}


class PrepareForm(Plain):
    """An own item of one case. `view`: the case as this person sees it; it says what may be chosen."""

    category = forms.ChoiceField(label=lazy("Kind of data"), error_messages=NEEDED)
    subject = forms.ChoiceField(label=lazy("About whom?"), required=False)
    kind = forms.ChoiceField(
        label=lazy("Fact or opinion"),
        choices=[("feit", lazy("fact")), ("oordeel", lazy("opinion"))],
        initial="feit",
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )
    basis = forms.CharField(
        label=lazy("Ground on which you share this"),
        max_length=200,
        help_text=lazy("For instance Wpg 20, or consent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=NEEDED,
    )
    text = forms.CharField(
        label=lazy("What do you bring in?"),
        max_length=LONGEST,
        help_text=lazy("Write no names. Name a person as @betrokkene 1; each reader then sees what she may see."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": lazy("Write what you want to share.")},
    )
    only_for = forms.MultipleChoiceField(
        label=lazy("Only for"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    not_for = forms.MultipleChoiceField(
        label=lazy("Not for"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )

    def __init__(self, *args: Any, view: CaseView, party: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        people = {one.id: one.body for one in view.subjects if one.body is not None}
        self.handles: Mapping[str, UUID] = {body.handle: subject for subject, body in people.items()}
        self.names: Sequence[str | None] = [body.name for body in people.values()]
        others = [one.id for one in view.head.parties or [] if one.id != party]
        self._offer(
            "category", [("", _("Choose a kind")), *((c, category_name(c)) for c in in_order(view.may_prepare))]
        )
        whole = ("", _("the case as a whole"))
        self._offer("subject", [whole, *((str(subject), body.handle) for subject, body in people.items())])
        self._offer("kind", [("feit", _("fact")), ("oordeel", _("opinion"))])
        for name in ("only_for", "not_for"):
            self._offer(name, [(one, party_name(one)) for one in others])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # only choice fields are named here

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self["only_for"], self["not_for"]]

    def clean_text(self) -> str:
        """Return the text as it is kept, with mentions in place of handles."""
        typed: str = self.cleaned_data["text"]
        named = names_in(typed, self.names)
        if named:
            raise ValidationError(
                _("Write no name (%(names)s) in the text. Name the person with @.") % {"names": people_phrase(named)},
                code="name_in_text",
            )
        written = to_kept(typed, self.handles)
        if written.unknown:
            raise ValidationError(
                _("%(handles)s is nobody in this case. Choose from: %(known)s.")
                % {"handles": people_phrase(list(written.unknown)), "known": people_phrase(list(self.handles)) or "–"},
                code="unknown_handle",
            )
        if len(written.text) > LONGEST:
            raise ValidationError(_("This is too long. Make two items of it."), code="too_long")
        return written.text

    def clean(self) -> dict[str, Any]:
        """A party cannot be both the only reader and excluded."""
        given = super().clean() or self.cleaned_data
        both = set(given.get("only_for") or []) & set(given.get("not_for") or [])
        if both:
            self.add_error(
                "not_for",
                ValidationError(_("An organisation cannot stand in both lists. Choose one."), code="both_lists"),
            )
        return given

    def args(self, case: UUID) -> ItemPrepare:
        """Return the command's arguments; only of a valid form."""
        given = self.cleaned_data
        return ItemPrepare(
            case=case,
            category=given["category"],
            kind=given["kind"],
            basis=given["basis"],
            text=given["text"],
            subject=UUID(given["subject"]) if given["subject"] else None,
            only_for=given["only_for"] or None,
            not_for=given["not_for"],
        )

    def refuse(self, code: str) -> None:
        """Show a refusal of the command at the field that it is about."""
        self.refusal = code
        self.add_error(FIELD_OF.get(code), ValidationError(refusal_text(code), code=code))
