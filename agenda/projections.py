"""The only shapes that leave: a conference's objects as one viewing class sees them.

Live room, page and export start from the same projection. Nothing here is released by
itself: the live room's entries are written by `agenda.feed.disclose`, a page's by the gate.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

import msgspec
from django.utils import translation

from agenda import board as boards
from agenda import gaps, protocol
from agenda.board import Board
from agenda.contents import of_conference, of_dissent, of_item, of_note, of_title
from agenda.hub.types import Shown, Trace
from agenda.lens import Lens
from agenda.models import AgendaItem, Dissent, Note
from agenda.scope import Scopes
from conference import clock
from conference.cases.access import Gate, Opened
from conference.cases.content import Content
from conference.cases.models import Item
from conference.cases.registering import ends_at_birthday
from conference.covenant import labels
from conference.covenant.days import age_band
from conference.covenant.facts import Level, Ruling
from conference.crypto import ring

_EMPTY_VERSION = b'{"version":""'


class Projector:
    """One viewing class's view of one board, under one gate."""

    def __init__(self, board: Board, gate: Gate, lens: Lens, scopes: Scopes) -> None:
        self.board = board
        self.gate = gate
        self.lens = lens
        self.viewer = lens.viewer
        self.scopes = scopes

    def everything(self) -> dict[str, Shown]:
        """Return the whole view: key -> what is shown under it."""
        found = {key: self._project(key) for key in self.board.every_key()}
        return {key: shown for key, shown in found.items() if shown is not None}

    def some(self, keys: Iterable[str]) -> dict[str, Shown | None]:
        """Return these objects; None for one that is not in the view."""
        return {key: self._project(key) for key in keys}

    def admitted(self, case: UUID | None) -> bool:
        """Say whether the class is let in to a case at all (existence, and not sent out)."""
        if case is None:
            return True
        return case not in self.lens.sent_out and self.gate.existence(self.viewer, case).visible

    # --- per object -------------------------------------------------------------

    def _project(self, key: str) -> Shown | None:
        kind, _, tail = key.partition(":")
        make: Callable[[UUID], Shown | None] | None = {
            "conference": self._conference,
            "agenda_item": self._agenda_item,
            "case": self._case,
            "subject": self._subject,
            "item": self._item,
            "minutes": self._note,
            "decision": self._note,
            "action": self._note,
        }.get(kind)
        return make(UUID(tail)) if make else None

    def _conference(self, key: UUID) -> Shown | None:
        row = self.board.conference
        if row is None or key != row.id:
            return None
        opened = self.gate.open(self.viewer, of_conference(row))
        covenant = self.gate.covenant
        body = protocol.Conference(
            version="",
            title=opened.text,
            starts=_stamp(row.starts),
            chair=self.board.name(row.chair),
            covenant=f"{covenant.id} {covenant.version}" if covenant else "",
            covenant_active=covenant is not None,
            can=list(self.lens.can),
        )
        return _shown(body, Trace(None, (None,), "prc", Level.IDENTIFIED, "general_point"))

    def _agenda_item(self, key: UUID) -> Shown | None:
        visible = [row for row in self.board.agenda if self.admitted(row.case)]
        number = next((n for n, row in enumerate(visible, 1) if row.id == key), None)
        if number is None:
            return None
        row = visible[number - 1]
        opened, ruling = self._title(row)
        body = protocol.AgendaItem(
            version="",
            number=number,
            title=opened.text if opened else None,
            case=row.case,
            minutes=row.minutes,
            status=row.status,  # type: ignore[arg-type]  # one of the three, by the writers
            started_at=_moment(row.started_at),
            closed_at=_moment(row.closed_at),
        )
        named = tuple(dict.fromkeys(placed.subject for placed in opened.mentions)) if opened else ()
        return _shown(body, Trace(row.case, named or (None,), "prc", ruling.level, ruling.reason))

    def _title(self, row: AgendaItem) -> tuple[Opened | None, Ruling]:
        content = of_title(row)
        ruling = self.gate.ruling(self.viewer, content)
        return (self.gate.open(self.viewer, content, ruling.level) if ruling.visible else None), ruling

    def _case(self, key: UUID) -> Shown | None:
        found = self.gate.cases.get(key)
        if found is None or key not in self.board.cases or not self.admitted(key):
            return None
        ruling = self.gate.header_ruling(self.viewer, key)
        header = found.header()
        shown = ruling.visible
        form = self.gate.form_ruling(self.viewer, key).visible
        consent = self._consent(key)
        body = protocol.Case(
            version="",
            code_name=header.code_name,
            track=found.fact.track if shown else None,
            phase=found.fact.phase if shown else None,
            purpose=header.purpose if shown else None,
            municipality=header.municipality if shown else None,
            form=(header.form or None) if form else None,
            parties=[protocol.PartyRef(p, _party(p)) for p in found.parties] if shown else None,
            scope=self.scopes.of(self.viewer, key, readers=shown),
            sent_out=sorted(self.board.sent_out.get(key, ()), key=str) if self.lens.leads else [],
            consent=consent,
        )
        named = tuple(dict.fromkeys(gap.subject for gap in consent)) or (None,)
        return _shown(body, Trace(key, named, "prc", ruling.level, why(ruling)))

    def _consent(self, case: UUID) -> list[protocol.ConsentGap]:
        """What consent is lacking: in a room only, and only for who has a step to take."""
        if self.board.conference is None or not self.lens.keeps_consent:
            return []
        found = gaps.lacking(self.scopes, case)
        self.gate.change_by(found.until)
        return [self._gap(case, gap) for gap in found.gaps]

    def _gap(self, case: UUID, gap: protocol.ConsentGap) -> protocol.ConsentGap:
        """An end that is a birthday tells when she was born: only who reads who she is reads that day."""
        subject = self.gate.cases[case].subjects[gap.subject]
        if not ends_at_birthday(subject.birth_date, date.fromisoformat(gap.day) if gap.day else None):
            return gap
        named = self.gate.subject_ruling(self.viewer, case, subject).level is Level.IDENTIFIED
        return gap if named else msgspec.structs.replace(gap, day=None)

    def _subject(self, key: UUID) -> Shown | None:
        case = self.board.case_of_subject(key)
        found = self.gate.cases.get(case) if case else None
        if case is None or found is None or not self.admitted(case):
            return None
        subject = found.subjects[key]
        ruling = self.gate.subject_ruling(self.viewer, case, subject)
        if not ruling.visible:
            return None
        label = self.gate.label(self.viewer, case, key)
        born, day = subject.birth_date, self.gate.now.astimezone(clock.AMSTERDAM).date()
        body = protocol.Subject(
            version="",
            case=case,
            handle=subject.handle,
            pseudonym=self.gate.pseudonym(self.viewer, case, key),
            role=subject.role,
            age_band=age_band(born, day) if born else None,
            name=label.name if label else None,
            level=ruling.level.value,  # type: ignore[arg-type]  # not none: it is visible
        )
        return _shown(body, Trace(case, (key,), "id", ruling.level, ruling.reason))

    def _item(self, key: UUID) -> Shown | None:
        row = self.board.items.get(key)
        content = of_item(row) if row else None
        if row is None or content is None or not self.admitted(row.case_id):
            return None
        ruling = self.gate.ruling(self.viewer, content)
        if not ruling.visible:
            return None
        opened = self.gate.open(self.viewer, content, ruling.level)
        return _shown(self._item_body(row, ruling, opened), _trace(content, ruling))

    def _item_body(self, row: Item, ruling: Ruling, opened: Opened) -> protocol.Item:
        own = row.supplier == self.lens.party
        return protocol.Item(
            version="",
            case=row.case_id,
            subject=row.subject_id,
            category=row.category,
            kind=row.kind,
            supplier=row.supplier,
            basis=opened.fields.get("basis", ""),
            text=opened.text,
            mentions=_mentions(opened),
            status=row.status,  # type: ignore[arg-type]  # one of the three, by the writers
            level=ruling.level.value,  # type: ignore[arg-type]  # as the writers keep it
            reason=ruling.reason,
            own=own,
            only_for=row.only_for if own else None,
            not_for=row.not_for if own else None,
        )

    def _note(self, key: UUID) -> Shown | None:
        row = self.board.notes.get(key)
        content = of_note(row, self.board.abouts) if row else None
        if row is None or content is None or not self.admitted(row.case):
            return None
        ruling = self.gate.ruling(self.viewer, content)
        if not ruling.visible:
            return None
        opened = self.gate.open(self.viewer, content, ruling.level)
        body = _NOTE_BODIES[row.kind](self, row, content, ruling, opened)
        heard = [dissent for dissent, _level in self._heard(row, content, ruling)]
        return _shown(body, _trace(content, ruling, boards.named_in(heard)))

    def _minutes(self, row: Note, _: Content, ruling: Ruling, opened: Opened) -> msgspec.Struct:
        return protocol.MinutesBlock(
            version="",
            agenda_item=row.agenda_item_id,
            case=row.case,
            text=opened.text,
            mentions=_mentions(opened),
            category=row.category,
            status="released",
            level=ruling.level.value,  # type: ignore[arg-type]  # as the writers keep it
            party=row.supplier,
            author=self.board.name(row.author),
            at=_stamp(row.written_at),
            about=self._about(row),
        )

    def _decision(self, row: Note, content: Content, ruling: Ruling, opened: Opened) -> msgspec.Struct:
        return protocol.Decision(
            version="",
            agenda_item=row.agenda_item_id,
            case=row.case,
            text=opened.text,
            mentions=_mentions(opened),
            category=row.category,
            status=row.status,  # type: ignore[arg-type]  # as the writers keep it
            level=ruling.level.value,  # type: ignore[arg-type]  # as the writers keep it
            adopted_at=_moment(row.adopted_at),
            dissent=self._dissents(row, content, ruling),
            at=_stamp(row.written_at),
            about=self._about(row),
        )

    def _dissents(self, row: Note, decision: Content, ruling: Ruling) -> list[protocol.Dissent]:
        return [
            protocol.Dissent(
                dissent.party,
                self.gate.open(self.viewer, of_dissent(dissent, decision), level).text,
                _stamp(dissent.at),
            )
            for dissent, level in self._heard(row, decision, ruling)
        ]

    def _heard(self, row: Note, decision: Content, ruling: Ruling) -> list[tuple[Dissent, Level]]:
        """Each dissent that is shown, at the lower of its own level and the decision's.

        Secrecy binds it as any item.
        """
        levels = [
            (dissent, min(ruling.level, self.gate.ruling(self.viewer, of_dissent(dissent, decision)).level, key=_rank))
            for dissent in self.board.dissents.get(row.id, ())
        ]
        return [(dissent, level) for dissent, level in levels if level is not Level.NONE]

    def _action(self, row: Note, _: Content, ruling: Ruling, opened: Opened) -> msgspec.Struct:
        return protocol.Action(
            version="",
            agenda_item=row.agenda_item_id,
            case=row.case,
            text=opened.text,
            mentions=_mentions(opened),
            category=row.category,
            status=row.status,  # type: ignore[arg-type]  # as the writers keep it
            level=ruling.level.value,  # type: ignore[arg-type]  # as the writers keep it
            owner=row.owner,
            due=row.due.isoformat() if row.due else "",
            own=row.owner == self.lens.party,
            at=_stamp(row.written_at),
            about=self._about(row),
        )

    def _about(self, row: Note) -> str | None:
        """The key pointed at, only when its object is in this view itself."""
        pointed = self.board.abouts.get(row.about) if row.about else None
        if pointed is None or not self.gate.ruling(self.viewer, pointed).visible:
            return None
        return pointed.key


_NOTE_BODIES = {"minutes": Projector._minutes, "decision": Projector._decision, "action": Projector._action}  # noqa: SLF001  its own table


def _rank(level: Level) -> int:
    return level.rank


def _party(party: str) -> str:
    """A party's name in Dutch: a view is one for its whole class, whatever language each member reads."""
    with translation.override("nl"):
        return labels.party_name(party)


def _mentions(opened: Opened) -> list[protocol.Mention]:
    return [
        protocol.Mention(
            start=placed.start,
            end=placed.end,
            subject=placed.subject,
            named=placed.label.name is not None,
            handle=placed.label.handle,
            pseudonym=placed.label.pseudonym,
        )
        for placed in opened.mentions
    ]


def why(header: Ruling) -> str:
    """Why somebody is told of a case: for its header's reason, or only because her party is involved."""
    return header.reason if header.visible else "involved"


def _trace(content: Content, ruling: Ruling, mentions: Iterable[UUID] = ()) -> Trace:
    subjects = dict.fromkeys([content.subject, *content.mentions, *mentions])
    named = tuple(subject for subject in subjects if subject is not None)
    return Trace(content.case, named or (None,), content.category, ruling.level, ruling.reason)


def _shown(body: msgspec.Struct, trace: Trace) -> Shown:
    """Encode a body, with its version in place of the empty one."""
    plain = msgspec.json.encode(body)
    return Shown(b'{"version":"' + version_of(plain) + b'"' + plain[len(_EMPTY_VERSION) :], trace)


def version_of(plain: bytes) -> bytes:
    """Return the opaque version of a body (its bytes with an empty version): equal bodies, equal versions."""
    return urlsafe_b64encode(hmac.digest(_version_key(), plain, sha256)[:12])


@lru_cache(maxsize=1)
def _version_key() -> bytes:
    return ring().derive("zvh/v1/view-version")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _moment(at: datetime | None) -> str | None:
    return _stamp(at) if at else None
