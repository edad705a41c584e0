"""The form on which is recorded what a victim signed for CoMensha: registration, placement, or both."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.comensha import Agreed
from conference import clock
from conference.cases.comensha import Notice
from consent.states import State
from consent.talk import Talk
from frontend.forms.fields import some_of
from frontend.forms.talk import FIELD_OF, MISSING, TalkForm
from frontend.refusals import refusal_text

NAMES: Mapping[Notice, str | Promise] = MappingProxyType(
    {Notice.REGISTRATION: lazy("registration"), Notice.PLACEMENT: lazy("placement")}
)
# What is asked in a conversation, and not of a signature: she is reached otherwise, and no answers are given aloud.
LEFT_OUT = frozenset(
    {
        "method", "witness", "witness_told", "contact_channel", "contact_reach", "contact_times", "contact_word",
        "involved", "because", "exclusions", "note",
    }
)  # fmt: skip
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "nothing_chosen": "notices",
        "writing_needed": "paper",
        "age_unknown": "age_band",
        "own_consent_missing": "given_by",
        "representative_missing": "given_by",
        "representative_involved": "representative",
        "under_pressure": "pressure",
        "not_free_to_speak": "alone",
        "interpreter_not_allowed": "interpreter_is",
        "evidence_unknown": "evidence",
    }
)


class SignedForm(TalkForm):
    """What she signed, and how that went: all that the register asks of a yes, in writing."""

    notices = some_of(lazy("To what does she agree in writing?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LEFT_OUT:
            del self.fields[name]
        self._offer("notices", [(one.value, name) for one, name in NAMES.items()])
        self._begin("channel", "gesprek")
        self.order_fields(["notices"])

    @property
    def around(self) -> list[forms.BoundField]:
        """Every field but what she signed for, in the order of the conversation."""
        return [field for field in self.visible_fields() if field.name != "notices"]

    def talk(self) -> Talk:
        """Return the conversation as it is kept; it is always in writing."""
        return msgspec.structs.replace(super().talk(), method="schriftelijk")

    def clean(self) -> dict[str, Any]:
        """Ask for at least one notice, and for all that a yes in writing needs, each at its own field."""
        given = super().clean() or self.cleaned_data
        if not given.get("notices"):
            self.add_error("notices", ValidationError(_("Choose what she signed for."), code="nothing_chosen"))
        for name in self.lacking([State.GIVEN], clock.today()):
            field = FIELD_OF.get(name, name)
            if field in self.fields and field not in self.errors:
                self.add_error(field, ValidationError(MISSING[name], code="fields_missing"))
        return given

    def agreed(self) -> Agreed:
        """Return the answers; only of a valid form."""
        return Agreed(
            case=self.view.case,
            subject=self.view.subject,
            notices=[Notice(one) for one in self.cleaned_data["notices"]],
            talk=self.talk(),
            notice=self.notice(),
            evidence=self.paper_kept(),
        )

    def refuse(self, code: str) -> None:
        """Show a refusal of the register at the field that it is about."""
        self.refusal = code
        place = PLACES.get(code)
        self.add_error(place if place in self.fields else None, ValidationError(refusal_text(code), code=code))


class NoticeForm(forms.Form):
    """One notice, named."""

    notice = forms.ChoiceField(choices=[(one.value, one.value) for one in Notice])
