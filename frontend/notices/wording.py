"""Sentences of mixed language, cut into parts that keep their own direction. Names are read from the covenant."""

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import TypedDict

from django.utils import translation

from conference.covenant.labels import category_name, party_name
from conference.covenant.shape import Covenant
from consent.notices import Text
from consent.notices import text as base

DUTCH = "nl"
_OTHER_SCRIPTS = frozenset({"ar", "bg"})  # there, every run of Latin letters is a Dutch word or address
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.\- ]*[A-Za-z0-9]|[A-Za-z]")


class Part(TypedDict):
    """A piece of a sentence; `lang` where it is not the page's own. `apart`: it is no part of a sentence."""

    text: str
    lang: str | None
    apart: bool


Parts = list[Part]


def own(text: str, language: str) -> Parts:
    """Return a text of this language; Dutch words in another script are parts of their own."""
    if language not in _OTHER_SCRIPTS:
        return [_part(text)]
    found: Parts = []
    at = 0
    for run in _LATIN.finditer(text):
        found += [_part(text[at : run.start()]), _part(run[0], DUTCH)]
        at = run.end()
    return [part for part in [*found, _part(text[at:])] if part["text"]]


def dutch(text: str, language: str, *, apart: bool = False) -> Parts:
    """Return a Dutch text on a page of this language; `apart` where nothing of the language stands beside it."""
    return [_part(text, None if language == DUTCH else DUTCH, apart=apart)]


def figures(text: str) -> Parts:
    """Return a number or code, which is read from left to right everywhere."""
    return [_part(text, DUTCH, apart=True)]


def filled(template: str, language: str, words: Mapping[str, Parts]) -> Parts:
    """Return a sentence with these parts in its places."""
    parts: Parts = []
    for literal, name, _, _ in Formatter().parse(template):
        parts += own(literal, language)
        if name is not None:
            parts += words[name]
    return parts


def party(text: Text, name: str, covenant: Covenant | None) -> Parts:
    """Return an organisation in this language, with the name by which it is known here beside it."""
    called = _called(text, name, covenant)
    if called is None:
        return dutch(_capital(_dutch_name(name, covenant)), text.language)
    if text.language == DUTCH:
        return own(called, DUTCH)
    known = dutch(_inside(base(DUTCH).parties[name]), text.language)
    return [*own(f"{called} (", text.language), *known, _part(")")]


def topic(text: Text, category: str, covenant: Covenant | None) -> Parts:
    """Return what a category is about, as the end of "may know ..."; one that a covenant added by its Dutch name."""
    if category in text.topics:
        return own(text.topics[category], text.language)
    with translation.override(DUTCH):
        return dutch(f"“{category_name(category, covenant)}”", text.language)


def plain(parts: Iterable[Part]) -> str:
    """Return parts as one text, as it is read."""
    return "".join(part["text"] for part in parts)


def _called(text: Text, name: str, covenant: Covenant | None) -> str | None:
    named = covenant.parties.get(name) if covenant else None
    # A name that the covenant gives is somebody's own; it is not translated.
    return None if named is not None and DUTCH in named.texts else text.parties.get(name)


def _dutch_name(name: str, covenant: Covenant | None) -> str:
    with translation.override(DUTCH):
        return party_name(name, covenant)


def _inside(name: str) -> str:
    """A name with its article, as it stands inside a sentence."""
    article, _, rest = name.partition(" ")
    return f"{article.lower()} {rest}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _part(text: str, lang: str | None = None, *, apart: bool = False) -> Part:
    return {"text": text, "lang": lang, "apart": apart}
