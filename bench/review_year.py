"""A generated year of casework with planted misuse, for measuring the review. Knows nothing of its rules.

It says how an office works and how somebody abuses it, not how either is found. Work that nobody
wrote down is part of it: a call that comes in, a colleague who helps out without being registered, an
overview of all cases before the quarter's report. Everything is invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from audit.review.facts import (
    DAY,
    HOUR,
    SECOND,
    Access,
    Action,
    Cover,
    Facts,
    Grant,
    Involvement,
    Meeting,
    Part,
    Step,
)

START = int(datetime(2026, 1, 5, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp()) * SECOND  # a Monday
WEEKS = 52
DAYS = 7 * WEEKS
PROCESS, CARE = "zvh_procesregie", "zorgcoordinator"
PARTIES = {
    PROCESS: 4, CARE: 3, "politie": 7, "veilig_thuis": 5, "kwintes": 5, "leger_des_heils": 4, "ggz": 4, "om": 3,
    "burgemeester_oov": 3,
}  # fmt: skip
CASES = 70
MISUSE = ("curiosity", "browsing", "ex_partner", "for_a_colleague", "after_the_end", "slow_drip")
INCIDENTS = 12  # of each kind in the year
EVENINGS = 0.06  # of honest work
UNREGISTERED = 0.2  # of leave: somebody covers, and nobody writes it down
HELPED_OUT = 0.15  # of actions: a colleague does it who did not sit there


@dataclass
class Case:
    """A case of the year. `handlers`: by party, who works on it from which day on."""

    id: UUID
    begins: int
    ends: int
    handlers: dict[str, list[tuple[int, UUID]]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)  # parties that ended their part, and when (day)

    def handler(self, party: str, day: int) -> UUID:
        """Who works on it for a party on a day."""
        return [who for since, who in self.handlers[party] if since <= day or since == self.begins][-1]


@dataclass
class Year:
    """What happened: all looks, what is recorded, and which looks were misuse (leaf -> kind and incident)."""

    accesses: list[Access]
    facts: Facts
    misuse: dict[int, tuple[str, int]]


def generate(seed: int, missing: float = 0.0) -> Year:
    """Return a year. `missing`: the share of agenda items and of invitations that nobody entered."""
    made = _Office(seed).live()
    return replace_agenda(made, random.Random(seed + 1), missing)


def replace_agenda(year: Year, chance: random.Random, missing: float) -> Year:
    """Leave out a share of the agenda items and invitations; what people did stays as it was."""
    meetings = tuple(
        replace(
            meeting,
            cases=frozenset(case for case in sorted(meeting.cases) if chance.random() >= missing),
            people=frozenset(person for person in sorted(meeting.people) if chance.random() >= missing),
        )
        for meeting in year.facts.meetings
    )
    return Year(year.accesses, replace(year.facts, meetings=meetings), year.misuse)


class _Office:
    """The people, their cases, and what they do from Monday to Friday."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = {party: [self._id() for _ in range(count)] for party, count in PARTIES.items()}
        self.party = {person: party for party, own in self.people.items() for person in own}
        self.chairs, self.coordinator = self.people[PROCESS][:2], self.people[PROCESS][2]
        self.accesses: list[Access] = []
        self.misuse: dict[int, tuple[str, int]] = {}
        self.meetings: list[Meeting] = []
        self.actions: list[Action] = []
        self.steps: list[Step] = []
        self.parts: list[Part] = []
        self.covers: list[Cover] = []
        self.grants: list[Grant] = []
        self.away: dict[UUID, list[tuple[int, int, UUID]]] = {}  # first day, last day, substitute
        self.cases = [self._case() for _ in range(CASES)]

    def live(self) -> Year:
        """Let the year pass."""
        self._leave()
        for week in range(WEEKS):
            self._meeting(week)
            self._coordination(week)
        for case in self.cases:
            self._care(case)
            self._calls(case)
            self._departures(case)
        self._exceptions()
        for kind in MISUSE:
            for incident in range(INCIDENTS):
                getattr(self, f"_{kind}")(incident)
        self.accesses.sort(key=lambda one: (one.t, one.leaf))
        return Year(self.accesses, self._facts(), self.misuse)

    # --- who and what ---------------------------------------------------------------------

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _case(self) -> Case:
        begins = self.chance.randrange(-60, DAYS - 20)
        case = Case(self._id(), begins, begins + self.chance.randrange(60, 240))
        others = [party for party in PARTIES if party not in {PROCESS, CARE}]
        for party in (CARE, *self.chance.sample(others, self.chance.randrange(2, 6))):
            case.handlers[party] = [(begins, self.chance.choice(self.people[party]))]
            if self.chance.random() < 0.25:  # somebody else takes over
                later = begins + self.chance.randrange(20, case.ends - begins)
                case.handlers[party].append((later, self.chance.choice(self.people[party])))
        return case

    def _running(self, day: int) -> list[Case]:
        return [case for case in self.cases if case.begins <= day < case.ends]

    def _taking_part(self, case: Case, day: int) -> list[str]:
        return [party for party in case.handlers if day < case.left.get(party, DAYS * 2)]

    def _facts(self) -> Facts:
        involvements = [
            Involvement(case.id, party, _day(case.begins), _day(case.left[party]) if party in case.left else None)
            for case in self.cases
            for party in case.handlers
        ]
        return Facts(
            meetings=tuple(self.meetings),
            involvements=tuple(involvements),
            actions=tuple(self.actions),
            steps=tuple(self.steps),
            parts=tuple(self.parts),
            covers=tuple(self.covers),
            grants=tuple(self.grants),
            leads={self.coordinator: frozenset(case.id for case in self.cases)},
            parties=self.party,
            everywhere=frozenset({PROCESS}),
        )

    # --- looking ----------------------------------------------------------------------------

    def _moment(self, day: int, *, evening: float = EVENINGS) -> int:
        """A moment of a working day; a weekend's work waits for Monday."""
        day += {5: 2, 6: 1}.get(day % 7, 0)
        hour = self.chance.uniform(20, 23) if self.chance.random() < evening else self.chance.uniform(8, 17.5)
        return _day(day) + int(hour * HOUR)

    def _look(self, person: UUID, case: Case, t: int, act: str = "case.viewed", **more: str) -> Access | None:
        if not max(_day(case.begins), START) <= t < _day(DAYS):  # not before there is a case, nor in another year
            return None
        party = self.party[person]
        access = Access(
            leaf=len(self.accesses) + 1,
            t=t,
            act=act,
            out=more.get("out", "permit"),
            person=person,
            party=party,
            case=case.id,
            reason=more.get("reason", "covenant"),
            categories=frozenset({"prc", "hlp"}),
            parties=frozenset({party}),
        )
        self.accesses.append(access)
        return access

    def _work(self, case: Case, party: str, day: int, times: int = 1) -> UUID:
        """Whoever works on the case for a party that day opens it; return who that was."""
        person = self._present(case.handler(party, day), day)
        for _ in range(times):
            self._look(person, case, self._moment(day))
        return person

    def _present(self, person: UUID, day: int) -> UUID:
        """The person herself, or who does her work while she is away."""
        away = (other for first, last, other in self.away.get(person, ()) if first <= day <= last)
        return next(away, person)

    # --- honest work --------------------------------------------------------------------------

    def _leave(self) -> None:
        for person, party in self.party.items():
            day = self.chance.randrange(10, 120)
            while day < DAYS - 20:
                length = self.chance.choice((5, 7, 12, 19))
                other = self.chance.choice([one for one in self.people[party] if one != person])
                self.away.setdefault(person, []).append((day, day + length, other))
                if self.chance.random() >= UNREGISTERED:
                    self.covers.append(Cover(person, other, _day(day), _day(day + length + 1)))
                day += length + self.chance.randrange(50, 110)

    def _meeting(self, week: int) -> None:
        """A Tuesday's conference: prepared, held, written up; and the actions that come of it."""
        day = 7 * week + 1
        running = self._running(day)
        agenda = self.chance.sample(running, min(len(running), self.chance.randrange(5, 9)))
        chair = self.chance.choice(self.chairs)
        invited = {chair, self.coordinator}
        meeting = self._id()
        for case in agenda:
            for party in self._taking_part(case, day):
                person = self._present(case.handler(party, day), day)
                invited.add(person)
                self._prepare(case, party, day)
                self._look(person, case, _day(day) + 13 * HOUR, "conference.viewed")
                if self.chance.random() < 0.5:
                    self._work(case, party, day + self.chance.randrange(1, 7))
            self._look(chair, case, self._moment(day - 1))
            self._look(chair, case, _day(day) + 13 * HOUR, "conference.viewed")
            self._actions_of(case, meeting, day)
        self.meetings.append(
            Meeting(meeting, _day(day) + 13 * HOUR, frozenset(invited), frozenset(case.id for case in agenda))
        )

    def _prepare(self, case: Case, party: str, day: int) -> None:
        early = self.chance.randrange(15, 24) if self.chance.random() < 0.08 else self.chance.randrange(1, 11)
        person = self._work(case, party, day - early, self.chance.randrange(1, 4))
        if self.chance.random() < 0.5:
            self.parts.append(Part(case.id, person, self._moment(day - early)))

    def _actions_of(self, case: Case, meeting: UUID, day: int) -> None:
        parties = self._taking_part(case, day)
        for party in self.chance.sample(parties, min(len(parties), self.chance.randrange(1, 3))):
            due = day + self.chance.randrange(7, 31)
            done = self.chance.random() < 0.8
            self.actions.append(Action(case.id, party, meeting, _day(day) + 14 * HOUR, _day(due + 1), done))
            for _ in range(self.chance.randrange(1, 4)):
                when = self.chance.randrange(day + 1, due + 1)
                if self.chance.random() < HELPED_OUT:
                    self._look(self.chance.choice(self.people[party]), case, self._moment(when))
                else:
                    self._work(case, party, when)

    def _coordination(self, week: int) -> None:
        """The coordinator keeps an eye on every case; before each quarter's report she goes through all."""
        day = 7 * week + self.chance.randrange(5)
        for case in self._running(day):
            if self.chance.random() < 0.4:
                self._look(self.coordinator, case, self._moment(7 * week + self.chance.randrange(5)))
        if week % 13 == 12:
            start = self._moment(day, evening=0)
            for case in self._running(day):
                self._look(self.coordinator, case, start + int(self.chance.uniform(0, 1.5) * HOUR))

    def _care(self, case: Case) -> None:
        """The care coordinator talks about consent every month or two."""
        day = case.begins + self.chance.randrange(3, 20)
        while day < case.ends:
            person = self._work(case, CARE, day, 2)
            runs = self.chance.choice((90, 120, None))
            self.steps.append(Step(case.id, person, self._moment(day), _day(day + runs) if runs else None))
            day += self.chance.randrange(30, 75)

    def _calls(self, case: Case) -> None:
        """Somebody rings, something happens: whoever works on the case opens it, and writes nothing down."""
        for party in case.handlers:
            for day in range(case.begins, min(case.ends, case.left.get(party, case.ends))):
                if self.chance.random() < 0.012:
                    self._work(case, party, day)

    def _departures(self, case: Case) -> None:
        """Some parties end their part early; an old bookmark is still tried now and then."""
        for party in list(case.handlers):
            middle = (case.begins + case.ends) // 2
            if party != CARE and self.chance.random() < 0.1:
                self._end(case, party, self.chance.randrange(middle, case.ends))
                if self.chance.random() < 0.5:
                    day = case.left[party] + self.chance.randrange(0, 12)
                    self._look(case.handler(party, day), case, self._moment(day), out="deny", reason="not_involved")

    def _end(self, case: Case, party: str, day: int) -> None:
        """A party leaves: what was planned for it after that day does not happen."""
        case.left[party] = day
        self.accesses = [
            one
            for one in self.accesses
            if not (one.case == case.id and one.party == party and one.t >= _day(day) and one.out == "permit")
        ]
        for leaf, one in enumerate(self.accesses, 1):
            self.accesses[leaf - 1] = replace(one, leaf=leaf)

    def _exceptions(self) -> None:
        for case in self.chance.sample(self.cases, 10):
            party = self.chance.choice(sorted(case.handlers))
            day = self.chance.randrange(max(case.begins, 0), max(case.begins, 0) + 20)
            if day < case.left.get(party, DAYS * 2):
                person = self._present(case.handler(party, day), day)
                self.grants.append(Grant("exception", case.id, party, "hlp", _day(day), _day(day + 20)))
                self._look(person, case, self._moment(day), reason="exception")

    # --- misuse -------------------------------------------------------------------------------

    def _plant(self, kind: str, incident: int, person: UUID, case: Case, t: int, **more: str) -> None:
        access = self._look(person, case, t, **more)
        if access is not None:
            self.misuse[access.leaf] = (kind, incident)

    def _victim(self, *, inside: float = 0.0) -> tuple[UUID, Case, str, int]:
        """Somebody, a case that her party takes part in, and a day; with some chance it is her own case."""
        while True:
            day = self.chance.randrange(15, DAYS - 75)
            case = self.chance.choice(self._running(day))
            party = self.chance.choice(self._taking_part(case, day))
            own = {who for _since, who in case.handlers[party]}
            if self.chance.random() < inside:
                return case.handler(party, day), case, party, day
            strangers = [one for one in self.people[party] if one not in own]
            if strangers:
                return self.chance.choice(strangers), case, party, day

    def _curiosity(self, incident: int) -> None:
        person, case, _party, day = self._victim()
        for _ in range(self.chance.randrange(1, 4)):
            self._plant("curiosity", incident, person, case, self._moment(day))

    def _browsing(self, incident: int) -> None:
        while True:
            person, _case, party, day = self._victim()
            open_to_her = [case for case in self._running(day) if party in self._taking_part(case, day)]
            if len(open_to_her) >= 8:
                break
        start = self._moment(day)
        for case in self.chance.sample(open_to_her, min(len(open_to_her), self.chance.randrange(8, 20))):
            t = start + int(self.chance.uniform(0, 0.7) * HOUR)
            self._plant("browsing", incident, person, case, t)

    def _ex_partner(self, incident: int) -> None:
        person, case, _party, day = self._victim(inside=0.2)
        for _ in range(self.chance.randrange(2, 5)):
            evening = _day(day + self.chance.randrange(14)) + int(self.chance.uniform(20, 23.9) * HOUR)
            self._plant("ex_partner", incident, person, case, evening)

    def _for_a_colleague(self, incident: int) -> None:
        person, case, _party, day = self._victim()
        self._plant("for_a_colleague", incident, person, case, self._moment(day))

    def _after_the_end(self, incident: int) -> None:
        """Her own work on it is over: another took over, or the party left; she goes on looking, or tries to."""
        while True:
            case = self.chance.choice(self.cases)
            party = self.chance.choice(sorted(case.handlers))
            changed = case.handlers[party][-1][0] if len(case.handlers[party]) > 1 else None
            ended = case.left.get(party)
            since = ended if ended is not None else changed
            if since is not None and 10 < since < DAYS - 95:
                break
        person = case.handlers[party][-1][1] if ended is not None else case.handlers[party][0][1]
        for _ in range(self.chance.randrange(2, 5)):
            day = since + self.chance.randrange(15, 91)
            if ended is not None:
                self._plant(
                    "after_the_end", incident, person, case, self._moment(day), out="deny", reason="not_involved"
                )
            else:
                self._plant("after_the_end", incident, person, case, self._moment(day))

    def _slow_drip(self, incident: int) -> None:
        person, case, _party, day = self._victim(inside=0.1)
        end = day + self.chance.randrange(42, 71)
        while day < end:
            self._plant("slow_drip", incident, person, case, self._moment(day))
            day += self.chance.randrange(3, 9)


def _day(number: int) -> int:
    """The first moment of a day of the year; a clock that changes for summer is no part of this."""
    return START + number * DAY


def by_day(accesses: list[Access]) -> Iterator[tuple[int, list[Access]]]:
    """Yield the looks of each day, in order."""
    days: dict[int, list[Access]] = {}
    for access in accesses:
        days.setdefault((access.t - START) // DAY, []).append(access)
    yield from sorted(days.items())
