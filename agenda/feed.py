"""What the hub is handed: readings of one snapshot, and the durable entry before each release."""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from django.db import transaction

from agenda import board as boards
from agenda import rules
from agenda.hub.types import Cursor, Disclosure, Membership, Reading, Seat, View
from agenda.lens import Lens
from agenda.models import AgendaItem, Change, Conference, SentOut
from agenda.models import Seat as SeatRow
from agenda.projections import Projector
from agenda.protocol import PresentPerson
from agenda.scope import Scopes
from audit.record import record, record_durably_async, write_lock
from conference import clock
from conference.accounts import sockets
from conference.accounts.models import Person
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Access, Gate, Sight
from consent.versions import versions

SESSION_ENDED = 4401
NOT_ADMITTED = 4403
_SESSION_CHECK = 10.0  # seconds
_KEEP = 64


@dataclass(slots=True)
class State:
    """What is kept of a conference between readings, valid for one token of rights."""

    token: Hashable
    gate: Gate
    scopes: Scopes
    agenda: list[AgendaItem]
    seats: frozenset[UUID]
    sent_out: dict[UUID, frozenset[UUID]]  # person -> cases
    alive: set[UUID] = field(default_factory=set)
    checked: set[UUID] = field(default_factory=set)
    checked_at: float = 0.0  # monotonic seconds


_states: OrderedDict[UUID, State] = OrderedDict()
_generation = 0
_lock = Lock()


def may_join(conference: UUID, identity: Identity) -> bool:
    """Say whether somebody sits in this conference. One refusal for "not yours" and "does not exist"."""
    return (
        identity.family == "inhoud" and SeatRow.objects.filter(conference=conference, person=identity.person).exists()
    )


def enter(conference: UUID, identity: Identity) -> None:
    """Note a person's entry, once; a reconnect is no entry. Raises LogUnavailable."""
    seat = SeatRow.objects.filter(conference=conference, person=identity.person, entered_at=None)
    if not seat.exists():
        return
    entering = Access(act="conference.entered", origin="socket", identity=identity, conference=conference)
    with write_lock(), transaction.atomic():
        if seat.update(entered_at=clock.now()):
            sight = Sight(f"conference:{conference}", None, (None,), "prc", "identified", "general_point")
            record(*access.entries(Gate(None, clock.now(), {}), entering, [sight]))


def read(conference: UUID, cursor: Cursor | None, members: list[Membership], needed_full: frozenset[str]) -> Reading:
    """Read one moment: who is still in, in which class, and what each class sees (see hub.types)."""
    with rights.snapshot():
        row = Conference.objects.get(id=conference)
        state = _state(row)
        reading = Reading(seq=row.seq, rights=state.token, next_change=_seconds_left(state.gate))
        lenses = _sort(reading, state, members)
        if cursor is None or cursor.rights != state.token:
            _full_views(reading, row, state, lenses)
        else:
            _partial_views(reading, row, state, lenses, cursor, needed_full)
    return reading


# --- one conference's state --------------------------------------------------------


def _state(row: Conference) -> State:
    global _generation  # noqa: PLW0603  counts the rights changes that the clock made
    with _lock:
        kept = _states.get(row.id)
    if kept is not None and kept.token == _token(row.id, kept.agenda, kept.token):
        now = clock.now()
        # What was ruled so far holds from the last moment at which it was asked: a clock that was set
        # back stands before it, one that was set forward may stand past its end.
        if kept.gate.now <= now and (kept.gate.until is None or now < kept.gate.until):
            kept.gate.now = now
            return kept
        _generation += 1
    made = _build(row)
    with _lock:
        _states[row.id] = made
        _states.move_to_end(row.id)
        while len(_states) > _KEEP:
            _states.popitem(last=False)
    return made


def _build(row: Conference) -> State:
    agenda = list(AgendaItem.objects.filter(conference=row))
    cases = [item.case for item in agenda if item.case is not None]
    gate = Gate.at_this_moment(cases)
    sent_out: dict[UUID, set[UUID]] = {}
    for out in SentOut.objects.filter(conference=row):
        sent_out.setdefault(out.person, set()).add(out.case)
    return State(
        token=_token(row.id, agenda, None),
        gate=gate,
        scopes=Scopes(gate),
        agenda=agenda,
        seats=frozenset(SeatRow.objects.filter(conference=row).values_list("person", flat=True)),
        sent_out={person: frozenset(out) for person, out in sent_out.items()},
    )


def _token(conference: UUID, agenda: Iterable[AgendaItem], before: Hashable) -> Hashable:
    """The versions of every scope that this conference's rights depend on, its keys, and the clock's generation."""
    on_agenda = sorted({item.case for item in agenda if item.case is not None})
    cases = [str(case) for case in on_agenda]
    scopes = ["people", "covenant", f"conference:{conference}", *(f"case:{case}" for case in cases)]
    found = versions(scopes)
    generation = before[0] if isinstance(before, tuple) else _generation
    return (generation, *(found[scope] for scope in scopes), *rights.troubles(on_agenda))


def _seconds_left(gate: Gate) -> float | None:
    return None if gate.until is None else max(0.0, (gate.until - clock.now()).total_seconds())


# --- members -------------------------------------------------------------------------


def _sort(reading: Reading, state: State, members: list[Membership]) -> dict[str, Lens]:
    """Put each member in a class or close her; return the lens of each class."""
    _check_sessions(state, members)
    lenses: dict[str, Lens] = {}
    for member in members:
        if member.session not in state.alive:
            reading.closed[member.id] = SESSION_ENDED
        elif member.person not in state.seats or not _has_a_place(state.gate, member.identity):
            reading.closed[member.id] = NOT_ADMITTED
        else:
            lens = _lens(state, member.identity)
            lenses[lens.key] = lens
            reading.classes[member.id] = lens.key
    return lenses


def _has_a_place(gate: Gate, identity: Identity) -> bool:
    """Say whether somebody of this family and party can sit at a table at all under the covenant that rules."""
    party = gate.covenant.parties.get(identity.party) if gate.covenant else None
    return identity.family == "inhoud" and (party is None or party.cls in {"P", "Q"})


def _check_sessions(state: State, members: list[Membership]) -> None:
    """Ask which sessions live: of newcomers at once, of all when rights changed and every 10 s.

    A logout, a disabled person or another role raises "people", which makes a new state.
    """
    sessions = {member.session for member in members}
    now = time.monotonic()
    due = not state.checked or now - state.checked_at >= _SESSION_CHECK
    if due or not sessions <= state.checked:
        state.alive = sockets.alive(sessions)
        state.checked = sessions
        state.checked_at = now


def lens_of(identity: Identity, process_party: str | None, sent_out: frozenset[UUID]) -> Lens:
    """Return the viewing class of a person in a conference."""
    return Lens(
        party=identity.party,
        can=rules.can(identity.party, identity.roles, process_party),
        leads=rules.leads(identity.party, identity.roles, process_party),
        sent_out=sent_out,
        family=identity.family,
    )


def _lens(state: State, identity: Identity) -> Lens:
    return lens_of(identity, state.gate.process_party, state.sent_out.get(identity.person, frozenset()))


# --- views -----------------------------------------------------------------------------


def _full_views(reading: Reading, row: Conference, state: State, lenses: dict[str, Lens]) -> None:
    if not lenses:
        return
    # A started or moved item raises no right: an agenda kept from before may be an old one.
    state.agenda = list(AgendaItem.objects.filter(conference=row))
    board = boards.load(row, state.gate, state.agenda)
    for key, lens in lenses.items():
        shown = Projector(board, state.gate, lens, state.scopes).everything()
        reading.views[key] = View(full=True, objects=dict(shown), changes=())
    reading.next_change = _seconds_left(state.gate)


def _partial_views(
    reading: Reading,
    row: Conference,
    state: State,
    lenses: dict[str, Lens],
    cursor: Cursor,
    needed_full: frozenset[str],
) -> None:
    _full_views(reading, row, state, {key: lens for key, lens in lenses.items() if key in needed_full})
    if row.seq == cursor.seq:
        return
    changes = list(Change.objects.filter(conference=row, seq__gt=cursor.seq, seq__lte=row.seq).order_by("seq"))
    keys = list(dict.fromkeys(key for change in changes for key in change.keys))
    if any(key.startswith("agenda_item:") for key in keys):
        state.agenda = list(AgendaItem.objects.filter(conference=row))
    board = boards.load(row, state.gate, state.agenda, keys)
    for key, lens in lenses.items():
        if key not in needed_full:
            objects = Projector(board, state.gate, lens, state.scopes).some(keys)
            reading.views[key] = View(full=False, objects=objects, changes=())
    reading.next_change = _seconds_left(state.gate)


# --- release -----------------------------------------------------------------------------


async def disclose(conference: UUID, disclosures: list[Disclosure]) -> None:
    """Write the entries of what is about to be shown. Raises LogUnavailable: then nothing may go out."""
    with _lock:
        state = _states.get(conference)
    gate = state.gate if state else Gate(None, clock.now(), {})
    made = []
    for disclosure in disclosures:
        looking = Access(
            act="conference.viewed" if disclosure.snapshot else "conference.pushed",
            origin="socket",
            recipients=disclosure.recipients,
            party=disclosure.cls.split("|", 1)[0],
            conference=conference,
        )
        sights = [
            Sight(key, trace.case, trace.subjects, trace.category, trace.level, trace.reason)
            for key, trace in disclosure.put.items()
        ]
        made += access.entries(gate, looking, sights)
    if made:
        await record_durably_async(*made)


# --- presence ------------------------------------------------------------------------------


def people(conference: UUID, seats: tuple[Seat, ...]) -> list[PresentPerson]:
    """Describe who sits at the table, in order of name."""
    states = {seat.person: seat.state for seat in seats}
    found = Person.objects.filter(id__in=list(states))
    described = [
        PresentPerson(id=p.id, name=p.name, party=p.party, roles=list(p.roles), state=states[p.id]) for p in found
    ]
    return sorted(described, key=lambda person: (person.name, str(person.id)))


def now_text() -> str:
    """Return the product's time as frames carry it."""
    return clock.now().isoformat(timespec="milliseconds")
