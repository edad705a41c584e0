"""Builders for covenant tests: the example's raw data, and questions without surprise."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache

from conference.covenant import example
from conference.covenant.facts import Case, ConsentLine, ExceptionLine, Item, Subject, Viewer
from conference.covenant.file import parse
from conference.covenant.reading import read

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PURPOSE = "hulp en veiligheid"
ADULT = Subject("s1", "victim", date(1990, 5, 17))
MINOR = Subject("s1", "victim", date(2012, 5, 17))
PHASES = ("aanmelding", "triage", "verrijking", "overleg", "uitvoering")
ALL_PHASES = (*PHASES, "afsluiting", "heropend", "nazorg", "afgeschermd", "vernietigd")
TRACKS = ("wgs", "hulp", "signaal")


@cache
def _raw():
    return read(example.text())[0]


def raw():
    """A fresh copy of the example as plain data, to be changed by a test."""
    return deepcopy(_raw())


@cache
def covenant():
    return parse(_raw())


def viewer(party, family="inhoud", *, verified=True):
    return Viewer(party, family, verified)


def case(*parties, track="wgs", phase="overleg", subjects=(ADULT,), actions=()):
    return Case(track, phase, PURPOSE, frozenset(parties), tuple(subjects), frozenset(actions))


def item(category, supplier, subject="s1", **more):
    return Item(category, supplier, subject, **more)


def consent(party, category, *, subject="s1", state="gegeven", recorded=1, starts=None, ends=None, purpose=PURPOSE):
    starts = NOW - timedelta(days=10) if starts is None else starts
    return ConsentLine(subject, party, category, purpose, state, recorded, starts, ends or NOW + timedelta(days=100))


def exception(party, category, code, *, subject="s1", starts=None, ends=None, decider="u-vz", reason="nodig"):
    starts = NOW - timedelta(days=1) if starts is None else starts
    return ExceptionLine(subject, party, category, code, decider, reason, starts, ends or NOW + timedelta(days=20))
