"""What a command holds while it runs: its conference, all others that have its cases, and the cases.

Always in this order, each kind in order of id, so that no two commands wait for each
other. On SQLite the one write lock does all of it.
"""

from collections.abc import Callable, Collection
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from agenda.models import AgendaItem, Conference
from audit.record import LogUnavailable, write_lock
from conference.cases.commands import hold_cases

Done = TypeVar("Done")

_TRIES = 5


class _MovedError(Exception):
    """A meeting took one of the cases up while this command waited: begin again, with that meeting too."""


def holding(run: Callable[[], Done]) -> Done:
    """Run a command in one transaction under the write lock, anew when its locks were not enough.

    Raises what `run` raises, and LogUnavailable.
    """
    for _ in range(_TRIES):
        try:
            with write_lock(), transaction.atomic():
                return run()
        except _MovedError:
            continue
    raise LogUnavailable("busy")


def lock(conference: UUID | None, cases: Collection[UUID]) -> dict[UUID, Conference]:
    """Lock, and return the conferences by id; `cases` beside those on the conference's own agenda."""
    wanted = _having(conference, cases)
    rows = Conference.objects.select_for_update().filter(id__in=wanted).order_by("id")
    locked = {row.id: row for row in rows}
    if connection.vendor == "postgresql":
        hold_cases(_cases(conference, cases))
        if not _having(conference, cases) <= wanted:
            raise _MovedError
    return locked


def _cases(conference: UUID | None, cases: Collection[UUID]) -> set[UUID]:
    on_it = AgendaItem.objects.filter(conference=conference, case__isnull=False) if conference else None
    own = on_it.values_list("case", flat=True) if on_it is not None else ()
    return {case for case in (*cases, *own) if case is not None}


def _having(conference: UUID | None, cases: Collection[UUID]) -> set[UUID]:
    """The conference itself, and every one that has one of these cases or one of its own agenda's."""
    on_its_agenda = AgendaItem.objects.filter(conference=conference, case__isnull=False).order_by().values("case")
    with_them = Q(case__in=on_its_agenda) if conference else Q(case__in=list(cases))
    if conference and cases:
        with_them |= Q(case__in=list(cases))
    found = set(AgendaItem.objects.filter(with_them).order_by().values_list("conference", flat=True))
    return found | {conference} if conference else found
