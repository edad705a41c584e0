"""Random histories of a meeting: everything that can happen to a view, in any order, from a seed."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agenda.commands import Refused, consents, on_case
from agenda.models import AgendaItem, Note, SentOut
from agenda.protocol import COMMANDS, Ack
from audit.record import write_lock
from conference import clock
from conference.cases import commands as cases
from conference.cases import registering, rights
from conference.cases.commands import CaseRefusal
from conference.cases.models import Case, Item, Subject
from conference.covenant import shelf
from conference.demo.world import covenant
from consent.commands import NewException
from consent.states import State
from tests import world
from tests.consenting import recorded, weighed
from tests.world import TODAY, Table, pass_time

CATEGORIES = ("prc", "prc", "pol", "gez", "hlp", "won", "rel", "vzn", "jus", "fin", "vbl", "hnd")
PARTIES = ("politie", "kwintes", "zorgcoordinator", "ggz", "rvdk", "burgemeester_oov", "om", "zvh_procesregie")
PEOPLE = ("vz", "nt", "pol", "pol2", "kw", "zc", "ggz", "rvdk", "oov")
PHASES = ("triage", "verrijking", "overleg", "overleg", "uitvoering", "afsluiting", "heropend", "nazorg", "afgeschermd")
STATES = (State.GIVEN, State.GIVEN, State.LIMITED, State.REFUSED, State.WITHDRAWN, State.CONFIRMED, State.ASKED)


class History:
    """One meeting in which anything may happen; `happened` counts what did."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table = table
        self.dice = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self.versions = 0
        self.last: dict[str, str] = {}

    def opening(self) -> Iterator[str]:
        """Every command once, by somebody who may; then a right of each kind that comes and goes."""
        for name, do, args in self._script():
            answer = self.table.do(name, do, **args)
            assert isinstance(answer, Ack), (do, answer)
            self.happened[f"{do} ack"] += 1
            self.last[do] = answer.key or ""
            yield f"{name} {do}"
        yield self._try("consent", lambda: self._say(self.table.id("cases", "c1"), "s1", "zvh_procesregie", "vbl"))

    def _script(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        key, c1 = self.table.key, self.table.id("cases", "c1")
        s1, a1 = self.table.id("subjects", "s1"), self.table.id("agenda_items", "a1")
        said = {"agenda_item": a1, "text": self._text(c1)}
        yield "vz", "agenda_item.start", {"key": key("a1")}
        yield "nt", "agenda_item.add", {"case": None, "title": "extra", "minutes": 3}
        yield "vz", "agenda_item.move", {"key": key("a3"), "after": None}
        yield "kw", "minutes.write", said | {"category": "hlp", "about": key("i-hlp")}
        yield "vz", "decision.propose", said | {"category": "pol", "about": key("i-pol")}
        yield "vz", "decision.adopt", {"key": self.last["decision.propose"]}
        yield "pol", "decision.dissent", {"key": self.last["decision.propose"], "reason": self._text(c1)}
        yield "nt", "action.add", said | {"owner": "kwintes", "due": "2026-12-24"}
        yield "kw", "action.done", {"key": self.last["action.add"]}
        yield "kw", "item.withdraw", {"key": key("i-hlp")}
        draft = {"case": c1, "category": "pol", "kind": "feit", "basis": "grond", "text": self._text(c1), "subject": s1}
        yield "pol2", "item.prepare", draft
        yield "pol", "item.release", {"key": self.last["item.prepare"]}
        yield "pol", "item.withdraw", {"key": key("i-pol")}
        yield "zc", "consent.withdraw", {"case": c1, "subject": s1, "party": "kwintes", "category": "gez"}
        yield "vz", "door.send_out", {"case": c1, "person": self.table.id("people", "pol2")}
        yield "vz", "door.admit", {"case": c1, "person": self.table.id("people", "pol2")}
        yield "vz", "door.send_out", {"case": c1, "person": self.table.id("people", "pol2")}
        yield "vz", "agenda_item.close", {"key": key("a1")}

    def _say(self, case: UUID, subject: str, party: str, category: str) -> str:
        ends = clock.now() + timedelta(days=2)
        step = consents.Step(
            case=case,
            subject=self.table.id("subjects", subject),
            party=party,
            category=category,
            state=State.GIVEN,
            ends=ends,
        )
        return on_case(self.table.sit("zc"), case, lambda turn: recorded(turn, step))

    def step(self) -> str:
        """Let one thing happen; return what, for the message of a test that fails."""
        outside: list[Callable[[], str]] = [
            self.consent,
            self.consent,
            self.exception,
            self.involvement,
            self.phase,
            self.covenant,
            self.time,
            self.time,
        ]
        if self.dice.random() < 0.6:
            return self.command(self.dice.choice(list(COMMANDS)))
        return self.dice.choice(outside)()

    # --- commands of the room -----------------------------------------------------

    def command(self, do: str) -> str:
        """Give a command with sensible arguments, mostly as somebody who may, at times as anybody."""
        at = self.dice.choice(("o1", "o1", "o1", "o2"))
        args = self._args(do, at)
        name = self.dice.choice(PEOPLE) if self.dice.random() < 0.2 else self._who(do, args.get("key", ""))
        answer = self.table.do(name, do, at=at, **args)
        code = "ack" if isinstance(answer, Ack) else answer.code
        self.happened[f"{do} {code}"] += 1
        return f"{name} {do} -> {code}"

    def _who(self, do: str, key: str) -> str:
        if do.startswith(("agenda_item", "decision.propose", "decision.adopt", "action.add", "door")):
            return self.dice.choice(("vz", "nt"))
        if do.startswith("item.") and key:
            owner = Item.objects.filter(id=key.partition(":")[2]).values_list("supplier", flat=True).first()
        elif do == "action.done":
            owner = Note.objects.filter(id=key.partition(":")[2]).values_list("owner", flat=True).first()
        else:
            return "zc" if do.startswith("consent") else self.dice.choice(PEOPLE)
        return next((name for name in PEOPLE if world.PEOPLE[name][1] == owner), "vz")

    def _args(self, do: str, at: str) -> dict[str, Any]:
        dice = self.dice
        kind = do.split(".", maxsplit=1)[0]
        conference = self.table.id("conferences", at)
        points = list(AgendaItem.objects.filter(conference=conference))
        if do == "agenda_item.add":
            return {"case": dice.choice([None, *self._cases()]), "title": "punt", "minutes": 5}
        if do == "agenda_item.move":
            after = dice.choice([None, *(f"agenda_item:{p.id}" for p in points)])
            return {"key": f"agenda_item:{dice.choice(points).id}", "after": after}
        if kind == "agenda_item":
            return {"key": f"agenda_item:{dice.choice(points).id}"}
        if do in {"minutes.write", "decision.propose", "action.add"}:
            return self._note(do, dice.choice(points))
        if do == "decision.dissent":
            return {"key": self._key(Note, "decision", do), "reason": self._text(None)}
        if do == "item.prepare":
            return self._prepare()
        if do == "consent.withdraw":
            case = dice.choice(self._cases())
            return {"case": case, "subject": self._subject(case) or uuid4(), **self._line()}
        if kind == "door":
            return self._door(do, conference)
        return {"key": self._key(Item if kind == "item" else Note, kind, do)}

    def _door(self, do: str, conference: UUID) -> dict[str, Any]:
        out = list(SentOut.objects.filter(conference=conference).values("case", "person"))
        if do == "door.admit" and out:
            return dict(self.dice.choice(out))
        return {"case": self.dice.choice(self._cases()), "person": self.table.id("people", self.dice.choice(PEOPLE))}

    def _note(self, do: str, point: AgendaItem) -> dict[str, Any]:
        category = self.dice.choice(CATEGORIES)
        args: dict[str, Any] = {"agenda_item": point.id, "category": category, "text": self._text(point.case)}
        if point.case and self.dice.random() < 0.5:
            rows = list(Item.objects.filter(case=point.case))
            if rows:
                about = self.dice.choice(rows)
                args |= {"about": f"item:{about.id}", "category": about.category}
        if do == "action.add":
            args |= {"owner": self.dice.choice(PARTIES), "due": "2026-12-24"}
        return args

    def _prepare(self) -> dict[str, Any]:
        case = self.dice.choice(self._cases())
        conditions = self.dice.choice([{}, {}, {"not_for": ["kwintes"]}, {"only_for": ["politie", "rvdk"]}])
        return {
            "case": case,
            "category": self.dice.choice(CATEGORIES),
            "kind": "feit",
            "basis": "grond",
            "text": self._text(case),
            "subject": self._subject(case),
            **conditions,
        }

    def _text(self, case: UUID | None) -> str:
        subject = self._subject(case) if case else None
        said = f"gezegd-{self.dice.randrange(10**9)}"
        return f"{said} {{subject:{subject}}} 👩‍👧 slot" if subject else said

    def _cases(self) -> list[UUID]:
        return [UUID(case) for case in self.table.ids["cases"].values()]

    def _subject(self, case: UUID) -> UUID | None:
        rows = list(Subject.objects.filter(case=case).values_list("id", flat=True))
        return self.dice.choice([None, *rows]) if rows else None

    def _line(self) -> dict[str, str]:
        return {
            "party": self.dice.choice(PARTIES[:5]),
            "category": self.dice.choice(("gez", "hlp", "vbl", "id", "won")),
        }

    def _key(self, model: type[Any], kind: str, do: str) -> str:
        rows = model.objects.all() if model is Item else model.objects.filter(kind=kind)
        pointed = Note.objects.filter(about__isnull=False).values("about")
        narrow = {
            "item.release": {"status": "draft"},
            "item.withdraw": {"id__in": pointed} if self.dice.random() < 0.6 else {},
            "action.done": {"status": "open"},
            "decision.adopt": {"status": "proposed"},
        }.get(do, {})
        found = [str(row) for row in rows.filter(**narrow).values_list("id", flat=True)]
        return f"{kind}:{self.dice.choice(found) if found else uuid4()}"

    # --- what happens outside the room ----------------------------------------------

    def consent(self) -> str:
        """The care coordinator records something in a victim's register."""
        case = self.dice.choice(self._cases())
        subject = self._subject(case)
        if subject is None:
            return "no subject"
        state = self.dice.choice(STATES)
        ends = self.dice.choice([None, clock.now() + timedelta(days=self.dice.randrange(1, 40))])
        line = self._line()
        step = consents.Step(case=case, subject=subject, state=state, ends=ends, **line)
        return self._try(
            f"consent {state} {line}",
            lambda: on_case(self.table.sit("zc"), case, lambda turn: recorded(turn, step)),
        )

    def exception(self) -> str:
        """Somebody records an exception; one that does not fit is refused."""
        case = self.dice.choice(self._cases())
        subject = self._subject(case)
        if subject is None:
            return "no subject"
        starts = clock.now() + timedelta(days=self.dice.choice((0, 0, 3)))
        new = NewException(
            case=case,
            subject=subject,
            code=self.dice.choice((1, 2, 3, 7, 7, 8)),
            decider=self.table.id("people", "vz"),
            weighed=weighed(),
            starts=starts,
            ends=starts + timedelta(days=self.dice.randrange(1, 25)),
            **self._line(),
        )
        current = shelf.active(clock.now())
        if current is None:
            return "no covenant"
        return self._try("exception", lambda: self._record(case, current, new))

    def _record(self, case: UUID, current: Any, new: NewException) -> None:
        with write_lock(), transaction.atomic():
            found = rights.load([case])[case]
            registering.record_exception(found, current, new, by=None, at=clock.now())

    def involvement(self) -> str:
        """A party joins a case or leaves it."""
        row = Case.objects.get(id=self.dice.choice(self._cases()))
        party, change = self.dice.choice(PARTIES[:7]), self.dice.choice((cases.involve, cases.end_involvement))
        with write_lock(), transaction.atomic():
            change(row, party, at=clock.now())
        self.happened[change.__name__] += 1
        return f"{change.__name__} {party}"

    def phase(self) -> str:
        """A case goes to another phase."""
        row, phase = Case.objects.get(id=self.dice.choice(self._cases())), self.dice.choice(PHASES)
        with write_lock(), transaction.atomic():
            cases.change_phase(row, phase)
        self.happened["phase"] += 1
        return f"phase {phase}"

    def covenant(self) -> str:
        """Another version is adopted: at once, later, for a short time, or without all approvals."""
        self.versions += 1
        today = clock.today()
        source = self._covenant(today, self.dice.choice((0, 0, 4)))
        if self.dice.random() < 0.3:
            source["covenant"]["valid_until"] = str(today + timedelta(days=self.dice.randrange(5, 12)))
        if self.dice.random() < 0.15:
            source["covenant"]["approved_by"].remove("kwintes")
        shelf.adopt(source, by=None, origin="cli")
        self.happened["covenant"] += 1
        return f"covenant from {source['covenant']['valid_from']} until {source['covenant']['valid_until']}"

    def _covenant(self, today: date, later: int) -> dict[str, Any]:
        source = deepcopy(covenant(TODAY))
        source["covenant"] |= {"version": f"1.{self.versions}", "valid_from": str(today + timedelta(days=later))}
        for party, category, letters in (
            ("politie", "gez", "-----"),
            ("kwintes", "pol", "---pp"),
            ("kwintes", "hlp", "o-ppp"),
            ("rvdk", "pol", "-----"),
            ("ggz", "won", "---II"),
        ):
            if self.dice.random() < 0.4:
                source["parties"][party][category] = letters
        return source

    def time(self) -> str:
        """The clock goes on: an hour, some days, a month."""
        days = self.dice.choice((0.05, 1, 3, 8))
        pass_time(days=days)
        self.happened["time"] += 1
        return f"{days} days later: {datetime.isoformat(clock.now())}"

    def _try(self, what: str, do: Callable[[], object]) -> str:
        try:
            do()
        except (Refused, CaseRefusal) as refused:
            self.happened[f"{what.split(maxsplit=1)[0]} refused"] += 1
            return f"{what} -> {refused.code}"
        self.happened[what.split(maxsplit=1)[0]] += 1
        return what
