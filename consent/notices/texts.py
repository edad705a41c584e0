"""The notice and the words of the summary in every language, from one file a language. Pure.

A file that lacks a key, has one too many, or has other places for words than the Dutch one is refused by its
name and the key: a victim never reads half a text.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

import msgspec
import yaml
from msgspec import Struct

FILES = Path(__file__).parent / "languages"
NOTICE_ID = "mh-toestemming"
NOTICE_VERSION = "1"
BASE = "nl"
LANGUAGES: tuple[str, ...] = ("nl", "en", "bg", "ro", "pl", "ar")
"""In the order in which they are offered; BCP 47."""

_MONTHS = 12


class NoticeFileError(Exception):
    """A file of texts cannot be used; the message names the file and the key."""

    code = "notice_file_wrong"


class Section(Struct, frozen=True):
    heading: str
    text: tuple[str, ...]


class Notice(Struct, frozen=True):
    """What she is told before she chooses; `sections` in the order in which they stand on paper."""

    title: str
    lead: str
    sections: dict[str, Section]
    by_hand: dict[str, str]

    def lines(self) -> Iterator[str]:
        """Yield every text that is shown, in the order in which it is read."""
        yield self.title
        yield self.lead
        for section in self.sections.values():
            yield section.heading
            yield from section.text
        yield from self.by_hand.values()


class Summary(Struct, frozen=True):
    """The words around what she chose. `sentences` have places for {party}, {topic} and {day}."""

    title: str
    unsafe: str
    for_whom: str
    receipt: str
    purpose: str
    notice: str
    made: str
    how: str
    interpreter: str
    no_interpreter: str
    methods: dict[str, str]
    headings: dict[str, str]
    sentences: dict[str, str]
    nothing: str
    ages: str
    after_heading: str
    after: tuple[str, ...]


class ReadAloud(Struct, frozen=True):
    """What is said aloud in the conversation; `questions` by category."""

    safe: str
    explain: str
    choose: str
    right: str
    questions: dict[str, str]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """One language. `status` is the file's own: a draft stays one until somebody records its review here."""

    language: str
    autonym: str
    direction: Literal["ltr", "rtl"]
    version: str
    status: Literal["complete", "draft"]
    months: tuple[str, ...]
    frame: dict[str, str]
    notice: Notice
    summary: Summary
    topics: dict[str, str]
    parties: dict[str, str]
    read_aloud: ReadAloud

    def day(self, when: date) -> str:
        """Return a day as it is written in this language."""
        return self.frame["day"].format(day=when.day, month=self.months[when.month - 1], year=when.year)

    def question(self, category: str) -> str | None:
        """Return what is read aloud about a category; None for one that a covenant added."""
        return self.read_aloud.questions.get(category)


def text(language: str) -> Text:
    """Return the texts of a language. Raises KeyError for one that there is not, NoticeFileError."""
    return texts()[language]


@cache
def texts() -> Mapping[str, Text]:
    """Return every language's texts, compared with each other. Raises NoticeFileError."""
    return load(FILES)


def load(folder: Path) -> Mapping[str, Text]:
    """Read a folder of languages and compare them with the Dutch one. Raises NoticeFileError."""
    raw = {language: _read(folder / f"{language}.yaml") for language in LANGUAGES}
    base = dict(leaves(raw[BASE]))
    for language, values in raw.items():
        _compare(f"{language}.yaml", base, dict(leaves(values)))
    return MappingProxyType({language: _typed(language, values) for language, values in raw.items()})


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every text with its key, such as `notice.sections.who.text.0`."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from leaves(one, f"{key}.{index}")
    else:
        yield key, value


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise NoticeFileError(f"{path.name}: cannot be read") from error


def _compare(file: str, base: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    for key in base:
        if key not in own:
            raise NoticeFileError(f"{file}: {key}: missing")
    for key, value in own.items():
        if key not in base:
            raise NoticeFileError(f"{file}: {key}: not in {BASE}.yaml")
        if not isinstance(value, str) or not value.strip():
            raise NoticeFileError(f"{file}: {key}: no text")
        if places(file, key, value) != places(f"{BASE}.yaml", key, base[key]):
            raise NoticeFileError(f"{file}: {key}: other places than in {BASE}.yaml")


def places(file: str, key: str, value: str) -> frozenset[str]:
    """Return the names in {curly brackets} of a text. Raises NoticeFileError for anything else in them."""
    try:
        found = list(Formatter().parse(value))
    except ValueError as error:
        raise NoticeFileError(f"{file}: {key}: a bracket without its pair") from error
    if any(name is not None and (not name.isidentifier() or form or turn) for _, name, form, turn in found):
        raise NoticeFileError(f"{file}: {key}: a place without a plain name")
    return frozenset(name for _, name, _, _ in found if name is not None)


def _typed(language: str, values: Any) -> Text:
    try:
        made = msgspec.convert(values, Text)
    except msgspec.ValidationError as error:
        raise NoticeFileError(f"{language}.yaml: {error}") from error
    if made.language != language:
        raise NoticeFileError(f"{language}.yaml: language: is of another file")
    if made.version != NOTICE_VERSION:
        raise NoticeFileError(f"{language}.yaml: version: is not {NOTICE_VERSION}")
    if len(made.months) != _MONTHS:
        raise NoticeFileError(f"{language}.yaml: months: not twelve")
    return made
