"""The one line that whoever registers a victim records: that the care coordinator may call her.

All else is asked by the care coordinator; so that she can, the victim agrees beforehand that she is called.
The covenant is not asked whether it wants consent for this: calling her at all is hers to allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from agenda.commands.turn import Turn
from agenda.refused import Refused
from conference.accounts.models import Person
from conference.cases import registering
from conference.cases.access import Gate
from conference.cases.rights import CaseRights
from conference.covenant.days import birthday, day_end, day_of
from consent.ages import ADULT_FROM, CHILD_UNTIL, TEEN_UNTIL, Band
from consent.commands import NewTalk
from consent.models import ConsentTalk
from consent.rules import review_day
from consent.states import State
from consent.talk import Contact, Giver, Method, Pressed, Talk, YesNo

CARE = "care_coordinator"
CATEGORY = "id"  # who she is and how she can be reached: what calling her takes
VICTIM = "victim"
FRESH = timedelta(days=30)  # what she agreed to longer ago is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """How she agreed that she is called. `on`: the day of it. `paper`: where it lies, if she signed.

    `alone`, `pressure`: whether it was free, as with any yes; in doubt `setting` says why it was. `age_band`: her own
    word, where her date of birth is not known. `contact`: how she can be reached safely.
    """

    method: Method
    given_by: Giver
    on: date
    contact: Contact
    alone: YesNo = ""
    pressure: Pressed = ""
    setting: str = ""
    paper: str = ""
    representative: str = ""
    age_band: Band | None = None


def calling(gate: Gate, case: UUID) -> list[str]:
    """Return who takes part in a case, in its order; the process party, which is in all, last."""
    process = [gate.process_party] if gate.process_party else []
    return list(dict.fromkeys([*gate.cases[case].parties, *process]))


def care_party(involved: Sequence[str], own: str) -> str | None:
    """Return whose care coordinator would call a victim of a case; None: nobody of another party takes part.

    `involved`: who takes part, in the case's order; the first of them with somebody who keeps registers calls.
    """
    rows = Person.objects.filter(party__in=involved, is_active=True, family="inhoud")
    caring = {row.party for row in rows if CARE in row.roles}
    return next((party for party in involved if party in caring and party != own), None)


def record(turn: Turn, case: UUID, subject: UUID, said: Approach) -> None:
    """Record that she may be called, and how safely; in the transaction that registers her.

    Refused "not_a_victim", "no_care_coordinator", "told_in_future", "agreed_long_ago", "turned_since",
    "contact_missing" and the register's codes.
    """
    found = turn.case(case)
    if found.subjects[subject].role != VICTIM:
        raise Refused("not_a_victim")
    party = care_party(calling(turn.gate, case), turn.identity.party)
    if party is None:
        raise Refused("no_care_coordinator")
    _check_day(said.on, day_of(turn.now), found.subjects[subject].birth_date)
    if not said.contact.channel or not said.contact.reach.strip():
        raise Refused("contact_missing")
    by, at = turn.identity.person, turn.now
    registering.record_fact(found, subject, said.contact, by=by, at=at)
    registering.record_consent(found, _step(turn, subject, party, _talk(turn, found, subject, said)), by=by, at=at)
    turn.log(
        "consent.given", f"subject:{subject}", case=case, category=CATEGORY, subjects=[subject], receiver=party,
        seen=False,
    )  # fmt: skip


def _check_day(on: date, today: date, born: date | None) -> None:
    """What she agreed to counts for a month, and not past a birthday on which she is asked anew."""
    if on > today:
        raise Refused("told_in_future")
    if on < today - FRESH:
        raise Refused("agreed_long_ago")
    if born is not None and any(on < birthday(born, age) <= today for age in (CHILD_UNTIL, TEEN_UNTIL, ADULT_FROM)):
        raise Refused("turned_since")


def _talk(turn: Turn, found: CaseRights, subject: UUID, said: Approach) -> tuple[ConsentTalk, Talk]:
    talk = Talk(
        method=said.method,
        given_by=said.given_by,
        representative=said.representative,
        on=said.on,
        alone=said.alone,
        pressure=said.pressure,
        setting=said.setting,
        paper=said.paper,
        age_band=said.age_band,
    )
    new = NewTalk(case=found.id, subject=subject, talk=talk)
    return registering.record_talk(found, new, by=turn.identity.person, at=turn.now), talk


def _step(turn: Turn, subject: UUID, party: str, talk: tuple[ConsentTalk, Talk]) -> registering.ConsentStep:
    """It holds until the day by which she would be asked again: by then she was called, or it lapses."""
    review = review_day(day_of(turn.now), reflecting=False)
    return registering.ConsentStep(
        subject=subject,
        party=party,
        category=CATEGORY,
        state=State.GIVEN,
        starts=turn.now,
        ends=day_end(review),
        talk=talk,
        review_on=review,
        covenant_row=f"{turn.gate.covenant.version if turn.gate.covenant else ''} {party}/{CATEGORY}",
        approach=True,
    )
