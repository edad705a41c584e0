"""All case content and all identities are sealed: no table has a word of them, in any writing."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from agenda.commands import at_desk, consents, on_case
from agenda.protocol import Ack
from consent.states import State
from consent.talk import Contact, LineTold, Reflection, Representative
from tests.consenting import NOTICE, full_talk
from tests.world import Table, settle, tiny_world

STEM = "kanarie"  # with which every word begins


class Canaries:
    """Gives every text of a world a word that stands nowhere else."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def word(self, where: str) -> str:
        made = f"{STEM}{len(self.words):03d}Qx{len(where):02d}zW"
        self.words[made] = where
        return made

    def sing(self, world: dict[str, Any]) -> dict[str, Any]:
        for person in world["people"]:
            person["name"] = self.word("person")
        for case in world["cases"]:
            self._case(case)
        for conference in world["conferences"]:
            conference["title"] = self.word("conference")
            for point in conference["agenda"]:
                self._point(point)
        return world

    def _case(self, case: dict[str, Any]) -> None:
        for name in ("purpose", "municipality", "form"):
            case[name] = self.word(name)
        for subject in case.get("subjects", ()):
            identity = subject["identity"]
            for name in {"name", "bsn", "address", "phone"} & set(identity):
                identity[name] = self.word(name)
        for item in case["items"]:
            item["text"] += self.word("item")
            item["basis"] = self.word("basis")
        for line in case.get("consents", ()):
            line["purpose"] = case["purpose"]
        for exception in case.get("exceptions", ()):
            exception["reason"] = self.word("reason")

    def _point(self, point: dict[str, Any]) -> None:
        point["title"] += self.word("title")
        for kind in ("notes", "decisions", "actions"):
            for said in point.get(kind, ()):
                said["text"] += self.word(kind)
                for dissent in said.get("dissent", ()):
                    dissent["reason"] += self.word("dissent")


def writings(word: str) -> Iterator[bytes]:
    """The word in every writing in which it might lie around; base64 at each of its three offsets."""
    plain = word.encode()
    yield plain
    yield plain.lower()
    yield plain.upper()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    yield plain[::-1]
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        yield coded[4 if offset else 0 : -4]
        yield base64.urlsafe_b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4]


def every_cell() -> Iterator[tuple[str, bytes]]:
    """Every value of every column of every table, as bytes."""
    for name in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{name}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if value is not None:
                        is_raw = isinstance(value, bytes | memoryview)
                        yield f"{name}.{column}", bytes(value) if is_raw else str(value).encode()


def found(words: dict[str, str], haystack: Iterator[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Where a word stands, and which. First only the stem is looked for: the log of a whole run of tests is long."""
    needles = [(needle, where) for word, where in words.items() for needle in writings(word)]
    stems = [*writings(STEM)]
    assert all(any(stem in needle for stem in stems) for needle, _ in needles), "no word escapes the first look"
    likely = [(place, cell) for place, cell in haystack if any(stem in cell for stem in stems)]
    return [(place, where) for place, cell in likely for needle, where in needles if needle in cell]


@pytest.fixture
def sung(transactional_db: None, quick_passwords: None, own_clock: None) -> tuple[Table, dict[str, str]]:
    canaries = Canaries()
    table = settle(canaries.sing(tiny_world()))
    point, c1, s1 = table.id("agenda_items", "a1"), table.id("cases", "c1"), table.id("subjects", "s1")
    written: list[tuple[str, str, dict[str, Any]]] = [
        ("kw", "minutes.write", {"agenda_item": point, "text": canaries.word("live minutes")}),
        ("vz", "decision.propose", {"agenda_item": point, "text": canaries.word("live decision")}),
        ("pol", "decision.dissent", {"key": table.key("d3"), "reason": canaries.word("live dissent")}),
        ("vz", "agenda_item.add", {"case": c1, "title": canaries.word("live title"), "minutes": 5}),
        ("vz", "agenda_item.add", {"case": None, "title": canaries.word("general title"), "minutes": 5}),
        ("kw", "minutes.write", {"agenda_item": table.id("agenda_items", "a0"), "text": canaries.word("general")}),
        ("vz", "action.add",
         {"agenda_item": point, "text": canaries.word("live action"), "owner": "kwintes", "due": "2026-12-01"}),
        ("kw", "item.prepare",
         {"case": c1, "category": "hlp", "kind": "feit", "basis": canaries.word("live basis"), "subject": s1,
          "text": canaries.word("live item")}),
    ]  # fmt: skip
    for name, do, args in written:
        assert isinstance(table.do(name, do, **args), Ack), do
    free = ("witness_told", "explained_by", "interpreter_told", "capacity_told", "setting", "mandate", "exclusions")
    talk = full_talk(**{name: canaries.word(name) for name in (*free, "paper", "note")})
    facts = [
        Contact(reach=canaries.word("reach"), times=canaries.word("times"), word=canaries.word("word")),
        Representative(role="ouder", involved=True, because=canaries.word("because")),
    ]
    c2, t1 = table.id("cases", "c2"), table.id("subjects", "t1")  # the track in which a reflection period is kept
    reflection = Reflection(note=canaries.word("reflection"))
    on_case(table.sit("zc"), c2, lambda turn: consents.keep_fact(turn, c2, t1, reflection))
    told = LineTold(note=canaries.word("line note"))
    step = consents.Step(case=c1, subject=s1, party="politie", category="vbl", state=State.GIVEN, told=told)
    said = consents.Conversation(case=c1, subject=s1, talk=talk, notice=NOTICE, steps=[step], facts=facts)
    on_case(table.sit("zc"), c1, lambda turn: consents.converse(turn, said))
    typed = {"note": canaries.word("draft")}
    at_desk(table.sit("zc"), "consent.drafted", lambda turn: consents.save_draft(turn, c1, s1, typed), case=c1)
    paper = b"%PDF-" + canaries.word("document").encode()
    at_desk(table.sit("zc"), "evidence.kept", lambda turn: consents.keep_evidence(turn, c1, s1, paper), case=c1)
    table.do("kw", "agenda_item.start", key=canaries.word("refused key"))
    table.do("kw", canaries.word("refused command"), key=table.key("a1"))
    return table, canaries.words


def test_no_table_holds_a_word_in_any_writing(sung: tuple[Table, dict[str, str]]) -> None:
    _, words = sung
    assert len(words) > 60
    assert found(words, every_cell()) == []


def test_the_files_of_the_store_hold_no_word_either(sung: tuple[Table, dict[str, str]]) -> None:
    _, words = sung
    folder: Path = settings.CONFIG.data_folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files or connection.vendor != "sqlite"
    assert found(words, ((path.name, path.read_bytes()) for path in files)) == []


def test_the_words_are_all_there_for_whom_they_are_meant(sung: tuple[Table, dict[str, str]]) -> None:
    """The search can find: what the chair reads holds the words, and no view holds another's draft."""
    table, words = sung
    shown = json.dumps(table.view("vz")).encode()
    seen = {where for _, where in found(words, iter([("view", shown)]))}
    assert {"item", "basis", "decisions", "dissent", "live title", "general", "purpose", "name"} <= seen
    assert not {"live item", "bsn", "address", "note", "reason", "reach"} & seen


def test_birth_dates_and_code_names_are_sealed_too(sung: tuple[Table, dict[str, str]]) -> None:
    table, _ = sung
    code = table.view("vz")[table.key("c1")]["code_name"]
    cells = list(every_cell())
    assert not [place for place, cell in cells if b"2008-12-01" in cell or b"1980-02-29" in cell]
    assert not [place for place, cell in cells if code.encode() in cell]
