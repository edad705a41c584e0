"""A run over the real log and the product's own tables: found once, settled, opened anew, told in the log."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from agenda.explaining import facts_for
from audit.models import Finding, ReviewedDay, ReviewPlace
from audit.review import background
from audit.review.rules import day_of
from audit.review.run import Ran, run
from audit.threads import Rhythm, Threads
from conference import clock
from conference.accounts import covers
from conference.cases import commands as cases
from conference.cases.models import Case
from tests.audit.review.conftest import DAY, HOUR, MINUTE, Saw, by, now, person, write
from tests.world import Table

pytestmark = pytest.mark.django_db(transaction=True)


def ran(*, again: bool = False) -> Ran:
    done = run(facts_for, again=again)
    assert done is not None
    return done


def findings(office: Table, name: str = "pol2") -> list[Finding]:
    return list(Finding.objects.filter(person=person(office, name)).order_by("first_t"))


def noon(days: int = 0) -> int:
    """A moment in the middle of a day, that many days ago."""
    t = now() - days * DAY
    return t - t % DAY + 11 * HOUR


def test_a_colleague_who_is_invited_to_nothing_is_found_and_who_is_invited_is_not(office: Table, saw: Saw) -> None:
    leaves = write(saw("pol2"), saw("pol"))
    ran()
    (one,) = findings(office)
    assert (one.kind, one.reason, one.case) == ("unexplained", "no_tie", office.id("cases", "c1"))
    assert one.leaves == leaves[:1]
    assert one.state == "open"
    assert findings(office, "pol") == []


def test_a_run_that_is_repeated_finds_nothing_twice(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    ran()
    before = list(Finding.objects.values_list("id", "version"))
    ran(again=True)
    ReviewPlace.objects.all().delete()
    ran()
    assert list(Finding.objects.values_list("id", "version")) == before
    assert len(office.entries("finding.made")) == len(before)


def test_a_run_begins_where_the_last_one_ended(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    ran()
    assert ran().days == 0
    write(saw("pol2", case="c3"))
    assert (ran().days, len(findings(office))) == (1, 2)


def test_the_entry_of_a_finding_holds_codes_and_opaque_ids_only(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    ran()
    (entry,) = [e for e in office.entries("finding.made") if f"person:{person(office, 'pol2')}" in e["obj"]]
    (one,) = findings(office)
    assert entry["obj"] == [f"review:{one.id}", f"person:{one.person}"]
    assert (entry["reason"], entry["case"], entry["actor"], entry["origin"]) == (
        "no_tie",
        str(one.case),
        None,
        "system",
    )


def test_looks_of_one_day_are_one_finding_and_of_two_days_two(office: Table, saw: Saw) -> None:
    write(saw("pol2"), t=noon(2))
    write(saw("pol2"), t=noon(2) + HOUR)
    write(saw("pol2"), t=noon(1))
    ran()
    assert {one.kind for one in findings(office)} == {"unexplained"}
    assert [(one.day, len(one.leaves)) for one in findings(office)] == [(day_of(noon(2)), 2), (day_of(noon(1)), 1)]


def test_the_third_day_is_marked_as_not_the_first(office: Table, saw: Saw) -> None:
    for days in (6, 4, 2):
        write(saw("pol2"), t=noon(days))
    ran()
    assert ["repeated" in one.marks for one in findings(office)] == [False, False, True]


def test_what_is_recorded_later_settles_a_finding_that_nobody_was_asked_about(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    ran()
    conference = office.id("conferences", "o1")
    from agenda.models import Seat

    Seat.objects.create(conference_id=conference, person=person(office, "pol2"))
    assert ran().settled == 0, "it looks back once a day"
    assert ran(again=True).settled == 1
    (one,) = findings(office)
    assert one.state == "settled"
    assert len(office.entries("finding.settled")) == 1
    Seat.objects.filter(person=person(office, "pol2")).delete()
    write(saw("pol2"))
    ran()
    assert findings(office)[0].state == "open"


def test_who_looks_again_after_the_verdict_is_up_for_review_again(office: Table, saw: Saw) -> None:
    from audit.review import commands
    from conference.crypto import store_sealer

    write(saw("pol2"))
    ran()
    (one,) = findings(office)
    commands.judge(one.id, "explained", expect=1, by=by(office, "fg"), sealer=store_sealer("review"))
    ran(again=True)
    assert findings(office)[0].state == "judged", "the same entries need no second verdict"
    write(saw("pol2"))
    ran()
    (again,) = findings(office)
    assert (again.state, again.verdict, len(again.leaves)) == ("open", "", 2)


@pytest.mark.parametrize("state", ["open", "asked", "answered"])
def test_a_verdict_from_a_page_of_before_does_not_cover_what_came_since(office: Table, saw: Saw, state: str) -> None:
    from audit.review import commands
    from conference.crypto import store_sealer

    sealer = store_sealer("review")
    write(saw("pol2"))
    ran()
    (one,) = findings(office)
    if state != "open":
        commands.ask(one.id, expect=1, by=by(office, "fg"))
    if state == "answered":
        commands.answer(one.id, "On duty.", expect=2, by=by(office, "pol2"), sealer=sealer)
    shown = findings(office)[0].version
    write(saw("pol2"))
    ran()
    with pytest.raises(commands.Refused, match="conflict"):
        commands.judge(one.id, "explained", expect=shown, by=by(office, "fg"), sealer=sealer)
    (row,) = findings(office)
    assert (row.state, len(row.leaves)) == (state, 2)
    commands.judge(one.id, "explained", expect=row.version, by=by(office, "fg"), sealer=sealer)


def test_who_tried_in_the_morning_and_saw_in_the_afternoon_saw(office: Table, saw: Saw) -> None:
    cases.end_involvement(Case.objects.get(id=office.id("cases", "c1")), "politie", at=clock.now() - timedelta(days=12))
    write(saw("pol", out="deny", reason="not_involved"), t=noon(2))
    ran()
    assert [one.reason for one in findings(office, "pol")] == ["tried_after_end"]
    write(saw("pol"), t=noon(2) + HOUR)
    ran()
    assert [(one.reason, one.version) for one in findings(office, "pol")] == [("saw_after_end", 2)]


# --- what explains, from the product's own tables -------------------------------------------------


def test_cover_that_was_registered_explains_from_then_on_and_not_before(office: Table, saw: Saw) -> None:
    write(saw("pol2", case="c1"), t=now() - 2 * MINUTE)
    today = clock.today()
    covers.register_cover(
        person(office, "pol"), person(office, "pol2"), today, today + timedelta(days=3), by=office.sit("pol")
    )
    write(saw("pol2", case="c3"), t=now() + MINUTE)
    ran()
    assert [one.case for one in findings(office)] == [office.id("cases", "c1")]


def test_an_action_of_a_party_that_was_not_invited_explains_to_its_people(office: Table, saw: Saw) -> None:
    from agenda.models import Note

    Note.objects.filter(kind="action").update(owner="burgemeester_oov")
    write(saw("oov", case="c1", reason=None))
    cases.involve(Case.objects.get(id=office.id("cases", "c1")), "burgemeester_oov", at=clock.now() - timedelta(1))
    ran()
    assert findings(office, "oov") == []


def test_who_recorded_consent_or_wrote_something_is_explained(office: Table, saw: Saw) -> None:
    from agenda.models import Note, Seat
    from consent.models import ConsentLine

    Seat.objects.all().delete()
    Note.objects.filter(kind="action").delete()
    write(saw("kw"), saw("zc"), saw("ggz", case="c2"))
    ran()
    assert {len(findings(office, name)) for name in ("kw", "zc", "ggz")} == {1}
    Note.objects.filter(case=office.id("cases", "c1")).update(author=person(office, "kw"))
    line = ConsentLine.objects.filter(case=office.id("cases", "c1")).first()
    assert line is not None
    office.do("zc", "item.prepare", case=str(office.id("cases", "c1")))  # refused: she is not invited any more
    copy = {f.attname: getattr(line, f.attname) for f in ConsentLine._meta.fields if f.attname not in {"number", "id"}}
    ConsentLine.objects.create(**(copy | {"recorded_by": person(office, "zc"), "recorded_at": clock.now()}))
    ran(again=True)
    assert [findings(office, name)[0].state for name in ("kw", "zc", "ggz")] == ["settled", "settled", "open"]


def test_what_the_log_itself_proves_of_her_own_work_explains(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    write(saw("pol2", act="subject.registered", reason=None))
    ran()
    assert findings(office) == []


def test_a_process_coordinator_leads_every_case_and_her_party_is_everywhere(office: Table, saw: Saw) -> None:
    from agenda.models import AgendaItem

    AgendaItem.objects.filter(case=office.id("cases", "c2")).delete()
    write(saw("nt", case="c2"), saw("vz", case="c2"))
    ran()
    assert findings(office, "nt") == []
    assert [one.reason for one in findings(office, "vz")] == ["no_tie"]


def test_who_sees_a_case_after_her_party_left_is_found_as_that(office: Table, saw: Saw) -> None:
    cases.end_involvement(Case.objects.get(id=office.id("cases", "c1")), "politie", at=clock.now() - timedelta(hours=2))
    write(saw("pol"))
    ran()
    assert [(one.kind, one.reason) for one in findings(office, "pol")] == [("after_leaving", "saw_after_end")]


@pytest.mark.parametrize(
    ("name", "category", "reason", "found"),
    [
        ("kw", "gez", "consent", []),
        ("kw", "pol", "consent", ["consent_not_found"]),
        ("rvdk", "gez", "consent", ["consent_not_found"]),
        ("kw", "gez", "exception", ["exception_used", "exception_not_found"]),
    ],
    ids=["given", "another-kind", "refused", "no-exception"],
)
def test_the_gates_reason_is_looked_up_in_the_register(
    office: Table, saw: Saw, name: str, category: str, reason: str, found: list[str]
) -> None:
    write(saw(name, reason=reason, seen=(f"{category}=identified",)))
    ran()
    assert sorted(one.reason for one in findings(office, name)) == sorted(found)


def test_refusals_in_a_row_are_found_whatever_they_were_about(office: Table, saw: Saw) -> None:
    refused = [saw("pol2", case=None, act="log.read", out="deny", reason="role_excluded") for _ in range(6)]
    write(*refused)
    ran()
    assert [(one.kind, one.count) for one in findings(office)] == [("refusals", 6)]


# --- counts and runs ----------------------------------------------------------------------------


def test_each_day_has_its_visits_and_how_many_nothing_explains(office: Table, saw: Saw) -> None:
    day = noon(3)
    before = ReviewedDay.objects.filter(day=day_of(day)).first()
    write(saw("pol2"), saw("pol2"), saw("pol"), t=day)
    ran()
    after = ReviewedDay.objects.get(day=day_of(day))
    assert (after.visits, after.unexplained) >= (2, 1)
    assert before is None or after.visits >= before.visits


def test_an_entry_that_names_nobody_is_no_look(office: Table, saw: Saw) -> None:
    write(saw("pol2", actor=None))
    ran()
    assert findings(office) == []


def test_two_runs_at_once_are_one(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    inside, done = threading.Event(), threading.Event()
    second: list[object] = []

    def slow(since: int, until: int):  # type: ignore[no-untyped-def]  # as facts_for
        inside.set()
        done.wait(10)
        return facts_for(since, until)

    thread = threading.Thread(target=lambda: second.append(run(facts_for)) if inside.wait(10) else None)
    thread.start()
    released = threading.Timer(0.5, done.set)
    released.start()
    first = run(slow)
    thread.join()
    assert first is not None
    assert second == [None]
    assert len(findings(office)) == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connection to lose")
def test_a_run_whose_connection_dies_leaves_the_next_one_free(office: Table, saw: Saw) -> None:
    def cut_off(since: int, until: int):  # type: ignore[no-untyped-def]  # as facts_for
        connection.connection.close()
        raise RuntimeError("cut off")

    write(saw("pol2"))
    with pytest.raises(RuntimeError, match="cut off"):
        run(cut_off)
    ran()
    assert len(findings(office)) == 1


def test_trouble_in_the_background_is_told_and_stops_nothing(
    office: Table, saw: Saw, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(since: int, until: int):  # type: ignore[no-untyped-def]  # as facts_for
        raise RuntimeError("R. Echerche")

    write(saw("pol2"))
    background.Reviewing(broken).look()
    assert "R. Echerche" not in capsys.readouterr().err
    background.Reviewing(facts_for).look()
    assert len(findings(office)) == 1


def test_the_thread_of_a_serving_process_reviews_and_stops(office: Table, saw: Saw) -> None:
    write(saw("pol2"))
    threads = Threads([Rhythm("review", background.Reviewing(facts_for), every=60, first=0.01)])
    threads.start()
    threads.start()
    for _ in range(200):
        if findings(office):
            break
        threading.Event().wait(0.05)
    threads.stop()
    assert len(findings(office)) == 1


def test_a_day_is_a_day_in_the_netherlands() -> None:
    midnight = int(datetime(2026, 7, 1, 22, tzinfo=UTC).timestamp() * 1_000_000)
    assert day_of(midnight - 1) == date(2026, 7, 1)
    assert day_of(midnight) == date(2026, 7, 2)
