"""The states of a line and the steps between them; what the register takes, and that nothing in it changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from conference import wake
from conference.crypto import Sealer
from consent import register
from consent.ages import Band, Regime, needed
from consent.commands import (
    NewException,
    NewLine,
    NewTalk,
    RegisterRefusal,
    Weighed,
    record_exception,
    record_line,
    record_talk,
)
from consent.models import ConsentLine, ExceptionLine
from consent.states import NEXT, PERMITTING, State, may_follow
from consent.talk import LineTold
from consent.versions import raise_version, versions
from tests.consenting import NOTICE, full_talk, weighed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE, SUBJECT, PURPOSE = uuid4(), uuid4(), uuid4()
ADULT = needed({Regime.AVG, Regime.WMO}, Band.OWN, capable=True)
SEALER = Sealer(CASE, 1, b"k" * 32)

# The table of the register, written out: what may be recorded after what.
STEPS = {
    "niet_gevraagd": "gevraagd uitgesteld geweigerd gegeven",
    "gevraagd": "gevraagd uitgesteld geweigerd gegeven",
    "uitgesteld": "gevraagd uitgesteld geweigerd gegeven",
    "geweigerd": "gevraagd uitgesteld geweigerd gegeven",
    "ingetrokken": "gevraagd uitgesteld geweigerd gegeven",
    "verlopen": "gevraagd uitgesteld geweigerd gegeven",
    "gegeven": "gegeven bevestigd beperkt ingetrokken verlopen ongeldig",
    "bevestigd": "gegeven bevestigd beperkt ingetrokken verlopen ongeldig",
    "beperkt": "gegeven bevestigd beperkt ingetrokken verlopen ongeldig",
    "ongeldig": "",
}


def line(state: State, *, subject: UUID = SUBJECT, ends: datetime | None = None, **more: Any) -> NewLine:
    base: dict[str, Any] = {"case": CASE, "party": "kwintes", "category": "gez", "purpose": PURPOSE, "starts": NOW}
    return NewLine(subject=subject, state=state, ends=ends, **(base | more))


def record(new: NewLine, *, at: datetime = NOW, loaded: bool = False) -> ConsentLine:
    """Record a line in a conversation in which nothing is missing; what is loaded had none here."""
    with transaction.atomic():
        wanted = NewTalk(case=new.case, subject=new.subject, talk=full_talk(), notice=NOTICE)
        talk = None if loaded else (record_talk(wanted, sealer=SEALER, by=None, at=at), wanted.talk)
        whole = replace(new, talk=talk, needed=ADULT, review_on=NOW.date())
        return record_line(whole, sealer=SEALER, by=None, at=at, loaded=loaded)


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_every_pair_of_states_is_as_in_the_table(before: State, after: State) -> None:
    assert may_follow(before, after) == (after.value in STEPS[before.value].split())


def test_every_state_has_its_row_and_nothing_returns_to_never_asked() -> None:
    assert set(NEXT) == set(State)
    assert not any(State.NOT_ASKED in after for after in NEXT.values())
    assert {state.value for state in PERMITTING} == {"gegeven", "bevestigd", "beperkt"}


@pytest.mark.django_db
def test_a_step_outside_the_table_is_refused_and_leaves_no_row() -> None:
    subject = uuid4()
    with pytest.raises(RegisterRefusal) as refused:
        record(line(State.WITHDRAWN, subject=subject))
    assert refused.value.code == "state_not_allowed"
    assert not ConsentLine.objects.filter(subject=subject).exists()


@pytest.mark.django_db
def test_a_given_line_past_its_end_counts_as_expired_and_may_be_asked_anew() -> None:
    subject = uuid4()
    record(line(State.GIVEN, subject=subject, ends=NOW + timedelta(days=1)))
    event = register.last_event(subject, "kwintes", "gez", PURPOSE)
    assert register.state_at(event, NOW) is State.GIVEN
    assert register.state_at(event, NOW + timedelta(days=1)) is State.EXPIRED
    with pytest.raises(RegisterRefusal):
        record(line(State.WITHDRAWN, subject=subject), at=NOW + timedelta(days=2))
    record(line(State.ASKED, subject=subject), at=NOW + timedelta(days=2))
    assert register.state_at(None, NOW) is State.NOT_ASKED


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1])
def test_a_line_that_ends_before_it_starts_is_refused(days: int) -> None:
    with pytest.raises(RegisterRefusal) as refused:
        record(line(State.GIVEN, subject=uuid4(), ends=NOW + timedelta(days=days)))
    assert refused.value.code == "ends_before_start"


@pytest.mark.django_db
def test_limiting_means_an_earlier_end_never_a_later_one() -> None:
    subject, end = uuid4(), NOW + timedelta(days=10)
    record(line(State.GIVEN, subject=subject, ends=end))
    for longer in (None, end + timedelta(seconds=1)):
        with pytest.raises(RegisterRefusal) as refused:
            record(line(State.LIMITED, subject=subject, ends=longer))
        assert refused.value.code == "limit_is_longer"
    record(line(State.LIMITED, subject=subject, ends=end - timedelta(days=1)))


@pytest.mark.django_db
def test_a_line_without_an_end_can_be_limited_to_any() -> None:
    subject = uuid4()
    record(line(State.GIVEN, subject=subject))
    assert record(line(State.LIMITED, subject=subject, ends=NOW + timedelta(days=300))).state == "beperkt"


@pytest.mark.django_db
def test_what_is_loaded_keeps_its_own_order() -> None:
    subject = uuid4()
    for state in (State.WITHDRAWN, State.CONFIRMED, State.INVALID, State.GIVEN):
        record(line(state, subject=subject), loaded=True)
    (standing,) = register.standing(event for event in register.lines([CASE]) if event.subject == subject).values()
    assert standing.state == "gegeven"


@pytest.mark.django_db
def test_lines_of_other_parties_categories_and_purposes_do_not_touch_each_other() -> None:
    subject, other = uuid4(), uuid4()
    record(line(State.GIVEN, subject=subject))
    for more in ({"party": "politie"}, {"category": "hlp"}, {"purpose": other}):
        with pytest.raises(RegisterRefusal):
            record(line(State.WITHDRAWN, subject=subject, **more))


@pytest.mark.django_db
def test_what_is_told_of_a_line_is_sealed_to_its_row() -> None:
    event = record(line(State.GIVEN, subject=uuid4(), told=LineTold(note="rustig gesprek")))
    assert b"rustig" not in bytes(event.sealed)
    opened = SEALER.open("consent_consentline", event.id, "sealed", bytes(event.sealed))
    assert b"rustig gesprek" in opened


@pytest.mark.django_db
def test_an_exception_ends_after_it_starts_and_its_reason_is_sealed() -> None:
    new: dict[str, Any] = {
        "case": CASE, "subject": uuid4(), "party": "politie", "category": "gez", "code": 7, "decider": uuid4(),
        "weighed": weighed(), "starts": NOW,
    }  # fmt: skip
    with pytest.raises(RegisterRefusal) as refused:
        record_exception(NewException(**new, ends=NOW), sealer=SEALER, by=None, at=NOW)
    assert refused.value.code == "ends_before_start"
    row = record_exception(NewException(**new, ends=NOW + timedelta(days=3)), sealer=SEALER, by=None, at=NOW)
    assert b"acuut" not in bytes(row.sealed)
    opened = SEALER.open("consent_exceptionline", row.id, "sealed", bytes(row.sealed))
    assert msgspec.json.decode(opened, type=Weighed) == weighed()


# --- nothing in it changes ---------------------------------------------------------


def _rows() -> list[tuple[str, str]]:
    case = uuid4()
    made = record(line(State.GIVEN, subject=uuid4(), case=case))
    exception = NewException(
        case=case, subject=uuid4(), party="politie", category="gez", code=7, decider=uuid4(), weighed=weighed(),
        starts=NOW, ends=NOW + timedelta(days=1),
    )  # fmt: skip
    other = record_exception(exception, sealer=SEALER, by=None, at=NOW)
    return [("consent_consentline", str(made.number)), ("consent_exceptionline", str(other.number))]


def _refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_remove_a_line() -> None:
    for table, number in _rows():
        _refused(f"UPDATE {table} SET party = 'politie' WHERE number = {number}")
        _refused(f"UPDATE {table} SET ends = NULL WHERE number = {number}")
        _refused(f"DELETE FROM {table} WHERE number = {number}")
        _refused(f"DELETE FROM {table}")


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to remove a row unseen")
def test_a_line_cannot_be_replaced_either() -> None:
    for table, number in _rows():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE number = {number}")
            row = cursor.fetchone()
            names = [column[0] for column in cursor.description]
        columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
        insert = f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, row)


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own way to empty a table")
def test_the_register_cannot_be_truncated_or_its_guard_skipped() -> None:
    for table, number in _rows():
        _refused(f"TRUNCATE {table}")
        _refused(f"SET LOCAL session_replication_role = replica; DELETE FROM {table} WHERE number = {number}")


@pytest.mark.django_db
def test_the_orm_can_change_nothing_either() -> None:
    event = record(line(State.GIVEN, subject=uuid4()))
    event.state = "geweigerd"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        ExceptionLine.objects.filter(number__in=[int(number) for _, number in _rows()]).delete()


# --- versions ------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_line_and_exception_raises_the_version_of_its_case() -> None:
    case = uuid4()
    scope = f"case:{case}"
    assert versions([scope]) == {scope: 0}
    record(line(State.GIVEN, subject=uuid4(), case=case))
    record(line(State.ASKED, subject=uuid4(), case=case))
    assert versions([scope, "people-of-nowhere"]) == {scope: 2, "people-of-nowhere": 0}


@pytest.mark.django_db(transaction=True)
def test_rooms_are_woken_after_the_commit_and_not_by_a_rollback() -> None:
    woken: list[str] = []
    scope = f"case:{uuid4()}"
    wake.connect(woken.append)
    try:
        with transaction.atomic():
            raise_version(scope)
            transaction.set_rollback(True)
        assert (woken, versions([scope])) == ([], {scope: 0})
        with transaction.atomic():
            raise_version(scope)
            assert woken == []
        assert woken == [scope]
    finally:
        wake.disconnect(woken.append)
