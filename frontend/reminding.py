"""What a care coordinator is reminded of, in words: on the page of today and on that of all reminders."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.pages import Attention
from agenda.pages.reminders import step_of
from conference.covenant.words import COMENSHA
from frontend.names import category_name, party_name, people_phrase

ICONS = {
    "consent_ends": "calendar-exclamation",
    "review": "message-question",
    "turns": "user",
    "reflection_ends": "hourglass",
    "tell_receiver": "send",
    "tell_person": "phone",
}


@dataclass(slots=True)
class Row:
    """One reminder, or those that are one step: same person, kind of data and day. `task`: closed by telling."""

    kind: str
    case: UUID
    subject: UUID
    code_name: str
    handle: str
    category: str
    day: date
    left: int
    age: int | None
    task: UUID | None
    others: bool | None = None
    parties: list[str] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def late(self) -> bool:
        return self.left < 0

    @property
    def link(self) -> str:
        """Where the next step is taken."""
        here = f"/cases/{self.case}/consent/{self.subject}/"
        if self.kind == "reflection_ends":
            return f"{here}reflection/"
        return f"{here}comensha/" if self.of_comensha else here

    @property
    def of_comensha(self) -> bool:
        """Whether it is about what she signed for CoMensha, which has a page of its own."""
        return self.kind in {"consent_ends", "review"} and self.parties == [COMENSHA]

    @property
    def who(self) -> str:
        return people_phrase([party_name(party) for party in self.parties])

    @property
    def title(self) -> str:
        """What it is about, in one line."""
        told = {
            "consent_ends": _("Consent of %(handle)s in %(code)s ends"),
            "review": _("Ask %(handle)s in %(code)s again"),
            "turns": _("%(Handle)s in %(code)s turns %(age)s"),
            "reflection_ends": _("The reflection period of %(handle)s in %(code)s ends"),
            "tell_receiver": _("Tell %(who)s that consent of %(handle)s in %(code)s no longer holds"),
            "tell_person": _("Tell %(handle)s in %(code)s what was shared"),
        }
        return told[self.kind] % self._words

    @property
    def text(self) -> str:
        """Why, and what the next step is."""
        if self.kind == "consent_ends":
            return (
                ngettext(
                    "On %(day)s. After that %(who)s no longer sees %(kind)s.",
                    "On %(day)s. After that %(who)s no longer see %(kind)s.",
                    len(self.parties),
                )
                % self._words
            )
        told = {
            "review": _("By %(day)s. Does she still want this: %(who)s and %(kind)s?"),
            "turns": _("On %(day)s. What she gave ends then, and from then on she is asked differently."),
            "reflection_ends": _("On %(day)s. What does she want after that? Is there a lawyer?"),
            "tell_receiver": _("By %(day)s. About %(kind)s: what was shared before may be used no longer."),
            "tell_person": _("Look at it on %(day)s. %(Kind)s was shared with %(who)s without her consent."),
        }
        return told[self.kind] % self._words

    @property
    def warning(self) -> str:
        """What to mind about her representative; empty where that is no question."""
        if self.others is None:
            return ""
        if self.others:
            return _("Her representative may be told too.")
        return _("Tell her representative nothing, and nobody near that person: they may be part of it.")

    @property
    def when(self) -> str:
        """How long there is."""
        if self.late:
            return ngettext("%(days)s day late", "%(days)s days late", -self.left) % {"days": -self.left}
        if self.left == 0:
            return _("today")
        return ngettext("in %(days)s day", "in %(days)s days", self.left) % {"days": self.left}

    @property
    def _words(self) -> dict[str, object]:
        kind = category_name(self.category) if self.category else ""
        return {
            "handle": self.handle,
            "Handle": capfirst(self.handle),
            "code": self.code_name,
            "day": date_format(self.day, "j F"),
            "who": self.who,
            "kind": kind,
            "Kind": capfirst(kind),
            "age": self.age,
        }


def rows(attention: Sequence[Attention]) -> list[Row]:
    """Return these as rows, in their order; what is one step stands in one row."""
    found: dict[object, Row] = {}
    for one in attention:
        key = step_of(one)
        row = found.get(key)
        if row is None:
            row = found[key] = Row(
                one.kind, one.case, one.subject, one.code_name, one.handle, one.category, one.day, one.left,
                one.age, one.task, one.others,
            )  # fmt: skip
        if one.party and one.party not in row.parties:  # registration and placement at CoMensha are one step
            row.parties.append(one.party)
    return list(found.values())
