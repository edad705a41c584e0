"""From one reading to what each socket is owed. Pure: nothing is sent or logged here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from agenda.hub.member import Frame, Member
from agenda.hub.types import Disclosure, Reading, Shown, View

Objects = dict[str, Shown]


@dataclass(slots=True)
class ClassPlan:
    """What one class gets: its new view, a difference for most and snapshots for some."""

    view: Objects
    put: Objects
    gone: list[str]
    changes: tuple[str, ...]
    differ: list[Member] = field(default_factory=list)
    renew: list[Member] = field(default_factory=list)


Plan = dict[str, ClassPlan]


def make(reading: Reading, held: Mapping[str, Objects], members: Iterable[Member], *, rights_changed: bool) -> Plan:
    """Compare the reading with the views held, and divide the members.

    A member gets a snapshot when it is new in its class, or when rights changed or something
    went while older frames still stand in its queue; the others get the difference.
    """
    plan: Plan = {}
    for member in members:
        cls = reading.classes.get(member.membership.id)
        if cls is None:
            continue
        part = plan.get(cls)
        if part is None:
            part = plan[cls] = _compare(held.get(cls, {}), reading.views.get(cls))
        if member.cls != cls or (member.queue and (rights_changed or part.gone)):
            part.renew.append(member)
        elif part.put or part.gone:
            part.differ.append(member)
    return plan


def _compare(old: Objects, view: View | None) -> ClassPlan:
    if view is None:
        return ClassPlan(old, {}, [], ())
    shown = {key: one for key, one in view.objects.items() if one is not None}
    new = shown if view.full else {key: one for key, one in old.items() if key not in view.objects} | shown
    put = {key: one for key, one in shown.items() if key not in old or old[key].body != one.body}
    gone = sorted(key for key in old if key not in new)
    return ClassPlan(new, put, gone, view.changes)


def disclosures(plan: Plan) -> list[Disclosure]:
    """What must stand in the log before this plan may be carried out.

    One entry per class for the difference and one for the snapshots; nothing that only
    takes away is a disclosure.
    """
    found: list[Disclosure] = []
    for cls, part in plan.items():
        if part.differ and part.put:
            found.append(_disclosure(cls, part.differ, part.put, part.changes, snapshot=False))
        if part.renew:
            found.append(_disclosure(cls, part.renew, part.view, part.changes, snapshot=True))
    return found


def _disclosure(cls: str, to: list[Member], put: Objects, changes: tuple[str, ...], *, snapshot: bool) -> Disclosure:
    recipients: tuple[UUID, ...] = tuple(dict.fromkeys(member.membership.person for member in to))
    return Disclosure(cls, recipients, {key: one.trace for key, one in put.items()}, snapshot, changes)


def change(put: Objects, gone: list[str]) -> Frame:
    """Encode a difference, but for its number."""
    return Frame('{"type":"change","cseq":', f',"put":{_encoded(put)},"gone":{_text(gone)}}}')


def snapshot(view: Objects) -> Frame:
    """Encode a whole view, but for its number."""
    return Frame('{"type":"snapshot","cseq":', f',"view":{_encoded(view)}}}')


def _encoded(objects: Objects) -> str:
    return "{" + ",".join(f"{_text(key)}:{one.body.decode()}" for key, one in objects.items()) + "}"


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
