"""Every reason for which a command is refused has a code of its own, and changes nothing but the log."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from agenda.commands import HANDLERS, execute
from agenda.models import Change, Conference, Receipt
from agenda.protocol import COMMANDS, Ack, CommandFrame, Nack
from agenda.rules import LEADING
from audit.models import Leaf
from tests.world import Table

Args = Callable[[Table], dict[str, Any]]


def on(name: str) -> Args:
    return lambda table: {"key": table.key(name)}


def said(point: str = "a1", **more: Any) -> Args:
    return lambda table: {"agenda_item": table.id("agenda_items", point), "text": "tekst", **more}


def action(owner: str, point: str = "a1", **more: Any) -> Args:
    return said(point, **({"owner": owner, "due": "2026-12-24"} | more))


def draft(case: str, category: str, **more: Any) -> Args:
    made = {"category": category, "kind": "feit", "basis": "grond", "text": "tekst", "subject": None} | more
    return lambda table: {"case": table.id("cases", case), **made}


def line(subject: str, party: str, category: str, case: str = "c1") -> Args:
    return lambda table: {
        "case": table.id("cases", case),
        "subject": table.id("subjects", subject),
        "party": party,
        "category": category,
    }


def door(person: str, case: str = "c1") -> Args:
    return lambda table: {"case": table.id("cases", case), "person": table.id("people", person)}


REFUSED: dict[str, list[tuple[str, str, Args]]] = {
    "role_party": [
        ("kw", "consent.withdraw", line("s1", "kwintes", "gez")),
        ("vz", "consent.withdraw", line("s1", "kwintes", "gez")),
        ("zc", "item.withdraw", on("i-pol")),
        ("kw", "item.release", on("i-fin")),
        ("vz", "action.done", on("x1")),
    ],
    "unknown_subject": [
        ("vz", "minutes.write", lambda t: said(text=f"{{subject:{t.id('subjects', 't1')}}}")(t)),
        ("vz", "minutes.write", lambda t: said("a0", text=f"{{subject:{t.id('subjects', 's1')}}}")(t)),
        ("kw", "decision.dissent", lambda t: {"key": t.key("d3"), "reason": f"{{subject:{uuid4()}}}"}),
        ("kw", "item.prepare", lambda t: draft("c1", "hlp", subject=t.id("subjects", "t1"))(t)),
        ("vz", "agenda_item.add", lambda t: {"case": None, "title": f"{{subject:{uuid4()}}}", "minutes": 5}),
    ],
    "cannot_supply": [
        ("kw", "minutes.write", said(category="pol")),
        ("vz", "minutes.write", said("a0", category="pol")),
        ("vz", "decision.propose", said(category="vbw")),
        ("kw", "item.prepare", draft("c1", "jus")),
    ],
    "track_forbids": [
        ("zc", "item.prepare", draft("c2", "pol")),
        ("vz", "action.add", action("kwintes", "a2", category="jus")),
        ("oov", "item.prepare", draft("c3", "gez")),
    ],
    "about_category": [
        ("vz", "minutes.write", lambda t: said(category="prc", about=t.key("i-pol"))(t)),
        ("kw", "minutes.write", lambda t: said(category="won", about=t.key("i-hlp"))(t)),
    ],
    "owner_cannot_see": [
        ("vz", "action.add", action("kwintes", category="pol")),
        ("vz", "action.add", action("burgemeester_oov")),
        ("vz", "action.add", action("nobody_at_all")),
        ("vz", "action.add", action("scharlaken_koord")),
        ("vz", "action.add", action("om", "a0")),
        ("vz", "action.add", lambda t: action("politie", category="vzn", about=t.key("i-vzn"))(t)),
    ],
    "empty_text": [("kw", "item.prepare", draft("c1", "hlp", text=" \n "))],
    "after_itself": [("vz", "agenda_item.move", lambda t: {"key": t.key("a1"), "after": t.key("a1")})],
    "not_open": [("vz", "agenda_item.close", on("a1"))],
    "already_adopted": [("vz", "decision.adopt", on("d1"))],
    "already_dissented": [("kw", "decision.dissent", lambda t: {"key": t.key("d1"), "reason": "nog eens"})],
    "not_a_draft": [("pol", "item.release", on("i-pol")), ("kw", "item.release", on("i-gone"))],
    "already_withdrawn": [("kw", "item.withdraw", on("i-gone"))],
    "not_out": [("vz", "door.admit", door("pol"))],
    "chair_stays": [("vz", "door.send_out", door("vz")), ("nt", "door.send_out", door("vz"))],
    "nothing_to_withdraw": [
        ("zc", "consent.withdraw", line("s1", "politie", "gez")),
        ("zc", "consent.withdraw", line("s1", "rvdk", "gez")),
        ("zc", "consent.withdraw", line("s3", "kwintes", "gez")),
        ("zc", "consent.withdraw", line("s1", "nobody_at_all", "gez")),
        ("zc", "consent.withdraw", line("s1", "kwintes", "xyz")),
    ],
    "malformed": [
        ("vz", "action.add", action("kwintes", due="2026-02-30")),
        ("vz", "agenda_item.start", lambda t: {}),
        ("vz", "agenda_item.start", lambda t: {"key": t.key("a1"), "extra": 1}),
        ("vz", "agenda_item.start", lambda t: {"key": "agenda_item:" + "x" * 36}),
        ("vz", "agenda_item.add", lambda t: {"case": None, "title": "", "minutes": 5}),
        ("vz", "agenda_item.add", lambda t: {"case": None, "title": "t", "minutes": 481}),
        ("kw", "minutes.write", said(text="x" * 4001)),
        ("kw", "minutes.write", said(category="POL")),
    ],
    "unknown_command": [("vz", "decision.burn", on("d1")), ("vz", "", on("d1"))],
    "not_found": [
        ("vz", "door.send_out", door("fg")),
        ("vz", "door.send_out", lambda t: {"case": uuid4(), "person": t.id("people", "pol")}),
        ("zc", "consent.withdraw", lambda t: line("s1", "kwintes", "gez")(t) | {"subject": uuid4()}),
        ("zc", "consent.withdraw", line("t1", "kwintes", "gez", case="c1")),
    ],
}


def footprint() -> tuple[Any, ...]:
    """Everything that a refused command must leave as it is."""
    seqs = tuple(Conference.objects.order_by("id").values_list("id", "seq"))
    return seqs, Change.objects.count(), Leaf.objects.filter(out="permit").count()


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_has_its_code_and_changes_nothing_but_the_log(table: Table, code: str) -> None:
    for name, do, args in REFUSED[code]:
        table.sit(name)
        before, log = footprint(), Leaf.objects.count()
        answer = table.do(name, do, **args(table))
        assert isinstance(answer, Nack), (name, do)
        assert (answer.code, answer.current) == (code, None), (name, do)
        assert footprint() == before
        assert Leaf.objects.count() == log + 1
        leaf = json.loads(bytes(Leaf.objects.latest("id").leaf))
        assert (leaf["out"], leaf["reason"], leaf["actor"]) == ("deny", code, str(table.sit(name).person))


def test_who_does_not_lead_may_not_give_a_leading_command_whatever_it_names(table: Table) -> None:
    some: dict[str, Args] = {
        "agenda_item.add": lambda t: {"case": None, "title": "t", "minutes": 5},
        "agenda_item.move": lambda t: {"key": t.key("a1"), "after": None},
        "decision.propose": said(),
        "action.add": action("kwintes"),
        "door.send_out": door("kw"),
        "door.admit": door("kw"),
    }
    for do in sorted(LEADING):
        args = some.get(do, on("a1" if do.startswith("agenda") else "d2"))
        for name in ("pol", "kw", "zc", "ggz"):
            assert table.do(name, do, **args(table)).code == "role_party", do


HIDDEN: list[tuple[str, str, str, dict[str, Any]]] = [
    ("oov", "decision.dissent", "d1", {"reason": "niet"}),
    ("kw", "decision.dissent", "d2", {"reason": "niet"}),
    ("kw", "action.done", "x2", {}),
    ("kw", "item.withdraw", "i-pol", {}),
    ("kw", "item.release", "i-draft", {}),
    ("vz", "item.release", "i-draft", {}),
    ("oov", "item.withdraw", "i-won", {}),
]


@pytest.mark.parametrize("expect", [None, "some-version"])
def test_what_is_hidden_answers_exactly_as_what_is_not_there(table: Table, expect: str | None) -> None:
    for name, do, hidden, more in HIDDEN:
        kind, _, row = table.key(hidden).partition(":")
        for asked in (f"{kind}:{row}", f"{kind}:{uuid4()}", f"subject:{row}"):
            answer = table.do(name, do, expect=expect, key=asked, **more)
            assert (answer.code, answer.current) == ("not_found", None), (name, do, asked)


def test_a_hidden_agenda_item_answers_as_one_that_is_not_there(table: Table) -> None:
    hidden = table.id("agenda_items", "a2")
    for name in ("oov", "rvdk", "pol"):
        answers = {table.do(name, "minutes.write", agenda_item=point, text="t").code for point in (hidden, uuid4())}
        assert answers == {"not_found"}


def test_a_hidden_case_answers_as_one_that_is_not_there(table: Table) -> None:
    for case in (table.id("cases", "c2"), uuid4()):
        prepared = table.do("pol", "item.prepare", case=case, category="pol", kind="feit", basis="g", text="t")
        assert prepared.code == "not_found"


def test_an_about_that_is_hidden_answers_as_one_that_is_not_there(table: Table) -> None:
    for about in (table.key("i-draft"), table.key("j-won"), f"item:{uuid4()}", table.key("d1")):
        answer = table.do("vz", "minutes.write", **said(category="pol", about=about)(table))
        assert answer.code == "not_found", about


def test_no_own_party_sees_anothers_draft_under_a_command(table: Table) -> None:
    assert isinstance(table.do("pol2", "item.release", key=table.key("i-draft")), Ack)


def test_who_is_not_invited_hears_the_same_as_of_a_meeting_that_is_not_there(table: Table) -> None:
    hers, nowhere = table.do("rvdk", "action.done", at="o2", key=table.key("x1")), uuid4()
    missing = table.do("rvdk", "action.done", at=nowhere, key=table.key("x1"))
    assert (hers.code, hers.current) == (missing.code, missing.current) == ("not_admitted", None)
    assert not Receipt.objects.filter(conference=nowhere).exists()


def test_an_ended_session_changes_nothing(table: Table) -> None:
    from conference.accounts.models import SignIn
    from conference.accounts.sessions import machine_now

    who = table.sit("vz")
    SignIn.objects.filter(id=who.session).update(ended_at=machine_now())
    before = footprint()
    assert table.do("vz", "agenda_item.start", key=table.key("a1")).code == "session_ended"
    assert footprint() == before


def test_the_second_time_says_what_is_so_already(table: Table) -> None:
    twice = [
        ("vz", "agenda_item.start", on("a1"), "already_open"),
        ("kw", "action.done", on("x1"), "already_done"),
        ("vz", "decision.adopt", on("d2"), "already_adopted"),
        ("vz", "door.send_out", door("pol2"), "already_out"),
        ("kw", "item.withdraw", on("i-won"), "already_withdrawn"),
        ("pol", "item.release", on("i-draft"), "not_a_draft"),
        ("zc", "consent.withdraw", line("s1", "kwintes", "gez"), "nothing_to_withdraw"),
    ]
    for name, do, args, code in twice:
        assert isinstance(table.do(name, do, **args(table)), Ack), do
        assert table.do(name, do, **args(table)).code == code


def test_who_was_sent_out_of_a_case_finds_nothing_of_it(table: Table) -> None:
    table.do("vz", "door.send_out", **door("pol2")(table))
    for do, args in [
        ("item.withdraw", on("i-pol")),
        ("minutes.write", said()),
        ("action.done", on("x2")),
        ("item.prepare", draft("c1", "pol")),
        ("decision.dissent", lambda t: {"key": t.key("d1"), "reason": "t"}),
    ]:
        assert table.do("pol2", do, **args(table)).code == "not_found", do
    assert isinstance(table.do("pol", "item.withdraw", key=table.key("i-pol")), Ack)


def test_a_coordinator_who_sends_herself_out_reads_nothing_in_the_answer(table: Table) -> None:
    answer = table.do("nt", "door.send_out", **door("nt")(table))
    assert isinstance(answer, Ack)
    assert answer.version is None
    assert table.do("nt", "door.admit", **door("nt")(table)).code == "not_found"


def test_without_an_active_covenant_no_case_is_there_for_any_command(table: Table) -> None:
    from conference.covenant import shelf
    from conference.demo.world import covenant
    from tests.world import TODAY, pass_time

    ending = covenant(TODAY)
    ending["covenant"] |= {"version": "2.0", "valid_from": str(TODAY), "valid_until": str(TODAY)}
    shelf.adopt(ending, by=None, origin="cli")
    assert isinstance(table.do("kw", "minutes.write", **said()(table)), Ack)
    pass_time(days=2)
    assert table.do("kw", "minutes.write", **said()(table)).code == "not_found"
    assert table.do("vz", "agenda_item.start", key=table.key("a1")).code == "role_party"  # nobody leads without one


def test_every_command_of_the_protocol_has_a_handler_and_hostile_bytes_are_malformed(table: Table) -> None:
    assert set(HANDLERS) == set(COMMANDS)
    who, conference = table.sit("vz"), table.id("conferences", "o1")
    for raw in (b"null", b"[]", b"{", b'"x"', b'{"key":"\xff"}', b"[" * 20000, b'{"key": 1e999}'):
        frame = CommandFrame(uuid4(), "agenda_item.start", msgspec.Raw(raw))
        assert execute(who, conference, frame).code == "malformed", raw[:20]  # type: ignore[union-attr]


def test_hostile_text_is_kept_as_it_came(table: Table) -> None:
    for text in (
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "\u202eomgekeerd",
        "{subject:nobody}",
        "👩‍👧",
        "\x00",
    ):
        answer = table.do("kw", "minutes.write", **said(text=text)(table))
        assert isinstance(answer, Ack), text
        assert table.view("kw")[str(answer.key)]["text"] == text


def test_ids_in_keys_must_be_ids(table: Table) -> None:
    strange = UUID(int=0)
    assert table.do("vz", "agenda_item.start", key=f"agenda_item:{strange}").code == "not_found"
    plain = table.ids["agenda_items"]["a1"].replace("-", "")
    for written in ("-" * 36, plain, plain + "----", f"{plain[:4]}-{plain[4:10]}-{plain[10:20]}-{plain[20:]}-"):
        assert table.do("vz", "agenda_item.start", key=f"agenda_item:{written}").code == "malformed", written
