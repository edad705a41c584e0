"""Forms of sharing without consent: an exception with how it was weighed, and telling her of it afterwards."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.casework import Exceptional
from agenda.pages import Management
from conference import clock
from conference.covenant.days import day_end
from conference.covenant.grounds import LAW
from consent.commands import Weighed, lacking
from consent.talk import Closed
from frontend.categories import in_order
from frontend.forms.fields import Desk, Words, colleague, day_field, line_field, one_of, text_field
from frontend.names import category_name, party_name
from frontend.refusals import refusal_text

CODES: Mapping[int, Words] = MappingProxyType(
    {
        1: lazy("1. Duty to supply under the WGS; not for health"),
        2: lazy("2. Professional secrecy: duty, permission or good care"),
        3: lazy("3. Police data for the conference"),
        4: lazy("4. To Veilig Thuis"),
        5: lazy("5. To the certified youth institution, under supervision"),
        6: lazy("6. To CoMensha, for registration"),
        7: lazy("7. Vital interest, and she cannot decide herself; 30 days at most"),
        8: lazy("8. Conflict of duties, after asking a colleague; 30 days at most"),
    }
)


def ground_name(code: int) -> str:
    """Return a ground with where it stands in the law."""
    law = LAW[code] or _("in no article: the last resort")
    return _("%(ground)s (%(law)s)") % {"ground": CODES[code], "law": law}


class ExceptionForm(Desk):
    """An exception to record. `view`: the case as its manager reads it; it says what may be chosen."""

    FIELDS = MappingProxyType(
        {
            "unknown_subject": "subject",
            "unknown_party": "party",
            "unknown_category": "category",
            "unknown_decider": "decider",
            "reason_missing": "reason",
            "alternatives_missing": "tried",
            "second_missing": "second",
            "telling_missing": "told_on",
            "told_in_future": "told_on",
            "look_again_past": "look_again",
            "look_again_late": "look_again",
            "ends_before_start": "ends",
            "exception_does_not_fit": "code",
        }
    )

    subject = one_of(lazy("About whom?"))
    party = one_of(lazy("Who may read it?"))
    category = one_of(lazy("Kind of data"))
    ends = day_field(lazy("Last day"), lazy("For instance 23-12-2026."))
    decider = one_of(lazy("Who decided this?"))
    code = one_of(lazy("On which ground?"), radio=True)
    reason = text_field(lazy("Why is this needed?"), lazy("Kept sealed. Write no names."), required=False)
    tried = text_field(
        lazy("What was tried first?"),
        lazy("For instance: asking her, asking less, waiting. Or why that could not be."),
        required=False,
    )
    second = line_field(
        lazy("Which second professional was asked?"),
        lazy("Needed for ground 8. The function is enough, for instance: the medical examiner."),
        required=False,
    )
    told_on = day_field(
        lazy("When was she told?"),
        lazy("Leave this empty if she was not told yet. Then say below why."),
        required=False,
    )
    not_told = line_field(
        lazy("If not: why not yet?"), lazy("For instance: telling her now would put her in danger."), required=False
    )
    look_again = day_field(
        lazy("If not: when is that looked at again?"), lazy("You get a reminder before that day."), required=False
    )

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = _("Choose one")
        self.offer("subject", [(str(one), handle) for one, handle in view.handles], choose)
        self.offer("party", [(one, party_name(one)) for one in view.receivers], choose)
        self.offer("category", [(one, category_name(one)) for one in in_order(view.categories)], choose)
        self.offer("decider", [(str(one.id), colleague(one)) for one in view.deciders], choose)
        self.offer("code", [(str(code), ground_name(code)) for code in CODES])

    def clean(self) -> dict[str, Any]:
        """Ask for what the register asks of a weighing, each at its own field."""
        given = super().clean() or self.cleaned_data
        for code in lacking(int(given.get("code") or 0), self._weighed(given)):
            name = self._place(code, given)
            if name not in self.errors:
                self.add_error(name, ValidationError(refusal_text(code), code=code))
        return given

    def _place(self, code: str, given: Mapping[str, Any]) -> str:
        """Where something is missing; whoever gave a reason for not telling her is asked for the rest of that."""
        if code == "telling_missing" and given.get("not_told"):
            return "look_again"
        if code == "telling_missing" and given.get("look_again"):
            return "not_told"
        return self.FIELDS[code]

    @staticmethod
    def _weighed(given: Mapping[str, Any]) -> Weighed:
        told_on = given.get("told_on")
        return Weighed(
            reason=given.get("reason", ""),
            tried=given.get("tried", ""),
            second=given.get("second", ""),
            told_on=told_on,
            # Told is told: what was typed of why not is then not kept.
            not_told="" if told_on else given.get("not_told", ""),
            look_again=None if told_on else given.get("look_again"),
        )

    def exceptional(self) -> Exceptional:
        """Return the answers; only of a valid form. The last day counts whole."""
        given = self.cleaned_data
        return Exceptional(
            subject=UUID(given["subject"]),
            party=given["party"],
            category=given["category"],
            code=int(given["code"]),
            decider=UUID(given["decider"]),
            weighed=self._weighed(given),
            ends=day_end(given["ends"]),
        )


class ToldForm(Desk):
    """That somebody was told: on which day, and how."""

    FIELDS = MappingProxyType({"told_in_future": "told_on", "told_before_task": "told_on", "how_missing": "how"})

    told_on = day_field(lazy("Told on"))
    how = line_field(lazy("How?"), lazy("For instance: by telephone, with the interpreter. Write no names."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_on"].initial = clock.today()
        self.fields["how"].error_messages["required"] = refusal_text("how_missing")

    def closed(self) -> Closed:
        """Return the answers; only of a valid form."""
        return Closed(told_on=self.cleaned_data["told_on"], how=self.cleaned_data["how"])
