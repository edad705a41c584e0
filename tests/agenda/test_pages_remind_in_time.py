"""A care coordinator is reminded, over all her cases and on the page of today; nobody else is; looks are entered."""

from datetime import date, timedelta
from typing import Any

import pytest

from agenda import pages
from agenda.commands import consents, on_case
from agenda.pages import Attention
from consent.models import RegisterTask
from consent.states import State
from consent.talk import Reflection
from tests.consenting import say
from tests.world import TODAY, Table, pass_time


def reminded(table: Table, name: str = "zc") -> list[Attention]:
    found = pages.reminded(table.sit(name))
    assert found is not None
    return found


def of(table: Table, kind: str) -> list[tuple[str, str, str, date, int]]:
    return [(one.handle, one.party, one.category, one.day, one.left) for one in reminded(table) if one.kind == kind]


def keep(table: Table, fact: Any, case: str = "c2", subject: str = "t1") -> None:
    wanted, whom = table.id("cases", case), table.id("subjects", subject)
    on_case(table.sit("zc"), wanted, lambda turn: consents.keep_fact(turn, wanted, whom, fact))


def test_what_ends_within_thirty_days_stands_there_with_its_last_day(table: Table) -> None:
    found = of(table, "consent_ends")
    assert ("betrokkene 1", "zvh_procesregie", "hlp", date(2026, 12, 5), 12) not in found, "turning 18 comes first"
    assert {day for _handle, _party, _category, day, _left in found} <= {TODAY + timedelta(days=n) for n in range(31)}
    assert ("betrokkene 1", "kwintes", "id", date(2026, 12, 15), 22) in found


def test_her_birthday_is_told_before_it_to_who_may_read_it(table: Table) -> None:
    (one,) = [one for one in reminded(table) if one.kind == "turns"]
    assert (one.age, one.day, one.left) == (18, date(2026, 12, 1), 8)
    pass_time(days=8)
    assert not [one for one in reminded(table) if one.kind == "turns"]


def test_a_birthday_is_entered_as_identity_data(table: Table) -> None:
    table.mark()
    reminded(table)
    leaves = [leaf for leaf in table.entries("register.listed") if leaf["subject"] == str(table.id("subjects", "s1"))]
    assert "id=identified" in leaves[0]["seen"]
    assert not any("2008" in str(leaf) for leaf in table.entries())


def test_a_yes_is_asked_again_two_weeks_before_half_a_year_is_over(table: Table) -> None:
    say(table, party="kwintes", category="won", case="c2", subject="t1")
    assert of(table, "review") == []
    pass_time(days=181 - 14)
    assert ("betrokkene 1", "kwintes", "won", date(2027, 5, 23), 14) in of(table, "review")


def test_the_end_of_a_reflection_period_is_told_and_a_yes_in_it_is_asked_again_sooner(table: Table) -> None:
    keep(table, Reflection(stage="bedenktijd", starts=TODAY, ends=TODAY + timedelta(days=90), lawyer="nee"))
    say(table, party="kwintes", category="won", case="c2", subject="t1")
    assert of(table, "reflection_ends") == []
    pass_time(days=76)
    assert of(table, "reflection_ends") == [("betrokkene 1", "", "", date(2027, 2, 21), 14)]
    assert ("betrokkene 1", "kwintes", "won", date(2027, 2, 21), 14) in of(table, "review")
    keep(table, Reflection(stage="getuige", lawyer="ja"))
    assert of(table, "reflection_ends") == []


def test_a_receiver_that_was_shown_something_is_to_be_told_of_the_withdrawal(table: Table) -> None:
    table.sit("kw")
    shown = pages.case_view(table.sit("kw"), table.id("cases", "c1"))
    assert shown is not None
    assert table.key("i-gez") in dict(shown.items)
    say(table, State.WITHDRAWN, party="kwintes", category="gez")
    (one,) = [one for one in reminded(table) if one.kind == "tell_receiver"]
    assert (one.party, one.category, one.left) == ("kwintes", "gez", 7)
    assert one.task == RegisterTask.objects.get().id
    pass_time(days=9)
    assert [one.left for one in reminded(table) if one.kind == "tell_receiver"] == [-2]


@pytest.mark.parametrize("name", ["vz", "nt", "pol", "kw", "ggz"])
def test_nobody_else_is_reminded_and_the_try_is_entered(table: Table, name: str) -> None:
    table.mark()
    assert pages.reminded(table.sit(name)) is None
    (leaf,) = table.entries("register.listed")
    assert (leaf["out"], leaf["reason"]) == ("deny", "role_party")
    assert pages.today(table.sit(name)).attention == []


def test_a_case_that_she_has_no_part_in_reminds_her_of_nothing(table: Table) -> None:
    assert {one.case for one in reminded(table)} == {table.id("cases", "c1"), table.id("cases", "c2")}


def test_today_shows_what_is_due_within_two_weeks_and_the_page_all(table: Table) -> None:
    today = pages.today(table.sit("zc")).attention
    assert today
    assert all(one.left <= 14 for one in today)
    assert {one.kind for one in today} == {"consent_ends", "turns"}
    assert set(today) <= set(reminded(table))
    assert len(reminded(table)) > len(today)
