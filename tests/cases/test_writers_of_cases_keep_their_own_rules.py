"""Cases, subjects and the register about them: ages, purposes, exceptions, and what is cut where."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from agenda import pages
from conference import clock
from conference.cases import commands as cases
from conference.cases import registering, rights
from conference.cases.commands import CaseRefusal, NewCase, split_identity
from conference.cases.models import Case, Involvement, Item, OpenAction, Subject
from conference.cases.registering import ConsentStep, until_next_age
from conference.covenant import shelf
from conference.covenant.shape import Covenant
from conference.vault import keys
from conference.vault.models import IdentityPart
from consent.ages import Band
from consent.commands import EXCEPTION_TABLE, NewException, NewTalk, Weighed
from consent.models import ConsentLine, ExceptionLine
from consent.states import State
from consent.versions import versions
from tests.consenting import NOTICE, full_talk, weighed
from tests.world import TODAY, Table

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=clock.AMSTERDAM)


def step(state: State = State.GIVEN, starts: datetime = NOW, ends: datetime | None = None) -> ConsentStep:
    return ConsentStep(subject=uuid4(), party="kwintes", category="gez", state=state, starts=starts, ends=ends)


@pytest.mark.parametrize(
    ("born", "cut"),
    [
        ("2015-01-10", "2027-01-10"),  # turns 12
        ("2011-06-01", "2027-06-01"),  # turns 16
        ("2008-12-01", "2026-12-01"),  # turns 18
        ("2014-11-24", "2026-11-24"),  # turns 12 tomorrow
        ("2014-11-23", "2030-11-23"),  # turned 12 today: 16 is next
        ("2016-02-29", "2028-02-29"),
        ("2012-02-29", "2028-02-29"),
        ("2010-02-28", "2028-02-28"),
    ],
)
def test_a_line_ends_where_the_person_turns_12_16_or_18(born: str, cut: str) -> None:
    assert until_next_age(date.fromisoformat(born), step()) == midnight(cut)


def test_an_adult_an_unknown_birth_date_and_an_earlier_end_are_not_cut() -> None:
    soon = NOW + timedelta(days=3)
    assert until_next_age(date(2000, 1, 1), step()) is None
    assert until_next_age(None, step(ends=soon)) == soon
    assert until_next_age(date(2008, 12, 1), step(ends=soon)) == soon
    assert until_next_age(date(2000, 1, 1), step(ends=soon)) == soon


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN, State.INVALID, State.ASKED])
def test_only_what_permits_is_cut(state: State) -> None:
    assert until_next_age(date(2008, 12, 1), step(state)) is None


def test_a_line_that_starts_after_a_birthday_is_cut_at_the_next_one() -> None:
    assert until_next_age(date(2010, 12, 1), step(starts=midnight("2026-12-02"))) == midnight("2028-12-01")


# --- cases ---------------------------------------------------------------------------------


def opened(**changes: Any) -> Case:
    new: dict[str, Any] = {"track": "wgs", "phase": "aanmelding", "purpose": "hulp", "parties": ["politie", "om"]}
    return cases.open_case(NewCase(**(new | changes)), covenant="1.0", at=NOW)


def test_a_case_needs_a_party_and_involves_each_once(transactional_db: None) -> None:
    with pytest.raises(CaseRefusal, match="no_parties"):
        opened(parties=[])
    case = opened(parties=["politie", "om", "politie"])
    assert case.referrer == "politie"
    assert list(Involvement.objects.filter(case=case).order_by("id").values_list("party", flat=True)) == [
        "politie",
        "om",
    ]


def test_equal_purposes_have_one_reference_within_a_case_and_none_across(transactional_db: None) -> None:
    one, other = opened().id, opened().id
    assert cases.purpose_reference(one, "hulp") == cases.purpose_reference(one, "hulp")
    assert cases.purpose_reference(one, "hulp") != cases.purpose_reference(one, " Hulp ")  # equal to the letter
    assert cases.purpose_reference(one, "hulp") != cases.purpose_reference(one, "hulp en veiligheid")
    assert cases.purpose_reference(one, "hulp") != cases.purpose_reference(other, "hulp")


def test_every_change_of_rights_raises_the_version_of_the_case(transactional_db: None) -> None:
    case = opened()
    seen = [versions([f"case:{case.id}"])[f"case:{case.id}"]]
    changes = [
        lambda: cases.involve(case, "kwintes", at=NOW),
        lambda: cases.end_involvement(case, "kwintes", at=NOW),
        lambda: cases.change_phase(case, "nazorg"),
        lambda: cases.register_subject(case, role="victim", registered_by="politie", identity={}),
        lambda: cases.track_action(uuid4(), case.id, "om", open_now=True),
    ]
    for change in changes:
        change()
        seen.append(versions([f"case:{case.id}"])[f"case:{case.id}"])
    assert all(before < after for before, after in pairwise(seen))


def test_a_party_can_leave_and_come_back(transactional_db: None) -> None:
    case = opened()
    cases.involve(case, "om", at=NOW)
    assert Involvement.objects.filter(case=case, party="om").count() == 1
    cases.end_involvement(case, "om", at=NOW)
    assert "om" not in rights.load([case.id])[case.id].parties
    cases.involve(case, "om", at=NOW)
    assert rights.load([case.id])[case.id].parties == ("politie", "om")
    assert Involvement.objects.filter(case=case, party="om").count() == 2


def test_an_open_action_is_tracked_until_it_is_done(transactional_db: None) -> None:
    case, action = opened(), uuid4()
    for _ in range(2):
        cases.track_action(action, case.id, "om", open_now=True)
    assert OpenAction.objects.filter(case=case).count() == 1
    cases.track_action(action, case.id, "om", open_now=False)
    assert not OpenAction.objects.filter(case=case).exists()


def test_identity_data_are_kept_by_category_and_protected_ones_apart() -> None:
    known = {"name": "N", "birth_date": "2000-01-01", "bsn": "1", "address": "A", "phone": ""}
    assert split_identity(known, protected=False) == {
        "id": {"name": "N", "birth_date": "2000-01-01", "address": "A"},
        "bsn": {"bsn": "1"},
    }
    assert split_identity(known, protected=True)["adr"] == {"address": "A"}
    assert split_identity({}, protected=True) == {}


def test_handles_count_up_within_a_case(transactional_db: None) -> None:
    case = opened()
    for _ in range(3):
        cases.register_subject(case, role="circle", registered_by="politie", identity={"name": "X"})
    opened_too = opened()
    cases.register_subject(opened_too, role="circle", registered_by="politie", identity={})
    assert [row.number for row in Subject.objects.filter(case=case)] == [1, 2, 3]
    assert [row.number for row in Subject.objects.filter(case=opened_too)] == [1]
    assert IdentityPart.objects.filter(case=case.id).count() == 3


# --- the register about a case ------------------------------------------------------------------


def recorded(table: Table, subject: str, state: State = State.GIVEN, **more: Any) -> ConsentLine:
    found = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")]
    who = table.id("subjects", subject)
    new = ConsentStep(
        subject=who, party="politie", category="gez", state=state, starts=clock.now(), review_on=TODAY, **more
    )
    wanted = NewTalk(case=found.id, subject=who, talk=full_talk(age_band=Band.OWN), notice=NOTICE)
    with transaction.atomic():
        talk = registering.record_talk(found, wanted, by=None, at=clock.now()), wanted.talk
        return registering.record_consent(found, replace(new, talk=talk), by=None, at=clock.now())


def test_a_suspect_is_never_asked_and_a_stranger_is_unknown(table: Table) -> None:
    with pytest.raises(CaseRefusal, match="suspect_is_never_asked"):
        recorded(table, "s3")
    with pytest.raises(CaseRefusal, match="unknown_subject"):
        recorded(table, "t1")


def test_the_registers_own_refusals_come_through_by_their_codes(table: Table) -> None:
    with pytest.raises(CaseRefusal, match="state_not_allowed"):
        recorded(table, "s1", State.WITHDRAWN)
    with pytest.raises(CaseRefusal, match="ends_before_start"):
        recorded(table, "s1", ends=clock.now() - timedelta(days=1))


def test_a_line_is_for_the_cases_own_purpose_unless_it_says_another(table: Table) -> None:
    case = Case.objects.get(id=table.id("cases", "c1"))
    assert recorded(table, "s1").purpose == case.purpose_ref
    other = cases.purpose_reference(case.id, "onderzoek")
    assert recorded(table, "s2", purpose=other).purpose == other


def exception(table: Table, **changes: Any) -> NewException:
    now = clock.now()
    base: dict[str, Any] = {
        "case": table.id("cases", "c1"), "subject": table.id("subjects", "s1"), "party": "politie", "category": "gez",
        "code": 7, "decider": table.id("people", "vz"), "weighed": weighed(), "starts": now,
        "ends": now + timedelta(days=30),
    }  # fmt: skip
    return NewException(**(base | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"code": 1},  # not for health
        {"code": 4},  # Veilig Thuis only
        {"code": 5},
        {"code": 9},
        {"ends": datetime(2027, 6, 1, tzinfo=UTC)},  # code 7 runs at most 30 days
        {"ends": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_an_exception_that_does_not_fit_is_refused(table: Table, changes: dict[str, Any]) -> None:
    c1 = table.id("cases", "c1")
    covenant = shelf.active(clock.now())
    assert covenant is not None
    with pytest.raises(CaseRefusal, match="exception_does_not_fit"):
        _record(c1, covenant, exception(table, **changes))


def _record(case: UUID, covenant: Covenant, new: NewException) -> None:
    registering.record_exception(rights.load([case])[case], covenant, new, by=None, at=clock.now())


def test_how_an_exception_was_weighed_can_be_opened_again_and_a_poor_weighing_is_refused(table: Table) -> None:
    c1 = table.id("cases", "c1")
    covenant = shelf.active(clock.now())
    assert covenant is not None
    with pytest.raises(CaseRefusal, match="reason_missing"):
        _record(c1, covenant, exception(table, weighed=weighed(reason="  ")))
    _record(c1, covenant, exception(table, weighed=weighed(tried="gevraagd, geen antwoord")))
    line = ExceptionLine.objects.order_by("-number").first()
    assert line is not None
    assert b"gevraagd" not in bytes(line.sealed)
    assert registering.open_weighed(line) == weighed(tried="gevraagd, geen antwoord")


@pytest.mark.parametrize("said", ["acuut gevaar", "{", '"acuut"', "7", "[]", "{}", "in één nacht"])
def test_an_exception_of_which_only_the_reason_was_kept_opens_as_that_reason(table: Table, said: str) -> None:
    """Before a weighing was kept whole its reason was sealed as it was written; those rows stay for ever."""
    c1 = table.id("cases", "c1")
    blob = keys.sealer(c1).seal
    row = uuid4()
    line = ExceptionLine.objects.create(
        id=row, case=c1, subject=table.id("subjects", "s1"), party="kwintes", category="vbl", code=7,
        decider=table.id("people", "vz"), starts=NOW, ends=NOW + timedelta(days=3), recorded_at=NOW,
        sealed=blob(EXCEPTION_TABLE, row, "sealed", said.encode()),
    )  # fmt: skip
    assert registering.open_weighed(line) == Weighed(reason=said)
    seen = pages.management(table.sit("zc"), c1)
    assert seen is not None
    kept = next(one for one in seen.value.exceptions if one.line.category == "vbl")
    assert (kept.told_on, kept.look_again, kept.task) == (None, None, None)


def test_an_exception_opens_and_a_stranger_has_none(table: Table) -> None:
    c1 = table.id("cases", "c1")
    covenant = shelf.active(clock.now())
    assert covenant is not None
    new = exception(table, subject=table.id("subjects", "t1"))
    with pytest.raises(CaseRefusal, match="unknown_subject"):
        _record(c1, covenant, new)
    assert table.key("i-gez") not in table.view("vz")
    opening = exception(table, party="zvh_procesregie")
    _record(c1, covenant, opening)
    assert table.view("vz")[table.key("i-gez")]["reason"] == "exception"


def test_without_a_covenant_nothing_may_be_supplied(table: Table) -> None:
    fact = rights.load([table.id("cases", "c1")])[table.id("cases", "c1")].fact
    with pytest.raises(CaseRefusal, match="covenant_inactive"):
        cases.check_supply(None, "politie", "pol", fact)


def test_items_remember_when_they_were_released_and_whom_they_mention(table: Table) -> None:
    row = Item.objects.get(id=table.id("items", "i-pol"))
    assert row.mentions == [table.ids["subjects"]["s1"]]
    assert row.released_at == row.written_at
    assert Item.objects.get(id=table.id("items", "i-draft")).released_at is None
