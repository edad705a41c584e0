"""The one gate: all case content is ruled on, opened and logged here, and nowhere else.

Two roads lead through it, in one order: rule, log, release. A page or an export is put
together in memory and handed out by `disclose`, which first writes its entries durably.
The live room projects views, and the hub releases a frame only after `agenda.feed.disclose`
has written the entries that `entries` made of it. What is refused is never opened.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from audit.record import Entry, record_durably
from conference import clock
from conference.accounts.sessions import Identity
from conference.cases import rights
from conference.cases.content import Content
from conference.cases.labels import unopened
from conference.cases.mentions import Label, Placed, render
from conference.cases.rights import CaseRights, SubjectRights
from conference.covenant import facts, shelf
from conference.covenant.facts import Level, Ruling
from conference.covenant.file import Covenant
from conference.covenant.rules import decide
from conference.crypto import KeyTrouble
from conference.vault import identities, keys
from conference.vault.keys import DESTROYED
from conference.vault.pseudonyms import pseudonym

log = structlog.get_logger(__name__)

GENERAL = Ruling(Level.IDENTIFIED, "general_point")  # what belongs to no case, for all at the table
LOOK_AGAIN = timedelta(minutes=1)  # at a case that cannot be opened now: it may have been put right
UNREADABLE = "case_unreadable"  # the reason where a case cannot be opened now
_REASONS = ("exception", "consent", "covenant", "own_contribution", "general_point")


@dataclass(frozen=True, slots=True)
class Opened:
    """Opened content: its fields, and its texts rendered for one viewer."""

    fields: Mapping[str, str]
    text: str
    mentions: tuple[Placed, ...]


class Gate:
    """The rulings of one moment over a set of cases; keeps nothing after that moment.

    A ruling is the covenant's alone: `covenant` None (none active) shows nothing.
    """

    def __init__(
        self,
        covenant: Covenant | None,
        now: datetime,
        cases: Mapping[UUID, CaseRights],
        until: datetime | None = None,
        people_version: int = 0,
    ) -> None:
        self.covenant = covenant
        self.now = now
        self.cases = cases
        self.people_version = people_version
        # The earliest moment at which any ruling made so far can change by itself.
        self.until = until
        self._rulings: dict[tuple[facts.Viewer, UUID, facts.Item], Ruling] = {}
        self._names: dict[UUID, dict[str, str]] = {}

    @classmethod
    def at_this_moment(cls, cases: Iterable[UUID]) -> "Gate":
        """Read covenant and rights as they stand now; call it inside `rights.snapshot()`."""
        now = clock.now()
        covenant, until = shelf.ruling_at(now)
        found, people_version = rights.load_at(cases)
        if any(case.trouble not in {None, DESTROYED} for case in found.values()):
            again = now + LOOK_AGAIN
            until = min(until, again) if until else again
        return cls(covenant, now, found, until, people_version)

    def renewed(self) -> "Gate":
        """Return the gate with the cases' rights as they stand now, under the same covenant and moment."""
        cases = rights.load(self.cases)
        unchanged = all(cases.get(case) is found for case, found in self.cases.items())
        return self if unchanged else Gate(self.covenant, self.now, cases, self.until, self.people_version)

    @property
    def process_party(self) -> str | None:
        """The party that is involved in every case; None without an active covenant."""
        parties = self.covenant.parties.values() if self.covenant else ()
        return next((party.id for party in parties if party.process), None)

    # --- ruling -----------------------------------------------------------------

    def ruling(self, viewer: facts.Viewer, content: Content) -> Ruling:
        """Rule on one content; content of no case is for everybody at the table."""
        if content.case is None:
            return GENERAL
        return self.rule(viewer, content.case, content.fact())

    def rule(self, viewer: facts.Viewer, case: UUID, item: facts.Item) -> Ruling:
        """Rule on an item, real or supposed, of a case."""
        asked = (viewer, case, item)
        known = self._rulings.get(asked)
        if known is None:
            known = self._rulings[asked] = self._decide(viewer, case, item)
            self.change_by(known.until)
        return known

    def change_by(self, moment: datetime | None) -> None:
        """Let what was made under this gate count until a moment at most; None changes nothing."""
        if moment is not None and (self.until is None or moment < self.until):
            self.until = moment

    def _decide(self, viewer: facts.Viewer, case: UUID, item: facts.Item) -> Ruling:
        found = self.cases.get(case)
        if found is None:
            return Ruling(Level.NONE, "not_involved")
        ruling = decide(self.covenant, viewer, found.fact, item, found.consents, found.exceptions, self.now)
        if found.readable or ruling.reason in EXISTENCE_REFUSALS:
            return ruling
        return Ruling(Level.NONE, UNREADABLE, ruling.until)

    def existence(self, viewer: facts.Viewer, case: UUID) -> Ruling:
        """Rule on whether the case exists for this viewer (rules 1 to 7).

        Level IDENTIFIED stands for "it exists"; else the reason says why not.
        """
        if case not in self.cases:
            return Ruling(Level.NONE, "not_involved")
        # Her own contribution: rules 1 to 7 alone stand before it, and no cell plays a part.
        ruling = self.rule(viewer, case, facts.Item(category="prc", supplier=viewer.party))
        if ruling.reason in EXISTENCE_REFUSALS:
            return ruling
        return Ruling(Level.IDENTIFIED, ruling.reason, ruling.until, ruling.cell)

    def header_ruling(self, viewer: facts.Viewer, case: UUID) -> Ruling:
        """Rule on purpose, track, phase, municipality and parties: `prc`, supplied by the referrer."""
        found = self.cases.get(case)
        if found is None:
            return Ruling(Level.NONE, "not_involved")
        return self.rule(viewer, case, facts.Item(category="prc", supplier=found.referrer))

    def subject_ruling(self, viewer: facts.Viewer, case: UUID, subject: SubjectRights, category: str = "id") -> Ruling:
        """Rule on a subject's identity data of one category (`id`, `bsn` or `adr`)."""
        item = facts.Item(category=category, supplier=subject.registered_by, subject=str(subject.id))
        return self.rule(viewer, case, item)

    def form_ruling(self, viewer: facts.Viewer, case: UUID) -> Ruling:
        """Rule on the form of exploitation.

        Shown where the victim's `id` is at least pseudonymised; in track `signaal` with the header.
        """
        found = self.cases.get(case)
        if found is None or found.fact.track == "signaal":
            return self.header_ruling(viewer, case)
        rulings = [self.subject_ruling(viewer, case, s) for s in found.subjects.values() if s.role == "victim"]
        if not rulings:
            return Ruling(Level.NONE, "not_in_covenant")
        return max(rulings, key=lambda ruling: ruling.level.rank)

    # --- opening ----------------------------------------------------------------

    def label(self, viewer: facts.Viewer, case: UUID, subject: UUID, level: Level = Level.IDENTIFIED) -> Label | None:
        """Return how this viewer reads a mention in a text that she sees at `level`.

        By name where both that and her level on the name are identified, else by handle
        and her party's pseudonym.
        """
        found = self.cases.get(case)
        known = found.subjects.get(subject) if found else None
        if known is None:
            return None
        named = level is Level.IDENTIFIED and self.subject_ruling(viewer, case, known).level is Level.IDENTIFIED
        name = self.identity(case, known, "id").get("name") if named else None
        return Label(known.handle, pseudonym(viewer.party, case, subject), name or None)

    def pseudonym(self, viewer: facts.Viewer, case: UUID, subject: UUID) -> str:
        """Return the viewer's party's own pseudonym of a subject."""
        return pseudonym(viewer.party, case, subject)

    def identity(self, case: UUID, subject: SubjectRights, category: str) -> dict[str, str]:
        """Open a subject's identity data of one category; empty when there are none."""
        part = subject.parts.get(category)
        if part is None:
            return {}
        if category != "id":
            return identities.open_part(part)
        if subject.id not in self._names:
            self._names[subject.id] = identities.open_part(part)
        return self._names[subject.id]

    def open(self, viewer: facts.Viewer, content: Content, level: Level = Level.IDENTIFIED) -> Opened:
        """Open content that was ruled visible at `level` and render its text for this viewer.

        Pseudonymised: every mention as a pseudonym, whatever else she may know.
        """
        fields = self.stored(content)
        if content.case is None:
            return Opened(fields, fields.get("text", ""), ())
        text, placed = render(fields.get("text", ""), self._labels(viewer, content.case, level))
        return Opened(fields, text, tuple(placed))

    def stored(self, content: Content) -> dict[str, str]:
        """Open content that was ruled visible as it is stored: mentions are still ids.

        One whose seal does not open says so in place of its text; what stands beside it is read as ever.
        """
        try:
            plain = keys.open_sealed(content.scope, content.table, content.row, "sealed", content.sealed)
        except KeyTrouble as trouble:
            if trouble.code != DESTROYED:
                place = "conference" if content.case is None else "case"
                log.error(  # noqa: TRY400  a traceback says no more than the code
                    "text_unreadable", code=trouble.code, **{place: str(content.scope)}
                )
            return {"text": unopened(trouble.code)}
        return msgspec.json.decode(plain, type=dict[str, str])

    def _labels(self, viewer: facts.Viewer, case: UUID, level: Level) -> Callable[[UUID], Label | None]:
        return lambda subject: self.label(viewer, case, subject, level)


# Rules 1 to 7: with these reasons not even the existence of the case is told.
EXISTENCE_REFUSALS = frozenset(
    {
        "second_factor_missing",
        "role_excluded",
        "covenant_inactive",
        "unknown_party",
        "unknown_phase",
        "unknown_track",
        "malformed",
        "not_involved",
        "case_shielded",
        "guest_no_account",
    }
)


def viewer_of(identity: Identity) -> facts.Viewer:
    """Return the covenant's viewer for somebody who is fully logged in."""
    return facts.Viewer(identity.party, identity.family, verified=True)


# --- the log --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """One object that somebody is about to see: what the log must know of it."""

    key: str
    case: UUID | None
    subjects: tuple[UUID | None, ...]
    category: str
    level: str
    reason: str


def sight_of_name(gate: Gate, viewer: facts.Viewer, case: UUID, subject: UUID) -> Sight:
    """Return the sight of a name that stands in a text: identity data like any other."""
    ruling = gate.subject_ruling(viewer, case, gate.cases[case].subjects[subject])
    return Sight(f"subject:{subject}", case, (subject,), "id", ruling.level, ruling.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who looks, how and why: the part of the entries that all objects share."""

    act: str
    origin: str
    recipients: tuple[UUID, ...] = ()
    identity: Identity | None = None
    party: str | None = None
    conference: UUID | None = None
    receiver: str | None = None  # the party that gets it: an export, a case, an exception


def entries(gate: Gate, access: Access, sights: Iterable[Sight]) -> list[Entry]:
    """Return one entry per case and subject that names every object seen of it."""
    groups: dict[tuple[UUID | None, UUID | None], list[Sight]] = {}
    for sight in sights:
        for subject in sight.subjects or (None,):
            groups.setdefault((sight.case, subject), []).append(sight)
    return [_entry(gate, access, case, subject, seen) for (case, subject), seen in groups.items()]


def _entry(gate: Gate, access: Access, case: UUID | None, subject: UUID | None, seen: list[Sight]) -> Entry:
    found = gate.cases.get(case) if case else None
    reasons = {sight.reason for sight in seen}
    return replace(
        _by(access),
        recipients=access.recipients,
        case=case,
        subject=subject,
        obj=tuple(dict.fromkeys(sight.key for sight in seen)),
        seen=tuple(sorted({f"{sight.category}={sight.level}" for sight in seen} | _receiver(access))),
        phase=found.fact.phase if found else None,
        reason=next((reason for reason in _REASONS if reason in reasons), min(reasons, default=None)),
        covenant=gate.covenant.version if gate.covenant else None,
        purpose=str(found.purpose_ref) if found else None,
    )


def _receiver(access: Access) -> set[str]:
    return {f"receiver={access.receiver}"} if access.receiver else set()


def refusal(access: Access, reason: str, *, case: UUID | None = None, obj: tuple[str, ...] = ()) -> Entry:
    """Return the entry of an access that was refused."""
    return replace(_by(access), out="deny", case=case, obj=obj, reason=reason)


def _by(access: Access) -> Entry:
    """The part of an entry that says who looked and where."""
    who = access.identity
    return Entry(
        act=access.act,
        origin=access.origin,
        actor=who.person if who else None,
        party=who.party if who else access.party,
        role=",".join(who.roles) if who and who.roles else None,
        session=who.session if who else None,
        conference=access.conference,
    )


def disclose(gate: Gate, access: Access, sights: Iterable[Sight]) -> None:
    """Write the entries of an access durably. Raises LogUnavailable: then show nothing."""
    made = entries(gate, access, sights)
    if made:
        record_durably(*made)


def refuse(access: Access, reason: str, *, case: UUID | None = None) -> None:
    """Write the entry of a refused access durably. Raises LogUnavailable."""
    record_durably(refusal(access, reason, case=case))
