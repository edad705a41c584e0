"""What an answer showed, read from its bytes alone: canaries, pseudonyms, code names and ids; and what the log says.

The product's own projections play no part: a canary tells which object it stands in and of whom
it speaks, a pseudonym is derived anew, an id is the one that `seed` printed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from conference.vault.pseudonyms import pseudonym
from frontend.said import short_pseudonym
from tests.system.canaries import World
from tests.system.crawl import Answer, Ids, revealed

LIVE = {
    "items": "item", "subjects": "subject", "cases": "case", "agenda_items": "agenda_item", "notes": "minutes",
    "decisions": "decision", "actions": "action", "conferences": "conference",
}  # fmt: skip
CAPITALS = re.compile(r"\b[A-Z]{3,11}\b")
PSEUDONYM = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{2}(?:[0-9A-Z]{2}-[0-9A-Z]{3})?\b")
ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
KEY = re.compile(rf"\b(?:{'|'.join(LIVE.values())}):{ID.pattern[2:]}")

Leaf = dict[str, Any]
Pair = tuple[str | None, str | None]  # case, subject


@dataclass
class Seen:
    """`objects`: each object with the case and subject under which it must stand in the log.

    `keys`: every object of which anything was shown. `people`: every subject of whom anything was.
    """

    objects: set[tuple[str, Pair]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    people: set[Pair] = field(default_factory=set)


@dataclass
class Eye:
    """Finds in bytes what is known of a world. Needs the store's key ring to be installed."""

    world: World
    ids: Ids
    code_names: dict[str, str] = field(default_factory=dict)  # code name -> case
    _pseudonyms: dict[str, dict[str, Pair]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.planted = {one.text: one for one in self.world.planted if one.of is not None}
        self.home: dict[str, str] = {
            self.ids["subjects"][subject["id"]]: self.ids["cases"][case["id"]]
            for case in self.world.data["cases"]
            for subject in case["subjects"]
        }

        # The number of somebody's consent record, which stands on the paper that she gets in place of a name.
        self.records: dict[str, Pair] = {
            str(uuid5(UUID(one), "consent record")): (case, one) for one, case in self.home.items()
        }
        # What a page leads to by its address.
        self.addressed = {
            one: f"{LIVE[kind]}:{one}" for kind in ("cases", "conferences") for one in self.ids[kind].values()
        }

    def key(self, kind: str, name: str) -> str:
        return f"{LIVE[kind]}:{self.ids[kind][name]}"

    def look(self, answer: Answer, party: str) -> Seen:
        """Return what one answer shows to somebody whose pseudonyms are `party`'s."""
        seen = Seen()
        seen.keys |= {self.addressed[one] for one in set(ID.findall(answer.address)) & self.addressed.keys()}
        for text in revealed(answer.bytes) & self.planted.keys():
            self._canary(seen, text)
        for text in answer.texts:
            self.read(seen, text, party)
        return seen

    def read(self, seen: Seen, text: str, party: str) -> None:
        """Add what a readable text shows by code name, pseudonym or id."""
        for name in set(CAPITALS.findall(text)) & self.code_names.keys():
            seen.objects.add((f"case:{self.code_names[name]}", (self.code_names[name], None)))
            seen.keys.add(f"case:{self.code_names[name]}")
        named = set(ID.findall(text))
        seen.keys |= {self.addressed[one] for one in named & self.addressed.keys()}
        seen.keys |= set(KEY.findall(text))
        known = self.pseudonyms(party)
        people = {known[one] for one in set(PSEUDONYM.findall(text)) & known.keys()}
        people |= {(self.home[one], one) for one in named & self.home.keys()}
        people |= {self.records[one] for one in named & self.records.keys()}
        seen.people |= people
        seen.keys |= {f"subject:{subject}" for _case, subject in people}

    def _canary(self, seen: Seen, text: str) -> None:
        one = self.planted[text]
        assert one.of is not None
        key, case = self.key(*one.of), self.ids["cases"][one.case] if one.case else None
        about = [self.ids["subjects"][name] for name in one.about] or [None]
        seen.keys.add(key)
        seen.objects |= {(key, (case, subject)) for subject in about}
        seen.people |= {(case, subject) for subject in about if subject}

    def pseudonyms(self, party: str) -> dict[str, Pair]:
        """Every pseudonym that a party has, in full and as it is read out, with whom it means."""
        if party not in self._pseudonyms:
            made = {pseudonym(party, UUID(case), UUID(one)): (case, one) for one, case in self.home.items()}
            self._pseudonyms[party] = made | {short_pseudonym(full): pair for full, pair in made.items()}
        return self._pseudonyms[party]


def differences(seen: Seen, leaves: Sequence[Leaf]) -> Iterator[str]:
    """Say where what was shown and what was logged differ; `leaves`: the entries of this one access."""
    written = Counter((leaf["case"], leaf["subject"]) for leaf in leaves)
    logged = {(key, (leaf["case"], leaf["subject"])) for leaf in leaves for key in leaf["obj"]}
    yield from (f"{count} entries for {pair}" for pair, count in written.items() if count > 1)
    yield from (
        f"shown, not logged: {key} under {pair}" for key, pair in seen.objects if not _stands(key, pair, logged)
    )
    yield from (f"somebody shown, not logged: {pair}" for pair in seen.people if pair not in written)
    yield from (f"logged, not shown: {key} under {pair}" for key, pair in logged if key not in seen.keys)
    about = seen.people | {pair for _key, pair in seen.objects} | {(case, None) for case, _subject in written}
    yield from (f"an entry for nobody who was shown: {pair}" for pair in written if pair not in about)


def _stands(key: str, pair: Pair, logged: Iterable[tuple[str, Pair]]) -> bool:
    """A case's own words may stand under any of its subjects; all else under exactly this one."""
    if key.startswith("case:"):
        return any(one == key and found[0] == pair[0] for one, found in logged)
    return (key, pair) in logged
