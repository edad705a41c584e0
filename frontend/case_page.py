"""A case as its page shows it: groups in the fixed order, notes by kind, who reads what. No rule is made here."""

from dataclasses import dataclass, field

from agenda.pages import CaseView, RegisterLine, SubjectView
from agenda.protocol import Action, Decision, Item, MinutesBlock
from frontend import scope_text
from frontend.categories import in_order, place
from frontend.names import category_name, party_name, people_phrase

FIELDS = ("name", "birth_date", "address", "phone", "bsn")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with the id that its forms need."""

    id: str
    item: Item

    @property
    def only_for(self) -> str:
        return people_phrase([party_name(party) for party in self.item.only_for or []])

    @property
    def not_for(self) -> str:
        return people_phrase([party_name(party) for party in self.item.not_for or []])


@dataclass(slots=True)
class Group:
    """One category; `gated`: covenant and register say that only consent could open it."""

    category: str
    gated: bool
    rows: list[ItemRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A betrokkene with her identity data in a fixed order, each with whether it is protected."""

    view: SubjectView
    facts: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an own item of this category."""

    name: str
    text: str


class CasePage:
    """The parts of a case's page."""

    def __init__(self, view: CaseView) -> None:
        self.view = view
        self.sentence = scope_text.sentence(view.head.scope)
        self.kinds = scope_text.kinds(view.head.scope)
        self.parties = people_phrase([party_name(party.id) for party in view.head.parties or []])
        self.subjects = [SubjectRow(subject, _facts(subject)) for subject in view.subjects]
        self.groups = _groups(view)
        self.readers = [
            Reader(category_name(entry.category), scope_text.readers_text(entry))
            for entry in sorted(view.head.scope, key=lambda entry: place(entry.category))
            if entry.own
        ]
        self.register = sorted(view.register, key=_register_order)

    @property
    def decisions(self) -> list[Decision]:
        return [note for _key, note in self.view.notes if isinstance(note, Decision)]

    @property
    def actions(self) -> list[Action]:
        return [note for _key, note in self.view.notes if isinstance(note, Action)]

    @property
    def minutes(self) -> list[MinutesBlock]:
        return [note for _key, note in self.view.notes if isinstance(note, MinutesBlock)]


def _facts(subject: SubjectView) -> list[tuple[str, str, bool]]:
    """What is known of her; a name that stands above already is not said twice."""
    above = subject.body is not None and subject.body.name is not None
    shown = [name for name in FIELDS if subject.identity.get(name) and not (name == "name" and above)]
    return [(name, subject.identity[name], name in subject.protected) for name in shown]


def _groups(view: CaseView) -> list[Group]:
    gated = {entry.category for entry in view.head.scope if entry.reason == "consent_missing"}
    rows = [ItemRow(key.partition(":")[2], item) for key, item in view.items]
    groups = {code: Group(code, code in gated) for code in in_order([*gated, *(row.item.category for row in rows)])}
    for row in rows:
        groups[row.item.category].rows.append(row)
    return list(groups.values())


def _register_order(line: RegisterLine) -> tuple[str, tuple[int, str], str]:
    return (line.handle, place(line.category), line.party)
