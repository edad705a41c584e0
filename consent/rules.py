"""What a line must have before it can be recorded. Pure: a state, what is known of the talk, and a code or names.

Nothing stands in the way of taking back: withdrawing is as easy as giving (AVG 7 lid 3), so it asks for nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from consent.ages import Needed
from consent.states import PERMITTING, State
from consent.talk import NEVER_INTERPRETERS, PARENTS, REPRESENTATIVES, LineTold, Representative, Talk

REVIEW_MONTHS = 6
REVIEW_IN_REFLECTION = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a line's state is judged by. `notice`: the text that was read is named in full.

    `approach`: the line says only that the care coordinator may call her, so that all else can be asked.
    """

    talk: Talk | None
    notice: bool = False
    evidence: bool = False
    review_on: date | None = None
    line: LineTold = field(default_factory=LineTold)
    approach: bool = False


Check = Callable[[Told, Talk], bool]


def _heard(talk: Talk) -> bool:
    """Who heard a yes by word of mouth is named; an interpreter only where somebody interpreted."""
    if talk.witness == "tolk":
        return talk.interpreter != "geen"
    return talk.method != "mondeling" or bool(talk.witness)


def _doubted(talk: Talk) -> bool:
    """Then whoever speaks with her says why it was a free yes all the same."""
    return talk.pressure == "twijfel" or talk.overheard == "misschien"


_ASKED: Mapping[str, Check] = {
    "notice": lambda told, _: told.notice,
    "channel": lambda _, talk: bool(talk.channel),
}
_ANSWERED: Mapping[str, Check] = {
    **_ASKED,
    "method": lambda _, talk: bool(talk.method),
    "given_by": lambda _, talk: bool(talk.given_by),
    "interpreter": lambda _, talk: bool(talk.interpreter),
}
_GIVEN: Mapping[str, Check] = {
    **_ANSWERED,
    "interpreter_told": lambda _, talk: bool(talk.interpreter_told),
    "interpreter_is": lambda _, talk: talk.interpreter != "informeel" or bool(talk.interpreter_is),
    "witness": lambda _, talk: _heard(talk),
    "witness_told": lambda _, talk: talk.witness != "collega" or bool(talk.witness_told),
    "paper": lambda told, talk: talk.method != "schriftelijk" or told.evidence or bool(talk.paper),
    "capacity": lambda _, talk: talk.capacity in {"ja", "nee"},
    "capacity_told": lambda _, talk: talk.capacity != "nee" or bool(talk.capacity_told),
    "alone": lambda _, talk: bool(talk.alone),
    "overheard": lambda _, talk: bool(talk.overheard),
    "pressure": lambda _, talk: bool(talk.pressure),
    "setting": lambda _, talk: not _doubted(talk) or bool(talk.setting.strip()),
    "apart": lambda _, talk: talk.apart,
    "free": lambda _, talk: talk.free,
    "read_back": lambda _, talk: talk.read_back,
    "representative": lambda _, talk: talk.given_by == "zelf" or talk.representative in REPRESENTATIVES,
    "mandate": lambda told, talk: talk.given_by == "zelf" or bool(talk.mandate) or told.evidence,
    "review_on": lambda told, _: told.review_on is not None,
}
_CONFIRMED: Mapping[str, Check] = {
    "given_by": lambda _, talk: bool(talk.given_by),
    "paper": lambda told, talk: told.evidence or bool(talk.paper),
    "review_on": lambda told, _: told.review_on is not None,
}
REQUIRED: Mapping[State, Mapping[str, Check]] = {
    State.NOT_ASKED: {},
    State.ASKED: _ASKED,
    State.DEFERRED: _ASKED,
    State.REFUSED: _ANSWERED,
    State.GIVEN: _GIVEN,
    State.CONFIRMED: _CONFIRMED,
    State.LIMITED: {},
    State.WITHDRAWN: {},
    State.EXPIRED: {},
    State.INVALID: {},
}
"""What each state asks for, by the name of the field that is missing."""


APPROACH: Mapping[str, Check] = {
    "method": lambda _, talk: bool(talk.method),
    "given_by": lambda _, talk: bool(talk.given_by),
    "on": lambda _, talk: talk.on is not None,
    "alone": lambda _, talk: bool(talk.alone),
    "pressure": lambda _, talk: bool(talk.pressure),
    "setting": lambda _, talk: not _doubted(talk) or bool(talk.setting.strip()),
    "representative": lambda _, talk: talk.given_by == "zelf" or talk.representative in REPRESENTATIVES,
    "paper": lambda told, talk: talk.method != "schriftelijk" or told.evidence or bool(talk.paper),
    "review_on": lambda told, _: told.review_on is not None,
}
"""What giving asks for where whoever refers her records that she may be called: no notice was read to her yet."""


def missing(state: State, told: Told) -> tuple[str, ...]:
    """Return the names of what is missing for this state, in the order of the conversation."""
    wanted = APPROACH if told.approach and state is State.GIVEN else REQUIRED[state]
    lacking = ("because",) if state is State.INVALID and not told.line.because else ()
    if not wanted:
        return lacking
    if told.talk is None:
        return tuple(wanted)
    return tuple(name for name, holds in wanted.items() if not holds(told, told.talk))


def refusal(state: State, told: Told, needed: Needed | None, representative: Representative | None) -> str | None:
    """Return why this cannot be recorded, or None.

    `needed`: whose yes her age asks for, None when her age is not known. `representative`: what the register
    knows of hers. "fields_missing" | "interpreter_not_allowed" | "not_free_to_speak" | "under_pressure" |
    "age_unknown" | "own_consent_missing" | "representative_missing" | "writing_needed" |
    "representative_involved".
    """
    if missing(state, told):
        return "fields_missing"
    talk = told.talk
    if talk is None or state not in PERMITTING or state is State.LIMITED:
        return None
    return _unfree(talk) or _unfit_giver(talk, needed, representative, written=_written(told))


def _written(told: Told) -> bool:
    return told.talk is not None and (told.evidence or told.talk.method == "schriftelijk" or bool(told.talk.paper))


def _unfree(talk: Talk) -> str | None:
    """A yes counts only when it was free (AVG 4 sub 11)."""
    if talk.interpreter_is in NEVER_INTERPRETERS:
        return "interpreter_not_allowed"
    if talk.alone == "nee" or talk.overheard == "ja":
        return "not_free_to_speak"
    return "under_pressure" if talk.pressure == "ja" else None


def _unfit_giver(
    talk: Talk, needed: Needed | None, representative: Representative | None, *, written: bool
) -> str | None:
    if needed is None:
        return "age_unknown"
    if needed.own and talk.given_by == "vertegenwoordiger":
        return "own_consent_missing"
    if needed.representative and talk.given_by == "zelf":
        return "representative_missing"
    if needed.written and not written:
        return "writing_needed"
    return "representative_involved" if _involved(talk, representative) else None


def _involved(talk: Talk, representative: Representative | None) -> bool:
    """Who may be part of it cannot speak for her, whatever they are called, nor can another of her own circle."""
    if representative is None or not representative.involved or talk.given_by == "zelf":
        return False
    return talk.representative in PARENTS | {representative.role}


def may_be_told(representative: Representative | None) -> bool:
    """Say whether anything at all may be told to her representative (Jeugdwet 7.3.15 lid 4)."""
    return representative is not None and bool(representative.role) and not representative.involved


def review_day(recorded: date, *, reflecting: bool) -> date:
    """Return the day by which she is asked again: after six months, or 90 days in the reflection period."""
    return recorded + REVIEW_IN_REFLECTION if reflecting else after_months(recorded, REVIEW_MONTHS)


def after_months(start: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004  December, counted from 0
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), following - timedelta(days=1))
