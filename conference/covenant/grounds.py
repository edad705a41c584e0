"""The grounds beside the covenant: is there a valid consent or a fitting exception? Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from conference.covenant import words
from conference.covenant.days import day_of, midnight
from conference.covenant.facts import ConsentLine, ExceptionLine, Subject
from conference.covenant.question import Question, chain, earliest
from conference.covenant.shape import Covenant

SHORT_EXCEPTION = 30  # days, codes 7 and 8

LAW: Mapping[int, str] = MappingProxyType(
    {
        1: "Wgs 1.5 lid 1",
        2: "Wgs 2.29 lid 2",
        3: "Wpg 20; Wgs 1.5 lid 2 onder a",
        4: "Wmo 2015 5.2.6",
        5: "Jeugdwet 7.3.11 lid 4",
        6: "Bpg 4:2 lid 1 onder b, 3°",
        7: "UAVG 22 lid 2 onder b",
        8: "",
    }
)
"""Where each code stands in the law; the last, a conflict of duties, stands in no article."""

Ground = tuple[str | None, datetime | None]
"""("consent" | "exception" | None, when this answer next changes by itself)"""


def ground(question: Question) -> Ground:
    """Return on what ground beside the covenant the viewer's party may receive the item.

    An item without a subject needs one for every subject who is no suspect, and at least one.
    """
    case, item = question.case, question.item
    if item.subject is None:
        asked = [subject for subject in case.subjects if subject.role != "suspect"]
    else:
        asked = [subject for subject in case.subjects if subject.id == item.subject]
    suppliers = tuple(link.supplier for link in chain(item))
    found = [_of_subject(question, suppliers, subject) for subject in asked]
    until = earliest(moment for _, moment in found)
    reasons = {reason for reason, _ in found}
    if not found or None in reasons:
        return None, until
    return ("exception" if "exception" in reasons else "consent"), until


def _of_subject(question: Question, suppliers: tuple[str, ...], subject: Subject) -> Ground:
    """Return the ground for one subject; a suspect is never asked for consent."""
    case, now = question.case, question.now
    key = (subject.id, question.party.id, question.item.category)
    lines = [line for line in question.consents.by_key.get(key, ()) if line.purpose == case.purpose]
    fitting = [
        line
        for line in question.exceptions.by_key.get(key, ())
        if line.decider and line.reason and _line_fits(question.covenant, line, case.track, suppliers)
    ]
    until = earliest([*_changes(lines, now), *_changes(fitting, now)])
    if subject.role != "suspect" and consent_valid(lines, now):
        return "consent", until
    if any(line.starts <= now < line.ends for line in fitting):
        return "exception", until
    return None, until


def _changes(lines: Iterable[ConsentLine | ExceptionLine], now: datetime) -> Iterator[datetime]:
    """Yield the moments still to come at which a line begins or ends."""
    for line in lines:
        if line.starts > now:
            yield line.starts
        if line.ends is not None and line.ends > now:
            yield line.ends


def consent_valid(lines: Iterable[ConsentLine], now: datetime) -> bool:
    """Tell whether the lines of one subject, party, category and purpose hold a valid consent.

    The line recorded last whose `starts` has come decides; refusal, withdrawal and invalidation
    count from when they are recorded. Lines recorded at once must all be valid.
    """
    begun = [line for line in lines if line.starts <= now or line.state in words.AT_ONCE_STATES]
    last = max((line.recorded for line in begun), default=None)
    return last is not None and all(_gives(line, now) for line in begun if line.recorded == last)


def _gives(line: ConsentLine, now: datetime) -> bool:
    return line.state in words.VALID_STATES and line.starts <= now and (line.ends is None or now < line.ends)


def _line_fits(covenant: Covenant, line: ExceptionLine, track: str, suppliers: tuple[str, ...]) -> bool:
    return exception_fits(
        covenant,
        line.code,
        track=track,
        category=line.category,
        receiver=line.party,
        starts=line.starts,
        ends=line.ends,
        suppliers=suppliers,
    )


def exception_fits(
    covenant: Covenant,
    code: int,
    *,
    track: str,
    category: str,
    receiver: str,
    starts: datetime,
    ends: datetime,
    suppliers: tuple[str, ...] | None = None,
) -> bool:
    """Tell whether an exception's code fits (law: WGS 1.5, 2.29-2; Wpg 20; Wmo 5.2.6; Jeugdwet 7.3.11-4).

    `suppliers`: who brought the item and what it repeats; None while an exception is being
    recorded, when no item is known yet: then it fits if it could fit some supplier's item.
    `starts` and `ends` are aware; an end at midnight in Amsterdam is the end of the day before.
    """
    if not starts < ends:
        return False
    secret = None if suppliers is None else any(covenant.parties[name].secrecy for name in suppliers)
    if code == 1:
        return track == "wgs" and category != "gez" and secret is not True
    if code == 2:  # noqa: PLR2004  the codes are the law's own numbering
        return category == "gez" or secret is not False
    if code == 3:  # noqa: PLR2004
        return track == "wgs" and (suppliers is None or set(suppliers) == {words.POLICE})
    if code in _RECEIVERS:
        return receiver == _RECEIVERS[code]
    return code in _SHORT and _at_most_30_days(starts, ends)


_RECEIVERS = {4: words.SAFE_HOME, 5: words.GUARDIAN_BODY, 6: words.COMENSHA}
_SHORT = frozenset({7, 8})


def _at_most_30_days(starts: datetime, ends: datetime) -> bool:
    """A bare end date counts whole: from 20 November it may run to the end of 20 December."""
    last = day_of(ends)
    if midnight(last) == ends:
        return (last - day_of(starts)).days <= SHORT_EXCEPTION + 1
    return ends - starts <= timedelta(days=SHORT_EXCEPTION)
