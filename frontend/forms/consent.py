"""The form of a conversation about consent: a choice for each organisation and category, none by default."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agenda.commands.consents import Conversation, Step
from agenda.pages import Choice, RegisterView
from conference import clock
from conference.covenant.days import day_end
from consent.rules import REVIEW_MONTHS, after_months, review_day
from consent.states import PERMITTING, State, may_follow
from frontend import spoken
from frontend.categories import in_order
from frontend.forms.accounts import DATE, Plain
from frontend.forms.fields import DAYS, NEAR, day_field
from frontend.forms.talk import FIELD_OF, MISSING, TalkForm
from frontend.names import party_name
from frontend.refusals import refusal_text

LONGEST_YEARS = 5
KNOWN = (
    "contact_channel", "contact_reach", "contact_times", "contact_word",
    "representative", "mandate", "involved", "because", "instead",
)  # fmt: skip

# At which field a refusal of the register is shown.
REFUSED_AT = MappingProxyType(
    {
        "interpreter_not_allowed": "interpreter_is",
        "not_free_to_speak": "alone",
        "under_pressure": "pressure",
        "age_unknown": "age_band",
        "own_consent_missing": "given_by",
        "representative_missing": "given_by",
        "representative_involved": "representative",
        "writing_needed": "method",
        "reason_missing": "because",
        "evidence_unknown": "evidence",
        "review_out_of_range": "review_on",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation under a question: the field, and what stands in the register now."""

    choice: Choice
    field: forms.BoundField

    @property
    def party(self) -> str:
        return party_name(self.choice.party)

    @property
    def holds(self) -> bool:
        return self.choice.state in PERMITTING


@dataclass(frozen=True, slots=True)
class Question:
    """All organisations that may be asked about for one category."""

    category: str
    number: int
    script: str
    rows: list[Row]


def _name(choice: Choice) -> str:
    return f"line-{choice.category}-{choice.party}"


class ConsentForm(TalkForm):
    """All answers of one conversation. `view`: the register of this victim; it says what may be asked."""

    ends = day_field(
        lazy("Last day of each yes"),
        lazy("Half a year, unless she wants another day. It ends earlier when she turns 12, 16 or 18."),
        required=False,
    )
    review_on = day_field(
        lazy("When do you ask again?"),
        lazy("After half a year, in the reflection period after 90 days."),
        required=False,
    )

    def __init__(self, *args: Any, view: RegisterView, **kwargs: Any) -> None:
        super().__init__(*args, view=view, **kwargs)
        today = clock.today()
        self.fields["ends"].initial = after_months(today, REVIEW_MONTHS)
        reflecting = view.known.reflection.stage == "bedenktijd"
        self.fields["review_on"].initial = review_day(today, reflecting=reflecting)
        for choice in self.askable:
            self.fields[_name(choice)] = forms.ChoiceField(
                label=f"{party_name(choice.party)}: {spoken.topic(choice.category)}",
                choices=_answers(choice),
                required=False,
                widget=forms.RadioSelect,
            )
        self.recording = False

    @property
    def known_stamp(self) -> str:
        """What was known of her when this page was opened."""
        return self.data.get("known", "") if self.is_bound else self.view.known.stamp

    @property
    def is_stale(self) -> bool:
        """Whether somebody else recorded a line, how she is reached or who represents her since then."""
        return self.known_stamp != self.view.known.stamp

    @property
    def askable(self) -> list[Choice]:
        """Lines that can be answered at all; an invalid one is closed for ever."""
        return [choice for choice in self.view.choices if choice.state is not State.INVALID]

    @property
    def questions(self) -> list[Question]:
        """The questions in the fixed order of categories."""
        asked = self.askable
        order = in_order(choice.category for choice in asked)
        return [
            Question(
                category,
                number,
                spoken.question(category),
                [Row(choice, self[_name(choice)]) for choice in asked if choice.category == category],
            )
            for number, category in enumerate(order, 1)
        ]

    def chosen(self) -> Iterator[tuple[Choice, str]]:
        """Yield what was answered: yes, no or later; what was left open is not there. Only of a clean form."""
        for choice in self.askable:
            given = self.cleaned_data.get(_name(choice))
            if given:
                yield choice, given

    def clean(self) -> dict[str, Any]:
        """At least one answer, a day for each yes, and all that the register asks of these answers."""
        given = super().clean() or self.cleaned_data
        answers = [answer for _choice, answer in self.chosen()]
        if not answers:
            self.add_error(None, ValidationError(_("Choose at least one answer."), code="nothing_chosen"))
        if "yes" in answers and "ends" not in self.errors:
            self._check_end(given.get("ends"))
        self._check_told()
        self._check_involved()
        return given

    def _check_involved(self) -> None:
        """That somebody may be part of it is never taken back by leaving a tick out."""
        known, given = self.view.known.representative, self.cleaned_data
        if known.involved and not given.get("involved") and (given.get("because") or "") in {"", known.because}:
            told = _("It stands here that the representative may be part of it. Write why that is no longer so.")
            self.add_error("because", ValidationError(told, code="reason_missing"))

    def _check_end(self, ends: date | None) -> None:
        today = clock.today()
        if ends is None:
            self.add_error("ends", ValidationError(_("Fill in the last day of each yes."), code="required"))
        elif ends < today:
            self.add_error("ends", ValidationError(refusal_text("ends_before_start"), code="ends_before_start"))
        elif ends > after_months(today, 12 * LONGEST_YEARS):
            self.add_error("ends", ValidationError(_("Choose a day within five years."), code="ends_too_late"))

    def _check_told(self) -> None:
        """What is missing is told at its field; that it was read back is asked when it is recorded."""
        if any(name in self.errors for name in ("language", "given_by", "interpreter", "method")):
            return
        states = [_state(choice, answer) for choice, answer in self.chosen()]
        beside = frozenset() if self.recording else frozenset({"read_back"})
        review_on = self.cleaned_data.get("review_on")
        for name in self.lacking(states, review_on, beside=beside):
            self.add_error(FIELD_OF.get(name, name), ValidationError(str(MISSING[name]), code="fields_missing"))
        if State.GIVEN in states and self.view.age_band is None and not self.cleaned_data.get("age_band"):
            self.add_error("age_band", ValidationError(refusal_text("age_unknown"), code="age_unknown"))

    def read_back_lines(self) -> list[tuple[str, str]]:
        """Return each answer as (yes, no or later; the sentence). Only of a valid form."""
        until = self.cleaned_data.get("ends")
        return [(given, spoken.answer(given, one.party, one.category, until)) for one, given in self.chosen()]

    @property
    def has_yes(self) -> bool:
        """Whether anything is given. Only of a valid form."""
        return any(given == "yes" for _choice, given in self.chosen())

    def digest(self) -> str:
        """Return what tells whether the answers are still those that were read back. Only of a valid form."""
        said = repr([(*pair, self.cleaned_data.get("ends")) for pair in self.read_back_lines()])
        return sha256(said.encode()).hexdigest()

    def was_read_back(self) -> bool:
        """Say whether exactly these answers were shown to be read back. Only of a valid form."""
        return hmac.compare_digest(self.data.get("shown", ""), self.digest())

    def conversation(self) -> Conversation:
        """Return what is to be recorded. Only of a valid form."""
        return Conversation(
            case=self.view.case,
            subject=self.view.subject,
            talk=self.talk(),
            notice=self.notice(),
            steps=[self._step(choice, answer) for choice, answer in self.chosen()],
            facts=self.facts(),
            evidence=self.paper_kept(),
            known=self.known_stamp,
        )

    def _step(self, choice: Choice, answer: str) -> Step:
        return Step(
            case=self.view.case,
            subject=self.view.subject,
            party=choice.party,
            category=choice.category,
            state=_state(choice, answer),
            ends=day_end(self.cleaned_data["ends"]) if answer == "yes" else None,
            review_on=self.cleaned_data.get("review_on") if answer == "yes" else None,
        )

    def typed(self) -> dict[str, str]:
        """Return every field as it was sent, to keep it as a draft."""
        return {name: self.data[name] for name in self.fields if name != "read_back" and self.data.get(name)}

    def refuse(self, code: str) -> None:
        """Show a refusal of the register at the field that it is about."""
        self.refusal = code
        if code == "known_changed":
            self._take_over_known()
        at = REFUSED_AT.get(code)
        self.add_error(at if at in self.fields else None, ValidationError(refusal_text(code), code=code))

    def _take_over_known(self) -> None:
        """Show what somebody else recorded meanwhile in place of what this page knew."""
        newer = {name: self.fields[name].initial or "" for name in KNOWN}
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | newer | {"known": self.view.known.stamp}


def _answers(choice: Choice) -> list[tuple[str, str]]:
    """Putting off is no answer to what holds already: that holds, is ended earlier or is withdrawn."""
    offered = [("yes", _("Yes")), ("no", _("No")), ("later", _("Not yet"))]
    return [offer for offer in offered if may_follow(choice.state, _state(choice, offer[0]))]


def _state(choice: Choice, answer: str) -> State:
    if answer == "yes":
        return State.GIVEN
    if answer == "later":
        return State.DEFERRED
    return State.WITHDRAWN if choice.state in PERMITTING else State.REFUSED


class LineForm(Plain):
    """One line of the register, named by organisation and category."""

    party = forms.RegexField(regex=r"^[a-z0-9_]{1,60}$")
    category = forms.RegexField(regex=r"^[a-z]{2,10}$")


class LimitForm(LineForm):
    """An earlier last day for one line."""

    ends = forms.DateField(input_formats=DAYS, error_messages=DATE, validators=NEAR)


class InvalidForm(LineForm):
    """A line that never was a free yes: by mistake, under pressure, or by somebody who may not speak for her."""

    because = forms.ChoiceField(choices=[("vergissing", ""), ("druk", ""), ("onbevoegd", "")])


class WithdrawForm(LineForm):
    """A line of one person in a case."""

    subject = forms.UUIDField()


class EvidenceForm(Plain):
    """A document about her consent. What it is, is seen from its bytes, never from its name."""

    document = forms.FileField(
        label=lazy("Document"),
        help_text=lazy("PDF, PNG or JPEG, at most 5 MB. It is kept sealed and only ever downloaded."),
        error_messages={
            "required": lazy("Choose a document."),
            "empty": lazy("This document is empty. Choose another one."),
            "invalid": lazy("Choose a document."),
        },
    )
