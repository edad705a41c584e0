"""What a viewer sees of a case, what not, and why, in one sentence.

It speaks of covenant and register only, so it reads the same whether there is anything in
the case or not. The live room says the same with island/scope.ts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from agenda.protocol import CategoryScope
from frontend.categories import ICONS, place
from frontend.names import category_name, party_name, people_phrase

_NUMBERS = (
    lazy("one"),
    lazy("two"),
    lazy("three"),
    lazy("four"),
    lazy("five"),
    lazy("six"),
    lazy("seven"),
    lazy("eight"),
    lazy("nine"),
    lazy("ten"),
    lazy("eleven"),
    lazy("twelve"),
)

_WHY: dict[str, Callable[[int], str]] = {
    "not_in_covenant": lambda n: ngettext("is not in the covenant", "are not in the covenant", n),
    "consent_missing": lambda n: _("no consent for that now"),
    "own_only": lambda n: _("only what you brought in yourself"),
    "track_forbids": lambda n: ngettext("is not part of this track", "are not part of this track", n),
    "party_condition": lambda n: _("only when a minor is involved"),
    "covenant_inactive": lambda n: _("no covenant is in force now"),
}

_NONE: dict[str, str | Promise] = {
    "not_in_covenant": lazy("Not in the covenant for your organisation."),
    "consent_missing": lazy("Only with consent; there is none now."),
    "own_only": lazy("Only what your own organisation brought in."),
    "track_forbids": lazy("Not part of this track."),
    "party_condition": lazy("Only when a minor is involved."),
    "covenant_inactive": lazy("No covenant is in force now."),
}


@dataclass(frozen=True, slots=True)
class KindLine:
    """One category in the list "by kind"."""

    name: str
    icon: str
    text: str


def sentence(scope: Sequence[CategoryScope]) -> str:
    """Return "You see ...; not ..., because ..." for the categories of one case."""
    ordered = sorted(scope, key=lambda entry: place(entry.category))
    named = sum(entry.level == "identified" for entry in ordered)
    pseudonymised = sum(entry.level == "pseudonymised" for entry in ordered)
    unseen = [entry for entry in ordered if entry.level == "none"]
    seen = _seen(named, pseudonymised)
    return f"{seen}; {_unseen(unseen)}." if unseen else f"{seen}."


def _seen(named: int, pseudonymised: int) -> str:
    if named and pseudonymised:
        return _("You see %(kinds)s with names and %(other)s with pseudonyms") % {
            "kinds": _kinds(named),
            "other": number(pseudonymised),
        }
    if named:
        return _("You see %(kinds)s with names") % {"kinds": _kinds(named)}
    if pseudonymised:
        return _("You see %(kinds)s with pseudonyms") % {"kinds": _kinds(pseudonymised)}
    return _("Of this case you see only what your own organisation brought in")


def _unseen(unseen: Sequence[CategoryScope]) -> str:
    """One reason for all: a plain clause. Several: each group with its reason in brackets."""
    groups: dict[str, list[str]] = {}
    for entry in unseen:
        groups.setdefault(entry.reason, []).append(category_name(entry.category))
    if set(groups) == {"not_in_covenant"}:
        words = people_phrase(groups["not_in_covenant"])
        return _("you do not see %(kinds)s, because the covenant does not give those to your organisation") % {
            "kinds": words
        }
    parts = [f"{people_phrase(words)} ({_why(reason, len(words))})" for reason, words in groups.items()]
    return _("not %(kinds)s") % {"kinds": people_phrase(parts)}


def _why(reason: str, count: int) -> str:
    known = _WHY.get(reason)
    return known(count) if known else _("not in this phase")


def _kinds(count: int) -> str:
    return ngettext("%(number)s kind of data", "%(number)s kinds of data", count) % {"number": number(count)}


def number(count: int) -> str:
    """Return a count as a word up to twelve, beyond it in figures."""
    return str(_NUMBERS[count - 1]) if 1 <= count <= len(_NUMBERS) else str(count)


def kinds(scope: Sequence[CategoryScope]) -> list[KindLine]:
    """Return what covenant and register say of each category, in the fixed order."""
    return [
        KindLine(category_name(entry.category), ICONS.get(entry.category, "circle"), kind_text(entry))
        for entry in sorted(scope, key=lambda entry: place(entry.category))
    ]


def kind_text(entry: CategoryScope) -> str:
    """Return what covenant and register say of one category."""
    if entry.level == "none":
        return str(_NONE.get(entry.reason) or _("Not in this phase."))
    named = entry.level == "identified"
    if entry.reason == "consent":
        return _("With names, by consent.") if named else _("With pseudonyms, by consent.")
    if entry.reason == "exception":
        return _("With names, by an exception.") if named else _("With pseudonyms, by an exception.")
    return _("With names.") if named else _("With pseudonyms.")


def readers_text(entry: CategoryScope) -> str:
    """Return who reads an own text of this category once it is released."""
    readers = [party_name(party) for party in entry.readers]
    gated = [party_name(party) for party in entry.readers_with_consent if party not in entry.readers]
    if readers and gated:
        return _("%(readers)s; with consent also %(gated)s") % {
            "readers": people_phrase(readers),
            "gated": people_phrase(gated),
        }
    if gated:
        return _("only with consent: %(gated)s") % {"gated": people_phrase(gated)}
    return people_phrase(readers) or _("only your own organisation")
