"""`audit verify` on the store: every yearly log, its notes, the columns and places beside its leaves.

Waiting leaves first get their position, all is checked, and only when all is well the log is signed at
its size: nothing is signed here that was not checked before. A closed log that was removed can be
checked by its last checkpoint only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from audit import tally
from audit.growth import integrator, store
from audit.models import Checkpoint, Log
from audit.proving import notes, places
from audit.proving.chain import broken, lost, unproven
from audit.proving.tables import Table
from audit.tree.checkpoints import Checkpoint as Signed
from audit.tree.errors import TreeError
from audit.tree.notes import Note, Verifier
from audit.tree.proofs import root as root_of
from audit.verifying import signed
from audit.verifying.judging import Root, judge
from audit.verifying.source import width_of
from audit.verifying.verdict import Finding, Verdict, conclude
from audit.verifying.views import TILE, Reading


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict over one log. `year`: its year, None in a store without a log. `removed`: its entries are gone."""

    verdict: Verdict
    year: int | None = None
    removed: bool = False


def check(kept: Sequence[bytes] = (), year: int | None = None, *, deep: bool = False) -> list[Checked]:
    """Check the logs of the store, oldest first, or those of one year.

    `kept`: older checkpoints, each of one of these logs. `deep`: also the form of each leaf and the
    desk's counts.
    """
    before = {log.id: log.size for log in store.logs()}
    _take_in(fresh=not before)
    all_logs = store.logs()
    logs = [log for log in all_logs if year is None or log.year == year]
    general = [*broken(all_logs), *unproven(all_logs), *lost(), *_strange(kept, all_logs)]
    checks = [_Check(log, _of(kept, log), new=not before.get(log.id), deep=deep) for log in logs]
    _search(checks)
    found = [one.concluded() for one in checks] or [Checked(conclude(0, general))]
    if general and found[-1].verdict.ok:
        found[-1] = Checked(conclude(found[-1].verdict.size, general), found[-1].year, found[-1].removed)
    if all(one.verdict.ok for one in found):
        _sign()
    return found


def _take_in(*, fresh: bool) -> None:
    """Give what waits its position; a store that cannot do that is checked as it is."""
    if fresh and Checkpoint.objects.exists():
        return  # the logs are gone from their table: that is told, and no new one is begun over it
    try:
        integrator.integrate()
    except Exception:  # noqa: BLE001  damage shows here first, in many ways: the check names it
        connection.close_if_unusable_or_obsolete()


def _sign() -> None:
    try:
        integrator.sign()
    except Exception:  # noqa: BLE001  what is checked stays checked; a serving process signs later
        connection.close_if_unusable_or_obsolete()


def _strange(kept: Sequence[bytes], logs: Sequence[Log]) -> list[Finding]:
    """Tell older checkpoints that are none, or of no log of this store."""
    origins = {log.origin for log in logs}
    named = [_origin(raw) for raw in kept]
    return [Finding("older_foreign" if one else "older_malformed", 0) for one in named if one not in origins]


def _of(kept: Sequence[bytes], log: Log) -> list[bytes]:
    return [raw for raw in kept if _origin(raw) == log.origin]


def _origin(raw: bytes) -> str | None:
    try:
        return Signed.parse(Note.parse(raw).text).origin
    except TreeError:
        return None


class _Check:
    """The check of one log."""

    def __init__(self, log: Log, kept: Sequence[bytes], *, new: bool, deep: bool) -> None:
        self.log, self._new, self._deep = log, new, deep
        self.own = notes.read(log)
        log.refresh_from_db()  # after its checkpoints: while it is served both grow, and none is larger than it
        self.findings = list(self.own.findings)
        self._older = [signed.older(raw, self._key()) for raw in kept]
        self.table: Table | None = None
        if log.removed_at is not None:
            self.findings += self._by_last_checkpoint()
        else:
            self.table = Table(log, deep=deep)
            self.findings += self._by_entries(self.table)

    def _key(self) -> Verifier | None:
        return None if self.own.trouble == "key_malformed" else Verifier.parse(self.log.vkey)

    def _by_last_checkpoint(self) -> list[Finding]:
        """A removed log: its last checkpoint holds, and a kept one of the same size says the same."""
        roots = {root.size: root.hash for root in self.own.roots}
        findings = [one for one in self._older if isinstance(one, Finding)]
        if self.log.size not in roots:
            findings.append(Finding(self.own.trouble or "chain_broken", 0))
        for one in self._older:
            if isinstance(one, Root) and one.size > self.log.size:
                findings.append(Finding("rolled_back", self.log.size))
            elif isinstance(one, Root) and roots.get(one.size, one.hash) != one.hash:
                findings.append(Finding("fork", 0))
        return findings

    def _by_entries(self, table: Table) -> list[Finding]:
        reading = Reading(table)
        within = [root for root in self.own.roots if root.size <= table.size]
        beyond = [root for root in self.own.roots if root.size > table.size]
        last = within[-1] if within else None
        unsigned = "" if self._new or not table.size else self.own.trouble or "checkpoint_missing"
        kept = [*self._older, *beyond]
        findings = judge(reading, last, kept, unsigned)
        if not findings:
            findings = [*notes.forks(reading, within), *table.crowns.values()] or self._proves_wrongly(reading, last)
        elif all(one.reason != "fork" for one in findings):
            # Against damage the log's own checkpoints prove as well as kept ones; not against who holds its key.
            findings = judge(reading, last, [*kept, *notes.largest_good(reading, within)], unsigned)
        return [*findings, *table.findings]

    def _proves_wrongly(self, reading: Reading, last: Root | None) -> list[Finding]:
        """Good entries: see that proofs and the next checkpoint, which are made from tiles, say the same."""
        try:
            same = root_of(store.nodes(self.log.id), reading.size) == reading.entries.root_at(reading.size)
        except TreeError:
            same = False
        if not same:
            return [Finding("tile_differs", last.size if last else 0)]
        return self._counted_wrongly() if self._deep else []

    def _counted_wrongly(self) -> list[Finding]:
        differ = tally.differences(connection, self.log, self._leaves())
        grown = Log.objects.get(id=self.log.id).size != self.log.size
        return [Finding("counts_differ")] if differ and not grown else []

    def _leaves(self) -> Iterator[tuple[int, bytes]]:
        for n in range(-(-self.log.size // TILE)):
            for row in Table(self.log).rows(n, width_of(self.log.size, 0, n)):
                yield row.id, row.leaf

    def concluded(self) -> Checked:
        """Return the verdict over this log."""
        return Checked(conclude(self.log.size, self.findings), self.log.year, self.log.removed_at is not None)


def _search(checks: Sequence[_Check]) -> None:
    """Compare the places where the desk finds entries, where the entries themselves are good."""
    if any(one.findings for one in checks) or len({one.log.id for one in checks}) < Log.objects.count():
        return
    tables = [one.table for one in checks if one.table is not None]
    for log, finding in places.differing(tables):
        at = next((one for one in checks if one.log.id == log), checks[-1])
        at.findings.append(finding)
