"""What a victim chose, as her summary tells it: every line with its own purpose, and how each was answered."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from agenda.pages import Event, RegisterView, elsewhere
from agenda.pages.reading import Reading
from consent.states import State
from consent.talk import Talk
from frontend.notices.printed import Chosen, Line

REGISTERED = "register"  # an interpreter who has a number; of another nothing is printed
NO_INTERPRETER = "geen"
_LATER = frozenset({State.LIMITED, State.EXPIRED})  # follow on a yes: how that was given still holds


def chosen_of(view: RegisterView, reading: Reading, number: str) -> Chosen:
    """Return all lines of a register, those for a purpose of their own too. `number`: of the receipt.

    What holds for all of them is told once; where they differ, each says how it was answered.
    """
    own = reading.gate.cases[view.case].purpose_ref
    found = list(_lines(view, reading, own))
    ways = {(line.method, line.interpreter) for line in found}
    method, interpreter = ways.pop() if len(ways) == 1 else (None, None)
    alike = (method, interpreter) != (None, None)
    return Chosen(
        handle=view.handle,
        code_name=view.code_name,
        purpose=view.purpose,
        lines=[replace(line, method=None, interpreter=None) for line in found] if alike else found,
        covenant=reading.gate.covenant,
        receipt=number,
        method=method,
        interpreter=interpreter,
    )


def _lines(view: RegisterView, reading: Reading, own: UUID) -> Iterator[Line]:
    talks = {talk.id: talk.said for talk in view.talks}

    def line(one: Line, purpose: UUID) -> Line:
        about = (one.party, one.category, purpose)
        events = [e for e in view.history if (e.party, e.category, e.purpose or own) == about]
        said = _said(events, talks)
        return replace(one, method=said.method, interpreter=_interpreter(said)) if said else one

    for kept in view.lines:
        yield line(Line(kept.party, kept.category, kept.state, kept.ends), own)
    for other in elsewhere(view, reading):
        yield line(Line(other.party, other.category, other.state, other.ends, other.title), other.purpose)


def _said(events: list[Event], talks: dict[UUID, Talk]) -> Talk | None:
    """Return the conversation in which a line (newest event first) came to what it is; None if there was none."""
    last = next((event for event in events if event.state not in _LATER), None)
    return talks.get(last.talk) if last is not None and last.talk else None


def _interpreter(said: Talk) -> str | None:
    """The number of a registered interpreter, "" without any; of somebody else nothing, for it can be a name."""
    if said.interpreter == REGISTERED:
        return said.interpreter_told
    return "" if said.interpreter == NO_INTERPRETER else None
