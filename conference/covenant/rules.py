"""The covenant's ruling: may this viewer see this item now, and how? Pure and total.

The rules are those of the covenant's table, in its order; the first that applies decides.
Whatever is unknown, missing or contradictory gives nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from conference.covenant import words
from conference.covenant.days import age_band, day_of, is_minor, next_band_change
from conference.covenant.facts import Case, ConsentLine, ExceptionLine, Item, Level, Ruling, Viewer
from conference.covenant.grounds import exception_fits, ground
from conference.covenant.question import Question, unknown
from conference.covenant.register import Consents, Exceptions, consents, exceptions, is_moment
from conference.covenant.shape import Covenant

__all__ = ["Consents", "Exceptions", "age_band", "decide", "exception_fits", "may_supply"]

_NONE, _PSEUDONYMISED, _IDENTIFIED = Level.NONE, Level.PSEUDONYMISED, Level.IDENTIFIED

Answer = tuple[Level, str, datetime | None]
"""(level, reason, when a consent or exception next changes it)"""

Reading = tuple[str, bool, str | None]
"""A cell as it reads: (letter, p needs a ground beside the covenant, reason when the track decided)"""


def decide(
    covenant: Covenant | None,
    viewer: Viewer,
    case: Case,
    item: Item,
    consents: Sequence[ConsentLine],
    exceptions: Sequence[ExceptionLine],
    now: datetime,
) -> Ruling:
    """Rule on one viewer and one item at one aware moment; never raises.

    `until` of the ruling is the earliest moment at which it can change by itself: the
    covenant's validity, a consent's or exception's beginning or end, a birthday that matters.
    Wrap lines that are asked about often in `Consents` and `Exceptions`.
    """
    try:
        return _person(covenant, viewer, case, item, lines=(consents, exceptions), now=now)
    except Exception:  # noqa: BLE001  total: whatever cannot even be read gives nothing
        return Ruling(_NONE, "malformed")


def _person(
    covenant: Covenant | None, viewer: Viewer, case: Case, item: Item, *, lines: tuple[object, object], now: datetime
) -> Ruling:
    """Rules 1 to 4: who asks, under which covenant, and whether all of it is known."""
    if viewer.verified is not True:
        return Ruling(_NONE, "second_factor_missing")
    if viewer.family != "inhoud":
        return Ruling(_NONE, "role_excluded")
    if covenant is None:
        return Ruling(_NONE, "covenant_inactive")
    if not is_moment(now):
        return Ruling(_NONE, "malformed")
    if not covenant.is_active(now):
        return Ruling(_NONE, "covenant_inactive", covenant.active_until(now))
    if code := unknown(covenant, viewer.party, case, item):
        return Ruling(_NONE, code, covenant.ends)
    party = covenant.parties[viewer.party]
    question = Question(covenant, party, case, item, consents(lines[0]), exceptions(lines[1]), now)
    level, reason, until = _case(question)
    if covenant.ends is not None and (until is None or covenant.ends < until):
        until = covenant.ends
    if level is not _NONE or party.only_if is not None:
        until = _before_birthdays(question, until)
    return Ruling(level, reason, until, _cell(question))


def _before_birthdays(question: Question, until: datetime | None) -> datetime | None:
    """Return the earlier of a moment and the next birthday that changes somebody's age band."""
    today = day_of(question.now)
    for subject in question.case.subjects:
        change = next_band_change(subject.birth_date, today)
        if change is not None and (until is None or change < until):
            until = change
    return until


def _cell(question: Question) -> str | None:
    """Name the cell as the covenant has it: "politie/pol/overleg = I"; None after the conference."""
    party, category = question.party, question.item.category
    place = words.READS_AS.get(question.case.phase)
    return None if place is None else f"{party.id}/{category}/{words.PHASES[place]} = {party.cells[category][place]}"


def _case(question: Question) -> Answer:
    """Rules 5 to 9: what keeps a party out of a case, or a category out of its track."""
    party, case = question.party, question.case
    if party.id not in case.parties and not party.process:
        return _NONE, "not_involved", None
    if case.phase in words.SHIELDED:
        return _NONE, "case_shielded", None
    if party.cls not in {"P", "Q"}:
        return _NONE, "guest_no_account", None
    if party.only_if is not None and not _has_minor(case, question.now):
        return _NONE, "party_condition", None
    if question.item.category in words.TRACK_FORBIDS[case.track]:
        return _NONE, "track_forbids", None
    return _item(question)


def _has_minor(case: Case, now: datetime) -> bool:
    today = day_of(now)
    return any(is_minor(subject.birth_date, today) for subject in case.subjects)


def _item(question: Question) -> Answer:
    """Rules 10 to 20: whose item it is, what the cell says, and what it needs beside that."""
    if question.item.supplier == question.party.id:
        return _IDENTIFIED, "own_contribution", None
    if withheld := _withheld(question):
        return _NONE, withheld, None
    letter, gated, by_track = _read(question)
    if letter == "-":
        return _NONE, by_track or "not_in_covenant", None
    if letter == "o":
        return _NONE, "own_only", None
    if not gated and letter != "c":
        return _shown(question, letter, by_track or "covenant", None)
    given, until = ground(question)
    if given is None:
        return _NONE, "consent_missing", until
    return _shown(question, letter, given, until)


def _shown(question: Question, letter: str, reason: str, until: datetime | None) -> Answer:
    """Rules 18 to 20; to a party that is there for minors, an adult's name and BSN are not shown."""
    category = question.item.category
    if letter == "p":
        return _PSEUDONYMISED, reason, until
    if question.party.only_if is None or category not in {"id", "bsn"} or _about_minor(question):
        return _IDENTIFIED, reason, until
    return (_PSEUDONYMISED if category == "id" else _NONE), "party_condition", until


def _about_minor(question: Question) -> bool:
    today = day_of(question.now)
    subjects = question.case.subjects
    return any(one.id == question.item.subject and is_minor(one.birth_date, today) for one in subjects)


def _withheld(question: Question) -> str | None:
    """Rule 11, for the item and for what it repeats."""
    party = question.party.id
    link: Item | None = question.item
    while link is not None:
        if link.status != "released":
            return "item_draft" if link.status == "draft" else "item_withdrawn"
        if party in link.not_for or (link.only_for is not None and party not in link.only_for):
            return "condition_excludes"
        link = link.about
    return None


def _read(question: Question) -> Reading:
    """Rules 12 to 16: the cell's letter as phase, secrecy and track make it read."""
    letter = _letter(question)
    if letter in {"-", "o"}:
        return letter, False, None
    track, item = question.case.track, question.item
    secret = _under_secrecy(question)
    if track == "signaal":
        if secret or letter == "c":
            return "-", False, "track_forbids"
        return ("p", False, "track_lowers") if letter == "I" else (letter, False, None)
    if secret or (track == "hulp" and item.category != "prc"):
        return ("c" if letter == "I" else letter), True, None
    return letter, False, None


def _under_secrecy(question: Question) -> bool:
    """Rule 14, for the item and for what it repeats: professional secrecy binds its supplier."""
    parties = question.covenant.parties
    link: Item | None = question.item
    while link is not None:
        if link.category != "prc" and parties[link.supplier].secrecy is not None:
            return True
        link = link.about
    return False


def _letter(question: Question) -> str:
    """Rules 12 and 12b: aftercare closes all but process; who has an open action may read it."""
    party, case, item = question.party, question.case, question.item
    own_action = item.category == "prc" and item.open_action_owner == party.id
    if case.phase == words.AFTERCARE:
        remains = item.category == "prc" and (party.process or party.id in case.open_action_parties)
        return "p" if remains or own_action else "-"
    letter = party.cells[item.category][words.READS_AS[case.phase]]
    return "p" if own_action and letter in {"-", "o"} else letter


def may_supply(  # the question's own words
    covenant: Covenant,
    party: str,
    category: str,
    track: str,
    phase: str | None = None,
    *,
    open_action_parties: frozenset[str] = frozenset(),
) -> str | None:
    """Return why a party may not supply an item of a category, or None when it may.

    Refusals: "cannot_supply" (its cell is "-"), "track_forbids". With `phase` the cell of that
    phase counts; without, any phase's (what is loaded as recorded in its own time). In aftercare
    process is open to the process party and to `open_action_parties` alone (rule 12).
    """
    if party not in covenant.parties or category not in covenant.categories:
        return "cannot_supply"
    if category in words.TRACK_FORBIDS.get(track, words.ALL_PHASES | {category}):
        return "track_forbids"
    if phase == words.AFTERCARE:
        remains = covenant.parties[party].process or party in open_action_parties
        return None if category == "prc" and remains else "cannot_supply"
    row = covenant.parties[party].cells[category]
    if phase in words.READS_AS:
        row = row[words.READS_AS[phase]]
    elif phase is not None:
        return "cannot_supply"  # a shielded case takes nothing
    return None if row.strip("-") else "cannot_supply"
