"""The reflection period of one victim (B8/3 Vc 2000), as her care coordinator keeps it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agenda.pages.reading import Reading, Unshown
from agenda.pages.victim import Nothing, read_victim
from conference.accounts.sessions import Identity
from conference.cases import registering
from conference.covenant.days import day_of
from consent.talk import Reflection


@dataclass(frozen=True, slots=True)
class ReflectionView:
    """What is recorded of it; before the first time that is nothing. `left`: days until its end, while it runs."""

    case: UUID
    code_name: str
    subject: UUID
    handle: str
    reflection: Reflection
    today: date
    left: int | None


def reflection_read(identity: Identity, case: UUID, subject: UUID) -> Unshown[ReflectionView] | None:
    """Read it; None (and an entry) for anybody but her care coordinator, and in every track but that of help."""
    return read_victim(identity, case, subject, _view)


def _view(reading: Reading, case: UUID, subject: UUID) -> ReflectionView:
    found = reading.gate.cases[case]
    code = registering.refuse_reflection(found)
    if code is not None:
        raise Nothing(code)
    reading.saw_register(case, subject)
    reflection = registering.known_of(found, subject).reflection
    return ReflectionView(
        case=case,
        code_name=found.header().code_name,
        subject=subject,
        handle=found.subjects[subject].handle,
        reflection=reflection,
        today=day_of(reading.gate.now),
        left=_left(reflection, day_of(reading.gate.now)),
    )


def _left(reflection: Reflection, today: date) -> int | None:
    if reflection.stage != "bedenktijd" or reflection.ends is None or reflection.ends < today:
        return None
    return (reflection.ends - today).days
