"""A decision list holds what both may see, at the lower of their levels, under the receiver's own pseudonyms."""

from typing import Any

import pytest

from agenda import pages
from agenda.exports import DecisionList, Mention
from agenda.exports.lists import plain
from agenda.models import Note
from conference import clock
from conference.covenant import shelf
from conference.covenant.facts import Level
from conference.vault.pseudonyms import pseudonym
from tests.agenda.room_oracle import Oracle
from tests.agenda.test_views_follow_every_history import born
from tests.world import PEOPLE, Table

WORDS = ("besluit-d0", "besluit-d1", "besluit-d2", "besluit-d3", "actie-x0", "actie-x1", "actie-x2")


def made(table: Table, name: str, party: str, at: str = "o1") -> DecisionList | None:
    return pages.decision_list(table.sit(name), table.id("conferences", at), party)


def texts(document: DecisionList) -> dict[str, tuple[Any, ...]]:
    """The list's texts by the word that each begins with."""
    every = [one.text for _, one in document.decisions] + [one.text for _, one in document.actions]
    return {next(word for word in WORDS if plain(text).startswith(word)): text for text in every}


def expected(table: Table, exporter: str, party: str) -> dict[str, Level]:
    """Word -> lower level, from the rows and the covenant alone."""
    oracle = Oracle(table.id("conferences", "o1"), born(table))
    who = table.sit(exporter)
    found = {}
    for word in WORDS:
        key = table.key(word.partition("-")[2])
        case, item = oracle.known[key]
        if case is None:
            if party in {PEOPLE[name][1] for name in list(PEOPLE)[:-1]}:
                found[word] = Level.IDENTIFIED
            continue
        levels = [oracle.level(one, case, item) for one in (who.party, party)]
        if oracle.admitted(who.person, who.party, case) and Level.NONE not in levels:
            found[word] = min(levels, key=lambda level: level.rank)
    return found


def parties() -> list[str]:
    from conference.demo.world import covenant
    from tests.world import TODAY

    return list(covenant(TODAY)["parties"])


def test_every_pair_of_exporter_and_receiver_gets_exactly_the_lower_level(table: Table) -> None:
    table.do("vz", "door.send_out", case=table.id("cases", "c1"), person=table.id("people", "nt"))
    covenant = shelf.active(clock.now())
    assert covenant is not None
    seen = set()
    for name, (_, own, _) in list(PEOPLE.items())[:-1]:
        for party in parties():
            document = made(table, name, party)
            may = name in {"vz", "nt"} or party == own
            if not may or covenant.parties[party].cls in {"D", "Z"}:
                assert document is None, (name, party)
                continue
            assert document is not None, (name, party)
            levels = expected(table, name, party)
            assert set(texts(document)) == set(levels), (name, party)
            seen |= set(levels.values())
            _check_mentions(table, document, name, party, levels)
    assert seen == {Level.IDENTIFIED, Level.PSEUDONYMISED}


def _check_mentions(table: Table, document: DecisionList, name: str, party: str, levels: dict[str, Level]) -> None:
    oracle = Oracle(table.id("conferences", "o1"), born(table))
    c1 = table.id("cases", "c1")
    for word, text in texts(document).items():
        for part in text:
            if not isinstance(part, Mention):
                continue
            subject = table.id("subjects", {"betrokkene 1": "s1", "betrokkene 2": "s2"}[part.handle])
            assert part.pseudonym == pseudonym(party, c1, subject)
            _, item = oracle.known[f"subject:{subject}"]
            ids = {oracle.level(one, c1, item) for one in (table.sit(name).party, party)}
            named = levels[word] is Level.IDENTIFIED and ids == {Level.IDENTIFIED}
            assert (part.name is not None) == named, (name, party, word)


@pytest.mark.parametrize(
    ("name", "party", "code"),
    [
        ("vz", "comensha", "guest_no_account"),
        ("vz", "vng_ministerie", "guest_no_account"),
        ("vz", "nobody_at_all", "unknown_party"),
        ("pol", "kwintes", "role_party"),
        ("zc", "zvh_procesregie", "role_party"),
        ("pol", "comensha", "role_party"),
        ("fg", "zvh_procesregie", "not_admitted"),
    ],
)
def test_an_export_that_may_not_be_made_is_refused_by_code(table: Table, name: str, party: str, code: str) -> None:
    conference = table.id("conferences", "o1")
    who = table.sit(name)
    table.mark()
    assert pages.decision_list(who, conference, party) is None
    assert pages.export_preview(who, conference, party) is None
    assert [(e["act"], e["out"], e["reason"]) for e in table.entries()] == [
        ("export.made", "deny", code),
        ("export.previewed", "deny", code),
    ]


def test_a_meeting_that_is_not_hers_exports_as_one_that_is_not_there(table: Table) -> None:
    from uuid import uuid4

    for conference in (table.id("conferences", "o2"), uuid4()):
        assert pages.decision_list(table.sit("rvdk"), conference, "rvdk") is None
    assert {entry["reason"] for entry in table.entries("export.made")} == {"not_admitted"}


def test_without_an_active_covenant_nothing_is_exported(table: Table) -> None:
    from conference.demo.world import covenant
    from tests.world import TODAY, pass_time

    ending = covenant(TODAY)
    ending["covenant"] |= {"version": "2.0", "valid_from": str(TODAY), "valid_until": str(TODAY)}
    shelf.adopt(ending, by=None, origin="cli")
    table.sit("vz")
    pass_time(days=2)
    assert made(table, "vz", "politie") is None
    assert table.entries("export.made")[-1]["reason"] == "covenant_inactive"


def test_an_export_is_entered_with_receiver_and_subjects_those_of_dissents_too(table: Table) -> None:
    table.sit("vz")
    table.mark()
    assert made(table, "vz", "kwintes") is not None
    entries = table.entries("export.made")
    assert all("receiver=kwintes" in entry["seen"] for entry in entries)
    assert {entry["actor"] for entry in entries} == {table.ids["people"]["vz"]}
    subjects = {entry["subject"]: set(entry["obj"]) for entry in entries if entry["subject"]}
    assert table.key("d1") in subjects[table.ids["subjects"]["s1"]]
    assert table.key("d1") in subjects[table.ids["subjects"]["s2"]]  # named in its dissent only
    assert not any(table.key("d2") in entry["obj"] for entry in entries)


def test_the_preview_counts_what_she_sees_and_what_the_receiver_gets(table: Table) -> None:
    conference = table.id("conferences", "o1")
    for party in ("politie", "kwintes", "ggz", "om"):
        preview = pages.export_preview(table.sit("vz"), conference, party)
        document = made(table, "vz", party)
        assert preview is not None
        assert document is not None
        assert (preview.seen, preview.received) == (len(WORDS), len(texts(document)))


def test_a_list_holds_what_was_decided_in_this_meeting_only(table: Table) -> None:
    table.do("nt", "decision.propose", at="o2", agenda_item=table.id("agenda_items", "b1"), text="besluit-d9")
    one, two = made(table, "nt", "politie"), made(table, "nt", "politie", "o2")
    assert one is not None
    assert two is not None
    assert not any(plain(d.text).startswith("besluit-d9") for _, d in one.decisions)
    assert [plain(d.text) for _, d in two.decisions] == ["besluit-d9"]
    assert Note.objects.filter(conference=table.id("conferences", "o2")).count() == 1


def test_the_header_of_a_case_stands_in_a_list_where_both_may_read_it(table: Table) -> None:
    from conference.cases import commands as cases
    from conference.cases.models import Case

    document = made(table, "vz", "kwintes")
    assert document is not None
    assert [part.purpose for part in document.parts if part.code_name] == ["hulp en veiligheid"]
    cases.change_phase(Case.objects.get(id=table.id("cases", "c1")), "triage")
    closed = made(table, "vz", "kwintes")
    assert closed is not None
    assert all(part.purpose is None for part in closed.parts)


def test_a_dissent_names_people_as_the_receiver_may_read_them(table: Table) -> None:
    for party in ("politie", "zvh_procesregie"):  # another party's words on the process: by pseudonym, for both
        document = made(table, "vz", party)
        assert document is not None
        (reason,) = [dissent.reason for _, one in document.decisions for dissent in one.dissent]
        assert reason == "tegen-d1 betrokkene 2"
