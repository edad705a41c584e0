"""How a conversation about consent went: the fields, and the sealed shapes that they become."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as lazy

from agenda.pages import RegisterView
from conference.covenant.days import day_of
from consent import notices, rules
from consent.ages import Band
from consent.commands import NoticeRef
from consent.states import State
from consent.talk import OUTSIDE, Contact, Representative, Talk
from frontend.forms.accounts import Plain

Words = Any  # a text, lazy or not: it is translated when the page is drawn
LONGEST = 300

MISSING: Mapping[str, Words] = MappingProxyType(
    {
        "notice": lazy("Choose in which language it is explained."),
        "channel": lazy("Choose how you speak."),
        "method": lazy("Choose how she answers."),
        "given_by": lazy("Choose who answers."),
        "interpreter": lazy("Choose whether somebody interprets."),
        "interpreter_told": lazy("Fill in the interpreter's number, who it is, or why nobody interprets."),
        "interpreter_is": lazy("Choose what the one who interprets is of her."),
        "witness": lazy("Choose who else hears it: the interpreter only where somebody interprets."),
        "witness_told": lazy("Fill in who of your colleagues hears it."),
        "paper": lazy("Fill in where the signed paper lies, or add it as a document first."),
        "capacity": lazy("Choose whether she can weigh this herself. Do you doubt, then ask nothing yet."),
        "capacity_told": lazy("Write who judged that she cannot weigh this, and how."),
        "alone": lazy("Ask whether she can talk freely."),
        "overheard": lazy("Ask whether anybody can hear it."),
        "pressure": lazy("Choose whether somebody presses her."),
        "setting": lazy("You doubt, or somebody may hear it. Write why her yes is free all the same, or ask later."),
        "apart": lazy("Explain that this has nothing to do with a report to the police or a bed, and tick it."),
        "free": lazy("Explain that a no costs her nothing, and tick it."),
        "read_back": lazy("Read it back, ask whether it is right, and tick it."),
        "representative": lazy("Choose who represents her."),
        "mandate": lazy("Write what shows that this person may speak for her."),
        "review_on": lazy("Fill in when you ask her again."),
    }
)
"""What is said of each field that `consent.rules` asks for and that is empty."""
FIELD_OF = MappingProxyType({"notice": "language"})


def _pick(label: Words, *offered: tuple[str, Words], help_text: Words = "", initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=offered, required=False, initial=initial, widget=forms.RadioSelect
    )


def _line(label: Words, help_text: Words = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, required=False, widget=widget)


def _tick(label: Words) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def _choose(label: Words, *offered: tuple[str, Words], help_text: Words = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=[("", "–"), *offered], required=False)


ROLES: tuple[tuple[str, Words], ...] = (
    ("ouder", lazy("a parent")),
    ("voogd", lazy("a guardian")),
    ("gi", lazy("a certified youth institution")),
    ("rvdk", lazy("the child protection board")),
    ("bijzondere_curator", lazy("a special curator (appointed by the court)")),
    ("mentor", lazy("a mentor")),
    ("curator", lazy("a curator")),
)
YES, NO = ("ja", lazy("Yes")), ("nee", lazy("No"))


class TalkForm(Plain):
    """What is kept of a conversation beside the answers. `view`: the register of this victim."""

    alone = _pick(lazy("Is she alone, and can she talk freely?"), YES, NO)
    overheard = _pick(lazy("Can anybody hear it, also through a telephone?"), NO, ("misschien", lazy("Maybe")), YES)
    pressure = _pick(lazy("Does somebody press her?"), NO, ("twijfel", lazy("I doubt")), YES)
    contact_channel = _choose(
        lazy("How can you reach her safely?"),
        ("telefoon", lazy("by telephone")),
        ("bericht", lazy("by a message")),
        ("via_ander", lazy("through somebody else")),
        help_text=lazy("Never by post."),
    )
    contact_reach = _line(lazy("Where or through whom?"), lazy("Kept sealed. Only her care coordinators read it."))
    contact_times = _line(lazy("When is it safe?"))
    contact_word = _line(lazy("Code word"), lazy("By which she hears that it is you."))

    language = forms.ChoiceField(label=lazy("In which language is it explained?"), choices=[], required=False)
    interpreter = _pick(
        lazy("Does somebody interpret?"),
        ("register", lazy("A registered interpreter")),
        ("informeel", lazy("Somebody else")),
        ("geen", lazy("Nobody")),
    )
    interpreter_told = _line(lazy("Number, who, or why nobody"), lazy("The number in the register. Of others no name."))
    interpreter_is = _choose(
        lazy("If somebody else: what is that of her?"),
        ("hulpverlener", lazy("a professional")),
        ("kennis", lazy("a friend or acquaintance")),
        ("familie", lazy("family")),
        ("partner", lazy("her partner")),
        ("verdachte", lazy("somebody who may have exploited her")),
    )
    explained_by = _line(lazy("Did somebody else explain it?"), lazy("Their work, no name. Empty if you did."))
    age_band = _pick(
        lazy("How old is she?"),
        (Band.CHILD.value, lazy("under 12")),
        (Band.TEEN.value, lazy("12 to 15")),
        (Band.OWN.value, lazy("16 or older")),
        help_text=lazy("Her date of birth is not known here. Her age decides whose yes counts."),
    )
    capacity = _pick(lazy("Can she weigh this herself?"), YES, ("twijfel", lazy("I doubt")), NO)
    capacity_told = _line(lazy("Who judged that, and how?"))
    apart = _tick(lazy("I explained that a report to the police and a bed do not depend on this."))
    free = _tick(lazy("I explained that a no costs her nothing."))

    given_by = _pick(
        lazy("Who answers?"),
        ("zelf", lazy("She herself")),
        ("beiden", lazy("She and her representative")),
        ("vertegenwoordiger", lazy("Her representative")),
        initial="zelf",
    )
    representative = _choose(
        lazy("Who represents her?"),
        *ROLES,
    )
    mandate = _line(lazy("What shows that?"), lazy("For instance: decision of the court of 1 March 2026."))
    involved = _tick(lazy("This representative may be part of what happened to her."))
    because = _line(lazy("Why do you think so?"), lazy("Then nobody tells the representative anything. Kept sealed."))
    instead = _choose(
        lazy("Who speaks for her instead?"),
        *[(role, told) for role, told in ROLES if role in OUTSIDE],
        help_text=lazy("Somebody from outside her own circle."),
    )

    channel = _pick(
        lazy("How do you speak?"), ("telefoon", lazy("By telephone")), ("gesprek", lazy("Face to face")),
        initial="telefoon",
    )  # fmt: skip
    method = _pick(
        lazy("How does she answer?"),
        ("mondeling", lazy("By word of mouth")), ("schriftelijk", lazy("In writing")), initial="mondeling",
    )  # fmt: skip
    witness = _pick(
        lazy("Who else hears it?"),
        ("tolk", lazy("The interpreter")),
        ("collega", lazy("A colleague")),
        ("geen", lazy("Nobody")),
    )
    witness_told = _line(lazy("Which colleague?"))
    paper = _line(lazy("Where does the signed paper lie?"))
    evidence = forms.ChoiceField(label=lazy("Document that belongs to it"), choices=[], required=False)
    setting = _line(lazy("Anything else about the situation?"), lazy("For instance: she sat in the car. No address."))
    exclusions = _line(lazy("With whom never?"), lazy("In her own words: “not with …”. Kept sealed."))
    note = _line(lazy("Remark"))
    read_back = _tick(lazy("I read it back, and she says that it is right."))

    def __init__(self, *args: Any, view: RegisterView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        known = view.known
        usable = [one.text for one in notices.notices() if one.usable]
        self._offer("language", [(one.language, one.autonym) for one in usable])
        papers = [(str(one.id), f"{one.kind} · {day_of(one.at):%d-%m-%Y} · {one.sha256[:8]}") for one in view.evidence]
        self._offer("evidence", [("", "–"), *papers])
        self._begin("language", "nl")
        self._begin("contact_channel", known.contact.channel)
        self._begin("contact_reach", known.contact.reach)
        self._begin("contact_times", known.contact.times)
        self._begin("contact_word", known.contact.word)
        self._begin("representative", known.representative.role)
        self._begin("mandate", known.representative.mandate)
        self._begin("involved", known.representative.involved)
        self._begin("because", known.representative.because)
        self._begin("instead", known.representative.instead)
        if view.age_band is not None:
            del self.fields["age_band"]

    def _offer(self, name: str, offered: Sequence[tuple[str, Words]]) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined]  # a choice field

    def _begin(self, name: str, value: object) -> None:
        self.fields[name].initial = value

    # --- what it becomes: only of fields that were cleaned -------------------------------

    def talk(self) -> Talk:
        """Return the conversation as it is kept."""
        given = self.cleaned_data
        own = {name: given.get(name) or "" for name in Talk.__struct_fields__ if name in self.fields}
        ticks = {name: bool(given.get(name)) for name in ("apart", "free", "read_back")}
        if given.get("involved") and given.get("instead"):
            own["representative"] = given["instead"]
        return msgspec.convert(own | ticks | {"age_band": given.get("age_band") or None}, type=Talk)

    def notice(self) -> NoticeRef | None:
        """Return the exact text that was read; None where no usable language was chosen."""
        language = self.cleaned_data.get("language")
        if not language:
            return None
        return NoticeRef(notices.NOTICE_ID, notices.NOTICE_VERSION, language, notices.text_hash(language))

    def paper_kept(self) -> UUID | None:
        """Return the document that belongs to it."""
        chosen = self.cleaned_data.get("evidence")
        return UUID(chosen) if chosen else None

    def facts(self) -> list[msgspec.Struct]:
        """Return what came up about her and is new: how to reach her, who represents her."""
        given, known = self.cleaned_data, self.view.known
        contact = Contact(
            channel=given.get("contact_channel") or "",
            reach=given.get("contact_reach") or "",
            times=given.get("contact_times") or "",
            word=given.get("contact_word") or "",
            note=known.contact.note,
        )
        representative = Representative(
            role=given.get("representative") or "",
            mandate=given.get("mandate") or "",
            involved=bool(given.get("involved")),
            because=given.get("because") or "",
            instead=given.get("instead") or "" if given.get("involved") else "",
        )
        told: Iterator[tuple[msgspec.Struct, msgspec.Struct]] = iter(
            [(contact, known.contact), (representative, known.representative)]
        )
        return [new for new, old in told if new != old]

    def lacking(self, states: Sequence[State], review_on: Any, *, beside: frozenset[str] = frozenset()) -> list[str]:
        """Return the fields that these states ask for and that are empty; `beside`: not asked for yet."""
        told = rules.Told(
            talk=self.talk(),
            notice=self.notice() is not None,
            evidence=self.paper_kept() is not None,
            review_on=review_on,
        )
        names = dict.fromkeys(name for state in states for name in rules.missing(state, told))
        return [name for name in names if name not in beside]
