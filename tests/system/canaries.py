"""A world with a unique string in every identity value and text, and who may ever see each.

Who may see is worked out with `decide` from the world's own data, not from the product's
projections: what her party may read in any case, and what the conferences that she sits
in show to her.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conference.covenant import facts
from conference.covenant.days import day_end, midnight
from conference.covenant.facts import Level
from conference.covenant.file import Covenant, parse
from conference.covenant.rules import decide, may_supply
from conference.demo.world import covenant as approved_covenant

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PASSWORD = "kanarie op een lange stok"
PURPOSE = "hulp en veiligheid"
SECRET = "JBSWY3DPEHPK3PXP" * 2
PROCESS = "zvh_procesregie"
REFUSED = {"not_involved", "case_shielded", "covenant_inactive", "unknown_party", "guest_no_account", "role_excluded"}

# Which parties are in which case; the process party is in all of them.
CASES = (
    ("wgs", "triage", ("politie", "veilig_thuis", "zorgcoordinator", "kwintes", "ggd_soa")),
    ("wgs", "verrijking", ("zorgcoordinator", "politie", "kwintes", "ggz", "om")),
    (
        "wgs",
        "overleg",
        ("politie", "veilig_thuis", "zorgcoordinator", "kwintes", "ggd_soa", "rvdk", "burgemeester_oov"),
    ),
    ("wgs", "uitvoering", ("zorgcoordinator", "leger_des_heils", "ggz", "politie", "college_uitvoering")),
    ("wgs", "nazorg", ("zorgcoordinator", "kwintes", "politie")),
    ("wgs", "afgeschermd", ("politie", "zorgcoordinator")),
    ("hulp", "overleg", ("zorgcoordinator", "kwintes", "leger_des_heils", "ggd_soa", "veilig_thuis")),
    ("hulp", "uitvoering", ("zorgcoordinator", "kwintes", "politie")),
    ("signaal", "triage", ("ketenregisseur", "burgemeester_oov", "politie")),
    ("signaal", "overleg", ("ketenregisseur", "politie", "zorgcoordinator")),
)


@dataclass
class Planted:
    """One canary, the case or conference it stands in, and the covenant's question about it.

    `least`: the level from which it is shown. `item` None with a case: the case's form.
    `of`: the object that it is part of, by kind and id of the world; `about`: the subjects
    of whom it tells.
    """

    text: str
    place: str
    of: tuple[str, str] | None = None
    about: tuple[str, ...] = ()
    case: str | None = None
    item: facts.Item | None = None
    least: Level = Level.PSEUDONYMISED
    conference: str | None = None
    inside: facts.Item | None = None  # what it stands in: shown only where that is shown too


@dataclass
class World:
    """The world's file, its canaries, and the facts that rulings need."""

    covenant: Covenant
    data: dict[str, Any] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    known: dict[str, facts.Case] = field(default_factory=dict)
    consents: dict[str, list[facts.ConsentLine]] = field(default_factory=dict)
    exceptions: dict[str, list[facts.ExceptionLine]] = field(default_factory=dict)
    seats: dict[str, set[str]] = field(default_factory=dict)  # conference -> people

    def plant(self, place: str, **where: Any) -> str:
        """Make a canary and keep where it stands."""
        text = secrets.token_hex(16)
        self.planted.append(Planted(text, place, **where))
        return text

    def ruling(self, party: str, case: str, item: facts.Item) -> facts.Ruling:
        viewer = facts.Viewer(party, "inhoud")
        return decide(self.covenant, viewer, self.known[case], item, self.consents[case], self.exceptions[case], NOW)

    def header(self, party: str, case: str) -> facts.Ruling:
        supplier = next(c["parties"][0] for c in self.data["cases"] if c["id"] == case)
        return self.ruling(party, case, facts.Item("prc", supplier))

    def may_see(self, person: dict[str, Any], planted: Planted) -> bool:
        """Whether this person may see this canary anywhere in the product."""
        if person["family"] != "inhoud":
            return False
        if planted.conference is not None and person["id"] not in self.seats[planted.conference]:
            return False
        if planted.case is None:
            return True
        party = person["party"]
        if self.header(party, planted.case).reason in REFUSED:
            return False
        if planted.item is None:
            return self._form(party, planted.case)
        around = [planted.inside] if planted.inside else []
        levels = [self.ruling(party, planted.case, item).level.rank for item in (planted.item, *around)]
        return min(levels) >= planted.least.rank

    def _form(self, party: str, case: str) -> bool:
        """The form of exploitation: with the victim's `id`, in track `signaal` with the header."""
        if self.known[case].track == "signaal":
            return self.header(party, case).visible
        victims = [s for s in self.known[case].subjects if s.role == "victim"]
        return any(self.ruling(party, case, facts.Item("id", "zorgcoordinator", v.id)).visible for v in victims)


def build() -> World:
    """Return the world: ten cases over tracks and phases, two conferences, everybody with an account."""
    source = approved_covenant(date(2026, 11, 23))
    world = World(parse(source))
    world.data = {
        "clock": NOW.isoformat(),
        "covenant": source,
        "people": list(_people(world)),
        "cases": [],
        "conferences": [],
    }
    for number, (track, phase, parties) in enumerate(CASES, 1):
        world.data["cases"].append(_case(world, f"c{number}", track, phase, parties))
    for number, agenda in enumerate((("c1", "c3", "c7", "c9"), ("c3", "c2", "c4", "c5", "c6", "c8", "c10")), 1):
        world.data["conferences"].append(_conference(world, f"o{number}", agenda))
    return world


def _people(world: World) -> Iterator[dict[str, Any]]:
    able = [party for party in world.covenant.parties.values() if party.cls in {"P", "Q"}]
    for party in able:
        roles = {PROCESS: ["chair", "process_coordinator"], "zorgcoordinator": ["care_coordinator"]}.get(
            party.id, ["participant"]
        )
        yield _person(f"u-{party.id}", party.id, "inhoud", roles)
    yield _person("u-toezicht", PROCESS, "toezicht", [])
    yield _person("u-beheer", PROCESS, "beheer", [])


def _person(name: str, party: str, family: str, roles: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": f"Naam {name}",
        "party": party,
        "family": family,
        "roles": roles,
        "username": name,
        "password": PASSWORD,
        "totp_secret": SECRET,
        "screened_until": "2060-01-01",
        "trained_on": "2026-01-01",
    }


# --- cases ---------------------------------------------------------------------------


def _case(world: World, case: str, track: str, phase: str, parties: tuple[str, ...]) -> dict[str, Any]:
    header = facts.Item("prc", parties[0])
    births = {f"{case}-v": date(1999, 3, 1), f"{case}-k": date(2012, 7, 9), f"{case}-d": date(1980, 1, 2)}
    roles = {f"{case}-v": "victim", f"{case}-k": "circle", f"{case}-d": "suspect"}
    named = track != "signaal"
    world.known[case] = facts.Case(
        track,
        phase,
        "purpose",
        frozenset(parties),
        tuple(facts.Subject(name, role, births[name] if named else None) for name, role in roles.items()),
        frozenset({"kwintes"}) if phase == "nazorg" else frozenset(),
    )
    world.consents[case], world.exceptions[case] = [], []
    return {
        "id": case,
        "track": track,
        "phase": phase,
        "purpose": world.plant("purpose", case=case, item=header, of=("cases", case)),
        "municipality": world.plant("municipality", case=case, item=header, of=("cases", case)),
        "form": world.plant("form", case=case, of=("cases", case)),
        "parties": list(parties),
        "subjects": [_subject(world, case, name, role, births[name], named=named) for name, role in roles.items()],
        "items": list(_items(world, case)),
        "consents": [],
        "exceptions": [],
    } | _register(world, case)


def _subject(world: World, case: str, name: str, role: str, born: date, *, named: bool) -> dict[str, Any]:
    subject: dict[str, Any] = {"id": name, "role": role, "registered_by": "zorgcoordinator"}
    if not named:
        return subject
    protected = role == "victim"
    home = "adr" if protected else "id"

    def plant(place: str, category: str) -> str:
        item = facts.Item(category, "zorgcoordinator", name)
        kept: dict[str, Any] = {"of": ("subjects", name), "about": (name,), "least": Level.IDENTIFIED}
        return world.plant(f"{role} {place}", case=case, item=item, **kept)

    subject["identity"] = {
        "name": plant("name", "id"),
        "birth_date": born.isoformat(),
        "address": plant("address", home),
        "phone": plant("phone", home),
        "protected": protected,
    }
    if world.known[case].track == "wgs":
        subject["identity"]["bsn"] = plant("bsn", "bsn")
    return subject


def _items(world: World, case: str) -> Iterator[dict[str, Any]]:
    """Two suppliers per category, one of them bound by secrecy where there is one; every status and condition."""
    number = 0
    for category in world.covenant.categories:
        if category in {"id", "bsn"}:
            continue
        able = [
            p.id
            for p in world.covenant.parties.values()
            if p.cls in {"P", "Q"} and may_supply(world.covenant, p.id, category, world.known[case].track) is None
        ]
        secret = [party for party in able if world.covenant.parties[party].secrecy]
        for supplier in dict.fromkeys([*able[:2], *secret[:1]]):
            number += 1
            yield _item(world, case, category, supplier, number)


_SHAPES = (
    {"subject": "v"},
    {"subject": None},
    {"subject": "d"},
    {"subject": "v", "status": "draft"},
    {"subject": "k", "not_for": ["kwintes", "politie"]},
    {"subject": "v", "status": "withdrawn"},
    {"subject": "v", "only_for": ["zorgcoordinator"]},
)


def _item(world: World, case: str, category: str, supplier: str, number: int) -> dict[str, Any]:
    shape: dict[str, Any] = dict(_SHAPES[number % len(_SHAPES)])
    subject = f"{case}-{shape['subject']}" if shape["subject"] else None
    only_for = shape.get("only_for")
    item = facts.Item(
        category,
        supplier,
        subject,
        status=shape.get("status", "released"),
        only_for=frozenset(only_for) if only_for else None,
        not_for=frozenset(shape.get("not_for", ())),
    )
    place = f"item {category} of {supplier}"
    named = tuple(dict.fromkeys([*([subject] if subject else []), f"{case}-v"]))
    kept: dict[str, Any] = {"of": ("items", f"{case}-i{number}"), "about": named}
    text = world.plant(place, case=case, item=item, **kept)
    return {
        **shape,
        "id": f"{case}-i{number}",
        "supplier": supplier,
        "category": category,
        "kind": "feit",
        "subject": subject,
        "basis": world.plant(f"{place}, basis", case=case, item=item, **kept),
        "text": f"{text} over {{subject:{case}-v}}",
    }


def _register(world: World, case: str) -> dict[str, Any]:
    """Consent for some, withdrawn for others, ended for a third; two exceptions."""
    purpose = next(planted.text for planted in reversed(world.planted) if planted.place == "purpose")
    lines = []
    for party, category, state, until in (
        ("kwintes", "gez", "gegeven", "2027-05-01"),
        ("kwintes", "hlp", "gegeven", None),
        ("zorgcoordinator", "gez", "bevestigd", "2027-05-01"),
        (PROCESS, "gez", "ingetrokken", None),
        ("leger_des_heils", "gez", "gegeven", "2026-11-20"),
        ("zorgcoordinator", "adr", "gegeven", "2027-05-01"),
        ("zorgcoordinator", "id", "gegeven", None),
        ("kwintes", "id", "gegeven", None),
        ("ggz", "id", "beperkt", "2026-12-01"),
    ):
        line = {"party": party, "category": category, "purpose": purpose, "state": state, "from": "2026-11-01"}
        lines += [line | {"subject": f"{case}-{who}", "until": until} for who in ("v", "k")]
    for number, line in enumerate(lines):
        starts, ends = midnight(date(2026, 11, 1)), line["until"]
        world.consents[case].append(
            facts.ConsentLine(
                line["subject"], line["party"], line["category"], "purpose", line["state"], number, starts,
                day_end(date.fromisoformat(ends)) if ends else None,
            )
        )  # fmt: skip
    exceptions = [
        _exception(world, case, "veilig_thuis", "gez", 4, f"u-{PROCESS}"),
        _exception(world, case, "comensha", "id", 6, "u-politie"),
    ]
    return {"consents": lines, "exceptions": exceptions}


def _exception(world: World, case: str, party: str, category: str, code: int, decider: str) -> dict[str, Any]:
    """One about the victim; its reason is never shown to anybody: no case has this conference."""
    reason = secrets.token_hex(16)
    world.planted.append(Planted(reason, "exception's reason", case=case, conference="nobody"))
    world.seats["nobody"] = set()
    world.exceptions[case].append(
        facts.ExceptionLine(
            f"{case}-v", party, category, code, decider, "recorded",
            midnight(date(2026, 11, 20)), day_end(date(2026, 12, 20)),
        )
    )  # fmt: skip
    return {
        "subject": f"{case}-v", "party": party, "category": category, "code": code, "decider": decider,
        "reason": reason, "from": "2026-11-20", "until": "2026-12-20",
    }  # fmt: skip


# --- conferences -----------------------------------------------------------------------


def _conference(world: World, name: str, cases: tuple[str, ...]) -> dict[str, Any]:
    able = [person["id"] for person in world.data["people"] if person["family"] == "inhoud"]
    people = [person for at, person in enumerate(able) if at % 3 or person == f"u-{PROCESS}"] if name == "o1" else able
    world.seats[name] = set(people)
    return {
        "id": name,
        "title": world.plant("conference title", conference=name, of=("conferences", name)),
        "starts": (NOW + timedelta(hours=1)).isoformat(),
        "chair": f"u-{PROCESS}",
        "people": people,
        "agenda": [_general(world, name), *(_point(world, name, case) for case in cases)],
    }


def _general(world: World, name: str) -> dict[str, Any]:
    title, note = f"{name}-general", f"{name}-general-n"
    return {
        "id": title,
        "case": None,
        "title": world.plant("general title", conference=name, of=("agenda_items", title)),
        "minutes": 5,
        "notes": [{"id": note, "text": world.plant("general note", conference=name, of=("notes", note))}],
        "decisions": [],
        "actions": [],
    }


def _point(world: World, name: str, case: str) -> dict[str, Any]:
    point, victim = f"{name}-{case}", f"{case}-v"

    def plant(place: str, category: str, of: tuple[str, str], about: tuple[str, ...] = (), **more: Any) -> str:
        return world.plant(place, case=case, item=facts.Item(category, PROCESS, **more), of=of, about=about)

    title = world.plant(
        "agenda title",
        case=case,
        item=facts.Item("prc", PROCESS),
        conference=name,
        of=("agenda_items", point),
        about=(victim,),
    )
    notes = [
        {"id": f"{point}-n-{category}", "text": plant(f"note {category}", category, ("notes", f"{point}-n-{category}")),
         "category": category}
        for category in ("prc", "hnd")
    ]  # fmt: skip
    actions = [
        {"id": f"{point}-x-{category}", "owner": "kwintes", "due": due, "category": category,
         "text": plant(f"action {category}", category, ("actions", f"{point}-x-{category}"), (victim,),
                       open_action_owner="kwintes") + f" {{subject:{victim}}}"}
        for category, due in (("prc", "2026-12-01"), ("vzn", "2026-12-02"))
    ]  # fmt: skip
    return {
        "id": point,
        "case": case,
        "title": f"{title} {{subject:{victim}}}",
        "minutes": 10,
        "notes": notes,
        "decisions": [
            _decision(world, case, f"{point}-d-{category}", category, status)
            for category, status in (("prc", "adopted"), ("hlp", "proposed"), ("pol", "adopted"), ("won", "adopted"))
        ],
        "actions": actions,
    }


def _decision(world: World, case: str, name: str, category: str, status: str) -> dict[str, Any]:
    """A decision about the victim, with a dissent that names somebody else; each may be hidden without the other."""
    own, theirs = facts.Item(category, PROCESS), facts.Item(category, "kwintes")
    of, victim, other = ("decisions", name), f"{case}-v", f"{case}-k"
    text = world.plant(f"decision {category}", case=case, item=own, of=of, about=(victim,))
    reason = world.plant(f"dissent {category}", case=case, item=theirs, inside=own, of=of, about=(other,))
    return {
        "id": name,
        "text": f"{text} {{subject:{victim}}}",
        "category": category,
        "status": status,
        "dissent": [{"party": "kwintes", "reason": f"{reason} {{subject:{other}}}"}],
    }
