"""Any sequence of answers, ages, clocks and covenants: register and rulings are those of a second, simpler book.

The book here is written from the register's own words and shares no code with it; what the covenant makes of
its lines is asked of the second evaluation of the covenant's table (`tests/covenant/oracle.py`).
"""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from audit.record import write_lock
from conference import clock
from conference.cases import commands as cases
from conference.cases import registering, rights
from conference.cases.access import Gate
from conference.cases.commands import CaseRefusal
from conference.cases.models import Case
from conference.cases.registering import ConsentStep
from conference.covenant import facts, shelf
from conference.demo.world import covenant
from consent import register
from consent.commands import NewTalk
from consent.states import State
from consent.talk import LineTold
from tests.consenting import NOTICE, full_talk
from tests.covenant import oracle
from tests.world import TODAY, Table

NL = ZoneInfo("Europe/Amsterdam")
PARTIES = ("kwintes", "politie", "zvh_procesregie", "ggz")
CATEGORIES = ("gez", "hlp", "vbl")
SUPPLIER = "college_uitvoering"  # brings every one of these kinds, and is bound by no secrecy
HOLDS = {"gegeven", "bevestigd", "beperkt"}
MORE = {"gegeven", "bevestigd"}
LESS = {"geweigerd", "ingetrokken", "ongeldig", "gevraagd", "uitgesteld"}
AFTER = {
    "": {"gevraagd", "uitgesteld", "geweigerd", "gegeven"},
    "holds": {"gegeven", "bevestigd", "beperkt", "ingetrokken", "verlopen", "ongeldig"},
    "ongeldig": set(),
}
# What is wrong with a conversation, and how a yes in it is refused.
FLAWS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, ""),
    "not alone": ({"alone": "nee"}, "not_free_to_speak"),
    "pressed": ({"pressure": "ja"}, "under_pressure"),
    "a partner interprets": ({"interpreter": "informeel", "interpreter_is": "partner"}, "interpreter_not_allowed"),
    "not read back": ({"read_back": False}, "fields_missing"),
    "nobody says who answers": ({"given_by": ""}, "fields_missing"),
    "a parent alone": ({"given_by": "vertegenwoordiger", "representative": "ouder", "mandate": "gezag"}, "who"),
    "she and a parent": ({"given_by": "beiden", "representative": "ouder", "mandate": "gezag"}, ""),
}
Key = tuple[str, str]


@dataclass
class Book:
    """The register as one would keep it on paper: of each line what was written, in order."""

    born: date
    lines: dict[Key, list[tuple[str, datetime, datetime | None]]] = field(default_factory=dict)
    written: list[tuple[Key, str, datetime, datetime | None]] = field(default_factory=list)

    def state(self, key: Key, now: datetime) -> str:
        """What a line says now; what has run out says so."""
        if key not in self.lines:
            return "niet_gevraagd"
        state, _starts, ends = self.lines[key][-1]
        return "verlopen" if state in HOLDS and ends is not None and ends <= now else state

    def age(self, now: datetime) -> int:
        today = now.astimezone(NL).date()
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))

    def end(self, state: str, starts: datetime, ends: datetime | None) -> datetime | None:
        """A yes ends at the latest when she turns 12, 16 or 18."""
        if state not in HOLDS:
            return ends
        days = [self._birthday(age) for age in (12, 16, 18)]
        turns = [datetime(d.year, d.month, d.day, tzinfo=NL).astimezone(UTC) for d in days]
        return min([turn for turn in turns if turn > starts] + ([ends] if ends else []), default=None)

    def _birthday(self, age: int) -> date:
        leap = (self.born.month, self.born.day) == (2, 29) and (self.born.year + age) % 4
        return date(self.born.year + age, 3, 1) if leap else self.born.replace(year=self.born.year + age)

    def allowed(self, key: Key, now: datetime) -> set[str]:
        """What may be written after what a line says now."""
        before = self.state(key, now)
        return AFTER["holds"] if before in HOLDS else AFTER.get(before, AFTER[""])

    def refusal(self, key: Key, state: str, now: datetime, ends: datetime | None, flaw: str) -> str | None:
        """Why this may not be written, or None."""
        if state not in self.allowed(key, now):
            return "state_not_allowed"
        known = self.lines[key][-1][2] if key in self.lines else None
        if state == "beperkt" and known is not None and (ends is None or ends > known):
            return "limit_is_longer"
        if state in HOLDS and ends is not None and ends <= now:
            return "ends_before_start"
        return self._flawed(state, now, flaw)

    def _flawed(self, state: str, now: datetime, flaw: str) -> str | None:
        changes, code = FLAWS[flaw]
        if flaw == "nobody says who answers" and state in {"geweigerd", *MORE}:
            return "fields_missing"
        if state not in MORE:
            return None
        if state == "bevestigd" and flaw == "not read back":
            code = ""  # what is confirmed was read back when it was given
        if code and code != "who":
            return code
        given_by, age = changes.get("given_by", "zelf"), self.age(now)
        if age >= 12 and given_by == "vertegenwoordiger":
            return "own_consent_missing"
        return "representative_missing" if age < 16 and given_by == "zelf" else None

    def write(self, key: Key, state: str, starts: datetime, ends: datetime | None) -> None:
        self.lines.setdefault(key, []).append((state, starts, ends))
        self.written.append((key, state, starts, ends))


STATES = [one.value for one in State if one is not State.NOT_ASKED]
ANSWER: dict[str, Any] = {
    "key": st.sampled_from([("kwintes", "gez"), ("zvh_procesregie", "hlp")]),
    "place": st.integers(0, 119),
    "wild": st.sampled_from([False, False, False, True]),
    "hours": st.sampled_from([None, -1, 1, 26, 24 * 20, 24 * 400]),
    "flaw": st.sampled_from(["she and a parent"] * 6 + list(FLAWS)),
}


class Histories(RuleBasedStateMachine):
    """One victim in one case; what may happen to her register does."""

    table: Table
    starts: timedelta
    versions = 0
    happened: Counter[str] = Counter()

    @initialize(
        born=st.one_of(
            # Round the birthdays that count, on both sides, and on 29 February.
            st.builds(lambda years, days: TODAY.replace(year=TODAY.year - years) + timedelta(days=days),
                      st.sampled_from([12, 16, 18]), st.integers(-3, 40)),
            st.sampled_from([date(2012, 2, 29), date(2008, 2, 29), date(1990, 5, 17)]),
        )
    )  # fmt: skip
    def begin(self, born: date) -> None:
        clock.set_offset(self.starts)
        self.case = self.table.id("cases", "c1")
        with write_lock(), transaction.atomic():
            row = Case.objects.get(id=self.case)
            cases.change_phase(row, "overleg")
            made = cases.register_subject(
                row, role="victim", registered_by="politie", identity={"birth_date": born.isoformat()}
            )
        self.subject: UUID = made.id
        self.book = Book(born)

    # --- what happens ---------------------------------------------------------------------

    @rule(**ANSWER)
    def answer(self, **said: Any) -> None:
        """She answers, or something becomes of what she answered."""
        self._answer(**said)

    @rule(**ANSWER)
    def answer_again(self, **said: Any) -> None:
        """The same: what people say is as likely as all else together."""
        self._answer(**said)

    def _answer(self, *, key: Key, place: int, wild: bool, hours: int | None, flaw: str) -> None:
        now = clock.now()
        allowed = sorted(self.book.allowed(key, now))
        state = allowed[place % len(allowed)] if allowed and not wild else STATES[place % len(STATES)]
        asked = None if hours is None else now + timedelta(hours=hours)
        if state == "beperkt" and not wild:
            asked = self._half_way(key, now)
        ends = self.book.end(state, now, asked)
        expected = self.book.refusal(key, state, now, ends, flaw)
        before = self.seen()
        if expected is not None:
            with pytest.raises(CaseRefusal) as refused:
                self._record(key, state, now, asked, flaw)
            assert refused.value.code == expected
            assert self.seen() == before
            self.happened[expected] += 1
            return
        self._record(key, state, now, asked, flaw)
        self.book.write(key, state, now, ends)
        self.happened[state] += 1
        self._only_more_or_less(key, state, before)

    def _half_way(self, key: Key, now: datetime) -> datetime:
        known = self.book.lines[key][-1][2]
        return now + ((known - now) / 2 if known else timedelta(days=9))

    def _record(self, key: Key, state: str, now: datetime, ends: datetime | None, flaw: str) -> None:
        talk = full_talk(paper="in de kluis", **FLAWS[flaw][0])
        step = ConsentStep(
            subject=self.subject, party=key[0], category=key[1], state=State(state), starts=now, ends=ends,
            review_on=TODAY, told=LineTold(because="druk"),
        )  # fmt: skip
        with write_lock(), transaction.atomic():
            found = rights.load([self.case])[self.case]
            wanted = NewTalk(case=self.case, subject=self.subject, talk=talk, notice=NOTICE)
            kept = registering.record_talk(found, wanted, by=None, at=now)
            registering.record_consent(found, replace(step, talk=(kept, talk)), by=None, at=now)

    def _only_more_or_less(self, key: Key, state: str, before: dict[Key, str]) -> None:
        """A yes takes nothing away, a no gives nothing, and neither touches another line."""
        after, rank = self.seen(), ["none", "pseudonymised", "identified"].index
        assert {one: level for one, level in after.items() if one != key} == {
            one: level for one, level in before.items() if one != key
        }
        if state in MORE:
            assert rank(after[key]) >= rank(before[key])
        if state in LESS:
            assert rank(after[key]) <= rank(before[key])

    @rule(hours=st.sampled_from([1, 5, 25, 24 * 4, 24 * 19, 24 * 45, -1, -30]))
    def time(self, hours: int) -> None:
        """The clock goes on, or is set back."""
        clock.set_offset(clock.offset() + timedelta(hours=hours))

    @rule(phase=st.sampled_from(["verrijking", "overleg", "overleg", "uitvoering", "nazorg", "afgeschermd"]))
    def phase(self, phase: str) -> None:
        with write_lock(), transaction.atomic():
            cases.change_phase(Case.objects.get(id=self.case), phase)

    @rule(
        letters=st.sampled_from(["-----", "---cc", "o-ccc", "---pp", "o-ooo"]),
        party=st.sampled_from(PARTIES),
        category=st.sampled_from(["hlp", "vzn"]),
    )
    def covenant(self, letters: str, party: str, category: str) -> None:
        """Another version rules from today on."""
        Histories.versions += 1
        source = deepcopy(covenant(TODAY))
        source["covenant"] |= {"version": f"9.{Histories.versions}", "valid_from": "2026-01-01"}
        source["parties"][party][category] = letters
        shelf.adopt(source, by=None, origin="cli")

    # --- what always holds -------------------------------------------------------------------

    @invariant()
    def the_register_says_what_the_book_says(self) -> None:
        now = clock.now()
        mine = [event for event in register.lines([self.case]) if event.subject == self.subject]
        standing = {(key.party, key.category): event for key, event in register.standing(mine).items()}
        for key in ((party, category) for party in PARTIES for category in CATEGORIES):
            assert register.state_at(standing.get(key), now).value == self.book.state(key, now), key
        assert len(mine) == len(self.book.written)

    @invariant()
    def who_sees_what_is_what_the_covenant_makes_of_the_book(self) -> None:
        seen = self.seen()
        assert seen == dict(self.expected())
        self.happened["opened"] += "identified" in {level for (_, kind), level in seen.items() if kind == "gez"}

    def seen(self) -> dict[Key, str]:
        """At which level each party reads an item of each kind about her, as the gate rules now."""
        with rights.snapshot():
            gate = Gate.at_this_moment([self.case])
        return {
            (party, category): gate.rule(facts.Viewer(party, "inhoud"), self.case, self._item(category)).level.value
            for party in PARTIES
            for category in CATEGORIES
        }

    def expected(self) -> Iterator[tuple[Key, str]]:
        now = clock.now()
        ruling = shelf.active(now)
        found = rights.load([self.case])[self.case]
        lines = [
            facts.ConsentLine(str(self.subject), *key, found.fact.purpose, state, number, starts, ends)
            for number, (key, state, starts, ends) in enumerate(self.book.written)
        ]
        for key in ((party, category) for party in PARTIES for category in CATEGORIES):
            asked = (facts.Viewer(key[0], "inhoud"), found.fact, self._item(key[1]))
            raw = ruling.source if ruling else {}
            yield key, oracle.ask(raw, ruling is not None, *asked, lines, (), now)[0]

    def _item(self, category: str) -> facts.Item:
        return facts.Item(category, SUPPLIER, str(self.subject))


def test_any_history_leaves_the_register_that_the_book_has(table: Table) -> None:
    Histories.table, Histories.starts = table, clock.offset()
    Histories.happened = Counter()
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=32,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],  # a whole history is worth more than a short one
            suppress_health_check=list(HealthCheck),
        ),
    )
    # It really came to it: every state, a yes that opened something, and many a refusal (each has a test of its own).
    happened = set(+Histories.happened)
    assert {one.value for one in State} - {"niet_gevraagd"} - happened == set()
    assert "opened" in happened
    assert len(happened - {one.value for one in State} - {"opened"}) > 4
