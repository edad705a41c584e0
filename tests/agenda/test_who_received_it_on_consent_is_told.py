"""Taking back tells who received it on consent; what the covenant carries nobody has to forget, and no log is read."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agenda import pages
from agenda.shared import reached, shared
from audit.growth import integrator
from audit.record import Entry, record_durably
from conference import clock
from conference.cases import registering, rights
from conference.cases.registering import ConsentStep
from consent.models import RegisterTask
from consent.states import State
from tests.consenting import full_talk, say
from tests.world import Table, pass_time


def enter(table: Table, count: int = 1, **changes: Any) -> None:
    """Enter that somebody of Kwintes saw something of her in this case."""
    base: dict[str, Any] = {
        "act": "case.viewed", "origin": "http", "actor": uuid4(), "party": "kwintes", "case": table.id("cases", "c1"),
        "subject": table.id("subjects", "s1"), "seen": ("gez=identified",), "reason": "consent",
    }  # fmt: skip
    record_durably(*[Entry(**(base | changes)) for _ in range(count)])


def is_reached(table: Table) -> bool:
    return bool(reached(table.id("cases", "c1"), table.id("subjects", "s1"), "kwintes", ["gez"]))


def withdraw(table: Table, party: str = "kwintes", category: str = "gez") -> None:
    say(table, State.WITHDRAWN, party=party, category=category)


@pytest.mark.parametrize("integrated", [False, True])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"reason": "exception"}, True),  # an entry of both names the exception
        ({"subject": None}, True),  # about nobody by name: she may be part of it
        ({"seen": ("gez=pseudonymised", "hlp=identified")}, True),
        ({"act": "conference.pushed", "recipients": (uuid4(),), "actor": None}, True),
        ({"reason": "covenant"}, False),
        ({"reason": "own_contribution"}, False),
        ({"reason": "general_point"}, False),
        ({"reason": None}, False),
        ({"seen": ("hlp=identified",)}, False),
        ({"seen": ("gez=none",)}, False),
        ({"subject": uuid4()}, False),
        ({"case": uuid4()}, False),
        ({"party": "politie"}, False),
        ({"out": "deny"}, False),
        ({"act": "item.released"}, False),
        # Taken out by one party for another: it reached the other.
        (
            {"act": "export.downloaded", "party": "zvh_procesregie", "seen": ("gez=identified", "receiver=kwintes")},
            True,
        ),
        ({"act": "export.downloaded", "seen": ("gez=identified", "receiver=politie")}, False),
        ({"act": "export.downloaded", "party": "pol", "seen": ("gez=identified", "receiver=politie")}, False),
    ],
)
def test_what_reached_a_party_on_consent_is_told_from_what_the_covenant_carries(
    table: Table, changes: dict[str, Any], expected: bool, integrated: bool
) -> None:
    assert not is_reached(table)
    enter(table, **changes)
    if integrated:
        integrator.integrate()
    assert is_reached(table) is expected


def test_an_older_access_is_found_behind_all_that_came_after_it(table: Table) -> None:
    enter(table)
    enter(table, 600, reason="covenant")
    enter(table, 600, act="export.downloaded", reason="covenant", seen=("hlp=identified", "receiver=politie"))
    assert is_reached(table)


def test_all_kinds_are_answered_in_one_reading(table: Table) -> None:
    enter(table, seen=("gez=identified", "hlp=pseudonymised"))
    enter(table, 600, reason="covenant", seen=("won=identified",))
    about = (table.id("cases", "c1"), table.id("subjects", "s1"), "kwintes")
    assert reached(*about, ["gez", "hlp", "won", "vbl"]) == {"gez", "hlp"}
    assert reached(*about, []) == set()


def read(table: Table) -> list[str]:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        is_reached(table)
    return [query["sql"] for query in captured.captured_queries if "audit_" in query["sql"]]


@pytest.mark.parametrize("received", [False, True])
def test_a_withdrawal_reads_no_more_of_a_log_that_is_long(table: Table, received: bool) -> None:
    """It is asked under the write lock, where everybody waits for it."""
    if received:
        enter(table)
    integrator.integrate()
    before = len(read(table))
    for _ in range(6):
        enter(table, 500, party="politie", reason="covenant", seen=("hlp=identified",))
    integrator.integrate()
    assert len(read(table)) == before
    assert is_reached(table) is received


def carried(table: Table, party: str, category: str) -> None:
    """Keep a yes for what the covenant carries anyway: taken over from before it did."""
    c1 = table.id("cases", "c1")
    step = ConsentStep(
        subject=table.id("subjects", "s1"), party=party, category=category, state=State.GIVEN, starts=clock.now()
    )
    with transaction.atomic():
        registering.record_consent(rights.load([c1])[c1], step, by=None, at=clock.now(), loaded=True)


def test_who_reads_it_by_the_covenant_goes_on_reading_and_has_nothing_to_be_told(table: Table) -> None:
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    carried(table, "politie", "gzn")
    enter(table, party="politie", seen=("gzn=identified",), reason="covenant")
    withdraw(table, "politie", "gzn")
    assert not RegisterTask.objects.exists()
    assert pages.today(table.sit("pol")).taken_back == []
    assert shared(c1, s1, party="politie", category="gzn"), "she still reads that it was shared"


def test_who_read_it_on_her_yes_is_told(table: Table) -> None:
    assert pages.case_view(table.sit("kw"), table.id("cases", "c1")) is not None
    withdraw(table)
    task = RegisterTask.objects.get()
    assert (task.kind, task.party, task.category) == ("tell_receiver", "kwintes", "gez")


# --- and once she says yes again ------------------------------------------------------------------


def told(table: Table) -> tuple[int, int]:
    """How many rows stand on the receiver's page of today, and on the care coordinator's of reminders."""
    reminded = pages.reminded(table.sit("zc")) or []
    rows = pages.today(table.sit("kw")).taken_back
    return len(rows), sum(1 for one in reminded if one.kind == "tell_receiver")


def test_nobody_is_told_to_forget_what_she_allows_again_and_is_when_that_ends_too(table: Table) -> None:
    assert pages.case_view(table.sit("kw"), table.id("cases", "c1")) is not None
    withdraw(table)
    assert told(table) == (1, 1)
    talk = full_talk(given_by="beiden", representative="voogd", mandate="besluit")
    say(table, party="kwintes", category="gez", ends=clock.now() + timedelta(days=3), talk=talk)
    assert told(table) == (0, 0)
    assert RegisterTask.objects.get().done_at is None, "nobody did what she no longer asks"
    pass_time(days=4)
    assert told(table) == (1, 1), "her yes is over: it may be used no longer, again"


def test_another_yes_leaves_the_row_where_it_is(table: Table) -> None:
    assert pages.case_view(table.sit("kw"), table.id("cases", "c1")) is not None
    withdraw(table)
    talk = full_talk(given_by="beiden", representative="voogd", mandate="besluit")
    say(table, party="rvdk", category="gez", talk=talk)
    say(table, party="kwintes", category="won", case="c2", subject="t1")
    assert told(table) == (1, 1)


def test_a_task_whose_line_is_not_known_here_stays(table: Table) -> None:
    RegisterTask.objects.create(
        case=table.id("cases", "c1"), subject=table.id("subjects", "s1"), kind="tell_receiver", party="kwintes",
        category="gez", cause=uuid4(), made_at=clock.now(), due=clock.today(),
    )  # fmt: skip
    assert told(table) == (1, 1)
