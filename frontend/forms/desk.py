"""Forms of the desk: open a case, people in it, who takes part, its phase, exceptions, conferences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.casework import Exceptional, Referral, Someone
from agenda.commands.planning import Plan
from agenda.pages import Management, OwnSubject
from conference.accounts.projections import Colleague
from conference.clock import AMSTERDAM
from conference.covenant.days import day_end
from conference.covenant.labels import phase_name
from consent.commands import Weighed
from frontend.categories import in_order
from frontend.forms.accounts import DATE, NEEDED, Plain
from frontend.forms.consent import DAYS
from frontend.names import category_name, party_name, role_name
from frontend.refusals import refusal_text

Words = Any  # a text, lazy or not: it is translated when the page is drawn
LONGEST = 200
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
PLACES = ("address", "phone")


def _line(label: Words, help_text: Words = "", *, required: bool = True, longest: int = LONGEST) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages={**NEEDED, "max_length": lazy("Make this shorter.")},
    )


def _day(label: Words, help_text: Words = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=DAYS,
        widget=forms.DateInput(format=DAYS[0], attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages=DATE,
    )


def _one_of(label: Words, help_text: Words = "", *, radio: bool = False, required: bool = True) -> forms.ChoiceField:
    widget = forms.RadioSelect if radio else forms.Select
    errors = {"required": lazy("Choose one."), "invalid_choice": lazy("This cannot be chosen any more. Choose again.")}
    return forms.ChoiceField(
        label=label, choices=[], required=required, help_text=help_text, widget=widget, error_messages=errors
    )


def _some_of(label: Words, help_text: Words = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=[], help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


def _person(one: Colleague) -> str:
    roles = ", ".join(role_name(role) for role in one.roles if role != "participant")
    return f"{one.name} · {party_name(one.party)}" + (f" · {roles}" if roles else "")


class Desk(Plain):
    """A form of the desk. `FIELDS`: at which field a refusal's code is told."""

    FIELDS: Mapping[str, str] = MappingProxyType({})

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]], empty: Words = "") -> None:
        """Say what can be chosen in a field; `empty` is what nothing chosen reads as."""
        first = [("", empty)] if empty else []
        self.fields[name].choices = [*first, *choices]  # type: ignore[attr-defined]  # only choice fields are named here

    def refuse(self, code: str) -> None:
        """Show a refusal of the command at the field that it is about."""
        self.refusal = code
        field = self.FIELDS.get(code)
        self.add_error(field if field in self.fields else None, ValidationError(refusal_text(code), code=code))


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

    purpose = _line(lazy("Purpose"), lazy("What is this case for? Write no names. For instance: help and safety."))
    track = _one_of(lazy("Track"), radio=True)
    form = _one_of(lazy("Form of exploitation"), required=False)
    municipality = _line(lazy("Municipality"), required=False, longest=60)
    parties = _some_of(lazy("Who takes part from the start?"), lazy("You can add organisations later as well."))

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
    """A betrokkene; whether her address is secret comes first. `supplies`: kinds that the party may bring in."""

    FIELDS = MappingProxyType(
        {
            "protection_not_asked": "protected",
            "bad_birth_date": "birth_date",
            "bad_bsn": "bsn",
            "unknown_role": "role",
        }
    )

    protected = _one_of(
        lazy("Is the address or telephone number secret?"),
        lazy("Ask this first. What is secret is kept apart, and is never printed, exported or mailed."),
        radio=True,
    )
    role = _one_of(lazy("What is this person in the case?"), radio=True)
    name = _line(lazy("Name"), required=False)
    birth_date = _day(lazy("Date of birth"), lazy("For instance 23-11-2008."), required=False)
    bsn = _line(lazy("BSN"), required=False, longest=9)
    address = _line(lazy("Address"), required=False)
    phone = _line(lazy("Phone"), required=False, longest=40)

    def __init__(self, *args: Any, supplies: Iterable[str], known: OwnSubject | None = None, **kwargs: Any) -> None:
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

    def clean(self) -> dict[str, Any]:
        """What is secret can be brought in only by who may; the others leave it out."""
        given = super().clean() or self.cleaned_data
        if given.get("protected") == "yes" and not self.may_hide:
            told = _("Your organisation may not bring in a secret address or number. Leave this empty.")
            for name in PLACES:
                if given.get(name):
                    self.add_error(name, ValidationError(told, code="cannot_supply"))
        return given

    def someone(self) -> Someone:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        identity = {name: given[name] for name in ("name", "bsn", *PLACES) if given.get(name)}
        if given["birth_date"]:
            identity["birth_date"] = given["birth_date"].isoformat()
        return Someone(role=given.get("role", ""), protected=given["protected"] == "yes", identity=identity)


def _answers_of(known: OwnSubject) -> dict[str, Any]:
    born = known.identity.get("birth_date")
    day = datetime.fromisoformat(born).date() if born else None
    return {**known.identity, "birth_date": day, "protected": "yes" if known.protected else "no"}


class InvolveForm(Desk):
    FIELDS = MappingProxyType(
        dict.fromkeys(("unknown_party", "guest_no_account", "triage_is_for_members", "already_involved"), "party")
    )

    party = _one_of(lazy("Organisation"))

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("party", [(one, party_name(one)) for one in view.others], _("Choose an organisation"))


class EndForm(Desk):
    party = forms.CharField(max_length=60)


class PhaseForm(Desk):
    FIELDS = MappingProxyType({"same_phase": "phase", "no_such_step": "phase"})

    phase = _one_of(lazy("Next phase"), radio=True)

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(one, _("%(name)s: %(told)s") % _named(phase_name(one), PHASES[one])) for one in view.next_phases]
        self.offer("phase", told)


class ExceptionForm(Desk):
    FIELDS = MappingProxyType(
        {
            "unknown_subject": "subject",
            "unknown_party": "party",
            "unknown_category": "category",
            "unknown_decider": "decider",
            "reason_missing": "reason",
            "ends_before_start": "ends",
            "exception_does_not_fit": "code",
        }
    )

    subject = _one_of(lazy("About whom?"))
    code = _one_of(lazy("On which ground?"))
    party = _one_of(lazy("Who may read it?"))
    category = _one_of(lazy("Kind of data"))
    ends = _day(lazy("Last day"), lazy("For instance 23-12-2026."))
    decider = _one_of(lazy("Who decided this?"))
    reason = forms.CharField(
        label=lazy("Why, and what was tried first?"),
        max_length=2000,
        help_text=lazy("Kept sealed. Write no names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=NEEDED,
    )

    def __init__(self, *args: Any, view: Management, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = _("Choose one")
        self.offer("subject", [(str(one), handle) for one, handle in view.handles], choose)
        self.offer("code", [(str(number), told) for number, told in CODES.items()], choose)
        self.offer("party", [(one, party_name(one)) for one in view.receivers], choose)
        self.offer("category", [(one, category_name(one)) for one in in_order(view.categories)], choose)
        self.offer("decider", [(str(one.id), _person(one)) for one in view.deciders], choose)

    def exceptional(self) -> Exceptional:
        """Return the answers; only of a valid form. The last day counts whole."""
        given = self.cleaned_data
        return Exceptional(
            subject=UUID(given["subject"]),
            party=given["party"],
            category=given["category"],
            code=int(given["code"]),
            decider=UUID(given["decider"]),
            weighed=Weighed(reason=given["reason"]),
            ends=day_end(given["ends"]),
        )


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

    title = _line(lazy("Title"), lazy("Everybody who is invited reads it: no names and no cases."))
    day = _day(lazy("Day"), lazy("For instance 23-11-2026."))
    time = forms.TimeField(
        label=lazy("Time"),
        help_text=lazy("For instance 13.30."),
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off", "inputmode": "decimal"}),
        error_messages=TIME,
    )
    chair = _one_of(lazy("Chair"))
    people = _some_of(
        lazy("Who is invited?"),
        lazy("Being invited opens no case: each person sees the cases that her organisation takes part in."),
    )

    def __init__(self, *args: Any, people: Sequence[Colleague], chairs: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("chair", [(str(one.id), _person(one)) for one in chairs], _("Choose one"))
        self.offer("people", [(str(one.id), _person(one)) for one in people])

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

    added = _some_of(lazy("Invite as well"))
    removed = forms.MultipleChoiceField(required=False, choices=[], widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, others: Sequence[Colleague], invited: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("added", [(str(one.id), _person(one)) for one in others])
        self.offer("removed", [(str(one.id), one.name) for one in invited])

    def chosen(self, name: str) -> list[UUID]:
        """Return whom `added` or `removed` names; only of a valid form."""
        return [UUID(one) for one in self.cleaned_data[name]]
