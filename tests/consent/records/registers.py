"""Registers to make documents of: one to read by eye, every state once, and random ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from consent.records import (
    Category,
    Event,
    GivenBy,
    Interpreter,
    Kind,
    Line,
    Method,
    Notice,
    Party,
    Purpose,
    Register,
)
from consent.states import State

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
IDS = UUID("6f0c2f0e-5d0a-4b1e-9f0c-2a1d5c3e8b10")

PROCESS = Party(id="zvh_procesregie", name="procesregie", address="Fictieflaan 1, Veenstad", contact="035 000 00 00")
CARE = Party(id="zorgcoordinator", name="zorgcoördinator")
KWINTES = Party(id="kwintes", name="Kwintes", kind=Kind.NON_PROFIT)
HEALTH = Category(code="gez", name="gezondheid", special=True)
HELP = Category(code="hlp", name="hulp")
LETTER = Notice(id="toestemmingsbrief-MH", version="3", language="bg", sha256="9b" * 32, on=date(2026, 3, 2))


def line(state: State = State.GIVEN, *, party: Party = KWINTES, category: Category = HEALTH, **more: Any) -> Line:
    purpose = Purpose(id="0d0e1b5c-52a3-4c17-8c30-6a2f3c4b5d6e", title="begeleid wonen")
    return Line(party=party, category=category, purpose=purpose, state=state, **more)


def event(of: Line, number: int = 1, **more: Any) -> Event:
    facts: dict[str, Any] = {
        "lines": (of.key,),
        "at": NOW - timedelta(days=20),
        "state": of.state,
        "ends": of.ends,
        "given_by": GivenBy.SELF,
        "method": Method.SPOKEN,
        "language": "bg",
        "interpreter": Interpreter.REGISTERED,
        "evidence": "2c" * 32,
        "notice": LETTER,
    }
    return Event(id=uuid5(IDS, str(number)), **(facts | more))


def register(*lines: Line, events: tuple[Event, ...] = (), **more: Any) -> Register:
    facts: dict[str, Any] = {
        "record_id": IDS,
        "receipt_id": uuid5(IDS, "receipt"),
        "made_at": NOW,
        "principal": "QH7M-2XTR-9D",
        "handle": "betrokkene 1",
        "controller": PROCESS,
        "registrar": CARE,
        "location": "NL",
        "within": "EEA",
        "retention": "P5Y",
        "withdrawal": "mondeling of schriftelijk, bij de zorgcoördinator",
        "rights": "bij de functionaris gegevensbescherming",
    }
    return Register(lines=lines, events=events, **(facts | more))


def whole() -> Register:
    """One register with all facts known: a line that was given, and one that was given with it and taken back."""
    given = line(
        State.GIVEN, ends=NOW + timedelta(days=180), starts=NOW - timedelta(days=20), review_on=date(2027, 5, 1)
    )
    back = line(State.WITHDRAWN, category=HELP, covenant_row="0.1-concept/kwintes/hlp")
    events = (
        event(given, 1, lines=(given.key, back.key), given_by=GivenBy.BOTH),
        event(back, 2, at=NOW - timedelta(days=1), method=Method.SPOKEN),
    )
    return register(given, back, events=events)


def of_state(state: State, *, told: bool) -> Register:
    """A register of one line in one state; `told`: with the event that made it so."""
    only = line(state, ends=NOW + timedelta(days=90) if state is State.LIMITED else None)
    return register(only, events=(event(only),) if told else ())


def empty_facts(state: State) -> Register:
    """A register of which as little is known as can be: a line that was taken over from elsewhere."""
    only = Line(party=Party(id="kwintes", name="Kwintes"), category=HEALTH, purpose=Purpose(id="een-doel"), state=state)
    taken_over = Event(id=uuid5(IDS, "loaded"), at=NOW, lines=(only.key,), state=state)
    unknown = dict.fromkeys(("location", "within", "retention", "withdrawal", "rights", "handle"), "")
    return register(only, events=(taken_over,), controller=Party(id="zvh", name="ZVH"), **unknown)


# --- the words that there are ---------------------------------------------------------------------------------


def known_terms() -> dict[str, frozenset[str]]:
    """The vendored names of terms, by namespace."""
    found: dict[str, set[str]] = {}
    at = ""
    for row in (Path(__file__).parent / "dpv-2.3.terms").read_text().splitlines():
        if row.startswith("["):
            at = row.strip("[]")
        elif row and not row.startswith("#"):
            found.setdefault(at, set()).update(row.split())
    return {space: frozenset(names) for space, names in found.items()}


# --- random ones ----------------------------------------------------------------------------------------------

HOSTILE = (
    '"',
    "</script><script>alert(1)</script>",
    "@id",
    "@context",
    "dpv:ConsentGiven",
    "https://w3id.org/dpv#ConsentGiven",
    "_:b0",
    "\u202eevorp\u202c",
    "\u2066\u200f\u2069",
    '{"@id": "urn:x"}',
    "\\u0000",
    "a:b",
    "//kwaad.example/x",
    "../../etc/passwd",
    "toestemming\nregel twee",
)
_words = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=12)
_names = _words.filter(lambda text: bool(text.strip()))
_maybe = st.just("") | _words
_times = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_parties = st.builds(Party, id=_names, name=_names, address=_maybe, contact=_maybe, kind=st.sampled_from(Kind))
_categories = st.builds(Category, code=_names, name=_names, special=st.booleans())
_purposes = st.builds(Purpose, id=_names, title=_maybe)
_notices = st.builds(Notice, id=_names, version=_names, language=_names, sha256=_maybe, on=st.none() | st.dates())
_lines = st.builds(
    Line,
    party=_parties,
    category=_categories,
    purpose=_purposes,
    state=st.sampled_from(State),
    starts=st.none() | _times,
    ends=st.none() | _times,
    review_on=st.none() | st.dates(),
    covenant_row=_maybe,
)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Any register that can be made: of some lines, some events of these, and facts known or not."""
    lines = draw(st.lists(_lines, min_size=1, max_size=4, unique_by=lambda made: made.key))
    keys = st.lists(st.sampled_from([made.key for made in lines]), min_size=1, max_size=3).map(tuple)
    numbers: Iterator[int] = count()
    events = draw(
        st.lists(
            st.builds(
                Event,
                id=st.builds(lambda: uuid5(IDS, str(next(numbers)))),
                at=_times,
                lines=keys,
                state=st.sampled_from(State),
                ends=st.none() | _times,
                said_on=st.none() | st.dates(),
                given_by=st.sampled_from(GivenBy),
                method=st.sampled_from(Method),
                language=_maybe,
                interpreter=st.sampled_from(Interpreter),
                evidence=_maybe,
                notice=st.none() | _notices,
            ),
            max_size=4,
        )
    )
    return register(
        *lines,
        events=tuple(events),
        principal=draw(_names),
        handle=draw(_maybe),
        controller=draw(_parties),
        registrar=draw(_parties),
        jurisdiction=draw(st.just("NL") | _names),
        location=draw(_maybe),
        within=draw(st.sampled_from(["", "EU", "EEA", "elders"])),
        retention=draw(st.sampled_from(["", "P5Y", "P30D"])),
        withdrawal=draw(_maybe),
        rights=draw(_maybe),
        notices=tuple(draw(st.lists(_notices, max_size=2))),
    )
