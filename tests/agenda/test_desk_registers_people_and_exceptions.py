"""At the desk people are registered and put right, and exceptions recorded; each refusal has its code."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from agenda import pages
from agenda.commands import Refused, at_desk, casework, consents
from agenda.commands.casework import Exceptional, Someone
from conference import clock
from conference.cases import rights
from conference.cases.models import Subject
from conference.cases.rules import is_bsn
from conference.vault.models import IdentityPart
from consent.commands.tasks import TELL_PERSON, TELL_RECEIVER
from consent.models import ExceptionLine, RegisterTask
from consent.talk import Closed
from tests.consenting import weighed
from tests.world import TODAY, Table, pass_time

NEW = Someone(
    role="victim",
    protected=False,
    identity={"name": "Mila Verzonnen", "birth_date": "2009-05-06", "bsn": "999990019", "address": "Laan 1"},
)


def register(table: Table, name: str, new: Someone = NEW, case: str = "c1") -> UUID:
    wanted = table.id("cases", case)
    return at_desk(
        table.sit(name), "subject.registered", lambda turn: casework.register_subject(turn, wanted, new), case=wanted
    )


def correct(table: Table, name: str, subject: UUID, new: Someone, case: str = "c1") -> Any:
    wanted = table.id("cases", case)
    return at_desk(
        table.sit(name),
        "subject.corrected",
        lambda turn: casework.correct_identity(turn, wanted, subject, new),
        case=wanted,
    )


def refused(code: str, do: Any) -> None:
    before = (Subject.objects.count(), IdentityPart.objects.count(), ExceptionLine.objects.count())
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.code == code
    assert (Subject.objects.count(), IdentityPart.objects.count(), ExceptionLine.objects.count()) == before


def identity_for(table: Table, name: str, subject: UUID) -> dict[str, str]:
    """What this person reads of a subject on her case's page."""
    view = pages.case_view(table.sit(name), table.id("cases", "c1"))
    assert view is not None
    return next((one.identity for one in view.subjects if one.id == subject), {})


# --- registering ---------------------------------------------------------------------


def test_a_party_that_may_bring_in_persons_registers_one_and_the_covenant_shows_her(table: Table) -> None:
    made = register(table, "zc")
    row = Subject.objects.get(id=made)
    assert (row.number, row.role, row.registered_by) == (4, "victim", "zorgcoordinator")
    assert identity_for(table, "zc", made) == dict(NEW.identity)
    assert identity_for(table, "pol", made)["name"] == "Mila Verzonnen"
    assert table.view("pol")[f"subject:{made}"]["name"] == "Mila Verzonnen"


def test_each_kind_of_identity_data_lies_sealed_under_its_own_category(table: Table) -> None:
    made = register(table, "zc")
    parts = {part.category: bytes(part.sealed) for part in IdentityPart.objects.filter(subject=made)}
    assert set(parts) == {"id", "bsn"}
    assert not any(value.encode() in blob for value in NEW.identity.values() for blob in parts.values())


def test_a_protected_address_lies_apart_and_most_parties_never_see_it(table: Table) -> None:
    made = register(table, "zc", Someone(role="victim", protected=True, identity=NEW.identity))
    assert set(IdentityPart.objects.filter(subject=made).values_list("category", flat=True)) == {"id", "bsn", "adr"}
    assert identity_for(table, "zc", made)["address"] == "Laan 1"
    assert "address" not in identity_for(table, "pol", made)


def test_somebody_can_be_registered_without_a_name(table: Table) -> None:
    made = register(table, "pol", Someone(role="circle"))
    assert not IdentityPart.objects.filter(subject=made).exists()
    assert table.view("pol")[f"subject:{made}"]["handle"] == "betrokkene 4"


def test_registering_is_entered_about_the_person_without_a_word_about_her(table: Table) -> None:
    table.mark()
    made = register(table, "zc")
    (leaf,) = table.entries("subject.registered")
    assert (leaf["subject"], leaf["obj"]) == (str(made), [f"subject:{made}"])
    assert not any(value in json.dumps(table.entries()) for value in NEW.identity.values())


@pytest.mark.parametrize(
    ("code", "name", "case", "new"),
    [
        ("not_found", "oov", "c1", NEW),
        ("cannot_supply", "ggz", "c1", Someone(role="victim", identity={"bsn": "999990019"})),
        ("cannot_supply", "pol", "c1", Someone(role="victim", protected=True, identity={"address": "Laan 1"})),
        ("track_forbids", "pol", "c3", Someone(role="victim")),
        ("track_forbids", "zc", "c2", Someone(role="victim", identity={"bsn": "999990019"})),
        ("unknown_role", "zc", "c1", Someone(role="boss")),
        ("protection_not_asked", "zc", "c1", Someone(role="victim", identity={"address": "Laan 1"})),
        ("protection_not_asked", "zc", "c1", Someone(role="victim", identity={"phone": "0612345678"})),
        ("bad_birth_date", "zc", "c1", Someone(role="victim", identity={"birth_date": "2031-01-01"})),
        ("bad_birth_date", "zc", "c1", Someone(role="victim", identity={"birth_date": "1-1-2009"})),
        ("bad_birth_date", "zc", "c1", Someone(role="victim", identity={"birth_date": "1850-01-01"})),
        ("bad_bsn", "zc", "c1", Someone(role="victim", identity={"bsn": "999990018"})),
    ],
)
def test_registering_is_refused_by_code(table: Table, code: str, name: str, case: str, new: Someone) -> None:
    refused(code, lambda: register(table, name, new, case))


def test_the_number_of_a_citizen_passes_its_own_test() -> None:
    assert is_bsn("999990019")
    wrong = ["999990018", "99999001", "000000000", "99999001a", "٩٩٩٩٩٠٠١٩", "9999900190", ""]
    assert [text for text in wrong if is_bsn(text)] == []


# --- correcting ----------------------------------------------------------------------


def test_the_party_that_registered_her_puts_it_right_and_what_is_left_out_is_gone(table: Table) -> None:
    made = register(table, "zc")
    right = {"name": "Mila Anders", "birth_date": "2009-06-05", "bsn": "999990019"}
    correct(table, "zc", made, Someone(role="", protected=False, identity=right))
    assert identity_for(table, "zc", made) == right
    assert table.view("pol")[f"subject:{made}"]["name"] == "Mila Anders"


def test_an_address_that_turns_out_secret_leaves_everybody_elses_screen(table: Table) -> None:
    made = register(table, "zc")
    assert "address" in identity_for(table, "pol", made)
    correct(table, "zc", made, Someone(role="", protected=True, identity=NEW.identity))
    assert "address" not in identity_for(table, "pol", made)
    assert identity_for(table, "zc", made)["address"] == "Laan 1"


def test_correcting_depends_on_no_cell_and_adding_does(table: Table) -> None:
    """In aftercare nothing can be supplied; what stands can still be put right, and taken away."""
    from conference.cases.models import Case

    made = register(table, "zc", Someone(role="victim", identity={"name": "Mila Verzonnen"}))
    Case.objects.filter(id=table.id("cases", "c1")).update(phase="nazorg")
    rights.forget()
    refused("cannot_supply", lambda: register(table, "zc", Someone(role="victim")))
    correct(table, "zc", made, Someone(role="", identity={"name": "Mila Anders"}))
    more = Someone(role="", identity={"name": "Mila Anders", "bsn": "999990019"})
    refused("cannot_supply", lambda: correct(table, "zc", made, more))
    correct(table, "zc", made, Someone(role=""))
    assert not IdentityPart.objects.filter(subject=made).exists()


@pytest.mark.parametrize("name", ["pol", "nt", "oov"])
def test_nobody_else_corrects_and_hears_that_there_is_nothing(table: Table, name: str) -> None:
    refused("not_found", lambda: correct(table, name, table.id("subjects", "s1"), Someone(role="", protected=False)))


def test_a_subject_of_another_case_is_not_found(table: Table) -> None:
    other = table.id("subjects", "t1")
    refused("not_found", lambda: correct(table, "zc", other, Someone(role="", protected=False)))


# --- exceptions ----------------------------------------------------------------------


def exception(table: Table, **changes: Any) -> Exceptional:
    base: dict[str, Any] = {
        "subject": table.id("subjects", "s1"),
        "party": "kwintes",
        "category": "vbl",
        "code": 7,
        "decider": table.id("people", "vz"),
        "weighed": weighed(reason="zij is bewusteloos; de arts moet het weten"),
        "ends": clock.now() + timedelta(days=10),
    }
    return Exceptional(**base | changes)


def record(table: Table, name: str, new: Exceptional, case: str = "c1") -> Any:
    wanted = table.id("cases", case)
    return at_desk(
        table.sit(name), "exception.recorded", lambda turn: casework.record_exception(turn, wanted, new), case=wanted
    )


@pytest.mark.parametrize("name", ["nt", "zc"])
def test_an_exception_opens_what_it_is_for_until_it_ends(table: Table, name: str) -> None:
    key = table.key("i-ggz")
    assert key not in table.view("zc")
    table.mark()
    record(table, name, exception(table, party="zorgcoordinator", category="gez", code=2))
    assert table.view("zc")[key]["reason"] == "exception"
    (leaf,) = table.entries("exception.recorded")
    assert (leaf["subject"], leaf["party"]) == (str(table.id("subjects", "s1")), table.sit(name).party)
    assert "receiver=zorgcoordinator" in leaf["seen"]
    pass_time(days=11)
    assert key not in table.view("zc")


def test_its_reason_is_kept_sealed_and_never_entered(table: Table) -> None:
    table.mark()
    record(table, "nt", exception(table))
    line = ExceptionLine.objects.order_by("-number").first()
    assert line is not None
    assert b"bewusteloos" not in bytes(line.sealed)
    assert line.decider == table.id("people", "vz")
    assert line.recorded_by == table.id("people", "nt")
    assert "bewusteloos" not in json.dumps(table.entries())


@pytest.mark.parametrize(
    ("code", "name", "changes"),
    [
        ("role_party", "vz", {}),
        ("role_party", "pol", {}),
        ("unknown_party", "nt", {"party": "niemand"}),
        ("unknown_category", "nt", {"category": "xyz"}),
        ("unknown_subject", "nt", {"subject": uuid4()}),
        ("unknown_decider", "nt", {"decider": uuid4()}),
        ("reason_missing", "nt", {"weighed": weighed(reason=" \n")}),
        ("alternatives_missing", "nt", {"weighed": weighed(tried="")}),
        ("second_missing", "nt", {"weighed": weighed(second=" "), "code": 8}),
        ("telling_missing", "nt", {"weighed": weighed(told_on=None)}),
        ("telling_missing", "nt", {"weighed": weighed(told_on=None, not_told="gevaar")}),
        ("told_in_future", "nt", {"weighed": weighed(told_on=TODAY + timedelta(days=1))}),
        ("look_again_past", "nt", {"weighed": weighed(told_on=None, not_told="x", look_again=date(2026, 11, 22))}),
        ("look_again_late", "nt", {"weighed": weighed(told_on=None, not_told="x", look_again=date(2026, 12, 24))}),
        ("look_again_late", "nt", {"weighed": weighed(told_on=None, not_told="x", look_again=date.max)}),
        ("ends_before_start", "nt", {"ends": datetime(2026, 1, 1, tzinfo=UTC)}),
        ("exception_does_not_fit", "nt", {"ends": datetime(2027, 6, 1, tzinfo=UTC)}),
        ("exception_does_not_fit", "nt", {"code": 4}),
        ("exception_does_not_fit", "nt", {"code": 5}),
        ("exception_does_not_fit", "nt", {"code": 6}),
        ("exception_does_not_fit", "nt", {"code": 1, "category": "gez"}),
        ("exception_does_not_fit", "nt", {"code": 9}),
    ],
)
def test_an_exception_is_refused_by_code(table: Table, code: str, name: str, changes: dict[str, Any]) -> None:
    refused(code, lambda: record(table, name, exception(table, **changes)))


@pytest.mark.parametrize("decider", ["fg", "oov"])
def test_only_somebody_who_works_on_this_case_decides(table: Table, decider: str) -> None:
    new = exception(table, decider=table.id("people", decider))
    refused("unknown_decider", lambda: record(table, "nt", new))


def test_the_manager_of_a_case_sees_what_was_recorded_and_others_do_not(table: Table) -> None:
    record(table, "nt", exception(table))
    case = table.id("cases", "c1")
    seen = pages.management(table.sit("zc"), case)
    assert seen is not None
    assert ("betrokkene 1", "kwintes", "vbl", 7) in {
        (one.handle, one.line.party, one.line.category, one.line.code) for one in seen.value.exceptions
    }
    chair = pages.management(table.sit("vz"), case)
    assert chair is not None
    assert (chair.value.exceptions, chair.value.handles, chair.value.deciders) == ([], [], [])


# --- telling her afterwards ------------------------------------------------------------


def later(table: Table, days: int = 3) -> RegisterTask:
    """Record an exception of which she is not told yet, and return the task of telling her."""
    held = weighed(told_on=None, not_told="te gevaarlijk", look_again=TODAY + timedelta(days=days))
    record(table, "nt", exception(table, weighed=held))
    return RegisterTask.objects.get(kind=TELL_PERSON)


def tell(table: Table, name: str, task: UUID, on: date = TODAY, how: str = "gebeld, met tolk", case: str = "c1") -> Any:
    wanted = table.id("cases", case)
    done = Closed(told_on=on, how=how)
    return at_desk(
        table.sit(name), "consent.told", lambda turn: consents.finish_task(turn, wanted, task, done), case=wanted
    )


def held(table: Table) -> Any:
    seen = pages.management(table.sit("nt"), table.id("cases", "c1"))
    assert seen is not None
    return next(one for one in seen.value.exceptions if one.line.category == "vbl")


def test_who_was_told_at_once_leaves_nothing_to_tell(table: Table) -> None:
    record(table, "nt", exception(table))
    assert not RegisterTask.objects.exists()
    assert (held(table).holds, held(table).told_on, held(table).look_again, held(table).task) == (
        True, date(2026, 11, 23), None, None,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["nt", "zc"])
def test_telling_her_is_a_task_until_it_is_done_and_then_its_day_stands_there(table: Table, name: str) -> None:
    task = later(table)
    assert (task.due, task.party, task.category) == (TODAY + timedelta(days=3), "kwintes", "vbl")
    assert (held(table).told_on, held(table).look_again, held(table).task) == (None, task.due, task.id)
    table.mark()
    pass_time(days=1)
    tell(table, name, task.id, TODAY + timedelta(days=1))
    assert (held(table).told_on, held(table).task) == (TODAY + timedelta(days=1), None)
    (leaf,) = table.entries("consent.told")
    assert (leaf["actor"], leaf["subject"]) == (str(table.id("people", name)), str(table.id("subjects", "s1")))
    kept = RegisterTask.objects.get(id=task.id)
    assert b"gebeld" not in bytes(kept.sealed or b"")
    assert "gebeld" not in json.dumps(table.entries())


@pytest.mark.parametrize(
    ("code", "name", "changes"),
    [
        ("role_party", "vz", {}),
        ("role_party", "pol", {}),
        ("not_found", "oov", {}),
        ("not_found", "nt", {"task": UUID(int=7, version=4)}),
        ("not_found", "zc", {"task": UUID(int=7, version=4)}),
        ("not_found", "zc", {"case": "c2"}),
        ("told_in_future", "nt", {"on": TODAY + timedelta(days=1)}),
        ("told_before_task", "nt", {"on": TODAY - timedelta(days=1)}),
        ("told_before_task", "zc", {"on": date(1990, 1, 1)}),
        ("how_missing", "nt", {"how": "  "}),
    ],
)
def test_telling_is_refused_by_code(table: Table, code: str, name: str, changes: dict[str, Any]) -> None:
    task = later(table)
    with pytest.raises(Refused) as caught:
        tell(table, name, **({"task": task.id} | changes))
    assert caught.value.code == code
    assert RegisterTask.objects.get(id=task.id).done_at is None


def test_telling_her_can_be_put_off_for_thirty_days(table: Table) -> None:
    assert later(table, days=30).due == date(2026, 12, 23)


def test_a_task_is_done_once(table: Table) -> None:
    task = later(table)
    tell(table, "nt", task.id)
    with pytest.raises(Refused, match="already_done"):
        tell(table, "zc", task.id)


def test_what_a_receiver_must_be_told_is_the_care_coordinators(table: Table) -> None:
    task = RegisterTask.objects.create(
        case=table.id("cases", "c1"), subject=table.id("subjects", "s1"), kind=TELL_RECEIVER, party="kwintes",
        category="gez", cause=uuid4(), made_at=clock.now(), due=TODAY,
    )  # fmt: skip
    with pytest.raises(Refused, match="not_found"):
        tell(table, "nt", task.id)
    tell(table, "zc", task.id)
    assert RegisterTask.objects.get(id=task.id).done_by == table.id("people", "zc")
