"""`audit recount`: the numbers on the officer's desk made anew from the entries, which stay as they are."""

from django.db import connection, transaction

from audit import tally
from audit.growth import store
from audit.models import Log
from audit.record import LogUnavailable, write_lock
from audit.trouble import Refused


def recount() -> int:
    """Count each log that is still there anew, and add the places that are missing; return how many entries it read.

    Raises Refused: log_unavailable. Logs that were counted before it keep their new numbers.
    """
    try:
        return sum(_recounted(log.id) for log in store.logs() if log.removed_at is None)
    except LogUnavailable:
        raise Refused("log_unavailable", "The log cannot be written now. Stop the server and try again.") from None


def _recounted(number: int) -> int:
    with write_lock(), transaction.atomic():
        # Held: while it is counted no other integrator may count what it adds.
        log = Log.objects.select_for_update().get(id=number)
        tally.rebuild(connection, log, ((row.id, row.leaf) for row in store.rows(log, 0, log.size)))
    return log.size
