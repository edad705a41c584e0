"""Folding leaves into an overview: nobody left out, nobody added, and every access in exactly one line."""

import json
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.days import day_of
from audit.entry import Entry, build
from audit.overview.decisions import hides, month_later
from audit.overview.folding import LOG, PROCESS, REGISTER, Access, Deed, Kind, accesses, fold
from audit.overview.models import OverviewLimit
from audit.words import DEEDS, VIEWS

PEOPLE = [UUID(int=number) for number in range(1, 6)]
SUBJECT, CASE = UUID(int=77), UUID(int=88)
NOON = 1_795_428_000_000_000  # 23 November 2026, in µs
HOUR = 3_600_000_000
SEEN = ["pol=identified", "gez=pseudonymised", "prc=none", "receiver=om"]
ACTS = sorted({*DEEDS, *VIEWS})


def leaf(**fields: Any) -> dict[str, Any]:
    t = fields.pop("t", NOON)
    base: dict[str, Any] = {"act": "case.viewed", "origin": "http", "actor": PEOPLE[0], "party": "politie"}
    (built,) = build(Entry(**{**base, "case": CASE, "subject": SUBJECT, "seen": ("pol=identified",), **fields}))
    return json.loads(built.leaf) | {"t": t}


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    recipients = tuple(draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4)))
    act = draw(st.sampled_from(ACTS))
    return leaf(
        act=act,
        out=draw(st.sampled_from(["permit", "permit", "deny", "error"])),
        actor=draw(st.sampled_from([*PEOPLE, None])),
        party=draw(st.sampled_from(["politie", "kwintes", None])),
        role=draw(st.sampled_from(["participant", "chair,participant", None])),
        subject=draw(st.sampled_from([SUBJECT, None])),
        recipients=recipients,
        seen=tuple(
            draw(
                st.lists(
                    st.sampled_from(["pol=identified", "gez=pseudonymised", "prc=none", "receiver=om"]), unique=True
                )
            )
        ),
        reason=draw(st.sampled_from(["covenant", "consent", "exception", None])),
        t=NOON + draw(st.integers(0, 72)) * HOUR,
    )


def reached(one: dict[str, Any]) -> set[str]:
    """Whom a leaf says that content reached, told in another way than the product does."""
    if one["out"] in ("deny", "error"):
        return set()
    if one["act"] in VIEWS and one["recipients"]:
        return set(one["recipients"])
    return {one["actor"]} - {None}


def folded(found: list[dict[str, Any]], **more: Any) -> Any:
    ordered = sorted(found, key=lambda one: -one["t"])
    return list(fold((access for one in ordered for access in accesses(one)), **more))


@given(st.lists(leaves(), max_size=30))
def test_every_access_stands_in_exactly_one_line(found: list[dict[str, Any]]) -> None:
    lines = folded(found)
    assert sum(line.count for line in lines) == sum(len(reached(one)) for one in found)
    kinds = sum(len(access.kinds) for one in found for access in accesses(one))
    assert sum(sum(line.kinds.values()) for line in lines) == kinds


@given(st.lists(leaves(), max_size=30))
def test_everybody_whom_it_reached_is_named_with_her_day_and_nobody_else(found: list[dict[str, Any]]) -> None:
    told = Counter({(line.first.person, line.day): 0 for line in folded(found)})
    for line in folded(found):
        told[line.first.person, line.day] += line.count
    assert told == Counter((person, day_of(one["t"])) for one in found for person in reached(one))


@given(st.lists(leaves(), max_size=30), st.sampled_from(["politie", "kwintes"]))
def test_who_is_hidden_stands_nowhere_and_still_counts(found: list[dict[str, Any]], party: str) -> None:
    lines = folded(found, hidden=lambda access: access.party == party)
    assert {line.first.person for line in lines if line.first.party == party} <= {None}
    assert {line.first.role for line in lines if line.first.party == party} <= {None}
    assert sum(line.count for line in lines) == sum(len(reached(one)) for one in found)
    others = [line for line in lines if line.first.party != party]
    assert all(line.first.person is not None for line in others)


def test_the_same_day_is_one_line_with_the_first_time_and_each_kind_counted() -> None:
    (line,) = folded([leaf(), leaf(t=NOON - HOUR, seen=("pol=identified", "gez=pseudonymised")), leaf(t=NOON + HOUR)])
    assert (line.count, line.first.t) == (3, NOON - HOUR)
    assert line.kinds == {Kind("pol", "identified"): 3, Kind("gez", "pseudonymised"): 1}


@pytest.mark.parametrize(
    "other",
    [
        {"t": NOON + 24 * HOUR},
        {"actor": PEOPLE[1]},
        {"party": "kwintes"},
        {"role": "chair"},
        {"reason": "consent"},
        {"covenant": "2026-02"},
        {"act": "item.prepared"},
        {"act": "export.made", "seen": ("pol=identified", "receiver=om")},
    ],
    ids=["day", "person", "party", "role", "ground", "covenant", "deed", "export"],
)
def test_what_differs_is_a_line_of_its_own(other: dict[str, Any]) -> None:
    assert len(folded([leaf(), leaf(**other)])) == 2


def test_people_who_stay_unnamed_are_one_line_so_that_they_cannot_be_counted() -> None:
    found = [
        leaf(actor=person, role=role) for person, role in zip(PEOPLE, ["chair", "participant", None], strict=False)
    ]
    (line,) = folded(found, hidden=lambda access: True)
    assert (line.count, line.first.person, line.first.role) == (3, None, None)


def test_a_push_counts_for_each_recipient() -> None:
    lines = folded([leaf(act="conference.pushed", actor=None, recipients=tuple(PEOPLE[:3]))])
    assert {line.first.person for line in lines} == {str(person) for person in PEOPLE[:3]}


def test_whom_an_act_concerns_saw_nothing_by_it() -> None:
    lines = folded([leaf(act="door.admitted", recipients=(PEOPLE[3],))])
    assert [line.first.person for line in lines] == [str(PEOPLE[0])]


@pytest.mark.parametrize("out", ["deny", "error"])
def test_who_got_nothing_is_no_line(out: str) -> None:
    assert folded([leaf(out=out)]) == []


def test_what_the_system_did_by_itself_is_no_line() -> None:
    assert folded([leaf(act="consent.expired", actor=None, origin="system")]) == []


@pytest.mark.parametrize(
    ("fields", "deed", "kind"),
    [
        ({"act": "consent.given", "seen": ("gez=none", "receiver=kwintes")}, Deed.WROTE, Kind(REGISTER, "")),
        ({"act": "register.viewed", "seen": ("gez=pseudonymised",)}, Deed.SAW, Kind(REGISTER, "")),
        ({"act": "evidence.kept", "seen": ()}, Deed.WROTE, Kind(REGISTER, "")),
        ({"act": "evidence.opened", "seen": ("receiver=om",)}, Deed.TOOK, Kind(REGISTER, "")),
        ({"act": "log.read", "seen": ("party=politie",)}, Deed.CHECKED, Kind(LOG, "")),
        ({"act": "overview.viewed", "seen": ()}, Deed.CHECKED, Kind(LOG, "")),
        ({"act": "export.made", "seen": ("gez=identified", "receiver=om")}, Deed.TOOK, Kind("gez", "identified")),
        ({"act": "case.phase_changed", "seen": (), "subject": None}, Deed.WROTE, Kind(PROCESS, "")),
        ({"subject": None, "seen": ("prc=identified",)}, Deed.SAW, Kind(PROCESS, "")),
    ],
    ids=[
        "consent",
        "register",
        "document",
        "document taken out",
        "log",
        "overview",
        "export",
        "process",
        "case as a whole",
    ],
)
def test_each_kind_of_act_is_told_for_what_it_is(fields: dict[str, Any], deed: Deed, kind: Kind) -> None:
    (line,) = folded([leaf(**fields)])
    assert (line.first.deed, list(line.kinds)) == (deed, [kind])
    assert line.first.receiver == ("om" if deed is Deed.TOOK else "")


@pytest.mark.parametrize("act", ACTS)
def test_every_act_of_the_product_can_be_folded(act: str) -> None:
    assert all(line.kinds for line in folded([leaf(act=act)]))


def test_an_exception_tells_its_codes_and_those_for_emergencies_are_marked() -> None:
    found = leaf(reason="exception")
    (line,) = fold(accesses(found, lambda _leaf: (4, 7)))
    assert (line.first.codes, line.emergency) == ((4, 7), True)
    (line,) = fold(accesses(leaf(reason="covenant"), lambda _leaf: (7,)))
    assert (line.first.codes, line.emergency) == ((), False)


# --- who is hidden, and when an answer is due -----------------------------------------------------


def access(person: UUID, party: str) -> Access:
    (one,) = accesses(leaf(actor=person, party=party))
    return one


def test_a_decision_hides_a_party_or_one_person() -> None:
    limits = [OverviewLimit(party="politie"), OverviewLimit(party="kwintes", person=PEOPLE[2])]
    hidden = hides(limits)
    assert hidden(access(PEOPLE[0], "politie"))
    assert hidden(access(PEOPLE[2], "kwintes"))
    assert not hidden(access(PEOPLE[1], "kwintes"))
    assert not hides([])(access(PEOPLE[0], "politie"))


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 12, 23), 1, date(2027, 1, 23)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 9, 30), 3, date(2026, 12, 30)),
    ],
    ids=["plain", "new year", "short month", "leap year", "extended", "december"],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, due: date) -> None:
    assert month_later(day, months) == due
