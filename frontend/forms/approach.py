"""The part of registering a victim that says: she agreed that the care coordinator calls her."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.approach import VICTIM, Approach
from consent.ages import Band
from consent.talk import Contact
from frontend.forms.fields import day_field, line_field, one_of
from frontend.forms.talk import MISSING
from frontend.names import party_name

CHOICES: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "approach_method": (("mondeling", lazy("by word of mouth")), ("schriftelijk", lazy("in writing"))),
    "approach_by": (
        ("zelf", lazy("she herself")),
        ("beiden", lazy("she and her representative")),
        ("vertegenwoordiger", lazy("her representative")),
    ),
    "approach_alone": (("", "–"), ("ja", lazy("yes")), ("nee", lazy("no"))),
    "approach_pressure": (("", "–"), ("nee", lazy("no")), ("twijfel", lazy("I doubt")), ("ja", lazy("yes"))),
    "approach_representative": (
        ("", lazy("none")),
        ("ouder", lazy("a parent")),
        ("voogd", lazy("a guardian")),
        ("gi", lazy("the certified youth institution")),
        ("rvdk", lazy("the Child Care and Protection Board")),
        ("bijzondere_curator", lazy("a special guardian ad litem")),
        ("mentor", lazy("a mentor")),
        ("curator", lazy("a legal guardian of an adult")),
    ),
    "approach_band": (
        ("", lazy("known by her date of birth")),
        (Band.OWN.value, lazy("16 or older")),
        (Band.TEEN.value, lazy("12 to 15")),
        (Band.CHILD.value, lazy("younger than 12")),
    ),
    "contact_channel": (
        ("telefoon", lazy("by telephone")),
        ("bericht", lazy("by message")),
        ("via_ander", lazy("through somebody else")),
    ),
}
FIELDS: Mapping[str, str] = {
    "not_a_victim": "approach",
    "no_care_coordinator": "approach",
    "told_in_future": "approach_on",
    "agreed_long_ago": "approach_on",
    "turned_since": "approach_on",
    "not_free_to_speak": "approach_alone",
    "under_pressure": "approach_pressure",
    "contact_missing": "contact_reach",
    "age_unknown": "approach_band",
    "own_consent_missing": "approach_by",
    "representative_missing": "approach_by",
}


def fields(party: str) -> dict[str, forms.Field]:
    """Return the fields; `party`: whose care coordinator would call her."""
    made: dict[str, forms.Field] = {
        "approach": forms.BooleanField(
            label=_("She agrees that the care coordinator (%(party)s) calls her") % {"party": party_name(party)},
            required=False,
        ),
        "approach_method": one_of(lazy("How did she agree?"), required=False),
        "approach_by": one_of(lazy("Who agreed?"), required=False),
        "approach_representative": one_of(lazy("Which representative?"), required=False),
        "approach_on": day_field(lazy("On which day?"), lazy("For instance 23-11-2026."), required=False),
        "approach_alone": one_of(lazy("Was she alone, and could she talk freely?"), required=False),
        "approach_pressure": one_of(lazy("Did somebody press her?"), required=False),
        "approach_setting": line_field(
            lazy("Anything else about the situation?"),
            lazy("In doubt: why her yes was free all the same."),
            required=False,
        ),
        "approach_paper": line_field(
            lazy("Where does the signed paper lie?"), lazy("Only in writing."), required=False
        ),
        "approach_band": one_of(lazy("How old is she?"), required=False),
        "contact_channel": one_of(lazy("How can she be reached safely?"), required=False),
        "contact_reach": line_field(
            lazy("Number or way"), lazy("Never post, and no number that others answer."), required=False
        ),
        "contact_times": line_field(lazy("When?"), lazy("For instance: Tuesday morning."), required=False),
        "contact_word": line_field(
            lazy("Code word"), lazy("By which she hears that it is the care coordinator."), required=False
        ),
    }
    for name, choices in CHOICES.items():
        made[name].choices = list(choices)  # type: ignore[attr-defined]  # only choice fields are named there
    return made


def missing(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong of a ticked agreement: field and text. Of one that is not ticked nothing is asked."""
    if not given.get("approach"):
        return
    if given.get("role") != VICTIM:
        yield "approach", _("Only a victim is called by the care coordinator. Take the tick away.")
    if given.get("approach_on") is None:
        yield "approach_on", _("Fill in on which day she agreed.")
    yield from _unfree(given)
    if given.get("approach_method") == "schriftelijk" and not given.get("approach_paper"):
        yield "approach_paper", _("Write where the signed paper lies.")
    if given.get("approach_by") != "zelf" and not given.get("approach_representative"):
        yield "approach_representative", _("Choose who represents her.")
    if given.get("birth_date") is None and not given.get("approach_band"):
        yield "approach_band", _("Ask how old she is: it decides whose yes counts.")
    if not given.get("contact_reach"):
        yield "contact_reach", _("Fill in how she can be reached without danger.")


def _unfree(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is missing of whether her yes was free, as of any yes."""
    for name in ("alone", "pressure"):
        if not given.get(f"approach_{name}"):
            yield f"approach_{name}", str(MISSING[name])
    if given.get("approach_pressure") == "twijfel" and not given.get("approach_setting"):
        yield "approach_setting", str(MISSING["setting"])


def approach_of(given: Mapping[str, Any]) -> Approach | None:
    """Return how she agreed; None where she did not. Only of a valid form."""
    if not given.get("approach"):
        return None
    band = given["approach_band"]
    return Approach(
        method=given["approach_method"],
        given_by=given["approach_by"],
        representative=given["approach_representative"] if given["approach_by"] != "zelf" else "",
        on=given["approach_on"],
        alone=given["approach_alone"],
        pressure=given["approach_pressure"],
        setting=given["approach_setting"],
        paper=given["approach_paper"] if given["approach_method"] == "schriftelijk" else "",
        age_band=Band(band) if band and given.get("birth_date") is None else None,
        contact=Contact(
            channel=given["contact_channel"],
            reach=given["contact_reach"],
            times=given["contact_times"],
            word=given["contact_word"],
        ),
    )
