"""One victim's register as her care coordinator reads it: who may, and what the log gets where nobody may."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from agenda.pages.case import CARE
from agenda.pages.reading import Reading, Unshown, existence, of_cases
from conference.accounts.sessions import Identity
from conference.cases import access, rights
from conference.cases.access import Access

View = TypeVar("View")
NOT_HERS = "role_party"  # not a care coordinator: nothing else is looked at


class Nothing(Exception):
    """Nothing of this is kept about her; `code` says why, to the log only."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_victim(
    identity: Identity,
    case: UUID,
    subject: UUID,
    view_of: Callable[[Reading, UUID, UUID], View],
    *,
    act: str = "register.viewed",
) -> Unshown[View] | None:
    """Read what `view_of` makes of a victim; None (and an entry) for anybody but her case's care coordinator.

    `view_of` raises Nothing where there is nothing of the kind: then too the page is not there.
    """
    with rights.snapshot():
        reading, refused = _begin(identity, case, subject)
        try:
            view = view_of(reading, case, subject) if reading else None
        except Nothing as nothing:
            view, refused = None, nothing.code
    if reading is None or view is None:
        of_case = None if refused == NOT_HERS else case
        access.refuse(Access(act=act, origin="http", identity=identity), refused, case=of_case)
        return None
    return Unshown(view, reading, act)


def _begin(identity: Identity, case: UUID, subject: UUID) -> tuple[Reading | None, str]:
    if CARE not in identity.roles:
        return None, NOT_HERS
    reading = of_cases(identity, [case])
    ruling = existence(reading, case)
    if not ruling.visible:
        return None, ruling.reason
    known = reading.gate.cases[case].subjects.get(subject)
    return (None, "not_found") if known is None or known.role == "suspect" else (reading, "")
