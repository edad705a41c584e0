"""Everything about cases that a ruling depends on, read in few queries and kept per version."""

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Lock
from typing import TypeVar
from uuid import UUID

import msgspec
import structlog
from django.db import connection, transaction

from conference.cases.models import Case, Involvement, OpenAction, Subject
from conference.covenant import facts
from conference.crypto import KeyTrouble
from conference.vault import identities, keys
from conference.vault.models import IdentityPart
from consent import register
from consent.models import ConsentLine, ExceptionLine
from consent.versions import versions

CASE_TABLE = "cases_case"

Row = TypeVar("Row")
_KEEP = 512


UNREADABLE = "ONLEESBAAR"  # in place of the code name of a case that cannot be opened now

log = structlog.get_logger(__name__)


class Header(msgspec.Struct, frozen=True):
    """A case's own words, kept sealed."""

    code_name: str
    purpose: str
    municipality: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class SubjectRights:
    """A subject as rulings and renderings need it; its identity stays sealed."""

    id: UUID
    handle: str
    role: str
    registered_by: str
    birth_date: date | None
    parts: dict[str, IdentityPart]


@dataclass(frozen=True, slots=True)
class CaseRights:
    """One case: who is involved, its subjects, consents and exceptions, at one version.

    `trouble`: KeyTrouble's code when its key, its header or an identity in it cannot be opened.
    """

    id: UUID
    version: int
    referrer: str
    parties: tuple[str, ...]
    purpose_ref: UUID
    sealed_header: bytes
    fact: facts.Case
    subjects: dict[UUID, SubjectRights]
    consents: tuple[facts.ConsentLine, ...]
    exceptions: tuple[facts.ExceptionLine, ...]
    trouble: str | None = None

    @property
    def readable(self) -> bool:
        """Whether it can be opened. One that cannot is there for its parties, and nothing of it is ruled visible."""
        return self.trouble is None

    @property
    def destroyed(self) -> bool:
        """Whether its key was destroyed: then nothing of it can ever be opened again."""
        return self.trouble == keys.DESTROYED

    def header(self) -> Header:
        """Open the header. The caller has ruled and logged."""
        if not self.readable:
            return Header(UNREADABLE, "")
        plain = keys.open_sealed(self.id, CASE_TABLE, self.id, "sealed", self.sealed_header)
        return msgspec.json.decode(plain, type=Header)


_cache: OrderedDict[UUID, CaseRights] = OrderedDict()
_lock = Lock()


def load(cases: Iterable[UUID]) -> dict[UUID, CaseRights]:
    """Return the rights of these cases as the database has them now; unknown ids are left out.

    Unchanged cases (by their rights version) come from memory. Read inside one snapshot
    to get one moment.
    """
    return load_at(cases)[0]


def load_at(cases: Iterable[UUID]) -> tuple[dict[UUID, CaseRights], int]:
    """Return the rights of these cases, and the version of `people`, in one look at the versions."""
    wanted = list(dict.fromkeys(cases))
    current = versions(["people", *(f"case:{case}" for case in wanted)])
    found: dict[UUID, CaseRights] = {}
    with _lock:
        for case in wanted:
            kept = _cache.get(case)
            if kept is not None and kept.version == current[f"case:{case}"]:
                found[case] = kept
    # A key that is destroyed counts at once, also where nobody raised a version for it.
    found = {case: kept for case, kept in found.items() if kept.trouble == keys.trouble_with(case)}
    missing = [case for case in wanted if case not in found]
    if missing:
        read = _read(missing, current)
        found |= read
        _remember(read)
    return {case: found[case] for case in wanted if case in found}, current["people"]


def troubles(cases: Iterable[UUID]) -> tuple[str | None, ...]:
    """Return why each of these cases' keys does not open now (None: it does), in their order."""
    return tuple(keys.trouble_with(case) for case in cases)


def _remember(read: dict[UUID, CaseRights]) -> None:
    """Keep what was read; from an open transaction only once it has committed.

    One that is rolled back would give its versions again, to other rights.
    """
    if connection.in_atomic_block:
        transaction.on_commit(partial(_keep, read))
    else:
        _keep(read)


def _keep(read: dict[UUID, CaseRights]) -> None:
    with _lock:
        _cache.update(read)
        while len(_cache) > _KEEP:
            _cache.popitem(last=False)


def forget() -> None:
    """Drop everything kept in memory."""
    with _lock:
        _cache.clear()


def snapshot() -> AbstractContextManager[object]:
    """Return a context in which all reads see one moment of the database.

    Inside a transaction it is that transaction's. SQLite: a deferred transaction, which
    takes no write lock. PostgreSQL: repeatable read, read only.
    """
    return nullcontext() if connection.in_atomic_block else _Snapshot()


class _Snapshot:
    def __enter__(self) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN DEFERRED")
            else:
                cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _read(cases: list[UUID], current: dict[str, int]) -> dict[UUID, CaseRights]:
    rows = {row.id: row for row in Case.objects.filter(id__in=cases)}
    involved = _group(Involvement.objects.filter(case__in=rows, until__isnull=True).order_by("id"))
    subjects = _group(Subject.objects.filter(case__in=rows))
    actions = _group(OpenAction.objects.filter(case__in=rows))
    parts = identities.parts(subject.id for group in subjects.values() for subject in group)
    troubles = {case: _trouble(row, [p for p in parts.values() if p.case == case]) for case, row in rows.items()}
    parts = {place: part for place, part in parts.items() if troubles.get(part.case) is None}
    lines = _group(register.lines(rows), key="case")
    exceptions = _group(register.exceptions(rows), key="case")
    return {
        case: _case_rights(
            row,
            current[f"case:{case}"],
            # A case is destroyed with its key: nothing of it is shown or opened any more.
            phase="vernietigd" if troubles[case] == keys.DESTROYED else row.phase,
            parties=tuple(i.party for i in involved.get(case, [])),
            subjects=[_subject_rights(s, parts) for s in subjects.get(case, [])],
            open_parties=frozenset(a.party for a in actions.get(case, [])),
            consents=tuple(_consent(line) for line in lines.get(case, [])),
            exceptions=tuple(_exception(line) for line in exceptions.get(case, [])),
            trouble=troubles[case],
        )
        for case, row in rows.items()
    }


def _trouble(row: Case, parts: list[IdentityPart]) -> str | None:
    """Return why a case cannot be opened now, and tell the operators which; None when it can, or is destroyed.

    All that rulings and headings need is tried: of a case that is open only in part, nothing is shown.
    """
    trouble = keys.trouble_with(row.id, anew=True)
    try:
        if trouble is None:
            keys.open_sealed(row.id, CASE_TABLE, row.id, "sealed", bytes(row.sealed))
            for part in parts:
                identities.open_part(part)
    except KeyTrouble as found:
        trouble = found.code
    if trouble not in {None, keys.DESTROYED}:
        log.error("case_unreadable", case=str(row.id), code=trouble)
    return trouble


def _case_rights(
    row: Case,
    version: int,
    *,
    phase: str,
    parties: tuple[str, ...],
    subjects: list[SubjectRights],
    open_parties: frozenset[str],
    consents: tuple[facts.ConsentLine, ...],
    exceptions: tuple[facts.ExceptionLine, ...],
    trouble: str | None,
) -> CaseRights:
    return CaseRights(
        id=row.id,
        version=version,
        referrer=row.referrer,
        parties=parties,
        purpose_ref=row.purpose_ref,
        sealed_header=bytes(row.sealed),
        fact=facts.Case(
            track=row.track,
            phase=phase,
            purpose=str(row.purpose_ref),
            parties=frozenset(parties),
            subjects=tuple(facts.Subject(str(s.id), s.role, s.birth_date) for s in subjects),
            open_action_parties=open_parties,
        ),
        subjects={s.id: s for s in subjects},
        consents=consents,
        exceptions=exceptions,
        trouble=trouble,
    )


def _subject_rights(row: Subject, parts: dict[tuple[UUID, str], IdentityPart]) -> SubjectRights:
    own = {category: part for (subject, category), part in parts.items() if subject == row.id}
    born = identities.open_part(own["id"]).get("birth_date") if "id" in own else None
    return SubjectRights(
        id=row.id,
        handle=f"betrokkene {row.number}",
        role=row.role,
        registered_by=row.registered_by,
        birth_date=date.fromisoformat(born) if born else None,
        parts=own,
    )


def _consent(line: ConsentLine) -> facts.ConsentLine:
    return facts.ConsentLine(
        subject=str(line.subject),
        party=line.party,
        category=line.category,
        purpose=str(line.purpose),
        state=line.state,
        recorded=line.number,
        starts=line.starts,
        ends=line.ends,
    )


def _exception(line: ExceptionLine) -> facts.ExceptionLine:
    return facts.ExceptionLine(
        subject=str(line.subject),
        party=line.party,
        category=line.category,
        code=line.code,
        decider=str(line.decider),
        reason="recorded",  # the text stays sealed; that there is one was checked when recorded
        starts=line.starts,
        ends=line.ends,
    )


def _group(rows: Iterable[Row], key: str = "case_id") -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, key), []).append(row)
    return grouped
