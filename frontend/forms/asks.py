"""The questions with which reading the log begins, each a sentence with choices in it. Pure but for the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from string import Formatter
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from audit import marks

Words = str | Promise
_ = partial(pgettext_lazy, "log")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `sentence`: with {party}, {case}, {person}, {period}. `marks`: that an answer must have."""

    label: Words
    sentence: Words
    icon: str
    marks: int = 0

    def parts(self) -> list[tuple[str, str]]:
        """Return the sentence in pieces: words, and the field that follows them ("" at the end)."""
        return [(text.strip(), name or "") for text, name, _spec, _conversion in Formatter().parse(str(self.sentence))]

    def fields(self) -> set[str]:
        """Return the fields that stand in the sentence."""
        return {name for _words, name in self.parts() if name}


FIRST = "case"
ASKS: Mapping[str, Ask] = MappingProxyType(
    {
        "case": Ask(_("Case"), _("Who of {party} saw {case} in {period} and on what ground?"), "file-text"),
        "person": Ask(_("Person"), _("What did {person} see in {period} and on what ground?"), "user"),
        "party": Ask(_("Party"), _("What did {party} see in {period} and on what ground?"), "users"),
        "refused": Ask(_("Refusals"), _("What was {party} refused in {period} and why?"), "ban", marks.REFUSED),
        "exception": Ask(
            _("Exceptions"), _("Who of {party} used an exception in {period}?"), "alert-triangle", marks.EXCEPTION
        ),
        "export": Ask(_("Exports"), _("What did {party} take out in {period}?"), "file-export", marks.EXPORT),
        "rights": Ask(
            _("People and rights"), _("Who of {party} changed people or rights in {period}?"), "key", marks.RIGHTS
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Only:
    """A filter on top of any question."""

    label: Words
    icon: str
    marks: int


ONLY: Mapping[str, Only] = MappingProxyType(
    {
        "refused": Only(_("only refusals"), "ban", marks.REFUSED),
        "exception": Only(_("only exceptions"), "alert-triangle", marks.EXCEPTION),
        "export": Only(_("only exports"), "file-export", marks.EXPORT),
    }
)
