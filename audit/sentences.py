"""A leaf as people read it: one sentence and one line below it. Pure but for the language.

Names come in from outside through `Labels`: the log itself knows none.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import pgettext

from audit import words

RECEIVER = "receiver"  # in `seen`: for which party an export was
PROCESS = "prc"  # the category of minutes, decisions and actions that repeat nothing else
_ = partial(pgettext, words.CONTEXT)


@dataclass(frozen=True, slots=True)
class Labels:
    """What ids and codes are called: people, cases and subjects by id; parties, categories, phases by code."""

    people: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)

    def party(self, code: str) -> str:
        return self.parties.get(code, code.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Sentence:
    """`who`, the name with which `text` begins, "" when it begins otherwise. `line`: why and how."""

    text: str
    who: str
    line: str
    icon: str
    refused: bool


def sentence(leaf: Mapping[str, Any], labels: Labels) -> Sentence:
    """Return a leaf as a sentence; an act that has no words yet is told by its code."""
    refused = leaf["out"] == "deny"
    seers = [] if refused or leaf["act"] not in words.VIEWS else _seers(leaf)
    name = _name(seers[0] if seers else leaf["actor"], leaf, labels)
    who = _who(name, leaf["party"], labels)
    text = _told(leaf, who, max(len(seers) - 1, 0), labels)
    return Sentence(text, name if text.startswith(name) else "", _line(leaf, labels), _icon(leaf), refused)


def _seers(leaf: Mapping[str, Any]) -> Sequence[str]:
    return leaf["recipients"] or [person for person in (leaf["actor"],) if person]


def _name(person: str | None, leaf: Mapping[str, Any], labels: Labels) -> str:
    if person is None:
        return str(words.NOBODY.get(leaf["origin"], words.NOBODY["system"]))
    return labels.people.get(person) or _("Somebody who is no longer known")


def _who(name: str, party: str | None, labels: Labels) -> str:
    return f"{name} ({labels.party(party)})" if party else name


def _told(leaf: Mapping[str, Any], who: str, more: int, labels: Labels) -> str:
    act = leaf["act"]
    if leaf["out"] == "error":
        return _("%(who)s wanted to %(wish)s, and that failed.") % {"who": who, "wish": _wish(act)}
    if act in words.VIEWS:
        return _viewed(leaf, who, more, labels)
    if leaf["out"] == "deny":
        return _("%(who)s wanted to %(wish)s, and that was refused.") % {"who": who, "wish": _wish(act)}
    deed = words.DEEDS.get(act)
    if deed is None:
        return _("%(who)s did “%(act)s”.") % {"who": who, "act": act}
    told = str(deed.told) % {"who": who, "person": _person(leaf, labels)}
    return _for(_of(told.removesuffix("."), leaf, labels), leaf, labels) + "."


def _wish(act: str) -> str:
    deed = words.DEEDS.get(act)
    return str(deed.wish) if deed else f"“{act}”"


def _person(leaf: Mapping[str, Any], labels: Labels) -> str:
    ids = [key.removeprefix("person:") for key in leaf["obj"] if key.startswith("person:")]
    return labels.people.get(ids[0]) or _("somebody who is no longer known") if ids else _("somebody")


def _viewed(leaf: Mapping[str, Any], who: str, more: int, labels: Labels) -> str:
    what = _of(_things(leaf, labels), leaf, labels)
    if leaf["out"] == "deny":
        return _("%(who)s asked for %(what)s and got nothing.") % {"who": who, "what": what}
    if leaf["reason"] == "exception":
        what = _("%(what)s, with an exception") % {"what": what}
    told = {"who": who, "what": what, "more": more}
    if not more:
        return _("%(who)s saw %(what)s.") % told
    if more == 1:
        return _("%(who)s and 1 more person saw %(what)s.") % told
    return _("%(who)s and %(more)s more persons saw %(what)s.") % told


def _of(what: str, leaf: Mapping[str, Any], labels: Labels) -> str:
    """Her register and what is seen are somebody's own; what others write is about her."""
    handle = labels.subjects.get(leaf["subject"] or "")
    if not handle:
        return what
    told = {"what": what, "subject": handle}
    if leaf["act"].startswith("subject."):
        return _("%(what)s: %(subject)s") % told
    if leaf["act"] in words.VIEWS or leaf["act"].startswith(("consent.", "register.")):
        return _("%(what)s of %(subject)s") % told
    return _("%(what)s about %(subject)s") % told


def _for(what: str, leaf: Mapping[str, Any], labels: Labels) -> str:
    receiver = receiver_of(leaf)
    return _("%(what)s for %(party)s") % {"what": what, "party": labels.party(receiver)} if receiver else what


def receiver_of(leaf: Mapping[str, Any]) -> str:
    """Return the party for whom an export was, as its code; "" when it is no export."""
    pairs = (pair.partition("=") for pair in leaf["seen"])
    return next((value for name, _equals, value in pairs if name == RECEIVER), "")


def _things(leaf: Mapping[str, Any], labels: Labels) -> str:
    kinds = Counter(key.partition(":")[0] for key in leaf["obj"])
    told = [_counted(kind, kinds[kind], leaf, labels) for kind in words.THINGS if kinds[kind]]
    if not told:
        return _("the conference") if leaf["act"].startswith("conference.") or kinds["conference"] else _("something")
    return joined(told)


def _counted(kind: str, count: int, leaf: Mapping[str, Any], labels: Labels) -> str:
    if kind == "item" and (categories := _categories(leaf, labels)):
        return joined(categories)
    one, several = words.THINGS[kind]
    if count > 1:
        return str(several) % {"count": count}
    return str(words.NEW_THINGS.get(kind, one) if leaf["act"] == "conference.pushed" else one)


def _categories(leaf: Mapping[str, Any], labels: Labels, *, own: bool = False) -> list[str]:
    codes = dict.fromkeys(pair.partition("=")[0] for pair in leaf["seen"])
    return [labels.categories[code] for code in codes if code in labels.categories and (own or code != PROCESS)]


def joined(parts: Sequence[str]) -> str:
    """Join phrases as in a sentence: "a, b and c"."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def _line(leaf: Mapping[str, Any], labels: Labels) -> str:
    refused = leaf["out"] == "deny"
    parts = [_case(leaf, labels), _("refused") if refused else _level(leaf), _reason(leaf, labels)]
    details = [] if refused or not leaf["seen"] else [", ".join(_categories(leaf, labels, own=True))]
    if leaf["phase"]:
        details.append(_("phase %(phase)s") % {"phase": labels.phases.get(leaf["phase"], leaf["phase"])})
    parts.append(", ".join(detail for detail in details if detail))
    return " · ".join(part for part in parts if part)


def _case(leaf: Mapping[str, Any], labels: Labels) -> str:
    """What was seen in a case shows that there was one; what was asked for and refused does not."""
    known = labels.cases.get(leaf["case"] or "", "")
    return known or (_("a case that no longer exists") if leaf["case"] and leaf["out"] == "permit" else "")


def _level(leaf: Mapping[str, Any]) -> str:
    levels = {pair.partition("=")[2] for pair in leaf["seen"]} & set(words.LEVELS)
    if len(levels) > 1:
        return _("partly by name, partly by pseudonym")
    return str(words.LEVELS[levels.pop()]) if levels else ""


def _reason(leaf: Mapping[str, Any], labels: Labels) -> str:
    code = leaf["reason"]
    if code is None:
        return ""
    if code not in words.REASONS:
        return str(code)
    return str(words.REASONS[code]) % {"party": labels.party(leaf["party"] or "")}


def _icon(leaf: Mapping[str, Any]) -> str:
    if leaf["out"] != "permit":
        return "ban" if leaf["out"] == "deny" else "alert-triangle"
    if leaf["reason"] == "exception":
        return "alert-triangle"
    deed = words.DEEDS.get(leaf["act"])
    return deed.icon if deed else "eye" if leaf["act"] in words.VIEWS else "info-circle"
