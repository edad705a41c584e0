"""A notice to CoMensha: registration and placement, each with a ground of its own. Reads the register, changes nothing.

Police, military police and the Labour Inspectorate may supply for registration without her consent (Bpg 4:2
lid 1 onder b, 3°); every other notifier, the care coordinator too, needs her prior written consent, and so does
any request for placement (CoMensha's own conditions).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from conference.accounts.models import Person
from conference.cases import registering
from conference.cases.commands import purpose_reference
from conference.cases.rights import CaseRights
from conference.covenant.grounds import consent_valid
from conference.covenant.words import COMENSHA, POLICE
from consent import register
from consent.models import ConsentLine
from consent.states import State

CATEGORY = "id"  # a notice tells who she is
TO_COMENSHA = 6  # the exception's code


class Notice(StrEnum):
    """What a notice asks of CoMensha."""

    REGISTRATION = "registration"
    PLACEMENT = "placement"


PURPOSES: Mapping[Notice, str] = MappingProxyType(
    {Notice.REGISTRATION: "registratie bij CoMensha", Notice.PLACEMENT: "plaatsing via CoMensha"}
)
"""The purposes to the letter: never the case's own, so that a yes to this opens nothing else."""


def purpose_of(case: UUID, notice: Notice) -> UUID:
    """Return the opaque reference of a notice's purpose within a case."""
    return purpose_reference(case, PURPOSES[notice])


def ground(found: CaseRights, subject: UUID, notice: Notice, party: str, now: datetime) -> str | None:
    """Return on what ground somebody of a party may make a notice: "consent" | "police" | None.

    The caller has ruled and logs. Raises KeyTrouble.
    """
    if party == POLICE:
        return "police" if notice is Notice.REGISTRATION and police_ground(found, subject, now) else None
    return "consent" if consented(found, subject, notice, now) else None


def police_ground(found: CaseRights, subject: UUID, now: datetime) -> bool:
    """Say whether somebody of the police decided to register her without her consent, and that still holds."""
    deciders = [
        UUID(line.decider)
        for line in found.exceptions
        if (line.subject, line.party, line.category, line.code) == (str(subject), COMENSHA, CATEGORY, TO_COMENSHA)
        and line.starts <= now < line.ends
    ]
    return Person.objects.filter(id__in=deciders, party=POLICE).exists()


def consented(found: CaseRights, subject: UUID, notice: Notice, now: datetime) -> bool:
    """Say whether she agreed in writing to this notice, and that still holds."""
    purpose = purpose_of(found.id, notice)
    about = (str(subject), COMENSHA, CATEGORY, str(purpose))
    lines = [one for one in found.consents if (one.subject, one.party, one.category, one.purpose) == about]
    return consent_valid(lines, now) and _in_writing(found, subject, purpose)


def state(subject: UUID, case: UUID, notice: Notice, now: datetime) -> tuple[State, ConsentLine | None]:
    """Return what she last said to a notice."""
    last = register.last_event(subject, COMENSHA, CATEGORY, purpose_of(case, notice))
    return register.state_at(last, now), last


def _in_writing(found: CaseRights, subject: UUID, purpose: UUID) -> bool:
    """Say whether her last yes was on paper; one that was taken over from elsewhere says nothing of that."""
    given = (
        ConsentLine.objects.filter(
            case=found.id, subject=subject, party=COMENSHA, category=CATEGORY, purpose=purpose,
            state__in=[State.GIVEN, State.CONFIRMED],
        )
        .order_by("-number")
        .first()
    )  # fmt: skip
    if given is None or given.talk is None:
        return False
    kept, said = next(pair for pair in registering.open_talks(found, subject) if pair[0].id == given.talk)
    return kept.evidence is not None or said.method == "schriftelijk"
