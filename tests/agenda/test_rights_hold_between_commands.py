"""What two commands at once, an old session, another covenant or a slow socket must not open."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections

from agenda import feed, pages
from agenda.commands import Refused, Turn, items, on_case
from agenda.commands.consents import Step
from agenda.hub import plan as planning
from agenda.hub.member import Limits, Member
from agenda.hub.types import Cursor, Membership, Reading, Shown, Trace, View
from agenda.protocol import Ack, OnKey
from conference import clock
from conference.accounts.models import Person, SignIn
from conference.covenant import shelf
from consent.models import ConsentLine
from consent.states import State
from tests.consenting import recorded
from tests.world import Table, consent, item, settle, tiny_world

NINE = {"id": "c9", "track": "wgs", "phase": "overleg", "purpose": "hulp en veiligheid", "municipality": "", "form": ""}


@pytest.fixture
def apart(transactional_db: None, quick_passwords: None, own_clock: None) -> Table:
    """A world with a case c9 that stands on no agenda, and a third meeting without any case."""
    world = tiny_world()
    subject = {"id": "q1", "role": "victim", "registered_by": "zorgcoordinator", "identity": {"name": "Q. Verzonnen"}}
    world["cases"].append(
        NINE
        | {
            "parties": ["zorgcoordinator", "kwintes", "politie"],
            "subjects": [subject],
            "items": [item("q-rel", "politie", "rel", "q1", status="draft")],
            "consents": [consent("kwintes", "gez", "q1", until="2027-01-20")],
        }
    )
    point = {"id": "z0", "case": None, "title": "x", "minutes": 5}
    third = {"id": "o3", "title": "drie", "starts": world["clock"], "chair": "vz", "people": ["vz", "pol", "zc"]}
    world["conferences"].append(third | {"agenda": [point]})
    return settle(world)


class Held:
    """A command on a page that stops inside its transaction until it is let go."""

    def __init__(self, identity: object, case: object, do: Callable[[Turn], str]) -> None:
        self.inside, self.go = threading.Event(), threading.Event()

        def slowly(turn: Turn) -> str:
            key = do(turn)
            self.inside.set()
            self.go.wait(10)
            return key

        self.thread = in_thread(lambda: on_case(identity, case, slowly))
        assert self.inside.wait(10)

    def finish(self) -> None:
        self.go.set()
        self.thread.join()


def in_thread(run: Callable[[], object]) -> threading.Thread:
    def guarded() -> None:
        try:
            run()
        except Refused:
            pass
        finally:
            connections.close_all()

    thread = threading.Thread(target=guarded)
    thread.start()
    return thread


def test_a_withdrawal_is_not_undone_by_a_limit_at_the_same_time(apart: Table) -> None:
    coordinator, case, subject = apart.sit("zc"), apart.id("cases", "c9"), apart.id("subjects", "q1")

    def step(state: State, ends: datetime | None = None) -> Callable[[Turn], str]:
        line = Step(case=case, subject=subject, party="kwintes", category="gez", state=state, ends=ends)
        return lambda turn: recorded(turn, line)

    first = Held(coordinator, case, step(State.WITHDRAWN))
    ends = clock.now() + timedelta(days=20)
    second = in_thread(lambda: on_case(coordinator, case, step(State.LIMITED, ends)))
    first.finish()
    second.join()
    assert ConsentLine.objects.filter(case=case).order_by("number").last().state == "ingetrokken"


def test_a_meeting_that_takes_a_case_up_at_that_moment_misses_nothing_of_it(apart: Table) -> None:
    officer, case, key = apart.sit("pol"), apart.id("cases", "c9"), apart.key("q-rel")
    apart.sit("vz")
    first = Held(officer, case, lambda turn: items.release(turn, OnKey(key)))
    answers: list[object] = []
    adding = in_thread(
        lambda: answers.append(apart.do("vz", "agenda_item.add", at="o3", case=case, title="t", minutes=3))
    )
    first.finish()
    adding.join()
    assert isinstance(answers[0], Ack)
    (member,) = apart.members("zc")
    reading = feed.read(apart.id("conferences", "o3"), None, [member], frozenset())
    assert all(key in view.objects for view in reading.views.values())


def test_a_page_command_of_a_session_that_ended_meanwhile_is_refused(apart: Table) -> None:
    officer = apart.sit("pol")
    SignIn.objects.filter(id=officer.session).update(ended_at=datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        on_case(officer, apart.id("cases", "c9"), lambda turn: items.release(turn, OnKey(apart.key("q-rel"))))
    assert refused.value.code == "session_ended"


def test_a_fresh_view_shows_what_was_started_while_nobody_looked(table: Table) -> None:
    assert table.view("kw")[table.key("a1")]["status"] == "planned"
    assert isinstance(table.do("vz", "agenda_item.start", key=table.key("a1")), Ack)
    assert table.view("kw")[table.key("a1")]["status"] == "open"
    (member,) = table.members("zc")
    reading = feed.read(table.id("conferences", "o1"), None, [member], frozenset())
    cursor = Cursor(reading.seq, reading.rights)
    table.do("vz", "agenda_item.close", key=table.key("a1"))
    late = feed.read(table.id("conferences", "o1"), cursor, [member], frozenset(reading.classes.values()))
    (view,) = late.views.values()
    shown = view.objects[table.key("a1")]
    assert shown is not None
    assert json.loads(shown.body)["status"] == "closed"


def test_a_case_outlives_a_covenant_without_its_referrer(table: Table) -> None:
    source = json.loads(json.dumps(tiny_world()["covenant"]))
    source["parties"].pop("politie")
    head = source["covenant"]
    head |= {"version": "99", "valid_from": "2026-11-01"}
    head["approved_by"] = [party for party in head["approved_by"] if party != "politie"]
    shelf.adopt(source, by=None, origin="seed")
    seen = table.view("zc")[table.key("c1")]
    assert seen["track"] is None, "the header's supplier is unknown now"
    assert pages.case_view(table.sit("vz"), table.id("cases", "c1")) is not None


def test_secrecy_binds_a_dissent_as_it_binds_an_item(table: Table) -> None:
    point = table.id("agenda_items", "a1")
    made = table.do("vz", "decision.propose", agenda_item=point, text="een voorziening", category="vzn")
    assert isinstance(made, Ack)
    answer = table.do("ggz", "decision.dissent", key=made.key, reason="iets uit de behandelkamer")
    assert isinstance(answer, Ack)
    assert "behandelkamer" in json.dumps(table.view("ggz")[made.key])
    assert made.key in table.view("kw"), "the decision itself is read by others"
    for name in ("vz", "pol", "kw", "zc", "rvdk"):
        assert "behandelkamer" not in json.dumps(table.view(name)), name


def test_a_title_stays_its_writers_when_the_chair_moves_to_another_party(table: Table) -> None:
    titles = {key: one["title"] for key, one in table.view("pol").items() if key.startswith("agenda_item")}
    Person.objects.filter(id=table.id("people", "vz")).update(party="politie")
    feed._states.clear()
    assert {k: one["title"] for k, one in table.view("pol").items() if k.startswith("agenda_item")} == titles


def test_what_was_taken_back_does_not_leave_a_slow_sockets_queue() -> None:
    class Outlet:
        def send(self, frame: str) -> None: ...

        def close(self, code: int) -> None: ...

    membership = Membership(1, uuid4(), uuid4(), "p", None)
    slow = Member(membership, Outlet(), Limits(unseen_bytes=10), lambda: 0.0, lambda: False)
    slow.cls = "c"
    trace = Trace(None, (None,), "prc", "identified", "x")
    one = Shown(b'{"text":"teruggenomen"}', trace)
    slow.append(planning.change({"k:0": Shown(b'{"text":"' + b"a" * 50 + b'"}', trace)}, []))
    slow.append(planning.change({"item:1": one}, []))
    reading = Reading(2, "same", None, classes={1: "c"}, views={"c": View(False, {"item:1": None})})
    made = planning.make(reading, {"c": {"item:1": one}}, [slow], rights_changed=False)["c"]
    assert made.renew == [slow]
    assert not made.differ


def test_the_register_shown_to_a_coordinator_is_in_the_log_for_each_subject(table: Table) -> None:
    coordinator = table.sit("zc")
    table.mark()
    view = pages.case_view(coordinator, table.id("cases", "c1"))
    assert view is not None
    logged = {entry["subject"] for entry in table.entries("case.viewed")}
    assert {str(line.subject) for line in view.register} <= logged


def test_a_withdrawal_is_entered_with_its_party_and_without_any_sight(table: Table) -> None:
    table.mark()
    line = {"case": table.id("cases", "c1"), "subject": table.id("subjects", "s1")}
    assert isinstance(table.do("zc", "consent.withdraw", **line, party="kwintes", category="gez"), Ack)
    (entry,) = table.entries("consent.withdrawn")
    assert entry["seen"] == ["gez=none", "receiver=kwintes"]
    assert entry["reason"] is None


def test_a_secret_address_is_in_no_decision_list(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    point = next(one for one in world["conferences"][0]["agenda"] if one["case"] == "c1")
    point["decisions"].append({"text": "de plek heet Nergens", "category": "adr", "status": "adopted"})
    table = settle(world)
    chair = table.sit("vz")
    assert "Nergens" in json.dumps(table.view("vz")), "the chair's party wrote it, so she reads it on the screen"
    made = pages.decision_list(chair, table.id("conferences", "o1"), "zvh_procesregie")
    assert made is not None
    assert made.parts
    assert "Nergens" not in repr(made)


def test_in_aftercare_only_who_has_an_open_action_writes(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    world["cases"][0]["phase"] = "nazorg"
    for conference in world["conferences"]:
        for point in conference["agenda"]:
            point["actions"] = [action for action in point.get("actions", []) if action["owner"] == "kwintes"]
    table = settle(world)
    point = table.id("agenda_items", "a1")
    answer = table.do("rvdk", "minutes.write", agenda_item=point, text="een blok")
    assert getattr(answer, "code", None) == "cannot_supply"
