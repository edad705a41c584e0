"""A small world for every test that needs a table with people around it, and ways to act in it.

`tiny_world()` is the file that `seed` reads, as plain data; `Table` is that world loaded into
the test database, with everybody logged in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from conference.demo.world import covenant

CLOCK = "2026-11-23T09:00:00+01:00"
TODAY = date(2026, 11, 23)
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PURPOSE = "hulp en veiligheid"

PEOPLE = {
    "vz": ("V. Oorzitter", "zvh_procesregie", "chair"),
    "nt": ("N. Otulist", "zvh_procesregie", "process_coordinator"),
    "pol": ("A. Gent", "politie", "participant"),
    "pol2": ("R. Echerche", "politie", "participant"),
    "kw": ("B. Egeleider", "kwintes", "participant"),
    "zc": ("Z. Org", "zorgcoordinator", "care_coordinator"),
    "ggz": ("P. Syche", "ggz", "participant"),
    "rvdk": ("K. Ind", "rvdk", "participant"),
    "oov": ("O. Rde", "burgemeester_oov", "participant"),
    "fg": ("F. Gee", "zvh_procesregie", ""),
}


def tiny_world(**changes: Any) -> dict[str, Any]:
    """Return a fresh valid world as `seed` reads it; `changes` replace its top-level keys.

    Ten people of seven parties; c1 (wgs, o1 and o2), c2 (hulp), c3 (signaal); s1 is a girl who
    turns 18 on 1 December 2026.
    """
    world = {
        "clock": CLOCK,
        "covenant": covenant(TODAY),
        "people": [_person(name) for name in PEOPLE],
        "cases": [_case_wgs(), _case_hulp(), _case_signaal()],
        "conferences": [_conference_one(), _conference_two()],
    }
    plain: dict[str, Any] = json.loads(json.dumps(world | changes, default=str))
    return plain


def person(name: str, **changes: Any) -> dict[str, Any]:
    """Return one of the people, with keys replaced."""
    return _person(name) | changes


def _person(name: str) -> dict[str, Any]:
    shown, party, role = PEOPLE[name]
    return {
        "id": name,
        "name": shown,
        "party": party,
        "family": "inhoud" if role else "toezicht",
        "roles": [role] if role else [],
        "username": name,
        "password": "koffie op de lange tafel",
        "totp_secret": TOTP,
        "screened_until": "2060-01-01",
        "trained_on": "2026-01-01",
    }


def item(name: str, supplier: str, category: str, subject: str | None = "s1", **more: Any) -> dict[str, Any]:
    """Return one item of a case; its text is unique and mentions its subject."""
    mention = f" over {{subject:{subject}}}" if subject else ""
    text = f"tekst-{name}{mention}."
    base = {"id": name, "supplier": supplier, "category": category, "kind": "feit", "basis": f"grond-{name}"}
    return base | {"subject": subject, "text": text} | more


def _case_wgs() -> dict[str, Any]:
    return {
        "id": "c1",
        "track": "wgs",
        "phase": "overleg",
        "purpose": PURPOSE,
        "municipality": "Veenstad",
        "form": "criminele uitbuiting",
        "parties": ["politie", "zorgcoordinator", "kwintes", "ggz", "rvdk"],
        "subjects": _subjects_wgs(),
        "items": _items_wgs(),
        "consents": [
            consent("kwintes", "gez", until="2026-12-20"),
            consent("zvh_procesregie", "hlp", state="beperkt", until="2026-12-05"),
            consent("politie", "vbl", **{"from": "2026-12-03"}, until="2026-12-28"),
            consent("rvdk", "gez", state="geweigerd"),
        ],
        "exceptions": [
            {
                "subject": "s1",
                "party": "zorgcoordinator",
                "category": "hlp",
                "code": 7,
                "decider": "vz",
                "reason": "acuut gevaar",
                "from": "2026-11-25",
                "until": "2026-12-10",
            }
        ],
    }


def _subjects_wgs() -> list[dict[str, Any]]:
    return [
        {
            "id": "s1",
            "role": "victim",
            "registered_by": "zorgcoordinator",
            "identity": {
                "name": "Noor Verzonnen",
                "birth_date": "2008-12-01",
                "bsn": "900000015",
                "address": "Schuilpad 9",
                "phone": "0600000001",
                "protected": True,
            },
        },
        {
            "id": "s2",
            "role": "circle",
            "registered_by": "politie",
            "identity": {"name": "Tante Bedacht", "birth_date": "1980-02-29", "address": "Dorpsweg 1"},
        },
        {"id": "s3", "role": "suspect", "registered_by": "politie", "identity": {"name": "Heer Schijn"}},
    ]


def _items_wgs() -> list[dict[str, Any]]:
    return [
        item("i-pol", "politie", "pol"),
        item("i-pol3", "politie", "pol", "s3"),
        item("i-jus", "zvh_procesregie", "jus", "s3"),
        item("i-rel", "politie", "rel", "s2"),
        item("i-won", "kwintes", "won"),
        item("i-fin", "zvh_procesregie", "fin"),
        item("i-gez", "zorgcoordinator", "gez"),
        item("i-gez-all", "zorgcoordinator", "gez", None),
        item("i-ggz", "ggz", "gez"),
        item("i-ggz-hlp", "ggz", "hlp"),
        item("i-ggz-prc", "ggz", "prc", None),
        item("i-hlp", "kwintes", "hlp"),
        item("i-vzn", "kwintes", "vzn", not_for=["politie"]),
        item("i-vbl", "zorgcoordinator", "vbl"),
        item("i-only", "politie", "rel", "s2", only_for=["rvdk"]),
        item("i-draft", "politie", "pol", status="draft"),
        item("i-gone", "kwintes", "hlp", status="withdrawn"),
    ]


def consent(party: str, category: str, subject: str = "s1", **more: Any) -> dict[str, Any]:
    """Return one line of the register: given since 1 November, unless `more` says otherwise."""
    base = {"subject": subject, "party": party, "category": category, "purpose": PURPOSE, "state": "gegeven"}
    return base | {"from": "2026-11-01"} | more


def _case_hulp() -> dict[str, Any]:
    return {
        "id": "c2",
        "track": "hulp",
        "phase": "overleg",
        "purpose": "hulp",
        "municipality": "Meerdorp",
        "form": "seksuele uitbuiting",
        "parties": ["zorgcoordinator", "kwintes", "ggz"],
        "subjects": [
            {
                "id": "t1",
                "role": "victim",
                "registered_by": "zorgcoordinator",
                "identity": {"name": "Sam Bedacht", "birth_date": "1999-01-05"},
            }
        ],
        "items": [item("j-won", "kwintes", "won", "t1"), item("j-gez", "ggz", "gez", "t1")],
        "consents": [consent("kwintes", "id", "t1", purpose="hulp", until="2026-12-15")],
    }


def _case_signaal() -> dict[str, Any]:
    return {
        "id": "c3",
        "track": "signaal",
        "phase": "verrijking",
        "purpose": "signaal duiden",
        "form": "arbeidsuitbuiting",
        "parties": ["burgemeester_oov", "politie"],
        "items": [item("k-hnd", "burgemeester_oov", "hnd", None), item("k-pol", "politie", "pol", None)],
    }


def _conference_one() -> dict[str, Any]:
    return {
        "id": "o1",
        "title": "Casusoverleg een",
        "starts": "2026-11-23T13:30:00+01:00",
        "chair": "vz",
        "people": list(PEOPLE)[:-1],
        "agenda": [
            {
                "id": "a0",
                "case": None,
                "title": "Opening",
                "minutes": 5,
                "decisions": [{"id": "d0", "text": "besluit-d0", "status": "adopted"}],
                "actions": [{"id": "x0", "text": "actie-x0", "owner": "kwintes", "due": "2026-12-01"}],
            },
            {
                "id": "a1",
                "case": "c1",
                "title": "Veiligheid van {subject:s1}",
                "minutes": 20,
                "notes": [{"id": "n1", "text": "verslag-n1 {subject:s1}"}],
                "decisions": [
                    {
                        "id": "d1",
                        "text": "besluit-d1 {subject:s1}",
                        "status": "adopted",
                        "dissent": [{"party": "kwintes", "reason": "tegen-d1 {subject:s2}"}],
                    },
                    {"id": "d2", "text": "besluit-d2 {subject:s2}", "category": "pol"},
                    {"id": "d3", "text": "besluit-d3 {subject:s1}", "category": "hlp"},
                ],
                "actions": [
                    {"id": "x1", "text": "actie-x1 {subject:s1}", "owner": "kwintes", "due": "2026-12-01"},
                    {"id": "x2", "text": "actie-x2", "owner": "politie", "due": "2026-11-20", "category": "pol"},
                ],
            },
            {"id": "a2", "case": "c2", "title": "Hulp", "minutes": 15},
            {"id": "a3", "case": "c3", "title": "Signaal", "minutes": 10},
        ],
    }


def _conference_two() -> dict[str, Any]:
    return {
        "id": "o2",
        "title": "Casusoverleg twee",
        "starts": "2026-11-30T10:00:00+01:00",
        "chair": "nt",
        "people": ["nt", "pol", "kw", "zc", "ggz"],
        "agenda": [
            {"id": "b1", "case": "c1", "title": "Vervolg", "minutes": 20},
            {"id": "b0", "case": None, "title": "Rondvraag", "minutes": 5},
        ],
    }


# --- the world at the table -------------------------------------------------------


@dataclass
class Table:
    """A loaded world: the ids that the product gave, and everybody's login session."""

    ids: dict[str, dict[str, str]]
    log: int = 0  # the last leaf of the log when the world stood
    identities: dict[str, Any] = field(default_factory=dict)

    def id(self, kind: str, name: str) -> UUID:
        return UUID(self.ids[kind][name])

    def key(self, name: str) -> str:
        """The live key of something that the file named: "i-pol" -> "item:<id>"."""
        kinds = {
            "items": "item",
            "subjects": "subject",
            "cases": "case",
            "agenda_items": "agenda_item",
            "notes": "minutes",
            "decisions": "decision",
            "actions": "action",
            "conferences": "conference",
        }
        return next(f"{live}:{self.ids[kind][name]}" for kind, live in kinds.items() if name in self.ids[kind])

    def sit(self, name: str) -> Any:
        """Log a person in with both factors done, once; return her Identity."""
        from conference.accounts.models import Person, SignIn
        from conference.accounts.sessions import Identity

        if name not in self.identities:
            row = Person.objects.get(id=self.id("people", name))
            now = datetime.now(UTC)
            session = SignIn.objects.create(
                person=row,
                session_key=uuid4().hex,
                epoch=row.epoch,
                started_at=now,
                verified_at=now,
                factor_at=now,
                last_seen_at=now,
            )
            self.identities[name] = Identity(row.id, row.party, row.family, tuple(row.roles), session.id, row.epoch)
        return self.identities[name]

    def do(
        self,
        name: str,
        do: str,
        *,
        at: str | UUID = "o1",
        id: UUID | None = None,
        expect: str | None = None,
        **args: Any,
    ) -> Any:
        """Let a person give a command in a conference; return the Ack or Nack."""
        from agenda.commands import execute
        from agenda.protocol import CommandFrame

        conference = self.id("conferences", at) if isinstance(at, str) else at
        raw = msgspec.Raw(msgspec.json.encode(args))
        return execute(self.sit(name), conference, CommandFrame(id or uuid4(), do, raw, expect))

    def entries(self, act: str | None = None) -> list[dict[str, Any]]:
        """What the log got since the world stood, or since `mark`; the log itself outlives every test."""
        from audit.models import Leaf

        found = [json.loads(bytes(row.leaf)) for row in Leaf.objects.filter(id__gt=self.log).order_by("id")]
        return [leaf for leaf in found if act is None or leaf["act"] == act]

    def mark(self) -> None:
        """Let `entries` begin here."""
        self.log = _last_leaf()

    def members(self, *names: str) -> list[Any]:
        """One socket for each of these people, as the hub hands them to the feed."""
        from agenda.hub.types import Membership

        people = [self.sit(name) for name in names]
        return [Membership(n, who.person, who.session, who.party, who) for n, who in enumerate(people)]

    def view(self, name: str, at: str = "o1") -> dict[str, dict[str, Any]]:
        """A person's whole view of a conference as it stands now."""
        from agenda import feed

        (member,) = self.members(name)
        reading = feed.read(self.id("conferences", at), None, [member], frozenset())
        shown = reading.views[reading.classes[member.id]].objects
        return {key: json.loads(one.body) for key, one in shown.items() if one is not None}


def pass_time(**delta: float) -> None:
    """Let the product's time go on: `pass_time(days=3)`."""
    from conference import clock

    clock.set_offset(clock._offset + timedelta(**delta))


def settle(world: dict[str, Any]) -> Table:
    """Load a world into the test database."""
    from conference.world.load import load
    from conference.world.shape import convert

    ids = load(convert(world))
    return Table(ids, _last_leaf())


def _last_leaf() -> int:
    from audit.models import Leaf

    return Leaf.objects.order_by("-id").values_list("id", flat=True).first() or 0


@pytest.fixture
def quick_passwords(settings: Any) -> None:
    """Hash passwords in no time: nobody logs in with one here (Django's own advice for tests)."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def own_clock() -> Iterator[None]:
    """Put the product's clock back to the machine's afterwards."""
    from conference import clock

    yield
    clock.set_offset(timedelta())


@pytest.fixture
def table(transactional_db: None, quick_passwords: None, own_clock: None) -> Table:
    """The tiny world, loaded."""
    return settle(tiny_world())
