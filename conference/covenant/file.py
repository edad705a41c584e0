"""The covenant file: parsed strictly into a Covenant, or refused with the place. Pure.

The shape: covenant, phases, codes, never, categories, parties. Invariants are those of the
WGS that no covenant may break; they hold for the letters as written, confirmed or not.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from conference.covenant import letters, reading, words
from conference.covenant.facts import Party
from conference.covenant.shape import Category, Covenant
from conference.covenant.trouble import CovenantError, Place

__all__ = ["Covenant", "CovenantError", "parse", "plain"]

_TOP = ("covenant", "phases", "codes", "never", "categories", "parties")
_HEADER = ("id", "version", "valid_from", "approved_by")
_CATEGORY_TEXTS = ("nl", "en", "basis", "note")
_PARTY_TEXTS = ("nl", "en", "art", "doel", "note", "promote_to", "basis", "postal_address", "contact_point")
_PARTY_FACTS = ("class", "process", "secrecy", "only_if", "check", "checked")
_RESERVED = frozenset(_PARTY_TEXTS + _PARTY_FACTS)
_ID: Final = re.compile(r"[a-z0-9_]{1,60}")
_COVENANT_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_CATEGORY_ID: Final = re.compile(r"[a-z]{2,10}")
_MAX_TEXT = 500
_MAX_PARTIES = 500
_MAX_CATEGORIES = 60
_YEARS = range(1950, 2300)


def parse(source: str | Mapping[str, Any]) -> Covenant:
    """Parse a covenant from YAML text or from plain data (a world file's dict).

    Raises CovenantError(code, place, message); nothing else.
    """
    data, lines = plain(source)
    try:
        return _covenant(data)
    except CovenantError as error:
        place = tuple(error.place.split(".")) if error.place else ()
        raise CovenantError(error.code, error.place, error.message, _line(lines, place)) from None


def plain(source: str | Mapping[str, Any]) -> tuple[Any, reading.Lines]:
    """Return a covenant source as plain data (dicts, lists, words) and its lines, not yet validated."""
    if isinstance(source, str):
        return reading.read(source)
    return _plain_value(source, ()), {}


def _plain_value(value: object, place: Place) -> Any:
    """Copy given data; days become words, numbers too. Refuses what no file could hold."""
    if len(place) > 8:  # noqa: PLR2004  deeper than any covenant
        raise CovenantError("bad_type", place, "this is nested too deeply")
    if isinstance(value, Mapping):
        for key in value:
            _text(key, place)
        return {key: _plain_value(child, (*place, key)) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(child, (*place, str(index))) for index, child in enumerate(value)]
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str | bool):
        return value
    raise CovenantError("bad_type", place, "this is no text, list or mapping")


def _line(lines: reading.Lines, place: Place) -> int | None:
    """Return the line of a place, or of the nearest place that contains it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def _covenant(data: Any) -> Covenant:
    top = _mapping(data, (), required=_TOP)
    header = _mapping(top["covenant"], ("covenant",), required=_HEADER, optional=("valid_until",))
    _check_phases(top["phases"])
    codes = _codes(top["codes"])
    never = tuple(_words(top["never"], ("never",)))
    categories = _categories(top["categories"], frozenset(never) | frozenset(words.NEVER))
    parties = _parties(top["parties"], tuple(categories))
    valid_from, valid_until = _validity(header)
    return Covenant(
        id=_matching(header["id"], ("covenant", "id"), _COVENANT_ID),
        version=_text(header["version"], ("covenant", "version")),
        valid_from=valid_from,
        valid_until=valid_until,
        approved_by=_approvals(header["approved_by"], parties),
        parties=MappingProxyType(parties),
        categories=MappingProxyType(categories),
        codes=MappingProxyType(codes),
        never=never,
        source=MappingProxyType(top),
    )


# --- plain values -----------------------------------------------------------------


def _mapping(
    value: object, place: Place, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    found = _anything(value, place)
    for key in found:
        if key not in required and key not in optional:
            raise CovenantError("unknown_key", (*place, key), "this key is not known here")
    for key in required:
        if key not in found:
            raise CovenantError("missing_key", (*place, key), "this key is missing")
    return found


def _anything(value: object, place: Place) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CovenantError("bad_type", place, "this must be a mapping of keys to values")
    return value


def _text(value: object, place: Place) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
        raise CovenantError("bad_type", place, f"this must be a text of at most {_MAX_TEXT} characters")
    if not value.isprintable():
        raise CovenantError("bad_type", place, "this text holds a character that cannot be printed")
    return value


def _matching(value: object, place: Place, pattern: re.Pattern[str]) -> str:
    text = _text(value, place)
    if not pattern.fullmatch(text):
        raise CovenantError("bad_id", place, f"an id here is made of {pattern.pattern}")
    return text


def _words(value: object, place: Place) -> list[str]:
    if not isinstance(value, list):
        raise CovenantError("bad_type", place, "this must be a list")
    found = [_text(word, (*place, str(index))) for index, word in enumerate(value)]
    for index, word in enumerate(found):
        if word in found[:index]:
            raise CovenantError("duplicate", (*place, str(index)), "this stands in the list twice")
    return found


def _truth(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise CovenantError("bad_type", place, "this must be true or false")
    return value


def _day(value: object, place: Place) -> date:
    text = value if isinstance(value, str) else ""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise CovenantError("bad_date", place, "this must be a day as YYYY-MM-DD")
    return day


# --- the parts of the file --------------------------------------------------------


def _check_phases(value: object) -> None:
    if value != list(words.PHASES):
        raise CovenantError("bad_phases", ("phases",), f"the phases are exactly {', '.join(words.PHASES)}")


def _codes(value: object) -> dict[str, str]:
    found = _mapping(value, ("codes",), required=words.CODES)
    return {code: _text(meaning, ("codes", code)) for code, meaning in found.items()}


def _validity(header: Mapping[str, Any]) -> tuple[date | None, date | None]:
    starts, ends = (
        _day(header[key], ("covenant", key)) if header.get(key) is not None else None
        for key in ("valid_from", "valid_until")
    )
    if ends is not None and (starts is None or ends < starts):
        raise CovenantError("bad_date", ("covenant", "valid_until"), "it cannot end before it begins")
    return starts, ends


def _approvals(value: object, parties: Mapping[str, Party]) -> frozenset[str]:
    names = _words(value, ("covenant", "approved_by"))
    for index, name in enumerate(names):
        if name not in parties:
            raise CovenantError("unknown_party", ("covenant", "approved_by", str(index)), "no such party")
    return frozenset(names)


def _categories(value: object, forbidden: frozenset[str]) -> dict[str, Category]:
    found = _anything(value, ("categories",))
    if not 0 < len(found) <= _MAX_CATEGORIES:
        raise CovenantError("bad_type", ("categories",), f"a covenant has 1 to {_MAX_CATEGORIES} categories")
    return {code: _category(code, texts, forbidden) for code, texts in found.items()}


def _category(code: str, value: object, forbidden: frozenset[str]) -> Category:
    place = ("categories", code)
    if code in forbidden:
        raise CovenantError("never_category", place, "no covenant may contain this category")
    if not _CATEGORY_ID.fullmatch(code) or code in _RESERVED:
        raise CovenantError("bad_id", place, f"a category's code is made of {_CATEGORY_ID.pattern}")
    texts = _mapping(value, place, required=("nl", "basis"), optional=_CATEGORY_TEXTS)
    return Category(code, MappingProxyType({key: _text(text, (*place, key)) for key, text in texts.items()}))


def _parties(value: object, categories: tuple[str, ...]) -> dict[str, Party]:
    found = _anything(value, ("parties",))
    if not 0 < len(found) <= _MAX_PARTIES:
        raise CovenantError("bad_type", ("parties",), f"a covenant has 1 to {_MAX_PARTIES} parties")
    parties = {name: _party(name, facts, categories) for name, facts in found.items()}
    _check_process(parties)
    _check_confirmed(parties, found)
    return parties


def _party(name: str, value: object, categories: tuple[str, ...]) -> Party:
    place = ("parties", name)
    if not _ID.fullmatch(name):
        raise CovenantError("bad_id", place, f"a party's id is made of {_ID.pattern}")
    found = _mapping(value, place, required=("class",), optional=_PARTY_FACTS + _PARTY_TEXTS + categories)
    cls = found["class"]
    if cls not in words.CLASSES:
        raise CovenantError("bad_class", (*place, "class"), f"a class is one of {', '.join(words.CLASSES)}")
    rows = {category: found[category] for category in categories if category in found}
    for category, row in rows.items():
        letters.check(name, cls, category, row)
    check, checked = _check(found, place)
    closed = check is not None and not checked
    return Party(
        id=name,
        cls=cls,
        cells=MappingProxyType(
            {category: words.NOTHING if closed else rows.get(category, words.NOTHING) for category in categories}
        ),
        process=_truth(found.get("process", False), (*place, "process")),
        secrecy=_optional(found, "secrecy", place),
        only_if=_only_if(found, place),
        check=check,
        checked=checked,
        texts=MappingProxyType({key: _text(found[key], (*place, key)) for key in _PARTY_TEXTS if key in found}),
    )


def _optional(found: Mapping[str, Any], key: str, place: Place) -> str | None:
    return _text(found[key], (*place, key)) if key in found else None


def _only_if(found: Mapping[str, Any], place: Place) -> str | None:
    if found.get("only_if", "minor") != "minor":
        raise CovenantError("bad_condition", (*place, "only_if"), "the only condition is minor")
    return found.get("only_if")


def _check(found: Mapping[str, Any], place: Place) -> tuple[str | None, bool]:
    """Return (what must be confirmed, whether it was)."""
    check = _optional(found, "check", place)
    if "checked" not in found:
        return check, False
    if check is None:
        raise CovenantError("checked_without_check", (*place, "checked"), "there is nothing to confirm")
    record = _mapping(found["checked"], (*place, "checked"), required=("by", "on"))
    _day(record["on"], (*place, "checked", "on"))
    return check, True


def _check_process(parties: Mapping[str, Party]) -> None:
    process = [party for party in parties.values() if party.process]
    if len(process) != 1:
        raise CovenantError("process_party", ("parties",), "exactly one party has process: true")
    if process[0].cls != "P":
        raise CovenantError("process_party", ("parties", process[0].id), "the process party is of class P")


def _check_confirmed(parties: Mapping[str, Party], found: Mapping[str, Any]) -> None:
    """A check is confirmed by a party of class P, not by anybody else."""
    for name, party in parties.items():
        if not party.checked:
            continue
        by = found[name]["checked"]["by"]
        if not isinstance(by, str) or by not in parties or parties[by].cls != "P":
            place = ("parties", name, "checked", "by")
            raise CovenantError("bad_confirmer", place, "a class P party must confirm this")
