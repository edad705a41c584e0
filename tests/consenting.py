"""A conversation in which nothing is missing, and what else the register's tests say again and again."""

from datetime import date
from typing import Any
from uuid import UUID

from agenda.commands import Turn, on_case
from agenda.commands.consents import Conversation, Step, converse
from consent.commands import NoticeRef, Weighed
from consent.states import State
from consent.talk import Talk
from tests.world import Table

NOTICE = NoticeRef("mh-toestemming", "1", "nl", "a" * 64)


def full_talk(**changes: Any) -> Talk:
    """Return an adult's conversation on the telephone, alone and free, through a registered interpreter."""
    base: dict[str, Any] = {
        "channel": "telefoon",
        "method": "mondeling",
        "witness": "tolk",
        "interpreter": "register",
        "interpreter_told": "4471",
        "capacity": "ja",
        "alone": "ja",
        "overheard": "nee",
        "pressure": "nee",
        "apart": True,
        "free": True,
        "read_back": True,
        "given_by": "zelf",
    }
    return Talk(**(base | changes))


def weighed(**changes: Any) -> Weighed:
    """Return a weighing with all that the register asks of one."""
    base: dict[str, Any] = {
        "reason": "acuut gevaar",
        "tried": "twee keer gebeld",
        "second": "de vertrouwensarts",
        "told_on": date(2026, 11, 23),
    }
    return Weighed(**(base | changes))


def recorded(turn: Turn, step: Step, talk: Talk | None = None) -> str:
    """Record one answer in a conversation of its own."""
    said = Conversation(case=step.case, subject=step.subject, talk=talk or full_talk(), notice=NOTICE, steps=[step])
    return converse(turn, said)


def say(
    table: Table,
    state: State = State.GIVEN,
    *,
    case: str | UUID = "c1",
    subject: str | UUID = "s1",
    by: str = "zc",
    talk: Talk | None = None,
    **line: Any,
) -> str:
    """Let the care coordinator record a conversation with one answer; return the key that it touched."""
    where = table.id("cases", case) if isinstance(case, str) else case
    whom = table.id("subjects", subject) if isinstance(subject, str) else subject
    step = Step(case=where, subject=whom, state=state, **line)
    return on_case(table.sit(by), where, lambda turn: recorded(turn, step, talk))
