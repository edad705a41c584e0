"""What covenant and register alone say, per case and category; never whether anything exists."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from agenda import protocol
from conference.cases.access import Gate
from conference.covenant import facts
from conference.covenant.facts import Level, Ruling
from conference.covenant.rules import decide, may_supply

_BEFORE_TABLE = frozenset({"aanmelding", "triage", "verrijking", "heropend"})
_TELLS_TRACK = frozenset({"track_forbids", "track_lowers"})


class Scopes:
    """The scope sentences' facts under one gate."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._known: dict[tuple[str, UUID, bool], list[protocol.CategoryScope]] = {}
        self._needs: dict[tuple[str, UUID, str, bool], bool] = {}
        self._later: dict[UUID, Scopes] = {}

    def of(self, viewer: facts.Viewer, case: UUID, *, readers: bool) -> list[protocol.CategoryScope]:
        """Return one entry per category, in the covenant's order.

        `readers`: also name the parties that would read an own item; only for who may
        see which parties are involved.
        """
        covenant = self.gate.covenant
        if covenant is None or case not in self.gate.cases or not self.gate.cases[case].readable:
            return []
        asked = (viewer.party, case, readers)
        if asked not in self._known:
            self._known[asked] = [
                self._category(viewer, case, category, readers=readers) for category in covenant.categories
            ]
        return self._known[asked]

    def _category(self, viewer: facts.Viewer, case: UUID, category: str, *, readers: bool) -> protocol.CategoryScope:
        ruling = self.supposed(viewer, case, category)
        if not readers:  # where the header is hidden, nothing here may tell its track or phase
            reason = "not_in_covenant" if ruling.reason in _TELLS_TRACK else ruling.reason
            return protocol.CategoryScope(
                category, ruling.level.value, reason, own=False, readers=[], readers_with_consent=[]
            )
        plain, consented = self._readers(viewer, case, category)
        return protocol.CategoryScope(
            category,
            ruling.level.value,
            ruling.reason,
            own=self._may_supply(viewer.party, case, category),
            readers=plain,
            readers_with_consent=consented,
        )

    def _may_supply(self, party: str, case: UUID, category: str) -> bool:
        fact = self.gate.cases[case].fact
        covenant = self.gate.covenant
        if covenant is None:
            return False
        refusal = may_supply(
            covenant, party, category, fact.track, fact.phase, open_action_parties=fact.open_action_parties
        )
        return refusal is None

    def supposed(self, viewer: facts.Viewer, case: UUID, category: str) -> Ruling:
        """Rule on an item that somebody else, without secrecy, could have brought: the best over subjects."""
        supplier = self._somebody_else(viewer.party)
        subjects = [*self.gate.cases[case].subjects, None]
        rulings = [
            self.gate.rule(viewer, case, facts.Item(category, supplier, str(s) if s else None)) for s in subjects
        ]
        return max(rulings, key=lambda ruling: ruling.level.rank)

    def asks_consent(self, case: UUID, party: str, category: str) -> bool:
        """Say whether consent could open a category to a party.

        It could when somebody in the case may bring an item that it does not see without.
        """
        return next(self.asking(case, party, category), None) is not None

    def may_be_asked(self, case: UUID, party: str, category: str) -> bool:
        """Say whether she can be asked: consent could open it now, or once the case is discussed.

        Somebody who calls before that is asked for then; else nobody could share anything at the table.
        """
        if self.asks_consent(case, party, category):
            return True
        return self.gate.cases[case].fact.phase in _BEFORE_TABLE and self._at_table(case).asks_consent(
            case, party, category
        )

    def _at_table(self, case: UUID) -> "Scopes":
        """These scopes as they will be when the case is discussed."""
        if case not in self._later:
            found = self.gate.cases[case]
            then = replace(found, fact=replace(found.fact, phase="overleg"))
            self._later[case] = Scopes(Gate(self.gate.covenant, self.gate.now, {case: then}))
        return self._later[case]

    def asking(self, case: UUID, party: str, category: str) -> Iterator[str]:
        """Yield each supplier whose item of a category a party reads with consent only."""
        found, covenant = self.gate.cases[case], self.gate.covenant
        if covenant is None:
            return
        others = dict.fromkeys([*self._others(party, found.parties), self._somebody_else(party)])
        for supplier in others:
            may = may_supply(covenant, supplier, category, found.fact.track) is None
            if may and self._needs_consent(case, party, category, supplier):
                yield supplier

    def _needs_consent(self, case: UUID, party: str, category: str, supplier: str) -> bool:
        """Of a supplier only its secrecy plays a part here: the covenant is asked once for each kind."""
        covenant = self.gate.covenant
        secret = covenant is not None and covenant.parties[supplier].secrecy is not None
        asked = (party, case, category, secret)
        if asked not in self._needs:
            reader = facts.Viewer(party, "inhoud")
            self._needs[asked] = not self._without_register(
                reader, case, facts.Item(category, supplier)
            ) and self._could_with_consent(reader, case, category, supplier)
        return self._needs[asked]

    def receivers(self, case: UUID) -> list[str]:
        """Return every party that takes part in a case, the process party first."""
        return self._others("", self.gate.cases[case].parties)

    def without_register(self, reader: facts.Viewer, case: UUID, category: str, subject: str) -> Ruling:
        """Rule on an item about a subject that somebody else without secrecy brings, as if nobody had consented."""
        item = facts.Item(category, self._somebody_else(reader.party), subject)
        return decide(self.gate.covenant, reader, self.gate.cases[case].fact, item, (), (), self.gate.now)

    def _somebody_else(self, party: str) -> str:
        covenant = self.gate.covenant
        known = covenant.parties.values() if covenant else ()
        return next((p.id for p in known if p.id != party and p.cls == "P" and not p.secrecy), "")

    def _readers(self, viewer: facts.Viewer, case: UUID, category: str) -> tuple[list[str], list[str]]:
        """Return who reads an own item without any consent, and who only with one."""
        found = self.gate.cases[case]
        plain: list[str] = []
        consented: list[str] = []
        for party in self._others(viewer.party, found.parties):
            reader = facts.Viewer(party, "inhoud")
            item = facts.Item(category, viewer.party)
            if self._without_register(reader, case, item):
                plain.append(party)
            elif self._could_with_consent(reader, case, category, viewer.party):
                consented.append(party)
        return plain, consented

    def _others(self, own: str, parties: Iterable[str]) -> list[str]:
        covenant = self.gate.covenant
        process = [p.id for p in covenant.parties.values() if p.process] if covenant else []
        return [party for party in dict.fromkeys([*process, *parties]) if party != own]

    def _without_register(self, reader: facts.Viewer, case: UUID, item: facts.Item) -> bool:
        fact = self.gate.cases[case].fact
        return decide(self.gate.covenant, reader, fact, item, (), (), self.gate.now).visible

    def _could_with_consent(self, reader: facts.Viewer, case: UUID, category: str, supplier: str) -> bool:
        fact = self.gate.cases[case].fact
        asked = facts.Subject("supposed", "victim")
        alone = facts.Case(
            fact.track, fact.phase, fact.purpose, fact.parties, (asked, *fact.subjects), fact.open_action_parties
        )
        line = facts.ConsentLine("supposed", reader.party, category, fact.purpose, "gegeven", 1, self.gate.now, None)
        item = facts.Item(category, supplier, "supposed")
        ruling = decide(self.gate.covenant, reader, alone, item, (line,), (), self.gate.now)
        return ruling.level is not Level.NONE
