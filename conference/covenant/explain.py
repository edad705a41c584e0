"""Why a ruling is what it is: one question from outside, and the nearest cell that allows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from conference.covenant import words
from conference.covenant.days import day_of
from conference.covenant.facts import Case, ConsentLine, ExceptionLine, Item, Ruling, Subject, Viewer
from conference.covenant.rules import decide
from conference.covenant.shape import Covenant

TELLING = frozenset({"not_in_covenant", "own_only", "consent_missing", "party_condition", "track_forbids"})
"""Refusals that speak of covenant and register alone; only these may name a nearest cell."""

_PURPOSE = "explain"
_SUBJECT = "subject"
_ADULT_YEARS, _MINOR_YEARS = 40, 10


class AskError(Exception):
    """A question that cannot be asked; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question as the command line puts it. `supplier` None: a party without secrecy."""

    party: str
    category: str
    phase: str
    track: str = "wgs"
    supplier: str | None = None
    consent: bool = False
    exception: int | None = None
    not_involved: bool = False
    minor: bool = False
    item_status: str = "released"


_TRUTHS = frozenset({"consent", "not_involved", "minor"})
_REQUIRED = ("party", "category", "phase")
_NAMES = frozenset(field.name for field in fields(Ask))


def ask_from(values: object) -> Ask:
    """Build a question from a JSON object with the options' names ("item-status" or "item_status").

    Raises AskError("bad_ask").
    """
    if not isinstance(values, Mapping):
        raise AskError("bad_ask", "a question is a JSON object")
    named: dict[str, Any] = {}
    for key, value in values.items():
        name = str(key).replace("-", "_")
        if name not in _NAMES or name in named:
            raise AskError("bad_ask", f"unknown or repeated key: {key}")
        if value is not None:
            named[name] = value
    if missing := [name for name in _REQUIRED if name not in named]:
        raise AskError("bad_ask", f"missing: {', '.join(missing)}")
    for name, value in named.items():
        wanted = bool if name in _TRUTHS else int if name == "exception" else str
        if type(value) is not wanted:
            raise AskError("bad_ask", f"{name} must be a {wanted.__name__}")
    return Ask(**named)


def explain(covenant: Covenant, ask: Ask, now: datetime) -> dict[str, Any]:
    """Return {"level", "reason", "cell", "nearest", "active"} for one question.

    A covenant that is not active is ruled by as if it were, and "active" says so.
    """
    forced = covenant.as_if_active()
    supplier = ask.supplier if ask.supplier is not None else _somebody(covenant, ask.party)
    viewer = Viewer(ask.party, "inhoud")
    case = _case(ask, supplier, now)
    item = Item(ask.category, supplier, _SUBJECT, ask.item_status)
    lines = _lines(ask, now)
    ruling = decide(forced, viewer, case, item, *lines, now)
    return {
        "level": ruling.level.value,
        "reason": ruling.reason,
        "cell": ruling.cell,
        "nearest": nearest(forced, viewer, case, item, lines=lines, now=now, ruling=ruling),
        "active": covenant.is_active(now),
    }


def _somebody(covenant: Covenant, but: str) -> str:
    """Return a supplier other than the asking party: the process party, else one without secrecy."""
    others = [party for party in covenant.parties.values() if party.id != but and party.secrecy is None]
    others.sort(key=lambda party: (not party.process, party.cls != "P"))
    if not others:
        raise AskError("bad_ask", "this covenant needs --supplier: it has no other party without secrecy")
    return others[0].id


def _case(ask: Ask, supplier: str, now: datetime) -> Case:
    years = _MINOR_YEARS if ask.minor else _ADULT_YEARS
    subject = Subject(_SUBJECT, "victim", date(day_of(now).year - years, 1, 1))
    parties = {supplier} - {ask.party} if ask.not_involved else {supplier, ask.party}
    return Case(ask.track, ask.phase, _PURPOSE, frozenset(parties), (subject,))


def _lines(ask: Ask, now: datetime) -> tuple[Sequence[ConsentLine], Sequence[ExceptionLine]]:
    ends = now + timedelta(days=30)
    consents = ConsentLine(_SUBJECT, ask.party, ask.category, _PURPOSE, "gegeven", 1, now, ends)
    exceptions = ExceptionLine(_SUBJECT, ask.party, ask.category, ask.exception or 0, "explain", "explain", now, ends)
    return (consents,) if ask.consent else (), (exceptions,) if ask.exception is not None else ()


def nearest(
    covenant: Covenant,
    viewer: Viewer,
    case: Case,
    item: Item,
    *,
    lines: tuple[Sequence[ConsentLine], Sequence[ExceptionLine]],
    now: datetime,
    ruling: Ruling,
) -> str | None:
    """Return the nearest cell that would have allowed a refused question, or None.

    Own phases first, the nearer the better and the later of two; then other parties' cells.
    None too for a refusal that must not tell that the category exists for the case.
    """
    if ruling.visible or ruling.reason not in TELLING:
        return None
    here = words.READS_AS.get(case.phase, len(words.PHASES) - 1)
    places = sorted(range(len(words.PHASES)), key=lambda place: (abs(place - here), -place))
    others = [party for party in covenant.parties if party not in {viewer.party, item.supplier}]
    candidates = [(viewer.party, place) for place in places if place != here]
    candidates += [(party, place) for place in places for party in others]
    for party, place in candidates:
        moved = replace(case, phase=words.PHASES[place], parties=case.parties | {party})
        allowed = decide(covenant, replace(viewer, party=party), moved, item, *lines, now)
        if allowed.visible:
            return allowed.cell
    return None
