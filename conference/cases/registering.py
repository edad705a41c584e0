"""The only writers of the register about a case: who may consent at her age, and sealed with the case's key.

Each runs in its caller's transaction, which also holds the audit entry. Refusals are CaseRefusal with a
stable code; the register's own rules stand in `consent`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from conference.cases.commands import CaseRefusal
from conference.cases.rights import CaseRights, SubjectRights
from conference.covenant import words
from conference.covenant.days import age_on, birthday, day_end, day_of, midnight
from conference.covenant.grounds import exception_fits
from conference.covenant.shape import Covenant
from conference.vault import keys
from consent import ages, register
from consent import commands as writers
from consent.models import ConsentEvidence, ConsentLine, ConsentTalk, ExceptionLine, RegisterTask
from consent.rules import REVIEW_MONTHS, after_months
from consent.states import PERMITTING, State
from consent.talk import FACTS, Closed, Contact, LineTold, Reflection, Representative, Talk

Shape = TypeVar("Shape", bound=msgspec.Struct)

HEALTH = "gez"
HELP = "hulp"  # the track in which everything but agreements is shared with consent only


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStep:
    """One event on a line of the register; `ends` is exclusive. `talk`: the conversation in which it was said.

    `approach`: it says only that the care coordinator may call her.
    """

    subject: UUID
    party: str
    category: str
    state: State
    starts: datetime
    ends: datetime | None = None
    purpose: UUID | None = None  # None: the case's own
    told: LineTold = field(default_factory=LineTold)
    talk: tuple[ConsentTalk, Talk] | None = None
    review_on: date | None = None
    covenant_row: str = ""
    approach: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a victim beside her lines; the last of each kind that was recorded."""

    contact: Contact = field(default_factory=Contact)
    representative: Representative = field(default_factory=Representative)
    reflection: Reflection = field(default_factory=Reflection)
    stamp: str = ""  # tells one state of contact, representative and lines from another


@contextmanager
def _refusing() -> Iterator[None]:
    """Let the register's refusals be the case's."""
    try:
        yield
    except writers.RegisterRefusal as refused:
        raise CaseRefusal(refused.code) from None


def _asked(found: CaseRights, subject: UUID) -> SubjectRights:
    """Return somebody who can be asked; a suspect never is."""
    known = found.subjects.get(subject)
    if known is None:
        raise CaseRefusal("unknown_subject")
    if known.role == "suspect":
        raise CaseRefusal("suspect_is_never_asked")
    return known


# --- lines and conversations -----------------------------------------------------------


def record_talk(found: CaseRights, new: writers.NewTalk, *, by: UUID | None, at: datetime) -> ConsentTalk:
    """Keep a conversation. Raises CaseRefusal("unknown_subject" | "suspect_is_never_asked" | "evidence_unknown")."""
    _asked(found, new.subject)
    with _refusing():
        return writers.record_talk(new, sealer=keys.sealer(found.id), by=by, at=at)


def record_consent(
    found: CaseRights, step: ConsentStep, *, by: UUID | None, at: datetime, loaded: bool = False
) -> ConsentLine:
    """Append a line about a subject of the case.

    Raises CaseRefusal("unknown_subject" | "suspect_is_never_asked") and the register's codes.
    """
    subject = found.subjects.get(step.subject)
    if subject is None:
        raise CaseRefusal("unknown_subject")
    if not loaded:
        _asked(found, step.subject)
    talk = step.talk[1] if step.talk else None
    line = writers.NewLine(
        case=found.id,
        subject=step.subject,
        party=step.party,
        category=step.category,
        purpose=step.purpose or found.purpose_ref,
        state=step.state,
        starts=step.starts,
        ends=until_next_age(subject.birth_date, step),
        told=step.told,
        talk=step.talk,
        review_on=step.review_on,
        covenant_row=step.covenant_row,
        # Her age counts on the day on which she said it.
        needed=whose_yes(subject, step.party, step.category, talk, talk.on or day_of(at)) if talk else None,
        representative=known_of(found, step.subject).representative if talk else None,
        approach=step.approach,
    )
    with _refusing():
        return writers.record_line(line, sealer=keys.sealer(found.id), by=by, at=at, loaded=loaded)


def until_next_age(born: date | None, step: ConsentStep) -> datetime | None:
    """Return a line's end, cut where the person turns 12, 16 or 18: then she is asked anew.

    Of a child whose birth date nobody knows the birthday may be any day: her yes holds half a year at most.
    """
    if step.state not in PERMITTING:
        return step.ends
    if born is None:
        young = step.talk is not None and step.talk[1].age_band in {ages.Band.CHILD, ages.Band.TEEN}
        longest = day_end(after_months(day_of(step.starts), REVIEW_MONTHS))
        return min(step.ends or longest, longest) if young else step.ends
    later = [turn for day in _turning_days(born) if (turn := midnight(day)) > step.starts]
    return min([*later, step.ends]) if step.ends else min(later, default=None)


def ends_at_birthday(born: date | None, last: date | None) -> bool:
    """Say whether the day after this last one is that on which she turns 12, 16 or 18: it tells when she was born."""
    return born is not None and last is not None and last + timedelta(days=1) in _turning_days(born)


def _turning_days(born: date) -> list[date]:
    return [birthday(born, age) for age in (ages.CHILD_UNTIL, ages.TEEN_UNTIL, ages.ADULT_FROM)]


def whose_yes(subject: SubjectRights, party: str, category: str, talk: Talk, today: date) -> ages.Needed | None:
    """Return whose yes a line asks for; None when nobody knows in which age band she is."""
    age = age_on(subject.birth_date, today)
    band = talk.age_band if age is None else ages.band_of(age)
    if band is None:
        return None
    minor = band is not ages.Band.OWN if age is None else age < ages.ADULT_FROM
    regimes = ages.in_play(medical=category == HEALTH, comensha=party == words.COMENSHA, minor=minor)
    return ages.needed(regimes, band, capable=talk.capacity != "nee")


# --- what is known of her ---------------------------------------------------------------


def record_fact(found: CaseRights, subject: UUID, fact: msgspec.Struct, *, by: UUID, at: datetime) -> None:
    """Append a fact about a victim. Raises CaseRefusal("track_forbids") and the codes of `record_fact`."""
    _asked(found, subject)
    code = refuse_reflection(found) if isinstance(fact, Reflection) else None
    if code is not None:
        raise CaseRefusal(code)
    with _refusing():
        writers.record_fact(fact, case=found.id, subject=subject, sealer=keys.sealer(found.id), by=by, at=at)


def refuse_reflection(found: CaseRights) -> str | None:
    """Say why no reflection period is kept in a case ("track_forbids"), or None.

    What she is allowed to do here in the country is kept in the track of help only, where all is by consent.
    """
    return None if found.fact.track == HELP else "track_forbids"


def known_of(found: CaseRights, subject: UUID) -> Known:
    """Return what the register knows of a victim. The caller has ruled and logged. Raises KeyTrouble."""
    kept = register.facts(found.id, subject)
    opened: dict[str, Any] = {
        kind: _opened(found.id, writers.FACT_TABLE, fact.id, bytes(fact.sealed), FACTS[kind])
        for kind, fact in kept.items()
    }
    stamp = [f"{kind}.{fact.number}" for kind, fact in sorted(kept.items()) if kind != "reflection"]
    return Known(**opened, stamp="-".join([*stamp, f"line.{register.newest(found.id, subject)}"]))


def reflections(cases: Iterable[UUID]) -> dict[UUID, Reflection]:
    """Return the reflection period of everybody in these cases. The caller has ruled and logs. Raises KeyTrouble."""
    return _facts_of(cases, "reflection", Reflection)


def representatives(cases: Iterable[UUID]) -> dict[UUID, Representative]:
    """Return who represents whom in these cases. The caller has ruled and logs. Raises KeyTrouble."""
    return _facts_of(cases, "representative", Representative)


def _facts_of(cases: Iterable[UUID], kind: str, shape: type[Shape]) -> dict[UUID, Shape]:
    return {
        subject: _opened(fact.case, writers.FACT_TABLE, fact.id, bytes(fact.sealed), shape)
        for subject, fact in register.facts_of(cases, kind).items()
    }


def open_talks(found: CaseRights, subject: UUID) -> list[tuple[ConsentTalk, Talk]]:
    """Return a victim's conversations, oldest first. The caller has ruled and logged. Raises KeyTrouble."""
    return [
        (row, _opened(found.id, writers.TALK_TABLE, row.id, bytes(row.sealed), Talk))
        for row in register.talks(found.id, subject)
    ]


def _opened(case: UUID, table: str, row: UUID, sealed: bytes, shape: type[Shape]) -> Shape:
    return msgspec.json.decode(keys.open_sealed(case, table, row, "sealed", sealed), type=shape)


# --- drafts, documents, tasks -------------------------------------------------------------


def save_draft(found: CaseRights, subject: UUID, typed: Mapping[str, str], *, by: UUID, at: datetime) -> None:
    """Keep what somebody typed in a conversation, for her alone."""
    _asked(found, subject)
    writers.save_draft(typed, case=found.id, subject=subject, person=by, sealer=keys.sealer(found.id), at=at)


def open_draft(found: CaseRights, subject: UUID, person: UUID) -> tuple[dict[str, str], datetime] | None:
    """Return somebody's own draft and when it was saved, or None. Raises KeyTrouble."""
    return writers.open_draft(found.id, subject, person, _Opener(found.id))


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens the register's seals of a case, with the key version that each names."""

    case: UUID

    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes:
        return keys.open_sealed(self.case, table, row, field, blob)


def keep_evidence(found: CaseRights, subject: UUID, document: bytes, *, by: UUID, at: datetime) -> ConsentEvidence:
    """Seal and keep a document. Raises CaseRefusal("evidence_too_large" | "evidence_of_other_kind")."""
    _asked(found, subject)
    new = writers.NewEvidence(case=found.id, subject=subject, document=document)
    with _refusing():
        return writers.keep_evidence(new, sealer=keys.sealer(found.id), by=by, at=at)


def open_evidence(evidence: ConsentEvidence) -> bytes:
    """Open a document. The caller has ruled and logged. Raises KeyTrouble."""
    return keys.open_sealed(evidence.case, writers.EVIDENCE_TABLE, evidence.id, "sealed", bytes(evidence.sealed))


def finish_task(found: CaseRights, task: UUID, closed: Closed, *, by: UUID, at: datetime) -> RegisterTask:
    """Close a task. Raises CaseRefusal("not_found" | "already_done" | "told_before_task" | "how_missing")."""
    with _refusing():
        return writers.finish_task(task, closed, case=found.id, sealer=keys.sealer(found.id), by=by, at=at)


def told_in(task: RegisterTask) -> Closed | None:
    """Return when and how a task was done; None while it is open. The caller has ruled and logged. KeyTrouble."""
    if task.sealed is None:
        return None
    return _opened(task.case, writers.TASK_TABLE, task.id, bytes(task.sealed), Closed)


# --- exceptions --------------------------------------------------------------------------


def open_weighed(line: ExceptionLine) -> writers.Weighed:
    """Return how an exception was weighed. The caller has ruled and logged. Raises KeyTrouble.

    What was sealed before the weighing had a form of its own is its reason only, as plain text.
    """
    opened = keys.open_sealed(line.case, writers.EXCEPTION_TABLE, line.id, "sealed", bytes(line.sealed))
    try:
        return msgspec.json.decode(opened, type=writers.Weighed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return writers.Weighed(reason=opened.decode(errors="replace"))


def record_exception(
    found: CaseRights,
    covenant: Covenant,
    new: writers.NewException,
    *,
    by: UUID | None,
    at: datetime,
    loaded: bool = False,
) -> ExceptionLine:
    """Append an exception that fits its code.

    Raises CaseRefusal("unknown_subject" | "exception_does_not_fit") and the codes of the register.
    """
    if new.subject not in found.subjects:
        raise CaseRefusal("unknown_subject")
    fits = exception_fits(
        covenant,
        new.code,
        track=found.fact.track,
        category=new.category,
        receiver=new.party,
        starts=new.starts,
        ends=new.ends,
    )
    if not fits or (loaded and not new.weighed.reason.strip()):
        raise CaseRefusal("exception_does_not_fit")
    with _refusing():
        return writers.record_exception(new, sealer=keys.sealer(found.id), by=by, at=at, loaded=loaded)
