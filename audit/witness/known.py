"""Which logs a witness knows: by their public keys, and with a log the other years of the same store. Pure.

A store has a log for each year, all with one key: `casustafel/<store>/2026`, then `.../2027`; when a
year got a second log, `.../2026.2`. Who trusts one of them need not come back each New Year's Day.
A log of a year that has not come is unknown, so that nobody collects cosignatures ahead.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from audit.tree.notes import ED25519, NoteError, Verifier

_YEARLY = re.compile(r"(?P<store>.+)/(?P<year>[0-9]{4})(\.([2-9]|[1-9][0-9]))?")
_EARLY = timedelta(days=1)  # a clock that is ahead, and a time zone that has New Year first


def now() -> datetime:
    """Return the moment by this machine's clock."""
    return datetime.now(UTC)


class Known:
    """The keys that were given, and the question whose signature counts for an origin."""

    def __init__(self, keys: Sequence[Verifier], clock: Callable[[], datetime] = now) -> None:
        self.keys = tuple(keys)
        self._clock = clock

    @classmethod
    def parse(cls, text: str, clock: Callable[[], datetime] = now) -> "Known":
        """Return the keys of vkey lines. Raises NoteError("bad_key"), for a witness's own key too."""
        keys = [Verifier.parse(line) for line in text.split()]
        if not keys or any(key.kind != ED25519 for key in keys):
            raise NoteError("bad_key")
        return cls(keys, clock)

    def of(self, origin: str) -> tuple[Verifier, ...]:
        """Return the keys whose signature counts under this origin; none for an unknown log."""
        return tuple(Verifier(origin, key.kind, key.public) for key in self.keys if self._covers(key.name, origin))

    def _covers(self, name: str, origin: str) -> bool:
        if name == origin:
            return True
        given, asked = _YEARLY.fullmatch(name), _YEARLY.fullmatch(origin)
        if given is None or asked is None or given["store"] != asked["store"]:
            return False
        return int(asked["year"]) <= (self._clock() + _EARLY).year
