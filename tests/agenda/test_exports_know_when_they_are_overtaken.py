"""A list carries the register's state for its receiver only, and is shown as overtaken when that or it changed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from agenda import pages
from agenda.commands import at_desk, casework
from agenda.exports import DecisionList, Marking, control_number, fingerprint, render
from agenda.models import MadeExport
from agenda.pages.made_exports import SHOWN, Made
from agenda.pages.standing import register_code, standing_for
from agenda.protocol import Ack
from audit.record import LogUnavailable
from conference import clock
from conference.cases.access import Gate
from conference.cases.registering import ends_at_birthday
from conference.covenant.days import day_end
from conference.vault.pseudonyms import pseudonym
from consent.states import State
from tests.consenting import full_talk, say
from tests.world import Table, pass_time

FORMS = ("json", "csv", "pdf")


def make(table: Table, name: str, party: str, form: str = "json") -> DecisionList:
    made = pages.decision_list(table.sit(name), table.id("conferences", "o1"), party, form)
    assert made is not None
    return made


def earlier(table: Table, name: str, party: str | None = None) -> tuple[Made, ...]:
    who = table.sit(name)
    preview = pages.export_preview(who, table.id("conferences", "o1"), party or who.party)
    assert preview is not None
    return preview.made


def verdicts(table: Table, name: str) -> list[tuple[str, str]]:
    return [(one.party, one.verdict) for one in earlier(table, name)]


def withdraw(table: Table, party: str = "kwintes", category: str = "gez", subject: str = "s1") -> None:
    case, who = table.id("cases", "c1"), table.id("subjects", subject)
    answer = table.do("zc", "consent.withdraw", case=case, subject=who, party=party, category=category)
    assert isinstance(answer, Ack), answer


def states(document: DecisionList) -> list[tuple[str, str, str]]:
    assert document.register is not None
    return [(line.subject.handle, line.category.id, line.state) for line in document.register.lines]


def decide(table: Table, text: str, category: str = "gez", about: str | None = "i-gez") -> str:
    """Let the chair propose a decision that repeats an item."""
    more: dict[str, Any] = {"about": table.key(about)} if about else {}
    item = table.id("agenda_items", "a1")
    answer = table.do("vz", "decision.propose", agenda_item=item, text=text, category=category, **more)
    assert isinstance(answer, Ack), answer
    assert answer.key is not None
    return answer.key


def code(document: DecisionList) -> str:
    assert document.register is not None
    return document.register.code


# --- what a list carries of the register -----------------------------------------------------------------


def test_a_list_carries_the_lines_about_its_receiver_and_no_others(table: Table) -> None:
    assert states(make(table, "vz", "kwintes")) == [("betrokkene 1", "gez", "gegeven")]
    assert states(make(table, "vz", "rvdk")) == [("betrokkene 1", "gez", "geweigerd")]
    assert states(make(table, "vz", "zvh_procesregie")) == [("betrokkene 1", "hlp", "beperkt")]
    assert states(make(table, "vz", "ggz")) == []


def test_the_people_in_it_stand_under_the_receivers_own_pseudonym(table: Table) -> None:
    register = make(table, "vz", "kwintes").register
    assert register is not None
    (line,) = register.lines
    assert line.subject.pseudonym == pseudonym("kwintes", table.id("cases", "c1"), table.id("subjects", "s1"))
    assert line.subject.name is None
    assert str(line.until) == "2026-11-30"  # to her birthday, however long it was given for


def test_lines_of_cases_that_do_not_stand_in_the_list_are_not_told(table: Table) -> None:
    """c2 has a consent for Kwintes too, but nothing was decided in it."""
    document = make(table, "vz", "kwintes")
    assert document.register is not None
    assert {line.case for line in document.register.lines} == {part.code_name for part in document.parts} - {None}
    assert all(line.category.id != "id" for line in document.register.lines)


def test_a_consent_for_the_secret_address_never_leaves_the_screen(table: Table) -> None:
    before = code(make(table, "vz", "kwintes"))
    say(table, party="kwintes", category="won", ends=clock.now() + timedelta(days=5))
    say(table, party="zorgcoordinator", category="adr", ends=clock.now() + timedelta(days=5))
    assert [category for _who, category, _state in states(make(table, "vz", "kwintes"))] == ["gez", "won"]
    assert code(make(table, "vz", "kwintes")) != before
    assert states(make(table, "vz", "zorgcoordinator")) == []


def test_what_began_later_or_ended_is_told_as_it_stands_at_that_moment(table: Table) -> None:
    assert states(make(table, "vz", "politie")) == []  # residence, from 3 December
    pass_time(days=11)
    assert states(make(table, "vz", "politie")) == [("betrokkene 1", "vbl", "gegeven")]
    assert states(make(table, "vz", "kwintes")) == [("betrokkene 1", "gez", "verlopen")]


def test_the_code_is_of_exactly_these_lines(table: Table) -> None:
    codes = {party: code(make(table, "vz", party)) for party in ("kwintes", "rvdk", "ggz", "politie")}
    assert len(set(codes.values())) == len(codes)
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", one) for one in codes.values())
    withdraw(table)
    after = {party: code(make(table, "vz", party)) for party in codes}
    assert {party for party in codes if codes[party] != after[party]} == {"kwintes"}


def test_the_code_does_not_depend_on_who_makes_the_list_or_as_what(table: Table) -> None:
    made = {code(make(table, name, "kwintes", form)) for name in ("vz", "kw") for form in FORMS}
    assert len(made) == 1


def test_the_code_changes_with_each_thing_that_the_lines_say(table: Table) -> None:
    case = table.id("cases", "c1")
    found = Gate.at_this_moment([case]).cases[case]
    now = clock.now()
    lines = standing_for(found, "kwintes", now)
    (line,) = lines
    others = [
        replace(line, state="beperkt"),
        replace(line, category="hlp"),
        replace(line, until=None),
        replace(line, subject=table.id("subjects", "s2")),
        replace(line, case=table.id("cases", "c2")),
    ]
    codes = {register_code("kwintes", [one]) for one in (line, *others)}
    codes |= {register_code("politie", [line]), register_code("kwintes", []), register_code("kwintes", [line, line])}
    assert len(codes) == 9


def test_the_entry_names_those_whose_consent_stands_in_the_file(table: Table) -> None:
    table.sit("vz")
    table.mark()
    make(table, "vz", "rvdk")
    entries = {entry["subject"]: entry for entry in table.entries("export.made") if entry["subject"]}
    s1 = table.ids["subjects"]["s1"]
    assert {f"subject:{s1}", table.key("c1")} <= set(entries[s1]["obj"])
    assert "prc=pseudonymised" in entries[s1]["seen"]


# --- what is kept of it ---------------------------------------------------------------------------------


def test_each_list_is_kept_with_its_entry_and_no_word_of_it_in_clear(table: Table) -> None:
    documents = {form: make(table, "vz", "kwintes", form) for form in FORMS}
    rows = list(MadeExport.objects.order_by("made_at"))
    assert [(row.party, row.form, row.made_by) for row in rows] == [
        ("kwintes", form, table.id("people", "vz")) for form in FORMS
    ]
    for row, document in zip(rows, documents.values(), strict=True):
        assert fingerprint(document).encode() not in bytes(row.sealed)
        assert code(document).encode() not in bytes(row.sealed)
        assert bytes(row.sealed)[:1] != b"{"
    assert len(table.entries("export.made")) >= len(FORMS)


def test_without_the_log_nothing_is_made_and_nothing_is_kept(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_entries: Any) -> None:
        raise LogUnavailable("down")

    table.sit("vz")
    monkeypatch.setattr(pages.decisions, "record", down)
    with pytest.raises(LogUnavailable):
        make(table, "vz", "kwintes")
    assert not MadeExport.objects.exists()


def test_a_refused_list_is_not_kept(table: Table) -> None:
    assert pages.decision_list(table.sit("pol"), table.id("conferences", "o1"), "kwintes", "pdf") is None
    assert not MadeExport.objects.exists()


# --- overtaken ---------------------------------------------------------------------------------------------


def test_a_list_is_right_until_something_changes(table: Table) -> None:
    document = make(table, "vz", "kwintes", "pdf")
    (one,) = earlier(table, "vz")
    assert (one.party, one.form, one.verdict) == ("kwintes", "pdf", "current")
    assert one.control_number == control_number(fingerprint(document))
    pass_time(hours=3)
    assert verdicts(table, "vz") == [("kwintes", "current")]


def test_a_withdrawal_takes_the_item_out_and_overtakes_every_list_that_was_made(table: Table) -> None:
    say(table, party="zvh_procesregie", category="gez", ends=clock.now() + timedelta(days=5))
    decide(table, "besluit-gezond naar de dokter")
    for form in FORMS:
        assert b"besluit-gezond" in render(make(table, "vz", "kwintes"), _mark(), "json").body, form
        make(table, "vz", "kwintes", form)
    before = {one.control_number for one in earlier(table, "vz")}
    withdraw(table)
    assert {one.verdict for one in earlier(table, "vz")} == {"overtaken"}
    assert {one.control_number for one in earlier(table, "vz")} == before
    again = make(table, "vz", "kwintes")
    for form in FORMS:
        assert b"besluit-gezond" not in render(again, _mark(), form).body
    assert states(again) == [("betrokkene 1", "gez", "ingetrokken")]
    newest, *older = earlier(table, "vz")
    assert newest.verdict == "current"
    assert newest.control_number not in before
    assert {one.verdict for one in older} == {"overtaken"}


def test_a_withdrawal_overtakes_also_a_list_of_which_no_line_changes(table: Table) -> None:
    """What the register says is part of the file: it said "given" and would now say "withdrawn"."""
    document = make(table, "vz", "kwintes")
    withdraw(table)
    assert fingerprint(make(table, "vz", "kwintes")) == fingerprint(document)
    assert [one.verdict for one in earlier(table, "vz")] == ["current", "overtaken"]


def test_a_consent_of_another_party_overtakes_nothing(table: Table) -> None:
    for party in ("politie", "rvdk", "ggz"):
        make(table, "vz", party)
    withdraw(table)
    say(table, State.REFUSED, party="zorgcoordinator", category="won")
    assert {verdict for _party, verdict in verdicts(table, "vz")} == {"current"}


def test_an_end_by_the_clock_overtakes(table: Table) -> None:
    make(table, "vz", "kwintes")
    pass_time(days=7, hours=14, minutes=50)  # 30 November, ten to midnight
    assert verdicts(table, "vz") == [("kwintes", "current")]
    pass_time(minutes=15)
    assert verdicts(table, "vz") == [("kwintes", "overtaken")]


def test_a_new_decision_overtakes_the_lists_of_who_reads_it(table: Table) -> None:
    for party in ("kwintes", "politie"):
        make(table, "vz", party)
    decide(table, "nog een politiebesluit", "pol", None)
    assert dict(verdicts(table, "vz")) == {"kwintes": "current", "politie": "overtaken"}


def test_a_list_whose_maker_may_make_it_no_more_is_overtaken(table: Table) -> None:
    from agenda.models import Seat

    make(table, "nt", "kwintes")
    assert verdicts(table, "vz") == [("kwintes", "current")]
    Seat.objects.filter(conference=table.id("conferences", "o1"), person=table.id("people", "nt")).delete()
    assert verdicts(table, "vz") == [("kwintes", "overtaken")]


# --- who is told ---------------------------------------------------------------------------------------------


def test_who_leads_sees_all_and_others_their_own_partys(table: Table) -> None:
    make(table, "vz", "kwintes")
    make(table, "vz", "politie")
    make(table, "kw", "kwintes")
    assert [one.party for one in earlier(table, "nt")] == ["kwintes", "politie", "kwintes"]
    assert [one.party for one in earlier(table, "kw")] == ["kwintes", "kwintes"]
    assert [one.party for one in earlier(table, "pol2")] == ["politie"]
    assert earlier(table, "ggz") == ()


def test_of_a_list_that_a_party_made_for_itself_the_chair_learns_no_change_that_she_cannot_read(table: Table) -> None:
    """The mental health service objects in words of its own; its list changes, and the chair is not told so."""
    key = decide(table, "besluit over rust", "gez", None)
    make(table, "ggz", "ggz")
    before = verdicts(table, "vz")
    assert before == [("ggz", "theirs")]
    answer = table.do("ggz", "decision.dissent", key=key, reason="dit is niet verantwoord")
    if isinstance(answer, Ack):
        assert verdicts(table, "ggz") == [("ggz", "overtaken")]
    assert verdicts(table, "vz") == before


def test_of_such_a_list_the_register_alone_still_tells_the_chair_that_it_is_overtaken(table: Table) -> None:
    make(table, "kw", "kwintes")
    assert verdicts(table, "vz") == [("kwintes", "theirs")]
    assert verdicts(table, "kw") == [("kwintes", "current")]
    withdraw(table)
    assert verdicts(table, "vz") == [("kwintes", "overtaken")]
    assert verdicts(table, "kw") == [("kwintes", "overtaken")]


def test_who_was_sent_out_sees_only_what_she_made_herself(table: Table) -> None:
    make(table, "pol", "politie")
    make(table, "vz", "politie")
    assert len(earlier(table, "pol2")) == 2
    table.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "pol2"))
    assert earlier(table, "pol2") == ()
    make(table, "pol2", "politie")
    assert [one.verdict for one in earlier(table, "pol2")] == ["current"]


def test_looking_names_nobody_in_the_log(table: Table) -> None:
    make(table, "vz", "kwintes")
    table.mark()
    earlier(table, "vz", "kwintes")
    (entry,) = table.entries()
    assert (entry["act"], entry["subject"], entry["case"]) == ("export.previewed", None, None)
    assert entry["obj"] == [table.key("o1")]


def test_lists_of_another_conference_are_not_told(table: Table) -> None:
    pages.decision_list(table.sit("nt"), table.id("conferences", "o2"), "politie", "pdf")
    assert earlier(table, "nt") == ()


def test_only_the_newest_are_looked_at_and_each_list_is_made_again_once(table: Table) -> None:
    from django.test.utils import CaptureQueriesContext

    make(table, "vz", "kwintes")
    with CaptureQueriesContext(connection) as one:
        earlier(table, "vz")
    for _ in range(SHOWN + 3):
        make(table, "vz", "kwintes")
    with CaptureQueriesContext(connection) as many:
        assert len(earlier(table, "vz")) == SHOWN
    assert len(many) == len(one)


def test_a_conference_whose_key_is_gone_still_tells_that_lists_were_made(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agenda.pages import made_exports
    from conference.crypto import KeyTrouble
    from conference.vault import keys

    make(table, "vz", "kwintes")

    def gone(scope: UUID, place: str, *rest: Any) -> bytes:
        if place == made_exports.TABLE:
            raise KeyTrouble("key_missing")
        return honest(scope, place, *rest)

    honest: Callable[..., bytes] = keys.open_sealed
    monkeypatch.setattr(keys, "open_sealed", gone)
    (one,) = earlier(table, "vz")
    assert (one.control_number, one.verdict) == ("", "overtaken")


def test_a_list_of_a_conference_whose_key_is_gone_is_still_made_and_kept(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conference.crypto import KeyTrouble
    from conference.vault import keys

    home = table.id("conferences", "o1")
    honest: Callable[..., Any] = keys.sealer

    def gone(scope: UUID, version: int | None = None) -> Any:
        if scope == home:
            raise KeyTrouble("key_destroyed")
        return honest(scope, version)

    monkeypatch.setattr(keys, "sealer", gone)
    make(table, "vz", "kwintes")
    (row,) = MadeExport.objects.all()
    assert bytes(row.sealed) == b""
    (one,) = earlier(table, "vz")
    assert (one.control_number, one.verdict) == ("", "overtaken")


def _mark() -> Marking:
    return Marking(clock.now(), "V. Oorzitter")


# --- what a list does not tell ---------------------------------------------------------------------------


def girl(table: Table, case: str) -> UUID:
    """Register a girl of fifteen in a case of her own kind; she and her guardian agree to one line."""
    where = table.id("cases", case)
    new = casework.Someone(role="victim", protected=False, identity={"name": "Mila", "birth_date": "2010-12-24"})
    made = at_desk(
        table.sit("zc"), "subject.registered", lambda turn: casework.register_subject(turn, where, new), case=where
    )
    both = full_talk(given_by="beiden", representative="voogd", mandate="beschikking")
    say(table, case=where, subject=made, party="kwintes", category="hlp", ends=day_end(date(2027, 5, 23)), talk=both)
    item = table.id("agenda_items", {"c1": "a1", "c2": "a2"}[case])
    assert isinstance(table.do("vz", "decision.propose", agenda_item=item, text="Wij maken een plan"), Ack)
    return made


def test_of_somebody_whom_the_receiver_does_not_see_no_line_stands_in_a_list(table: Table) -> None:
    made = girl(table, "c2")
    assert f"subject:{made}" not in table.view("kw")
    document = make(table, "kw", "kwintes")
    assert "betrokkene 2" not in {handle for handle, *_ in states(document)}
    before = code(document)
    say(table, State.WITHDRAWN, case="c2", subject=made, party="kwintes", category="hlp")
    assert code(make(table, "kw", "kwintes")) == before, "nor does the code tell that something changed"


def test_a_day_that_is_a_birthday_is_told_only_to_who_reads_when_she_was_born(table: Table) -> None:
    made = girl(table, "c2")
    # By pseudonym: kwintes may know that she is there, and not who she is.
    both = full_talk(given_by="beiden", representative="voogd", mandate="beschikking")
    soon = clock.now() + timedelta(days=20)
    say(table, case="c2", subject=made, party="kwintes", category="id", talk=both, ends=soon)
    lines = make(table, "kw", "kwintes").register
    assert lines is not None
    mine = [(line.category.id, str(line.until)) for line in lines.lines if line.subject.handle == "betrokkene 2"]
    assert ("hlp", "2026-12-23") in mine, "whoever reads her name and birth date reads this day too"
    found = Gate.at_this_moment([table.id("cases", "c2")]).cases[table.id("cases", "c2")]
    (cut,) = [line for line in standing_for(found, "kwintes", clock.now()) if line.category == "hlp"]
    born = found.subjects[made].birth_date
    assert ends_at_birthday(born, cut.until)
    assert not ends_at_birthday(born, date(2026, 12, 22))
    assert not ends_at_birthday(None, cut.until)
    assert not ends_at_birthday(born, None)
