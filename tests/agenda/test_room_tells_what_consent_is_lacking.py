"""Before an item opens, who has a step to take reads which consent is lacking; nobody else notices anything."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import board as boards
from agenda import feed, gaps
from agenda.commands import consents, on_case
from agenda.models import Conference
from agenda.protocol import Ack
from agenda.scope import Scopes
from conference.cases.access import Gate
from conference.cases.models import Item
from conference.covenant import facts
from conference.covenant.rules import may_supply
from consent.states import State
from tests.agenda.live_table import LiveTable
from tests.consenting import recorded
from tests.world import PEOPLE, PURPOSE, Table, consent, pass_time, settle, tiny_world

TOLD = ("vz", "nt", "zc")
OTHERS = tuple(name for name in PEOPLE if name not in (*TOLD, "fg"))
Lines = Callable[[list[dict[str, Any]]], Table]


@pytest.fixture
def world_with(transactional_db: None, quick_passwords: None, own_clock: None) -> Lines:
    """Settle the tiny world with these lines in the register of case c1, and no exceptions."""

    def made(lines: list[dict[str, Any]], exceptions: list[dict[str, Any]] | None = None) -> Table:
        world = tiny_world()
        world["cases"][0] |= {"consents": lines, "exceptions": exceptions or []}
        return settle(world)

    return made


@pytest.fixture
def seated(table: Table) -> Table:
    """The tiny world with everybody logged in, for rooms that run beside the test."""
    for name in (*TOLD, *OTHERS):
        table.sit(name)
    return table


def told(table: Table, name: str = "vz", case: str = "c1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.view(name)[table.key(case)]["consent"]
    return found


def one(table: Table, party: str, category: str, subject: str = "s1", name: str = "vz") -> dict[str, Any] | None:
    """The gap of one line, or None; a line stands in one gap at most."""
    who = table.ids["subjects"][subject]
    found = [
        gap
        for gap in told(table, name)
        if (gap["subject"], gap["party"]) == (who, party) and category in gap["categories"]
    ]
    assert len(found) <= 1, found
    return found[0] if found else None


# --- who is told ------------------------------------------------------------------------------------


def test_chair_process_and_care_coordinator_are_told_the_same_and_nobody_else_anything(table: Table) -> None:
    first = told(table, "vz")
    assert first
    assert all(told(table, name) == first for name in TOLD)
    for name in OTHERS:
        heads = [body for key, body in table.view(name).items() if key.startswith("case:")]
        assert all(body["consent"] == [] for body in heads), name


def test_a_leader_who_was_sent_out_is_told_nothing_of_that_case(table: Table) -> None:
    table.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "nt"))
    assert table.key("c1") not in table.view("nt")
    assert told(table, "nt", "c2") == told(table, "vz", "c2")


def test_a_care_coordinator_is_told_of_the_cases_that_her_party_takes_part_in(table: Table) -> None:
    view = table.view("zc")
    assert {key for key in view if key.startswith("case:")} == {table.key("c1"), table.key("c2")}
    assert told(table, "zc", "c2") == told(table, "vz", "c2")


def test_outside_a_room_nobody_is_told(table: Table) -> None:
    from agenda import pages

    found = pages.case_view(table.sit("vz"), table.id("cases", "c1"))
    assert found is not None
    assert found.head.consent == []


# --- what is told -----------------------------------------------------------------------------------

STATES = [
    ([], "missing", None, "ask"),
    ([consent("kwintes", "gez", state="gevraagd")], "asked", None, "wait"),
    ([consent("kwintes", "gez", state="uitgesteld")], "deferred", None, "ask"),
    ([consent("kwintes", "gez", state="geweigerd")], "refused", None, "leave"),
    ([consent("kwintes", "gez"), consent("kwintes", "gez", state="ingetrokken")], "withdrawn", None, "leave"),
    ([consent("kwintes", "gez"), consent("kwintes", "gez", state="ongeldig")], "invalid", None, "leave"),
    ([consent("kwintes", "gez", until="2026-12-20")], "expiring", "2026-11-30", "renew"),  # she turns 18 the next day
    ([consent("kwintes", "gez", until="2026-11-25")], "expiring", "2026-11-25", "renew"),
    ([consent("kwintes", "gez", state="beperkt", until="2026-11-24")], "expiring", "2026-11-24", "renew"),
    ([consent("kwintes", "gez", until="2026-11-20")], "expired", "2026-11-20", "renew"),
    ([consent("kwintes", "gez", **{"from": "2026-11-26"}, until="2026-11-30")], "later", "2026-11-26", "wait"),
]


@pytest.mark.parametrize(("lines", "state", "day", "step"), STATES, ids=lambda one: one if isinstance(one, str) else "")
def test_each_state_of_a_line_is_told_with_its_day_and_the_next_step(
    world_with: Lines, lines: list[dict[str, Any]], state: str, day: str | None, step: str
) -> None:
    gap = one(world_with(lines), "kwintes", "gez")
    assert gap is not None
    assert (gap["state"], gap["day"], gap["next"]) == (state, day, step)
    assert gap["handle"] == "betrokkene 1"


def test_an_end_that_is_a_birthday_is_told_only_to_who_reads_who_she_is(world_with: Lines) -> None:
    """She turns 18 on 1 December; in a case of which the care coordinator reads no names, that day is not hers."""
    table = world_with([consent("kwintes", "gez", until="2026-12-20"), consent("kwintes", "hlp", until="2026-11-28")])
    for name in ("vz", "zc"):
        found = table.view(name).get(table.key("s1"))
        named = found is not None and found["level"] == "identified"
        gap = one(table, "kwintes", "gez", name=name)
        assert gap is not None
        assert gap["state"] == "expiring"
        assert gap["day"] == ("2026-11-30" if named else None), name
        other = one(table, "kwintes", "hlp", name=name)
        assert other is not None
        assert other["day"] == "2026-11-28", name


def test_who_reads_her_by_pseudonym_only_is_not_told_the_day(world_with: Lines) -> None:
    from agenda.lens import Lens
    from agenda.projections import Projector
    from conference.covenant.facts import Level, Ruling

    table = world_with([consent("kwintes", "gez", until="2026-12-20")])
    case = table.id("cases", "c1")
    gate = Gate.at_this_moment([case])
    gate.subject_ruling = lambda *_args, **_more: Ruling(Level.PSEUDONYMISED, "covenant")  # type: ignore[method-assign]
    board = boards.Board(Conference.objects.get(id=table.id("conferences", "o1")), [], [case], gate)
    shown = Projector(board, gate, Lens("zvh_procesregie", (), leads=True), Scopes(gate))._consent(case)
    (gap,) = [gap for gap in shown if gap.state == "expiring"]
    assert gap.day is None


def test_a_consent_of_another_purpose_counts_for_nothing(world_with: Lines) -> None:
    gap = one(world_with([consent("kwintes", "gez", purpose="iets anders")]), "kwintes", "gez")
    assert gap is not None
    assert gap["state"] == "missing"


def test_a_consent_that_goes_on_after_its_end_is_no_gap(world_with: Lines) -> None:
    """Given to the 25th and again from the 26th: nobody has a step to take until the second comes near its end."""
    lines = [
        consent("kwintes", "gez", "s2", until="2026-11-25"),
        consent("kwintes", "gez", "s2", **{"from": "2026-11-26"}, until="2027-05-01"),
    ]
    table = world_with(lines)
    assert one(table, "kwintes", "gez", "s2") is None
    pass_time(days=4)
    assert one(table, "kwintes", "gez", "s2") is None


def test_what_an_exception_carries_is_not_asked_as_long_as_it_carries(table: Table) -> None:
    """Health and help for the care coordinator: exception 7 runs from 25 November to 10 December."""
    before = one(table, "zorgcoordinator", "hlp")
    assert before is not None
    pass_time(days=3)
    assert one(table, "zorgcoordinator", "hlp") is None
    pass_time(days=15)
    assert one(table, "zorgcoordinator", "hlp") is not None


def test_a_suspect_is_never_asked(table: Table) -> None:
    told_of = {gap["subject"] for gap in told(table)}
    assert told_of == {table.ids["subjects"]["s1"], table.ids["subjects"]["s2"]}


def test_where_the_covenant_asks_no_consent_there_is_no_gap(table: Table) -> None:
    assert all("prc" not in gap["categories"] for gap in told(table))
    gate = Gate.at_this_moment([table.id("cases", "c1")])
    scopes = Scopes(gate)
    for gap in told(table):
        for category in gap["categories"]:
            assert scopes.asks_consent(table.id("cases", "c1"), gap["party"], category), (gap["party"], category)


def test_before_a_case_is_discussed_it_is_told_what_will_be_lacking_at_the_table(table: Table) -> None:
    from conference.cases import commands as cases
    from conference.cases.models import Case

    at_the_table = told(table)
    cases.change_phase(Case.objects.get(id=table.id("cases", "c1")), "verrijking")
    asked = {(gap["subject"], gap["party"], one) for gap in told(table) for one in gap["categories"]}
    assert {(gap["subject"], gap["party"], one) for gap in at_the_table for one in gap["categories"]} <= asked


def test_who_is_asked_does_not_depend_on_the_short_cut_over_secrecy(table: Table) -> None:
    """The covenant is asked once per kind of supplier; asked for each supplier it answers the same."""
    for name in ("c1", "c2", "c3"):
        case = table.id("cases", name)
        gate = Gate.at_this_moment([case])
        scopes, covenant = Scopes(gate), gate.covenant
        assert covenant is not None
        for party in covenant.parties:
            for category in covenant.categories:
                suppliers = [*scopes._others(party, gate.cases[case].parties), scopes._somebody_else(party)]
                reader = facts.Viewer(party, "inhoud")
                expected = any(
                    may_supply(covenant, one, category, gate.cases[case].fact.track) is None
                    and not scopes._without_register(reader, case, facts.Item(category, one))
                    and scopes._could_with_consent(reader, case, category, one)
                    for one in suppliers
                )
                assert scopes.asks_consent(case, party, category) == expected, (name, party, category)


def test_it_is_told_from_covenant_and_register_alone(table: Table) -> None:
    """With everything taken out of the cases, not a byte of it changes."""
    before = {name: told(table, name) for name in TOLD}
    Item.objects.all().delete()
    feed._states.clear()
    assert {name: told(table, name) for name in TOLD} == before


# --- nobody else notices -----------------------------------------------------------------------------


async def test_a_consent_of_another_party_sends_a_frame_to_who_is_told_and_to_nobody_else(seated: Table) -> None:
    table, live = seated, LiveTable(seated)
    outlets = {name: live.join(name) for name in (*TOLD, *OTHERS)}
    await live.drain()
    before = {name: outlet.view() for name, outlet in outlets.items()}
    count = {name: len(outlet.view_frames) for name, outlet in outlets.items()}
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    step = consents.Step(case=c1, subject=s1, party="politie", category="won", state=State.REFUSED, ends=None)
    await live.act(lambda: on_case(table.identities["zc"], c1, lambda turn: recorded(turn, step)))
    await live.drain()
    for name in OTHERS:
        assert len(outlets[name].view_frames) == count[name], name
        assert outlets[name].view() == before[name], name
    for name in TOLD:
        assert len(outlets[name].view_frames) == count[name] + 1, name
        changed = {key for key, body in outlets[name].view().items() if before[name].get(key) != body}
        assert changed == {table.key("c1")}, name
    await live.close()


async def test_a_withdrawal_in_the_room_reaches_the_chair_with_the_next_step(seated: Table) -> None:
    table, live = seated, LiveTable(seated)
    chair = live.join("vz")
    await live.drain()
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    answer = await live.do("zc", "consent.withdraw", case=c1, subject=s1, party="kwintes", category="gez")
    assert isinstance(answer, Ack)
    (gap,) = [gap for gap in chair.view()[table.key("c1")]["consent"] if gap["state"] == "withdrawn"]
    assert (gap["party"], gap["categories"], gap["next"]) == ("kwintes", ["gez"], "leave")
    await live.close()


# --- the log, and what it costs -----------------------------------------------------------------------


def traces(table: Table, name: str) -> dict[str, Any]:
    (member,) = table.members(name)
    reading = feed.read(table.id("conferences", "o1"), None, [member], frozenset())
    shown = reading.views[reading.classes[member.id]].objects
    return {key: one.trace for key, one in shown.items() if one is not None and key.startswith("case:")}


def test_the_log_names_everybody_whose_consent_was_told_and_nobody_who_was_not(table: Table) -> None:
    for name in (*TOLD, "pol", "kw"):
        view = table.view(name)
        for key, trace in traces(table, name).items():
            people: set[UUID | None] = {UUID(gap["subject"]) for gap in view[key]["consent"]}
            assert set(trace.subjects) == (people or {None}), (name, key)


def test_telling_it_asks_the_database_nothing_more(table: Table) -> None:
    members = {name: table.members(name) for name in ("vz", "pol")}
    asked: dict[str, int] = {}
    for name, member in members.items():
        feed.read(table.id("conferences", "o1"), None, member, frozenset())  # everything is in memory now
        with CaptureQueriesContext(connection) as caught:
            feed.read(table.id("conferences", "o1"), None, member, frozenset())
        asked[name] = len(caught)
        assert not any("consent_consentline" in query["sql"] for query in caught)
    assert asked["vz"] == asked["pol"]


def test_it_is_worked_out_once_as_long_as_nothing_changes(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[UUID] = []
    honest = gaps._lacking

    def counted(scopes: Scopes, found: Any, covenant: Any) -> gaps.Lacking:
        worked.append(found.id)
        return honest(scopes, found, covenant)

    monkeypatch.setattr(gaps, "_lacking", counted)
    table.view("vz")
    table.view("nt")
    table.view("zc")
    assert sorted(worked) == sorted(table.id("cases", name) for name in ("c1", "c2", "c3"))


# --- by the clock alone ---------------------------------------------------------------------------------


def test_the_moments_at_which_it_changes_by_itself_are_known_beforehand(table: Table) -> None:
    """From one such moment to the next nothing changes, and at each something may."""
    c1 = table.id("cases", "c1")
    gate = Gate.at_this_moment([c1])
    for _ in range(12):
        found = gaps.lacking(Scopes(gate), c1)
        if found.until is None:
            break
        late = Gate(gate.covenant, found.until - timedelta(microseconds=1), gate.cases)
        assert gaps._lacking(Scopes(late), gate.cases[c1], gate.covenant) == found  # type: ignore[arg-type]
        gate = Gate(gate.covenant, found.until, gate.cases)
    else:
        pytest.fail("the clock never comes to rest")


def test_a_consent_comes_near_its_end_at_midnight_fourteen_days_before(world_with: Lines) -> None:
    table = world_with([consent("kwintes", "gez", "s2", until="2026-12-09")])  # ends when the 10th begins
    assert one(table, "kwintes", "gez", "s2") is None
    pass_time(days=2, hours=14, minutes=59, seconds=50)  # 25 November, 23:59:50
    assert one(table, "kwintes", "gez", "s2") is None
    pass_time(seconds=15)
    gap = one(table, "kwintes", "gez", "s2")
    assert gap is not None
    assert (gap["state"], gap["day"]) == ("expiring", "2026-12-09")
    pass_time(days=14)
    gap = one(table, "kwintes", "gez", "s2")
    assert gap is not None
    assert (gap["state"], gap["day"]) == ("expired", "2026-12-09")


def test_a_case_that_cannot_be_opened_and_a_store_without_covenant_tell_nothing(table: Table) -> None:
    c1 = table.id("cases", "c1")
    gate = Gate.at_this_moment([c1])
    assert gaps.lacking(Scopes(Gate(None, gate.now, gate.cases)), c1) == gaps.Lacking((), None)


def test_the_body_is_as_the_protocol_describes_it(table: Table) -> None:
    import msgspec

    from agenda import protocol

    body = json.dumps(table.view("vz")[table.key("c1")])
    decoded = msgspec.json.decode(body, type=protocol.Case)
    assert decoded.consent
    assert {gap.next for gap in decoded.consent} <= {"ask", "wait", "renew", "leave"}
    assert decoded.purpose == PURPOSE
