"""Forms of the desk: open a case, people in it, who takes part, its phase, conferences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.casework import Referral, Someone
from agenda.commands.planning import Plan
from agenda.pages import Management, OwnSubject
from conference.accounts.projections import Colleague
from conference.clock import AMSTERDAM
from conference.covenant.labels import phase_name
from frontend.forms import approach
from frontend.forms.fields import Desk, Words, colleague, day_field, line_field, one_of, some_of
from frontend.names import party_name

TIME = {"required": lazy("Fill in a time."), "invalid": lazy("Fill in a time, such as 13.30.")}

TRACKS: Mapping[str, tuple[Words, Words]] = MappingProxyType(
    {
        "wgs": (lazy("WGS"), lazy("The law lets organisations share what is needed, without consent for most kinds.")),
        "hulp": (lazy("care"), lazy("Only help: everything but agreements is shared with consent only.")),
        "signaal": (lazy("signal"), lazy("Something was noticed. No names; everybody reads pseudonyms.")),
    }
)
PHASES: Mapping[str, Words] = MappingProxyType(
    {
        "aanmelding": lazy("The case is referred. Who referred it and the process team read it."),
        "triage": lazy("The responsible organisations weigh whether the case belongs here. No names for most."),
        "verrijking": lazy("Organisations are asked what they know."),
        "overleg": lazy("The case is discussed in a conference."),
        "uitvoering": lazy("What was agreed is carried out."),
        "afsluiting": lazy("The work is done, or the case does not belong here."),
        "heropend": lazy("The case is weighed again, as in triage."),
        "nazorg": lazy("Only the agreements can still be read, by the process team and who has an open action."),
        "afgeschermd": lazy("Nobody sees the case any more, you neither. This page cannot undo it."),
    }
)
ROLES: Mapping[str, Words] = MappingProxyType(
    {"victim": lazy("victim"), "circle": lazy("circle"), "suspect": lazy("suspect")}
)
FORMS_OF_EXPLOITATION = (
    ("seksuele uitbuiting", lazy("sexual exploitation")),
    ("arbeidsuitbuiting", lazy("labour exploitation")),
    ("criminele uitbuiting", lazy("criminal exploitation")),
    ("uithuwelijking", lazy("forced marriage")),
)
PLACES = ("address", "phone")


class ReferralForm(Desk):
    """A case to open. `others`: parties that may be involved at once; none for who only refers."""

    FIELDS = MappingProxyType(
        {
            "purpose_missing": "purpose",
            "unknown_track": "track",
            "unknown_party": "parties",
            "guest_no_account": "parties",
        }
    )

    purpose = line_field(lazy("Purpose"), lazy("What is this case for? Write no names. For instance: help and safety."))
    track = one_of(lazy("Track"), radio=True)
    form = one_of(lazy("Form of exploitation"), required=False)
    municipality = line_field(lazy("Municipality"), required=False, longest=60)
    parties = some_of(lazy("Who takes part from the start?"), lazy("You can add organisations later as well."))

    def __init__(self, *args: Any, others: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("track", [(code, _("%(name)s: %(told)s") % _named(*words)) for code, words in TRACKS.items()])
        self.offer("form", FORMS_OF_EXPLOITATION, _("not known yet"))
        self.offer("parties", [(party, party_name(party)) for party in others])
        if not others:
            del self.fields["parties"]

    def referral(self) -> Referral:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        return Referral(
            track=given["track"],
            purpose=given["purpose"],
            municipality=given["municipality"],
            form=given["form"],
            parties=tuple(given.get("parties", ())),
        )


def _named(name: Words, told: Words) -> dict[str, str]:
    return {"name": str(name), "told": str(told)}


class SubjectForm(Desk):
    """A betrokkene; whether her address is secret comes first. `supplies`: kinds that the party may bring in.

    `caring`: the party whose care coordinator may call her, if she agrees; None: nobody would.
    """

    FIELDS = MappingProxyType(
        {
            "protection_not_asked": "protected",
            "bad_birth_date": "birth_date",
            "bad_bsn": "bsn",
            "unknown_role": "role",
            **approach.FIELDS,
        }
    )

    protected = one_of(
        lazy("Is the address or telephone number secret?"),
        lazy("Ask this first. What is secret is kept apart, and is never printed, exported or mailed."),
        radio=True,
    )
    role = one_of(lazy("What is this person in the case?"), radio=True)
    name = line_field(lazy("Name"), required=False)
    birth_date = day_field(lazy("Date of birth"), lazy("For instance 23-11-2008."), required=False)
    bsn = line_field(lazy("BSN"), required=False, longest=9)
    address = line_field(lazy("Address"), required=False)
    phone = line_field(lazy("Phone"), required=False, longest=40)

    def __init__(
        self,
        *args: Any,
        supplies: Iterable[str],
        known: OwnSubject | None = None,
        caring: str | None = None,
        **kwargs: Any,
    ) -> None:
        if known is not None:
            kwargs.setdefault("initial", _answers_of(known))
        super().__init__(*args, **kwargs)
        self.known = known
        self.may_hide = "adr" in supplies or (known is not None and known.protected)
        self.offer("protected", [("no", _("no")), ("yes", _("yes"))])
        self.offer("role", ROLES.items())
        if known is not None:
            del self.fields["role"]
        if "bsn" not in supplies and (known is None or "bsn" not in known.identity):
            del self.fields["bsn"]
        if caring is not None and known is None:
            self.fields |= approach.fields(caring)

    @property
    def agreeing(self) -> list[forms.BoundField]:
        """The fields of how she agreed to be called, without the tick itself."""
        return [self[name] for name in self.fields if name.startswith(("approach_", "contact_"))]

    def clean(self) -> dict[str, Any]:
        """What is secret can be brought in only by who may; the others leave it out."""
        given = super().clean() or self.cleaned_data
        if given.get("protected") == "yes" and not self.may_hide:
            told = _("Your organisation may not bring in a secret address or number. Leave this empty.")
            for name in PLACES:
                if given.get(name):
                    self.add_error(name, ValidationError(told, code="cannot_supply"))
        for name, told in approach.missing(given):
            if name not in self.errors:
                self.add_error(name, ValidationError(told, code="approach_incomplete"))
        return given

    def someone(self) -> Someone:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        identity = {name: given[name] for name in ("name", "bsn", *PLACES) if given.get(name)}
        if given["birth_date"]:
            identity["birth_date"] = given["birth_date"].isoformat()
        return Someone(
            role=given.get("role", ""),
            protected=given["protected"] == "yes",
            identity=identity,
            approach=approach.approach_of(given),
        )


def _answers_of(known: OwnSubject) -> dict[str, Any]:
    born = known.identity.get("birth_date")
    day = datetime.fromisoformat(born).date() if born else None
    return {**known.identity, "birth_date": day, "protected": "yes" if known.protected else "no"}


class InvolveForm(Desk):
    FIELDS = MappingProxyType(
        dict.fromkeys(("unknown_party", "guest_no_account", "triage_is_for_members", "already_involved"), "party")
    )

    party = one_of(lazy("Organisation"))

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("party", [(one, party_name(one)) for one in view.others], _("Choose an organisation"))


class EndForm(Desk):
    party = forms.CharField(max_length=60)


class PhaseForm(Desk):
    FIELDS = MappingProxyType({"same_phase": "phase", "no_such_step": "phase"})

    phase = one_of(lazy("Next phase"), radio=True)

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(one, _("%(name)s: %(told)s") % _named(phase_name(one), PHASES[one])) for one in view.next_phases]
        self.offer("phase", told)


class ConferenceForm(Desk):
    """A conference to plan. `people`: who can be invited; `chairs`: who of them can lead it."""

    FIELDS = MappingProxyType(
        {
            "title_missing": "title",
            "unknown_subject": "title",
            "starts_in_past": "day",
            "unknown_person": "people",
            "chair_cannot_lead": "chair",
        }
    )

    title = line_field(lazy("Title"), lazy("Everybody who is invited reads it: no names and no cases."))
    day = day_field(lazy("Day"), lazy("For instance 23-11-2026."))
    time = forms.TimeField(
        label=lazy("Time"),
        help_text=lazy("For instance 13.30."),
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off", "inputmode": "decimal"}),
        error_messages=TIME,
    )
    chair = one_of(lazy("Chair"))
    people = some_of(
        lazy("Who is invited?"),
        lazy("Being invited opens no case: each person sees the cases that her organisation takes part in."),
    )

    def __init__(self, *args: Any, people: Sequence[Colleague], chairs: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("chair", [(str(one.id), colleague(one)) for one in chairs], _("Choose one"))
        self.offer("people", [(str(one.id), colleague(one)) for one in people])

    def plan(self) -> Plan:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        return Plan(
            title=given["title"],
            starts=datetime.combine(given["day"], given["time"], AMSTERDAM),
            chair=UUID(given["chair"]),
            people=tuple(UUID(one) for one in given["people"]),
        )


class PeopleForm(Desk):
    """Who comes in (`added`) or goes out (`removed`)."""

    FIELDS = MappingProxyType({"unknown_person": "added", "already_invited": "added"})

    added = some_of(lazy("Invite as well"))
    removed = forms.MultipleChoiceField(required=False, choices=[], widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, others: Sequence[Colleague], invited: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("added", [(str(one.id), colleague(one)) for one in others])
        self.offer("removed", [(str(one.id), one.name) for one in invited])

    def chosen(self, name: str) -> list[UUID]:
        """Return whom `added` or `removed` names; only of a valid form."""
        return [UUID(one) for one in self.cleaned_data[name]]
