"""The form of a reflection period: stage, first and last day, Dublin, lawyer."""

from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from consent.talk import Reflection
from frontend.forms.fields import Desk, day_field, one_of


class ReflectionForm(Desk):
    """What is recorded of it. `kept`: what stands there now."""

    FIELDS = MappingProxyType(
        {
            "reflection_without_days": "starts",
            "ends_before_start": "ends",
            "reflection_too_long": "ends",
            "dublin_too_long": "ends",
        }
    )
    TEXTS = MappingProxyType({"ends_before_start": lazy("Choose a last day after the first.")})

    stage = one_of(lazy("Where does she stand?"), radio=True)
    starts = day_field(lazy("First day"), lazy("For instance 23-11-2026."), required=False)
    ends = day_field(lazy("Last day"), lazy("Three months after the first at most."), required=False)
    dublin = one_of(
        lazy("Is another country asked to take her (Dublin)?"), lazy("Then it lasts 30 days at most."), radio=True
    )
    lawyer = one_of(lazy("Does she have a lawyer?"), radio=True)

    def __init__(self, *args: Any, kept: Reflection, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _answers(kept))
        super().__init__(*args, **kwargs)
        yes, no = ("ja", _("yes")), ("nee", _("no"))
        self.offer("stage", stages())
        self.offer("dublin", [yes, no])
        self.offer("lawyer", [yes, no])

    def reflection(self) -> Reflection:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        return Reflection(
            stage=given["stage"],
            starts=given["starts"],
            ends=given["ends"],
            dublin=given["dublin"] == "ja",
            lawyer=given["lawyer"],
        )


def stages() -> list[tuple[str, str]]:
    """Return the stages, each with what it is called."""
    return [
        ("bedenktijd", _("Reflection period: she may think about it, and stay meanwhile")),
        ("slachtoffer", _("Permit as a victim: she reports it, or cannot")),
        ("getuige", _("Permit as a witness")),
        ("geen", _("None of these")),
    ]


def _answers(kept: Reflection) -> dict[str, Any]:
    """What stands there; of what was never recorded nothing is filled in beforehand."""
    if kept == Reflection():
        return {}
    return {
        "stage": kept.stage,
        "starts": kept.starts,
        "ends": kept.ends,
        "dublin": "ja" if kept.dublin else "nee",
        "lawyer": kept.lawyer,
    }
