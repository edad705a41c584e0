"""The states of a consent line and the steps between them. Pure.

Source: states per line of DPV/ISO-IEC TS 27560 as the register names them in Dutch.
"""

from enum import StrEnum


class State(StrEnum):
    """What a line says; only GIVEN, CONFIRMED and LIMITED permit anything."""

    NOT_ASKED = "niet_gevraagd"
    ASKED = "gevraagd"
    DEFERRED = "uitgesteld"
    REFUSED = "geweigerd"
    GIVEN = "gegeven"
    CONFIRMED = "bevestigd"
    LIMITED = "beperkt"
    WITHDRAWN = "ingetrokken"
    EXPIRED = "verlopen"
    INVALID = "ongeldig"


PERMITTING = frozenset({State.GIVEN, State.CONFIRMED, State.LIMITED})

# What may be recorded after what. A line that was never recorded is NOT_ASKED. A given
# line may be given anew (another end), as long as the person was asked again.
_ANSWERS = frozenset({State.DEFERRED, State.REFUSED, State.GIVEN})
_AFTER_GIVEN = frozenset({State.GIVEN, State.CONFIRMED, State.LIMITED, State.WITHDRAWN, State.EXPIRED, State.INVALID})
NEXT: dict[State, frozenset[State]] = {
    State.NOT_ASKED: _ANSWERS | {State.ASKED},
    State.ASKED: _ANSWERS | {State.ASKED},
    State.DEFERRED: _ANSWERS | {State.ASKED},
    State.REFUSED: _ANSWERS | {State.ASKED},
    State.WITHDRAWN: _ANSWERS | {State.ASKED},
    State.EXPIRED: _ANSWERS | {State.ASKED},
    State.GIVEN: _AFTER_GIVEN,
    State.CONFIRMED: _AFTER_GIVEN,
    State.LIMITED: _AFTER_GIVEN,
    State.INVALID: frozenset(),
}


def may_follow(before: State, after: State) -> bool:
    """Say whether `after` may be recorded on a line whose last state is `before`."""
    return after in NEXT[before]
