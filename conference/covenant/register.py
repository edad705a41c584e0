"""Consent lines and exceptions, checked once and laid out for quick questions. Pure.

`decide` takes plain sequences too; whoever asks many times about one case wraps its
lines in these once, so that they are not checked again for every item.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from conference.covenant.facts import ConsentLine, ExceptionLine

Key = tuple[str, str, str]
"""(subject, receiving party, category)"""


class Consents(tuple[ConsentLine, ...]):  # noqa: SLOT001  the index is its point
    """Lines of the register by (subject, party, category). Raises TypeError for a malformed line."""

    by_key: dict[Key, list[ConsentLine]]

    def __new__(cls, lines: Iterable[ConsentLine] = ()) -> Self:
        made = super().__new__(cls, lines)
        made.by_key = {}
        for line in made:
            _check_consent(line)
            made.by_key.setdefault((line.subject, line.party, line.category), []).append(line)
        return made


class Exceptions(tuple[ExceptionLine, ...]):  # noqa: SLOT001  the index is its point
    """Recorded exceptions by (subject, party, category). Raises TypeError for a malformed line."""

    by_key: dict[Key, list[ExceptionLine]]

    def __new__(cls, lines: Iterable[ExceptionLine] = ()) -> Self:
        made = super().__new__(cls, lines)
        made.by_key = {}
        for line in made:
            _check_exception(line)
            made.by_key.setdefault((line.subject, line.party, line.category), []).append(line)
        return made


NO_CONSENTS = Consents()
NO_EXCEPTIONS = Exceptions()


def consents(lines: object) -> Consents:
    """Return lines as a checked register. Raises TypeError when malformed."""
    if isinstance(lines, Consents):
        return lines
    if not isinstance(lines, list | tuple):
        raise TypeError("consents")
    return Consents(lines) if lines else NO_CONSENTS


def exceptions(lines: object) -> Exceptions:
    """Return lines as a checked register. Raises TypeError when malformed."""
    if isinstance(lines, Exceptions):
        return lines
    if not isinstance(lines, list | tuple):
        raise TypeError("exceptions")
    return Exceptions(lines) if lines else NO_EXCEPTIONS


def is_moment(value: object) -> bool:
    """Tell whether a value is an aware datetime."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def _check_consent(line: object) -> None:
    if not isinstance(line, ConsentLine):
        raise TypeError("consent line")
    texts = (line.subject, line.party, line.category, line.purpose, line.state)
    if not all(isinstance(text, str) for text in texts) or type(line.recorded) is not int:
        raise TypeError("consent line")
    if not is_moment(line.starts) or not (line.ends is None or is_moment(line.ends)):
        raise TypeError("consent line")


def _check_exception(line: object) -> None:
    if not isinstance(line, ExceptionLine):
        raise TypeError("exception line")
    texts = (line.subject, line.party, line.category, line.decider, line.reason)
    if not all(isinstance(text, str) for text in texts) or type(line.code) is not int:
        raise TypeError("exception line")
    if not is_moment(line.starts) or not is_moment(line.ends):
        raise TypeError("exception line")
