"""One victim's register as a consent record or a receipt, which her care coordinator takes out.

What the register does not know (a line that was taken over, a text that nobody named) the file says it does not
know. The fixed texts stand here in Dutch: a file must read the same wherever and whenever it is made.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import translation

from agenda.pages.purposes import elsewhere
from agenda.pages.reading import Reading
from agenda.pages.register import Choice, Event, RegisterView, TalkView, register_read
from conference.accounts.sessions import Identity
from conference.cases import access
from conference.cases.access import Access
from conference.cases.registering import HEALTH
from conference.covenant.days import day_of
from conference.covenant.labels import category_name, party_name
from conference.covenant.shape import Covenant
from consent import records
from consent.records import GivenBy, Interpreter, Key, Method

ACT = "export.made"
WITHDRAWAL = (
    "Op elk moment, mondeling of schriftelijk, bij de zorgcoördinator. Eén telefoontje is genoeg; het werkt meteen."
)
RIGHTS = (
    "Bij de zorgcoördinator of bij de functionaris gegevensbescherming. "
    "Een klacht kan ook bij de Autoriteit Persoonsgegevens."
)
RETENTION = "P5Y"  # WGS 1.8 lid 7: destroyed at the latest five years after first processing

KINDS: Mapping[str, Callable[[records.Register], dict[str, Any]]] = MappingProxyType(
    {"record": records.record, "receipt": records.receipt}
)

_METHODS = {"mondeling": Method.SPOKEN, "schriftelijk": Method.WRITTEN}
_GIVERS = {"zelf": GivenBy.SELF, "beiden": GivenBy.BOTH, "vertegenwoordiger": GivenBy.REPRESENTATIVE}
_INTERPRETERS = {
    "register": Interpreter.REGISTERED,
    "informeel": Interpreter.INFORMAL,
    "geen": Interpreter.NONE,
}


def consent_file(identity: Identity, case: UUID, subject: UUID, kind: str) -> bytes | None:
    """Return a register as a file (`kind`: record | receipt) after logging that it goes out.

    None (and an entry) for anybody but her case's care coordinator, and where nothing is asked of her. Raises
    LogUnavailable, and records.Incomplete for a file that would lack a mandatory field: neither hands out a byte.
    """
    found = register_read(identity, case, subject, act=ACT)
    if found is None:
        return None
    register = facts_of(found.value, found.reading)
    if not register.lines:
        access.refuse(Access(act=ACT, origin="http", identity=identity), "not_found", case=case)
        return None
    body = records.checked(KINDS[kind](register))
    found.show()
    return body


def facts_of(view: RegisterView, reading: Reading) -> records.Register:
    """Return what the register says of a victim in the words of a record; nobody's name and no text of hers."""
    with translation.override("nl"):
        return _Facts(view, reading).register()


class _Facts:
    """One register in the making."""

    def __init__(self, view: RegisterView, reading: Reading) -> None:
        self.view = view
        self.covenant: Covenant | None = reading.gate.covenant
        self.purpose: UUID = reading.gate.cases[view.case].purpose_ref
        self.elsewhere = elsewhere(view, reading)
        self.own_party = reading.identity.party
        self.now: datetime = reading.gate.now
        self.talks = {talk.id: talk for talk in view.talks}
        self.proofs = {proof.id: proof.sha256 for proof in view.evidence}

    def register(self) -> records.Register:
        # Her id leads to her in every case: what leaves is made from it and does not lead back.
        record_id = uuid5(self.view.subject, "consent record")
        lines = (*(self.line(choice) for choice in self.choices()), *self.other_lines())
        keys = {line.key for line in lines}
        events = [event for event in self.events(record_id) if keys.issuperset(event.lines)]
        return records.Register(
            record_id=record_id,
            receipt_id=uuid5(record_id, f"receipt of {self.now.isoformat()}"),
            made_at=self.now,
            principal=self.view.pseudonym,
            handle=self.view.handle,
            controller=self.party(self.covenant.process if self.covenant else self.own_party),
            registrar=self.party(self.own_party),
            lines=lines,
            events=tuple(events),
            location=settings.CONFIG.store_country,
            retention=RETENTION,
            withdrawal=WITHDRAWAL,
            rights=RIGHTS,
        )

    def choices(self) -> list[Choice]:
        """Every line that stands or may be asked, also of a party that is no longer asked about."""
        asked = {(choice.party, choice.category) for choice in self.view.choices}
        others = [line for line in self.view.lines if (line.party, line.category) not in asked]
        return [*self.view.choices, *(Choice(line.party, line.category, line.state, line.ends) for line in others)]

    def other_lines(self) -> Iterator[records.Line]:
        """What she said for a purpose of its own: a yes to CoMensha is one like any other."""
        for one in self.elsewhere:
            choice = Choice(one.party, one.category, one.state, one.ends)
            yield self.line(choice, records.Purpose(id=str(one.purpose), title=one.title))

    def line(self, choice: Choice, purpose: records.Purpose | None = None) -> records.Line:
        """Return a line; without a `purpose` it is of the case's own."""
        purpose = purpose or records.Purpose(id=str(self.purpose), title=self.purpose_of(choice.party))
        about = Key(choice.party, choice.category, purpose.id)
        last = next((event for event in self.view.history if self.key(event) == about), None)
        return records.Line(
            party=self.party(choice.party),
            category=self.category(choice.category),
            purpose=purpose,
            state=choice.state,
            starts=last.starts if last else None,
            ends=choice.ends,
            review_on=last.review_on if last else None,
            covenant_row=last.covenant_row if last else "",
        )

    def events(self, record_id: UUID) -> list[records.Event]:
        """What was said at one moment, of one state and with one end, is one event about some lines."""
        said: dict[tuple[Any, ...], list[Event]] = {}
        for event in reversed(self.view.history):
            said.setdefault((event.recorded_at, event.state, event.ends, event.talk), []).append(event)
        return [self.event(uuid5(record_id, " ".join(map(str, what))), rows) for what, rows in said.items()]

    def event(self, number: UUID, rows: list[Event]) -> records.Event:
        first = rows[0]
        talk = self.talks.get(first.talk) if first.talk else None
        facts = _said(talk, self.proofs) if talk else {}
        about = tuple(dict.fromkeys(self.key(row) for row in rows))
        return records.Event(id=number, at=first.recorded_at, lines=about, state=first.state, ends=first.ends, **facts)

    def key(self, event: Event) -> Key:
        return Key(event.party, event.category, str(event.purpose or self.purpose))

    def party(self, party: str) -> records.Party:
        known = self.covenant.parties.get(party) if self.covenant else None
        public = known is not None and known.cls == "P"  # BGS 2.27 lid 1: authorities, who answer for it together
        kind = records.Kind.GOVERNMENT if public else records.Kind.ORGANISATION
        told = known.texts if known is not None else {}
        return records.Party(
            id=party,
            name=party_name(party, self.covenant),
            address=told.get("postal_address", ""),
            contact=told.get("contact_point", ""),
            kind=kind,
        )

    def category(self, category: str) -> records.Category:
        name = category_name(category, self.covenant)
        return records.Category(code=category, name=name, special=category == HEALTH)

    def purpose_of(self, party: str) -> str:
        """The covenant's words for what a party is at the table for; the case's own purpose is somebody's text."""
        known = self.covenant.parties.get(party) if self.covenant else None
        return known.texts.get("doel", "") if known else ""


def _said(talk: TalkView, proofs: Mapping[UUID, str]) -> dict[str, Any]:
    """What a conversation tells of an event: codes and hashes, never a name or a remark."""
    return {
        "given_by": _GIVERS.get(talk.said.given_by, GivenBy.UNKNOWN),
        "method": _METHODS.get(talk.said.method, Method.UNKNOWN),
        "interpreter": _INTERPRETERS.get(talk.said.interpreter, Interpreter.UNKNOWN),
        "said_on": talk.said.on if talk.said.on != day_of(talk.at) else None,
        "language": talk.language,
        "evidence": proofs.get(talk.evidence, "") if talk.evidence else "",
        "notice": _notice(talk),
    }


def _notice(talk: TalkView) -> records.Notice | None:
    """The text that was read; None where it is not named in full."""
    if not all((talk.notice, talk.version, talk.language)):
        return None
    return records.Notice(id=talk.notice, version=talk.version, language=talk.language, sha256=talk.sha256)
