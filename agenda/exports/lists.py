"""What a decision list holds, as plain frozen values, and how its texts read. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Name:
    """A party: the covenant's id for machines, the name on paper for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category: the covenant's id, its name on paper and the ground that it rests on."""

    id: str
    name: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A betrokkene inside a text. `pseudonym` is the receiving party's own.

    `name` only when the receiver may read it.
    """

    handle: str
    pseudonym: str
    name: str | None = None


Part = str | Mention
Text = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Dissent:
    party: Name
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`status`: proposed | adopted."""

    text: Text
    category: Category
    status: str
    adopted_at: datetime | None = None
    dissent: tuple[Dissent, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """`status`: open | done."""

    text: Text
    owner: Name
    due: date
    status: str
    category: Category


@dataclass(frozen=True, slots=True)
class CasePart:
    """All that concerns one case. Without `code_name`: the conference's general points.

    `purpose` and `phase` are None where the receiver does not see the case's header.
    """

    code_name: str | None
    purpose: str | None = None
    phase: str | None = None
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Consented:
    """What somebody said about sharing one kind with the receiver, as it stands when the list is made.

    `state` is the register's own word; `until`: the last day on which it holds or held.
    """

    case: str
    subject: Mention
    category: Category
    state: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The register's lines about the receiver alone, of the people of the cases in this list.

    `code` is a keyed hash of exactly these, twelve symbols: another code, another register. `at` is aware.
    """

    at: datetime
    code: str
    lines: tuple[Consented, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionList:
    """The list as the receiving party `for_party` may have it.

    `starts` and `ends` are aware; `chair` is a name with the party in words;
    `covenant` is id and version in words. No field holds an internal id.
    """

    for_party: Name
    title: str
    starts: datetime
    chair: str
    covenant: str
    parts: tuple[CasePart, ...] = ()
    ends: datetime | None = None
    register: Register | None = None

    @property
    def decisions(self) -> Iterator[tuple[CasePart, Decision]]:
        return ((part, decision) for part in self.parts for decision in part.decisions)

    @property
    def actions(self) -> Iterator[tuple[CasePart, Action]]:
        return ((part, action) for part in self.parts for action in part.actions)


@dataclass(frozen=True, slots=True)
class Marking:
    """Who made the file and when (aware); it stands on the file and not in its hash."""

    made_at: datetime
    made_by: str


def plain(text: Sequence[Part]) -> str:
    """Return a text for machines: each betrokkene in full at the first mention, then short.

    In full is "betrokkene 1 (KV4W-6P)", and with a name "Noor Fictief (betrokkene 1, KV4W-6P)".
    """
    seen: set[str] = set()
    return "".join(_plain_part(part, seen) for part in text)


def _plain_part(part: Part, seen: set[str]) -> str:
    if isinstance(part, str):
        return part
    short = part.name or part.handle
    if part.handle in seen:
        return short
    seen.add(part.handle)
    beside = f"{part.handle}, {part.pseudonym}" if part.name else part.pseudonym
    return f"{short} ({beside})"
