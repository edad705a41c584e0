"""Why somebody may have looked: the fixed ties between a person and a case. Pure.

Nothing here is learnt from how people behave. That her party is involved lets her in; it says
nothing about why it was she. Windows follow a meeting's own course: the agenda is made in the two
weeks before, the decision list is adopted within five working days after.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from audit.review.facts import DAY, SECOND, Action, Cover, Facts, Grant, Involvement, Meeting, Part, Step

BEFORE_MEETING = 14 * DAY
AFTER_MEETING = 7 * DAY
AFTER_DUE = 30 * DAY  # an action that is still open is asked after for a month
AFTER_DONE = 7 * DAY
AROUND_STEP = 7 * DAY
LONGEST_STEP = 183 * DAY  # a consent line without an end is looked at again after half a year
BEFORE_PART = 7 * DAY
AFTER_PART = 30 * DAY
SLACK = 60 * SECOND  # between a change of rights and the last entry made under the old ones
REACH = LONGEST_STEP + AROUND_STEP  # so far from an access may a fact lie that explains it

MEETING, ACTION, CONSENT_STEP, OWN_PART, LEAD, COVER = "meeting", "action", "consent_step", "own_part", "lead", "cover"
TIES = (MEETING, ACTION, CONSENT_STEP, OWN_PART, LEAD, COVER)

Fact = TypeVar("Fact", Action, Step, Part, Grant, Involvement)


class Ties:
    """The facts of a period, laid out for asking."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._meetings: dict[UUID, list[Meeting]] = defaultdict(list)
        for meeting in facts.meetings:
            for case in meeting.cases:
                self._meetings[case].append(meeting)
        self._people = {meeting.id: meeting.people for meeting in facts.meetings}
        self._actions = _by_case(facts.actions)
        self._steps = _by_case(facts.steps)
        self._parts = _by_case(facts.parts)
        self._grants = _by_case(facts.grants)
        self._involvements = _by_case(facts.involvements)
        self._covers: dict[UUID, list[Cover]] = defaultdict(list)
        for cover in facts.covers:
            self._covers[cover.substitute].append(cover)

    def of(self, person: UUID, case: UUID, t: int) -> str | None:
        """Return what ties this person to this case at `t`, one of TIES; None when nothing does."""
        own = self._own(person, case, t)
        if own is not None:
            return own
        covered = (cover.absent for cover in self._covers[person] if cover.since <= t < cover.until)
        return COVER if any(self._own(absent, case, t) for absent in covered) else None

    def _own(self, person: UUID, case: UUID, t: int) -> str | None:
        if any(self._invited(meeting, person, t) for meeting in self._meetings[case]):
            return MEETING
        if any(self._asked(action, person, t) for action in self._actions[case]):
            return ACTION
        if any(step.person == person and _runs(step, t) for step in self._steps[case]):
            return CONSENT_STEP
        if any(part.person == person and part.t - BEFORE_PART <= t < part.t + AFTER_PART for part in self._parts[case]):
            return OWN_PART
        return LEAD if case in self._facts.leads.get(person, ()) else None

    def _invited(self, meeting: Meeting, person: UUID, t: int) -> bool:
        return person in meeting.people and meeting.starts - BEFORE_MEETING <= t < meeting.starts + AFTER_MEETING

    def _asked(self, action: Action, person: UUID, t: int) -> bool:
        """Whoever sat there for the party that owes it; everybody of the party when nobody did."""
        if self._facts.parties.get(person) != action.party:
            return False
        if not action.since - SLACK <= t < action.due + (AFTER_DONE if action.done else AFTER_DUE):
            return False
        there = self._people.get(action.meeting, frozenset())
        return person in there or not any(self._facts.parties.get(one) == action.party for one in there)

    # --- what the gate must have found too ----------------------------------------------

    def takes_part(self, party: str, case: UUID, t: int) -> bool:
        """Say whether a party took part in a case at `t`."""
        if party in self._facts.everywhere:
            return True
        return any(one.party == party and _holds(one.since, one.until, t) for one in self._involvements[case])

    def left(self, party: str, case: UUID, t: int) -> int | None:
        """Return when a party's last part in a case had ended before `t`; None when it never took part."""
        ends = [one.until for one in self._involvements[case] if one.party == party and one.until is not None]
        return max((end for end in ends if end <= t), default=None)

    def granted(self, kind: str, case: UUID, parties: Iterable[str], categories: frozenset[str], t: int) -> bool:
        """Say whether the register held a consent or exception for one of these parties and categories."""
        wanted = frozenset(parties)
        return any(
            one.kind == kind and one.party in wanted and one.category in categories and _holds(one.since, one.until, t)
            for one in self._grants[case]
        )


def _by_case(facts: "Iterable[Fact]") -> "dict[UUID, list[Fact]]":
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.case].append(fact)
    return found


def _runs(step: Step, t: int) -> bool:
    end = min(step.until or step.t + LONGEST_STEP, step.t + LONGEST_STEP)
    return step.t - AROUND_STEP <= t < end + AROUND_STEP


def _holds(since: int, until: int | None, t: int) -> bool:
    return since - SLACK <= t and (until is None or t < until + SLACK)
