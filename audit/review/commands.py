"""The steps of a review: ask, answer, judge; and a sample's verdicts. Each is an entry.

Whoever acts comes as `By`; free text is sealed with the Sealer that the caller hands in. `expect` is
the version that the screen showed. All raise Refused, after entering the refusal, and LogUnavailable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from audit.entry import Entry
from audit.record import record, record_durably, write_lock
from audit.review.models import VERDICTS, Finding, Judged, ReaderQuestion, Sample, SampleLine

LONGEST_TEXT = 2_000
FINDING_TABLE = "audit_finding"
LINE_TABLE = "audit_sampleline"

Row = TypeVar("Row", Finding, SampleLine)


class Refused(Exception):
    """A step that is not taken; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sealer(Protocol):
    """Seals a text to its place, and opens it there."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes: ...
    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class By:
    """Who takes a step. `entry(act, **fields)` makes the log's entry of it."""

    person: UUID
    entry: Callable[..., Entry]


def ask(finding: UUID, *, expect: int, by: By) -> None:
    """Ask the reader why she looked.

    Refused: "not_found" | "own_finding" | "conflict" | "not_open" (asked or judged already).
    """

    def step() -> Finding:
        row = _hold(Finding, finding, expect)
        _not_about(row.person, by)
        if row.state != "open":
            raise Refused("not_open")
        row.state = "asked"
        asked = {"asked_at": now(), "asked_by": by.person, "answered_at": None, "answer_sealed": None}
        ReaderQuestion.objects.update_or_create(finding=row, defaults=asked)
        return _kept(row, by, "review.asked")

    _carry_out(step, by, "review.asked", f"review:{finding}")


def answer(finding: UUID, text: str, *, expect: int, by: By, sealer: Sealer) -> None:
    """Say why one looked: only she whom the finding is about, once.

    Refused: "not_found" (another's too) | "conflict" | "not_asked" | "answer_missing" | "answer_too_long".
    """

    def step() -> Finding:
        row = _hold(Finding, finding, None)
        if row.person != by.person:
            raise Refused("not_found")
        _same(row, expect)
        if row.state != "asked":
            raise Refused("not_asked")
        question = ReaderQuestion.objects.get(finding=row)
        question.answered_at = now()
        question.answer_sealed = sealer.seal(FINDING_TABLE, row.id, "answer", _text(text, "answer").encode())
        question.save()
        row.state = "answered"
        return _kept(row, by, "review.answered")

    _carry_out(step, by, "review.answered", f"review:{finding}")


def judge(finding: UUID, verdict: str, note: str = "", *, expect: int, by: By, sealer: Sealer) -> None:
    """Give the verdict, asked and answered or not.

    Refused: "not_found" | "own_finding" | "conflict" | "already_judged" | "unknown_verdict" | "note_too_long".
    """

    def step() -> Finding:
        row = _hold(Finding, finding, expect)
        if row.state == "judged":
            raise Refused("already_judged")
        _decide(row, FINDING_TABLE, row.person, verdict, note, by, sealer)
        row.state = "judged"
        return _kept(row, by, "review.judged", verdict)

    _carry_out(step, by, "review.judged", f"review:{finding}")


def keep_sample(
    month: date, seed: str, population: int, lines: list[tuple[int, UUID, str | None]], *, by: By
) -> Sample:
    """Keep a drawn sample: leaf, person and tie of each line. Refused: "already_drawn" | "nothing_to_draw"."""

    def step() -> Sample:
        if not lines:
            raise Refused("nothing_to_draw")
        if Sample.objects.filter(month=month).exists():
            raise Refused("already_drawn")
        row = Sample.objects.create(month=month, seed=seed, population=population, drawn_at=now(), drawn_by=by.person)
        SampleLine.objects.bulk_create(
            SampleLine(sample=row, number=number, leaf=leaf, person=person, tie=tie or "")
            for number, (leaf, person, tie) in enumerate(lines, 1)
        )
        seen = (f"month={month:%Y-%m}", f"seed={seed}", f"drawn={len(lines)}", f"of={population}")
        record(by.entry("sample.drawn", obj=(f"sample:{row.id}",), seen=seen))
        return row

    return _carry_out(step, by, "sample.drawn")


def judge_line(line: UUID, verdict: str, note: str = "", *, expect: int, by: By, sealer: Sealer) -> None:
    """Give the verdict on one drawn entry. Refused as `judge`."""

    def step() -> SampleLine:
        row = _hold(SampleLine, line, expect)
        if row.verdict:
            raise Refused("already_judged")
        _decide(row, LINE_TABLE, row.person, verdict, note, by, sealer)
        row.version += 1
        row.save()
        record(by.entry("sample.judged", obj=(f"sample_line:{row.id}",), reason=verdict))
        return row

    _carry_out(step, by, "sample.judged", f"sample_line:{line}")


# --- what they share ------------------------------------------------------------------------

Done = TypeVar("Done")


def _carry_out(step: Callable[[], Done], by: By, act: str, *obj: str) -> Done:
    """Take a step in one transaction; a refusal is entered after it was undone."""
    try:
        with write_lock(), transaction.atomic():
            return step()
    except Refused as refused:
        record_durably(by.entry(act, out="deny", obj=obj, reason=refused.code))
        raise


def _hold(model: type[Row], wanted: UUID, expect: int | None) -> Row:
    row = model._default_manager.select_for_update().filter(id=wanted).first()
    if row is None:
        raise Refused("not_found")
    if expect is not None:
        _same(row, expect)
    return row


def _same(row: Judged, expect: int) -> None:
    if row.version != expect:
        raise Refused("conflict")


def _not_about(person: UUID, by: By) -> None:
    """Nobody judges what she did herself."""
    if person == by.person:
        raise Refused("own_finding")


def _decide(row: Judged, table: str, about: UUID, verdict: str, note: str, by: By, sealer: Sealer) -> None:
    _not_about(about, by)
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict")
    row.verdict, row.judged_at, row.judged_by = verdict, now(), by.person
    if note.strip():
        row.note_sealed = sealer.seal(table, _id(row), "note", _text(note, "note").encode())


def _id(row: Judged) -> UUID:
    assert isinstance(row, Finding | SampleLine)  # noqa: S101  the two that there are
    return row.id


def _text(text: str, what: str) -> str:
    plain = text.strip()
    if not plain:
        raise Refused(f"{what}_missing")
    if len(plain) > LONGEST_TEXT:
        raise Refused(f"{what}_too_long")
    return plain


def _kept(row: Finding, by: By, act: str, verdict: str | None = None) -> Finding:
    row.version += 1
    row.save()
    about = (f"review:{row.id}", f"person:{row.person}")
    record(by.entry(act, case=row.case, obj=about, reason=verdict or row.reason))
    return row


def now() -> datetime:
    """Return the machine's time, on which the log runs."""
    return datetime.now(UTC)
