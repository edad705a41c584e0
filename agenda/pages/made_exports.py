"""Which decision lists were made before, and whether one is overtaken: by the register, or by what it says now.

Whether a list is overtaken is found by making it again, as its maker would today; nothing of that leaves but
yes or no, and only to somebody who may read every line of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from agenda.exports import DecisionList, control_number, fingerprint
from agenda.models import Conference, MadeExport, Seat
from agenda.pages.listing import Listing
from conference.accounts.models import Person
from conference.accounts.sessions import Identity
from conference.cases import seals
from conference.crypto import KeyTrouble

TABLE = "agenda_madeexport"
SHOWN = 20  # the newest; making each again takes time

Verdict = Literal["current", "overtaken", "theirs"]


class Numbers(msgspec.Struct, frozen=True):
    """What tells one list from another; kept sealed, for a hash of few words can be guessed.

    `sha256`: of the list, as in the file. `register`: the register code, empty for a list without cases.
    """

    sha256: str
    register: str


@dataclass(frozen=True, slots=True)
class Made:
    """A list that was made before. `verdict`: `theirs` when only its receiver may know whether its words changed."""

    at: datetime
    party: str
    form: str
    control_number: str
    verdict: Verdict


def keep(made: Listing, document: DecisionList, form: str) -> None:
    """Note that a list was made, in the caller's transaction, which also holds its entry."""
    row = uuid4()
    MadeExport.objects.create(
        id=row,
        conference=made.conference,
        party=made.party,
        form=form,
        made_at=made.gate.now,
        made_by=made.identity.person,
        sealed=_sealed(made.conference, row, _numbers(document)),
    )


def _sealed(conference: Conference, row: UUID, numbers: Numbers) -> bytes:
    """Seal a list's numbers; nothing where the conference's key is gone: of its list only the moment is kept then."""
    try:
        return seals.seal_text(conference.id, TABLE, row, "sealed", msgspec.json.encode(numbers))
    except KeyTrouble:
        return b""


def earlier(looking: Listing) -> tuple[Made, ...]:
    """Return what was made before, newest first, for somebody who may make a list of this conference.

    Who leads sees all, others their own party's. Who was sent out of a case sees only what she made herself:
    of another's list she could not know what it holds.
    """
    rows = list(_visible(looking))
    each = {(row.made_by, row.party): row for row in rows}  # one list is made again once, however often it was made
    again = {key: _again(looking, row) for key, row in each.items()}
    return tuple(_made(looking, row, *again[row.made_by, row.party]) for row in rows)


def _visible(looking: Listing) -> Iterator[MadeExport]:
    rows = MadeExport.objects.filter(conference=looking.conference).order_by("-made_at", "-id")
    if looking.lens.sent_out:
        rows = rows.filter(made_by=looking.identity.person)
    if not looking.lens.leads:
        rows = rows.filter(party=looking.identity.party)
    yield from rows[:SHOWN]


def _again(looking: Listing, row: MadeExport) -> tuple[str | None, Numbers | None]:
    """Make a list again as its maker would now; return her party and its numbers, None where she may no more."""
    maker = Person.objects.filter(id=row.made_by, is_active=True).first()
    seated = Seat.objects.filter(conference=looking.conference, person=row.made_by).exists()
    if maker is None or not seated:
        return None, None
    # No session: nothing is shown to anybody under this identity.
    identity = Identity(maker.id, maker.party, maker.family, tuple(maker.roles), UUID(int=0), maker.epoch)
    listing = Listing(identity, looking.board, row.party)
    if maker.family != "inhoud" or listing.refusal() is not None:
        return maker.party, None
    return maker.party, _numbers(listing.document(listing.lines(for_receiver=True)))


def _made(looking: Listing, row: MadeExport, maker: str | None, now: Numbers | None) -> Made:
    kept = _kept(row, looking.conference)
    number = control_number(kept.sha256) if kept else ""
    return Made(row.made_at, row.party, row.form, number, _verdict(looking, row, kept, maker, now))


def _verdict(
    looking: Listing, row: MadeExport, kept: Numbers | None, maker: str | None, now: Numbers | None
) -> Verdict:
    if kept is None or now is None or kept.register != now.register:
        return "overtaken"
    if looking.identity.party not in {maker, row.party}:
        return "theirs"
    return "current" if kept.sha256 == now.sha256 else "overtaken"


def _kept(row: MadeExport, conference: Conference) -> Numbers | None:
    """Open a list's numbers; None when the conference's key does not open them any more, or did not then."""
    if not row.sealed:
        return None
    try:
        plain = seals.open_text(conference.id, TABLE, row.id, "sealed", bytes(row.sealed))
    except KeyTrouble:
        return None
    return msgspec.json.decode(plain, type=Numbers)


def _numbers(document: DecisionList) -> Numbers:
    return Numbers(fingerprint(document), document.register.code if document.register else "")
