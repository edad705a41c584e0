"""The covenant's matrix as people read it: groups, rows, cells, and a cell in a full sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import pgettext_lazy as lazy

from conference.covenant.facts import Party
from conference.covenant.labels import category_name, party_name, phase_name
from conference.covenant.shape import Category, Covenant
from conference.covenant.words import PHASES
from frontend.categories import ICONS
from frontend.names import people_phrase

# In the legend's order; the sign of a letter is the page's symbol of the same name.
SIGNS = {"I": "named", "p": "pseudonym", "c": "consent", "o": "own", "v": "handed", "-": "none"}

_SHORT: dict[str, Promise] = {
    "I": lazy("matrix", "with name"),
    "p": lazy("matrix", "with pseudonym"),
    "c": lazy("matrix", "only with consent"),
    "o": lazy("matrix", "only its own"),
    "v": lazy("matrix", "handed over one by one"),
    "-": lazy("matrix", "not"),
}
_LONG: dict[str, Promise] = {
    "I": lazy("matrix", "with names"),
    "p": lazy("matrix", "with pseudonyms"),
    "c": lazy("matrix", "only with consent or a recorded exception"),
    "o": lazy("matrix", "only what it brought in itself"),
    "v": lazy("matrix", "only what is handed over, one by one"),
    "-": lazy("matrix", "nothing"),
}
_GROUPS: dict[str, tuple[Promise, Promise]] = {
    "P": (lazy("matrix", "Responsible for the data"), lazy("matrix", "WGS 2.27, paragraph 1")),
    "Q": (lazy("matrix", "Private participants"), lazy("matrix", "WGS 2.27, paragraph 2")),
    "D": (lazy("matrix", "Third parties, without an account"), lazy("matrix", "are handed items one by one")),
    "Z": (lazy("matrix", "Without personal data"), lazy("matrix", "totals only")),
}

# Where a long word may break in a narrow column; browsers know no Dutch hyphens.
_BREAKS = {
    "gezondheid": "gezond\u00adheid",
    "voorziening": "voor\u00adziening",
    "verblijfsrecht": "verblijfs\u00adrecht",
    "supervision": "super\u00advision",
    "provisions": "provi\u00adsions",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of five letters. `query`: the address that says it in full; `words`: for screen readers."""

    query: str
    signs: tuple[str, ...]
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One party. `open_check`: what must still be confirmed before it sees anything."""

    id: str
    name: str
    minors: bool
    secrecy: str | None
    open_check: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    icon: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The chosen row of letters in full: "Police, police data: at referral ..."."""

    party: str
    category: str
    sentence: str
    purpose: str
    basis: str
    unread: bool
    remarks: tuple[str, ...]


def legend() -> list[tuple[str, str]]:
    """Return (sign, words) of each letter, most first."""
    return [(sign, str(_SHORT[letter])) for letter, sign in SIGNS.items()]


def phases() -> list[str]:
    """Return the names of the five phases of a cell."""
    return [phase_name(phase) for phase in PHASES]


def columns(covenant: Covenant) -> list[Column]:
    """Return the heads of the matrix, in the covenant's order."""
    return [
        Column(_breakable(category_name(code, covenant)), ICONS.get(code, "circle"), category.unread)
        for code, category in covenant.categories.items()
    ]


def _breakable(name: str) -> str:
    return " ".join(_BREAKS.get(word, word) for word in name.split(" "))


def groups(covenant: Covenant, chosen: tuple[str, str]) -> list[Group]:
    """Return the parties by class, as the law groups them."""
    found = []
    for cls, (title, note) in _GROUPS.items():
        rows = tuple(_row(covenant, party, chosen) for party in covenant.parties.values() if party.cls == cls)
        if rows:
            found.append(Group(str(title), str(note), rows))
    return found


def _row(covenant: Covenant, party: Party, chosen: tuple[str, str]) -> Row:
    cells = tuple(
        Cell(
            query=f"{party.id}/{category}",
            signs=tuple(SIGNS[letter] for letter in letters),
            words=_spoken(letters),
            chosen=chosen == (party.id, category),
        )
        for category, letters in party.cells.items()
    )
    return Row(
        id=party.id,
        name=capfirst(party_name(party.id, covenant)),
        minors=party.only_if is not None,
        secrecy=party.secrecy,
        open_check=None if party.checked else party.check,
        cells=cells,
    )


def _runs(letters: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each letter with the names of the phases, side by side, that have it."""
    for letter, run in groupby(zip(letters, PHASES, strict=True), key=lambda pair: pair[0]):
        yield letter, [phase_name(phase) for _letter, phase in run]


def _spoken(letters: str) -> str:
    if not letters.strip("-"):
        return str(_SHORT["-"])
    return "; ".join(f"{', '.join(names)}: {_SHORT[letter]}" for letter, names in _runs(letters))


def told(covenant: Covenant, party: Party, category: Category) -> Told:
    """Return one row of five letters as a sentence, with its purpose, ground and remarks."""
    letters = party.cells[category.code]
    return Told(
        party=capfirst(party_name(party.id, covenant)),
        category=long_name(category),
        sentence=_sentence(letters),
        purpose=party.texts.get("doel", ""),
        basis=category.basis.replace(" ?", ""),
        unread=category.unread,
        remarks=_remarks(party),
    )


def long_name(category: Category) -> str:
    """Return what a category is called in a sentence: the covenant's own words."""
    language = (get_language() or "nl")[:2]
    return category.texts.get(language) or category.texts["nl"]


def _sentence(letters: str) -> str:
    """Return what follows "Police and police data:", without a full stop."""
    if len(set(letters)) == 1:
        return pgettext("matrix", "in every phase %(way)s") % {"way": _LONG[letters[0]]}
    return ", ".join(
        pgettext("matrix", "at %(phases)s %(way)s") % {"phases": people_phrase(names), "way": _LONG[letter]}
        for letter, names in _runs(letters)
    )


def _remarks(party: Party) -> tuple[str, ...]:
    found = []
    if party.check and not party.checked:
        found.append(
            pgettext("matrix", "Sees nothing until a responsible party has confirmed: %(check)s.")
            % {"check": party.check}
        )
    if party.only_if is not None:
        found.append(pgettext("matrix", "Only in a case with somebody under 18."))
    if party.secrecy:
        found.append(
            pgettext("matrix", "Bound by professional secrecy (%(law)s): what it brings needs consent.")
            % {"law": party.secrecy}
        )
    return tuple(found)
