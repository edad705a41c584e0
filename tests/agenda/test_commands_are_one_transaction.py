"""Row, change number, audit entry and receipt are kept together or not at all; repeats and rivals are harmless."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from agenda.commands import Refused, consents, items, on_case
from agenda.models import AgendaItem, Change, Conference, Dissent, Note, Receipt, SentOut
from agenda.protocol import Ack, Nack, OnKey
from audit.models import Leaf
from audit.record import LogUnavailable
from conference.cases import rights
from conference.cases.models import Item, OpenAction
from consent.models import ConsentLine, RightsVersion
from consent.states import State
from tests.consenting import recorded
from tests.world import Table

TABLES = (AgendaItem, Note, Dissent, Item, OpenAction, SentOut, ConsentLine, RightsVersion, Receipt, Change, Conference)


def contents() -> list[list[dict[str, Any]]]:
    """Every row of every table that a command writes."""
    return [sorted(model._default_manager.values(), key=repr) for model in TABLES]


COMMANDS = [
    ("vz", "agenda_item.start", lambda t: {"key": t.key("a1")}),
    ("nt", "agenda_item.add", lambda t: {"case": None, "title": "t", "minutes": 3}),
    ("vz", "agenda_item.move", lambda t: {"key": t.key("a3"), "after": None}),
    ("kw", "minutes.write", lambda t: {"agenda_item": t.id("agenda_items", "a1"), "text": "t"}),
    ("vz", "decision.adopt", lambda t: {"key": t.key("d2")}),
    ("zc", "decision.dissent", lambda t: {"key": t.key("d1"), "reason": "t"}),
    ("kw", "action.done", lambda t: {"key": t.key("x1")}),
    ("pol", "item.release", lambda t: {"key": t.key("i-draft")}),
    ("kw", "item.withdraw", lambda t: {"key": t.key("i-won")}),
    (
        "zc",
        "consent.withdraw",
        lambda t: {
            "case": t.id("cases", "c1"),
            "subject": t.id("subjects", "s1"),
            "party": "kwintes",
            "category": "gez",
        },
    ),
    ("vz", "door.send_out", lambda t: {"case": t.id("cases", "c1"), "person": t.id("people", "pol2")}),
]


@pytest.fixture
def log_refuses(table: Table) -> Iterator[Table]:
    """A log that takes no entry within a transaction: the database itself says no."""
    for name in ("vz", "nt", "kw", "zc", "pol"):
        table.sit(name)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER test_refuses BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION test_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'disk full'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER test_refuses BEFORE INSERT ON audit_leaf FOR EACH ROW EXECUTE FUNCTION test_refuses()"
            )
            cursor.execute("ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER test_refuses")
    yield table
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON audit_leaf"
        cursor.execute(f"DROP TRIGGER IF EXISTS test_refuses{on}")
        if connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION IF EXISTS test_refuses()")


def test_when_the_log_refuses_nothing_of_any_command_is_kept(log_refuses: Table) -> None:
    before, log = contents(), Leaf.objects.count()
    for name, do, args in COMMANDS:
        with pytest.raises(LogUnavailable):
            log_refuses.do(name, do, **args(log_refuses))
        assert contents() == before, do
    assert Leaf.objects.count() == log


def test_rights_of_a_command_that_was_rolled_back_are_not_remembered(log_refuses: Table) -> None:
    """The version that the lost withdrawal took is given again, to other rights."""
    c1 = log_refuses.id("cases", "c1")
    kept = rights.load([c1])[c1].consents
    name, do, args = COMMANDS[-2]
    with pytest.raises(LogUnavailable):
        log_refuses.do(name, do, **args(log_refuses))
    assert rights.load([c1])[c1].consents == kept
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER test_refuses" + ("" if connection.vendor == "sqlite" else " ON audit_leaf"))
    log_refuses.do("vz", "door.send_out", case=c1, person=log_refuses.id("people", "pol2"))
    RightsVersion.objects.filter(scope=f"case:{c1}").update(
        version=RightsVersion.objects.get(scope=f"case:{c1}").version + 1
    )
    assert rights.load([c1])[c1].consents == kept


def test_a_refusal_that_cannot_be_logged_is_no_answer(log_refuses: Table) -> None:
    with pytest.raises(LogUnavailable):
        log_refuses.do("kw", "agenda_item.start", key=log_refuses.key("a1"))
    assert not Receipt.objects.exists()


def test_a_refused_step_from_a_page_leaves_an_entry_and_nothing_else(table: Table) -> None:
    c1, before = table.id("cases", "c1"), contents()
    with pytest.raises(Refused) as refused:
        on_case(table.sit("kw"), c1, lambda turn: items.release(turn, OnKey(table.key("i-won"))))
    assert refused.value.code == "not_a_draft"
    assert contents() == before
    (entry,) = table.entries("case.changed")
    assert (entry["out"], entry["reason"], entry["case"]) == ("deny", "not_a_draft", str(c1))


def test_each_command_is_one_change_one_receipt_and_its_entries(table: Table) -> None:
    for name, do, args in COMMANDS:
        table.sit(name)
        receipts, log = Receipt.objects.count(), Leaf.objects.latest("id").id
        answer = table.do(name, do, **args(table))
        assert isinstance(answer, Ack), do
        assert Receipt.objects.count() == receipts + 1
        added = [json.loads(bytes(leaf.leaf)) for leaf in Leaf.objects.filter(id__gt=log)]
        assert added, do
        assert {entry["out"] for entry in added} == {"permit"}
        assert {entry["actor"] for entry in added} == {str(table.sit(name).person)}
        assert {entry["session"] for entry in added} == {str(table.sit(name).session)}
        assert {entry["conference"] for entry in added} == {table.ids["conferences"]["o1"]}


def test_a_change_to_a_case_is_written_for_every_conference_that_has_it(table: Table) -> None:
    both = [table.id("conferences", "o1"), table.id("conferences", "o2")]
    answer = table.do("kw", "minutes.write", agenda_item=table.id("agenda_items", "a1"), text="voor allen")
    changed = {row.conference_id: row.keys for row in Change.objects.filter(conference__in=both)}
    assert changed == {conference: [answer.key] for conference in both}
    assert answer.key in table.view("pol", "o2")


def test_a_change_to_a_general_point_stays_in_its_conference(table: Table) -> None:
    answer = table.do("kw", "minutes.write", agenda_item=table.id("agenda_items", "a0"), text="voor ons")
    assert list(Change.objects.values_list("conference", flat=True)) == [table.id("conferences", "o1")]
    assert answer.key not in table.view("kw", "o2")


def test_changes_are_numbered_without_a_gap(table: Table) -> None:
    for _ in range(3):
        for name, at in (("vz", "o1"), ("nt", "o2")):
            table.do(name, "agenda_item.add", at=at, case=None, title="t", minutes=3)
        table.do("kw", "minutes.write", agenda_item=table.id("agenda_items", "a1"), text="t")
    for conference in Conference.objects.all():
        numbers = list(conference.changes.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, conference.seq + 1))
        assert conference.seq >= 3


# --- repeats and rivals ----------------------------------------------------------------


def test_a_repeated_command_gets_the_first_answer_and_does_nothing(table: Table) -> None:
    number = uuid4()
    point = table.id("agenda_items", "a1")
    first = table.do("kw", "minutes.write", id=number, agenda_item=point, text="eens")
    after, log = contents(), Leaf.objects.count()
    assert table.do("kw", "minutes.write", id=number, agenda_item=point, text="eens") == first
    assert table.do("kw", "item.withdraw", id=number, key=table.key("i-won")) == first
    assert (contents(), Leaf.objects.count()) == (after, log)


def test_a_repeated_refusal_is_the_first_refusal_even_when_it_would_now_be_allowed(table: Table) -> None:
    number = uuid4()
    assert table.do("vz", "agenda_item.close", id=number, key=table.key("a1")).code == "not_open"
    table.do("vz", "agenda_item.start", key=table.key("a1"))
    assert table.do("vz", "agenda_item.close", id=number, key=table.key("a1")).code == "not_open"


def test_a_command_id_is_a_persons_own_and_a_conferences_own(table: Table) -> None:
    number, made = uuid4(), set()
    for name, at, point in (("kw", "o1", "a1"), ("pol", "o1", "a1"), ("kw", "o2", "b1")):
        args = {"agenda_item": table.id("agenda_items", point), "text": "t"}
        made.add(table.do(name, "minutes.write", at=at, id=number, **args).key)
    assert len(made) == 3


def at_once(jobs: list[Any]) -> list[Any]:
    """Start all jobs at the same moment, each on a thread with a connection of its own."""
    ready = threading.Barrier(len(jobs))

    def run(job: Any) -> Any:
        try:
            ready.wait()
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_repeats_at_once_are_done_once(table: Table) -> None:
    number, point = uuid4(), table.id("agenda_items", "a1")
    table.sit("kw")
    answers = at_once([lambda: table.do("kw", "minutes.write", id=number, agenda_item=point, text="eens")] * 20)
    assert len(set(map(repr, answers))) == 1
    assert Note.objects.filter(author=table.id("people", "kw")).count() == 1
    assert Change.objects.filter(conference=table.id("conferences", "o1")).count() == 1
    assert len(table.entries("minutes.written")) == 1


def test_of_two_who_expect_the_same_one_wins_and_one_is_told_of_it(table: Table) -> None:
    decision = table.key("d2")
    seen = table.view("vz")[decision]["version"]
    table.sit("nt")
    answers = at_once(
        [lambda who=who: table.do(who, "decision.adopt", key=decision, expect=seen) for who in ("vz", "nt")]
    )
    (won,) = [answer for answer in answers if isinstance(answer, Ack)]
    (lost,) = [answer for answer in answers if isinstance(answer, Nack)]
    assert lost.code == "conflict"
    told = json.loads(bytes(lost.current))
    assert told == table.view("vz")[decision]
    assert (told["status"], told["version"]) == ("adopted", won.version)


def test_many_writers_lose_nothing(table: Table) -> None:
    names = ("vz", "nt", "pol", "kw", "zc", "ggz")
    for name in names:
        table.sit(name)
    point = {"o1": table.id("agenda_items", "a1"), "o2": table.id("agenda_items", "b1")}

    def write(name: str, at: str) -> list[Any]:
        return [table.do(name, "minutes.write", at=at, agenda_item=point[at], text=f"{name} {n}") for n in range(5)]

    jobs = [(name, at) for name in names for at in ("o1", "o2") if not (name == "vz" and at == "o2")]
    answers = at_once([lambda job=job: write(*job) for job in jobs])
    keys = [answer.key for batch in answers for answer in batch]
    assert len(set(keys)) == len(jobs) * 5
    for at in ("o1", "o2"):
        assert set(keys) <= set(table.view("kw", at))
    seqs = Counter(Change.objects.values_list("conference", "seq"))
    assert set(seqs.values()) == {1}


# --- conflicts ---------------------------------------------------------------------------


def test_a_conflict_carries_the_object_as_the_sender_sees_it_and_is_logged_as_seen(table: Table) -> None:
    for name in ("kw", "vz"):
        table.sit(name)
        answer = table.do(name, "decision.dissent", key=table.key("d3"), reason="t", expect="not-this-one")
        assert answer.code == "conflict"
        assert json.loads(bytes(answer.current)) == table.view(name)[table.key("d3")]
        (pushed,) = [e for e in table.entries("conference.pushed") if e["actor"] == str(table.sit(name).person)]
        assert (pushed["obj"], pushed["out"]) == ([table.key("d3")], "permit")
        assert pushed["subject"] == table.ids["subjects"]["s1"]


def test_a_repeated_conflict_is_told_with_the_object_as_it_stands_now(table: Table) -> None:
    number, decision = uuid4(), table.key("d2")
    first = table.do("vz", "decision.adopt", id=number, key=decision, expect="old")
    table.do("pol", "decision.dissent", key=decision, reason="later bezwaar")
    again = table.do("vz", "decision.adopt", id=number, key=decision, expect="old")
    assert (first.code, again.code) == ("conflict", "conflict")
    assert json.loads(bytes(again.current)) == table.view("vz")[decision] != json.loads(bytes(first.current))
    assert json.loads(bytes(again.current))["status"] == "proposed"


def test_the_right_version_is_accepted_and_the_answer_bears_the_next(table: Table) -> None:
    decision = table.key("d2")
    answer = table.do("vz", "decision.adopt", key=decision, expect=table.view("vz")[decision]["version"])
    assert answer.version == table.view("vz")[decision]["version"]


def test_a_version_is_the_viewers_own(table: Table) -> None:
    versions = {name: table.view(name)[table.key("d1")]["version"] for name in ("vz", "pol", "kw")}
    assert len(set(versions.values())) == 3
    assert (
        table.do("pol", "decision.dissent", key=table.key("d1"), reason="t", expect=versions["kw"]).code == "conflict"
    )


def test_a_consent_recorded_from_a_page_reaches_every_open_room(table: Table) -> None:
    c1, s1 = table.id("cases", "c1"), table.id("subjects", "s1")
    step = consents.Step(case=c1, subject=s1, party="zvh_procesregie", category="gez", state=State.GIVEN)
    assert table.key("i-gez") not in table.view("vz")
    key = on_case(table.sit("zc"), c1, lambda turn: recorded(turn, step))
    assert key == f"case:{c1}"
    assert table.view("vz")[table.key("i-gez")]["reason"] == "consent"
    (entry,) = table.entries("consent.given")
    assert (entry["origin"], entry["subject"]) == ("http", str(s1))


def test_ids_are_random_and_of_version_four(table: Table) -> None:
    for model in TABLES[:4]:
        for row in model._default_manager.values_list("id", flat=True):
            assert UUID(str(row)).version == 4
